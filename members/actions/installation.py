"""Accounts by command, on the machine itself: the first ones, before anybody can invite, and who watches over them.

Called again for an account whose owner has not chosen a password yet, both mend what was mistyped: nobody else could.
Both return what became of the account. What they do counts as confirmed, and those who watch are told.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from allauth.account.models import EmailAddress
from django.db import transaction

from kok import account_mails, audit
from kok.articles import beim
from kok.errors import Refused, first_problem, require
from kok.models import User
from kok.words import local_day
from members.actions.accounts import INVITED, invite_account, new_account, queue_invitation
from members.actions.administering import check_new_address
from members.actions.people import PersonDetails, add_person, change_person
from members.actions.roles import columns_of, give_role
from members.models import Authority, Partner, Person
from members.rules.power import ADMIN


class AccountOutcome(StrEnum):
    """What became of the account."""

    NEW = "new"
    CORRECTED = "corrected"
    EXTENDED = "extended"


@transaction.atomic
def first_account(
    *, role: str, place: Partner | Authority, username: str, details: PersonDetails, now: datetime
) -> AccountOutcome:
    """A registrar or an auditor. The person is found where the authority has one of this name.

    An account in use gets the role for a further place, if name and address are its own. Raises Refused when they are
    not, when the account belongs to another authority or is closed, and as `invite_account`.
    """
    user = User.objects.select_for_update(of=("self",)).filter(username__iexact=username).first()
    if user is None:
        person = _person(place, details, now=now)
        invite_account(person=person, username=username, role=role, place=place, by=None, now=now)
        return AccountOutcome.NEW
    person = _person_of(user, place)
    if user.has_usable_password():
        _check_same(person, details)
    else:
        _mend(person, place, details, now=now)
        _invite_anew(user, agreement=place.agreement.slug if isinstance(place, Partner) else "", now=now)
        if user.role_assignments.filter(role=role, **columns_of(place), period__contains=local_day(now)).exists():
            return AccountOutcome.CORRECTED
    give_role(user=user, role=role, place=place, from_on=local_day(now), by=None, now=now)
    return AccountOutcome.EXTENDED


@transaction.atomic
def invite_admin(*, username: str, email: str, now: datetime) -> AccountOutcome:
    """An account for the technical operation of the whole installation; it sees no content.

    Raises Refused when the user name is in use, and where another account with power has this mailbox.
    """
    user = User.objects.select_for_update(of=("self",)).filter(username__iexact=username).first()
    if user is None:
        user = new_account(username, email=email)
        give_role(user=user, role=ADMIN, place=None, from_on=local_day(now), by=None, now=now)
        audit.record(by=None, action=INVITED, obj=user, now=now)
        queue_invitation(user, now)
        return AccountOutcome.NEW
    _check_free(
        user,
        (not user.role_assignments.filter(role=ADMIN).exists(), "hat nicht die Rolle Technik"),
        (not user.is_active, "ist gesperrt"),
        (user.has_usable_password(), "ist in Gebrauch"),
    )
    check_new_address(user, email, now)
    user.email = email
    user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=user).exclude(email=email).delete()
    _invite_anew(user, agreement="", now=now)
    return AccountOutcome.CORRECTED


def _authority(place: Partner | Authority) -> Authority:
    return place.authority if isinstance(place, Partner) else place


def _partner(place: Partner | Authority) -> Partner:
    """The place itself, or the first agreement of the authority, for the trail."""
    partner = place if isinstance(place, Partner) else place.partners.select_related("agreement").first()
    return require(partner, f"{place} ist in keiner Vereinbarung. Es wurde nichts angelegt.")


def _person(place: Partner | Authority, details: PersonDetails, *, now: datetime) -> Person:
    """Who stands on Anlage 1 or was entered already, with the address that is named now; else somebody new."""
    authority = _authority(place)
    same = Person.objects.select_for_update(of=("self",)).filter(
        employer=authority, family_name__iexact=details.family_name, given_name__iexact=details.given_name
    )
    found = list(same.select_related("user"))
    require(
        len(found) <= 1,
        f"{details.given_name} {details.family_name} gibt es {beim(str(authority))} mehrmals. Laden Sie das Konto "
        "auf der Seite der Person ein. Es wurde nichts angelegt.",
    )
    if not found:
        return add_person(partner=_partner(place), details=details, by=None, now=now)
    [person] = found
    if person.user:
        raise Refused(
            f"{person} hat schon das Konto „{person.user.username}“. Nennen Sie dieses mit --username. "
            "Es wurde nichts angelegt."
        )
    _mend(person, place, details, now=now)
    person.refresh_from_db()
    return person


def _person_of(user: User, place: Partner | Authority) -> Person:
    authority = _authority(place)
    people = Person.objects.filter(user=user, employer=authority)
    _check_free(
        user,
        (not people.exists(), f"gehört zu niemandem, der bei „{authority}“ eingetragen ist"),
        (not user.is_active, "ist gesperrt"),
    )
    return people.get()


def _check_same(person: Person, details: PersonDetails) -> None:
    """An account in use is given more only to whom it belongs: a slip in the name must not reach a colleague."""
    named = (details.given_name, details.family_name, details.email)
    require(
        tuple(map(str.casefold, named))
        == tuple(map(str.casefold, (person.given_name, person.family_name, person.email))),
        "Dieses Konto gibt es schon, und es ist in Gebrauch. Name oder Adresse sind dort anders. Nennen Sie sie, "
        "wie sie in der Anwendung stehen, oder wählen Sie einen anderen --username. Es wurde nichts geändert.",
    )


def _mend(person: Person, place: Partner | Authority, details: PersonDetails, *, now: datetime) -> None:
    details = replace(details, phone=person.phone)
    change_person(person=person, details=details, by=None, agreement=_partner(place).agreement, now=now)


def _invite_anew(user: User, *, agreement: str, now: datetime) -> None:
    """A new link, and every older one dies, wherever it went."""
    user.refresh_from_db()
    user.set_unusable_password()  # another one: the keys of links hang on it
    user.save(update_fields=["password"])
    audit.record(
        by=None, action=INVITED, obj=user, agreement=agreement, note="frühere Links gelten nicht mehr", now=now
    )
    account_mails.queue(INVITED, user, now=now)


def _check_free(user: User, *checks: tuple[object, str]) -> None:
    """Raises Refused with the first of these that is so, each a continuation of "das Konto"."""
    because = first_problem(*checks)
    require(
        not because,
        f"Den Benutzernamen „{user.username}“ gibt es schon, und das Konto {because}. Es wurde nichts geändert. Wer "
        "sein Passwort vergessen hat, fordert auf der Anmeldeseite selbst ein neues an; ein gesperrtes Konto geben "
        "zwei Personen in der Anwendung frei. Für ein weiteres Konto wählen Sie einen anderen Namen.",
    )
