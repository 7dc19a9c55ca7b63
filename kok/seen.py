"""What a page showed, so that nobody overwrites or strikes what he has not seen.

A form that changes what two people may have before them carries a mark of the values that stood there. The action
compares it under its lock, and refuses with what stands there now; sent once more, the form is meant.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django import forms
from django.http import QueryDict

from kok.errors import Refused

FIELD = "seen"
MEANT = "Soll Ihre Eingabe gelten, wählen Sie den Knopf, der mit „Trotzdem“ beginnt."


class Changed(Refused):
    """Somebody else was quicker; `now` is the mark of what stands there."""

    def __init__(self, sentence: str, now: str) -> None:
        super().__init__(sentence)
        self.now = now


def check_shown(shown: str | None, there: str, sentence: str) -> None:
    """Raises Changed where a page showed something else than what is `there`; without a page `shown` is None."""
    if shown not in (None, there):
        raise Changed(sentence, there)


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


def _marks(shown: str) -> dict[str, object]:
    try:
        found = json.loads(shown)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def carry(form: forms.BaseForm, shown: str) -> None:
    """Lets a form carry the mark of what its page shows. Before it is validated."""
    form.fields[FIELD] = forms.CharField(widget=forms.HiddenInput, required=False, initial=shown)


def refuse(form: forms.BaseForm, refused: Refused, field: str | None = None) -> None:
    """Says on the form why nothing was done. What was typed stays, and sent again it is meant: its button says so."""
    if not isinstance(refused, Changed):
        form.add_error(field, refused.sentence)
        return
    form.add_error(None, f"{refused.sentence} {MEANT}")
    see(form, refused.now)
    vars(form)["overtaken"] = True


def see(form: forms.BaseForm, now: str) -> None:
    """Lets a form that was sent carry the mark of what its page shows now."""
    retype(form, {FIELD: now})


def sent(form: forms.BaseForm) -> QueryDict:
    """What was sent to a form, to be changed before it is shown again; joined with `|` it would hold lists."""
    typed = QueryDict(mutable=True)
    typed.update(form.data)
    return typed


def retype(form: forms.BaseForm, values: Mapping[str, Any]) -> None:
    """Lets a form that was sent show these values as if they had been typed; everything else stays as it was."""
    typed = sent(form)
    for name, value in values.items():
        typed[form.add_prefix(name)] = value
    form.data = typed


def button(form: forms.BaseForm, says: str) -> str:
    """What the button of a form says: after somebody else was quicker, "Trotzdem" and its verb, the last word."""
    return f"Trotzdem {says.rsplit(maxsplit=1)[-1].lower()}" if getattr(form, "overtaken", False) else says
