"""One registrar asks for a role and another confirms it, by clicks from the start page, wide and narrow."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from kok.models import User
from tests.browser.clicks import follow, look, press
from tests.builders import a_user, an_agreement

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser_of(settings: Any, a_browser: Callable[..., BrowserContext], live_server: Any) -> Callable[[User], Page]:
    """A browser for each person, on the start page."""
    settings.KOK_NOW = "2026-09-01T10:00"
    an_agreement()

    def opened(user: User) -> Page:
        client = Client()
        client.force_login(user)
        context = a_browser(base_url=live_server.url)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto("/")
        return page

    return opened


def test_given_two_registrars_when_one_asks_by_clicks_then_the_other_finds_it_on_the_overview_and_confirms(
    browser_of: Callable[[User], Page],
) -> None:
    member = a_user(role="member", username="fachkraft")
    asking = browser_of(a_user(role="registrar", username="geberin"))
    for name in ("Mitglieder und Gremien", "Konten und Rollen", "fachkraft"):
        follow(asking, name)
    look(asking)
    follow(asking, "Rolle geben")
    asking.get_by_label("Fallbearbeitung:").check()
    press(asking, "Weiter")
    expect(asking.get_by_text("Diese Rolle geben zwei Personen")).to_be_visible()
    press(asking, "Rolle geben")
    confirming = browser_of(a_user(role="registrar", username="zweiter"))
    asking.reload()
    expect(asking.get_by_text("Bestätigen kann: zweiter.")).to_be_visible()
    look(asking)
    follow(confirming, "Ein Antrag zu einem Konto wartet auf Ihre Bestätigung")
    look(confirming)
    follow(confirming, "Bestätigen: Rolle Fallbearbeitung, fachkraft")
    look(confirming)
    press(confirming, "Bestätigen")
    expect(confirming.get_by_text("Rolle Fallbearbeitung für „fachkraft“ ist bestätigt.")).to_be_visible()
    look(confirming)
    assert member.role_assignments.get(role="case-officer").confirmed_by == User.objects.get(username="zweiter")


def test_given_technik_when_it_invites_another_by_clicks_then_the_page_says_who_confirms(
    browser_of: Callable[[User], Page],
) -> None:
    a_user(role="registrar", username="zweiter")
    page = browser_of(a_user(role="admin"))
    follow(page, "Konten ansehen")
    look(page)
    follow(page, "Konto für die Technik einladen")
    look(page)
    page.get_by_label("Benutzername").fill("technik-2")
    page.get_by_label("Dienstliche E-Mail").fill("technik-2@example.org")
    press(page, "Weiter")
    press(page, "Konto anlegen und Einladung senden")
    expect(page.get_by_text("Bestätigen kann: zweiter.")).to_be_visible()
    look(page)
