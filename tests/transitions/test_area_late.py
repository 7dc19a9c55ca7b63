"""Time ran out in the sealed area while somebody typed: nothing is lost, nothing is shown to others; a lost key."""

from datetime import date
from html.parser import HTMLParser

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from kok import clock
from kok.vault import KeyLost
from members.models import RoleAssignment
from tests.builders import PASSWORD, a_user, an_agreement, app_code
from tests.transitions.door import ENTRANCE, NAME, PROBE, entries, leads_to_the_door, reached
from tests.transitions.inside import enter, proven
from tests.transitions.traces import held_by_sessions
from tests.worlds import built_once
from transitions.rules.codes import EntryReason

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.transitions.door")]


@built_once(autouse=True)
def _fresh():
    reached.clear()


@built_once
def officer():
    an_agreement()
    return a_user(role="case-officer")


@pytest.fixture
def late(officer):
    """Somebody whose time is over; half an hour later he sends what he typed."""
    with time_machine.travel("2027-04-01T06:00:00Z", tick=False) as time:
        client = enter(officer, EntryReason.QUESTION)
        client.get(PROBE)
        reached.clear()
        time.shift(30 * 60)
        yield client


TYPED = {"name": [NAME, 'zweite "Zeile"\r\n<b>'], "monat": "7.2028"}


class _Hidden(HTMLParser):
    """The hidden fields of a page as a browser would send them."""

    def __init__(self):
        super().__init__()
        self.found: dict[str, list[str]] = {}

    def handle_starttag(self, tag, attrs):
        each = dict(attrs)
        if tag == "input" and each.get("type") == "hidden" and each["name"] != "csrfmiddlewaretoken":
            self.found.setdefault(each["name"], []).append(each["value"])


def hidden(answer):
    """What the page that asks again keeps."""
    parser = _Hidden()
    parser.feed(answer.content.decode().split("<main")[1])
    return parser.found


def test_given_an_expired_stay_when_something_is_sent_then_it_is_kept_and_carried_out_after_the_code(late, officer):
    asked = late.post(f"{PROBE}?a=1", TYPED)
    page = asked.content.decode()
    assert (asked.status_code, reached) == (409, [])
    assert f'action="{PROBE}?a=1"' in page
    assert page.count("checked") == 1
    done = late.post(PROBE, hidden(asked) | {"eintritt-reason": "QUESTION", "eintritt-code": app_code()})
    assert done.content.decode() == f"QUESTION {officer.username}"
    assert reached == [{"name": TYPED["name"], "monat": ["7.2028"]}]
    assert [action for action, *_ in entries()] == ["ENTER", "ENTER"]
    assert late.get(PROBE).status_code == 200


def test_given_any_answer_of_the_area_when_it_arrives_then_no_browser_keeps_it(late, officer):
    answers = [late.post(PROBE, TYPED), late.get(PROBE), late.get(ENTRANCE), enter(officer).get(PROBE)]
    assert [answer.status_code for answer in answers] == [409, 302, 200, 200]
    assert all("no-store" in answer["Cache-Control"] for answer in answers)


def test_given_a_held_input_when_the_code_is_wrong_then_it_is_kept_and_too_many_attempts_are_stopped(late):
    fields = hidden(late.post(PROBE, TYPED))
    for _ in range(5):
        answer = late.post(PROBE, fields | {"eintritt-reason": "QUESTION", "eintritt-code": "000000"})
        assert hidden(answer)["name"] == TYPED["name"]
    answer = late.post(PROBE, fields | {"eintritt-reason": "QUESTION", "eintritt-code": app_code()})
    assert "zu viele Versuche" in answer.content.decode()
    assert reached == []


def test_given_a_held_input_when_another_account_signed_in_then_it_is_neither_shown_nor_carried_out(late):
    fields = hidden(late.post(PROBE, TYPED))
    user = a_user(role="case-officer")
    outside, inside = proven(Client(), user), enter(user)
    for client in (outside, inside):
        answer = client.post(PROBE, fields | {"eintritt-reason": "PREPARE"})
        assert leads_to_the_door(answer)
        assert NAME not in answer.content.decode()
    assert reached == []


def token_of(page):
    return page.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]


def test_given_what_one_account_typed_when_another_signed_in_meanwhile_then_the_token_of_the_page_is_refused(officer):
    client = proven(Client(enforce_csrf_checks=True), officer)
    token = token_of(client.get(ENTRANCE))
    other = a_user(role="case-officer", with_factor=False)
    client.post(reverse("account_logout"), {"csrfmiddlewaretoken": token})
    sign_in = {"login": other.username, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert client.post(reverse("account_login"), sign_in)["Location"] == "/"
    answer = client.post(PROBE, {"name": NAME, "csrfmiddlewaretoken": token})
    assert answer.status_code == 403
    assert NAME not in answer.content.decode()


def test_given_a_held_input_when_it_is_sent_to_another_address_then_it_is_refused(late):
    fields = hidden(late.post(PROBE, TYPED))
    answer = late.post("/wetteraukreis/uebergaenge/verloren", fields | {"eintritt-reason": "QUESTION"})
    assert leads_to_the_door(answer)


@pytest.mark.parametrize("forged", ["", "1 /wetteraukreis/uebergaenge/probe", "x:y"])
def test_given_a_forged_signature_when_sent_then_nothing_is_carried_out(late, forged):
    sent = TYPED | {"eintritt-of": forged, "eintritt-reason": "QUESTION", "eintritt-code": app_code()}
    assert leads_to_the_door(late.post(PROBE, sent))
    assert reached == []


def test_given_a_held_input_when_the_role_ends_meanwhile_then_it_is_not_carried_out(late, officer):
    fields = hidden(late.post(PROBE, TYPED))
    RoleAssignment.objects.filter(user=officer).update(period=(date(2022, 3, 1), clock.today()))
    sent = fields | {"eintritt-reason": "QUESTION", "eintritt-code": app_code()}
    assert late.post(PROBE, sent).status_code == 404
    assert reached == []


def test_given_a_held_input_without_token_against_forgery_when_sent_then_it_is_refused(late):
    fields = hidden(late.post(PROBE, TYPED))
    late.handler.enforce_csrf_checks = True
    sent = fields | {"eintritt-reason": "QUESTION", "eintritt-code": app_code()}
    assert late.post(PROBE, sent).status_code == 403
    assert reached == []


def test_given_a_file_when_the_time_is_over_then_the_page_says_that_it_must_be_chosen_again(late, tmp_path):
    file = tmp_path / "liste.csv"
    file.write_text(NAME)
    with file.open() as opened:
        page = late.post(PROBE, {"file": opened}).content.decode()
    assert "Datei noch einmal" in page
    assert NAME not in page


def test_given_an_expired_stay_when_something_was_sent_then_no_session_in_the_database_holds_it(late):
    fields = hidden(late.post(PROBE, TYPED))
    late.post(PROBE, fields | {"eintritt-reason": "QUESTION", "eintritt-code": "000000"})
    assert NAME not in " ".join(held_by_sessions())
    assert set(late.session["transitions.stay"]) == {"user", "agreement", "reason", "entered", "seen", "checksum"}


def test_given_htmx_when_the_time_is_over_then_the_whole_page_changes(late):
    assert late.get(PROBE, headers={"HX-Request": "true"})["HX-Redirect"].startswith(ENTRANCE)
    assert late.post(PROBE, TYPED, headers={"HX-Request": "true"})["HX-Retarget"] == "body"


# The key is lost


@pytest.mark.logs_errors
def test_given_a_lost_key_when_a_page_is_opened_then_it_says_who_must_do_what_and_the_log_has_one_line(officer, caplog):
    answer = enter(officer).get("/wetteraukreis/uebergaenge/verloren")
    assert answer.status_code == 503
    assert "nichts geändert" in answer.content.decode()
    ours = [record for record in caplog.records if record.name == "kok.middleware"]
    assert [(record.getMessage(), record.exc_info) for record in ours] == [(KeyLost().sentence, None)]
    assert all(record.exc_info is None for record in caplog.records)
