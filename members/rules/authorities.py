"""The values of an authority on any day, from those of today and the changes on both sides of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Protocol

from kok.errors import Refused


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


class Change(Protocol):
    """Other values from a day on; `replaced` is None as long as it is only planned."""

    from_on: date
    values: Mapping[str, str]
    replaced: Mapping[str, str] | None


def values_on(today: Mapping[str, str], changes: Sequence[Change], day: date) -> dict[str, str]:
    """The values on a day. `today` are those in force, `changes` all of the authority by day and order of entry.

    Before the first change the oldest known values count, for nobody knows others.
    """
    found = dict(today)
    for change in reversed(changes):
        if change.replaced is not None and day < change.from_on:
            found |= change.replaced
    for change in changes:
        if change.replaced is None and change.from_on <= day:
            found |= change.values
    return found


def check_day(from_on: date, changes: Sequence[Change], *, exists: tuple[date | None, date | None]) -> None:
    """Raises Refused for a day that is taken, before what counts already, or outside the life of the authority.

    `exists` is half-open.
    """
    first, end = exists
    if (first and from_on < first) or (end and end <= from_on):
        known = [f"ab dem {first:%d.%m.%Y}"] if first else []
        known += [f"bis zum {end - timedelta(days=1):%d.%m.%Y}"] if end else []
        raise Refused(f"Die Behörde besteht {' '.join(known)}. Es wurde nichts geändert. Wählen Sie einen Tag darin.")
    if any(change.replaced is None and change.from_on == from_on for change in changes):
        raise Refused(
            f"Ab dem {from_on:%d.%m.%Y} ist schon eine Änderung vorgesehen. Es wurde nichts geändert. Ziehen Sie sie "
            "zuerst zurück oder wählen Sie einen anderen Tag."
        )
    latest = max((change.from_on for change in changes if change.replaced is not None), default=None)
    if latest and from_on < latest:
        raise Refused(
            f"Seit dem {latest:%d.%m.%Y} gelten schon andere Angaben; davor ändert sich nichts mehr. Es wurde nichts "
            "geändert. Wählen Sie diesen Tag oder einen späteren."
        )


def really_new(before: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    """Those of the wanted values that are other ones. Raises Refused when none is."""
    found = {name: value for name, value in wanted.items() if before[name] != value}
    if not found:
        raise Refused("Diese Angaben gelten an diesem Tag schon. Es wurde nichts geändert.")
    return found
