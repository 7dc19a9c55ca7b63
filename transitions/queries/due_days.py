"""Until when a list is due: the day of Punkt 8b, as the agreement of its year names it (domain.md 2.2)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from kok.queries import extra_holidays
from kok.workdays import Policy, due
from members.models import Agreement, ObligationRule
from members.rules.kinds import Reference
from members.rules.terms import on, under


@dataclass(frozen=True)
class DueThen:
    """The day of the year that a version of the agreement names; none where it knows no such duty."""

    starts_on: date
    ends_on: date | None
    month_and_day: tuple[int, int] | None
    policy: Policy

    def of_year(self, year: int) -> date | None:
        """The nominal day; one that a month does not have is its last day."""
        if self.month_and_day is None:
            return None
        month, day = self.month_and_day
        return date(year, month, min(day, monthrange(year, month)[1]))


@dataclass(frozen=True)
class DueDay:
    """The days by which lists are released, each by the version of its year, and what happens on no workday."""

    versions: tuple[DueThen, ...]
    extra: frozenset[date]

    def words_on(self, today: date) -> str:
        """ "30.04."."""
        month, day = on(self.versions, today).month_and_day or (12, 31)
        return f"{day:02}.{month:02}."

    def of_year(self, year: int) -> tuple[date, date]:
        """The nominal and the effective day. Without such a duty a year is over at its end, and no day moves."""
        then = under(self.versions, lambda each: each.of_year(year))
        nominal = then.of_year(year) if then else None
        if then is None or nominal is None:
            return date(year, 12, 31), date(year, 12, 31)
        return nominal, due(nominal, then.policy, self.extra)


def due_day_of(agreement: Agreement) -> DueDay:
    """In two queries."""
    rules = ObligationRule.objects.filter(
        version__agreement=agreement,
        reference=Reference.LEAVERS_OF_FOLLOWING_YEAR,
        month__isnull=False,
        day__isnull=False,
    )
    known = {rule.version_id: rule for rule in rules}
    return DueDay(
        tuple(_then(terms.starts_on, terms.ends_on, known.get(terms.id)) for terms in agreement.terms),
        extra_holidays(),
    )


def _then(starts_on: date, ends_on: date | None, rule: ObligationRule | None) -> DueThen:
    if rule is None or rule.month is None or rule.day is None:
        return DueThen(starts_on, ends_on, None, Policy.FIXED)
    return DueThen(starts_on, ends_on, (rule.month, rule.day), Policy(rule.policy or Policy.FIXED))
