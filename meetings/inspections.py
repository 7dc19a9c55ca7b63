"""What the nightly inspections look at here: whether minutes stand where their versions and approvals led them."""

from datetime import date

from kok.errors import Refused
from kok.inspections import Inspection
from kok.vault import KeyLost
from meetings.models import Minutes
from meetings.queries.standing import unfounded, unfounded_words


def minutes_findings(today: date) -> list[str]:
    """A sentence for each of the minutes that was moved past the application. Raises Refused without the key."""
    try:
        return [unfounded_words(minutes) for minutes in unfounded(Minutes.objects.all())]
    except KeyLost as lost:
        raise Refused(f"{lost.sentence} Es wurde nichts geprüft.") from None


INSPECTIONS = (Inspection("minutes", "Protokolle gegen Fassungen und Genehmigungen", minutes_findings),)
