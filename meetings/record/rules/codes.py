"""Where minutes, their versions and tasks stand, what came of an item, who was there and how."""

from kok.codes import Code


class MinutesState(Code):
    """Where minutes stand."""

    DRAFT = "DRAFT", "Entwurf", "info"
    CIRCULATED = "CIRCULATED", "versandt", "info"
    APPROVED = "APPROVED", "genehmigt", "success"


class MinutesVersionState(Code):
    """What a text is that is written or was circulated; computed, never stored."""

    WRITTEN = "WRITTEN", "in Arbeit", "info"
    CIRCULATED = "CIRCULATED", "zur Genehmigung", "info"
    APPROVED = "APPROVED", "genehmigt", "success"
    REPLACED = "REPLACED", "zurückgeholt"
    WITHHELD = "WITHHELD", "gesperrt", "warning"


class ApprovalState(Code):
    """What a partner said to a text; computed, never stored."""

    GIVEN = "GIVEN", "genehmigt", "success"
    VOID = "VOID", "gilt nicht mehr"
    PENDING = "PENDING", "steht aus"
    MISSING = "MISSING", "nicht genehmigt"


class RemarkState(Code):
    """What became of a request for a change; computed, never stored."""

    OPEN = "OPEN", "wartet auf Antwort", "info"
    ANSWERED = "ANSWERED", "beantwortet"
    REPLACED = "REPLACED", "neue Fassung"


class ResultKind(Code):
    """What came out of an agenda item (7.2)."""

    INFORMATION = "INFORMATION", "Information"
    NOTED = "NOTED", "Kenntnisnahme"
    RESOLUTION = "RESOLUTION", "Beschluss"
    POSTPONED = "POSTPONED", "Vertagung"
    TASK = "TASK", "Auftrag"


class OutcomeKind(Code):
    """What hangs on an agenda item: a resolution, or what was proposed and what a partner holds; a task."""

    RESOLUTION = "resolution", "Beschluss"
    PROPOSAL = "proposal", "Vorschlag"
    POSITION = "position", "Auffassung"
    TASK = "task", "Aufgabe"


class TaskState(Code):
    """Where a task stands."""

    OPEN = "OPEN", "offen", "info"
    DONE = "DONE", "erledigt", "success"
    DROPPED = "DROPPED", "nicht weiter verfolgt", "success"


class AttendanceKind(Code):
    """As what somebody was there."""

    HOLDER = "HOLDER", "Mitglied"
    DEPUTY = "DEPUTY", "Stellvertretung"
    GUEST = "GUEST", "Gast"


class AttendanceStatus(Code):
    """Whether somebody was there."""

    PRESENT = "PRESENT", "anwesend"
    EXCUSED = "EXCUSED", "entschuldigt"
    ABSENT = "ABSENT", "abwesend"


class PresenceWay(Code):
    """How somebody took part. What nobody wrote down is not stated: it has no code."""

    ON_SITE = "ON_SITE", "vor Ort"
    VIDEO = "VIDEO", "per Video"
    PHONE = "PHONE", "per Telefon"


class SeatMark(Code):
    """What is marked for a seat: its holder was there or not, or somebody stood in."""

    PRESENT = "PRESENT", "anwesend"
    DEPUTY = "DEPUTY", "vertreten"
    EXCUSED = "EXCUSED", "entschuldigt"
    ABSENT = "ABSENT", "abwesend"


class ChangeKind(Code):
    """What became of a text, or of a piece of it, from one version to the next."""

    SAME = "SAME"
    GONE = "GONE", "gestrichen", "danger"
    NEW = "NEW", "neu", "success"
    CHANGED = "CHANGED", "geändert", "info"


class WayToReader(Code):
    """How somebody on the list gets the minutes; computed, never stored."""

    LINK = "LINK", "Link zum Protokoll"
    NO_ADDRESS = "NO_ADDRESS", "keine Adresse"
    NO_ACCOUNT = "NO_ACCOUNT", "kein Konto"
