"""Requests of the people concerned: what may be asked, and until when it must be answered."""

from dataclasses import dataclass
from datetime import date

from kok import words
from kok.errors import require
from kok.months import months_later
from transitions.rules.codes import FULFILLED, RequestAnswer, RequestKind

TOO_LONG = "Die Frist lässt sich um einen oder um zwei Monate verlängern. Es wurde nichts geändert."
TOLD_WRONG = "Die Person wurde frühestens am Tag des Eingangs und spätestens heute unterrichtet."
TOLD_LATE = (
    "Von einer Verlängerung muss die Person bis {last} erfahren haben, einen Monat nach dem Eingang (Art. 12 Abs. 3 "
    "DSGVO). Danach lässt sich die Frist nicht mehr verlängern. Es wurde nichts geändert."
)
LONGEST_EXTENSION = 2  # months (Art. 12 Abs. 3 S. 2 DSGVO)


def answer_due_on(received_on: date, extended_by: int = 0) -> date:
    """The last day for the answer: one month after receipt, and up to two more (Art. 12 Abs. 3 DSGVO).

    It is the end of a shorter month, and not moved to a workday: whoever answers earlier is never late.
    """
    return months_later(received_on, 1 + extended_by)


def check_extension(received_on: date, months: int, told_on: date, today: date) -> None:
    """By one or two months, told to the person within the first month together with the reason. Raises Refused."""
    last = words.day(answer_due_on(received_on))
    require(1 <= months <= LONGEST_EXTENSION, TOO_LONG)
    require(received_on <= told_on <= today, TOLD_WRONG)
    require(told_on <= answer_due_on(received_on), TOLD_LATE.format(last=last))


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
    is_done = getattr(standing, _DONE[kind])
    is_partly_done = kind is RequestKind.ERASURE and answer is RequestAnswer.PARTLY and standing.is_corrected
    if answer not in FULFILLED or is_done or is_partly_done:
        return ""
    sentence, what, *sides = _UNDONE[kind]
    who, release = sides[is_receiver]
    return sentence.format(who=who, release=release, what=what)


_DONE = {
    RequestKind.ACCESS: "is_handed_out",
    RequestKind.RESTRICTION: "is_there",
    RequestKind.ERASURE: "is_off_list",
    RequestKind.OBJECTION: "is_off_list",
    RequestKind.CORRECTION: "is_corrected",
}  # what of `CaseStanding` makes "entsprochen" true
_UNDONE_ACCESS = (
    "Zu dieser Anfrage ist noch keine Auskunft erstellt. Erstellen Sie sie zuerst als verschlüsselte Datei. Vorher ist "
    "{what} nicht entsprochen. Es wurde nichts eingetragen."
)
_NOTHING_THERE = "Zu diesem Fall ist nichts mehr gespeichert, was sich einschränken lässt. Es wurde nichts eingetragen."
_LISTED = (
    "Der Fall steht noch auf der Liste. {who} ihn zuerst von der Liste und {release}. Vorher ist {what} nicht "
    "entsprochen. Es wurde nichts eingetragen."
)
_NOT_CORRECTED = (
    "Seit dem Eingang ist an den Angaben nichts berichtigt. {who} sie zuerst und {release}. Vorher ist {what} nicht "
    "entsprochen. Es wurde nichts eingetragen."
)
Side = tuple[str, str]  # who changes it, and what follows
_COUNTY, _RECEIVER = "lassen Sie die Fassung freigeben", "gibt die Fassung frei"
_TAKE_OFF: tuple[Side, Side] = (("Nehmen Sie", _COUNTY), ("Der benennende Träger nimmt", _RECEIVER))
_CORRECT: tuple[Side, Side] = (("Berichtigen Sie", _COUNTY), ("Der benennende Träger berichtigt", _RECEIVER))
_NOBODY: tuple[Side, Side] = (("", ""), ("", ""))
# What is said of an answer that would be untrue, to what, and who changes that: for the county, for the receiving unit.
_UNDONE: dict[RequestKind, tuple[str, str, Side, Side]] = {
    RequestKind.ACCESS: (_UNDONE_ACCESS, "der Anfrage", *_NOBODY),
    RequestKind.RESTRICTION: (_NOTHING_THERE, "", *_NOBODY),
    RequestKind.ERASURE: (_LISTED, "dem Verlangen nach Löschung", *_TAKE_OFF),
    RequestKind.OBJECTION: (_LISTED, "dem Widerspruch", *_TAKE_OFF),
    RequestKind.CORRECTION: (_NOT_CORRECTED, "dem Verlangen nach Berichtigung", *_CORRECT),
}
