"""What the nightly inspections look at here.

Whether minutes stand where their versions and approvals led them, and whether the rows of a meeting say what was
circulated.
"""

from datetime import date

from kok.errors import Refused
from kok.inspections import Inspection
from kok.vault import KeyLost
from meetings.record.documents.as_circulated import differing
from meetings.record.models import Minutes
from meetings.record.queries.standing import unfounded, unfounded_words


def minutes_findings(today: date) -> list[str]:
    """A sentence for each that was moved or whose meeting says something else. Raises Refused without the key."""
    try:
        moved = [unfounded_words(minutes) for minutes in unfounded(Minutes.objects.all())]
        return moved + differing(Minutes.objects.all())
    except KeyLost as lost:
        raise Refused(f"{lost.sentence} Es wurde nichts geprüft.") from None


INSPECTIONS = (Inspection("minutes", "Protokolle gegen Fassungen und Genehmigungen", minutes_findings),)
