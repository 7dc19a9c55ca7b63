"""From the invitation to the sealed area without any shortcut: production mode, https, real mails, several people.

Nothing is set in the database or in a session: the operator types commands, everybody else clicks and types.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from kok import allauth_adapter
from tests.browser.journey import Traveller, step
from tests.browser.production import Installation, fresh_period, installed

pytestmark = pytest.mark.slow
PASSWORD = "Drei Kraniche über der Wetter"
EVA, UDO, MIRA = "eva.muster@example.org", "udo.probe@example.org", "mira.stein@example.org"
Come = Callable[[str], "Newcomer"]


class Newcomer(Traveller):
    """Somebody who has nothing but a mailbox at first."""

    secret = ""
    period = 0

    def follow_mail(self, text: str, base: str) -> None:
        """Opens the link of a mail."""
        found = re.search(r"https://\S+", text)
        assert found is not None, text
        assert found[0].startswith(f"{base}/"), found[0]
        self.open(found[0])

    def choose_password(self) -> None:
        self.page.get_by_label("Neues Passwort", exact=True).fill(PASSWORD)
        self.page.locator("#id_password2").fill(PASSWORD)
        self.press("Passwort speichern")
        self.says("Das neue Passwort gilt")
        self.follow("Anmelden")

    def code(self) -> str:
        """What the app on the telephone shows, each one once."""
        self.period = fresh_period(self.period)
        return allauth_adapter.app_code(self.secret, self.period)

    def set_up_app(self) -> None:
        """From the page that says what is missing to the spare codes, and back to where one wanted to go."""
        self.says("Richten Sie zuerst den zweiten Faktor ein")
        self.follow("Zweiten Faktor einrichten")
        self.follow("Einschalten")
        self.page.get_by_label("Passwort", exact=True).fill(PASSWORD)
        self.press("Bestätigen")
        self.secret = self.page.locator("code.kok-code").inner_text()
        self.page.get_by_label("Code").fill(self.code())
        self.press("Einschalten")
        expect(self.page.locator("ul.kok-codes li")).to_have_count(10)
        self.follow("Ich habe sie abgelegt")

    def sign_in_with_code(self, username: str) -> None:
        self.sign_in(username, PASSWORD)
        self.says("Anmelden, zweiter Schritt")
        self.page.get_by_label("Code").fill(self.code())
        self.press("Anmelden")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(tmp_path_factory.mktemp("production")) as installation:
        yield installation


@pytest.fixture
def come(house: Installation, browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Come]:
    everybody: list[Newcomer] = []

    def invited(address: str) -> Newcomer:
        """By the mail of an invitation to a password, signed in with it."""
        wide = {EVA: 1280, UDO: 1280, MIRA: 375}[address]
        person = Newcomer(browser, house.url, width=wide, ignore_https_errors=True, **browser_context_args)
        everybody.append(person)
        person.follow_mail(house.mail_to(address, "ein Passwort festlegen"), house.url)
        person.choose_password()
        person.sign_in(address.partition("@")[0], PASSWORD)
        return person

    yield invited
    for person in everybody:
        person.context.close()


def registrar(house: Installation, given_name: str, family_name: str, address: str) -> None:
    """The operator invites whoever invites all others."""
    house.manage(
        "first_account", "--agreement=wetteraukreis", "--partner=wetteraukreis", f"--given-name={given_name}",
        f"--family-name={family_name}", f"--username={address.partition('@')[0]}", f"--email={address}",
    )  # fmt: skip


def test_given_an_empty_installation_when_people_come_by_their_mails_then_the_sealed_area_opens(house, come):
    house.manage("load_agreement", "agreements/wetterau-2022.toml")
    registrar(house, "Eva", "Muster", EVA)
    registrar(house, "Udo", "Probe", UDO)

    with step("a registrar comes in"):
        eva = come(EVA)
        eva.set_up_app()
        eva.says("Mitglieder und Gremien")

    with step("she invites a case officer"):
        eva.open("/wetteraukreis/mitglieder/personen/")
        eva.follow("Person anlegen")
        eva.page.get_by_label("Vorname").fill("Mira")
        eva.page.get_by_label("Familienname").fill("Stein")
        eva.page.get_by_label("Dienstliche E-Mail").fill(MIRA)
        eva.press("Person anlegen")
        eva.follow("Mira Stein")
        eva.follow("Konto einladen")
        eva.page.get_by_label("Benutzername").fill("mira.stein")
        eva.page.get_by_label("Fallbearbeitung").check()
        eva.press("Weiter")
        eva.press("Konto anlegen und Einladung senden")

    with step("the case officer comes in and may nothing yet"):
        mira = come(MIRA)
        mira.says("Ihr Konto hat noch keine Rolle.")

    with step("a second registrar confirms the role"):
        udo = come(UDO)
        udo.set_up_app()
        udo.open("/wetteraukreis/mitglieder/bestaetigen/")
        udo.follow("Bestätigen: Rolle Fallbearbeitung, mira.stein")
        udo.press("Bestätigen")
        udo.says("ist bestätigt")

    with step("the role waits for a second factor"):
        mira.open("/wetteraukreis/uebergaenge/listen/")
        mira.set_up_app()
        mira.says("Geschützten Bereich öffnen")

    with step("she signs in again, with the factor"):
        mira.page.goto("/konto/logout/")
        mira.press("Abmelden")
        mira.sign_in_with_code("mira.stein")

    with step("the sealed area opens"):
        mira.open("/wetteraukreis/uebergaenge/listen/")
        mira.page.get_by_role("radio").first.check()
        mira.press("Bereich öffnen")
        mira.says("Übergangslisten")

    with step("everybody was told of the factor, and no mail names anybody"):
        for address in (EVA, UDO, MIRA):
            text = house.mail_to(address, "Zweiter Faktor eingeschaltet")
            assert "Mira" not in text
            assert "stein" not in text
