"""The tasks of an agreement, and who may close them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from kok.access import Permission, can, partners_of
from kok.models import User
from meetings.record.models import ActionItem, Minutes, sees_drafts
from meetings.record.rules.codes import MinutesState
from members.models import Agreement, Body, Partner

State = ActionItem.State


@dataclass(frozen=True)
class Choices:
    """What the list of tasks can be filtered by."""

    partners: list[Partner]
    bodies: list[Body]


def closed_meanwhile(minutes: Minutes) -> list[ActionItem]:
    """Tasks that somebody closed as he was told of them, and that the draft strikes or words anew."""
    told = ActionItem.objects.filter(item__meeting=minutes.meeting_id, circulated__isnull=False)
    found = told.filter(item__meeting__minutes__state=MinutesState.DRAFT).exclude(state=State.OPEN).order_by("number")
    return [task for task in found if task.is_struck or task.circulated != task.agreed]


def is_worded_anew(task: ActionItem) -> bool:
    """Whether the draft says something else is to be done: who closed it did not do that."""
    return not task.is_struck and task.circulated is not None and task.circulated["what"] != task.what


def shown_to(user: User, agreement: Agreement, tasks: Iterable[ActionItem]) -> list[ActionItem]:
    """Visible tasks as this person may read them: as they are written now, or as they were circulated."""
    if sees_drafts(user, agreement):
        return list(tasks)
    return [task.as_circulated() for task in tasks]


def tasks_of(
    user: User, agreement: Agreement, *, state: str = "", partner: str = "", body: str = ""
) -> QuerySet[ActionItem]:
    """The tasks that this person may see: open ones, the most urgent first; then closed ones, the last closed first.

    `state` is "" for open, "abgeschlossen" or "alle"; partner and body are slugs.
    """
    shown = {"": Q(state=State.OPEN), "abgeschlossen": ~Q(state=State.OPEN)}.get(state, Q())
    found = ActionItem.objects.visible_to(user, agreement).filter(shown)
    if partner:
        found = found.filter(partner__authority__slug=partner)
    if body:
        found = found.filter(body__slug=body)
    rows = found.select_related("body", "partner__authority", "item__meeting__body", "closed_by")
    return rows.order_by(F("closed_at").desc(nulls_first=True), "due_on", "number")


def choices_of(agreement: Agreement) -> Choices:
    """Partners and bodies of the agreement, in their order."""
    return Choices(list(Partner.objects.filter(agreement=agreement)), list(Body.objects.filter(agreement=agreement)))


def task_in(user: User, agreement: Agreement, pk: int) -> ActionItem | None:
    """One task that this person may see."""
    rows = ActionItem.objects.visible_to(user, agreement).select_related(
        "body__agreement", "partner__authority", "item__meeting__body"
    )
    return next(iter(shown_to(user, agreement, rows.filter(pk=pk))), None)


def may_update(user: User, agreement: Agreement, partner: int | None) -> bool:
    """The secretariats update every task, the others those of their own partner."""
    if can(user, Permission.MINUTES_WRITE, agreement):
        return True
    return partner in partners_of(user, Permission.TASK_UPDATE, agreement)
