"""The day of Punkt 8b."""

from members.models import Agreement
from members.queries import DueDay, due_day_of
from members.rules.codes import Reference


def list_due_day_of(agreement: Agreement) -> DueDay:
    """Until when lists are released. In two queries."""
    return due_day_of(agreement, Reference.LEAVERS_OF_FOLLOWING_YEAR)
