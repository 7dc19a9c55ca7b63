"""People as their partner knows them. A seat gives no role, a person may have one account."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from kok import audit, genuine, seen
from kok.errors import Refused, require
from kok.models import User
from members.actions import notices
from members.actions.addresses import keep_address
from members.actions.administering import (
    check_genuine,
    check_hand,
    check_maintains,
    check_may_readdress,
    check_may_rename,
    check_new_address,
    check_power,
    on_power,
)
from members.models import Agreement, Partner, Person
from members.queries.identities import RENAMED
from members.queries.power import PowerRegister

_OF_ACCOUNT = {"given_name": "first_name", "family_name": "last_name", "email": "email"}


@dataclass(frozen=True, kw_only=True)
class PersonDetails:
    """What a partner maintains of a person; addresses are those of the office."""

    given_name: str
    family_name: str
    email: str = ""
    phone: str = ""

    @property
    def name(self) -> tuple[str, str]:
        """Given name and family name."""
        return self.given_name, self.family_name


class PersonOvertaken(Refused):
    """Somebody else saved other details since the page was opened: `current`."""

    def __init__(self, current: PersonDetails) -> None:
        super().__init__(
            "Jemand anderes hat die Angaben inzwischen geändert. Es wurde noch nichts gespeichert. Was Sie nicht "
            "geändert haben, steht jetzt im neuen Stand unten, was Sie geändert haben, wie Sie es eingegeben haben. "
            f"Prüfen Sie beides. {seen.MEANT}"
        )
        self.current = current


@transaction.atomic
def add_person(*, partner: Partner, details: PersonDetails, by: User | None, now: datetime) -> Person:
    """Somebody new at a partner, without seat and without account. Raises Refused as `check_genuine` of the hand."""
    check_hand(by, check_genuine)
    person = Person.objects.create(employer=partner.authority, **asdict(details))
    audit.record(by=by, action="person.added", obj=person, agreement=partner.agreement.slug, now=now)
    return person


@on_power
def change_person(
    *,
    person: Person,
    details: PersonDetails,
    by: User | None,
    agreement: Agreement,
    now: datetime,
    opened: PersonDetails | None = None,
) -> bool:
    """Mends a name or an address, for the account as well. Minutes keep the name as it was on their day.

    Whoever uses an account confirms a new address before it counts; whether it waits for that. The trail tells only of
    what changed; another name of somebody with an account in every agreement of it, and the person and the house get a
    mail. Raises PersonOvertaken when the details are neither those of the page as it was `opened` nor those wanted, so
    that nobody overwrites what he has not seen. Raises Refused for somebody whose seats and roles others maintain as
    well, for one's own address, for the address of an account that somebody else administers, or that has power, or is
    to have it before anybody came in, for a name as `check_may_rename`, and for somebody who was put in or changed past
    the application: person and account take on what stands in the other. So as well, as `check_genuine` of the hand;
    with an account, to whose mailbox its link to a password goes, as `check_power`.
    """
    [person] = genuine.rows(Person.objects.select_for_update(of=("self",)).filter(pk=person.pk))
    user = next(iter(genuine.rows(User.objects.select_for_update(of=("self",)).filter(person=person))), None)
    current, before = _details_of(person), audit.values_of(person)
    if opened not in (None, current) and details != current:
        raise PersonOvertaken(current)
    waits = by is not None and _asked(person, user, details, by=by, agreement=agreement, now=now)
    if user is not None and user.has_usable_password():  # whoever asks, and by command as well
        details = replace(details, email=user.email)
    for name, value in asdict(details).items():
        setattr(person, name, value)
    change = audit.changes(person, before)
    if any(change):
        person.save()
        action, places = _carried_over(person, user, current, agreement, now)
        for slug in sorted(places):
            audit.record(by=by, action=action, obj=person, agreement=slug, change=change, now=now)
    return waits


def _carried_over(
    person: Person, user: User | None, before: PersonDetails, agreement: Agreement, now: datetime
) -> tuple[str, set[str]]:
    """Gives the account what is new about its person. Returns the act, and in which agreements the trail tells it."""
    places = {agreement.slug}
    if user is None:
        return "person.changed", places
    details = _details_of(person)
    if person.email != user.email:
        check_new_address(user, person.email, now)
    sync_account(person, user, dict(asdict(details).items() - asdict(before).items()))
    if details.name == before.name:
        return "person.changed", places
    return RENAMED, places | notices.tell_of_name(user, now=now)


def _details_of(person: Person) -> PersonDetails:
    return PersonDetails(**{field.name: getattr(person, field.name) for field in fields(PersonDetails)})


def _asked(
    person: Person, user: User | None, details: PersonDetails, *, by: User, agreement: Agreement, now: datetime
) -> bool:
    """Whether the owner of the account is asked for a new address. Raises Refused as `change_person`."""
    current = _details_of(person)
    is_other = details != current
    if user is None:
        if is_other:
            check_genuine(by)
            check_maintains(person, by, PowerRegister(now))
        return False
    if is_other or details.email != user.email:
        check_power(by, user)
    if is_other and by.pk != user.pk:
        check_maintains(person, by, PowerRegister(now))
    if details.name != current.name:
        check_may_rename(by, user, now)
    return details.email != user.email and _asked_for_address(user, details.email, by, agreement, now)


def _asked_for_address(user: User, email: str, by: User, agreement: Agreement, now: datetime) -> bool:
    require(
        by.pk != user.pk,
        "Ihre eigene E-Mail-Adresse ändern Sie in Ihrem Menü unter „E-Mail-Adresse“. Es wurde nichts geändert.",
    )
    check_may_readdress(by, user, now)
    is_used = user.has_usable_password() and email.casefold() != user.email.casefold()
    if is_used:
        keep_address(user=user, email=email, by=by, agreement=agreement.slug, now=now)
    return is_used


def rename(*, user: User, given_name: str, family_name: str, by: User, note: str, now: datetime) -> None:
    """Another name of the person of an account, in every agreement of it. Part of a transaction, both rows locked."""
    person = Person.objects.get(user=user)
    before = audit.values_of(person)
    person.given_name, person.family_name = user.first_name, user.last_name = given_name, family_name
    person.save(update_fields=["given_name", "family_name"])
    user.save(update_fields=["first_name", "last_name"])
    change = audit.changes(person, before)
    for slug in sorted(notices.tell_of_name(user, now=now) or {""}):
        audit.record(by=by, action=RENAMED, obj=person, agreement=slug, note=note, change=change, now=now)


def sync_account(person: Person, user: User, changed: Collection[str] = tuple(_OF_ACCOUNT)) -> None:
    """The account carries the name and address of its person; a new password link goes there and nowhere else.

    Of them what an act `changed`, as its rules allowed: whatever else differs is not for it to write.
    """
    if chosen := {own: getattr(person, name) for name, own in _OF_ACCOUNT.items() if name in changed}:
        for own, value in chosen.items():
            setattr(user, own, value)
        user.save(update_fields=list(chosen))
    EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).delete()
