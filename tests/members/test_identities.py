"""Who is meant when power is confirmed: names that read alike, names that change around a confirmation."""

import pytest
from django.core import mail
from django.test import Client

from kok import clock, outbox
from kok.errors import Refused
from kok.models import AuditEvent, User
from members import actions
from members.actions import PersonDetails
from members.actions.people import sync_account
from members.models import AccountRequest, Person
from tests.builders import (
    a_person,
    a_second_agreement,
    a_user,
    an_agreement,
    confirm_as_shown,
    give_role,
    the_partner,
)

pytestmark = pytest.mark.django_db
DESK = "/wetteraukreis/mitglieder/bestaetigen/"


@pytest.fixture
def agreement(settings):
    settings.KOK_NOW = "2026-09-01T09:00"
    return an_agreement()


def somebody(given_name, family_name, username, role="member"):
    user = a_user(role=role, username=username)
    sync_account(a_person(family_name, given_name, user=user, email=user.email), user)
    return user


@pytest.fixture
def dishonest(agreement):
    return somebody("Max", "Maus", "max.maus", role="registrar")


@pytest.fixture
def honest(agreement):
    return somebody("Eva", "Muster", "eva.muster", role="registrar")


@pytest.fixture
def friend(agreement):
    return somebody("Fred", "Freund", "fred.freund")


def rename(user, by, *names):
    person = Person.objects.get(user=user)
    details = PersonDetails(given_name=names[0], family_name=names[1], email=person.email, phone=person.phone)
    agreement = the_partner().agreement
    return actions.change_person(person=person, details=details, by=by, agreement=agreement, now=clock.now())


def ask(by, user, role="case-officer"):
    place, today = the_partner(), clock.today()
    return actions.ask_role(user=user, role=role, place=place, from_on=today, by=by, now=clock.now())


def text_of(user, url):
    client = Client()
    client.force_login(user)
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_given_an_open_request_when_giver_or_receiver_would_be_renamed_then_it_is_refused(dishonest, honest, friend):
    request = ask(dishonest, friend)
    for who, by in ((friend, dishonest), (dishonest, honest), (friend, honest)):
        with pytest.raises(Refused, match="wartet ein Antrag auf Bestätigung"):
            rename(who, by, "Clara", "Klick")
    assert AccountRequest.objects.get().receiver_name == "Fred Freund"
    actions.withdraw(request=request, by=dishonest, now=clock.now())
    rename(friend, dishonest, "Clara", "Klick")


def test_given_power_when_somebody_would_rename_himself_then_another_registrar_does_it(dishonest, honest, friend):
    with pytest.raises(Refused, match="Ihren Namen ändert deshalb eine andere Person"):
        rename(dishonest, dishonest, "Eva", "Muster")
    rename(dishonest, honest, "Maximilian", "Maus")
    assert str(Person.objects.get(user=dishonest)) == "Maximilian Maus"


@pytest.mark.parametrize("changed", ["receiver", "giver", "address", "username", "namesake"])
def test_given_an_open_page_when_who_is_meant_changes_then_the_click_confirms_nothing(
    changed, dishonest, honest, friend
):
    request = ask(dishonest, friend)
    client = Client()
    client.force_login(honest)
    url = f"{DESK}{request.pk}/"
    seen = client.get(url).context["step"].seen
    if changed == "username":
        User.objects.filter(pk=friend.pk).update(username="clara.klick")
    elif changed == "address":
        User.objects.filter(pk=friend.pk).update(email="clara.klick@wk.example")
    elif changed == "namesake":
        a_person("Freund", "Fred")
    else:
        Person.objects.filter(user=friend if changed == "receiver" else dishonest).update(given_name="Clara")
    for sent in ({"seen": seen}, {}):
        page = client.post(url, {"confirmed": "1"} | sent).content.decode()
        assert "Die Angaben haben sich geändert" in page
        assert AccountRequest.objects.get().state == "OPEN"
    confirm_as_shown(client, url)
    assert AccountRequest.objects.get().state == "CONFIRMED"


def test_given_decided_requests_when_people_are_renamed_later_then_the_list_keeps_the_names_of_then(
    dishonest, honest, friend
):
    actions.confirm(request=ask(dishonest, friend), by=honest, now=clock.now())
    rename(friend, dishonest, "Clara", "Klick")
    rename(dishonest, honest, "Moritz", "Maus")
    page = text_of(honest, DESK)
    for said in ("Fred Freund", "beantragt von Max Maus", "Eva Muster"):
        assert said in page
    assert "Clara Klick" not in page


@pytest.mark.parametrize("name", [("Clara", "Klick"), ("CIara", "Klíck"), ("Klara", "Anders")])
def test_given_a_name_that_reads_like_another_when_confirmed_then_the_page_says_so_and_who_invited(
    name, dishonest, honest, agreement
):
    a_person("Klick", "Clara")
    person = a_person(name[1], name[0], email="clara.klick@wk.xn--ample-9cd.example")
    actions.invite_account(
        person=person, username="clara.kIick", role="case-officer", place=the_partner(), by=dishonest, now=clock.now()
    )
    User.objects.create_user("clara.klick")
    page = text_of(honest, f"{DESK}{AccountRequest.objects.get().pk}/")
    assert "clara.klick@wk.xn--ample-9cd.example" in page
    assert "eingeladen hat Max Maus" in page
    assert "Ein anderer Benutzername sieht fast genauso aus." in page
    assert ("Zweite Person dieses Namens" in page) == (name[0] != "Klara")


def test_given_a_new_name_when_power_is_asked_for_then_the_page_says_since_when_and_by_whom(dishonest, honest, friend):
    rename(friend, dishonest, "Clara", "Klick")
    request = ask(dishonest, friend)
    assert "heißt hier so erst seit" in text_of(honest, f"{DESK}{request.pk}/")
    assert "eingetragen von „max.maus“" in text_of(honest, f"{DESK}{request.pk}/")


def test_given_somebody_with_an_account_when_renamed_then_he_and_the_house_are_told_and_every_trail_says_so(
    dishonest, honest, friend
):
    auditor = a_user(role="auditor")
    rename(friend, dishonest, "Clara", "Klick")
    outbox.deliver(now=clock.now())
    sent = {message.to[0]: message.body for message in mail.outbox}
    assert {friend.email, auditor.email, honest.email} <= set(sent)
    assert "der Name, unter dem Sie in der Anwendung stehen, ist geändert." in sent[friend.email]
    assert not any("Clara" in text or "Klick" in text or "Freund" in text for text in sent.values())
    [line] = AuditEvent.objects.filter(action="person.renamed")
    assert (line.agreement, "Klick" in line.new + line.note) == ("wetteraukreis", False)


def test_given_roles_in_two_agreements_when_renamed_in_one_then_the_trail_of_both_says_so(agreement):
    user = a_user(role="member", partner="lwv-hessen", username="uwe.anders")
    person = a_person("Anders", "Uwe", employer="lwv-hessen", user=user, email=user.email)
    other = a_second_agreement()
    give_role(user, role="member", partner="lwv-hessen", agreement=other)
    details = PersonDetails(given_name="Udo", family_name="Anders", email=user.email)
    actions.change_person(person=person, details=details, by=None, agreement=agreement, now=clock.now())
    trails = AuditEvent.objects.filter(action="person.renamed").values_list("agreement", flat=True)
    assert sorted(trails) == sorted([agreement.slug, other.slug])
