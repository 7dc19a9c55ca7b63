"""What the retention rules erase of people and accounts (domain.md 5.5). Names stay where a proof needs them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from operator import itemgetter

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from kok import retention
from kok.erasure import RetentionRule, deleting, over, pks, standing
from kok.models import AddressChange, AuditEvent, Dispatch, User
from members.models import AccountRequest, Departure, DepartureLine, Person, RoleAssignment
from members.queries import left_for_us, people_who_left
from members.rules.retention import DEPARTURES, ENDED_ROLES, REQUESTS


def _forget_contacts(ids: Sequence[str], now: datetime) -> int:
    return Person.objects.filter(pk__in=ids).exclude(email="", phone="").update(email="", phone="")


def _ended_roles(today: date) -> QuerySet[RoleAssignment]:
    was_void = Q(period__isempty=True, ended_at__lt=over(today, ENDED_ROLES))
    return RoleAssignment.objects.filter(Q(period__endswith__lte=ENDED_ROLES.before(today)) | was_void)


def _closings() -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(object_kind="kok.User", action="account.closed")


def _closed_accounts(today: date) -> QuerySet[User]:
    """Closed for twelve months, as the trail says, and not emptied yet.

    A line that somebody put in puts nothing off. Raises KeyLost.
    """
    lines = _closings().filter(object_id=Cast(OuterRef("pk"), CharField()))
    lately = _closings().filter(at__gte=over(today, retention.CLOSED_ACCOUNTS))
    ours = list(AuditEvent.sealing.standing(lately.values_list("pk", flat=True)))
    rest = Q(has_factor=True) | ~Q(email="") | Q(last_login__isnull=False)
    return (
        User.objects.filter(Exists(lines), ~Exists(lines.filter(pk__in=ours)), is_active=False)
        .annotate(has_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"))))
        .filter(rest)
    )


def _closed_by_us(ids: Collection[str]) -> set[str]:
    """Accounts that stand as they were sealed, closed by a line of ours, and of whose lines none was changed."""
    lines = _closings().filter(object_id__in=ids)
    numbers = list(lines.values_list("pk", flat=True))
    ours, changed = AuditEvent.sealing.standing(numbers), AuditEvent.sealing.changed(numbers)
    closed = {line.object_id for line in lines if str(line.pk) in ours}
    return set(User.sealing.standing(ids)) & closed - {line.object_id for line in lines if str(line.pk) in changed}


def _empty_accounts(ids: Sequence[str], now: datetime) -> int:
    """The account keeps its number, user name and name: receipts and minutes point at them (RESTRICT)."""
    Authenticator.objects.filter(user__in=ids).delete()
    EmailAddress.objects.filter(user__in=ids).delete()
    return User.objects.filter(pk__in=ids, is_active=False).update(
        email="", last_login=None, password=make_password(None)
    )


def _dispatch_addresses(today: date) -> QuerySet[Dispatch]:
    """Whole addresses in the records of what was sent, of people who left and of accounts that were emptied."""
    left = people_who_left(today)
    emptied = User.objects.filter(is_active=False, email="")
    of_them = Q(person__in=left.values("pk")) | Q(account__in=left.filter(user__isnull=False).values("user"))
    return Dispatch.objects.filter(of_them | Q(account__in=emptied.values("pk")), address__contains="@")


def _of_people_left(ids: Collection[str]) -> set[str]:
    """Records of people who left by what stands, and of emptied accounts that stand. Raises KeyLost."""
    rows = list(Dispatch.objects.filter(pk__in=ids).values_list("pk", "person", "account"))
    accounts = set(filter(None, map(itemgetter(2), rows)))
    owners = dict(Person.objects.filter(user__in=accounts).values_list("user", "pk"))
    people = {pk: {str(person or ""), str(owners.get(account or 0, ""))} - {""} for pk, person, account in rows}
    left = left_for_us(set().union(*people.values()))
    emptied = User.objects.filter(pk__in=accounts, is_active=False, email="")
    gone = User.sealing.standing(emptied.values_list("pk", flat=True))
    return {str(pk) for pk, _, account in rows if people[pk] & left or str(account) in gone}


def _keep_domains(ids: Sequence[str], now: datetime) -> int:
    domain = Func(F("address"), Value("@"), Value(2), function="split_part")
    return Dispatch.objects.filter(pk__in=ids, address__contains="@").update(address=domain)


def _decided_requests(today: date) -> QuerySet[AccountRequest]:
    """By the decision; one that nobody decided, by the day it was made."""
    last = over(today, REQUESTS)
    return AccountRequest.objects.filter(Q(decided_at__lt=last) | Q(decided_at__isnull=True, given_at__lt=last))


RULES = (
    RetentionRule(
        "member-contacts", "Adresse und Telefon ausgeschiedener Mitglieder",
        f"{retention.LEFT} nach dem Ende des letzten Sitzes oder dem Ausscheiden; der Name bleibt in Protokollen",
        "proposal",
        lambda today: pks(people_who_left(today).exclude(email="", phone="")), _forget_contacts, proven=left_for_us,
    ),
    RetentionRule(
        "new-addresses", "neue E-Mail-Adressen, die niemand bestätigt hat", str(retention.NEW_ADDRESSES), "proposal",
        lambda today: pks(AddressChange.objects.filter(asked_at__lt=over(today, retention.NEW_ADDRESSES))),
        deleting(AddressChange),
    ),
    RetentionRule(
        "ended-roles", "beendete Rollen", f"{ENDED_ROLES} nach dem Ende", "proposal",
        lambda today: pks(_ended_roles(today)), deleting(RoleAssignment, (DepartureLine, "role")),
        proven=standing(RoleAssignment),
    ),
    RetentionRule(
        "account-requests", "Anträge zu Rollen und Konten", f"{REQUESTS} nach der Entscheidung", "proposal",
        lambda today: pks(_decided_requests(today)), deleting(AccountRequest), proven=standing(AccountRequest),
    ),
    RetentionRule(
        "departures", "eingetragenes Ausscheiden", f"{DEPARTURES} nach dem letzten Tag", "proposal",
        lambda today: pks(Departure.objects.filter(last_on__lt=DEPARTURES.before(today))),
        deleting(Departure, (DepartureLine, "departure")),
        proven=standing(Departure),
    ),
    RetentionRule(
        "closed-accounts", "Adresse, Passwort und zweiter Faktor gesperrter Konten",
        f"{retention.CLOSED_ACCOUNTS} nach der Sperrung", "proposal",
        lambda today: pks(_closed_accounts(today)), _empty_accounts, proven=_closed_by_us,
    ),
    RetentionRule(
        "dispatch-addresses", "Adressen darin, wer was erhielt",
        f"{retention.LEFT} nach dem Ende des letzten Sitzes oder dem Ausscheiden, oder mit der des Kontos; die Domain "
        "bleibt",
        "proposal", lambda today: pks(_dispatch_addresses(today)), _keep_domains, proven=_of_people_left,
    ),
)  # fmt: skip
