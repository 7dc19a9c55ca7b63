"""R-MEET for an agreement: whether enough meetings of a year are safe."""

from datetime import date

from meetings.convening.rules.counting import MeetingYear, meeting_year_state
from members.rules.codes import Recurrence
from reporting.duties.queries.ledger import Ledger


def meeting_year(ledger: Ledger, year: int, today: date) -> MeetingYear:
    """How safe the meetings of a calendar year are on a day."""
    return meeting_year_state(
        ledger.counted,
        year,
        today,
        ledger.agreement.meetings_of_year(year),
        ledger.agreement.in_force_on,
        clause=ledger.clause_of(Recurrence.MEETINGS_PER_YEAR, date(year, 12, 31)),
    )
