"""What pages of the members begin with: for whom somebody maintains seats or accounts, and the way to a page."""

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kok.access import Permission
from kok.requests import Crumbs, Request
from members.queries.access import own_partners
from members.queries.accounts import users_of_partners
from members.queries.people import persons_of_partners

if TYPE_CHECKING:
    from kok.models import User
    from members.models import Partner, Person

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


def url_of(request: Request, name: str, *args: object) -> str:
    """A page of the members in the agreement of this request."""
    return reverse(f"members:{name}", args=[request.agreement.slug, *args])


def crumbs(request: Request, *more: tuple[str, str | None]) -> Crumbs:
    """The way to a page from the list of members."""
    return [("Mitglieder und Gremien", url_of(request, "seats")), *more]


def account_crumbs(request: Request, *more: tuple[str, str | None]) -> Crumbs:
    """The same from the list of accounts."""
    return crumbs(request, ("Konten und Rollen", url_of(request, "accounts")), *more)


def person_crumbs(request: Request, person: "Person", last: str) -> Crumbs:
    """The same from the page of a person."""
    here = url_of(request, "person", person.pk)
    return crumbs(request, ("Personen", url_of(request, "people")), (str(person), here), (last, None))


def maintained(request: Request) -> "list[Partner]":
    """The partners whose seats and people this person maintains."""
    return own_partners(request.user, Permission.SEATS_MANAGE, request.agreement)


def administered(request: Request) -> "list[Partner]":
    """The partners whose accounts this person maintains."""
    return own_partners(request.user, Permission.ACCOUNTS_MANAGE, request.agreement)


def person_or_404(request: Request, pk: int) -> "Person":
    """One of the people of these partners."""
    return get_object_or_404(persons_of_partners(maintained(request)), pk=pk)


def user_or_404(request: Request, pk: int) -> "User":
    """One of the accounts of these partners."""
    return get_object_or_404(users_of_partners(administered(request)), pk=pk)
