"""What somebody inside may do with lists, as pages ask for it."""

from dataclasses import dataclass

from kok.access import Permission
from transitions.queries.access import Access


@dataclass(frozen=True)
class ListRights:
    """Prepares drafts, lets them out, receives what was let out."""

    draft: bool
    release: bool
    receive: bool


def rights_of(access: Access) -> ListRights:
    """Of this person, in this agreement."""
    asked = (Permission.CASES_DRAFT, Permission.CASES_RELEASE, Permission.CASES_RECEIVE)
    return ListRights(*(bool(access.partners(permission)) for permission in asked))
