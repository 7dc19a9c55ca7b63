"""Who is meant: what a page shows of the people of a request, bound by a fingerprint to what is confirmed."""

from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import Q

from kok import audit
from kok.alphabet import sort_key
from kok.lettering import outline
from kok.models import User
from members.models import AccountRequest, Authority, Partner, Person
from members.queries.accounts import houses_of, name_of
from members.rules.mailboxes import mailbox_of

RENAMED = "person.renamed"
RENAMED_LATELY = timedelta(days=90)


@dataclass(frozen=True)
class Somebody:
    """An account as it is shown: who uses it and for whom; since when the name is another, by whose user name."""

    name: str
    username: str
    house: str
    renamed_at: datetime | None
    renamed_by: str


@dataclass(frozen=True)
class Identities:
    """The two people of a request, and what is wanted: a role, or another name.

    `namesakes` are the houses of those whose name reads like that of the receiver.
    """

    receiver: Somebody
    address: str
    since: datetime
    invited_by: str
    namesakes: tuple[str, ...]
    has_twin_user_name: bool
    giver: Somebody
    role: str
    new_name: str
    whom: str
    period: str

    @property
    def fingerprint(self) -> str:
        """Another one as soon as anything of it changes."""
        return sha256(repr(astuple(self)).encode()).hexdigest()


def identities_of(request: AccountRequest, now: datetime) -> Identities:
    """What the second person is shown of this request."""
    user = User.objects.select_related("person", "invited_by__person").get(pk=request.user_id)
    giver = User.objects.select_related("person").get(pk=request.given_by_id)
    houses = houses_of([user.pk, giver.pk])
    return Identities(
        receiver=_somebody(user, houses, now),
        address=user.email,
        since=user.date_joined,
        invited_by=name_of(user.invited_by),
        namesakes=_namesakes(user),
        has_twin_user_name=_has_twin(user),
        giver=_somebody(giver, houses, now),
        role=request.role,
        new_name=request.new_name,
        whom=request.whom,
        period=str(request.period or ""),
    )


def _somebody(user: User, houses: dict[int, str], now: datetime) -> Somebody:
    person = getattr(user, "person", None)
    renamed = None
    if person is not None:
        renamed, _ = audit.newest(RENAMED, of=person, since=now - RENAMED_LATELY)
    return Somebody(
        name=name_of(user),
        username=user.get_username(),
        house=houses.get(user.pk, ""),
        renamed_at=getattr(renamed, "at", None),
        renamed_by=getattr(renamed, "actor", ""),
    )


def _namesakes(user: User) -> tuple[str, ...]:
    """The houses of those who are called so, or almost so, in the agreements of the own house and in it."""
    own = Q(people__user=user) | Q(partners__agreement__partners__authority__people__user=user)
    people = Person.objects.filter(employer__in=Authority.objects.filter(own)).exclude(user=user)
    wanted = _outline(name_of(user))
    names = people.values_list("given_name", "family_name", "employer__short_name")
    return tuple(sorted({house for given, family, house in names if _outline(f"{given} {family}") == wanted}))


def people_alike(partner: Partner, *, name: str, email: str) -> list[Person]:
    """Who of a house is called so, or almost so, or has this mailbox: perhaps it is the same person."""
    wanted, mailboxes = _outline(name), {mailbox_of(email)} - {""}
    return [
        person
        for person in Person.objects.filter(employer=partner.authority_id)
        if _outline(str(person)) == wanted or mailbox_of(person.email) in mailboxes
    ]


def _has_twin(user: User) -> bool:
    wanted = _outline(user.get_username())
    others = User.objects.exclude(pk=user.pk).values_list("username", flat=True)
    return any(_outline(other) == wanted for other in others)


def _outline(name: str) -> str:
    return outline(sort_key(name))
