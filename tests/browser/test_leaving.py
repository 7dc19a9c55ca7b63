"""Somebody leaves, entered by clicks from the start page in a real browser, wide and narrow, and taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from members.models import Departure, Person
from tests.browser.clicks import follow, look, press
from tests.builders import a_user, an_agreement, give_role

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(settings: Any, a_browser: Callable[..., BrowserContext], live_server: Any) -> Page:
    """The browser of a registrar, on the start page; somebody else holds a seat and two roles."""
    settings.KOK_NOW = "2026-09-01T10:00"
    an_agreement()
    person = Person.objects.get(family_name="Abel")
    person.user = a_user(role="member", username="abel")
    person.save()
    give_role(person.user, role="reporter")
    client = Client()
    client.force_login(a_user(role="registrar"))
    context = a_browser(base_url=live_server.url)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto("/")
    return page


def test_given_a_registrar_when_somebody_leaves_by_clicks_then_everything_is_said_and_can_be_taken_back(
    page: Page,
) -> None:
    for name in ("Mitglieder und Gremien", "Personen", "Antonia Abel"):
        follow(page, name)
    look(page)
    follow(page, "Ausscheiden eintragen")
    look(page)
    page.get_by_label("Letzter Tag?").fill("31.12.2026")
    press(page, "Weiter")
    expect(page.get_by_role("heading", name="Was offen bleibt")).to_be_visible()
    expect(page.get_by_role("row", name="Rolle Meldungen für Wetteraukreis")).to_contain_text("niemand")
    look(page)
    press(page, "Ausscheiden eintragen")
    expect(page.get_by_text("Scheidet zum 31.12.2026 aus.")).to_be_visible()
    assert Departure.objects.get().lines.count() == 3
    look(page)
    follow(page, "Ausscheiden zurücknehmen")
    look(page)
    press(page, "Ausscheiden zurücknehmen")
    expect(page.get_by_text("Das Ausscheiden von Antonia Abel ist zurückgenommen.")).to_be_visible()
    assert Departure.objects.get().withdrawn_at
    follow(page, "Rollen ansehen und ändern")
    look(page)
