"""Every state, kind, reason and result of the transitions, once: how lists and cases live (domain.md 0.3), what is told
of a person (5.3), what people ask, and what the log says.

Data protection by few words (§ 67a SGB X): codes instead of free text.
"""

from kok.codes import Code


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


class CaseOutcome(Code):
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


class Salutation(Code):
    """Only so that a letter can address the person; may be left out."""

    MS = "MS", "Frau"
    MR = "MR", "Herr"
    NEUTRAL = "NEUTRAL", "ohne Anrede"


class FacilityBasis(Code):
    """Why the facility falls under Punkt 8b: "in Einrichtungen nach § 134 SGB IX o. ä."."""

    P134 = "P134", "§ 134 SGB IX, minderjährig"
    P134_4 = "P134_4", "§ 134 Abs. 4 SGB IX, volljährig in Schule oder schulischer Ausbildung"
    SIMILAR = "SIMILAR", "ähnliche Einrichtung"


class SimilarReason(Code):
    """Why a facility counts as similar; asked for with `SIMILAR` only."""

    BOARDING_SCHOOL = "BOARDING_SCHOOL", "Internat einer Förderschule"
    FOSTER_FAMILY = "FOSTER_FAMILY", "Pflegefamilie mit Eingliederungshilfe"
    OTHER_DAY_AND_NIGHT = "OTHER_DAY_AND_NIGHT", "andere Betreuung über Tag und Nacht"


class EducationKind(Code):
    """What ends: school, or school-based vocational training."""

    SCHOOL = "SCHOOL", "Schulbildung"
    VOCATIONAL_SCHOOL = "VOCATIONAL_SCHOOL", "schulische Ausbildung für einen Beruf"


class Certainty(Code):
    """ "voraussichtlich": a forecast, never a decision."""

    LIKELY = "LIKELY", "voraussichtlich"
    OPEN = "OPEN", "noch offen"


class LwvResponsibility(Code):
    """ "ggf." in the responsibility of the LWV."""

    LIKELY = "LIKELY", "wahrscheinlich"
    POSSIBLE = "POSSIBLE", "möglich"


class RepresentativeKind(Code):
    """Who must be informed; a code only, no name."""

    PARENTS = "PARENTS", "Eltern"
    GUARDIAN = "GUARDIAN", "Vormundschaft oder rechtliche Betreuung"
    NONE = "NONE", "keine"


class Answer(Code):
    """Of the procedure of the Bundesagentur (Punkt 7)."""

    YES = "YES", "ja"
    NO = "NO", "nein"
    UNKNOWN = "UNKNOWN", "nicht bekannt"


class QuestionKind(Code):
    """What the receiving unit wants to know."""

    IDENTITY = "IDENTITY", "Stimmen Name und Geburtsdatum?"
    RESIDENCE = "RESIDENCE", "Stimmt der gewöhnliche Aufenthalt?"
    FACILITY = "FACILITY", "Stimmt die Einrichtung?"
    END = "END", "Stimmt das Ende der Schule oder Ausbildung?"
    REPRESENTATIVE = "REPRESENTATIVE", "Stimmt die gesetzliche Vertretung?"
    DOUBLE = "DOUBLE", "Ist die Person doppelt benannt?"
    CONTACT = "CONTACT", "Wen erreichen wir? Die Ansprechstelle meldet sich nicht."


class QuestionAnswer(Code):
    """What the county says to it."""

    RIGHT = "RIGHT", "Die Angaben stimmen."
    CORRECTION = "CORRECTION", "Die Angaben stimmen nicht, eine neue Fassung berichtigt sie."
    WITHDRAWAL = "WITHDRAWAL", "Der Fall gehört nicht auf die Liste, eine neue Fassung nimmt ihn herunter."
    CALL = "CALL", "Die Fallbearbeitung ruft an."
    UNKNOWN = "UNKNOWN", "Das ist uns selbst nicht bekannt."


PROMISES = (QuestionAnswer.CORRECTION, QuestionAnswer.WITHDRAWAL)  # work that the answer leaves behind


class RequestKind(Code):
    """What somebody asks for."""

    ACCESS = "ACCESS", "Auskunft (Art. 15 DSGVO, § 83 SGB X)"
    CORRECTION = "CORRECTION", "Berichtigung (Art. 16 DSGVO, § 84 SGB X)"
    ERASURE = "ERASURE", "Löschung (Art. 17 DSGVO, § 84 SGB X)"
    RESTRICTION = "RESTRICTION", "Einschränkung der Verarbeitung (Art. 18 DSGVO, § 84 SGB X)"
    OBJECTION = "OBJECTION", "Widerspruch (Art. 21 DSGVO, § 84 Abs. 5 SGB X)"


class RequestAnswer(Code):
    """How it was answered."""

    GRANTED = "GRANTED", "entsprochen"
    PARTLY = "PARTLY", "teilweise entsprochen"
    REFUSED = "REFUSED", "abgelehnt, mit Gründen"
    NO_DATA = "NO_DATA", "keine Daten vorhanden"


class ExtensionReason(Code):
    """Why the month is not enough: what the law names, and nothing else (Art. 12 Abs. 3 S. 2 DSGVO)."""

    COMPLEX = "COMPLEX", "die Anfrage ist schwierig oder umfangreich"
    MANY = "MANY", "es sind viele Anfragen zugleich zu beantworten"


FULFILLED = (RequestAnswer.GRANTED, RequestAnswer.PARTLY)
RESTRICTING = (RequestKind.RESTRICTION, RequestKind.OBJECTION)  # what may let a case be kept only
LEAVES_LIST = (RequestKind.ERASURE, RequestKind.OBJECTION)  # what is followed by taking the case off the list


class ReturnReason(Code):
    """Why the second person gives a draft back; no free text (5.3)."""

    DATA = "DATA", "Angaben zu einem Fall sind fraglich"
    MISSING = "MISSING", "jemand fehlt auf der Liste"
    NOT_HERE = "NOT_HERE", "jemand gehört nicht auf die Liste"
    DOUBLE = "DOUBLE", "zwei Fälle sind vielleicht dieselbe Person"
    FREE_FIELD = "FREE_FIELD", "ein freies Feld sagt mehr, als nötig ist"
    SPOKEN = "SPOKEN", "mündlich besprochen"


class PeopleGroup(Code):
    """For whom somebody is responsible."""

    SCHOOL = "SCHOOL", "Menschen bis zum Ende der Schule"
    AFTER_SCHOOL = "AFTER_SCHOOL", "Menschen nach dem Ende der Schule"
    CONTINUED = "CONTINUED", "Menschen, die schon vor der Regelaltersgrenze Leistungen erhalten haben"
    AFTER_LIMIT = "AFTER_LIMIT", "Menschen, die erst nach der Regelaltersgrenze Leistungen beantragen"


class Carrier(Code):
    """The Träger der Eingliederungshilfe."""

    LOCAL = "LOCAL", "der örtliche Träger"
    LWV = "LWV", "der LWV Hessen"


class Evidence(Code):
    """How well a rule is proven."""

    FOUND = "FOUND", "gefunden in"
    OWN = "OWN", "eigene Lesart, zu prüfen; Anhaltspunkt"


class LimitException(Code):
    """For whom the limit stays at 65 (§ 235 Abs. 2 S. 3 SGB VI)."""

    PARTIAL_RETIREMENT = "PARTIAL_RETIREMENT", "Altersteilzeit, vor dem 01.01.2007 vereinbart"
    MINER = "MINER", "Anpassungsgeld für entlassene Beschäftigte des Bergbaus bezogen"


class CheckState(Code):
    """How a check of all seals stands."""

    WAITING = "WAITING", "läuft"
    DONE = "DONE", "fertig"
    FAILED = "FAILED", "nicht gelungen"


class ReceiptMatch(Code):
    """What a version says against its receipt; ERASED: people were erased, and everything else is as handed over."""

    EQUAL = "EQUAL", "wie übermittelt"
    ERASED = "ERASED", "Angaben gelöscht"
    DIFFERENT = "DIFFERENT", "nicht mehr wie übermittelt"
