"""A duty of every year as the pure rules read it, without a row of the database."""

from dataclasses import dataclass
from datetime import date

from kok.workdays import Policy


@dataclass(frozen=True, kw_only=True)
class AYearlyRule:
    """What `reporting.duties.rules.occurrences.YearlyRule` asks for."""

    code: str
    clause: str
    month: int = 4
    day: int = 30
    policy: str = Policy.ROLL_FORWARD
    reference: str = ""
    first_year: int = 2022
    last_year: int | None = None
    nil_expected_from: date | None = None
