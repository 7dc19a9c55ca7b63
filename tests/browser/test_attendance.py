"""Who was there, ticked in a real browser: each tick is saved by itself, and nobody is absent again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from meetings.models import Attendance
from tests.browser.clicks import follow, look
from tests.browser.test_minutes import end_session, kept, open_page, sign_in_by_the_link, stage, state
from tests.meetings.held import Stage, a_colleague

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["open_page", "stage"]  # the fixtures
Open = Callable[..., Page]


def url(stage: Stage) -> str:
    return stage.url.replace("protokoll/", "teilnehmende/")


@pytest.fixture
def page(stage: Stage, open_page: Open) -> Page:
    """The page of the one who writes."""
    return open_page(stage.writer, url(stage))


def seat(page: Page, name: str = "Antonia Abel") -> Locator:
    return page.get_by_role("group", name=name).first


def tick(page: Page, mark: str, name: str = "Antonia Abel") -> None:
    seat(page, name).get_by_label(mark, exact=True).check()


def saved(page: Page, name: str = "Antonia Abel") -> None:
    expect(seat(page, name).locator("[data-state]")).to_contain_text("Gespeichert um")


def status(stage: Stage, name: str = "Antonia Abel") -> str:
    return Attendance.objects.get(meeting=stage.meeting, name=name).status


def test_given_ticks_when_one_goes_to_another_page_then_they_are_saved_and_the_quorum_is_told_once(
    stage: Stage, page: Page
) -> None:
    look(page)
    page.evaluate("""() => {
      const told = document.querySelector("[data-quorum-told]");
      window.told = [];
      new MutationObserver(() => window.told.push(told.textContent)).observe(told, {childList: true});
    }""")
    seat(page).get_by_label("abwesend", exact=True).focus()
    for _ in range(2):  # by arrow keys over "entschuldigt" and back to what one wants
        page.keyboard.press("ArrowUp")
    tick(page, "anwesend")
    tick(page, "anwesend", "Emma Ehlers")
    saved(page)
    saved(page, "Emma Ehlers")
    expect(page.locator("#beschlussfaehigkeit")).to_contain_text("ist beschlussfähig")
    page.wait_for_timeout(2500)
    assert len(page.evaluate("window.told")) == 1
    follow(page, re.compile("^Tagesordnung"))
    page.go_back()
    expect(seat(page).get_by_label("anwesend", exact=True)).to_be_checked()
    assert (status(stage), status(stage, "Emma Ehlers")) == ("PRESENT", "PRESENT")


def test_given_a_session_that_ended_when_ticked_then_it_is_saved_after_signing_in(stage: Stage, page: Page) -> None:
    end_session(page)
    tick(page, "anwesend")
    expect(seat(page)).to_contain_text("Sie sind abgemeldet")
    sign_in_by_the_link(page, stage.writer, seat(page).get_by_role("link", name="In neuem Fenster anmelden"))
    saved(page)
    assert status(stage) == "PRESENT"
    assert kept(page) == []


def test_given_no_line_when_the_page_is_closed_then_the_ticks_are_saved_when_it_is_opened_again(
    stage: Stage, page: Page
) -> None:
    address, context = page.url, page.context
    page.route("**/teilnehmende/", lambda route: route.abort())
    tick(page, "entschuldigt")
    expect(seat(page)).to_contain_text("Keine Verbindung")
    page.close()
    page = context.new_page()
    page.goto(address)
    saved(page)
    expect(seat(page).get_by_label("entschuldigt", exact=True)).to_be_checked()
    assert status(stage) == "EXCUSED"
    assert kept(page) == []


def test_given_two_people_at_one_seat_when_the_second_ticks_then_both_are_shown_and_the_second_chooses(
    stage: Stage, page: Page, open_page: Open
) -> None:
    ida = open_page(a_colleague(), url(stage))
    tick(ida, "entschuldigt")
    saved(ida)
    for name in ("Antonia Abel", "Bernd Busch"):
        tick(page, "anwesend", name)
    saved(page, "Bernd Busch")
    conflict = seat(page).locator("[data-conflict]")
    expect(conflict).to_contain_text("Ida Immergrün hat am")
    expect(conflict).to_contain_text("Jetzt steht dort: entschuldigt.")
    expect(seat(page).get_by_label("anwesend", exact=True)).to_be_checked()
    expect(state(page)).to_contain_text("Jemand anderes hat hier etwas geändert")
    assert status(stage) == "EXCUSED"
    look(page)
    conflict.get_by_role("button", name="Die andere Angabe nehmen").click()
    expect(seat(page).get_by_label("entschuldigt", exact=True)).to_be_checked()
    expect(conflict).to_have_count(0)
    tick(ida, "abwesend")
    saved(ida)
    tick(page, "anwesend")
    conflict.get_by_role("button", name="Meine Angabe speichern").click()
    saved(page)
    assert status(stage) == "PRESENT"
    assert kept(page) == []


def test_given_a_guest_when_he_is_half_typed_and_the_page_is_left_then_he_comes_back_until_he_is_entered(
    stage: Stage, page: Page
) -> None:
    page.get_by_text("Gast eintragen").first.click()
    page.get_by_label("Wie heißt der Gast?").fill("Gerd Gast")
    page.reload()
    expect(page.get_by_label("Wie heißt der Gast?")).to_have_value("Gerd Gast")
    page.get_by_label("Von welcher Stelle?").fill("EUTB")
    tick(page, "anwesend")
    page.get_by_role("button", name="Weiter zum Protokoll").click()
    page.wait_for_url("**/protokoll/")
    assert status(stage) == "PRESENT"
    page.go_back()
    page.reload()
    expect(page.get_by_text("Gerd Gast, EUTB")).to_be_visible()
    assert kept(page) == []
