"""The trail of acts: one line to write, append-only in the database."""

from datetime import datetime
from typing import Any

from django.db.models import Model

from kok.models import AuditEvent


def record(
    *, by: Any | None, action: str, obj: Model | None = None, agreement: str = "", note: str = "", now: datetime
) -> None:
    """Writes down who did what to which object. `by=None` is the application itself; `note` names no person."""
    AuditEvent.objects.create(
        at=now,
        actor_id=by.pk if by else None,
        actor=by.get_username() if by else "",
        action=action,
        agreement=agreement,
        object_kind=obj._meta.label if obj else "",
        object_id=str(obj.pk) if obj else "",
        note=note,
    )
