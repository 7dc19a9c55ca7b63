"""Where the pages of the transitions lead."""

from django.urls import reverse

from members.models import Agreement

Crumb = tuple[str, str | None]


def link(agreement: Agreement, name: str, *args: object) -> str:
    """The address of a page of this agreement."""
    return reverse(f"transitions:{name}", args=[agreement.slug, *args])
