"""Wrong entries on seats that were made good, and what an entry says now."""

from kok import seen
from members.models import Seat, SeatAssignment, SeatCorrection


def corrections_of(seat: Seat) -> list[SeatCorrection]:
    """What was corrected on a seat, the newest first."""
    found = seat.corrections.select_related("was_person", "became_person", "made_by__person")
    return list(found)


def mark_of(assignment: SeatAssignment) -> str:
    """What a page shows of an entry, to tell whether somebody changed it since."""
    return seen.mark(assignment.pk, assignment.person_id, assignment.period.lower, assignment.period.upper)


def predecessor_of(assignment: SeatAssignment) -> SeatAssignment | None:
    """Who ended on the day before it began, in the same capacity."""
    same = SeatAssignment.objects.filter(seat=assignment.seat_id, capacity=assignment.capacity)
    return same.filter(period__endswith=assignment.period.lower).select_related("person").first()
