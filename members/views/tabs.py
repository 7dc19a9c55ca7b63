"""The pages of "Mitglieder und Gremien" that this person can use."""

from typing import Any

from django.urls import reverse

from kok.access import Permission, can
from kok.articles import of
from kok.requests import Request
from members.queries import conference_of

PAGES = (
    ("", "members:seats", Permission.AGREEMENT_READ),
    ("Gremien", "members:bodies", Permission.AGREEMENT_READ),
    ("Personen", "members:people", Permission.SEATS_MANAGE),
    ("Konten und Rollen", "members:accounts", Permission.ACCOUNTS_MANAGE),
    ("Zu bestätigen", "members:requests", Permission.ACCOUNTS_MANAGE),
)


def tabs(request: Request) -> list[dict[str, Any]]:
    """Real pages, in the order of PAGES; the first one bears the name of the conference."""
    agreement = request.agreement
    members = f"Mitglieder{of(conference_of(agreement).short_name)}"
    shown = [(label or members, name) for label, name, permission in PAGES if can(request.user, permission, agreement)]
    urls = [(label, reverse(name, args=[agreement.slug])) for label, name in shown]
    return [{"label": label, "url": url, "current": url == request.path, "count": None} for label, url in urls]
