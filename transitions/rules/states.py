"""How lists and cases live (domain.md 0.3), and the fixed reasons beside each step."""

from transitions.rules.case import Code


class VersionState(Code):
    """A version of a list: prepared, transmitted, confirmed, replaced by a newer one, its names erased."""

    DRAFT = "DRAFT", "Entwurf"
    RELEASED = "RELEASED", "freigegeben"
    ACKNOWLEDGED = "ACKNOWLEDGED", "Empfang bestätigt"
    CLOSED = "CLOSED", "abgeschlossen"
    ERASED = "ERASED", "gelöscht"


class CaseState(Code):
    """How the naming of a person stands."""

    NAMED = "NAMED", "benannt"
    CONFIRMED = "CONFIRMED", "Schulende bestätigt"
    POSTPONED = "POSTPONED", "verschoben"
    WITHDRAWN = "WITHDRAWN", "zurückgenommen"
    MOVED_AWAY = "MOVED_AWAY", "verzogen"
    DECEASED = "DECEASED", "verstorben"

    @property
    def is_on_list(self) -> bool:
        """Whether the person still stands on the list."""
        return self in (CaseState.NAMED, CaseState.CONFIRMED)


class Outcome(Code):
    """What became of a case; the LWV records it."""

    TAKEN_OVER_BY_LWV = "TAKEN_OVER_BY_LWV", "vom LWV Hessen übernommen"
    NO_LWV_BENEFIT = "NO_LWV_BENEFIT", "keine Leistung des LWV Hessen"
    OTHER_CARRIER = "OTHER_CARRIER", "anderer Träger zuständig"


class EndReason(Code):
    """Why the county takes a case off the list; no free text (5.3)."""

    SCHOOL_EXTENDED = "SCHOOL_EXTENDED", "Schulzeit verlängert"
    NAMED_BY_MISTAKE = "NAMED_BY_MISTAKE", "irrtümlich benannt"
    NOT_ENTITLED = "NOT_ENTITLED", "keine Eingliederungshilfe mehr"
    SUBJECT_REQUEST = "SUBJECT_REQUEST", "Löschung auf Verlangen der Person"
    OBJECTION = "OBJECTION", "Widerspruch der Person"
    MOVED = "MOVED", "Zuständigkeit eines anderen Trägers"
    DEATH = "DEATH", "verstorben"


# Which reasons fit which ending; the first one is proposed.
REASONS: dict[CaseState, tuple[EndReason, ...]] = {
    CaseState.POSTPONED: (EndReason.SCHOOL_EXTENDED,),
    CaseState.WITHDRAWN: (
        EndReason.NAMED_BY_MISTAKE,
        EndReason.NOT_ENTITLED,
        EndReason.SUBJECT_REQUEST,
        EndReason.OBJECTION,
    ),
    CaseState.MOVED_AWAY: (EndReason.MOVED,),
    CaseState.DECEASED: (EndReason.DEATH,),
}


DEMANDED = (EndReason.SUBJECT_REQUEST, EndReason.OBJECTION)  # what the person may ask for, whatever else is true


class EventKind(Code):
    """What happened to a case; its history holds no name."""

    NAMED = "NAMED", "auf die Liste genommen"
    CORRECTED = "CORRECTED", "Angaben berichtigt"
    KEPT = "KEPT", "nur das Fallzeichen übermittelt, Verarbeitung eingeschränkt"
    CONFIRMED = "CONFIRMED", "Schulende bestätigt"
    ENDED = "ENDED", "von der Liste genommen"
    OUTCOME = "OUTCOME", "Ergebnis eingetragen"
    OUTCOME_REVOKED = "OUTCOME_REVOKED", "Ergebnis zurückgenommen"
    PROPOSED = "PROPOSED", "auf die nächste Liste genommen"
    ADVANCED = "ADVANCED", "Löschung vorgezogen"
    ADVANCE_REVOKED = "ADVANCE_REVOKED", "vorgezogene Löschung zurückgenommen"
    ERASED = "ERASED", "Angaben gelöscht"


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
