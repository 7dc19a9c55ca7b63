"""The time in the sealed area in a real browser: typing counts, a dialog asks in time, nothing typed is lost."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from kok.clock import BERLIN
from tests.browser.clicks import cookies_of, look
from tests.builders import a_user, an_agreement
from tests.transitions import world
from tests.transitions.inside import enter
from transitions.models import CaseEntry

pytestmark = pytest.mark.django_db(transaction=True)
BEGAN = datetime(2027, 3, 10, 10, 0, tzinfo=BERLIN)


class Desk:
    """One browser whose clock and that of the server are moved together."""

    def __init__(self, page: Page, settings: Any) -> None:
        self.page, self._settings, self.now = page, settings, BEGAN

    def wait(self, minutes: float) -> None:
        """Time passes here and there."""
        self.now += timedelta(minutes=minutes)
        self._settings.KOK_NOW = f"{self.now:%Y-%m-%dT%H:%M:%S}"
        self.page.clock.run_for(int(minutes * 60_000))


@pytest.fixture
def desk(settings: Any, browser: Browser, browser_context_args: dict[str, Any], live_server: Any) -> Iterator[Desk]:
    """Somebody begins to enter a person at ten."""
    settings.KOK_NOW = "2027-03-10T10:00:00"
    an_agreement()
    draft = world.a_draft([])
    context = browser.new_context(**browser_context_args)  # none that is kept: its clock stays moved
    context.add_cookies(cookies_of(enter(a_user(role="case-officer")), live_server.url))
    page = context.new_page()
    page.clock.install(time=BEGAN)
    page.goto(live_server.url + reverse("transitions:entry-new", args=["wetteraukreis", draft.pk]))
    yield Desk(page, settings)
    context.close()


def until(page: Page) -> Any:
    return page.locator(".kok-area [data-area-until]")


def warning(page: Page) -> Any:
    return page.get_by_role("alertdialog", name="Der geschützte Bereich schließt gleich")


def test_given_nothing_is_done_when_two_minutes_are_left_then_a_dialog_takes_the_focus_and_one_key_gives_it_back(
    desk: Desk,
) -> None:
    page = desk.page
    page.get_by_label("Vorname").focus()
    desk.wait(12.9)
    expect(warning(page)).to_be_hidden()
    desk.wait(0.2)
    expect(warning(page)).to_be_visible()
    expect(warning(page)).to_contain_text("schließt er um 10:15 Uhr")
    expect(page.get_by_role("button", name="Weiterarbeiten")).to_be_focused()
    look(page)
    page.keyboard.press("Enter")
    expect(warning(page)).to_be_hidden()
    expect(page.get_by_label("Vorname")).to_be_focused()
    expect(page.get_by_text(re.compile("Ohne Eingabe offen bis 10:28 Uhr"))).to_be_visible()
    desk.wait(10)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fall eingeben")


def test_given_somebody_types_when_time_passes_then_no_dialog_comes_and_the_area_stays_open(desk: Desk) -> None:
    page = desk.page
    for _ in range(4):
        desk.wait(9)
        page.get_by_label("Vorname").press_sequentially("a")
        expect(until(page)).to_have_text(f"{desk.now + timedelta(minutes=15):%H:%M} Uhr")
        expect(warning(page)).to_be_hidden()


def test_given_typing_within_a_minute_of_the_last_request_when_the_end_comes_near_then_it_counted_too(
    desk: Desk,
) -> None:
    desk.wait(0.5)
    desk.page.get_by_label("Vorname").press_sequentially("Malwine")
    desk.wait(0.6)
    expect(until(desk.page)).to_have_text("10:16 Uhr")  # a quarter of an hour after the key, not after the warning
    desk.wait(12.5)
    expect(warning(desk.page)).to_be_hidden()
    desk.wait(0.6)
    expect(warning(desk.page)).to_be_visible()
    expect(until(desk.page)).to_have_text("10:16 Uhr")


def test_given_something_typed_when_the_time_is_over_then_nothing_shows_before_the_code_and_all_of_it_after(
    desk: Desk,
) -> None:
    page = desk.page
    page.get_by_label("Familienname").fill("Quarkstein")
    page.get_by_label("Vorname").fill("Malwine")
    desk.wait(1.1)  # the typing counts
    expect(until(page)).to_have_text("10:16 Uhr")
    desk.wait(15.2)
    heading = page.get_by_role("heading", name="Der geschützte Bereich ist geschlossen")
    expect(heading).to_be_focused()
    expect(page.get_by_text("Ohne Eingabe offen bis")).to_be_hidden()
    expect(page.get_by_label("Familienname")).to_be_hidden()
    expect(page.get_by_label("Familienname")).to_have_count(0)  # not only out of sight
    look(page)
    page.keyboard.press("Tab")
    with page.expect_popup() as opened:
        page.keyboard.press("Enter")
    page.context.clear_cookies(name="kok_bereich")  # of the fixture, for all pages: the door gives one for its own
    with opened.value.expect_navigation():
        opened.value.get_by_label("Liste vorbereiten oder ändern").check()
        opened.value.get_by_role("button", name="Bereich öffnen").click()
    expect(page.get_by_label("Vorname")).to_be_focused()
    expect(page.get_by_label("Familienname")).to_have_value("Quarkstein")
    desk.wait(15.2)
    expect(heading).to_be_focused()  # covered again
    assert not CaseEntry.objects.exists()


def test_given_something_typed_when_another_account_opens_the_area_then_the_page_stays_covered(desk: Desk) -> None:
    page = desk.page
    page.get_by_label("Familienname").fill("Quarkstein")
    desk.wait(17)
    page.context.add_cookies(cookies_of(enter(a_user(role="case-officer")), page.url.partition("/wetteraukreis")[0]))
    with page.expect_response("**/uebergaenge/weiter"):
        page.context.new_page().goto(page.url)
    expect(page.get_by_role("heading", name="Der geschützte Bereich ist geschlossen")).to_be_visible()
    expect(page.get_by_label("Familienname")).to_have_count(0)


def test_given_something_typed_when_the_stay_ended_elsewhere_then_asking_for_time_covers_the_page(desk: Desk) -> None:
    page = desk.page
    page.get_by_label("Familienname").fill("Quarkstein")
    page.context.clear_cookies(name="kok_bereich")
    desk.wait(1.1)
    expect(page.get_by_role("heading", name="Der geschützte Bereich ist geschlossen")).to_be_visible()


def test_given_nothing_typed_when_the_time_is_over_then_the_entrance_stands_there_and_leads_back(desk: Desk) -> None:
    with desk.page.expect_navigation():
        desk.wait(15.5)
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Geschützten Bereich öffnen")
    assert "faelle%2Fneu" in desk.page.url


def test_given_a_second_tab_when_something_is_done_there_then_the_first_stays_open_as_long(desk: Desk) -> None:
    desk.wait(10)
    other = desk.page.context.new_page()
    other.clock.install(time=desk.now)
    other.goto(desk.page.url)
    expect(until(desk.page)).to_have_text("10:25 Uhr")
    desk.wait(4)
    expect(warning(desk.page)).to_be_hidden()


def test_given_four_hours_when_they_are_nearly_over_then_the_dialog_says_that_asking_does_not_help(desk: Desk) -> None:
    page = desk.page
    for _ in range(19):
        desk.wait(12)
        page.get_by_label("Vorname").press_sequentially("a")
        last = min(desk.now + timedelta(minutes=15), BEGAN + timedelta(hours=4))
        expect(until(page)).to_have_text(f"{last:%H:%M} Uhr")
    desk.wait(10.5)
    expect(warning(page)).to_be_visible()
    page.keyboard.press("Enter")
    expect(warning(page)).to_have_attribute("data-says", "longest")
    expect(warning(page)).to_contain_text("Nach vier Stunden schließt er in jedem Fall, um 14:00 Uhr.")
    page.keyboard.press("Escape")
    expect(warning(page)).to_be_hidden()


@pytest.mark.parametrize("way", ["Bereich verlassen", "Abmelden"])
def test_given_two_tabs_with_names_when_one_leaves_or_signs_out_then_the_other_shows_none_any_more(
    desk: Desk, way: str
) -> None:
    page = desk.page
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_label("Vorname").fill("Malwine")  # who leaves takes along what was typed
    if way == "Abmelden":
        other.locator("summary", has_text="Mein Konto").click()
    with page.expect_navigation():
        other.get_by_role("button", name=way).click()
    expect(page.get_by_label("Vorname")).to_have_count(0)
