"""The letterhead of what goes out: the partner that writes, and for which body."""

from dataclasses import dataclass
from datetime import date

from kok.articles import of
from members.models import Body, Partner


@dataclass(frozen=True)
class OfficeLetterhead:
    """Who writes: the partner in office on the day of the meeting (R-SEC-2)."""

    name: str
    represented_by: str
    office: str
    address: tuple[str, ...]


def sender_of(partner: Partner, body: Body, day: date) -> OfficeLetterhead:
    """The letterhead; the body is called as on the day."""
    return OfficeLetterhead(
        name=partner.name,
        represented_by=partner.represented_by,
        office=f"Geschäftsführung{of(body.called_on(day).name)}",
        address=partner.authority.address,
    )
