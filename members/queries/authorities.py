"""Authorities: where they are partners, their values on any day, and who maintains them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from operator import attrgetter
from typing import Any, TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Max, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from kok.access import Permission
from kok.models import User
from members.models import Agreement, Authority, AuthorityChange, Partner
from members.queries.access import covers
from members.queries.power import PowerRegister, names_of
from members.rules import authorities as rules
from members.rules.authorities import FIELDS, Values

Lines = tuple[tuple[str, str, str], ...]  # label, before, after
LABELS = {field.name: str(field.verbose_name) for field in Authority._meta.fields if field.name in FIELDS}


def authorities_in(agreement: Agreement) -> QuerySet[Authority]:
    """The authorities that are partners of an agreement."""
    return Authority.objects.filter(partners__agreement=agreement)


def agreements_of_authority(authority: Authority) -> list[Agreement]:
    """The agreements of which an authority is a partner, by region."""
    return list(Agreement.objects.filter(partners__authority=authority))


def values_of(authority: Authority) -> dict[str, str]:
    """The values in force, by name."""
    return {name: getattr(authority, name) for name in FIELDS}


def values_on(authority: Authority, day: date) -> Values:
    """Name, address and office of an authority on a day, in one query."""
    return Values(**rules.values_on(values_of(authority), list(authority.changes.all()), day))


def signed_last(authority: Authority, today: date) -> date | None:
    """The latest day on which one of its agreements came into force."""
    found = Agreement.objects.filter(partners__authority=authority, in_force_on__lte=today)
    latest: date | None = found.aggregate(latest=Max("in_force_on"))["latest"]
    return latest


def names_of_others(authority: Authority) -> list[str]:
    """The names and short names that other authorities bear today."""
    others = Authority.objects.exclude(pk=authority.pk).values_list("name", "short_name")
    return list(chain.from_iterable(others))


class WrittenChange(TypedDict):
    """A change as `known_changes` reads it."""

    from_on: str
    values: dict[str, str]
    replaced: dict[str, str] | None


def known_changes() -> ArraySubquery:
    """All changes of the authority of a partner as an annotation of its row; `told` reads them."""
    changes = AuthorityChange.objects.filter(authority=OuterRef("authority")).order_by("from_on", "pk")
    return ArraySubquery(changes.values(json=JSONObject(from_on="from_on", values="values", replaced="replaced")))


def told(rows: Iterable[WrittenChange]) -> list[rules.ValueChange]:
    """What `known_changes` read."""
    return [rules.KnownChange(date.fromisoformat(row["from_on"]), row["values"], row["replaced"]) for row in rows]


Changes = Mapping[int, Sequence[rules.ValueChange]]  # of each authority by its key, by day and order of entry


def changes_of_partners(partners: Iterable[Partner]) -> Changes:
    """All changes of their authorities, in one query."""
    found = defaultdict(list)
    for change in AuthorityChange.objects.filter(authority__in=set(map(attrgetter("authority_id"), partners))):
        found[change.authority_id].append(change)
    return found


def as_of(partners: Iterable[Partner], day: date, changes: Changes | None = None) -> None:
    """Lets partners carry names, addresses and organs of a day, for what is about it; they must not be saved.

    Once for each partner: it starts from the values of today. `changes` saves the query where they are known.
    """
    partners = list(partners)
    known = changes_of_partners(partners) if changes is None else changes
    for partner in partners:
        partner.day = day
    for authority in {id(partner.authority): partner.authority for partner in partners}.values():
        then = rules.values_on(values_of(authority), known.get(authority.pk, []), day)
        for name, value in then.items():
            setattr(authority, name, value)


def partners_as_of(agreement: Agreement, day: date) -> list[Partner]:
    """The partners of an agreement in the order of the secretariat, called as on a day, in one query."""
    partners: list[Any] = list(agreement.partners.annotate(known_changes=known_changes()))
    as_of(partners, day, {partner.authority_id: told(partner.known_changes) for partner in partners})
    return partners


def may_change(user: User, authority: Authority) -> bool:
    """Whether somebody maintains an authority: as registrar of the whole, or of its partners in all its agreements."""
    return covers(user, Permission.SEATS_MANAGE, authority)


def maintainers_of(authority: Authority, now: datetime) -> list[str]:
    """Who may change an authority today, by name."""
    register = PowerRegister(now)
    return names_of(register.powers.registrars_covering(register.partners(None, authority.pk)))


def regions_without_registrar(authority: Authority, now: datetime) -> list[str]:
    """Where nobody maintains an authority today: nobody can ask for that role there, only the command gives it."""
    powers = PowerRegister(now).powers
    partners = authority.partners.select_related("agreement").order_by("agreement__region")
    return [each.agreement.region for each in partners if not powers.registrars_touching(frozenset({each.pk}))]


@dataclass(frozen=True)
class ChangedValues:
    """A change as the page tells it: from which day, and what it puts in the place of what, by label."""

    change: AuthorityChange
    lines: Lines


def planned_changes(authority: Authority) -> list[ChangedValues]:
    """What changes from a coming day on, the nearest first."""
    planned = authority.changes.filter(done_at__isnull=True)
    found, values = [], values_of(authority)
    for change in planned:
        found.append(ChangedValues(change, differences(values, change.values)))
        values |= change.values
    return found


def done_changes(authority: Authority) -> list[ChangedValues]:
    """What changed and since when, the newest first."""
    done = authority.changes.filter(done_at__isnull=False).reverse()
    return [ChangedValues(change, differences(change.replaced or {}, change.values)) for change in done]


def differences(before: dict[str, str], after: dict[str, str]) -> Lines:
    """(label, before, after) of every value that is another one, in the order of the fields."""
    return tuple((LABELS[name], before[name], after[name]) for name in FIELDS if name in after)


def due_changes(today: date) -> QuerySet[AuthorityChange]:
    """The planned changes whose day has come."""
    return AuthorityChange.objects.filter(done_at__isnull=True, from_on__lte=today)
