"""How far somebody's work with figures reaches: a role of one region opens no other."""

from typing import Any

from kok.access import Permission, authorities_of
from members.models import Authority


def works_statewide(user: Any, permission: Permission) -> bool:
    """Whether somebody holds a permission for the LWV as a whole, in all its agreements."""
    held = authorities_of(user, permission, spanning=True)
    return bool(held) and Authority.objects.filter(pk__in=held, kind=Authority.Kind.LWV).exists()
