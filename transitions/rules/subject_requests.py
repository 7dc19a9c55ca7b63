"""Requests of the people concerned: what may be asked, and until when it must be answered."""

from dataclasses import dataclass
from datetime import date

from kok import words
from kok.errors import Refused
from kok.months import months_later
from transitions.rules.codes import FULFILLED, LEAVES_LIST, RequestAnswer, RequestKind

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
            f"Von einer Verlängerung muss die Person bis {words.day(last)} erfahren haben, einen Monat nach dem "
            "Eingang (Art. 12 Abs. 3 DSGVO). Danach lässt sich die Frist nicht mehr verlängern. Es wurde nichts "
            "geändert."
        )


@dataclass(frozen=True)
class CaseStanding:
    """What has become of a case since somebody asked about it.

    `is_handed_out`: a file with the Auskunft was made for this request; `is_there`: something is stored about the
    person; `is_off_list`: a released version took it off and its data go, or are gone; `is_corrected`: what is told
    about the person was changed since the request came in, and released where the case was transmitted.
    """

    is_handed_out: bool
    is_there: bool
    is_off_list: bool
    is_corrected: bool


def not_done(kind: RequestKind, answer: RequestAnswer, standing: CaseStanding, *, is_receiver: bool) -> str:
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
