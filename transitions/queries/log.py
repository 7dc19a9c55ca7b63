"""The access log as its readers and its check need it."""

import json

from transitions.models import AccessLogEntry

SEALED_FIELDS = (
    "chain", "position", "actor_id", "actor", "role", "agreement", "action", "reason", "version", "list_year",
    "case_ref",
)  # fmt: skip


def sealed_words(entry: AccessLogEntry, before: str) -> str:
    """Everything that the seal of an entry covers, with the seal before it."""
    words = {name: getattr(entry, name) for name in SEALED_FIELDS}
    words |= {"day": entry.day.isoformat(), "at": entry.at.isoformat(), "before": before}
    return json.dumps(words, sort_keys=True, ensure_ascii=False, default=str)
