"""Where standard items of an agenda lead to: the pages with the numbers they are about."""

from django.urls import reverse

from kok.access import Permission, can
from kok.models import User
from meetings.convening.queries.subjects import Link
from meetings.convening.rules.agenda import FIGURES, TRANSITIONS
from members.models import Agreement

PAGES = {
    TRANSITIONS: ("Zahlen dazu stehen unter Übergänge", "transitions:counts", Permission.CASES_COUNT),
    FIGURES: ("Zahlen dazu stehen unter Zahlen", "reporting:figures", Permission.FIGURES_READ),
}


def link_of(user: User, agreement: Agreement, code: str) -> Link | None:
    """From a standard item to its numbers, for those who may read them."""
    title, page, permission = PAGES.get(code, ("", "", None))
    if permission is None or not can(user, permission, agreement):
        return None
    return Link(title, reverse(page, args=[agreement.slug]))
