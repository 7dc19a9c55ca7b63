"""Why somebody is in the sealed area, and what the access log says that he did there."""

from kok.codes import Code


class EntryReason(Code):
    """Why somebody enters the sealed area; asked for at every entry and written into the access log."""

    PREPARE = "PREPARE", "Liste vorbereiten oder ändern"
    RELEASE = "RELEASE", "Liste prüfen und freigeben"
    RECEIVE = "RECEIVE", "Liste entgegennehmen und bearbeiten"
    OUTCOME = "OUTCOME", "Ergebnis eines Falls eintragen oder nachsehen"
    SUBJECT_REQUEST = "SUBJECT_REQUEST", "Anfrage einer betroffenen Person"
    QUESTION = "QUESTION", "Rückfrage der anderen Fachstelle"


OF_ONE_CASE = (EntryReason.PREPARE, EntryReason.QUESTION, EntryReason.SUBJECT_REQUEST)  # may be why it is corrected
OF_RECEIVED = (EntryReason.RECEIVE, EntryReason.OUTCOME)
# Why everybody on a list is looked at, printed or handed out: never for what one person or one case asks.
OF_WHOLE_LIST = (EntryReason.PREPARE, EntryReason.RELEASE, *OF_RECEIVED)


class LogChain(Code):
    """The two chains of the access log: looks go after months, acts after years."""

    READ = "READ", "Lesen"
    ACT = "ACT", "Handeln"


class LogAction(Code):
    """What somebody did in the sealed area."""

    ENTER = "ENTER", "Bereich geöffnet"
    VIEW_LIST = "VIEW_LIST", "Liste angesehen"
    VIEW_CASE = "VIEW_CASE", "Fall angesehen"
    TOLD_ALIKE = "TOLD_ALIKE", "als vielleicht dieselbe Person genannt"
    VIEW_FILE = "VIEW_FILE", "eingelesene Zeilen angesehen"
    SEARCH = "SEARCH", "Person zu einer Anfrage gesucht"
    PRINT = "PRINT", "gedruckt"
    EXPORT = "EXPORT", "als Datei ausgegeben"
    IMPORT = "IMPORT", "Datei eingelesen"
    DRAFT = "DRAFT", "Entwurf geändert"
    GIVEN_BACK = "GIVEN_BACK", "Entwurf zurückgegeben"
    RELEASE = "RELEASE", "freigegeben und übermittelt"
    ACKNOWLEDGE = "ACKNOWLEDGE", "Empfang bestätigt"
    CASE_CHANGED = "CASE_CHANGED", "Stand eines Falls geändert"
    COMPARED = "COMPARED", "vielleicht doppelte Fälle verglichen"
    ASKED = "ASKED", "bei der anderen Fachstelle nachgefragt"
    ANSWERED = "ANSWERED", "Rückfrage beantwortet"
    NAMES_ASKED = "NAMES_ASKED", "Text auf Namen geprüft"
    NAMES_REFUSED = "NAMES_REFUSED", "Text nicht mehr auf Namen geprüft (Tagesgrenze)"

    @property
    def is_read(self) -> bool:
        """Reading is kept for six months only (5.5, parallel to § 79 Abs. 4 SGB X); acts stay with the receipt."""
        return self in READING


READING = (
    LogAction.ENTER,
    LogAction.VIEW_LIST,
    LogAction.VIEW_CASE,
    LogAction.TOLD_ALIKE,
    LogAction.VIEW_FILE,
    LogAction.SEARCH,
    LogAction.PRINT,
    LogAction.NAMES_ASKED,
    LogAction.NAMES_REFUSED,
)


class CheckState(Code):
    """How a check of all seals stands."""

    WAITING = "WAITING", "läuft"
    DONE = "DONE", "fertig"
    FAILED = "FAILED", "nicht gelungen"
