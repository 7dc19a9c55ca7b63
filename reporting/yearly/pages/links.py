"""From items of an agenda to the Jahresberichte that they present."""

from collections.abc import Collection

from django.urls import reverse

from kok.access import Permission, can
from kok.models import User
from meetings.convening.queries.subjects import Link
from members.models import Agreement
from reporting.yearly.queries.reports import reports_visible_to


def links_of(user: User, agreement: Agreement, ids: Collection[int]) -> dict[int, Link]:
    """For those who may read figures."""
    if not can(user, Permission.FIGURES_READ, agreement):
        return {}
    found = reports_visible_to(user, agreement).filter(pk__in=ids).values_list("pk", "year", "version")
    return {
        pk: Link(
            f"Jahresbericht {year}, Fassung {version}",
            reverse("reporting:yearly-report", args=[agreement.slug, year, version]),
        )
        for pk, year, version in found
    }
