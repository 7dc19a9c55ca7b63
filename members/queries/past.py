"""What fell due under an agreement, as the apps above judge it, and what a version from a past day makes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from members.models import Agreement


@dataclass(frozen=True)
class FallenDue:
    """One occurrence: what it is and by when in words, and its effective day."""

    what: str
    until: str
    on: date


NOT_DUE = FallenDue("", "", date.max)
Key = tuple[str, ...]  # what makes an occurrence the same one under another version
Teller = Callable[[Agreement, date], Mapping[Key, FallenDue]]
_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Called by apps above in `ready()`."""
    _tellers.append(teller)


def fallen_due(agreement: Agreement, today: date) -> dict[Key, FallenDue]:
    """Everything that fell due under an agreement or comes next, by the versions that are stored."""
    found: dict[Key, FallenDue] = {}
    for teller in _tellers:
        found |= teller(agreement, today)
    return found


@dataclass(frozen=True, order=True)
class Moved:
    """What was due in the past and is due otherwise by a new version; empty where it was not or is not any more."""

    what: str
    before: str
    after: str


def moved(before: Mapping[Key, FallenDue], after: Mapping[Key, FallenDue], today: date) -> tuple[Moved, ...]:
    """The occurrences of which a day before today changes, in the order of days."""
    found = []
    for key in before.keys() | after.keys():
        was, now = before.get(key, NOT_DUE), after.get(key, NOT_DUE)
        first = min(was.on, now.on)
        if first < today and was.until != now.until:
            found.append((first, Moved(was.what or now.what, was.until, now.until)))
    return tuple(map(itemgetter(1), sorted(found)))
