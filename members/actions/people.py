"""People as their partner knows them. A seat gives no role, a person may have one account."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from kok import audit
from kok.models import User
from members.actions.addresses import ask_for_address
from members.actions.administering import check_may_readdress
from members.models import Agreement, Partner, Person


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

    Whoever uses an account confirms a new address before it counts; whether it waits for that. Raises Refused for the
    address of an account that somebody else administers, or that has power.
    """
    person = Person.objects.select_for_update(of=("self",)).select_related("user").get(pk=person.pk)
    if person.user and by and by.pk != person.user_id and details.email != person.email:
        check_may_readdress(by, person.user, now)
    before = audit.values_of(person)
    is_other = details.email.casefold() != person.email.casefold()
    waits = is_other and person.user is not None and person.user.has_usable_password()
    if waits and person.user and by:  # by command nobody changes an account that is in use
        ask_for_address(user=person.user, email=details.email, by=by, agreement=agreement.slug, now=now)
        details = replace(details, email=person.email)
    for name, value in asdict(details).items():
        setattr(person, name, value)
    person.save()
    if person.user:
        sync_account(person, person.user)
    if (change := audit.changes(person, before)) != ("", ""):
        audit.record(by=by, action="person.changed", obj=person, agreement=agreement.slug, change=change, now=now)
    return waits


def sync_account(person: Person, user: User) -> None:
    """The account carries the name and address of its person; a new password link goes there and nowhere else."""
    user.first_name, user.last_name, user.email = person.given_name, person.family_name, person.email
    user.save(update_fields=["first_name", "last_name", "email"])
    EmailAddress.objects.filter(user=user).exclude(email=person.email).delete()
