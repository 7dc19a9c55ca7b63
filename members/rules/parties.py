"""What an agreement file says of its authorities, and where it contradicts one that is stored already."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kok import words
from members.rules.agreement import PartnerData

PLACES = {"street": "address.street", "postal_code": "address.postal_code", "city": "address.city"}  # in the file


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What makes an authority that one and never changes; empty and None where nobody has said it yet."""

    kind: str
    kgs: str = ""
    exists_from: date | None = None
    exists_until: date | None = None

    def exists_on(self, day: date) -> bool:
        """Whether there is such an authority on a day, as far as anybody said."""
        return (self.exists_from or day) <= day <= (self.exists_until or day)

    def learned(self, named: "Identity") -> "Identity":
        """With what a file knows beyond it."""
        return Identity(
            kind=self.kind,
            kgs=self.kgs or named.kgs,
            exists_from=self.exists_from or named.exists_from,
            exists_until=self.exists_until or named.exists_until,
        )


def identity_in(partner: PartnerData) -> Identity:
    """What a file says of the identity of a partner."""
    return Identity(
        kind=str(partner.kind),
        kgs=partner.kgs or "",
        exists_from=partner.exists_from,
        exists_until=partner.exists_until,
    )


def values_in(partner: PartnerData) -> dict[str, str]:
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
    for key, before in vars(stored[0]).items():
        after = vars(named[0])[key]
        if len({before, after} - {None, ""}) > 1:
            yield key, _said(before), _said(after)
    for key, after in named[1].items():
        if stored[1][key] != after:
            yield PLACES.get(key, key), stored[1][key], after


def _said(value: str | date) -> str:
    return words.day(value) if isinstance(value, date) else value
