"""How far work with figures reaches: a role of one region opens no other, one of a carrier no other carrier."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from kok.access import Permission, authorities_of, partners_of
from kok.models import User
from members.models import Agreement, Authority, Partner
from members.queries import carriers_of
from members.rules.codes import PartnerKind
from reporting.figures.rules.formats import Format


@dataclass(frozen=True)
class Sides:
    """For whom somebody holds a permission in an agreement: the LWV, and carriers by their Kreisschlüssel."""

    is_lwv: bool
    keys: frozenset[str]

    def __bool__(self) -> bool:
        return self.is_lwv or bool(self.keys)

    def deliver(self, found: Format) -> bool:
        """Whether figures of this format come from here, of whatever region."""
        return bool(self.keys) if found.is_local else self.is_lwv

    def delivers(self, found: Format, kgs: str) -> bool:
        """Whether the figures of a region come from here: 8c from its own carrier, all others from the LWV."""
        return kgs in self.keys if found.is_local else self.is_lwv

    def receives(self, found: Format, kgs: str) -> bool:
        """Whether the figures of a region come from the other side to this one."""
        return self.is_lwv if found.is_local else kgs in self.keys


@dataclass(frozen=True)
class Reach:
    """How far somebody reaches in an agreement, whose partners are read once."""

    user: User
    agreement: Agreement

    @cached_property
    def _partners(self) -> QuerySet[Partner]:
        return self.agreement.partners.all()

    @cached_property
    def keys(self) -> frozenset[str]:
        """The Kreisschlüssel of its carriers, under which its figures are delivered."""
        return frozenset(filter(None, (partner.authority.kgs for partner in self._partners)))

    def sides(self, permission: Permission) -> Sides:
        """For whom this person holds a permission here. A town without a Kreisschlüssel counts in its county."""
        held = partners_of(self.user, permission, self.agreement)
        mine = [partner.authority for partner in self._partners if partner.pk in held]
        return Sides(
            is_lwv=any(each.kind == PartnerKind.LWV for each in mine),
            keys=frozenset(filter(None, (each.kgs for each in mine))),
        )


def sides_of(user: User, permission: Permission, agreement: Agreement) -> Sides:
    """For whom a person holds a permission here."""
    return Reach(user, agreement).sides(permission)


def keys_of(agreement: Agreement) -> frozenset[str]:
    """The Kreisschlüssel of its carriers, under which its figures are delivered."""
    return frozenset(carrier.authority.kgs for carrier in carriers_of(agreement))


def works_statewide(user: User, permission: Permission) -> bool:
    """Whether somebody holds a permission for the LWV as a whole, in all its agreements."""
    held = authorities_of(user, permission, spanning=True)
    return bool(held) and Authority.objects.filter(pk__in=held, kind=PartnerKind.LWV).exists()
