"""What a person does on every page: looks at it wide and narrow, follows a link, presses a button."""

import re
from typing import Any

from django.test import Client
from playwright.sync_api import Page

from tests.browser.journey import OVERFLOW, violations


def cookies_of(client: Client, url: str) -> list[Any]:
    """What a browser has that signed in, and entered the sealed area, as this client did."""
    return [{"name": name, "value": each.value, "url": url} for name, each in client.cookies.items()]


def look(page: Page) -> None:
    """Axe finds nothing, and nothing runs off the side."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == []
        assert page.evaluate(OVERFLOW) <= 0, f"{page.url} at {width}"
    page.set_viewport_size({"width": 1280, "height": 900})


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    """Clicks the first link of this name and waits for its page."""
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.click()


def press(page: Page, name: str) -> None:
    """Presses a button and waits for the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()
