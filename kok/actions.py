"""What administrators do with work that failed."""

from datetime import datetime
from typing import Any

from django.db import transaction

from kok import audit, outbox


@transaction.atomic
def retry_message(*, message_id: int, by: Any, now: datetime) -> None:
    """Puts a failed message back into the queue; one that was sent or waits stays as it is."""
    outbox.retry(message_id=message_id, now=now)
    audit.record(by=by, action="message.retried", note=f"Nachricht {message_id}", now=now)
