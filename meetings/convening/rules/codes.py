"""Where a meeting stands, what a dispatch is, and what somebody answers."""

from kok.codes import Code


class MeetingState(Code):
    """Where a meeting stands."""

    PLANNED = "PLANNED", "geplant"
    INVITED = "INVITED", "eingeladen", "info"
    RUNNING = "RUNNING", "läuft", "info"
    HELD = "HELD", "durchgeführt", "info"
    CLOSED = "CLOSED", "abgeschlossen", "success"
    CANCELLED = "CANCELLED", "abgesagt", "warning"


DID_NOT_MEET = "fand nicht statt"  # of a meeting to which nobody was invited
BY_MISTAKE = "irrtümlich nachgetragen"  # of one that was entered later and never was
UNTOLD = (
    DID_NOT_MEET,
    BY_MISTAKE,
)  # reasons that the application writes itself: nobody was told that a meeting is cancelled


class RoundKind(Code):
    """What was sent to all who are invited."""

    INVITATION = "INVITATION", "Einladung"
    CANCELLATION = "CANCELLATION", "Absage"


class ConsentWay(Code):
    """How a partner consented to a short Ladungsfrist."""

    MAIL = "MAIL", "per E-Mail"
    PHONE = "PHONE", "telefonisch"
    SPOKEN = "SPOKEN", "mündlich"
    LETTER = "LETTER", "mit einem Brief"


class InvitationAnswer(Code):
    """Whether somebody comes."""

    OPEN = "OPEN", "noch keine Antwort"
    ACCEPTED = "ACCEPTED", "nimmt teil"
    DECLINED = "DECLINED", "nimmt nicht teil"
    DEPUTY = "DEPUTY", "Stellvertretung kommt"
