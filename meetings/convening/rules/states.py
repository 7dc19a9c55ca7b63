"""The life of a meeting (domain.md 0.3): planned, invited, running, held, closed; or cancelled. No other way exists.

A meeting that is rescheduled keeps its number and is planned again, so that it needs a new round of invitations.
It runs from its beginning until its end is written down; a beginning by mistake is taken back.
"""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from kok import words
from kok.errors import require
from meetings.convening.rules.codes import MeetingState


class MeetingStep(StrEnum):
    """What somebody does with a meeting."""

    EDIT = "EDIT"
    INVITE = "INVITE"
    BEGIN = "BEGIN"
    TAKE_BACK = "TAKE_BACK"
    CLOSE = "CLOSE"
    CANCEL = "CANCEL"
    RESCHEDULE = "RESCHEDULE"
    RESUME = "RESUME"


_PLANNED, _INVITED, _RUNNING, _HELD, _CLOSED, _CANCELLED = MeetingState

NEXT: dict[tuple[MeetingState, MeetingStep], MeetingState] = {
    (_PLANNED, MeetingStep.EDIT): _PLANNED,
    (_PLANNED, MeetingStep.INVITE): _INVITED,
    (_PLANNED, MeetingStep.CANCEL): _CANCELLED,
    (_PLANNED, MeetingStep.RESCHEDULE): _PLANNED,
    (_INVITED, MeetingStep.EDIT): _INVITED,
    (_INVITED, MeetingStep.INVITE): _INVITED,
    (_INVITED, MeetingStep.BEGIN): _RUNNING,
    (_INVITED, MeetingStep.CANCEL): _CANCELLED,
    (_INVITED, MeetingStep.RESCHEDULE): _PLANNED,
    (_RUNNING, MeetingStep.TAKE_BACK): _INVITED,
    (_CANCELLED, MeetingStep.RESUME): _PLANNED,
    (_HELD, MeetingStep.CLOSE): _CLOSED,
}

_STANDS = {
    _PLANNED: "Die Sitzung ist erst geplant.",
    _INVITED: "Zu der Sitzung ist eingeladen, sie hat aber noch nicht stattgefunden.",
    _RUNNING: "Die Sitzung läuft.",
    _HELD: "Die Sitzung hat schon stattgefunden.",
    _CLOSED: "Die Sitzung ist abgeschlossen, ihr Protokoll ist genehmigt.",
    _CANCELLED: "Die Sitzung ist abgesagt.",
}

_THEREFORE = {
    MeetingStep.EDIT: "Deshalb lassen sich ihre Angaben nicht mehr ändern.",
    MeetingStep.INVITE: "Deshalb geht keine Einladung mehr hinaus.",
    MeetingStep.BEGIN: "Deshalb kann sie jetzt nicht beginnen.",
    MeetingStep.TAKE_BACK: "Deshalb lässt sich ihr Beginn nicht zurücknehmen.",
    MeetingStep.CLOSE: "Deshalb kann sie jetzt nicht abgeschlossen werden.",
    MeetingStep.CANCEL: "Deshalb kann sie nicht mehr abgesagt werden.",
    MeetingStep.RESUME: "Deshalb gibt es nichts wieder aufzunehmen.",
    MeetingStep.RESCHEDULE: "Deshalb kann sie nicht mehr verlegt werden.",
}

_ADVICE = {
    _PLANNED: "Versenden Sie zuerst die Einladung.",
    _INVITED: "Beginnen Sie zuerst die Sitzung.",
    _RUNNING: "Halten Sie im Protokoll fest, was geschieht. Dort ergänzen Sie auch die Tagesordnung.",
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


NEAR = timedelta(minutes=30)  # a proposal: so much earlier or later a meeting begins without a question


def unplanned_hour(meets_on: date, starts_at: time, now: datetime) -> str:
    """Why somebody is asked before a meeting begins, as a sentence; "" at about the hour that is planned.

    `now` is the local time. A meeting of an earlier day is entered later.
    """
    planned = datetime.combine(meets_on, starts_at, now.tzinfo)
    if abs(now - planned) <= NEAR:
        return ""
    asked = f"Die Sitzung ist für {words.weekday(meets_on)}, {words.clock(starts_at)}, geplant."
    if now.date() != meets_on:
        return f"{asked} Der Tag ist vorbei. Wann sie wirklich begann und endete, tragen Sie im Protokoll ein."
    return (
        f"{asked} Jetzt ist es {words.clock(now)}. Im Protokoll steht dann dieser Beginn; Sie können ihn dort ändern."
    )


def begun_at(meets_on: date, starts_at: time, now: datetime) -> time:
    """When a meeting began, until somebody writes down otherwise: now, on a later day at the hour planned."""
    return now.time().replace(second=0, microsecond=0) if now.date() == meets_on else starts_at


def state_by_end(state: MeetingState, ended_at: time | None) -> MeetingState:
    """A meeting that began runs until its end is written down, and again where that is taken out."""
    began = {_RUNNING, _HELD}
    return state if state not in began else _HELD if ended_at else _RUNNING


def check_take_back_begin(state: MeetingState, *, is_blank: bool) -> None:
    """A beginning is taken back as long as nothing of the meeting is written down. Raises Refused."""
    next_state(state, MeetingStep.TAKE_BACK)
    require(
        is_blank,
        "Zu dieser Sitzung ist schon etwas festgehalten. Deshalb lässt sich ihr Beginn nicht mehr zurücknehmen. Es "
        "wurde nichts geändert. Tragen Sie im Protokoll ein, wann sie wirklich begann und endete.",
    )


def check_cancel(state: MeetingState, reason: str) -> None:
    """A cancelled meeting keeps its number (7.5) and says why it was cancelled. Raises Refused."""
    next_state(state, MeetingStep.CANCEL)
    require(
        reason.strip(),
        "Der Grund der Absage fehlt. Die Sitzung ist noch nicht abgesagt. Schreiben Sie einen kurzen Grund; "
        "er steht bei der Sitzung, und wer eingeladen ist, liest ihn in der Absage.",
    )


def check_did_not_meet(state: MeetingState, meets_on: date, today: date, *, was_told: bool) -> None:
    """A planned meeting whose day passed is put aside without a word, as long as nobody was invited. Raises Refused."""
    next_state(state, MeetingStep.CANCEL)
    require(
        state == _PLANNED and not was_told,
        "Zu dieser Sitzung waren Menschen eingeladen. Es wurde nichts geändert. Sagen Sie die Sitzung ab, damit sie es "
        "erfahren.",
    )
    require(
        meets_on < today,
        f"Die Sitzung ist erst am {words.day(meets_on)}. Es wurde nichts geändert. Fällt sie aus, sagen Sie sie ab.",
    )


def check_resume(state: MeetingState, *, was_told: bool, is_replaced: bool) -> None:
    """A cancelled meeting is planned again as long as nobody was told of it and none replaces it. Raises Refused."""
    next_state(state, MeetingStep.RESUME)
    require(
        not was_told,
        "Die Absage ist versandt. Deshalb lässt sie sich nicht zurücknehmen. Es wurde nichts geändert. Planen Sie "
        "einen Ersatztermin.",
    )
    require(
        not is_replaced,
        "Für diese Sitzung ist schon ein Ersatz geplant. Es wurde nichts geändert. Arbeiten Sie mit dem Ersatz weiter.",
    )


def check_reschedule(state: MeetingState, meets_on: date, new_day: date) -> None:
    """A meeting moves to another day (R-SEC-4: chair and minutes follow the new day). Raises Refused."""
    next_state(state, MeetingStep.RESCHEDULE)
    require(
        new_day != meets_on,
        f"Die Sitzung ist schon für den {words.day(meets_on)} vorgesehen. Es wurde nichts geändert. "
        "Wählen Sie einen anderen Tag.",
    )
