"""The pages of "Mitglieder und Gremien" that this person can use."""

from kok.access import Permission, can
from kok.articles import of
from kok.requests import Request
from members.queries import conference_of
from members.views.lookup import url_of

PAGES = (
    ("Mitglieder{}", "seats", Permission.AGREEMENT_READ),
    ("Gremien", "bodies", Permission.AGREEMENT_READ),
    ("Personen", "people", Permission.SEATS_MANAGE),
    ("Konten und Rollen", "accounts", Permission.ACCOUNTS_MANAGE),
    ("Zu bestätigen", "requests", Permission.ACCOUNTS_MANAGE),
)


def tabs(request: Request) -> list[dict[str, object]]:
    """Real pages, in the order of PAGES; the first one bears the name of the conference."""
    whose = of(conference_of(request.agreement).short_name)
    return [
        {
            "label": label.format(whose),
            "url": (url := url_of(request, name)),
            "current": url == request.path,
            "count": None,
        }
        for label, name, permission in PAGES
        if can(request.user, permission, request.agreement)
    ]
