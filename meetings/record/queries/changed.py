"""Who was quicker: who changed something last, and when, from the trail."""

from django.db.models import Model

from kok import queries
from kok.models import AuditEvent, User
from kok.words import day_at


def who_changed(row: Model, *acts: str, reader: User) -> str:
    """Who did one of these acts last, as a sentence begins: `Antonia Abel hat am 17.11.2026 um 10:42 Uhr`.

    Where it was the reader himself he learns that it was in another window; where the trail does not say, somebody did.
    """
    act = queries.history_of([(row._meta.label, row.pk)]).filter(action__in=acts).order_by("-at", "-pk").first()
    if act is None:
        return "Jemand hat"
    if act.actor_id == reader.pk:
        return f"Sie selbst haben am {day_at(act.at)} in einem anderen Fenster"
    return f"{name_of(act)} hat am {day_at(act.at)}"


def name_of(act: AuditEvent) -> str:
    """The name of whoever acted, as it is today, or how the account was called."""
    return queries.account_names([act.actor_id]).get(act.actor_id or 0) or act.actor
