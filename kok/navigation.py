"""The main navigation: entries that the apps register, shown to those who can use them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from kok.access import Permission, can, grants_with
from kok.addresses import address
from kok.alphabet import sort_key


@dataclass(frozen=True)
class NavigationEntry:
    """One entry of the main navigation; `order` follows the interface: Übersicht first."""

    order: int
    label: str
    url_name: str
    permission: Permission


@dataclass(frozen=True)
class OutsidePage:
    """A page outside every agreement, in the menu of those who hold the permission anywhere.

    Pages of one `group` belong together and lead to each other by tabs.
    """

    order: int
    label: str
    url_name: str
    permission: Permission
    group: str = ""


_entries: list[NavigationEntry] = []
_outside_pages: list[OutsidePage] = []


def register_navigation(*entries: NavigationEntry) -> None:
    """Called by apps in `ready()`."""
    _entries.extend(entries)
    _entries.sort(key=lambda entry: entry.order)


def register_outside(*pages: OutsidePage) -> None:
    """Called by apps in `ready()`, and by the kernel for its own pages."""
    _outside_pages.extend(pages)
    _outside_pages.sort(key=lambda page: page.order)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the entries this person can use here, and the agreements to switch between."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    agreement = getattr(request, "agreement", None)
    return {
        "navigation": _navigation_in(request, agreement),
        "agreements": agreements_of(user),
        "outside": _outside(user),
    }


def _outside(user: Any) -> list[dict[str, str]]:
    """Pages that lie outside every agreement, for the person's menu."""
    return [{"label": page.label, "url": address(page.url_name)} for page in _allowed_outside(user)]


def _allowed_outside(user: Any) -> list[OutsidePage]:
    return [page for page in _outside_pages if grants_with(user, page.permission)]


def tabs_of(user: Any, group: str, current: str) -> list[dict[str, Any]]:
    """The pages of a group as tabs; `current` is the name of the address of this page."""
    return [
        {"label": page.label, "url": address(page.url_name), "current": page.url_name == current, "count": None}
        for page in _allowed_outside(user)
        if page.group == group
    ]


def _navigation_in(request: HttpRequest, agreement: Any | None) -> list[dict[str, Any]]:
    if agreement is None:
        return []
    shown = [entry for entry in _entries if can(request.user, entry.permission, agreement)]
    urls = [address(entry.url_name, agreement.slug) for entry in shown]
    here = _current(request, shown, urls)
    return [{"label": entry.label, "url": url, "current": url == here} for entry, url in zip(shown, urls, strict=True)]


def _current(request: HttpRequest, shown: list[NavigationEntry], urls: list[str]) -> str | None:
    """The entry below whose address this page lies, or else the first of the same app: bodies have no entry."""
    above = [url for url in urls if request.path.startswith(url)]
    nearest = max(above, key=len, default=None)
    if nearest is None or nearest == request.path or not all(url.startswith(nearest) for url in urls):
        return nearest
    match = request.resolver_match
    same_app = (url for entry, url in zip(shown, urls, strict=True) if match and _app(entry) == match.app_name)
    return next(same_app, nearest)


def _app(entry: NavigationEntry) -> str:
    return entry.url_name.split(":")[0]


def agreements_of(user: Any) -> list[tuple[str, str]]:
    """(slug, title) of every agreement that the user can open today, by title; an auditor reads the trail only."""
    named = {
        (grant.agreement.slug, grant.agreement.region)
        for grant in grants_with(user, Permission.AGREEMENT_READ)
        if grant.agreement is not None
    }
    return sorted(named, key=lambda pair: sort_key(pair[1]))
