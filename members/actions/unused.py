"""Somebody who was entered in vain goes by a click; whoever was anywhere stays."""

from datetime import datetime

from django.db import transaction

from kok import audit
from kok.errors import Refused
from kok.models import User
from kok.words import enumeration
from members.actions.administering import check_genuine, check_maintains
from members.actions.seats import lock_holder
from members.models import Agreement, Person
from members.queries.power import PowerRegister
from members.queries.unused import corrections_naming, uses_of


def check_unused(*, person: Person, by: User, now: datetime) -> None:
    """Raises Refused, and says why, for somebody at whom anything points, and as `check_maintains`."""
    if found := uses_of(person):
        raise Refused(
            f"{person} kann nicht gelöscht werden. Es gibt dazu schon: {enumeration(found)}. Es wurde nichts geändert. "
            "Arbeitet die Person nicht mehr im Haus, tragen Sie ihr Ausscheiden ein."
        )
    check_maintains(person, by, PowerRegister(now))


@transaction.atomic
def delete_person(*, person: Person, by: User, agreement: Agreement, now: datetime) -> None:
    """Deletes somebody who never was on a seat that counted, has no account and was sent nothing.

    Corrections of entries that never counted forget the person; the trail keeps the number. Raises Refused as
    `check_unused`, and for a hand or a person that was put in or changed past the application.
    """
    check_genuine(by)
    person = lock_holder(person)
    check_unused(person=person, by=by, now=now)
    for line in corrections_naming(person):
        line.was_person = None if line.was_person == person else line.was_person
        line.became_person = None if line.became_person == person else line.became_person
        line.save(update_fields=["was_person", "became_person"])
    audit.record(by=by, action="person.deleted", obj=person, agreement=agreement.slug, now=now)
    person.delete()
