"""Browsers that stay open for the next test: a new one costs more than most of what is done in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession


@dataclass(frozen=True)
class Kept:
    """A browser of one person at a time, by how it was asked for; a page that nobody sees reaches what it stores."""

    wanted: dict[str, Any]
    context: BrowserContext
    reach: CDPSession

    def empty(self, url: str) -> None:
        """As if nobody had been here: no other page, no cookie, nothing stored, nothing in the way of a request."""
        for page in self.context.pages[1:]:
            page.close()
        self.context.unroute_all()
        self.context.clear_cookies()
        self.context.clear_permissions()
        self.reach.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": "all"})


@pytest.fixture(scope="session")
def _kept(browser: Browser) -> Iterator[list[Kept]]:
    kept: list[Kept] = []
    yield kept
    for each in kept:
        each.context.close()


@pytest.fixture
def a_browser(
    _kept: list[Kept], browser: Browser, browser_context_args: dict[str, Any], live_server: Any
) -> Iterator[Callable[..., BrowserContext]]:
    """Gives each person a browser of her own, in which nobody was before."""
    taken: list[Kept] = []

    def given(**more: Any) -> BrowserContext:
        wanted = {**browser_context_args, **more}
        free = [each for each in _kept if each.wanted == wanted and each not in taken]
        if not free:
            context = browser.new_context(**wanted)
            free = [Kept(wanted, context, context.new_cdp_session(context.new_page()))]
            _kept.extend(free)
        taken.append(free[0])
        return free[0].context

    yield given
    for each in taken:
        each.empty(live_server.url)


@pytest.fixture
def context(a_browser: Callable[..., BrowserContext]) -> BrowserContext:
    """That of `page`."""
    return a_browser()
