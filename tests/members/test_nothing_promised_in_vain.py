"""No page says what will happen and then refuses it; what waits is said wherever somebody looks for it."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from members import actions
from members.models import AuthorityChange, Departure, Seat
from tests.builders import a_person, a_user, an_agreement, give_role, the_body, the_partner

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)
BASE = "/wetteraukreis/mitglieder"
TECHNIK = "/verwaltung/konten/"
PROMISE = "Das wird geschehen"


@pytest.fixture
def registrar(settings):
    settings.KOK_NOW = NOW.isoformat()
    an_agreement()
    return a_user(role="registrar", username="geberin")


def of(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def refused(client, url, typed, sentence):
    page = text_of(client.post(url, typed))
    assert sentence in page
    assert PROMISE not in page


def ask(giver, user, role="case-officer"):
    return actions.ask_role(user=user, role=role, place=the_partner(), from_on=TODAY, by=giver, now=NOW)


def test_given_an_act_that_the_rule_refuses_when_its_first_step_is_sent_then_no_page_promises_it(registrar):
    client = of(registrar)
    [only] = registrar.role_assignments.all()
    refused(client, f"{BASE}/rollen/{only.pk}/beenden/", {"when": "sofort"}, "das letzte Konto, das die Stammdaten")
    typed = {"when": "tag", "last_on": "30.09.2026"}
    refused(client, f"{BASE}/rollen/{only.pk}/beenden/", typed, "das letzte Konto, das die Stammdaten")
    user = a_user(role="member", username="fachkraft")
    give_role(user, role="case-officer")
    url = f"{BASE}/konten/{user.pk}/rolle/wetteraukreis/"
    for role in ("member", "case-officer"):
        refused(client, url, {"role": role, "from_on": "01.09.2026"}, "hat das Konto in diesem Zeitraum schon")
    ask(registrar, user, "approver")
    refused(client, url, {"role": "approver", "from_on": "01.09.2026"}, "Das ist schon beantragt")
    limited = user.role_assignments.get(role="case-officer")
    a_user(role="registrar", username="zweite")
    actions.end_role(assignment=limited, last_on=date(2026, 12, 31), by=registrar, now=NOW)
    later = {"when": "tag", "last_on": "31.03.2027"}
    refused(client, f"{BASE}/rollen/{limited.pk}/beenden/", later, "Diese")


def test_given_a_seat_when_the_rule_refuses_the_day_then_its_pages_promise_nothing(registrar):
    client, seat = of(registrar), Seat.objects.get(position=1)
    row = seat.assignments.get()
    actions.end_assignment(assignment=row, last_on=date(2026, 12, 31), by=None, now=NOW)
    url = f"{BASE}/besetzungen/{row.pk}/beenden/"
    refused(client, url, {"last_on": "31.12.2026"}, "Das endet schon am 31.12.2026. Es wurde nichts geändert.")
    refused(client, url, {"last_on": "28.02.2022"}, "Dieser Tag liegt vor dem Beginn am 01.03.2022.")
    later = a_person("Neu", "Nora")
    actions.assign_seat(seat=seat, person=later, capacity="HOLDER", from_on=date(2027, 1, 1), by=None, now=NOW)
    refused(client, f"{BASE}/sitze/{seat.pk}/beenden/", {"last_on": "30.11.2026"}, "Nora Neu ist für diesen Sitz ab")
    typed = {"partner": the_partner().pk, "body": the_body().pk, "function": "Leitung", "from_on": "28.02.2022"}
    refused(client, f"{BASE}/sitze/neu/", typed, "An diesem Tag besteht das Gremium nicht.")


def test_given_what_can_only_be_refused_when_its_question_is_opened_then_the_page_before_says_why(registrar):
    client, user = of(registrar), a_user(role="member", username="drin")
    other = a_person("Weg", "Wim")
    actions.enter_departure(
        person=other, last_on=date(2026, 9, 30), by=registrar, agreement=the_partner().agreement, now=NOW
    )
    Departure.objects.filter(person=other).update(last_on=date(2026, 8, 31))
    done = AuthorityChange.objects.create(
        authority=the_partner().authority,
        from_on=date(2026, 1, 1),
        values={"city": "Butzbach"},
        replaced={"city": "Friedberg"},
        done_at=NOW,
    )
    for url, said in (
        (f"{BASE}/konten/{user.pk}/einladung/", "Dieses Konto hat schon ein Passwort."),
        (f"{BASE}/personen/{other.pk}/ausscheiden/zuruecknehmen/", "Der letzte Tag ist vorbei."),
        (f"/wetteraukreis/behoerden/wetteraukreis/aenderungen/{done.pk}/", "Diese Änderung gilt inzwischen"),
    ):
        page = text_of(client.get(url, follow=True))
        assert said in page
        assert PROMISE not in page


def test_given_technik_when_the_rule_refuses_then_its_pages_promise_nothing_either(registrar):
    technik = a_user(role="admin", username="technik")
    client, [only] = of(technik), technik.role_assignments.all()
    refused(client, f"{TECHNIK}rollen/{only.pk}/beenden/", {"when": "sofort"}, "das letzte Konto der Technik")
    typed = {"username": "technik-2", "email": registrar.email}
    refused(client, f"{TECHNIK}technik-einladen/", typed, "Ein anderes Konto mit Rollen")
    refused(client, f"{TECHNIK}technik-einladen/", {**typed, "username": "geberin"}, "gibt es schon")
    other = a_user(username="andere")
    actions.ask_role(user=other, role="admin", place=None, from_on=TODAY, by=technik, now=NOW)
    url = f"{TECHNIK}{other.pk}/technik/"
    refused(client, url, {"from_on": "01.09.2026"}, "Das ist schon beantragt")


def test_given_the_address_of_somebody_with_power_when_inviting_then_the_first_step_refuses(registrar):
    person = a_person("Stroh", "Mann", email=registrar.email)
    typed = {"username": "stroh.mann", "role": "registrar", "address": person.email}
    refused(of(registrar), f"{BASE}/personen/{person.pk}/einladen/", typed, "dieselbe E-Mail-Adresse")


def test_given_a_request_that_cannot_be_confirmed_when_its_page_is_opened_then_it_leads_back_with_the_reason(registrar):
    second = a_user(role="registrar", username="zweite")
    user = a_user(role="member", username="fachkraft")
    request = ask(registrar, user)
    for client, said in ((of(registrar), "selbst beantragt"), (of(second), "hat das Konto in diesem Zeitraum schon")):
        if "Zeitraum" in said:
            give_role(user, role="case-officer")
        page = text_of(client.get(f"{BASE}/bestaetigen/{request.pk}/", follow=True))
        assert said in page
        assert PROMISE not in page


def test_given_a_waiting_request_when_technik_registrar_and_receiver_look_then_all_are_told(registrar):
    technik = of(a_user(role="admin", username="technik"))
    user = a_user(username="neu")
    a_person("Neu", "Kim", user=user)
    ask(registrar, user)
    page = text_of(technik.get("/verwaltung/auftraege/"))
    assert "nichts Unerledigtes" not in page
    assert "Ein Antrag zu einem Konto wartet auf Ihre Bestätigung" in page
    said = "Beantragt ist die Rolle Fallbearbeitung"
    assert said in text_of(of(registrar).get(f"{BASE}/konten/{user.pk}/"))
    start = text_of(of(user).get("/", follow=True))
    assert said in start
    assert "Ihr Konto hat heute keine Rolle" not in start


@pytest.mark.parametrize(("held", "asked"), [("registrar", "auditor"), ("auditor", "registrar")])
@pytest.mark.parametrize("everywhere", [True, False])
def test_given_who_watches_the_own_house_when_asked_for_and_confirmed_then_both_people_are_warned(
    registrar, held, asked, everywhere
):
    second = a_user(role="registrar", username="zweite")
    user = a_user(role=held, username="beides", everywhere=everywhere)
    warning = "pflegt dann Stammdaten und prüft im selben Haus"
    url = f"{BASE}/konten/{user.pk}/rolle/wetteraukreis/"
    assert warning in text_of(of(registrar).post(url, {"role": asked, "from_on": "01.09.2026"}))
    request = ask(registrar, user, asked)
    assert warning in text_of(of(second).get(f"{BASE}/bestaetigen/{request.pk}/"))
    third = a_user(role="member", username="andere")
    request = ask(registrar, third, asked)
    assert warning not in text_of(of(second).get(f"{BASE}/bestaetigen/{request.pk}/"))
