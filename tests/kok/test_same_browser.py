"""A copied session proves nothing: what was proven counts in the browser where it was, and a code of the door there."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from kok import same_browser
from kok.models import AddressChange
from tests.builders import PASSWORD, a_factor, a_user, an_agreement, app_code, with_mailbox
from tests.transitions.inside import enter, proven, spare_codes

pytestmark = pytest.mark.django_db
MOVING = [
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes", "mfa_download_recovery_codes", "address:own", "address:withdraw",
]  # fmt: skip
ENTRANCE, LISTS = (f"/wetteraukreis/uebergaenge/{page}" for page in ("eintreten", "listen/"))


@pytest.fixture
def officer():
    an_agreement()
    return a_user(role="case-officer")


def with_copied_session(client: Client) -> Client:
    """The browser of somebody who has the session of another one, and no more."""
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    return thief


def is_asked_first(answer) -> bool:
    pages = (reverse("mfa_reauthenticate"), reverse("account_reauthenticate"), reverse("kok:prove-mail"))
    return answer.status_code == 302 and answer["Location"].startswith(pages)


@pytest.mark.parametrize("name", MOVING)
def test_given_a_proof_of_now_when_its_session_is_copied_then_only_the_own_browser_is_spared_the_question(
    officer, name
):
    client, spare = proven(Client(), officer), spare_codes(officer)
    thief = with_copied_session(client)
    assert is_asked_first(thief.get(reverse(name)))
    assert is_asked_first(thief.post(reverse(name), {"email": "dieb@example.net"}))
    assert Authenticator.objects.filter(pk=spare.pk).exists()
    assert not AddressChange.objects.exists()
    assert not is_asked_first(client.get(reverse(name)))


@pytest.mark.parametrize("name", MOVING)
def test_given_a_code_typed_at_the_door_when_a_page_that_moves_the_account_follows_then_it_asks_all_the_same(
    officer, name
):
    a_factor(officer)
    client = Client()
    client.force_login(officer)
    client.post(ENTRANCE, {"eintritt-reason": "PREPARE", "eintritt-code": app_code()})
    assert client.get(LISTS).status_code == 200
    assert is_asked_first(client.get(reverse(name)))
    assert is_asked_first(with_copied_session(client).get(reverse(name)))


def test_given_a_code_typed_at_the_door_when_the_area_was_left_then_nobody_enters_again_without_one(officer):
    a_factor(officer)
    client = Client()
    client.force_login(officer)
    client.post(ENTRANCE, {"eintritt-reason": "PREPARE", "eintritt-code": app_code()})
    client.post("/wetteraukreis/uebergaenge/verlassen")
    assert client.post(ENTRANCE, {"eintritt-reason": "PREPARE"}).status_code == 200
    assert client.get(LISTS)["Location"].startswith(ENTRANCE)


def test_given_a_proven_mailbox_when_its_session_is_copied_then_only_the_own_browser_sets_up_a_first_factor():
    user, page = a_user(), reverse("mfa_activate_totp")
    client = Client()
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    thief = with_copied_session(with_mailbox(client))
    assert is_asked_first(thief.get(page))
    thief.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert is_asked_first(thief.get(page))
    assert client.get(page).status_code == 200


def test_given_a_form_that_waits_when_another_browser_sent_it_then_the_code_of_the_owner_does_not_carry_it_out(officer):
    a_factor(officer)
    client, wanted = Client(), reverse("address:own")
    client.force_login(officer)
    thief = with_copied_session(client)
    thief.post(wanted, {"email": "dieb@example.net"})
    answer = client.post(client.get(wanted).url, {"code": app_code(), "next": wanted})
    assert (answer.status_code, answer.url) == (302, wanted)
    assert not AddressChange.objects.exists()
    assert client.get(wanted).status_code == 200


def test_given_a_password_that_the_thief_types_himself_when_the_owner_proved_his_factor_then_that_is_not_the_thiefs(
    officer,
):
    thief = with_copied_session(enter(officer))
    thief.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    thief.cookies[same_browser.COOKIE] = "x" * 43
    assert is_asked_first(thief.get(reverse("mfa_view_recovery_codes")))
    assert thief.get(LISTS)["Location"].startswith(ENTRANCE)


def test_given_the_secret_of_a_browser_when_it_is_handed_over_then_no_script_reads_it_and_it_stays_the_same(officer):
    a_factor(officer)
    client, page = Client(), reverse("mfa_reauthenticate")
    client.force_login(officer)
    client.post(page, {"code": app_code()})
    cookie = client.cookies[same_browser.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"], len(cookie.value)) == (True, "Lax", "", 43)
    assert same_browser.COOKIE not in client.post(ENTRANCE, {"eintritt-reason": "PREPARE"}).cookies
