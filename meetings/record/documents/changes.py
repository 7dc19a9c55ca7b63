"""What changed between two versions of minutes: header, people, and item by item."""

from collections.abc import Mapping
from dataclasses import dataclass

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
    """The parts in which something changed, and the names of those that stayed as they were."""

    parts: tuple[Part, ...]
    unchanged: tuple[str, ...]


def between(before: Frozen, after: Frozen) -> Changes:
    """Everything that differs but number and day of the version."""
    old, new = texts_of(before), texts_of(after)
    parts = [
        Part(f"teil-{place}", _title(key, before, after), changes_between(old.get(key, {}), new.get(key, {})))
        for place, key in enumerate([*new, *(key for key in old if key not in new)], 1)
    ]
    return Changes(
        parts=tuple(part for part in parts if part.changes),
        unchanged=tuple(part.title for part in parts if not part.changes),
    )


HEADER, PEOPLE = "Angaben zur Sitzung", "Teilnehmende"


def _title(key: str, before: Frozen, after: Frozen) -> str:
    """An item bears its title of after; one that is gone that of before."""
    items = {item.number: item.title for frozen in (before, after) for item in frozen.document.items}
    return f"TOP {key} {items[key]}" if key in items else key


def texts_of(frozen: Frozen) -> dict[str, Mapping[str, str]]:
    """The parts of minutes, each as named texts."""
    document = frozen.document
    items: dict[str, Mapping[str, str]] = {item.number: _item(item) for item in document.items}
    return {HEADER: _header(frozen), PEOPLE: _people(document)} | items


def _header(frozen: Frozen) -> dict[str, str]:
    document, sender = frozen.document, frozen.sender
    ends = f" bis {document.ends_at:%H:%M}" if document.ends_at else ""
    return {
        "Gremium": document.body,
        "Tag": day(document.held_on),
        "Zeit": f"{document.starts_at:%H:%M}{ends} Uhr",
        "Ort": document.place,
        "Videokonferenz": "ja" if document.has_link else "nein",
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
    found: dict[str, list[str]] = {}
    for delegation in document.delegations:
        for person in delegation.people:
            found.setdefault(f"{person.name}, {person.function} ({delegation.partner})", []).append(person.attendance)
    for guest in document.guests:
        where = f"zu TOP {guest.item_number}" if guest.item_number else "ganze Sitzung"
        found.setdefault(f"{guest.name}, {guest.office} (Gast)", []).append(where)
    return {name: "\n".join(texts) for name, texts in found.items()}


def _item(item: Item) -> dict[str, str]:
    texts = {"Titel": item.title, "Text": item.text, "Ergebnis": item.outcome}
    for resolution in item.resolutions:
        if resolution.has_consensus:
            texts[f"Beschluss {resolution.number}"] = resolution.text
        texts |= {f"Auffassung {view.partner}": view.text for view in resolution.views}
    for task in item.tasks:
        until = f"bis {day(task.due_on)}" if task.due_on else "ohne Frist"
        texts[f"Aufgabe {task.number}"] = f"{task.what}\n{task.who or 'noch niemand'}, {until}"
    return texts
