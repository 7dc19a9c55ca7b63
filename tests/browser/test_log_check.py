"""The check of all seals in a real browser: what an auditor reads, on a wide and on a narrow screen."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, expect

from kok import chain_ends, clock
from tests.browser.clicks import cookies_of
from tests.browser.journey import OVERFLOW, violations
from tests.builders import a_user, an_agreement
from tests.roles import by_worker
from tests.transitions.world import a_draft, acknowledged, people, released
from transitions.actions import checking

pytestmark = pytest.mark.django_db(transaction=True)


def worker_checks() -> None:
    """What waits is done; the page asks for itself."""
    for pk in checking.left():
        by_worker(checking.run, pk, clock.now())


def test_given_an_auditor_when_he_checks_then_seals_and_ends_are_told_and_nothing_runs_out_of_the_page(
    a_browser: Callable[..., BrowserContext], live_server: Any, settings: Any, tmp_path: Any
) -> None:
    settings.KOK_NOW = "2027-03-10T10:00"
    settings.KOK_CHAIN_ENDS = tmp_path
    an_agreement()
    acknowledged(released(a_draft(people(2))))
    chain_ends.findings(clock.today())
    client = Client()
    client.force_login(a_user(role="auditor"))
    context = a_browser()
    context.add_cookies(cookies_of(client, live_server.url))
    page = context.new_page()
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(live_server.url + reverse("transitions-log:entries"))
        page.get_by_role("button", name="Protokoll prüfen").click()
        expect(page.get_by_text("Die Prüfung läuft seit")).to_be_visible()
        assert violations(page) == [], width
        worker_checks()
        expect(page.get_by_text("Alle Siegel passen.")).to_be_visible()
        mail = "\n".join(end.seal for end in chain_ends.present())
        page.get_by_label("Text der Nachricht").fill(mail)
        page.get_by_role("button", name="Prüfen und vergleichen").click()
        expect(page.get_by_text("Die Prüfung läuft seit")).to_be_visible()
        worker_checks()
        expect(page.get_by_text("Siegeln der Nachricht")).to_be_visible()
        assert violations(page) == [], width
        assert page.evaluate(OVERFLOW) <= 0, width
