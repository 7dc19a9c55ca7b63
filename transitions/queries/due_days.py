"""Until when a list is due: the day of Punkt 8b, as the agreement names it (domain.md 2.2)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from kok.queries import extra_holidays
from kok.workdays import Policy, due
from members.models import Agreement, ObligationRule
from members.rules.kinds import Reference


@dataclass(frozen=True)
class DueDay:
    """The day of the year by which a list is released, and what happens where it is no workday."""

    month: int
    day: int
    policy: Policy
    extra: frozenset[date]

    @property
    def words(self) -> str:
        """ "30.04."."""
        return f"{self.day:02}.{self.month:02}."

    def of_year(self, year: int) -> tuple[date, date]:
        """The nominal and the effective day; a day that a month does not have is its last day."""
        nominal = date(year, self.month, min(self.day, monthrange(year, self.month)[1]))
        return nominal, due(nominal, self.policy, self.extra)


def due_day_of(agreement: Agreement) -> DueDay:
    """In two queries. Where the agreement knows no such duty, its year is over at its end, and no day moves."""
    rules = ObligationRule.objects.filter(agreement=agreement, reference=Reference.LEAVERS_OF_FOLLOWING_YEAR)
    rule = rules.first()
    if rule is None or rule.month is None or rule.day is None:
        return DueDay(12, 31, Policy.FIXED, frozenset())
    return DueDay(rule.month, rule.day, Policy(rule.policy or Policy.FIXED), extra_holidays())
