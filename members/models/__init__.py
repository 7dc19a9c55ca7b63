"""Who works together. Periods are half-open ranges."""

from members.models.agreement import Agreement, Clause, ObligationRule, Partner
from members.models.authorities import Authority, AuthorityChange
from members.models.requests import AccountRequest
from members.models.roles import RoleAssignment
from members.models.seats import Body, Person, Seat, SeatAssignment

__all__ = [
    "AccountRequest",
    "Agreement",
    "Authority",
    "AuthorityChange",
    "Body",
    "Clause",
    "ObligationRule",
    "Partner",
    "Person",
    "RoleAssignment",
    "Seat",
    "SeatAssignment",
]
