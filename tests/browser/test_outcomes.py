"""Sixty received cases: picked out, answered on one page with one save, by mouse and by keyboard, wide and narrow."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.clicks import follow, look, press
from tests.browser.journey import step
from tests.browser.test_review import open_page, sixty
from tests.builders import a_user
from tests.transitions import world
from tests.transitions.inside import enter
from transitions.models import TransitionCase

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["open_page"]  # the fixture


@pytest.fixture
def received(open_page: Any, settings: Any) -> Any:
    """Sixty cases of a list that the LWV confirmed, in the month in which school ends."""
    version = world.acknowledged(world.released(world.a_draft(sixty())))
    settings.KOK_NOW = "2028-07-03T12:00"
    return version


def receiver() -> Any:
    return enter(a_user(role="case-receiver", partner="lwv-hessen"))


def test_given_sixty_cases_when_picked_out_and_answered_then_filter_and_choices_stay_and_one_save_is_enough(
    received: Any, open_page: Callable[..., Page]
) -> None:
    client = receiver()
    with step("a filter is kept on the way to a case and back"):
        page = open_page(client, "version", received)
        look(page)
        page.get_by_role("combobox", name="Gemeinde").select_option(label="Nidda (06440016) (20)")
        press(page, "Anzeigen")
        expect(page.get_by_text("Sie sehen 20 von 60 Fällen.")).to_be_visible()
        page.locator("tbody th a").first.click()
        page.wait_for_url("**/faelle/**")
        page.go_back()
        expect(page.get_by_text("Sie sehen 20 von 60 Fällen.")).to_be_visible()
        follow(page, "Ergebnisse eintragen")
        expect(page.get_by_text("Sie sehen 20 von 60 Fällen.")).to_be_visible()

    with step("an error, saved by keyboard: the summary has the focus and no choice is lost"):
        page = open_page(client, "outcomes", received)
        first = page.get_by_role("group", name=re.compile("^Fall UE-2027-")).first
        first.get_by_role("radio", name="noch offen").focus()
        page.keyboard.press("ArrowDown")
        page.get_by_role("button", name="Ergebnisse eintragen").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_be_focused()
        expect(first.get_by_role("radio", name="vom LWV Hessen übernommen")).to_be_checked()
        look(page)
        assert not TransitionCase.objects.exclude(outcome="").exists()

    with step("one click each and one save"):
        page = open_page(client, "lists")
        follow(page, "Ergebnisse eintragen")
        look(page)
        answers = page.get_by_role("radio", name="vom LWV Hessen übernommen")
        expect(answers).to_have_count(60)
        for place in range(59):
            answers.nth(place).check()
        page.get_by_role("checkbox", name=re.compile("auf beiden Seiten gelöscht werden")).check()
        began = time.monotonic()
        press(page, "Ergebnisse eintragen")
        assert time.monotonic() - began < 10
        expect(page.get_by_text("59 Ergebnisse sind eingetragen.")).to_be_visible()
        look(page)
        assert TransitionCase.objects.filter(outcome="TAKEN_OVER_BY_LWV").count() == 59
