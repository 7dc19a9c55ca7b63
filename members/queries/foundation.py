"""What everything in an agreement starts from; acts of power ask whether it stands as it was sealed (`kok.genuine`)."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from kok import genuine
from kok.genuine import Chosen
from kok.models import User
from members.models import (
    AccountRequest,
    Agreement,
    AnnexBody,
    Authority,
    AuthorityChange,
    Body,
    Partner,
    Person,
    RoleAssignment,
    Seat,
    SeatAssignment,
)
from members.queries.access import roles_stand


def foundation(agreement: Agreement | None = None) -> tuple[Chosen, ...]:
    """An agreement, its partners and their authorities: who approves, who receives, where a role counts.

    Those of all agreements where none is named.
    """
    if agreement is None:
        return Agreement.objects.all(), Partner.objects.all(), Authority.objects.all()
    return (
        Agreement.objects.filter(pk=agreement.pk),
        Partner.objects.filter(agreement=agreement),
        Authority.objects.filter(partners__agreement=agreement),
    )


def power() -> tuple[Chosen, ...]:
    """All that says who has power, waits for it, may be the second person, or reads mail in whose mailbox.

    Of everybody, and what has ended too: an end may be made up. However many there are, it is one query for each kind.
    """
    return User.objects.all(), RoleAssignment.objects.all(), AccountRequest.objects.all()


def words_of(agreement: Agreement) -> tuple[Chosen, ...]:
    """What an agreement, its authorities and its bodies are called, on whatever day: mails say it."""
    return (
        Agreement.objects.filter(pk=agreement.pk),
        Authority.objects.filter(partners__agreement=agreement),
        AuthorityChange.objects.filter(authority__partners__agreement=agreement),
        AnnexBody.objects.filter(body__agreement=agreement),
    )


def people_of(*accounts: User) -> tuple[Chosen, ...]:
    """Whose accounts these are, and for whom they work.

    All people where one has none, as some of the Technik: somebody may have taken an account away from its person.
    """
    numbers = {account.pk for account in accounts}
    found = Person.objects.filter(user__in=numbers)
    return (found if found.count() == len(numbers) else Person.objects.all(),)


def seated(body: Body, *days: date, beside: Iterable[int] = ()) -> tuple[Chosen, ...]:
    """The seats of a body with those who have one on one of these days: who is invited, and gets its minutes.

    `beside`: further people.
    """
    then = Q()
    for day in days:
        then |= Q(period__contains=day)
    seats = Seat.objects.filter(body=body)
    held = SeatAssignment.objects.filter(then, seat__in=seats)
    return seats, held, Person.objects.filter(Q(pk__in=held.values("person")) | Q(pk__in=list(beside)))


def stands_in(user: User, agreement: Agreement) -> bool:
    """Whether all roles of an account, and what they count for in an agreement, are as sealed. Raises KeyLost."""
    return roles_stand(user) and genuine.stand(foundation(agreement))
