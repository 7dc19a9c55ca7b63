"""What an auditor may read: the acts of his agreements, and what concerns the accounts of his own house.

An auditor holds his role for an authority, in one agreement or in all. He reads every act in these agreements. Lines
about accounts, sign-ins and what people do outside of agreements he reads of his own house only. Of what another house
does in the sealed area he learns which house it was, as in its access log.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorExact
from django.db import connection
from django.db.models import Q, QuerySet

from kok import queries
from kok.access import Lookups, Permission, authorities_of, grants_with
from kok.alphabet import sort_key
from kok.clock import BERLIN
from kok.codes import choices
from kok.models import AuditEvent, SignInEvent, User
from kok.models.records import NAMES
from kok.templatetags.trail import act, thing
from kok.words import day

ACCOUNT = User._meta.label
OF_AREA = "subject_request."  # acts in the sealed area that stand in the trail, because nothing sealed is seen
OTHER_HOUSE = "anderes Haus"


def in_words(from_on: date | None, until_on: date | None, account: int | None, *more: str) -> str:
    """What somebody looked for in a log, for the trail: days, an account by its number, and what else was chosen."""
    said = [
        f"ab {day(from_on)}" if from_on else "",
        f"bis {day(until_on)}" if until_on else "",
        f"Konto {account}" if account else "",
        *more,
    ]
    return ", ".join(filter(None, said)) or "alles"


@dataclass(frozen=True)
class TrailSearch:
    """What an auditor looks for; days are inclusive. `kind` is the object of an act, or the kind of a sign-in event."""

    from_on: date | None = None
    until_on: date | None = None
    account: int | None = None
    action: str = ""
    kind: str = ""
    number: str = ""

    @property
    def is_set(self) -> bool:
        """Whether anything was chosen."""
        return any(astuple(self))

    @property
    def words(self) -> str:
        """The same in words for the trail, with numbers instead of names."""
        kind = dict(choices(SignInEvent.Kind)).get(self.kind) or thing(self.kind)
        what = f"{kind} {self.number}".strip()
        return in_words(self.from_on, self.until_on, self.account, act(self.action), what)

    def during(self) -> Q:
        """The days as a condition on `at`."""
        chosen = Q()
        if self.from_on:
            chosen &= Q(at__gte=datetime.combine(self.from_on, time.min, BERLIN))
        if self.until_on:
            chosen &= Q(at__lt=datetime.combine(self.until_on + timedelta(days=1), time.min, BERLIN))
        return chosen


def is_auditor(user: User) -> bool:
    """Whether this account audits anything."""
    return bool(grants_with(user, Permission.AUDIT_READ))


def staff_of(user: User) -> frozenset[int]:
    """The accounts of the houses for which this auditor holds his role, read once per request."""
    kept = vars(user)
    if "_kok_staff" not in kept:
        grants = grants_with(user, Permission.AUDIT_READ)
        whole = authorities_of(user, Permission.AUDIT_READ, spanning=True)
        partners = {grant.partner for grant in grants if not grant.spans and grant.partner}
        kept["_kok_staff"] = frozenset({user.pk, *Lookups.staff(whole, partners)})
    found: frozenset[int] = kept["_kok_staff"]
    return found


def events_visible_to(user: User) -> QuerySet[AuditEvent]:
    """The trail as this auditor may read it, the newest first."""
    grants, own = grants_with(user, Permission.AUDIT_READ), staff_of(user)
    is_account = Q(object_kind=ACCOUNT) | Q(action__startswith="account.")
    of_own = Q(actor_id__in=own) | Q(object_kind=ACCOUNT, object_id__in=[str(number) for number in own])
    seen = Q(agreement__in=list(_regions(user))) & (~is_account | of_own)
    seen |= Q(agreement="") & of_own
    if any(grant.spans for grant in grants):
        seen |= Q(agreement="", actor_id=None) & ~is_account  # what the installation does by itself
    return AuditEvent.objects.filter(seen)


def events(user: User, wanted: TrailSearch) -> QuerySet[AuditEvent]:
    """What he may read of what he looks for."""
    chosen = {
        "action": wanted.action,
        "object_kind": wanted.kind,
        "object_id": wanted.number,
    }
    found = events_visible_to(user).filter(wanted.during())
    if wanted.account:
        found = found.filter(_concerns(wanted.account))
        if wanted.account not in staff_of(user):
            found = found.exclude(action__startswith=OF_AREA)
    return found.filter(**_given(chosen))


def _given(chosen: Mapping[str, object]) -> dict[str, object]:
    """Of what may be chosen what was."""
    return {name: value for name, value in chosen.items() if value}


def _concerns(account: int) -> Q:
    """What an account did, what was done to it, and what names it. Each of the three has its index."""
    named = SearchVectorExact(NAMES, SearchQuery(f"Konto {account}", config="simple", search_type="phrase"))
    in_note = Q(note__contains="Konto ") & Q(named)  # the first is the condition of the index
    return Q(actor_id=account) | Q(object_kind=ACCOUNT, object_id=str(account)) | in_note


# Hops from one kind to the next along the index: the trail has millions of lines and a few dozen kinds.
_KINDS = """
WITH RECURSIVE kinds AS (
  SELECT min(object_kind) AS kind FROM kok_auditevent WHERE object_kind > ''
  UNION ALL
  SELECT (SELECT min(object_kind) FROM kok_auditevent WHERE object_kind > kinds.kind) FROM kinds WHERE kind IS NOT NULL
)
SELECT kind FROM kinds WHERE kind IS NOT NULL
"""


def kinds() -> list[str]:
    """The kinds of objects that the trail names."""
    with connection.cursor() as cursor:
        cursor.execute(_KINDS)
        return [kind for (kind,) in cursor.fetchall()]


def actors_in(user: User) -> list[tuple[int, str]]:
    """The accounts of the own house, and those that acted in the agreements, by name."""
    return _named(dict(User.objects.filter(pk__in=_known_to(user)).values_list("pk", "username")))


def _known_to(user: User) -> frozenset[int]:
    """The same accounts by number, read once per request."""
    kept = vars(user)
    if "_kok_known" not in kept:
        seen = AuditEvent.objects.filter(agreement__in=list(_regions(user))).exclude(action__startswith=OF_AREA)
        acted = seen.order_by().values_list("actor_id", flat=True).distinct()
        kept["_kok_known"] = staff_of(user).union(filter(None, acted))
    found: frozenset[int] = kept["_kok_known"]
    return found


NUMBERED = re.compile(r"\b(Konto|Person) (\d{1,9})\b")  # as notes and objects name them; the names of both models
_NAMED = ("Konto", "Person")


def tell(user: User, events: Iterable[AuditEvent]) -> None:
    """Gives each line what the page and the file say: `who` acted and under which `name`, the region (`where`), `what`
    it was about, `told` of the note.

    The trail stores numbers. A name is put before the number where this auditor may read it: of accounts those among
    which he may choose, of people those of his own house. Four queries at most, however many lines.
    """
    lines: list[Any] = list(events)
    regions = _regions(user)
    for line in lines:
        line.where = regions.get(line.agreement, line.agreement)
        line.what = _what(line.object_kind, line.object_id)
    text = "; ".join(f"{line.what}, {line.note}" for line in lines)
    accounts, people = (_numbers(text, kind) for kind in _NAMED)
    names = queries.account_names({line.actor_id for line in lines} | accounts & _known_to(user))
    names_of_people = Lookups.people(people, authorities_of(user, Permission.AUDIT_READ))
    with_name = partial(_with_name, dict(zip(_NAMED, (names, names_of_people), strict=True)))
    _tell_who(user, lines, names)
    for line in lines:
        line.what, line.told = NUMBERED.sub(with_name, line.what), NUMBERED.sub(with_name, line.note)


def _regions(user: User) -> dict[str, str]:
    held = grants_with(user, Permission.AUDIT_READ)
    return {grant.agreement.slug: grant.agreement.region for grant in held if grant.agreement}


def _numbers(text: str, kind: str) -> set[int]:
    return {int(number) for each, number in NUMBERED.findall(text) if each == kind}


def _with_name(names: dict[str, dict[int, str]], match: re.Match[str]) -> str:
    name = names[match[1]].get(int(match[2]))
    return f"{name} ({match[0]})" if name else match[0]


def _tell_who(user: User, lines: list[Any], names: dict[int, str]) -> None:
    """Who acted; of strangers in the sealed area only the house."""
    in_area = {line.actor_id for line in lines if line.action.startswith(OF_AREA)}
    strange = in_area - staff_of(user) - {None}
    houses_of = Lookups.houses(strange) if strange else {}
    for line in lines:
        line.name, line.who = names.get(line.actor_id, ""), line.actor
        if line.actor_id in strange and line.action.startswith(OF_AREA):
            line.name, line.who = "", houses_of.get(line.actor_id, OTHER_HOUSE)


def _what(kind: str, number: str) -> str:
    """What an act was about. "Antrag zu einem Konto, Nr. 7" is not about the account with the number 7."""
    if not number:
        return ""
    told = thing(kind)
    return f"{told} {number}" if told in _NAMED else f"{told}, Nr. {number}"


def sign_ins(user: User, wanted: TrailSearch) -> QuerySet[SignInEvent]:
    """Sign-ins and what went wrong there, of the accounts of the own house, the newest first."""
    chosen = {"user_id": wanted.account, "kind": wanted.kind}
    found = SignInEvent.objects.filter(wanted.during(), user__in=staff_of(user)).select_related("user")
    return found.filter(**_given(chosen))


def unknown_names(wanted: TrailSearch) -> int:
    """How often somebody tried a name that no account has; the names are not kept, so they belong to no house."""
    return SignInEvent.objects.filter(wanted.during(), user=None).count()


def members_of_staff(user: User) -> list[tuple[int, str]]:
    """The accounts of the own house, by name."""
    return _named(dict(User.objects.filter(pk__in=staff_of(user)).values_list("pk", "username")))


def _named(accounts: dict[int, str]) -> list[tuple[int, str]]:
    names = queries.account_names(accounts)
    told = [(number, f"{names[number]} ({user})" if names.get(number) else user) for number, user in accounts.items()]
    return sorted(told, key=lambda pair: sort_key(pair[1]))
