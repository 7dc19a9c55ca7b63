"""Who sees which rows of the membership, as of which day. Exported is what the other apps need."""

from members.queries.access import agreement_by_slug, bearers, grants_on
from members.queries.accounts import RoleHolder, holders_of, houses_of, people_with_role, staff_of, user_ids
from members.queries.agreement import (
    authorities_by_slug,
    carriers_of,
    clause_of,
    headings_on,
    partners_of_agreement,
)
from members.queries.bodies import bodies_of, bodies_on, conference_of
from members.queries.due_days import DueDay, due_day_of, due_days_of
from members.queries.people import left_for_us, names_in, people_who_left
from members.queries.requests import requests_to_confirm
from members.queries.seats import Invitee, SeatOnDay, holders_on, recipients_on, seats_on

__all__ = [
    "DueDay",
    "Invitee",
    "RoleHolder",
    "SeatOnDay",
    "agreement_by_slug",
    "authorities_by_slug",
    "bearers",
    "bodies_of",
    "bodies_on",
    "carriers_of",
    "clause_of",
    "conference_of",
    "due_day_of",
    "due_days_of",
    "grants_on",
    "headings_on",
    "holders_of",
    "holders_on",
    "houses_of",
    "left_for_us",
    "names_in",
    "partners_of_agreement",
    "people_who_left",
    "people_with_role",
    "recipients_on",
    "requests_to_confirm",
    "seats_on",
    "staff_of",
    "user_ids",
]
