"""Writing minutes in a real browser: saved while typing, offline, after a reload, signed out, two people at once."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from kok.models import User
from tests.builders import a_user
from tests.meetings.held import Stage, a_held_meeting, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
AXE = Path("node_modules/axe-core/axe.min.js")


@pytest.fixture
def stage(settings: Any) -> Stage:
    settings.KOK_NOW = "2026-11-17T10:30"
    return a_held_meeting()


@pytest.fixture
def open_page(browser: Browser, browser_context_args: dict[str, Any], live_server: Any) -> Iterator[Any]:
    """Opens an address as a person in a browser of his own."""
    contexts: list[BrowserContext] = []

    def opened(user: User, path: str) -> Page:
        context = browser.new_context(**browser_context_args)
        contexts.append(context)
        sign_in(context, user, live_server.url)
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def sign_in(context: BrowserContext, user: User, url: str) -> None:
    """A session as after the sign-in page."""
    session = signed_in(user).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])


def field(page: Page, number: int) -> Any:
    return page.get_by_label(f"Text zu TOP {number}", exact=True)


def state(page: Page) -> Any:
    return page.locator("[data-overall]")


KEEP_STATES = """() => {
  const overall = document.querySelector("[data-overall]");
  window.states = [];
  new MutationObserver(() => window.states.push(overall.textContent.trim()))
    .observe(overall, {childList: true, characterData: true, subtree: true});
}"""


def type_into(page: Page, number: int, text: str) -> None:
    field(page, number).press("Control+End")
    field(page, number).press_sequentially(text)


def go_offline(page: Page) -> None:
    page.route("**/abschnitt/*", lambda route: route.abort())


def test_given_typing_when_one_pauses_then_it_is_saved_and_says_when(stage: Stage, open_page: Any) -> None:
    page = open_page(stage.writer, stage.url)
    page.evaluate(KEEP_STATES)  # a state that lasts a second is over before a slow machine looks
    type_into(page, 1, "Die Leitung begrüßt.")
    expect(state(page)).to_contain_text("Gespeichert um")
    assert "Noch nicht gespeichert" in page.evaluate("window.states")
    assert stage.sections[0].text == "Die Leitung begrüßt."
    page.get_by_label("Ergebnis").first.select_option("NOTED")
    expect(page.locator("[data-state]").first).to_have_text(re.compile(r"^Gespeichert um \d\d:\d\d Uhr$"))
    page.reload()
    expect(field(page, 1)).to_have_value("Die Leitung begrüßt.")


def test_given_no_line_when_one_types_and_reloads_then_the_text_is_back_and_is_saved(
    stage: Stage, open_page: Any
) -> None:
    page = open_page(stage.writer, stage.url)
    go_offline(page)
    type_into(page, 1, "Ohne Netz geschrieben.")
    expect(state(page)).to_have_text("Keine Verbindung, Text liegt in diesem Browser")
    expect(page.locator("[data-state]").first).to_contain_text("Nächster Versuch in")
    assert stage.sections[0].text == ""
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
    page.reload()
    assert dialogs == ["beforeunload"]
    expect(field(page, 1)).to_have_value("Ohne Netz geschrieben.")
    choice = page.locator("[data-restored-choice]")
    expect(choice).to_contain_text("Ihr nicht gespeicherter Text von")
    page.unroute("**/abschnitt/*")
    choice.get_by_role("button", name="Behalten und speichern").click()
    expect(state(page)).to_contain_text("Gespeichert um")
    assert stage.sections[0].text == "Ohne Netz geschrieben."
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_given_a_restored_text_when_discarded_then_the_saved_one_is_shown(stage: Stage, open_page: Any) -> None:
    page = open_page(stage.writer, stage.url)
    go_offline(page)
    type_into(page, 1, "Doch nicht.")
    expect(state(page)).to_contain_text("Keine Verbindung")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("button", name="Verwerfen, gespeicherten Text zeigen").click()
    expect(field(page, 1)).to_have_value("")
    expect(state(page)).to_have_text("Alles gespeichert")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_given_no_line_when_it_comes_back_then_the_save_is_tried_again(stage: Stage, open_page: Any) -> None:
    page = open_page(stage.writer, stage.url)
    go_offline(page)
    type_into(page, 1, "Wieder da.")
    expect(state(page)).to_contain_text("Keine Verbindung")
    page.unroute("**/abschnitt/*")
    expect(state(page)).to_contain_text("Gespeichert um", timeout=10_000)
    assert stage.sections[0].text == "Wieder da."


def test_given_an_answer_that_got_lost_when_saved_again_then_there_is_no_conflict_with_oneself(
    stage: Stage, open_page: Any
) -> None:
    page = open_page(stage.writer, stage.url)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/abschnitt/*", lose_the_answer, times=1)
    type_into(page, 1, "Erster Teil.")
    expect(state(page)).to_contain_text("Keine Verbindung")
    assert stage.sections[0].text == "Erster Teil."
    type_into(page, 1, " Zweiter Teil.")
    expect(state(page)).to_contain_text("Gespeichert um", timeout=10_000)
    assert stage.sections[0].text == "Erster Teil. Zweiter Teil."
    expect(page.locator("[data-conflict]")).to_have_count(0)


def test_given_a_session_that_ended_when_saved_then_the_text_stays_and_signing_in_again_saves_it(
    stage: Stage, open_page: Any, live_server: Any
) -> None:
    page = open_page(stage.writer, stage.url)
    page.context.clear_cookies(name="sessionid")
    type_into(page, 1, "Nach dem Ende der Sitzung.")
    expect(state(page)).to_have_text("Sie sind abgemeldet, Text liegt in diesem Browser")
    expect(page.get_by_role("link", name="In neuem Fenster anmelden").first).to_be_visible()
    expect(field(page, 1)).to_have_value("Nach dem Ende der Sitzung.")
    sign_in(page.context, stage.writer, live_server.url)
    expect(state(page)).to_contain_text("Gespeichert um", timeout=10_000)
    assert stage.sections[0].text == "Nach dem Ende der Sitzung."


@pytest.mark.parametrize(
    ("choice", "text", "revisions"),
    [
        ("Meinen Text speichern", "Von der anderen.", ["Von der einen.", "Von der anderen."]),
        ("Den anderen Text nehmen", "Von der einen.", ["Von der einen.", "Von der anderen.", "Von der einen."]),
    ],
)
def test_given_two_people_in_one_section_when_both_save_then_the_second_chooses_and_nothing_is_lost(
    stage: Stage, open_page: Any, choice: str, text: str, revisions: list[str]
) -> None:
    one, other = open_page(stage.writer, stage.url), open_page(a_user(role="secretariat"), stage.url)
    type_into(one, 1, "Von der einen.")
    expect(state(one)).to_contain_text("Gespeichert um")
    type_into(other, 1, "Von der anderen.")
    conflict = other.locator("[data-conflict]")
    expect(conflict).to_contain_text(re.compile(r"schreibt hat diesen Abschnitt um \d\d:\d\d Uhr gespeichert"))
    expect(conflict).to_contain_text("Von der einen.")
    expect(field(other, 1)).to_have_value("Von der anderen.")
    expect(state(other)).to_contain_text("Noch nicht gespeichert")
    conflict.get_by_role("button", name=choice).click()
    expect(state(other)).to_contain_text("Gespeichert um")
    expect(field(other, 1)).to_have_value(text)
    section = stage.sections[0]
    assert section.text == text
    assert [row.text for row in section.revisions.order_by("revision")] == revisions
    type_into(other, 1, " Weiter.")
    expect(state(other)).to_contain_text("Gespeichert um")
    assert stage.sections[0].text == text + " Weiter."


def test_given_a_conflict_when_merged_by_hand_then_both_texts_are_saved(stage: Stage, open_page: Any) -> None:
    one, other = open_page(stage.writer, stage.url), open_page(a_user(role="secretariat"), stage.url)
    type_into(one, 1, "Eins.")
    expect(state(one)).to_contain_text("Gespeichert um")
    type_into(other, 1, "Zwei.")
    other.get_by_role("button", name="Beide ins Feld setzen").click()
    expect(field(other, 1)).to_have_value("Zwei.\n\nEins.")
    other.get_by_role("button", name="Meinen Text speichern").click()
    expect(state(other)).to_contain_text("Gespeichert um")
    assert stage.sections[0].text == "Zwei.\n\nEins."


def test_given_a_resolution_when_added_in_place_then_unsaved_text_beside_it_stays(stage: Stage, open_page: Any) -> None:
    page = open_page(stage.writer, stage.url)
    go_offline(page)
    type_into(page, 3, "Noch nicht gespeichert.")
    page.get_by_role("link", name="Beschluss festhalten zu TOP 3").click()
    page.get_by_label("Was wird beschlossen?").fill("So sei es.")
    page.get_by_role("button", name="Beschluss festhalten").click()
    expect(page.get_by_text("Ohne Einvernehmen entsteht kein Beschluss").first).to_be_visible()
    for box in page.get_by_role("checkbox", name="stimmt zu").all():
        box.check()
    page.get_by_role("button", name="Beschluss festhalten").click()
    expect(page.get_by_text("Beschluss B-2026-01")).to_be_visible()
    expect(page.get_by_text("Der Beschluss ist festgehalten.")).to_be_focused()
    expect(field(page, 3)).to_have_value("Noch nicht gespeichert.")


def test_given_signing_out_when_confirmed_then_this_browser_keeps_no_text(stage: Stage, open_page: Any) -> None:
    page = open_page(stage.writer, stage.url)
    go_offline(page)
    type_into(page, 1, "Nur hier.")
    expect(state(page)).to_contain_text("Keine Verbindung")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator(".kok-menu > summary").last.click()
    with page.expect_navigation():
        page.get_by_role("button", name="Abmelden").click()
    assert page.evaluate("Object.keys(localStorage).length") == 0


@pytest.mark.parametrize("width", [1280, 375])
def test_given_the_page_when_looked_at_then_axe_finds_nothing_and_nothing_runs_out_of_it(
    stage: Stage, open_page: Any, width: int
) -> None:
    page = open_page(stage.writer, stage.url)
    page.set_viewport_size({"width": width, "height": 900})
    page.reload()
    page.evaluate(AXE.read_text())
    assert page.evaluate("axe.run().then(result => result.violations.map(item => item.id))") == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
