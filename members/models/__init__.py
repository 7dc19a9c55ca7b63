"""Who works together. Periods are half-open ranges."""

from members.models.agreement import Agreement, Partner
from members.models.authorities import Authority, AuthorityChange
from members.models.corrections import SeatCorrection
from members.models.leaving import Departure, DepartureLine
from members.models.requests import AccountRequest
from members.models.roles import RoleAssignment
from members.models.seats import Body, Person, Seat, SeatAssignment
from members.models.versions import AgreementVersion, AnnexBody, AnnexVersion, Clause, ObligationRule

__all__ = [
    "AccountRequest",
    "Agreement",
    "AgreementVersion",
    "AnnexBody",
    "AnnexVersion",
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
    "SeatCorrection",
]
