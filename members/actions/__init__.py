"""The only way anything about the membership changes."""

from members.actions.accounts import (
    check_closing,
    check_invitation,
    check_opening,
    check_technician,
    close_account,
    invite_account,
    invite_again,
    invite_technician,
    is_closed_in_a_hurry,
    open_account,
)
from members.actions.addresses import ask_for_address, confirm_address, withdraw_address
from members.actions.administering import (
    check_administers,
    check_genuine,
    check_hands,
    check_people,
    refusal,
    who_administers,
)
from members.actions.agreement import Loaded, Original, check_agreement, load_agreement
from members.actions.asking import (
    ask_factor,
    ask_name,
    ask_opening,
    ask_role,
    check_factor,
    check_may_ask_for_name,
    check_name,
    check_request,
    check_withdrawal,
    wanted_role,
    withdraw,
)
from members.actions.authorities import change_authority, check_authority_change, withdraw_authority_change
from members.actions.barriers import check_can_answer, name_barrier_office
from members.actions.deciding import check_confirmation, check_decision, confirm, refuse
from members.actions.factors import mend_only_technician
from members.actions.installation import AccountOutcome, first_account, invite_admin
from members.actions.leaving import check_departure, enter_departure
from members.actions.mending import mend_account, seal_all_anew
from members.actions.people import PersonDetails, PersonOvertaken, add_person, change_person
from members.actions.role_ends import check_end, check_extension, end_role, extend_role
from members.actions.roles import check_gift, give_role
from members.actions.seats import assign_seat, check_assignment, create_seat, end_assignment, end_seat
from members.actions.staying import withdraw_departure

__all__ = [
    "AccountOutcome",
    "Loaded",
    "Original",
    "PersonDetails",
    "PersonOvertaken",
    "add_person",
    "ask_factor",
    "ask_for_address",
    "ask_name",
    "ask_opening",
    "ask_role",
    "assign_seat",
    "change_authority",
    "change_person",
    "check_administers",
    "check_agreement",
    "check_assignment",
    "check_authority_change",
    "check_can_answer",
    "check_closing",
    "check_confirmation",
    "check_decision",
    "check_departure",
    "check_end",
    "check_extension",
    "check_factor",
    "check_genuine",
    "check_gift",
    "check_hands",
    "check_invitation",
    "check_may_ask_for_name",
    "check_name",
    "check_opening",
    "check_people",
    "check_request",
    "check_technician",
    "check_withdrawal",
    "close_account",
    "confirm",
    "confirm_address",
    "create_seat",
    "end_assignment",
    "end_role",
    "end_seat",
    "enter_departure",
    "extend_role",
    "first_account",
    "give_role",
    "invite_account",
    "invite_admin",
    "invite_again",
    "invite_technician",
    "is_closed_in_a_hurry",
    "load_agreement",
    "mend_account",
    "mend_only_technician",
    "name_barrier_office",
    "open_account",
    "refusal",
    "refuse",
    "seal_all_anew",
    "wanted_role",
    "who_administers",
    "withdraw",
    "withdraw_address",
    "withdraw_authority_change",
    "withdraw_departure",
]
