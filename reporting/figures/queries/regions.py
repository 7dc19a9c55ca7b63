"""The regions of an agreement: each of its carriers has figures of its own, under its Kreisschlüssel."""

from collections.abc import Sequence
from dataclasses import dataclass

from members.models import Agreement
from members.queries import carriers_of


@dataclass(frozen=True)
class Region:
    """A carrier as the figures call it."""

    kgs: str
    name: str


def regions_of(agreement: Agreement) -> list[Region]:
    """All regions of an agreement in the order of the secretariat; a single one bears the name of the agreement."""
    found = [Region(carrier.authority.kgs, carrier.short_name) for carrier in carriers_of(agreement)]
    return found if len(found) > 1 else [Region(each.kgs, agreement.region) for each in found]


def region_named(regions: Sequence[Region], kgs: str) -> Region:
    """The region that an address names, otherwise the first one."""
    return {each.kgs: each for each in regions}.get(kgs, regions[0])
