"""The only way anything about the membership changes."""

from members.actions.accounts import check_invitation, end_role, give_role, invite_account, invite_again, set_active
from members.actions.addresses import ask_for_address, confirm_address, withdraw_address
from members.actions.agreement import Loading, Original, load_agreement
from members.actions.authorities import change_authority, check_authority_change, withdraw_authority_change
from members.actions.installation import invite_admin, invite_first_registrar
from members.actions.people import PersonDetails, add_person, change_person
from members.actions.seats import assign_seat, check_assignment, create_seat, end_assignment, end_seat

__all__ = [
    "Loading",
    "Original",
    "PersonDetails",
    "add_person",
    "ask_for_address",
    "assign_seat",
    "change_authority",
    "change_person",
    "check_assignment",
    "check_authority_change",
    "check_invitation",
    "confirm_address",
    "create_seat",
    "end_assignment",
    "end_role",
    "end_seat",
    "give_role",
    "invite_account",
    "invite_admin",
    "invite_again",
    "invite_first_registrar",
    "load_agreement",
    "set_active",
    "withdraw_address",
    "withdraw_authority_change",
]
