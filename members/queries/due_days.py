"""Until when something is due every year, as the agreement of that year names it (domain.md 2.2, 2.3).

For the apps that ask for the day alone; `reporting` reads the whole obligation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kok.months import day_of
from kok.queries import extra_holidays
from kok.workdays import Policy, due
from members.models import Agreement, ObligationRule
from members.rules.codes import Reference
from members.rules.terms import Terms, on, under


@dataclass(frozen=True)
class DueThen:
    """The day of the year that a version of the agreement names, and the slugs of those who owe it.

    None and nobody where it knows no such duty.
    """

    starts_on: date
    ends_on: date | None
    month_and_day: tuple[int, int] | None
    policy: Policy
    debtors: frozenset[str]

    def of_year(self, year: int) -> date | None:
        """The nominal day; one that a month does not have is its last day."""
        if self.month_and_day is None:
            return None
        month, day = self.month_and_day
        return day_of(year, month, day)


@dataclass(frozen=True)
class DueDay:
    """The days by which lists or figures are due, each by the version of its year, and what happens on no workday."""

    versions: tuple[DueThen, ...]
    is_of_stichtag: bool
    extra: frozenset[date]

    def words_on(self, today: date) -> str:
        """ "30.04."."""
        month, day = on(self.versions, today).month_and_day or (12, 31)
        return f"{day:02}.{month:02}."

    def of_year(self, year: int) -> tuple[date, date]:
        """The nominal and the effective day. Without such a duty a year is over at its end, and no day moves."""
        then = self._then(year)
        if then is None or (nominal := then.of_year(year)) is None:
            return date(year, 12, 31), date(year, 12, 31)
        return nominal, due(nominal, then.policy, self.extra)

    def debtors_of(self, year: int) -> frozenset[str]:
        """Who owes it for that year, by slug."""
        then = self._then(year)
        return then.debtors if then else frozenset()

    def _then(self, year: int) -> DueThen | None:
        """The version of the Stichtag, which is the end of the year before, or else of the day itself."""
        stichtag = date(year - 1, 12, 31)

        def day_under(each: DueThen) -> date | None:
            nominal = each.of_year(year)
            return stichtag if nominal and self.is_of_stichtag else nominal

        return under(self.versions, day_under)


def due_day_of(agreement: Agreement, reference: Reference) -> DueDay:
    """Of all obligations that talk about the same, the one that comes last in the year. In two queries."""
    return due_days_of([agreement], reference)[agreement.pk]


def due_days_of(agreements: Sequence[Agreement], reference: Reference) -> dict[int, DueDay]:
    """The same of several agreements by their keys, in two queries as well."""
    rules = ObligationRule.objects.filter(
        version__agreement__in=agreements, reference=reference, month__isnull=False, day__isnull=False
    ).order_by("month", "day")
    last = {rule.version_id: rule for rule in rules}
    extra = extra_holidays()
    is_of_stichtag = reference is Reference.REFERENCE_DATE_PREVIOUS_YEAR_END
    return {
        agreement.pk: DueDay(
            tuple(_then(terms, last.get(terms.id)) for terms in agreement.terms), is_of_stichtag, extra
        )
        for agreement in agreements
    }


def _then(terms: Terms, rule: ObligationRule | None) -> DueThen:
    if rule is None or rule.month is None or rule.day is None:
        return DueThen(terms.starts_on, terms.ends_on, None, Policy.FIXED, frozenset())
    policy = Policy(rule.policy or Policy.FIXED)
    return DueThen(terms.starts_on, terms.ends_on, (rule.month, rule.day), policy, frozenset(rule.debtors))
