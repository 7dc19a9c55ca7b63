"""The values of an authority on any day, from those of today and the changes on both sides of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Protocol

from members.rules.agreement import AgreementFile, Partner
from members.rules.kinds import PartnerKind


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


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What makes an authority that one and never changes; empty and None where nobody has said it yet."""

    kind: str
    kgs: str = ""
    exists_from: date | None = None
    exists_until: date | None = None


def identity_in(file: AgreementFile, partner: Partner) -> Identity:
    """What a file says of the identity of a partner; the only county or city has the key of the agreement."""
    regional = [each.slug for each in file.partners if each.kind in (PartnerKind.COUNTY, PartnerKind.CITY)]
    own = file.agreement.kgs if regional == [partner.slug] else ""
    return Identity(
        kind=str(partner.kind),
        kgs=partner.kgs or own,
        exists_from=partner.exists_from,
        exists_until=partner.exists_until,
    )


def values_in(partner: Partner) -> dict[str, str]:
    """What a file says of the values; it knows no office."""
    address = partner.address
    return {
        "name": partner.name,
        "short_name": partner.short_name,
        "street": address.street,
        "postal_code": address.postal_code,
        "city": address.city,
    }


def disagreements(
    stored: tuple[Identity, Mapping[str, str]], named: tuple[Identity, Mapping[str, str]]
) -> Iterator[tuple[str, str, str]]:
    """(key, stored, named) wherever a file contradicts a stored authority. Silence is no contradiction."""
    for key in (field.name for field in fields(Identity)):
        before, after = getattr(stored[0], key), getattr(named[0], key)
        if before and after and before != after:
            yield key, _said(before), _said(after)
    for key, after in named[1].items():
        if stored[1][key] != after:
            yield (f"address.{key}" if key in ("street", "postal_code", "city") else key), stored[1][key], after


def _said(value: str | date) -> str:
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else value
