"""Who answers reported barriers: the office of the authority that Technik named, else Technik itself.

The kernel knows no authorities: `members` registers the look-up that tells which one is named.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from kok.access import ROLES, Grant, Permission


@dataclass(frozen=True)
class BarrierOffice:
    """The office that is named, with the values of a day: the number of its authority, its name, where mail goes.

    `hindrance` says in a sentence why it cannot answer on that day; then Technik does.
    """

    authority: int
    name: str
    email: str
    hindrance: str = ""


Lookup = Callable[[date], BarrierOffice | None]
_lookups: list[Lookup] = []


def register(lookup: Lookup) -> None:
    """Called by `members` in `ready()`: which office is named on a day."""
    _lookups.append(lookup)


def named(today: date) -> BarrierOffice | None:
    """The office that Technik named, whether it can answer or not."""
    return next((found for lookup in _lookups if (found := lookup(today))), None)


def answering(today: date) -> BarrierOffice | None:
    """The office that answers; None while Technik does."""
    office = named(today)
    return office if office and not office.hindrance else None


def opens(grants: Collection[Grant], today: date) -> bool:
    """Whether one of these roles reads and closes reports today: one of the office that answers, else of Technik.

    Only the roles of the installation are for no authority.
    """
    held = [grant.authority for grant in grants if Permission.BARRIERS_ANSWER in ROLES[grant.role].permissions]
    if not held:
        return False
    office = answering(today)
    return (office.authority if office else None) in held


def shows(grants: Collection[Grant], today: date) -> bool:
    """Whether one of these roles shows which reports are open and until when; Technik sees that in any case."""
    is_technical = any(Permission.JOBS_MANAGE in ROLES[grant.role].permissions for grant in grants)
    return is_technical or opens(grants, today)
