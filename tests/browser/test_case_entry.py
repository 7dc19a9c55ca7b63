"""The county's pages in a real browser: entering by keyboard alone, without JavaScript, and what axe says."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.clicks import cookies_of
from tests.browser.journey import OVERFLOW, violations
from tests.builders import a_user, an_agreement
from tests.transitions import world
from tests.transitions.inside import enter
from transitions.actions.entries import end_case
from transitions.models import CaseEntry
from transitions.rules.codes import CaseState, EndReason, FacilityBasis, SimilarReason

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _spring(settings: Any) -> None:
    settings.KOK_NOW = "2027-03-10T10:00"
    an_agreement()


@pytest.fixture
def open_page(a_browser: Callable[..., BrowserContext], live_server: Any) -> Any:
    """Opens a page as somebody who is inside the area, in a browser of his own."""

    def opened(client: Client, path: str, **more: Any) -> Page:
        context = a_browser(**more)
        context.add_cookies(cookies_of(client, live_server.url))
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    return opened


def address(name: str, thing: Any = None) -> str:
    return reverse(f"transitions:{name}", args=["wetteraukreis", *([thing.pk] if thing else [])])


def type_person(page: Page, family_name: str, *, is_similar: bool = False) -> None:
    """Tab and letters only, from the first field on, as somebody types who never looks up."""
    keys = page.keyboard

    def fill(*texts: str) -> None:
        for text in texts:
            keys.type(text)
            keys.press("Tab")

    def press(*names: str) -> None:
        for name in names:
            keys.press(name)

    fill(family_name, "Malwine", "14.03.2010")
    press("Tab")  # over the calendar beside the date
    fill("Frau", "Bad Nauheim")
    press("Control+a")
    fill("Internat Haus Lindenhöhe")
    press("Control+a")
    fill("Bad Nauheim")
    press("Space", *(("ArrowDown", "ArrowDown", "Tab", "Space") if is_similar else ()), "Tab", "Space", "Tab")
    fill("7.2028")
    press("Space", "Tab", "Space", "Tab", "Control+a")
    fill("Fachdienst Soziale Hilfen")
    press("Control+a")
    fill("06031 83-0")
    press("Space", "Tab")
    keys.type("20.01.2027")
    with page.expect_navigation():
        press("Enter")


def test_given_a_draft_when_two_persons_are_typed_by_keyboard_then_both_are_stored_and_the_third_can_begin(
    open_page: Any,
) -> None:
    draft = world.a_draft([])
    page = open_page(enter(a_user(role="case-officer")), address("entry-new", draft))
    expect(page.get_by_label("Familienname")).to_be_focused()
    type_person(page, "Quarkstein")
    expect(page.get_by_text("ist gespeichert")).to_be_visible()
    expect(page.get_by_label("Familienname")).to_be_focused()
    expect(page.get_by_label("Ort der Einrichtung")).to_have_value("Bad Nauheim")
    type_person(page, "Pfeffersack", is_similar=True)
    expect(page.get_by_label("Familienname")).to_be_focused()
    people = {entry.data.family_name: entry.data for entry in CaseEntry.objects.all()}
    assert people["Quarkstein"] == world.case_data(
        family_name="Quarkstein", ga_municipality=people["Quarkstein"].ga_municipality, salutation="MS"
    )
    assert people["Pfeffersack"].facility_basis is FacilityBasis.SIMILAR
    assert people["Pfeffersack"].similar_reason is SimilarReason.BOARDING_SCHOOL


@pytest.mark.parametrize("has_javascript", [True, False], ids=["with JavaScript", "without"])
def test_given_a_municipality_outside_when_chosen_then_and_only_then_its_key_is_asked_for(
    open_page: Any, has_javascript: bool
) -> None:
    draft = world.a_draft([])
    page = open_page(
        enter(a_user(role="case-officer")), address("entry-new", draft), java_script_enabled=has_javascript
    )
    key = page.get_by_label("Gemeindeschlüssel (AGS)")
    expect(key).to_have_count(1)
    expect(key).to_be_hidden()
    page.get_by_label("Gewöhnlicher Aufenthalt").focus()
    page.keyboard.type("eine andere")
    expect(key).to_be_visible()
    page.keyboard.press("Tab")
    expect(key).to_be_focused()
    page.keyboard.type("06435001")
    page.get_by_role("button", name="Speichern", exact=True).click()  # with mistakes elsewhere
    expect(key).to_be_visible()
    expect(key).to_have_value("06435001")
    page.get_by_label("Gewöhnlicher Aufenthalt").select_option("06440002")
    expect(key).to_be_hidden()


def test_given_no_javascript_when_a_person_is_entered_with_a_mistake_then_nothing_typed_is_lost(
    open_page: Any,
) -> None:
    draft = world.a_draft([])
    page = open_page(enter(a_user(role="case-officer")), address("entry-new", draft), java_script_enabled=False)
    expect(page.get_by_label("Worin ist sie ähnlich?")).to_have_count(0)
    page.get_by_label("Familienname").fill("Quarkstein")
    page.get_by_label("Vorname").fill("Malwine")
    page.get_by_label("Geboren am").fill("14.03.2009")
    page.get_by_label("Gewöhnlicher Aufenthalt").select_option("06440002")
    page.get_by_label("Einrichtung", exact=True).fill("Internat Haus Lindenhöhe")
    page.get_by_label("Ort der Einrichtung").fill("Bad Nauheim")
    page.get_by_label("ähnliche Einrichtung").check()
    page.get_by_label("Internat einer Förderschule").check()
    page.get_by_label("Schulbildung").check()
    page.get_by_label("In welchem Monat?").fill("7.2027")
    page.get_by_label("voraussichtlich").check()
    page.get_by_label("wahrscheinlich").check()
    page.get_by_label("Ansprechstelle").fill("Fachdienst Soziale Hilfen")
    page.get_by_label("Telefon der Stelle").fill("06031 83-0")
    page.get_by_label("Eltern").check()
    page.get_by_role("button", name="Speichern", exact=True).click()
    expect(page.get_by_label("Familienname")).to_have_value("Quarkstein")
    expect(page.get_by_label("In welchem Monat?")).to_have_value("7.2027")
    page.get_by_label("Als Nachmeldung aufnehmen").check()
    page.get_by_role("button", name="Speichern", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Übergangsliste 2027 (Schulabgänge 2028)")
    assert CaseEntry.objects.get().case.is_late


def test_given_the_pages_when_looked_at_then_axe_finds_nothing_and_nothing_runs_out_of_them(
    open_page: Any,
) -> None:
    first = world.released(world.a_draft(world.people(3))).version
    world.acknowledged(first.receipt)
    second = world.a_draft([], by=(author := world.an_access()))
    postponed = {"ending": CaseState.POSTPONED, "reason": EndReason.SCHOOL_EXTENDED, "postponed_to": date(2029, 7, 1)}
    end_case(entry=second.entries.first(), **postponed, by=author, now=world.NOW)
    first = world.released(second).version
    draft = world.a_draft([world.case_data(family_name="Neuling", informed_on=None)])
    later = world.case_data(family_name="Spätling", expected_end_on=date(2029, 7, 1))
    other = world.submitted(world.a_draft([later], year=2028))
    entry = draft.entries.filter(case__named_at=None).get()
    named = draft.entries.exclude(case__named_at=None).first()
    officer, releaser = enter(a_user(role="case-officer")), enter(a_user(role="case-releaser"))
    officer_pages = [address("lists"), address("version", draft), address("version", first), address("entry", entry)]
    officer_pages += [address("entry-new", draft), address("submit", draft), address("entry-end", named)]
    officer_pages += [address("entry-remove", entry), address("discard", draft), address("receipt", first)]
    officer_pages += [address("proposals", other), address("entry-new", other)]  # submitted: asks to be taken back
    releaser_pages = [address("release", other), address("give-back", other), address("release", draft)]
    for client, pages in ((officer, officer_pages), (releaser, releaser_pages)):
        page = open_page(client, pages[0])
        for path in pages:
            page.goto(page.url.split("/wetteraukreis")[0] + path)
            for width in (1280, 375):
                page.set_viewport_size({"width": width, "height": 900})
                assert violations(page) == [], (path, width)
                assert page.evaluate(OVERFLOW) <= 0, (path, width)
            if path.endswith("vorschlaege"):
                expect(page.get_by_role("button", name=re.compile("^Auf diese Liste nehmen"))).to_have_count(1)
