"""Tasks as their list shows them: where each stands, and whether this person may close it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kok.models import User
from kok.words import day, days_until
from meetings.record.models import ActionItem
from meetings.record.queries.tasks import may_update, shown_to
from meetings.record.rules.codes import TaskState
from members.models import Agreement


@dataclass(frozen=True)
class TaskLine:
    """One task in the list: word and tone of its badge, what stands below it, and whether it can be closed here."""

    task: ActionItem
    words: str
    tone: str
    more: str
    may_close: bool


def task_lines(user: User, agreement: Agreement, tasks: Iterable[ActionItem], today: date) -> list[TaskLine]:
    """These tasks as this person may read them."""
    return [
        TaskLine(task, *_standing(task, today), task.is_open and may_update(user, agreement, task.partner_id))
        for task in shown_to(user, agreement, tasks)
    ]


def _standing(task: ActionItem, today: date) -> tuple[str, str, str]:
    state = TaskState(task.state)
    if not task.is_open:
        struck = ", seitdem im Protokoll gestrichen" if task.is_struck else ""
        return state.label, state.tone, f"am {day(task.closed_at)}{struck}"
    until = days_until(task.due_on, today)
    if task.due_on and task.due_on < today:
        return until, "danger", ""
    return state.label, state.tone, until


SENTENCES = {
    "": "offen, die dringendsten zuerst",
    "abgeschlossen": "abgeschlossen, die zuletzt abgeschlossenen zuerst",
    "alle": "insgesamt, offene zuerst",
}
