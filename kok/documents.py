"""Files that a worker makes: asked for once, shown with their progress, kept byte for byte."""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from kok.errors import Refused
from kok.models import Document
from kok.outbox import publish

log = logging.getLogger(__name__)
State = Document.State
STUCK_AFTER = timedelta(minutes=5)

# Makes the bytes from the number of the object and the version; pure reading, safe to repeat.
Renderer = Callable[[int, int], bytes]
_renderers: dict[str, Renderer] = {}


def register(kind: str, renderer: Renderer) -> None:
    """Called by apps in `ready()`: who can make documents of this kind."""
    _renderers[kind] = renderer


def request(*, kind: str, object_id: int, version: int, filename: str, now: datetime) -> Document:
    """Asks for a document. A second click finds the first request; one that failed is tried again."""
    with transaction.atomic():
        document, created = Document.objects.defer("content").get_or_create(
            kind=kind,
            object_id=object_id,
            version=version,
            defaults={"filename": filename, "requested_at": now},
        )
        if not created and document.state == State.FAILED:
            document.state, document.error, document.requested_at = State.WAITING, "", now
            document.save(update_fields=["state", "error", "requested_at"])
        if document.state == State.WAITING:
            transaction.on_commit(lambda: publish("kok.render", document.pk), robust=True)
    return document


def render(document_id: int, *, now: datetime) -> None:
    """Makes the file of a request. Running it twice, or after a killed worker, does no harm."""
    document = Document.objects.defer("content").filter(pk=document_id).exclude(state=State.DONE).first()
    if document is None:
        return
    _set(document_id, state=State.WORKING, error="")
    try:
        content = _renderers[document.kind](document.object_id, document.version)
    except Exception as error:  # noqa: BLE001  the page must learn of any failure, the text stays untouched
        log.warning("Dokument %s (%s): %s", document_id, document.kind, type(error).__name__)
        reason = str(error) if isinstance(error, Refused) else ""
        _set(document_id, state=State.FAILED, error=reason[:300])
        return
    _set(
        document_id,
        state=State.DONE,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        finished_at=now,
        error="",
    )


def _set(document_id: int, **values: object) -> None:
    Document.objects.filter(pk=document_id).exclude(state=State.DONE).update(**values)


def sweep(*, now: datetime) -> int:
    """Publishes again what a lost broker or a killed worker left behind; how many."""
    stuck = Document.objects.filter(
        state__in=[State.WAITING, State.WORKING], requested_at__lte=now - STUCK_AFTER
    ).values_list("pk", flat=True)
    for pk in stuck:
        publish("kok.render", pk)
    return len(stuck)
