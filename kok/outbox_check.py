"""Whether every message stands in the outbox as the application wrote it (ADR 23); nothing here writes.

Each row has a mark over what is sent to whom, and over how that stands: so one that was put in, changed, or said to be
sent past the application is found. One that was deleted is not: only the worker's role can delete one.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from kok import chains
from kok.findings import ToldFinding, first, told
from kok.models import OutboxMessage
from kok.readable import readable
from kok.vault import key_required

TITLE = "Nachrichten"
NOT_OURS = "Nachricht Nr. {number}: An der Anwendung vorbei eingefügt oder geändert; ihr Siegel passt nicht."
PUT_ASIDE = (
    "Nachricht Nr. {number}: Nicht gesendet, weil sie als fremd galt; nun passt ihr Siegel. Technik kann sie unter "
    "Aufträge noch einmal senden."
)
AT_ONCE = 50  # rows in memory: each may hold a megabyte (`kok.database.bounds`)


def findings(today: date) -> Sequence[str]:
    """A sentence for each message that does not stand as it was written. Raises Refused without the key."""
    with key_required(chains.NO_KEY):
        return first(TITLE, _findings())


def _findings() -> Iterator[ToldFinding]:
    unreadable: list[int] = []
    for row in readable(OutboxMessage.objects.order_by("pk"), unreadable.append, AT_ONCE):
        if not row.is_ours():
            yield told(NOT_OURS, TITLE, number=row.pk)
        elif row.state == OutboxMessage.State.FOREIGN:
            yield told(PUT_ASIDE, TITLE, number=row.pk)
    yield from (told(NOT_OURS, TITLE, number=number) for number in unreadable)
