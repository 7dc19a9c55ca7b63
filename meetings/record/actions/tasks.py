"""Tasks (Aufgaben): recorded in the minutes, closed and reopened from any page."""

from datetime import date, datetime
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction
from django.db.models import Q

from kok import audit, seen
from kok.errors import Refused
from kok.models import User
from kok.words import day
from meetings.convening.models import AgendaItem
from meetings.convening.rules import numbering
from meetings.record.actions.decisions import locked_body
from meetings.record.actions.minutes import locked_draft
from meetings.record.documents.closed_tasks import closed_words
from meetings.record.models import ActionItem, Minutes
from meetings.record.queries.changed import who_changed
from meetings.record.queries.tasks import is_worded_anew, may_update
from meetings.record.queries.versions import numbers_circulated
from meetings.record.rules import writing
from members.models import Partner

IS_GONE = "Diese Aufgabe steht nicht mehr im Protokoll. Es wurde nichts geändert. Halten Sie eine neue fest."
IS_STRUCK = "Diese Aufgabe ist inzwischen gestrichen. Es wurde nichts geändert."
CHANGED = (
    "{who} diese Aufgabe geändert, seit Sie sie geöffnet haben. Jetzt steht dort: {there} Es wurde nichts "
    "überschrieben."
)


class TaskValues(TypedDict):
    """What, who, for which partner, until when (both may be open)."""

    what: str
    who: str
    partner: NotRequired[Partner | None]
    due_on: NotRequired[date | None]


@transaction.atomic
def record_task(
    *, minutes: Minutes, item: AgendaItem, by: User, now: datetime, **task: Unpack[TaskValues]
) -> ActionItem:
    """Records a task of this meeting under the next number of the year of the meeting (7.5).

    The same task twice at one item is one, so sending it again does no harm.
    """
    locked = locked_draft(minutes, by=by)
    same = ActionItem.objects.filter(item=item, is_struck=False, state=ActionItem.State.OPEN, **task)
    if there := same.first():
        return there
    body = locked_body(locked)
    recorded = ActionItem.objects.create(
        body=body,
        item=item,
        number=numbering.next_action_item_number(
            locked.meeting.meets_on.year,
            [*ActionItem.objects.filter(body=body).values_list("number", flat=True), *numbers_circulated(body)],
        ),
        **task,
    )
    audit.record(
        by=by, action="task.recorded", obj=recorded, agreement=body.agreement.slug, note=recorded.number, now=now
    )
    return recorded


@transaction.atomic
def change_task(
    *, minutes: Minutes, task: ActionItem, shown: str, by: User, now: datetime, **values: Unpack[TaskValues]
) -> None:
    """Changes a task of this meeting as long as the minutes are a draft. `shown` is the mark of what was read.

    Raises seen.Changed when somebody else was quicker.
    """
    locked = locked_draft(minutes, by=by)
    there = _as_shown(locked, task, shown, by=by)
    before = audit.values_of(there)
    ActionItem.objects.filter(pk=there.pk).update(**values)
    there.refresh_from_db()
    audit.record(
        by=by, action="task.changed", obj=there, agreement=locked.meeting.body.agreement.slug,
        note=there.number, change=audit.changes(there, before), now=now,
    )  # fmt: skip


@transaction.atomic
def remove_task(*, minutes: Minutes, task: ActionItem, shown: str, by: User, now: datetime) -> None:
    """Strikes a task from a draft, for one that was recorded by mistake.

    One that was circulated stays for its readers until the next version is. Raises seen.Changed.
    """
    locked = locked_draft(minutes, by=by)
    was_circulated = _as_shown(locked, task, shown, by=by).circulated is not None
    audit.record(
        by=by, action="task.struck" if was_circulated else "task.removed", obj=task,
        agreement=locked.meeting.body.agreement.slug,
        note=task.number, now=now,
    )  # fmt: skip
    found = ActionItem.objects.filter(pk=task.pk, item__meeting=locked.meeting)
    found.filter(circulated__isnull=True).delete()
    found.update(is_struck=True)


def mark_of(task: ActionItem) -> str:
    """What a page that shows this task carries."""
    return seen.mark(task.what, task.who, task.partner_id, task.due_on, task.state, task.closing_note)


def _as_shown(minutes: Minutes, task: ActionItem, shown: str, *, by: User) -> ActionItem:
    found = ActionItem.objects.filter(pk=task.pk, item__meeting=minutes.meeting_id, is_struck=False)
    there = found.select_related("partner__authority").first()
    if there is None:
        raise Refused(IS_STRUCK)
    if (mark := mark_of(there)) != shown:
        until = f"bis {day(there.due_on)}" if there.due_on else "ohne Termin"
        partner = there.partner.short_name if there.partner else "alle Partner gemeinsam"
        words = f"„{there.what}“, {there.who or 'niemand genannt'}, {partner}, {until}.{closed_words(there)}"
        who = who_changed(there, "task.changed", "task.closed", "task.reopened", reader=by)
        raise seen.Changed(CHANGED.format(who=who, there=words), mark)
    return there


def keep_as_circulated(minutes: Minutes) -> None:
    """Before circulated minutes are written anew, in their transaction: what everybody was told of stays readable."""
    tasks = list(ActionItem.objects.filter(item__meeting=minutes.meeting_id, is_struck=False))
    for task in tasks:
        task.circulated = task.agreed
    ActionItem.objects.bulk_update(tasks, ["circulated"])


def replace_circulated(minutes: Minutes, *, by: User, now: datetime) -> None:
    """When the next version is circulated, in its transaction: tasks are what it says, struck ones go.

    A struck one that somebody closed meanwhile stays with his note, as everybody was told of it. One that now says
    something else is open again: what was done and noted was about other words.
    """
    tasks = ActionItem.objects.filter(item__meeting=minutes.meeting_id)
    is_open = Q(state=ActionItem.State.OPEN)
    for task in tasks.filter(is_open, is_struck=True):
        task.delete()
    for task in tasks.exclude(is_open).select_related("body__agreement"):
        if is_worded_anew(task):
            _reopen(task, by=by, now=now)
    tasks.filter(is_struck=False).update(circulated=None)


@transaction.atomic
def close_task(*, task: ActionItem, state: str, note: str, by: User, now: datetime) -> None:
    """Closes a task as done or dropped.

    Raises Refused when it is closed already, dropped without a reason, or belongs to another partner.
    """
    locked = _locked(task, by=by)
    is_open = locked.state == ActionItem.State.OPEN
    writing.check_close(number=locked.number, is_open=is_open, state=state, note=note)
    locked.state, locked.closing_note = state, note
    locked.closed_at, locked.closed_by = now, by
    locked.save(update_fields=["state", "closing_note", "closed_at", "closed_by"])
    _record(locked, "task.closed", by=by, now=now)


@transaction.atomic
def reopen_task(*, task: ActionItem, by: User, now: datetime) -> None:
    """Opens a closed task again; what was noted at the closing is dropped, the trail keeps both acts."""
    locked = _locked(task, by=by)
    if locked.is_struck and not Minutes.objects.filter(meeting__items=locked.item_id, state="DRAFT").exists():
        raise Refused(IS_GONE)
    writing.check_reopen(number=locked.number, is_open=locked.state == ActionItem.State.OPEN)
    _reopen(locked, by=by, now=now)


def _reopen(task: ActionItem, *, by: User, now: datetime) -> None:
    task.state, task.closing_note = ActionItem.State.OPEN, ""
    task.closed_at = task.closed_by = None
    task.save(update_fields=["state", "closing_note", "closed_at", "closed_by"])
    _record(task, "task.reopened", by=by, now=now)


def _locked(task: ActionItem, *, by: User) -> ActionItem:
    rows = ActionItem.objects.select_for_update(of=("self",)).select_related("body__agreement")
    locked = rows.get(pk=task.pk).as_circulated()
    writing.check_task_update(allowed=may_update(by, locked.body.agreement, locked.partner_id))
    return locked


def _record(task: ActionItem, action: str, *, by: User, now: datetime) -> None:
    audit.record(by=by, action=action, obj=task, agreement=task.body.agreement.slug, note=task.number, now=now)
