"""Requests of the people concerned: what may be asked, and until when it must be answered."""

from dataclasses import dataclass
from datetime import date

from kok.errors import Refused
from kok.months import months_later
from transitions.rules.case import Code


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
LONGEST_EXTENSION = 2  # months (Art. 12 Abs. 3 S. 2 DSGVO)


def answer_due_on(received_on: date, extended_by: int = 0) -> date:
    """The last day for the answer: one month after receipt, and up to two more (Art. 12 Abs. 3 DSGVO).

    It is the end of a shorter month, and not moved to a workday: whoever answers earlier is never late.
    """
    return months_later(received_on, 1 + extended_by)


def check_extension(received_on: date, months: int, told_on: date, today: date) -> None:
    """By one or two months, told to the person within the first month together with the reason. Raises Refused."""
    if not 1 <= months <= LONGEST_EXTENSION:
        raise Refused("Die Frist lässt sich um einen oder um zwei Monate verlängern. Es wurde nichts geändert.")
    if not received_on <= told_on <= today:
        raise Refused("Die Person wurde frühestens am Tag des Eingangs und spätestens heute unterrichtet.")
    if told_on > (last := answer_due_on(received_on)):
        raise Refused(
            f"Von einer Verlängerung muss die Person bis {last:%d.%m.%Y} erfahren haben, einen Monat nach dem Eingang "
            "(Art. 12 Abs. 3 DSGVO). Danach lässt sich die Frist nicht mehr verlängern. Es wurde nichts geändert."
        )


@dataclass(frozen=True)
class Standing:
    """What has become of a case since somebody asked about it.

    `is_handed_out`: a file with the Auskunft was made for this request; `is_there`: something is stored about the
    person; `is_off_list`: a released version took it off and its data go, or are gone; `is_corrected`: what is told
    about the person was changed since the request came in, and released where the case was transmitted.
    """

    is_handed_out: bool
    is_there: bool
    is_off_list: bool
    is_corrected: bool


def not_done(kind: RequestKind, answer: RequestAnswer, standing: Standing, *, is_receiver: bool) -> str:
    """Why this answer would be untrue, as a sentence; empty when it may be given.

    Who is told "entsprochen" relies on it (Art. 12 Abs. 3 DSGVO: "über die ergriffenen Maßnahmen"), and with the answer
    to an objection its restriction ends (Art. 18 Abs. 1 d). What the receiving unit holds, the county changes.
    """
    if answer not in FULFILLED:
        return ""
    if kind in (RequestKind.ACCESS, RequestKind.RESTRICTION):
        is_done = standing.is_handed_out if kind is RequestKind.ACCESS else standing.is_there
        return "" if is_done else _NOTHING[kind]
    if kind in LEAVES_LIST and not standing.is_off_list:
        if kind is RequestKind.ERASURE and answer is RequestAnswer.PARTLY and standing.is_corrected:
            return ""
        who = "Der benennende Träger nimmt" if is_receiver else "Nehmen Sie"
        release = "gibt die Fassung frei" if is_receiver else "lassen Sie die Fassung freigeben"
        return (
            f"Der Fall steht noch auf der Liste. {who} ihn zuerst von der Liste und {release}. "
            f"Vorher ist {_WHAT[kind]} nicht entsprochen. Es wurde nichts eingetragen."
        )
    if kind is RequestKind.CORRECTION and not standing.is_corrected:
        who = "Der benennende Träger berichtigt" if is_receiver else "Berichtigen Sie"
        release = "gibt die Fassung frei" if is_receiver else "lassen Sie die Fassung freigeben"
        return (
            f"Seit dem Eingang ist an den Angaben nichts berichtigt. {who} sie zuerst und {release}. "
            f"Vorher ist {_WHAT[kind]} nicht entsprochen. Es wurde nichts eingetragen."
        )
    return ""


_NOTHING = {
    RequestKind.ACCESS: (
        "Zu dieser Anfrage ist noch keine Auskunft erstellt. Erstellen Sie sie zuerst als verschlüsselte Datei. Vorher "
        "ist der Anfrage nicht entsprochen. Es wurde nichts eingetragen."
    ),
    RequestKind.RESTRICTION: (
        "Zu diesem Fall ist nichts mehr gespeichert, was sich einschränken lässt. Es wurde nichts eingetragen."
    ),
}
_WHAT = {
    RequestKind.ERASURE: "dem Verlangen nach Löschung",
    RequestKind.OBJECTION: "dem Widerspruch",
    RequestKind.CORRECTION: "dem Verlangen nach Berichtigung",
}
