"""Who is inside the sealed area, for which agreement, and why: what every act and every look in there needs."""

from dataclasses import dataclass

from kok.access import Permission, grants_of, partners_of
from kok.models import User
from members.models import Agreement
from transitions.rules.states import EntryReason


def roles_in(agreement: Agreement, user: User) -> str:
    """The roles of a person in an agreement today, as they are written into the log."""
    held = {grant.role for grant in grants_of(user) if grant.agreement == agreement}
    return ", ".join(sorted(held))[:100]


@dataclass(frozen=True)
class Access:
    """A person who entered with a second factor and gave a reason. Without one nothing in here can be read or done."""

    user: User
    agreement: Agreement
    reason: EntryReason

    @property
    def roles(self) -> str:
        """The roles held in this agreement today, as they are written into the log."""
        return roles_in(self.agreement, self.user)

    def partners(self, permission: Permission) -> frozenset[int]:
        """The partners for whom this person holds a permission here."""
        return partners_of(self.user, permission, self.agreement)
