"""The main navigation: entries that the apps register, shown to those who can use them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest

from kok.access import Permission, Visitor, allowed_by, grants_of, grants_with
from kok.addresses import address
from kok.alphabet import sort_key

if TYPE_CHECKING:  # by name only, as in `kok.requests`
    from members.models import Agreement


@dataclass(frozen=True)
class MenuLink:
    """A page in a menu or among tabs, and whether one is there."""

    label: str
    url: str
    current: bool = False
    count: int | None = None  # of what is there, on a tab


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


def navigation(request: HttpRequest) -> dict[str, object]:
    """Context processor: the entries this person can use here, and the agreements to switch between."""
    user: Visitor | None = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    agreement = getattr(request, "agreement", None)
    return {
        "navigation": _navigation_in(request, user, agreement) if agreement else [],
        "agreements": agreements_of(user),
        "outside": [MenuLink(page.label, address(page.url_name)) for page in _allowed_outside(user)],
    }


def _allowed_outside(user: Visitor) -> list[OutsidePage]:
    """Pages that lie outside every agreement, for the person's menu."""
    allowed = allowed_by(grants_of(user))
    return [page for page in _outside_pages if page.permission in allowed]


def tabs_of(user: Visitor, group: str, current: str) -> list[MenuLink]:
    """The pages of a group as tabs; `current` is the name of the address of this page."""
    return [
        MenuLink(page.label, address(page.url_name), page.url_name == current)
        for page in _allowed_outside(user)
        if page.group == group
    ]


def _navigation_in(request: HttpRequest, user: Visitor, agreement: "Agreement") -> list[MenuLink]:
    allowed = allowed_by(grant for grant in grants_of(user) if grant.agreement == agreement)
    shown = {address(each.url_name, agreement.slug): each for each in _entries if each.permission in allowed}
    here = _current(request, shown, f"/{agreement.slug}/")
    return [MenuLink(each.label, url, url == here) for url, each in shown.items()]


def _current(request: HttpRequest, shown: Mapping[str, NavigationEntry], overview: str) -> str:
    """The entry below whose address this page lies, or else the first of the same app: bodies have no entry."""
    nearest = max(filter(request.path.startswith, shown), key=len, default=overview)
    app = getattr(request.resolver_match, "app_name", "")
    same_app = (url for url, entry in shown.items() if entry.url_name.startswith(f"{app}:"))
    return next(same_app, overview) if nearest == overview else nearest


def agreements_of(user: Visitor) -> list[tuple[str, str]]:
    """(slug, title) of every agreement that the user can open today, by title; an auditor reads the trail only."""
    opened = (grant.agreement for grant in grants_with(user, Permission.AGREEMENT_READ))
    named = {(agreement.slug, agreement.region) for agreement in opened if agreement is not None}
    return sorted(named, key=lambda pair: (sort_key(pair[1]), pair[0]))
