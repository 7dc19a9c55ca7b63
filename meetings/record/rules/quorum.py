"""Whether a body can decide (Beschlussfähigkeit): there are no votes, all partners must be there (finding 15).

The agreement states no rule; that each partner is represented follows from deciding in Einvernehmen (domain.md 7.2).
For bodies other than the conference there is nothing to conclude from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Attendee:
    """Somebody at a meeting. `has_seat`: holds a seat of the partner or is the named deputy; guests do not."""

    partner: str
    has_seat: bool
    is_present: bool

    @property
    def represents(self) -> bool:
        """Whether the partner is there with this person."""
        return self.has_seat and self.is_present


@dataclass(frozen=True)
class Quorum:
    """The finding for the minutes; `is_quorate` is None where no rule exists. `absent` names partners."""

    is_quorate: bool | None
    sentence: str
    absent: tuple[str, ...] = ()


def quorum(partners: Sequence[str], attendees: Iterable[Attendee], *, is_conference: bool) -> Quorum:
    """The Feststellung: each partner has at least one standing member or named deputy present.

    Partners are given by the names that people read, in the order of the agreement.
    """
    if not is_conference:
        return Quorum(None, "Die Vereinbarung regelt für dieses Gremium nicht, wann es beschlussfähig ist.")
    present = {each.partner for each in attendees if each.represents}
    if absent := tuple(partner for partner in partners if partner not in present):
        return Quorum(
            is_quorate=False,
            sentence=f"Das Gremium ist nicht beschlussfähig. Nicht vertreten: {', '.join(absent)}.",
            absent=absent,
        )
    return Quorum(
        is_quorate=True,
        sentence=f"Das Gremium ist beschlussfähig. Vertreten sind: {', '.join(partners)}.",
    )
