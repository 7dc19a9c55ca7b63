"""Who works together. Periods are half-open ranges."""

from members.models.agreement import Agreement, Clause, ObligationRule, Partner
from members.models.authorities import Authority, AuthorityChange
from members.models.leaving import Departure, DepartureLine
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
    "Departure",
    "DepartureLine",
    "ObligationRule",
    "Partner",
    "Person",
    "RoleAssignment",
    "Seat",
    "SeatAssignment",
]
