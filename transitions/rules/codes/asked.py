"""What the two units ask each other, and what the people concerned ask."""

from kok.codes import Code


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

    GRANTED = "GRANTED", "entsprochen", "success"
    PARTLY = "PARTLY", "teilweise entsprochen", "success"
    REFUSED = "REFUSED", "abgelehnt, mit Gründen", "success"
    NO_DATA = "NO_DATA", "keine Daten vorhanden", "success"


class RequestStanding(Code):
    """How it stands while no answer tells that."""

    OPEN = "OPEN", "offen", "info"
    URGENT = "URGENT", "bald fällig", "warning"
    OVERDUE = "OVERDUE", "überfällig", "danger"
    CORRECTED = "CORRECTED", "Antwort berichtigt"
    RESTRICTED = "RESTRICTED", "Einschränkung gilt", "warning"


class ExtensionReason(Code):
    """Why the month is not enough: what the law names, and nothing else (Art. 12 Abs. 3 S. 2 DSGVO)."""

    COMPLEX = "COMPLEX", "die Anfrage ist schwierig oder umfangreich"
    MANY = "MANY", "es sind viele Anfragen zugleich zu beantworten"


FULFILLED = (RequestAnswer.GRANTED, RequestAnswer.PARTLY)
RESTRICTING = (RequestKind.RESTRICTION, RequestKind.OBJECTION)  # what may let a case be kept only
LEAVES_LIST = (RequestKind.ERASURE, RequestKind.OBJECTION)  # what is followed by taking the case off the list
