"""Writing minutes in a real browser: saved while typing, offline, after a reload, signed out, two people at once."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from kok.models import User
from tests.builders import PASSWORD, a_factor, a_user, app_code
from tests.meetings.held import Stage, a_colleague, a_held_meeting, signed_in

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


def kept(page: Page) -> list[str]:
    """What this browser keeps of what was typed."""
    found: list[str] = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('kok.protokoll.'))")
    return found


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
    assert kept(page) == []


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
    assert kept(page) == []


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


def end_session(page: Page) -> None:
    """As after eight hours without use."""
    page.context.clear_cookies(name="sessionid")


def sign_in_by_the_link(page: Page, user: User, link: Any) -> None:
    """The first click on the link that the page offers, and the real page for signing in, with the code of the app."""
    with page.context.expect_page() as opened:
        link.click()
    window = opened.value
    window.get_by_label("Benutzername").fill(user.username)
    window.get_by_label("Passwort", exact=True).fill(PASSWORD)
    window.get_by_role("button", name="Anmelden").click()
    if Authenticator.objects.filter(user=user).exists():
        window.get_by_label("Code").fill(app_code())
        window.get_by_role("button", name="Anmelden").click()
    window.get_by_text("Mein Konto").first.wait_for(state="attached")
    window.close()


@pytest.mark.parametrize("with_factor", [False, True])
def test_given_a_session_that_ended_when_one_signs_in_by_the_link_then_everything_that_waits_is_saved_by_itself(
    stage: Stage, open_page: Any, with_factor: bool
) -> None:
    if with_factor:
        a_factor(stage.writer)
    page = open_page(stage.writer, stage.url)
    token = [each["value"] for each in page.context.cookies() if each["name"] == "csrftoken"]
    end_session(page)
    type_into(page, 1, "Nach dem Ende der Sitzung.")
    expect(state(page)).to_have_text("Sie sind abgemeldet, Text liegt in diesem Browser")
    page.get_by_label("Wer hat die Sitzung geleitet?").fill("Antonia Abel")
    type_into(page, 3, "Noch nicht einmal verlassen.")  # the click on the link is what leaves this field
    link = page.locator("#" + page.locator("[data-autosave]").nth(0).get_attribute("id")).get_by_role(
        "link", name="In neuem Fenster anmelden"
    )
    sign_in_by_the_link(page, stage.writer, link)
    expect(state(page)).to_contain_text("Gespeichert um")
    assert [each["value"] for each in page.context.cookies() if each["name"] == "csrftoken"] != token
    texts = ["Nach dem Ende der Sitzung.", "", "Noch nicht einmal verlassen.", ""]
    assert [section.text for section in stage.sections] == texts
    stage.minutes.refresh_from_db()
    assert stage.minutes.chair_name == "Antonia Abel"
    expect(page.get_by_role("link", name="In neuem Fenster anmelden")).to_have_count(0)
    type_into(page, 1, " Weiter.")
    expect(state(page)).to_contain_text("Gespeichert um")
    assert stage.sections[0].text == "Nach dem Ende der Sitzung. Weiter."
    assert kept(page) == []


def test_given_a_session_that_ended_when_somebody_else_signs_in_then_nothing_is_saved_in_that_name(
    stage: Stage, open_page: Any
) -> None:
    page = open_page(stage.writer, stage.url)
    end_session(page)
    type_into(page, 1, "Von der einen.")
    expect(state(page)).to_contain_text("Sie sind abgemeldet")
    sign_in_by_the_link(
        page, a_user(role="secretariat"), page.get_by_role("link", name="In neuem Fenster anmelden").first
    )
    page.get_by_role("button", name="Speichern: TOP 1").click()
    page.wait_for_timeout(1500)
    expect(state(page)).to_contain_text("Sie sind abgemeldet")
    assert stage.sections[0].text == ""
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(field(page, 1)).to_have_value("")
    expect(page.locator("[data-restored-choice]")).to_have_count(0)


def test_given_several_troubles_when_they_come_within_a_minute_then_only_the_first_is_announced(
    stage: Stage, open_page: Any
) -> None:
    page = open_page(stage.writer, stage.url)
    page.evaluate(KEEP_STATES.replace("data-overall", "data-told"))
    type_into(page, 1, "Erst gespeichert.")
    expect(state(page)).to_contain_text("Gespeichert um")
    go_offline(page)
    type_into(page, 1, " Dann ohne Netz.")
    expect(state(page)).to_contain_text("Keine Verbindung")
    page.unroute("**/abschnitt/*")
    expect(state(page)).to_contain_text("Gespeichert um", timeout=10_000)
    assert page.evaluate("window.states") == ["Keine Verbindung, Text liegt in diesem Browser"]


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
    assert kept(page) == []


def test_given_two_people_at_the_header_when_both_change_the_same_then_the_second_sees_both_and_chooses(
    stage: Stage, open_page: Any
) -> None:
    one, other = open_page(stage.writer, stage.url), open_page(a_colleague(), stage.url)
    chair = "Wer hat die Sitzung geleitet?"
    other.get_by_label(chair).fill("Antonia Abel")
    expect(state(other)).to_contain_text("Gespeichert um")
    one.get_by_label(chair).fill("Bernd Busch")
    conflict = one.locator("#angaben [data-conflict]")
    expect(conflict).to_contain_text(re.compile(r"Ida Immergrün hat am .* Leitung: „Antonia Abel“"))
    expect(one.get_by_label(chair)).to_have_value("Bernd Busch")
    one.get_by_label("Wann war die Sitzung zu Ende?").fill("12:00")
    expect(conflict).to_be_visible()
    stage.minutes.refresh_from_db()
    assert (stage.minutes.chair_name, stage.minutes.ended_at) == ("Antonia Abel", None)
    conflict.get_by_role("button", name="Meine Angaben speichern").click()
    expect(state(one)).to_contain_text("Gespeichert um")
    stage.minutes.refresh_from_db()
    assert (stage.minutes.chair_name, str(stage.minutes.ended_at)) == ("Bernd Busch", "12:00:00")
    other.get_by_label(chair).fill("Clara Curtius")
    other.get_by_role("button", name="Die anderen Angaben nehmen").click()
    expect(other.get_by_label(chair)).to_have_value("Bernd Busch")
    assert kept(one) == kept(other) == []


def test_given_a_time_that_does_not_exist_when_typed_then_it_says_so_beside_the_field_and_nothing_else_is_lost(
    stage: Stage, open_page: Any
) -> None:
    page = open_page(stage.writer, stage.url)
    page.get_by_label("Wann war die Sitzung zu Ende?").fill("25:00")
    expect(page.locator("#angaben")).to_contain_text("Diese Uhrzeit gibt es so nicht")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_label("Wann war die Sitzung zu Ende?")).to_have_value("25:00")


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
