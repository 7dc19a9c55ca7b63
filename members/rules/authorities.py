"""The values of an authority on any day, from those of today and the changes on both sides of it."""

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from operator import attrgetter
from typing import Protocol

from kok import words
from kok.errors import require
from kok.months import months_later
from members.rules.leaving import Span


@dataclass(frozen=True, kw_only=True)
class Values:
    """What may change about an authority and yet leaves it the same one."""

    name: str
    short_name: str
    street: str
    postal_code: str
    city: str
    office_name: str = ""
    office_email: str = ""
    office_phone: str = ""

    @property
    def address(self) -> tuple[str, str]:
        """Street and town, as on an envelope."""
        return self.street, f"{self.postal_code} {self.city}"


FIELDS = tuple(field.name for field in fields(Values))
NAMES = ("name", "short_name")


class ValueChange(Protocol):
    """Other values from a day on; `replaced` is None as long as it is only planned."""

    from_on: date
    values: Mapping[str, str]
    replaced: dict[str, str] | None


@dataclass
class KnownChange:
    """A change as it is read beside something else, for asking only."""

    from_on: date
    values: Mapping[str, str]
    replaced: dict[str, str] | None


def values_on(today: Mapping[str, str], changes: Sequence[ValueChange], day: date) -> dict[str, str]:
    """The values on a day. `today` are those in force, `changes` all of the authority by day and order of entry.

    Before the first change the oldest known values count, for nobody knows others.
    """
    found = dict(today)
    for change in reversed(changes):
        if day < change.from_on:
            found |= change.replaced or {}
    for change in _planned(changes):
        if change.from_on <= day:
            found |= change.values
    return found


def _planned(changes: Iterable[ValueChange]) -> list[ValueChange]:
    return [change for change in changes if change.replaced is None]


def take_effect(change: ValueChange, later: Sequence[ValueChange], today: Mapping[str, str]) -> dict[str, str]:
    """Fills what a change replaced, and tells what else is in force today because of it.

    `later` are the changes done from a later day on, in their order: where one of them names the same value, that one
    stays in force, and what it replaced is now what this one brings.
    """
    found: dict[str, str] = {}
    replaced: dict[str, str] = {}
    places = (*filter(None, map(attrgetter("replaced"), later)), ChainMap(found, dict(today)))
    for name, value in change.values.items():
        place = next(each for each in places if name in each)
        replaced[name], place[name] = place[name], value
    change.replaced = replaced
    return found


def check_day(
    from_on: date,
    changes: Sequence[ValueChange],
    *,
    exists: tuple[date | None, date | None],
    signed_on: date | None,
    today: date,
) -> None:
    """Raises Refused for a day that is taken, before what counts already, or outside the life of the authority.

    What stood there on `signed_on`, when the latest of its agreements came into force, is what was signed. A year back
    is ours (proposal). The day of a change that counts is free again, so that a wrong one can be corrected.
    `exists` is half-open.
    """
    signed = signed_on or date.min
    planned = set(map(attrgetter("from_on"), _planned(changes)))
    done = {change.from_on for change in changes if change.replaced is not None}
    latest, earliest = max(done, default=date.min), months_later(today, -12)
    require(
        Span(exists[0] or date.min, exists[1]).covers(from_on),
        f"Die Behörde besteht {_lifetime(*exists)}. Es wurde nichts geändert. Wählen Sie einen Tag darin.",
    )
    require(
        signed < from_on,
        f"Am {words.day(signed)} ist eine Vereinbarung der Behörde in Kraft getreten. Was an diesem Tag hier "
        "stand, ist unterschrieben und bleibt. Es wurde nichts geändert. Wählen Sie einen späteren Tag.",
    )
    require(
        from_on not in planned,
        f"Ab dem {words.day(from_on)} ist schon eine Änderung vorgesehen. Es wurde nichts geändert. Ziehen Sie sie "
        "zuerst zurück oder wählen Sie einen anderen Tag.",
    )
    if from_on in done:
        return
    require(
        latest < from_on,
        f"Seit dem {words.day(latest)} gelten schon andere Angaben; davor ändert sich nichts mehr. Es wurde "
        "nichts geändert. Wählen Sie diesen Tag oder einen späteren. War ein früherer Eintrag falsch, ersetzen Sie "
        "ihn ab demselben Tag, ab dem er gilt.",
    )
    require(
        earliest <= from_on,
        "Eine Änderung liegt höchstens ein Jahr zurück. Es wurde nichts geändert. "
        f"Wählen Sie den {words.day(earliest)} oder einen späteren Tag.",
    )


def _lifetime(first: date | None, end: date | None) -> str:
    begins = f"ab dem {words.day(first)}" if first else ""
    ends = f"bis zum {words.day(end - timedelta(days=1))}" if end else ""
    return f"{begins} {ends}".strip()


def check_free(wanted: Mapping[str, str], borne: Iterable[str]) -> None:
    """Raises Refused for a name or short name that another authority bears; upper and lower case are one."""
    taken = set(map(_folded, borne))
    for value in filter(None, map(wanted.get, NAMES)):
        require(
            _folded(value) not in taken,
            f"„{value}“ heißt schon eine andere Behörde. Es wurde nichts geändert. Wählen Sie einen Namen, an dem "
            "man beide unterscheidet.",
        )


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def really_new(before: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    """Those of the wanted values that are other ones. Raises Refused when none is."""
    found = {name: value for name, value in wanted.items() if before[name] != value}
    require(found, "Diese Angaben gelten an diesem Tag schon. Es wurde nichts geändert.")
    return found
