"""What a page showed, so that nobody overwrites or strikes what he has not seen.

A form that changes what two people may have before them carries a mark of the values that stood there. The action
compares it under its lock, and refuses with what stands there now; sent once more, the form is meant.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django import forms

from kok.errors import Refused

FIELD = "seen"


class Changed(Refused):
    """Somebody else was quicker; `now` is the mark of what stands there."""

    def __init__(self, sentence: str, now: str) -> None:
        super().__init__(sentence)
        self.now = now


def mark(*values: object) -> str:
    """The same for the same values, and for nothing else."""
    return sha256(json.dumps(values, default=str, sort_keys=True).encode()).hexdigest()[:32]


def marks(parts: Mapping[str, object]) -> str:
    """A short mark for each part of what a page shows, by the name of the part: what differs later can be named."""
    return json.dumps({name: mark(value)[:12] for name, value in parts.items()}, ensure_ascii=False)


def differing(shown: str, now: Mapping[str, object]) -> list[str]:
    """The names of the parts that are not as `shown` says, or came or went; all, when it says nothing."""
    before, after = _marks(shown), _marks(marks(now))
    names = [*after, *(name for name in before if name not in after)]
    return [name for name in names if before.get(name) != after.get(name)]


def _marks(shown: str) -> dict[str, Any]:
    try:
        found = json.loads(shown)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def carry(form: Any, shown: str) -> None:
    """Lets a form carry the mark of what its page shows. Before it is validated."""
    form.fields[FIELD] = forms.CharField(widget=forms.HiddenInput, required=False, initial=shown)


def refuse(form: Any, refused: Refused) -> None:
    """Says on the form why nothing was done. What was typed stays, and sent again it is meant."""
    form.add_error(None, refused.sentence)
    if isinstance(refused, Changed):
        typed = form.data.copy()
        typed[form.add_prefix(FIELD)] = refused.now
        form.data = typed
