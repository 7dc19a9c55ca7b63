"""Two people at the same moment, each with a connection of his own: one sentence, nothing half done, no deadlock."""

from datetime import UTC, date, datetime

import pytest

from kok.errors import Refused
from members import actions
from members.models import AccountRequest, RoleAssignment
from members.rules.codes import AccountRequestState
from tests.at_once import while_stands
from tests.builders import a_user, an_agreement, the_partner

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def registrars():
    an_agreement()
    return [a_user(role="registrar", username=name) for name in ("eins", "zwei", "drei")]


def ask(by, user, role="case-officer"):
    return actions.ask_role(user=user, role=role, place=the_partner(), from_on=date(2026, 9, 1), by=by, now=NOW)


def test_given_one_request_when_two_confirm_it_at_once_then_it_is_given_once_and_the_other_reads_so(registrars):
    one, two, three = registrars
    user = a_user()
    request = ask(one, user)
    answer = while_stands(
        lambda: actions.confirm(request=request, by=two, now=NOW),
        lambda: actions.confirm(request=request, by=three, now=NOW),
    )
    assert answer == "Dieser Antrag ist schon bestätigt. Es wurde nichts geändert."
    assert RoleAssignment.objects.get(user=user).confirmed_by == two


def test_given_a_confirmation_when_the_confirmer_loses_his_role_meanwhile_then_it_does_not_count(registrars):
    one, two, _ = registrars
    user = a_user()
    request = ask(one, user)
    answer = while_stands(
        lambda: actions.end_role(assignment=two.role_assignments.get(), by=one, now=NOW),
        lambda: actions.confirm(request=request, by=two, now=NOW),
    )
    assert "bestätigt jemand anderes" in answer
    assert not RoleAssignment.objects.filter(user=user).exists()
    assert AccountRequest.objects.get().state == AccountRequestState.OPEN


def test_given_a_confirmation_when_the_giver_is_locked_meanwhile_then_the_request_is_void(registrars):
    one, two, three = registrars
    user = a_user()
    request = ask(one, user)
    answer = while_stands(
        lambda: actions.close_account(user=one, by=three, now=NOW),
        lambda: actions.confirm(request=request, by=two, now=NOW),
    )
    assert "dürfte es heute nicht mehr" in answer
    assert not RoleAssignment.objects.filter(user=user).exists()


def test_given_two_registrars_when_they_confirm_crosswise_at_once_then_both_are_given_and_nobody_waits_for_ever(
    registrars,
):
    one, two, _ = registrars
    user, other = a_user(), a_user()
    first, second = ask(one, user), ask(two, other)
    answer = while_stands(
        lambda: actions.confirm(request=first, by=two, now=NOW),
        lambda: actions.confirm(request=second, by=one, now=NOW),
    )
    assert answer == ""
    assert RoleAssignment.objects.filter(user__in=[user, other]).count() == 2


def test_given_two_registrars_who_ask_for_each_other_when_each_would_confirm_then_neither_may(registrars):
    one, two, three = registrars
    for_two, for_one = ask(one, two), ask(two, one)
    for request, by in ((for_two, two), (for_one, one), (for_two, one), (for_one, two)):
        with pytest.raises(Refused):
            actions.confirm(request=request, by=by, now=NOW)
    actions.confirm(request=for_two, by=three, now=NOW)
    assert RoleAssignment.objects.filter(role="case-officer").count() == 1


def test_given_the_last_two_registrars_when_each_ends_the_other_at_once_then_one_remains(registrars):
    one, two, three = registrars
    actions.end_role(assignment=three.role_assignments.get(), by=one, now=NOW)
    answer = while_stands(
        lambda: actions.end_role(assignment=two.role_assignments.get(), by=one, now=NOW),
        lambda: actions.end_role(assignment=one.role_assignments.get(), by=two, now=NOW),
    )
    assert "das letzte Konto" in answer
    assert RoleAssignment.objects.filter(role="registrar", period__upper_inf=True).count() == 1


def test_given_the_same_wish_when_two_ask_at_once_then_one_request_waits(registrars):
    one, two, _ = registrars
    user = a_user()
    answer = while_stands(
        lambda: ask(one, user),
        lambda: ask(two, user),
    )
    assert "schon beantragt" in answer
    assert AccountRequest.objects.count() == 1


def test_given_a_withdrawal_when_somebody_confirms_at_once_then_nothing_is_given(registrars):
    one, two, _ = registrars
    user = a_user()
    request = ask(one, user)
    answer = while_stands(
        lambda: actions.withdraw(request=request, by=one, now=NOW),
        lambda: actions.confirm(request=request, by=two, now=NOW),
    )
    assert answer == "Dieser Antrag ist schon zurückgenommen. Es wurde nichts geändert."
    assert not RoleAssignment.objects.filter(user=user).exists()
