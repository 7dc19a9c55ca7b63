"""What a page shows before it goes out, part by part, so that whoever sends it learns what was changed since."""

from collections.abc import Iterable

from meetings.record.documents.changes import texts_of
from meetings.record.documents.closed_tasks import reported_meanwhile
from meetings.record.documents.minutes import frozen_now
from meetings.record.models import Minutes
from meetings.record.queries.distribution import Recipient


def parts_of_draft(minutes: Minutes, readers: Iterable[Recipient]) -> dict[str, object]:
    """Minutes as they would be circulated now, and who would be told; by the names that the parts have on the page."""
    frozen = frozen_now(minutes)
    tops = {item.number: f"TOP {item.number}" for item in frozen.document.items}
    texts: dict[str, object] = {tops.get(part, part): text for part, text in texts_of(frozen).items()}
    return texts | {
        "Was zu Aufgaben gemeldet wurde": reported_meanwhile(minutes),
        "Wer eine Nachricht erhält": [(reader.key, reader.email, reader.by_link) for reader in readers],
    }
