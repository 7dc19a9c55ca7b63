"""The door of the sealed area: no second factor, no reason, no time left, no entry (5.4, 5.5, scenario 20)."""

from datetime import date
from urllib.parse import urlencode

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from kok import clock
from members.models import RoleAssignment
from tests.builders import OTHER_COUNTY, a_factor, a_second_agreement, a_user, an_agreement, app_code, give_role
from tests.transitions.door import ENTRANCE, NAME, PROBE, entries, leads_to_the_door
from tests.transitions.inside import enter, enter_with, proven
from tests.worlds import built_once
from transitions.forms.area import reasons_for
from transitions.rules.codes import EntryReason
from transitions.views.area_session import COOKIE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.transitions.door")]


@built_once
def agreement():
    return an_agreement()


@built_once
def officer(agreement):
    return a_user(role="case-officer")


# Entering


def test_given_a_proven_factor_and_a_reason_when_entering_then_the_area_opens_and_the_log_says_so(officer):
    client = enter(officer, EntryReason.QUESTION)
    assert client.get(PROBE).content.decode() == f"QUESTION {officer.username}"
    assert entries() == [("ENTER", "QUESTION", officer.username)]


def test_given_an_account_without_second_factor_when_it_comes_then_it_is_led_to_setting_one_up_and_back(agreement):
    officer, client = a_user(role="case-officer", with_factor=False), Client()
    client.force_login(officer)
    missing = reverse("kok:factor")
    assert client.post(ENTRANCE, {"eintritt-reason": "PREPARE"})["Location"] == missing
    assert client.get(PROBE)["Location"] == missing
    assert reverse("mfa_index") in client.get(missing).content.decode()
    a_factor(officer)
    assert missing in client.get(reverse("mfa_index")).content.decode()
    assert client.get(missing)["Location"] == PROBE
    assert leads_to_the_door(client.get(PROBE))


def test_given_a_sign_in_without_second_factor_when_entering_then_the_code_is_asked_for(officer):
    a_factor(officer)
    client = Client()
    client.force_login(officer)
    assert client.post(ENTRANCE, {"eintritt-reason": "PREPARE"}).status_code == 200
    assert leads_to_the_door(client.get(PROBE))
    answer = client.post(ENTRANCE, {"eintritt-reason": "PREPARE", "eintritt-code": app_code()})
    assert answer["Location"] == "/wetteraukreis/uebergaenge/listen/"
    assert client.get(PROBE).status_code == 200


def test_given_a_key_and_no_app_when_entering_then_the_door_asks_for_a_spare_code_and_for_none_of_an_app(
    officer, monkeypatch
):
    monkeypatch.setattr("kok.allauth_adapter.begin_authentication", lambda user: {"publicKey": {}})
    Authenticator.objects.filter(user=officer).delete()
    Authenticator.objects.create(user=officer, type=Authenticator.Type.WEBAUTHN, data={})
    client = Client()
    client.force_login(officer)
    page = client.get(ENTRANCE).content.decode()
    assert "Wie lautet einer Ihrer Ersatzcodes?" in page
    assert "Authentifizierungs-App" not in page
    empty = client.post(ENTRANCE, {"eintritt-reason": "PREPARE"}).content.decode()
    assert "Geben Sie einen Ersatzcode ein, oder bestätigen Sie mit Ihrem Sicherheitsschlüssel." in empty
    wrong = client.post(ENTRANCE, {"eintritt-reason": "PREPARE", "eintritt-code": "000000"}).content.decode()
    assert "Geben Sie einen anderen Ihrer Ersatzcodes ein." in wrong


def test_given_production_when_a_code_is_typed_at_the_door_then_it_opens_and_the_next_code_of_a_demo_does_not(
    officer, settings
):
    settings.PRODUCTION = True
    factor = a_factor(officer)
    client = Client()
    client.force_login(officer)
    client.post(ENTRANCE, {"eintritt-reason": "PREPARE", "eintritt-code": app_code()})
    assert client.get(PROBE).status_code == 200
    factor.data["demo"] = True
    factor.save()
    assert client.get(PROBE)["Location"] == reverse("kok:factor")


@pytest.mark.parametrize(("seconds_ago", "is_asked"), [(60, False), (301, True), (3600, True)])
def test_given_a_factor_proven_before_when_entering_then_only_a_fresh_proof_counts(officer, seconds_ago, is_asked):
    client = proven(Client(), officer, seconds_ago=seconds_ago)
    assert ("eintritt-code" in client.get(ENTRANCE).content.decode()) is is_asked
    client.post(ENTRANCE, {"eintritt-reason": "PREPARE"})
    assert leads_to_the_door(client.get(PROBE)) is is_asked


def test_given_a_proof_of_a_factor_that_is_gone_when_entering_then_it_does_not_count(officer):
    client = proven(Client(), officer)
    Authenticator.objects.all().delete()
    a_factor(officer)
    client.post(ENTRANCE, {"eintritt-reason": "PREPARE"})
    assert leads_to_the_door(client.get(PROBE))


@pytest.mark.parametrize("reason", ["", "NEUGIER", "RECEIVE", "RELEASE", "prepare"])
def test_given_a_reason_that_is_not_offered_when_entering_then_the_door_stays_closed_and_spares_the_code(
    officer, reason
):
    a_factor(officer)
    client = Client()
    client.force_login(officer)
    sent = app_code()
    assert client.post(ENTRANCE, {"eintritt-reason": reason, "eintritt-code": sent}).status_code == 200
    assert entries() == []
    assert client.post(ENTRANCE, {"eintritt-reason": "PREPARE", "eintritt-code": sent}).status_code == 302


@pytest.mark.parametrize(
    ("role", "reasons"),
    [
        ("case-officer", "PREPARE OUTCOME SUBJECT_REQUEST QUESTION"),
        ("case-releaser", "RELEASE SUBJECT_REQUEST QUESTION"),
        ("case-receiver", "RECEIVE OUTCOME SUBJECT_REQUEST QUESTION"),
        ("member", ""),
    ],
)
def test_given_a_role_when_the_door_asks_then_only_fitting_reasons_are_offered(agreement, role, reasons):
    assert " ".join(reasons_for(a_user(role=role), agreement)) == reasons


def test_given_a_used_code_when_it_is_sent_again_then_the_door_stays_closed(officer):
    with time_machine.travel("2027-04-01T10:00:00Z", tick=False):
        a_factor(officer)
        clients = [Client(), Client()]
        answers = []
        for client in clients:
            client.force_login(officer)
            answers.append(
                client.post(ENTRANCE, {"eintritt-reason": "PREPARE", "eintritt-code": app_code()}).status_code
            )
    assert answers == [302, 200]


def test_given_many_wrong_codes_when_the_right_one_follows_then_it_has_to_wait(officer):
    a_factor(officer)
    client = Client()
    client.force_login(officer)
    for _ in range(5):
        client.post(ENTRANCE, {"eintritt-reason": "PREPARE", "eintritt-code": "000000"})
    page = client.post(ENTRANCE, {"eintritt-reason": "PREPARE", "eintritt-code": app_code()})
    assert "zu viele Versuche" in page.content.decode()
    assert leads_to_the_door(client.get(PROBE))


@pytest.mark.parametrize(
    ("wanted", "is_kept"),
    [
        (PROBE, True),
        (f"{PROBE}?seite=2", True),
        ("https://example.org/wetteraukreis/uebergaenge/probe", False),
        ("//example.org/wetteraukreis/uebergaenge/probe", False),
        ("/\\example.org/wetteraukreis/uebergaenge/probe", False),
        ("///example.org", False),
        (f"/{OTHER_COUNTY}/uebergaenge/probe", False),
        ("/wetteraukreis/uebergaenge/../../konto/", False),
        ("/wetteraukreis/sitzungen/", False),
        ("/wetteraukreis/uebergaenge/verlassen", False),
        (ENTRANCE, False),
        ("javascript:alert(1)", False),
        ("uebergaenge/probe", False),
        ("/konto/abmelden/", False),
    ],
)
def test_given_a_wanted_address_when_inside_then_only_one_of_this_agreement_is_followed(officer, wanted, is_kept):
    client = proven(Client(), officer)
    answer = client.post(f"{ENTRANCE}?{urlencode({'next': wanted})}", {"eintritt-reason": "PREPARE"})
    assert answer["Location"] == (wanted if is_kept else "/wetteraukreis/uebergaenge/listen/")


def test_given_a_page_when_somebody_outside_asks_for_it_then_the_door_leads_there_afterwards(officer):
    client = proven(Client(), officer)
    door = client.get(f"{PROBE}?seite=2")["Location"]
    assert client.post(door, {"eintritt-reason": "PREPARE"})["Location"] == f"{PROBE}?seite=2"


# Being inside


@pytest.mark.parametrize(
    ("minutes", "is_open"),
    [([14, 14, 14], True), ([14, 16], False), ([15], False), ([14] * 17, True), ([14] * 18, False)],
)
def test_given_a_stay_when_time_goes_by_then_it_ends_after_15_idle_minutes_or_four_hours(officer, minutes, is_open):
    with time_machine.travel("2027-04-01T06:00:00Z", tick=False) as time:
        client = enter(officer)
        for step in minutes:
            time.shift(step * 60)
            answer = client.get(PROBE)
    assert leads_to_the_door(answer) is not is_open


def test_given_a_stay_when_somebody_leaves_then_he_has_to_enter_again(officer):
    client = enter(officer)
    assert client.get("/wetteraukreis/uebergaenge/verlassen").status_code == 405
    client.post("/wetteraukreis/uebergaenge/verlassen")
    assert leads_to_the_door(client.get(PROBE))


def test_given_a_stay_when_somebody_signs_out_and_in_then_he_has_to_enter_again(officer):
    client = enter(officer)
    client.post(reverse("account_logout"))
    client.force_login(officer)
    assert leads_to_the_door(client.get(PROBE))


def test_given_a_stay_when_the_session_key_from_before_is_used_then_it_opens_nothing(officer):
    client = proven(Client(), officer)
    copied = client.cookies["sessionid"].value
    enter_with(client, officer, officer.role_assignments.get().agreement)
    thief = Client()
    thief.cookies["sessionid"] = copied
    assert thief.get(PROBE)["Location"].startswith(reverse("account_login"))


def test_given_a_stay_when_the_running_session_is_copied_then_the_other_browser_stays_outside(officer):
    client = enter(officer)
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert thief.get(reverse("kok:start")).status_code != 404
    assert leads_to_the_door(thief.get(PROBE))
    assert client.get(PROBE).status_code == 200


def test_given_a_proof_of_a_minute_ago_when_its_session_is_copied_then_the_other_browser_is_asked_for_a_code(officer):
    client = proven(Client(), officer, seconds_ago=60)
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    asked = thief.post(ENTRANCE, {"eintritt-reason": "PREPARE"})
    assert asked.status_code == 200
    assert 'name="eintritt-code"' in asked.content.decode()
    assert leads_to_the_door(thief.get(PROBE))
    assert client.post(ENTRANCE, {"eintritt-reason": "PREPARE"}).status_code == 302


@pytest.mark.parametrize("offered", ["checksum", "another"])
def test_given_a_copied_session_when_what_the_database_knows_is_offered_for_the_secret_then_it_opens_nothing(
    officer, offered
):
    inside, other = enter(officer), enter(officer)
    thief = Client()
    thief.cookies["sessionid"] = inside.cookies["sessionid"].value
    known = {
        "checksum": inside.session["transitions.stay"]["checksum"],
        "another": other.cookies[COOKIE].value,
    }
    thief.cookies[COOKIE] = known[offered]
    assert leads_to_the_door(thief.get(PROBE))
    thief.cookies[COOKIE] = inside.cookies[COOKIE].value
    assert thief.get(PROBE).status_code == 200


def test_given_a_stay_when_it_begins_and_ends_then_its_cookie_is_for_the_area_only_and_gone_afterwards(officer):
    client = enter(officer)
    cookie = client.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/wetteraukreis/uebergaenge/", True, "Lax")
    assert cookie["max-age"] == ""
    client.post("/wetteraukreis/uebergaenge/verlassen")
    assert client.cookies[COOKIE].value == ""


def test_given_production_when_somebody_enters_then_the_secret_goes_over_tls_only(officer, settings):
    settings.PRODUCTION = True
    assert enter(officer).cookies[COOKIE]["secure"] is True


def test_given_a_stay_when_it_is_copied_into_the_session_of_another_then_it_is_worth_nothing(officer):
    other = a_user(role="case-officer")
    a_factor(other)
    inside, outside = enter(officer), Client()
    outside.force_login(other)
    session = outside.session
    session["transitions.stay"] = inside.session["transitions.stay"]
    session.save()
    assert leads_to_the_door(outside.get(PROBE))


def test_given_a_stay_in_one_agreement_when_another_is_opened_then_one_enters_again_and_reads_that_the_first_ends(
    officer,
):
    give_role(officer, role="case-officer", partner=OTHER_COUNTY, agreement=a_second_agreement())
    client = enter(officer, agreement=officer.role_assignments.earliest("pk").agreement)
    answer = client.get(f"/{OTHER_COUNTY}/uebergaenge/probe")
    assert answer["Location"].startswith(f"/{OTHER_COUNTY}/uebergaenge/eintreten")
    told = "Sie sind im geschützten Bereich einer anderen Vereinbarung."
    assert told in client.get(answer["Location"]).content.decode()
    assert told not in proven(Client(), officer).get(answer["Location"]).content.decode()


def test_given_a_stay_when_the_role_ended_yesterday_then_the_person_is_out_at_once(officer):
    client = enter(officer)
    RoleAssignment.objects.filter(user=officer).update(period=(date(2022, 3, 1), clock.today()))
    assert client.get(PROBE).status_code == client.post(PROBE, {"name": NAME}).status_code == 404


def test_given_a_stay_when_the_second_factor_is_taken_away_then_the_person_is_out_at_once(officer):
    client = enter(officer)
    Authenticator.objects.all().delete()
    assert client.get(PROBE)["Location"] == reverse("kok:factor")


@pytest.mark.parametrize(("role", "status"), [("case-receiver", 403), ("member", 404), ("outsider", 404)])
def test_given_another_role_when_a_page_is_asked_for_then_the_role_decides_before_the_door(officer, role, status):
    user = a_user(role=None if role == "outsider" else role)
    assert proven(Client(), user).get(PROBE).status_code == status
