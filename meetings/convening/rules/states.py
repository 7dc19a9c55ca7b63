"""The life of a meeting (domain.md 0.3): planned, invited, held, closed; or cancelled. No other way exists.

A meeting that is rescheduled keeps its number and is planned again, so that it needs a new round of invitations.
"""

from datetime import date
from enum import StrEnum

from kok import words
from kok.errors import require
from meetings.convening.rules.codes import MeetingState


class MeetingStep(StrEnum):
    """What somebody does with a meeting."""

    EDIT = "EDIT"
    INVITE = "INVITE"
    BEGIN = "BEGIN"
    CLOSE = "CLOSE"
    CANCEL = "CANCEL"
    RESCHEDULE = "RESCHEDULE"


_PLANNED, _INVITED, _HELD, _CLOSED, _CANCELLED = MeetingState

NEXT: dict[tuple[MeetingState, MeetingStep], MeetingState] = {
    (_PLANNED, MeetingStep.EDIT): _PLANNED,
    (_PLANNED, MeetingStep.INVITE): _INVITED,
    (_PLANNED, MeetingStep.CANCEL): _CANCELLED,
    (_PLANNED, MeetingStep.RESCHEDULE): _PLANNED,
    (_INVITED, MeetingStep.EDIT): _INVITED,
    (_INVITED, MeetingStep.INVITE): _INVITED,
    (_INVITED, MeetingStep.BEGIN): _HELD,
    (_INVITED, MeetingStep.CANCEL): _CANCELLED,
    (_INVITED, MeetingStep.RESCHEDULE): _PLANNED,
    (_HELD, MeetingStep.CLOSE): _CLOSED,
}

_STANDS = {
    _PLANNED: "Die Sitzung ist erst geplant.",
    _INVITED: "Zu der Sitzung ist eingeladen, sie hat aber noch nicht stattgefunden.",
    _HELD: "Die Sitzung hat schon stattgefunden.",
    _CLOSED: "Die Sitzung ist abgeschlossen, ihr Protokoll ist genehmigt.",
    _CANCELLED: "Die Sitzung ist abgesagt.",
}

_THEREFORE = {
    MeetingStep.EDIT: "Deshalb lassen sich ihre Angaben nicht mehr ändern.",
    MeetingStep.INVITE: "Deshalb geht keine Einladung mehr hinaus.",
    MeetingStep.BEGIN: "Deshalb kann sie jetzt nicht beginnen.",
    MeetingStep.CLOSE: "Deshalb kann sie jetzt nicht abgeschlossen werden.",
    MeetingStep.CANCEL: "Deshalb kann sie nicht mehr abgesagt werden.",
    MeetingStep.RESCHEDULE: "Deshalb kann sie nicht mehr verlegt werden.",
}

_ADVICE = {
    _PLANNED: "Versenden Sie zuerst die Einladung.",
    _INVITED: "Beginnen Sie zuerst die Sitzung.",
    _HELD: "Halten Sie im Protokoll fest, was geschehen ist.",
    _CLOSED: "Setzen Sie die Sache auf die Tagesordnung der nächsten Sitzung.",
    _CANCELLED: "Planen Sie eine neue Sitzung.",
}


def next_state(state: MeetingState, step: MeetingStep) -> MeetingState:
    """The state after a step. Raises Refused where the step does not fit the state any more, or not yet."""
    sentence = f"{_STANDS[state]} {_THEREFORE[step]} Es wurde nichts geändert. {_ADVICE[state]}"
    return require(NEXT.get((state, step)), sentence)


def check_begin(state: MeetingState, meets_on: date, today: date) -> None:
    """A meeting can only begin on its day or, entered later, after it. Raises Refused."""
    next_state(state, MeetingStep.BEGIN)
    require(
        today >= meets_on,
        f"Die Sitzung ist erst am {words.day(meets_on)}. Deshalb kann sie jetzt nicht beginnen. Es wurde nichts "
        "geändert. Warten Sie bis zu diesem Tag, oder verlegen Sie die Sitzung.",
    )


def check_cancel(state: MeetingState, reason: str) -> None:
    """A cancelled meeting keeps its number (7.5) and says why it was cancelled. Raises Refused."""
    next_state(state, MeetingStep.CANCEL)
    require(
        reason.strip(),
        "Der Grund der Absage fehlt. Die Sitzung ist noch nicht abgesagt. Schreiben Sie einen kurzen Grund; "
        "er steht bei der Sitzung, und wer eingeladen ist, liest ihn in der Absage.",
    )


def check_reschedule(state: MeetingState, meets_on: date, new_day: date) -> None:
    """A meeting moves to another day (R-SEC-4: chair and minutes follow the new day). Raises Refused."""
    next_state(state, MeetingStep.RESCHEDULE)
    require(
        new_day != meets_on,
        f"Die Sitzung ist schon für den {words.day(meets_on)} vorgesehen. Es wurde nichts geändert. "
        "Wählen Sie einen anderen Tag.",
    )
