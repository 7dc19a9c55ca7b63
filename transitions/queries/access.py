"""Who is inside the sealed area, for which agreement, and why: what every act and every look in there needs."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from kok.access import Permission, grants_of, partners_of
from kok.models import User
from members.models import Agreement
from transitions.models import TransitionList, TransitionListVersion, TransmissionReceipt
from transitions.rules.codes import EntryReason


def roles_in(agreement: Agreement, user: User) -> str:
    """The roles of a person in an agreement today, as they are written into the log."""
    held = {grant.role for grant in grants_of(user) if grant.agreement == agreement}
    return ", ".join(sorted(held))[:100]


def _stands(key: object, standing: Collection[str]) -> bool:
    """Whether a row stands as it was sealed; of a draft there is no receipt to ask."""
    return not key or str(key) in standing


@dataclass(frozen=True)
class Access:
    """A person who entered with a second factor and gave a reason. Without one nothing in here can be read or done."""

    user: User
    agreement: Agreement
    reason: EntryReason

    @cached_property
    def forged(self) -> frozenset[UUID]:
        """The versions here that do not stand as they were sealed, with list and receipt: nobody opens them (ADR 23).

        Raises KeyLost.
        """
        versions = TransitionListVersion.objects.filter(transition_list__agreement=self.agreement)
        rows = list(versions.values_list("pk", "transition_list", "receipt"))
        kinds = (TransitionListVersion, TransitionList, TransmissionReceipt)
        columns = zip(*rows, strict=True)
        standing = [kind.sealing.standing(set(filter(None, keys))) for kind, keys in zip(kinds, columns, strict=False)]
        return frozenset(row[0] for row in rows if not all(map(_stands, row, standing)))

    @property
    def roles(self) -> str:
        """The roles held in this agreement today, as they are written into the log."""
        return roles_in(self.agreement, self.user)

    def partners(self, permission: Permission) -> frozenset[int]:
        """The partners for whom this person holds a permission here."""
        return partners_of(self.user, permission, self.agreement)
