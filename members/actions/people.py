"""People as their partner knows them. A seat gives no role, a person may have one account."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from kok import audit
from kok.errors import Refused
from kok.models import User
from members.actions.addresses import ask_for_address
from members.actions.administering import check_maintains, check_may_readdress
from members.models import Agreement, Partner, Person
from members.queries.power import Register


@dataclass(frozen=True, kw_only=True)
class PersonDetails:
    """What a partner maintains of a person; addresses are those of the office."""

    given_name: str
    family_name: str
    email: str = ""
    phone: str = ""


@transaction.atomic
def add_person(*, partner: Partner, details: PersonDetails, by: User | None, now: datetime) -> Person:
    """Somebody new at a partner, without seat and without account."""
    person = Person.objects.create(employer=partner.authority, **asdict(details))
    audit.record(by=by, action="person.added", obj=person, agreement=partner.agreement.slug, now=now)
    return person


@transaction.atomic
def change_person(
    *, person: Person, details: PersonDetails, by: User | None, agreement: Agreement, now: datetime
) -> bool:
    """Mends a name or an address, for the account as well. Minutes keep the name as it was on their day.

    Whoever uses an account confirms a new address before it counts; whether it waits for that. The trail tells only of
    what changed. Raises Refused for somebody whose seats and roles others maintain as well, for one's own address, for
    the address of an account that somebody else administers, or that has power, or is to have it before anybody came
    in.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if (
        by is not None
        and by.pk != person.user_id
        and asdict(details) != {key: getattr(person, key) for key in asdict(details)}
    ):
        check_maintains(person, by, Register(now))
    user = User.objects.select_for_update(of=("self",)).filter(person=person).first()
    before, waits = audit.values_of(person), False
    if user is not None:
        waits = by is not None and _ask_where_needed(user, details.email, by=by, agreement=agreement, now=now)
        if user.has_usable_password():  # whoever asks, and by command as well
            details = replace(details, email=user.email)
    for name, value in asdict(details).items():
        setattr(person, name, value)
    change = audit.changes(person, before)
    if any(change):
        person.save()
        if user is not None:
            sync_account(person, user)
        audit.record(by=by, action="person.changed", obj=person, agreement=agreement.slug, change=change, now=now)
    return waits


def _ask_where_needed(user: User, email: str, *, by: User, agreement: Agreement, now: datetime) -> bool:
    """Whether the owner of the account is asked first. Raises Refused as `change_person`."""
    if email == user.email:
        return False
    if by.pk == user.pk:
        raise Refused(
            "Ihre eigene E-Mail-Adresse ändern Sie in Ihrem Menü unter „E-Mail-Adresse“. Es wurde nichts geändert."
        )
    check_may_readdress(by, user, now)
    if email.casefold() == user.email.casefold():
        return False
    is_used = user.has_usable_password()
    if is_used:
        ask_for_address(user=user, email=email, by=by, agreement=agreement.slug, now=now)
    return is_used


def sync_account(person: Person, user: User) -> None:
    """The account carries the name and address of its person; a new password link goes there and nowhere else."""
    user.first_name, user.last_name, user.email = person.given_name, person.family_name, person.email
    user.save(update_fields=["first_name", "last_name", "email"])
    EmailAddress.objects.filter(user=user).exclude(email__iexact=person.email).delete()
