"""Security keys (WebAuthn) in a real browser, with the virtual authenticator that Chromium brings."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from kok import clock, outbox, second_factor
from kok.models import AuditEvent, User
from tests.browser.test_statutory_pages import look
from tests.builders import PASSWORD, a_user, an_agreement
from transitions.models import AccessLogEntry

pytestmark = pytest.mark.django_db(transaction=True)
KEY = {
    "protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
LISTS = "/wetteraukreis/uebergaenge/listen/"


@pytest.fixture
def officer() -> User:
    an_agreement()
    return a_user(role="case-officer", with_factor=False)


class Key:
    """A key that the browser of this page finds."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        self._id = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]

    def loses_its_content(self) -> None:
        """As somebody who plugs in another one."""
        self._session.send("WebAuthn.clearCredentials", {"authenticatorId": self._id})


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def sign_in(page: Page, base: str, user: User) -> None:
    page.goto(f"{base}/konto/login/")
    page.get_by_label("Benutzername").fill(user.username)
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    press(page, "Anmelden")


def prove_mailbox(page: Page) -> None:
    """The code that a mail brings, then the password once more."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Zuerst: Gehört dieses Postfach Ihnen?")
    look(page)
    press(page, "Code senden")
    expect(page.get_by_label("Welcher Code steht in der Mail?")).to_be_visible()
    look(page)
    outbox.deliver(now=clock.now())
    code = re.search(r"^[2-9A-Z]{4}-[2-9A-Z]{4}$", mail.outbox[-1].body, re.MULTILINE)
    assert code is not None
    page.get_by_label("Welcher Code steht in der Mail?").fill(code[0])
    press(page, "Weiter")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    press(page, "Bestätigen")


def enrol(page: Page, base: str, user: User) -> None:
    """From the sign-in to a key, as the pages lead."""
    sign_in(page, base, user)
    expect(page).to_have_title("Zweiter Faktor fehlt · Kooperationskonferenz")
    look(page)
    page.goto(base + LISTS)
    page.get_by_role("link", name="Zweiten Faktor einrichten").click()
    look(page)
    page.get_by_role("link", name="Schlüssel einrichten").click()
    prove_mailbox(page)
    look(page)
    page.get_by_label("Wie soll der Schlüssel heißen?").fill("Stecker am Bund")
    press(page, "Schlüssel einrichten")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Ersatzcodes")
    look(page)


def test_given_a_key_when_it_is_enrolled_then_it_signs_in_opens_the_door_and_can_be_removed(
    live_server, page: Page, officer, monkeypatch
):
    Key(page)
    enrol(page, live_server.url, officer)
    page.get_by_role("link", name="Ich habe sie abgelegt").click()
    expect(page).to_have_title("Geschützten Bereich öffnen · Kooperationskonferenz")

    page.goto(f"{live_server.url}/konto/logout/")
    press(page, "Abmelden")
    sign_in(page, live_server.url, officer)
    expect(page).to_have_title("Anmelden, zweiter Schritt · Kooperationskonferenz")
    look(page)
    press(page, "Mit Sicherheitsschlüssel anmelden")
    page.wait_for_url(f"{live_server.url}/wetteraukreis/**")

    monkeypatch.setattr(second_factor, "PROOF_LASTS", 0)  # as if five minutes had passed
    page.goto(f"{live_server.url}/wetteraukreis/uebergaenge/eintreten")
    look(page)
    page.get_by_role("radio").first.check()
    press(page, "Mit Sicherheitsschlüssel öffnen")
    expect(page).to_have_url(live_server.url + LISTS)
    assert AccessLogEntry.objects.filter(action="ENTER").count() == 1
    monkeypatch.undo()

    page.goto(f"{live_server.url}/konto/zweiter-faktor/")
    look(page)
    page.get_by_role("link", name="Schlüssel ansehen").click()
    look(page)
    page.get_by_role("link", name="entfernen Stecker am Bund").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bitte noch einmal bestätigen")  # the door proved nothing
    page.locator("a[href*='webauthn/reauthenticate']").click()
    look(page)
    press(page, "Mit Schlüssel bestätigen")
    expect(page.get_by_role("button", name="Entfernen", exact=True)).to_be_visible()
    look(page)
    press(page, "Entfernen")
    expect(page.get_by_text("Der Sicherheitsschlüssel ist entfernt.")).to_be_visible()
    assert not second_factor.is_set_up(officer)
    told = AuditEvent.objects.filter(actor_id=officer.pk).order_by("pk").values_list("action", flat=True)
    assert [act for act in told if "webauthn" in act] == ["account.webauthn-added", "account.webauthn-removed"]
    outbox.deliver(now=clock.now())
    subjects = [sent.subject.partition(": ")[2] for sent in mail.outbox]
    assert {"Sicherheitsschlüssel eingerichtet", "Sicherheitsschlüssel entfernt"} <= set(subjects)


def test_given_a_key_of_somebody_else_when_it_answers_then_the_page_says_so_and_nobody_is_signed_in(
    live_server, page: Page, officer
):
    key = Key(page)
    enrol(page, live_server.url, officer)
    page.goto(f"{live_server.url}/konto/logout/")
    press(page, "Abmelden")
    key.loses_its_content()
    sign_in(page, live_server.url, officer)
    press(page, "Mit Sicherheitsschlüssel anmelden")
    expect(page.locator("#schluessel-hinweis")).to_contain_text("Der Schlüssel hat nicht geantwortet")
    page.locator("input[name=credential]").evaluate('each => each.value = \'{"id": "x"}\'')
    page.locator("form:has(input[name=credential])").evaluate("form => form.submit()")
    expect(page.get_by_text("Dieser Schlüssel passt nicht").first).to_be_visible()
    page.goto(f"{live_server.url}/konto/zweiter-faktor/")
    assert page.url == f"{live_server.url}/konto/zweiter-faktor/authenticate/"  # still on the way


def test_given_no_scripts_when_a_key_is_asked_for_then_the_page_says_that_the_app_remains(
    live_server, page: Page, officer
):
    page.route("**/*.js", lambda route: route.abort())
    sign_in(page, live_server.url, officer)
    page.get_by_role("link", name="Zweiten Faktor einrichten").click()
    expect(page.get_by_text("ohne JavaScript nehmen Sie die App")).to_be_visible()
    page.get_by_role("link", name="Schlüssel einrichten").click()
    prove_mailbox(page)
    expect(page.get_by_text("nur mit JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Schlüssel einrichten")).to_be_hidden()
