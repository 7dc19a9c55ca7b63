"""Two accounts that read their mail in one mailbox are one person wherever two are demanded."""

from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator

from kok import clock
from kok.errors import Refused
from kok.models import AddressChange, User
from members import actions
from members.models import AccountRequest
from members.queries.addresses import key_of
from members.rules import power
from members.rules.mailboxes import mailbox_of
from members.rules.power import Hand
from tests.builders import a_person, a_user, an_agreement, give_role, the_partner

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)
ADDRESS = "renate@kreis.example.org"
SAME = "Renate+zwei@Kreis.example.org"


@pytest.fixture
def agreement(settings):
    settings.KOK_NOW = NOW.isoformat()
    return an_agreement()


def with_address(user, address):
    user.email = address
    user.save()
    return user


@pytest.fixture
def renate(agreement):
    return with_address(a_user(role="registrar", username="renate"), ADDRESS)


@pytest.fixture
def rosa(agreement):
    return a_user(role="registrar", username="rosa")


def ask(giver, user, role="case-officer"):
    return actions.ask_role(user=user, role=role, place=the_partner(), from_on=TODAY, by=giver, now=NOW)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("eva@kreis.example.org", "EVA@Kreis.Example.org", True),
        ("eva+kok@kreis.example.org", "eva@kreis.example.org", True),
        ("eva+a@kreis.example.org", "eva+b@kreis.example.org", True),
        ("eva@kreis.example.org", "eva@stadt.example.org", False),
        ("e.va@kreis.example.org", "eva@kreis.example.org", False),
        ("+a@kreis.example.org", "+b@kreis.example.org", False),
        ('"eva"@kreis.example.org', "eva@kreis.example.org", True),
        ('"EVA+zwei"@kreis.example.org', "eva@kreis.example.org", True),
        (r'"e\v\a"@kreis.example.org', "eva@kreis.example.org", True),
        (r'"eva\""@kreis.example.org', "eva@kreis.example.org", False),
    ],
)
def test_given_two_addresses_when_compared_then_capitals_and_plus_signs_make_no_second_mailbox(one, other, is_same):
    assert (mailbox_of(one) == mailbox_of(other)) is is_same


def test_given_accounts_without_address_when_compared_then_they_are_not_one_person():
    assert not power.obstacle(Hand(3), giver=Hand(1), receiver=Hand(2))
    power.check_giver(Hand(1), Hand(2))


@pytest.mark.parametrize("role", ["registrar", "auditor", "approver", "case-officer"])
def test_given_a_person_with_the_registrar_s_own_address_when_invited_to_any_role_then_it_is_refused(
    renate, rosa, role
):
    for by in (renate, rosa):
        person = a_person("Stroh", "Mann", employer="wetteraukreis", email=SAME)
        with pytest.raises(Refused, match="dieselbe E-Mail-Adresse"):
            actions.invite_account(person=person, username="stroh.mann", role=role, place=the_partner(), by=by, now=NOW)
        assert not User.objects.filter(username="stroh.mann").exists()
    assert not AccountRequest.objects.exists()


def test_given_an_own_second_account_when_a_role_of_one_person_is_given_then_it_counts_as_one_s_own(renate):
    second = with_address(a_user(username="stroh.mann"), SAME)
    with pytest.raises(Refused, match="zählen deshalb als eine Person"):
        actions.give_role(user=second, role="member", place=the_partner(), from_on=TODAY, by=renate, now=NOW)


def test_given_two_registrars_with_one_mailbox_when_one_asks_then_the_other_confirms_nothing_but_a_third_may(
    renate, rosa
):
    stroh = with_address(a_user(role="registrar", username="stroh.mann"), SAME)
    officer = a_user(role="member", username="fachkraft")
    Authenticator.objects.create(user=officer, type=Authenticator.Type.TOTP, data={})
    closed = a_user(role="member", username="gesperrt")
    give_role(closed, role="member", partner="lwv-hessen")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    requests = [
        ask(renate, officer),
        actions.ask_factor(user=officer, by=renate, now=NOW),
        actions.ask_opening(user=closed, by=renate, now=NOW),
    ]
    for request in requests:
        with pytest.raises(Refused, match="dieselbe E-Mail-Adresse"):
            actions.confirm(request=request, by=stroh, now=NOW)
    for request in requests[:2]:
        actions.confirm(request=request, by=rosa, now=NOW)


def test_given_an_account_that_shares_the_receiver_s_mailbox_when_it_confirms_then_it_is_refused(renate, rosa):
    officer = with_address(a_user(role="member", username="fachkraft"), "fach@kreis.example.org")
    request = ask(renate, officer)
    with_address(rosa, "Fach@kreis.example.org")
    with pytest.raises(Refused, match="mit dem Konto, um das es geht, dieselbe E-Mail-Adresse"):
        actions.confirm(request=request, by=rosa, now=NOW)


def test_given_registrar_and_technik_in_one_mailbox_when_a_factor_is_lost_then_they_are_one_person(renate):
    technik = with_address(a_user(username="technik"), SAME)
    give_role(technik, role="admin")
    officer = a_user(role="case-officer", username="fachkraft")
    for by, second in ((renate, technik), (technik, renate)):
        request = actions.ask_factor(user=officer, by=by, now=NOW)
        with pytest.raises(Refused, match="dieselbe E-Mail-Adresse"):
            actions.confirm(request=request, by=second, now=NOW)
        actions.withdraw(request=request, by=by, now=NOW)
    with pytest.raises(Refused, match="zählen deshalb als eine Person"):
        actions.ask_factor(user=renate, by=technik, now=NOW)


def test_given_an_address_of_power_when_another_with_power_takes_it_then_it_is_refused_before_and_after_the_link(
    renate, rosa
):
    with pytest.raises(Refused, match="dieselbe E-Mail-Adresse"):
        actions.ask_for_address(user=rosa, email=SAME, by=rosa, now=NOW)
    free = "rosa.neu@kreis.example.org"
    actions.ask_for_address(user=rosa, email=free, by=rosa, now=NOW)
    with_address(renate, free)
    change = AddressChange.objects.get(user=rosa)
    with pytest.raises(Refused, match="dieselbe E-Mail-Adresse"):
        actions.confirm_address(pk=change.pk, key=key_of(change), by=rosa, now=NOW)
    rosa.refresh_from_db()
    assert rosa.email == "rosa@example.org"


def test_given_an_account_without_power_when_it_takes_the_address_of_one_then_it_may_and_never_gets_power(renate, rosa):
    member = a_user(role="member", username="fachkraft")
    actions.ask_for_address(user=member, email=SAME, by=member, now=NOW)
    change = AddressChange.objects.get(user=member)
    actions.confirm_address(pk=change.pk, key=key_of(change), by=member, now=NOW)
    member.refresh_from_db()
    with pytest.raises(Refused, match="Ein anderes Konto mit Rollen"):
        ask(rosa, member)


def test_given_a_request_when_the_receiver_s_address_becomes_that_of_power_then_the_confirmation_is_refused(
    renate, rosa
):
    officer = a_user(role="member", username="fachkraft")
    third = a_user(role="registrar", username="dritte")
    request = ask(rosa, officer)
    with_address(officer, ADDRESS)
    with pytest.raises(Refused, match="Ein anderes Konto mit Rollen"):
        actions.confirm(request=request, by=third, now=NOW)


def test_given_a_closed_account_with_power_when_its_mailbox_has_a_successor_then_it_is_not_opened(renate, rosa):
    old = with_address(a_user(role="registrar", username="alt"), SAME)
    User.objects.filter(pk=old.pk).update(is_active=False)
    with pytest.raises(Refused, match="Ein anderes Konto mit Rollen"):
        actions.open_account(user=old, by=rosa, now=NOW)
    with pytest.raises(Refused, match="zählen deshalb als eine Person"):
        actions.open_account(user=old, by=renate, now=NOW)
    with_address(renate, "renate.neu@kreis.example.org")
    actions.open_account(user=old, by=rosa, now=NOW)


def test_given_the_address_of_a_registrar_when_the_command_names_it_for_another_account_then_it_is_refused(renate):
    details = actions.PersonDetails(given_name="Bea", family_name="Berg", email=SAME)
    for role, place in (("registrar", the_partner("lwv-hessen")), ("auditor", the_partner().authority)):
        with pytest.raises(Refused, match="Ein anderes Konto mit Rollen"):
            actions.first_account(role=role, place=place, username="bea", details=details, now=NOW)
    with pytest.raises(Refused, match="Ein anderes Konto mit Rollen"):
        actions.invite_admin(username="technik", email=SAME, now=NOW)
    actions.invite_admin(username="technik", email="technik@example.org", now=NOW)
    with pytest.raises(Refused, match="Ein anderes Konto mit Rollen"):
        actions.invite_admin(username="technik", email=SAME, now=NOW)
    assert User.objects.get(username="technik").email == "technik@example.org"
    named = {"username": "bea", "now": NOW, "role": "registrar", "place": the_partner("lwv-hessen")}
    right = actions.PersonDetails(given_name="Bea", family_name="Berg", email="bea@lwv.example.org")
    actions.first_account(details=right, **named)
    with pytest.raises(Refused, match="Ein anderes Konto mit Rollen"):
        actions.first_account(details=details, **named)


def test_given_an_invitation_to_power_when_thirty_days_are_over_then_the_second_account_is_still_no_second_person(
    renate, rosa
):
    later = NOW + timedelta(days=31)
    stroh = with_address(a_user(role="registrar", username="stroh.mann"), SAME)
    officer = a_user(role="member", username="fachkraft")
    request = actions.ask_role(
        user=officer, role="case-officer", place=the_partner(), from_on=clock.today(), by=renate, now=later
    )
    with pytest.raises(Refused, match="dieselbe E-Mail-Adresse"):
        actions.confirm(request=request, by=stroh, now=later)
