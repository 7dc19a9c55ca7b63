"""What was struck from a draft while somebody had it open, and by whom."""

from dataclasses import dataclass
from datetime import datetime

from kok import queries
from meetings.record.models import ActionItem, Resolution
from meetings.record.queries.changed import name_of
from meetings.record.rules.codes import OutcomeKind

_MODELS = {OutcomeKind.TASK: ActionItem, OutcomeKind.RESOLUTION: Resolution}


@dataclass(frozen=True)
class Strike:
    """Who struck something, and when."""

    by: str
    at: datetime


def strike_of(kind: OutcomeKind, pk: int, agreement: str) -> Strike | None:
    """Who struck a task or a resolution from a draft of this agreement; None where nobody did."""
    acts = queries.history_of([(_MODELS[kind]._meta.label, pk)]).order_by("-at", "-pk")
    act = acts.filter(action__in=[f"{kind}.removed", f"{kind}.struck"], agreement=agreement).first()
    if act is None:
        return None
    return Strike(name_of(act), act.at)


def left_with_version(task: int, agreement: str) -> bool:
    """Whether everybody was told of a task that is gone: it was struck, and the next version came without it."""
    acts = queries.history_of([(ActionItem._meta.label, task)])
    is_gone = not ActionItem.objects.filter(pk=task).exists()
    return is_gone and acts.filter(action="task.struck", agreement=agreement).exists()
