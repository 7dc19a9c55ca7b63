"""What fell due under an agreement, as the apps above judge it, and what a version from a past day makes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from members.models import Agreement


@dataclass(frozen=True)
class FallenDue:
    """One occurrence: what it is and by when in words, and its effective day."""

    what: str
    until: str
    on: date


Key = tuple[str, ...]  # what makes an occurrence the same one under another version
Teller = Callable[[Agreement, date], Mapping[Key, FallenDue]]
_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Called by apps above in `ready()`."""
    _tellers.append(teller)


def fallen_due(agreement: Agreement, today: date) -> dict[Key, FallenDue]:
    """Everything that fell due under an agreement or comes next, by the versions that are stored."""
    return {key: due for teller in _tellers for key, due in teller(agreement, today).items()}


@dataclass(frozen=True)
class Moved:
    """What was due in the past and is due otherwise by a new version; empty where it was not or is not any more."""

    what: str
    before: str
    after: str


def moved(before: Mapping[Key, FallenDue], after: Mapping[Key, FallenDue], today: date) -> tuple[Moved, ...]:
    """The occurrences of which a day before today changes, in the order of days."""
    found = []
    for key in before.keys() | after.keys():
        there = [each for each in (before.get(key), after.get(key)) if each]
        first = min(each.on for each in there)
        texts = [found_there.until if (found_there := side.get(key)) else "" for side in (before, after)]
        if first < today and texts[0] != texts[1]:
            found.append((first, Moved(there[0].what, *texts)))
    return tuple(each for _, each in sorted(found, key=lambda one: (one[0], one[1].what)))
