"""How far one registrar reaches: not into another region, not past Technik, not by a flood or a chain of friends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from kok.errors import Refused
from kok.models import User
from members import actions
from members.models import Person
from tests.builders import (
    a_person,
    a_seat,
    a_second_agreement,
    a_user,
    an_agreement,
    give_role,
    the_partner,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)
BASE = "/wetteraukreis/mitglieder"
LWV = "lwv-hessen"


@pytest.fixture
def agreement(settings):
    settings.KOK_NOW = "2026-09-01T10:00"
    return an_agreement()


@pytest.fixture
def there(agreement):
    return a_second_agreement()


@pytest.fixture
def neighbour(there):
    """Maintains the LWV in the other agreement only."""
    return a_user(role="registrar", partner=LWV, agreement=there, username="nachbar")


def change(person, by, agreement, **values):
    details = {"given_name": person.given_name, "family_name": person.family_name, "email": person.email, **values}
    actions.change_person(person=person, details=actions.PersonDetails(**details), by=by, agreement=agreement, now=NOW)


def invited(username, *, by, days_ago):
    user = a_user(role="registrar", username=username)
    User.objects.filter(pk=user.pk).update(invited_by=by, invited_at=NOW - timedelta(days=days_ago))
    return user


# Into another region


@pytest.mark.parametrize("values", [{"email": "nachbar@example.org"}, {"family_name": "Anders"}, {"phone": "0"}])
def test_given_a_seat_in_another_region_when_a_registrar_of_this_one_changes_the_person_then_he_may_not(
    agreement, there, neighbour, values
):
    a_user(role="registrar", partner=LWV, agreement=agreement, username="zustaendig")
    person = a_person("Sitz", employer=LWV)
    a_seat(body=agreement.bodies.get(slug="kok"), partner=LWV, person=person)
    with pytest.raises(Refused, match=r"pflegen Sie nicht alle\. Es wurde nichts geändert\. Das kann: zustaendig"):
        change(person, neighbour, there, **values)
    assert Person.objects.get(pk=person.pk).email == person.email
    change(person, User.objects.get(username="zustaendig"), agreement, **values)


def test_given_seats_in_two_regions_when_changed_then_only_who_maintains_both_may(agreement, there, neighbour):
    here = a_user(role="registrar", partner=LWV, agreement=agreement, username="hier")
    person = a_person("Sitz", employer=LWV)
    for each in (agreement, there):
        a_seat(body=each.bodies.get(slug="kok"), partner=LWV, person=person)
    for one in (here, neighbour):
        with pytest.raises(Refused, match="Stammdaten für die ganze Behörde"):
            change(person, one, there, phone="06031 83")
    give_role(neighbour, role="registrar", partner=LWV, agreement=agreement)
    change(person, neighbour, there, phone="06031 83")


def test_given_nothing_new_when_saved_then_nobody_is_refused(agreement, there, neighbour):
    person = a_person("Sitz", employer=LWV)
    a_seat(body=agreement.bodies.get(slug="kok"), partner=LWV, person=person)
    change(person, neighbour, there)


def test_given_the_own_address_when_changed_as_registrar_then_it_goes_the_way_of_the_owner(agreement):
    user = a_user(role="registrar", username="eigen")
    person = a_person("Eigen", user=user)
    with pytest.raises(Refused, match="in Ihrem Menü"):
        change(person, user, agreement, email="neu@example.org")


# An invitation goes where it was seen to go


def test_given_an_invitation_page_when_the_address_changes_meanwhile_then_nobody_is_invited(agreement):
    registrar = a_user(role="registrar", username="geberin")
    client = Client()
    client.force_login(registrar)
    person = a_person("Fern")
    url = f"{BASE}/personen/{person.pk}/einladen/"
    seen = person.email
    assert f'value="{seen}"' in client.get(url).content.decode()
    change(person, registrar, agreement, email="nachbar@example.org")
    typed = {"username": "fern", "role": "member", "address": seen}
    for step in ({}, {"confirmed": "1"}):
        page = client.post(url, typed | step).content.decode()
        assert "wurde gerade geändert: nachbar@example.org. Es wurde niemand eingeladen." in page
    assert not User.objects.filter(username="fern").exists()
    client.post(url, typed | {"address": "nachbar@example.org", "confirmed": "1"})
    assert User.objects.filter(username="fern").exists()


# Friends, floods, Technik


def test_given_a_chain_of_invitations_when_its_ends_give_and_confirm_then_they_are_one_pair_of_eyes(agreement):
    first = a_user(role="registrar", username="max")
    second = invited("gerda", by=first, days_ago=9)
    third = invited("hugo", by=second, days_ago=8)
    user = a_user(role="member", username="freund")
    asked = {"user": user, "role": "case-officer", "place": the_partner(), "from_on": TODAY}
    for giver, other in ((first, third), (third, first)):
        request = actions.ask_role(**asked, by=giver, now=NOW)
        with pytest.raises(Refused, match="über weitere Personen"):
            actions.confirm(request=request, by=other, now=NOW)
        actions.withdraw(request=request, by=giver, now=NOW)
    request = actions.ask_role(**asked, by=first, now=NOW + timedelta(days=23))
    actions.confirm(request=request, by=third, now=NOW + timedelta(days=23))


def test_given_twenty_open_requests_when_one_more_is_asked_then_it_is_refused_and_others_may_go_on(agreement):
    giver, other = a_user(role="registrar", username="max"), a_user(role="registrar", username="eva")
    users = [a_user(role="member", username=f"freund{number}") for number in range(22)]
    asked = {"role": "approver", "place": the_partner(), "from_on": TODAY, "now": NOW}
    requests = [actions.ask_role(user=user, by=giver, **asked) for user in users[:20]]
    with pytest.raises(Refused, match="schon 20 Anträge"):
        actions.ask_role(user=users[20], by=giver, **asked)
    actions.ask_role(user=users[20], by=other, **asked)
    actions.withdraw(request=requests[0], by=giver, now=NOW)
    actions.ask_role(user=users[21], by=giver, **asked)


def test_given_an_account_that_technik_closed_when_one_registrar_opens_it_then_it_takes_two(agreement):
    registrar, second = a_user(role="registrar", username="bodo"), a_user(role="registrar", username="eva")
    technik = a_user(role="admin", username="technik")
    user = a_user(role="member", username="max")
    actions.close_account(user=user, by=technik, now=NOW)
    with pytest.raises(Refused, match="hat die Technik gesperrt"):
        actions.open_account(user=user, by=registrar, now=NOW)
    request = actions.ask_opening(user=user, by=registrar, now=NOW)
    actions.confirm(request=request, by=second, now=NOW)
    assert User.objects.get(pk=user.pk).is_active
    actions.close_account(user=user, by=registrar, now=NOW)
    actions.open_account(user=user, by=second, now=NOW)


def test_given_an_account_that_technik_closed_when_its_page_is_used_then_the_opening_is_asked_for(agreement):
    registrar, technik = a_user(role="registrar", username="bodo"), a_user(role="admin", username="technik")
    user = a_user(role="member", username="max")
    actions.close_account(user=user, by=technik, now=NOW)
    client = Client()
    client.force_login(registrar)
    url = f"{BASE}/konten/{user.pk}/freigeben/"
    assert "Freigabe beantragen" in client.get(url).content.decode()
    client.post(url, {"confirmed": "1"})
    assert not User.objects.get(pk=user.pk).is_active
    assert user.requests.get().given_by == registrar
