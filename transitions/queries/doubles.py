"""Which cases look like one person and were said to be two."""

from uuid import UUID

from django.db.models import Q

from transitions.models import TransitionListVersion, TwoPeople

Pair = frozenset[UUID]


def pair(one: UUID, other: UUID) -> Pair:
    """Two cases, in no order."""
    return frozenset((one, other))


def told_apart(version: TransitionListVersion) -> frozenset[Pair]:
    """The pairs of which one stands in this version."""
    cases = version.entries.values("case")
    said = TwoPeople.objects.filter(Q(one__in=cases) | Q(other__in=cases))
    return frozenset(pair(*both) for both in said.values_list("one", "other"))
