"""What changed between two versions of minutes: header, people, and item by item."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from kok.words import day
from meetings.record.documents.content import Item, MinutesDocument
from meetings.record.documents.frozen import Frozen
from meetings.record.rules.changes import Change, changes_between


@dataclass(frozen=True)
class Part:
    """A part of the minutes with what changed in it; `anchor` names its place on the page."""

    anchor: str
    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Changes:
    """All parts of both versions, also those that stayed as they were."""

    compared: tuple[Part, ...]

    @property
    def parts(self) -> list[Part]:
        """The parts in which something changed."""
        return [part for part in self.compared if part.changes]

    @property
    def unchanged(self) -> list[str]:
        """The names of those that stayed as they were."""
        return [part.title for part in self.compared if not part.changes]


def between(before: Frozen, after: Frozen) -> Changes:
    """Everything that differs but number and day of the version. An item that is gone bears its title of before."""
    old, new = texts_of(before), texts_of(after)
    items = chain(before.document.items, after.document.items)
    titles = {item.number: f"TOP {item.number} {item.title}" for item in items}
    parts = (
        Part(f"teil-{place}", titles.get(key, key), changes_between(old.get(key, {}), new.get(key, {})))
        for place, key in enumerate(dict.fromkeys([*new, *old]), 1)
    )
    return Changes(tuple(parts))


HEADER, PEOPLE = "Angaben zur Sitzung", "Teilnehmende"


def texts_of(frozen: Frozen) -> dict[str, Mapping[str, str]]:
    """The parts of minutes, each as named texts."""
    document = frozen.document
    items: dict[str, Mapping[str, str]] = {item.number: _item(item) for item in document.items}
    return {HEADER: _header(frozen), PEOPLE: _people(document)} | items


def _header(frozen: Frozen) -> dict[str, str]:
    document, sender = frozen.document, frozen.sender
    return {
        "Gremium": document.body,
        "Tag": day(document.held_on),
        "Zeit": f"{document.hours} Uhr",
        "Ort": document.where,
        "Leitung": document.chair,
        "Protokollführung": document.keeper,
        "Einladung": document.convened,
        "Beschlussfähigkeit": document.quorum,
        "Wer genehmigt": ", ".join(name for _, name in frozen.partners),
        "Briefkopf": "\n".join((sender.name, sender.represented_by, sender.office, *sender.address)),
        "Verteiler": document.distribution,
    }


def _people(document: MinutesDocument) -> dict[str, str]:
    """One text for each seat and guest. Two vacant seats of one function have one name, so theirs is joined."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, text in chain(_seated(document), _guests(document)):
        found[name].append(text)
    return {name: "\n".join(texts) for name, texts in found.items()}


def _seated(document: MinutesDocument) -> Iterator[tuple[str, str]]:
    for delegation in document.delegations:
        for person in delegation.people:
            yield f"{person.name}, {person.function} ({delegation.partner})", person.attendance


def _guests(document: MinutesDocument) -> Iterator[tuple[str, str]]:
    for guest in document.guests:
        yield f"{guest.name}, {guest.office} (Gast)", guest.there_for


def _item(item: Item) -> dict[str, str]:
    texts = {"Titel": item.title, "Nachgereicht": item.late, "Text": item.text, "Ergebnis": item.outcome}
    resolutions = {f"Beschluss {resolution.number}": resolution.text for resolution in item.agreed}
    proposed = {"Vorschlag ohne Einvernehmen": item.proposed}
    views = {f"Auffassung {view.partner}": view.text for view in item.views}
    tasks = {f"Aufgabe {task.number}": task.words for task in item.tasks}
    return texts | resolutions | proposed | views | tasks
