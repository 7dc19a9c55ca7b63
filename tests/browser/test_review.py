"""Sixty cases on the page on which they are released, by keyboard and on a phone; asking back by clicks."""

import re
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.clicks import cookies_of, follow, look, press
from tests.builders import a_user, an_agreement
from tests.transitions import world
from tests.transitions.inside import enter

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def open_page(settings: Any, a_browser: Callable[..., BrowserContext], live_server: Any) -> Callable[..., Page]:
    """Opens a page of the area in a browser of one's own."""
    settings.KOK_NOW = "2027-03-10T12:00"
    an_agreement()

    def opened(client: Client, name: str, thing: Any = None) -> Page:
        context = a_browser()
        context.add_cookies(cookies_of(client, live_server.url))
        page = context.new_page()
        keys = ["wetteraukreis", *([thing.pk] if thing else [])]
        page.goto(live_server.url + reverse(f"transitions:{name}", args=keys))
        return page

    return opened


def sixty() -> list[Any]:
    """Among them two who look like one."""
    towns = ("06440008", "06440016", "06999999")
    names = [f"{first}{second}heim" for first in "ABDEFGHKLMNPRSTUVWZJ" for second in ("al", "irb", "osk")]
    people = [
        world.case_data(
            family_name=name, ga_municipality=towns[n % 3], date_of_birth=date(2010, 1 + n // 28, 1 + n % 28)
        )
        for n, name in enumerate(names[:59])
    ]
    return [*people, world.case_data(family_name="Aalhaim", date_of_birth=date(2010, 1, 1))]


def test_given_sixty_cases_when_read_by_keyboard_then_they_come_soon_the_index_jumps_and_the_filter_survives_going_back(
    open_page: Callable[..., Page],
) -> None:
    draft = world.submitted(world.a_draft(sixty()))
    client = enter(a_user(role="case-releaser"))
    page = open_page(client, "release", draft)
    look(page)
    began = time.monotonic()
    assert client.get(reverse("transitions:release", args=["wetteraukreis", draft.pk])).status_code == 200
    took = time.monotonic() - began
    link = page.get_by_role("navigation", name="Verzeichnis der Fälle").get_by_role("link", name="Woskheim")
    link.focus()
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", name="Woskheim, Malwine")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    page.get_by_role("combobox", name="Fälle", exact=True).select_option("doppelt")
    press(page, "Anzeigen")
    expect(page.get_by_text("Sie sehen 2 von 60 Fällen.")).to_be_visible()
    follow(page, re.compile("Übergangsliste 2027, Fassung 1"))
    page.go_back()
    expect(page.get_by_text("Sie sehen 2 von 60 Fällen.")).to_be_visible()
    look(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Das ist eine andere Person").first.click()
    expect(page.get_by_text("sind als zwei Personen vermerkt")).to_be_visible()
    expect(page.get_by_text("vielleicht doppelt", exact=True)).to_have_count(0)
    look(page)
    assert took < 2, "seconds, for the page of sixty cases"


def test_given_a_place_in_the_address_when_the_release_is_refused_then_the_refusal_takes_the_focus(
    open_page: Callable[..., Page],
) -> None:
    page = open_page(enter(a_user(role="case-releaser")), "release", world.submitted(world.a_draft(world.people(2))))
    press(page, "Anzeigen")
    expect(page).to_have_url(re.compile("#faelle$"))
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("2 Fälle freigeben")).click()
    expect(page.locator("#fehler")).to_be_focused()
    assert "#" not in page.url


def test_given_a_case_when_the_receiver_asks_by_clicks_then_the_county_finds_the_question_and_answers(
    open_page: Callable[..., Page],
) -> None:
    version = world.released(world.a_draft()).version
    case = version.entries.get().case
    receiver = open_page(enter(a_user(role="case-receiver", partner="lwv-hessen")), "case", case)
    look(receiver)
    follow(receiver, "Nachfragen")
    look(receiver)
    receiver.get_by_label("Stimmt die Einrichtung?").check()
    press(receiver, "Frage stellen")
    officer = open_page(enter(a_user(role="case-officer")), "lists")
    look(officer)
    follow(officer, "Rückfragen")
    look(officer)
    follow(officer, "Antworten")
    look(officer)
    officer.get_by_label("Die Angaben stimmen.").check()
    press(officer, "Antwort geben")
    look(officer)
    receiver.reload()
    expect(receiver.get_by_text("Antwort auf „Stimmt die Einrichtung?“: Die Angaben stimmen.")).to_be_visible()
