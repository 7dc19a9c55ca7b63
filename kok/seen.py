"""What a page showed, so that nobody overwrites or strikes what he has not seen.

A form that changes what two people may have before them carries a mark of the values that stood there. The action
compares it under its lock, and refuses with what stands there now; sent once more, the form is meant.
"""

import json
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
