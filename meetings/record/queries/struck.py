"""What was struck from a draft while somebody had it open, and by whom."""

from kok import queries, words
from meetings.record.models import ActionItem, Resolution

STRUCK = {"task": ActionItem, "resolution": Resolution}


def struck(kind: str, pk: int, agreement: str) -> str:
    """Who struck a task or a resolution from a draft of this agreement, as a sentence; "" where nobody did."""
    acts = queries.history_of([(STRUCK[kind]._meta.label, pk)])
    act = (
        acts.filter(action__in=[f"{kind}.removed", f"{kind}.struck"], agreement=agreement)
        .order_by("-at", "-pk")
        .first()
    )
    if act is None:
        return ""
    by = queries.account_names([act.actor_id]).get(act.actor_id or 0) or act.actor
    what = "Diese Aufgabe" if kind == "task" else "Dieser Beschluss"
    return f"{what} wurde inzwischen gestrichen, am {words.day_at(act.at)} von {by}."


def left_with_version(task: int, agreement: str) -> bool:
    """Whether everybody was told of a task that is gone: it was struck, and the next version came without it."""
    acts = queries.history_of([(ActionItem._meta.label, task)])
    is_gone = not ActionItem.objects.filter(pk=task).exists()
    return is_gone and acts.filter(action="task.struck", agreement=agreement).exists()
