"""The main navigation: entries that the apps register, shown to those who can use them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from kok.access import ROLES, Permission, can, grants_of


@dataclass(frozen=True)
class Entry:
    """One entry of the main navigation; `order` follows the interface: Übersicht first."""

    order: int
    label: str
    url_name: str
    permission: Permission


_entries: list[Entry] = []


def register_navigation(*entries: Entry) -> None:
    """Called by apps in `ready()`."""
    _entries.extend(entries)
    _entries.sort(key=lambda entry: entry.order)


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
    allowed = {permission for grant in grants_of(user) for permission in ROLES[grant.role].permissions}
    pages = (
        (Permission.AUDIT_READ, "Änderungsprotokoll", "kok:audit"),
        (Permission.JOBS_MANAGE, "Aufträge", "kok:jobs"),
    )
    return [{"label": label, "url": reverse(name)} for permission, label, name in pages if permission in allowed]


def _navigation_in(request: HttpRequest, agreement: Any | None) -> list[dict[str, Any]]:
    if agreement is None:
        return []
    shown = [entry for entry in _entries if can(request.user, entry.permission, agreement)]
    urls = [reverse(entry.url_name, args=[agreement.slug]) for entry in shown]
    here = _current(request, shown, urls)
    return [{"label": entry.label, "url": url, "current": url == here} for entry, url in zip(shown, urls, strict=True)]


def _current(request: HttpRequest, shown: list[Entry], urls: list[str]) -> str | None:
    """The entry below whose address this page lies, or else the first of the same app: bodies have no entry."""
    above = [url for url in urls if request.path.startswith(url)]
    nearest = max(above, key=len, default=None)
    if nearest is None or nearest == request.path or not all(url.startswith(nearest) for url in urls):
        return nearest
    match = request.resolver_match
    same_app = (url for entry, url in zip(shown, urls, strict=True) if match and _app(entry) == match.app_name)
    return next(same_app, nearest)


def _app(entry: Entry) -> str:
    return entry.url_name.split(":")[0]


def agreements_of(user: Any) -> list[tuple[str, str]]:
    """(slug, title) of every agreement that the user can open today, by title; an auditor reads the trail only."""
    named = {
        (grant.agreement_slug, grant.agreement_title)
        for grant in grants_of(user)
        if grant.agreement is not None and Permission.AGREEMENT_READ in ROLES[grant.role].permissions
    }
    return sorted(named, key=lambda pair: pair[1])
