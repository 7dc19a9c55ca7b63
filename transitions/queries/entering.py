"""What makes entering the next person quicker: what the draft says already."""

from collections.abc import Sequence
from dataclasses import dataclass

from kok.alphabet import sort_key
from kok.models import User
from transitions.models import CaseEntry, TransitionListVersion
from transitions.rules.case import CaseData
from transitions.rules.names import People

REPEATED = ("facility_name", "facility_place", "contact_unit", "contact_phone")  # what people of one home share


@dataclass(frozen=True)
class Shared:
    """Homes and places of a draft, to be offered again, and the values of one's own last entry."""

    facilities: tuple[str, ...]
    places: tuple[str, ...]
    initial: dict[str, str]


def shared_in(version: TransitionListVersion, user: User) -> Shared:
    """Opens the entries of the draft; no name of a person leaves here. Raises vault.KeyLost."""
    opened = [entry.data for entry in version.entries.exclude(content="").select_related("case")]
    last = _last_of(user, version)
    return Shared(
        facilities=_all("facility_name", opened),
        places=_all("facility_place", opened),
        initial={name: getattr(last.data, name) for name in REPEATED} if last else {},
    )


def _last_of(user: User, version: TransitionListVersion) -> CaseEntry | None:
    """What this person last entered or corrected in a version of this list: a draft begins with copies of all."""
    entries = CaseEntry.objects.filter(version__transition_list=version.transition_list_id, changed_by=user)
    return entries.filter(is_changed=True).exclude(content="").select_related("case").order_by("changed_at").last()


def people_in(version: TransitionListVersion) -> People:
    """Who stands in the draft, to be looked for in its free texts. Raises vault.KeyLost."""
    opened = (entry.data for entry in version.entries.exclude(content=""))
    return People((data.family_name, data.given_name) for data in opened)


def _all(name: str, opened: Sequence[CaseData]) -> tuple[str, ...]:
    return tuple(sorted({getattr(data, name) for data in opened}, key=sort_key))
