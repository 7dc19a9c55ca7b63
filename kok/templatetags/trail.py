"""The German words of the trail and of messages: what is stored as a code is shown as a sentence."""

from collections.abc import Sequence
from typing import TypedDict

from django import template
from django.apps import apps

from kok.vocabulary import ACTS, DOCUMENTS, MAILS

register = template.Library()


@register.filter
def act(code: str) -> str:
    """`seat.assigned` as "Sitz besetzt"; a code without words stays as it is."""
    return ACTS.word(code)


@register.filter
def message(kind: str) -> str:
    """What a message is about, without any content."""
    return MAILS.word(kind)


@register.filter
def document(kind: str) -> str:
    """What a document is."""
    return DOCUMENTS.word(kind)


THINGS = {"account.EmailAddress": "E-Mail-Adresse eines Kontos", "mfa.Authenticator": "Zweiter Faktor"}  # of allauth


@register.filter
def thing(label: str) -> str:
    """`meetings.Meeting` as "Sitzung"; a model that no longer exists keeps its name, and so does what is none."""
    if label in THINGS:
        return THINGS[label]
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label


SOURCES = {"found": "gefunden", "own": "eigene Lesart", "proposal": "Vorschlag"}


@register.filter
def source(mark: str) -> str:
    """Where a period comes from: read in the law or in public material, our reading of it, or a proposal."""
    return SOURCES[mark]


class RunLine(TypedDict):
    """What the report of a run says of one rule."""

    erased: int
    failed: str


@register.filter
def erased(lines: Sequence[RunLine]) -> str:
    """What a run of the retention rules erased, in a few words."""
    number, failed = sum(line["erased"] for line in lines), sum(bool(line["failed"]) for line in lines)
    told = f"{number} gelöscht" if number else "nichts gelöscht"
    return f"{told}, {failed} nicht gelungen" if failed else told
