"""The tasks of an agreement, and who may close them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from kok.access import Permission, can, partners_of
from kok.models import User
from meetings.models import ActionItem, Minutes
from members.models import Agreement, Body, Partner

State = ActionItem.State


@dataclass(frozen=True)
class Choices:
    """What the list of tasks can be filtered by."""

    partners: list[Partner]
    bodies: list[Body]


def tasks_visible_to(user: User, agreement: Agreement) -> QuerySet[ActionItem]:
    """Tasks of a draft are for the secretariats only, as the draft is; others see them as they were circulated."""
    found = ActionItem.objects.filter(body__agreement=agreement)
    if can(user, Permission.MINUTES_WRITE, agreement):
        return found.filter(is_struck=False)
    if not can(user, Permission.MEETING_READ, agreement):
        return found.none()
    return tasks_of_circulated_minutes().filter(body__agreement=agreement)


def tasks_of_circulated_minutes() -> QuerySet[ActionItem]:
    """What everybody in the conference may know, each as in the newest circulated version by `as_circulated`."""
    is_draft = Q(item__meeting__minutes__state=Minutes.State.DRAFT)
    return ActionItem.objects.filter(~is_draft | Q(circulated__isnull=False))


def as_circulated(task: ActionItem) -> ActionItem:
    """The task as everybody was told of it, while its minutes are written anew. It must not be saved as a whole."""
    if task.circulated is not None:
        task.what, task.who, task.partner_id = (task.circulated[name] for name in ("what", "who", "partner"))
        due_on = task.circulated["due_on"]
        task.due_on = date.fromisoformat(due_on) if due_on else None
    return task


def shown_to(user: User, agreement: Agreement, tasks: Iterable[ActionItem]) -> list[ActionItem]:
    """Visible tasks as this person may read them: the secretariats as they are written now."""
    if can(user, Permission.MINUTES_WRITE, agreement):
        return list(tasks)
    return [as_circulated(task) for task in tasks]


def tasks_of(
    user: User, agreement: Agreement, *, state: str = "", partner: str = "", body: str = ""
) -> QuerySet[ActionItem]:
    """The tasks that this person may see: open ones, the most urgent first; then closed ones, the last closed first.

    `state` is "" for open, "abgeschlossen" or "alle"; partner and body are slugs.
    """
    shown = {"": Q(state=State.OPEN), "abgeschlossen": ~Q(state=State.OPEN)}.get(state, Q())
    found = tasks_visible_to(user, agreement).filter(shown)
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
    rows = tasks_visible_to(user, agreement).select_related(
        "body__agreement", "partner__authority", "item__meeting__body"
    )
    return next(iter(shown_to(user, agreement, rows.filter(pk=pk))), None)


def may_update(user: User, agreement: Agreement, partner: int | None) -> bool:
    """The secretariats update every task, the others those of their own partner."""
    if can(user, Permission.MINUTES_WRITE, agreement):
        return True
    return partner in partners_of(user, Permission.TASK_UPDATE, agreement)
