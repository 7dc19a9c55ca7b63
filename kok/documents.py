"""Files that a worker makes: asked for once, shown with their progress, kept byte for byte."""

import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime

from django.db import Error, connection, transaction
from django.db.models import CharField, Func, Min, Q

from kok import outage, turns
from kok.errors import Refused
from kok.models import Document
from kok.outbox import publish
from kok.vocabulary import DOCUMENTS

log = logging.getLogger(__name__)
State = Document.State
OPEN = (State.WAITING, State.WORKING)
OTHER_BYTES = "Dokument Nr. {number}: Der Inhalt wurde an der Anwendung vorbei geändert; er wird nicht herausgegeben."
INTERRUPTED = "Die Erstellung wurde mehrmals abgebrochen. Der Text ist unverändert gespeichert."

# Makes the bytes from the number of the object and the version; pure reading, safe to repeat.
Renderer = Callable[[int, int], bytes]
_renderers: dict[str, Renderer] = {}


def register(kind: str, renderer: Renderer) -> None:
    """Called by apps in `ready()`: who can make documents of this kind."""
    _renderers[DOCUMENTS.known(kind)] = renderer


def request(*, kind: str, object_id: int, version: int, filename: str, now: datetime) -> Document:
    """Asks for a document. A second click finds the first request; one that failed is tried again."""
    with transaction.atomic():
        document, created = Document.objects.defer("content").get_or_create(
            kind=DOCUMENTS.known(kind),
            object_id=object_id,
            version=version,
            defaults={"filename": filename, "requested_at": now},
        )
        if not created and document.state == State.FAILED:
            document.state, document.error, document.requested_at, document.interrupted = State.WAITING, "", now, 0
            document.save(update_fields=["state", "error", "requested_at", "interrupted"])
        if document.state == State.WAITING:
            transaction.on_commit(lambda: publish("kok.render", document.pk), robust=True)
    return document


def render(document_id: int, *, now: datetime) -> None:
    """Makes the file of a request. Running it twice, at the same time or after a killed worker, does no harm."""
    try:
        with turns.take(_turn(document_id)) as is_ours:
            if is_ours:
                _draw(document_id, now)
    except Exception as error:
        if outage.cause(error) is None:
            raise
        log.warning("Dokument %s: %s, es wird wieder versucht.", document_id, type(error).__name__)
        connection.close_if_unusable_or_obsolete()
        with suppress(Error):
            _set(document_id, state=State.WAITING)


def _turn(document_id: int) -> str:
    return f"document:{document_id}"


def _draw(document_id: int, now: datetime) -> None:
    document = Document.objects.defer("content").filter(pk=document_id, state__in=OPEN, sha256="").first()
    if document is None:  # none is drawn anew where a file is, whatever its state says
        return
    interrupted = document.interrupted + (document.state == State.WORKING)  # by a process that is no more
    if interrupted >= turns.MOST_INTERRUPTIONS:
        log.error("Dokument %s (%s) hat %s Prozesse beendet.", document_id, document.kind, interrupted)
        _set(document_id, state=State.FAILED, error=INTERRUPTED)
        return
    _set(document_id, state=State.WORKING, error="", interrupted=interrupted)
    try:
        content = _renderers[document.kind](document.object_id, document.version)
    except Exception as error:  # the page must learn of any failure, the text stays untouched
        if outage.cause(error):
            raise
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
    Document.objects.filter(pk=document_id, sha256="").exclude(state=State.DONE).update(**values)


def sweep() -> int:
    """Tells a worker again of every document that waits or whose process is no more; how many.

    A lost broker or a killed worker left them behind, or they stand in the queue: to be told twice does no harm.
    """
    waiting = list(
        Document.objects.filter(state__in=OPEN, sha256="").order_by("requested_at").values_list("pk", flat=True)
    )
    taken = turns.taken(map(_turn, waiting))
    left = [pk for pk in waiting if _turn(pk) not in taken]
    for pk in left:
        publish("kok.render", pk)
    return len(left)


def findings(today: date) -> list[str]:
    """A sentence for each file of which the bytes are not those that were made, or gone; its row has a seal.

    Whatever its state says, which is not sealed.
    """
    made = Document.objects.filter(Q(state=State.DONE) | ~Q(sha256=""))
    other = made.filter(Q(content=None) | ~Q(sha256=_Checksum("content"))).order_by("pk")
    return [OTHER_BYTES.format(number=number) for number in other.values_list("pk", flat=True)]


class _Checksum(Func):
    """SHA-256 of bytes, by the database: it need not send them."""

    template = "encode(sha256(%(expressions)s), 'hex')"
    output_field = CharField()


def oldest_waiting() -> datetime | None:
    """When the document was asked for that has waited longest and is not there yet; None when none waits."""
    found: datetime | None = Document.objects.filter(state__in=OPEN).aggregate(oldest=Min("requested_at"))["oldest"]
    return found
