"""Forms that open beside the text of the minutes: nothing that stands in them is lost by a click elsewhere."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from kok import seen
from meetings.models import ActionItem, PartnerPosition, Resolution
from meetings.record.actions.decisions import change_resolution, record_resolution
from tests.browser.clicks import follow
from tests.browser.test_minutes import end_session, kept, open_page, sign_in_by_the_link, stage, state
from tests.meetings.held import NOW, Stage, a_colleague

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["open_page", "stage"]  # the fixtures
WORDING = "Die Partner werten den Versuch gemeinsam aus."


@pytest.fixture
def page(stage: Stage, open_page: Any) -> Page:
    """The page of the one who writes."""
    opened: Page = open_page(stage.writer, stage.url)
    return opened


def item(page: Page, number: int = 3) -> Locator:
    return page.locator("[data-item]").nth(number - 1)


def begin(page: Page, name: str) -> None:
    item(page).get_by_role("link", name=name).click()


def wording(page: Page) -> Locator:
    return item(page).get_by_label("Was wird beschlossen?")


def offline(page: Page, pattern: str) -> None:
    page.route(pattern, lambda route: route.abort() if route.request.method == "POST" else route.continue_())


def test_given_a_wording_when_another_form_is_opened_then_both_stand_beside_each_other(page: Page) -> None:
    begin(page, "Beschluss festhalten")
    wording(page).fill(WORDING)
    begin(page, "Aufgabe festhalten")
    expect(item(page).get_by_label("Was ist zu tun?")).to_be_visible()
    expect(wording(page)).to_have_value(WORDING)
    item(page).get_by_label("Was ist zu tun?").fill("Zahlen vorlegen")
    item(page).get_by_label("Wer kümmert sich darum?").fill("Fachplanung")
    item(page).get_by_role("button", name="Aufgabe festhalten").click()
    expect(item(page).get_by_text("Aufgabe A-2026-001 ist festgehalten.")).to_be_focused()
    expect(wording(page)).to_have_value(WORDING)
    begin(page, "Beschluss festhalten")  # is open already
    expect(wording(page)).to_have_count(1)
    expect(wording(page)).to_be_focused()
    expect(wording(page)).to_have_value(WORDING)


@pytest.mark.parametrize("way", ["another tab of the page", "cancelled", "reloaded", "closed"])
def test_given_a_wording_when_it_is_left_then_it_is_kept_and_comes_back_with_the_form(
    stage: Stage, page: Page, way: str
) -> None:
    begin(page, "Beschluss festhalten")
    wording(page).fill(WORDING)
    item(page).get_by_label("Wetteraukreis stimmt zu").check()
    if way == "another tab of the page":
        url = page.url
        follow(page, re.compile("^Tagesordnung"))
        page.goto(url)
    elif way == "cancelled":
        item(page).get_by_role("link", name="Abbrechen").click()
        expect(wording(page)).to_have_count(0)
    elif way == "reloaded":
        page.reload()
    else:
        url, context = page.url, page.context
        page.close()
        page = context.new_page()
        page.goto(url)
    expect(item(page)).to_contain_text("nicht festgehalten, von")
    begin(page, "Beschluss festhalten")
    expect(wording(page)).to_have_value(WORDING)
    expect(item(page).get_by_label("Wetteraukreis stimmt zu")).to_be_checked()
    expect(item(page).get_by_text("Ihr nicht gespeicherter Text von")).to_be_visible()
    item(page).get_by_label("LWV Hessen stimmt zu").check()
    item(page).get_by_role("button", name="Beschluss festhalten").click()
    expect(item(page).get_by_text("Der Beschluss ist festgehalten.")).to_be_focused()
    assert Resolution.objects.get().text == WORDING
    assert kept(page) == []
    expect(item(page)).not_to_contain_text("nicht festgehalten, von")


def test_given_a_wording_that_came_back_when_it_is_discarded_then_nothing_is_kept(page: Page) -> None:
    begin(page, "Beschluss festhalten")
    wording(page).fill(WORDING)
    page.reload()
    begin(page, "Beschluss festhalten")
    item(page).get_by_role("button", name="Verwerfen").click()
    expect(wording(page)).to_have_value("")
    assert kept(page) == []


def test_given_a_resolution_when_an_edit_is_left_then_it_comes_back_over_the_text_of_before(
    stage: Stage, page: Page
) -> None:
    everybody = frozenset(stage.meeting.body.agreement.partners.values_list("pk", flat=True))
    resolution = record_resolution(
        minutes=stage.minutes, item=stage.sections[2].item, text="Erster Wortlaut.", consenting=everybody,
        by=stage.writer, now=NOW,
    )  # fmt: skip
    page.reload()
    item(page).get_by_role("link", name="Ändern").click()
    expect(wording(page)).to_have_value("Erster Wortlaut.")
    expect(page.locator(".htmx-settling, .htmx-added")).to_have_count(0)  # nobody types that soon
    wording(page).fill(WORDING)
    page.reload()
    change_resolution(
        minutes=stage.minutes, resolution=resolution, text="Dritter Wortlaut.", consenting=everybody,
        shown=seen.mark("Erster Wortlaut."), by=a_colleague(), now=NOW,
    )  # fmt: skip
    item(page).get_by_role("link", name="Ändern").click()
    expect(wording(page)).to_have_value(WORDING)
    item(page).get_by_role("button", name="Beschluss ändern").click()
    expect(item(page)).to_contain_text("Ida Immergrün hat am")
    expect(item(page)).to_contain_text("Dritter Wortlaut.")
    expect(wording(page)).to_have_value(WORDING)
    item(page).get_by_role("link", name="Nehmen, was jetzt dort steht").click()
    expect(wording(page)).to_have_value("Dritter Wortlaut.")
    assert kept(page) == []


def test_given_a_session_that_ended_when_a_task_is_sent_then_it_is_recorded_after_signing_in(
    stage: Stage, page: Page
) -> None:
    begin(page, "Aufgabe festhalten")
    item(page).get_by_label("Was ist zu tun?").fill("Zahlen vorlegen")
    item(page).get_by_label("Wer kümmert sich darum?").fill("Fachplanung")
    end_session(page)
    item(page).get_by_role("button", name="Aufgabe festhalten").click()
    panel = item(page).locator("[data-new]")
    expect(panel).to_contain_text("Sie sind abgemeldet, Text liegt in diesem Browser")
    sign_in_by_the_link(page, stage.writer, panel.get_by_role("link", name="In neuem Fenster anmelden"))
    expect(item(page).get_by_text("Aufgabe A-2026-001 ist festgehalten.")).to_be_visible()
    assert ActionItem.objects.get().what == "Zahlen vorlegen"
    assert kept(page) == []


def test_given_no_line_when_a_resolution_is_sent_twice_by_itself_then_it_is_one(stage: Stage, page: Page) -> None:
    begin(page, "Beschluss festhalten")
    wording(page).fill(WORDING)
    for box in item(page).get_by_role("checkbox", name="stimmt zu").all():
        box.check()
    page.route("**/beschluss/", lambda route: (route.fetch(), route.abort()), times=1)  # only the answer is lost
    item(page).get_by_role("button", name="Beschluss festhalten").click()
    expect(item(page).locator("[data-new]")).to_contain_text("Keine Verbindung, Text liegt in diesem Browser")
    expect(item(page).get_by_text("Der Beschluss ist festgehalten.")).to_be_visible()
    assert Resolution.objects.get().text == WORDING


def test_given_no_consent_when_the_positions_are_written_then_the_wording_stands_and_they_say_what_they_are_about(
    stage: Stage, page: Page
) -> None:
    begin(page, "Beschluss festhalten")
    wording(page).fill(WORDING)
    item(page).get_by_role("button", name="Beschluss festhalten").click()
    item(page).get_by_role("button", name="Kein Einvernehmen").click()
    expect(item(page).get_by_label("Worüber bestand kein Einvernehmen?")).to_have_value(WORDING)
    expect(wording(page)).to_have_value(WORDING)
    for view in item(page).get_by_label("Was ist die Auffassung").all():
        view.fill("Noch nicht.")
    item(page).get_by_role("button", name="Auffassungen festhalten", exact=True).click()
    expect(item(page).get_by_text("Die Auffassungen der Partner sind festgehalten.")).to_be_focused()
    expect(item(page).locator(".kok-outcome")).to_contain_text(WORDING)
    expect(wording(page)).to_have_count(0)
    assert PartnerPosition.objects.count() == 2
    assert stage.sections[2].proposal == WORDING
    assert kept(page) == []
    assert state(page).inner_text() == "Alles gespeichert"
