"""How long the kernel keeps what it stores itself."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet

from kok.clock import BERLIN
from kok.erasure import RetentionRule, days_until, deleting, deleting_days, midnight, numbers, over, settled
from kok.models import (
    AccountSession,
    Attempts,
    AuditEvent,
    ErasureRun,
    OutboxMessage,
    RowChange,
    Sealing,
    SignInEvent,
    TextCheck,
    UsedCode,
)
from kok.models.accounts import SIGN_IN_MONTHS
from kok.models.journal import KEPT_DAYS
from kok.models.records import TRAIL_MONTHS
from kok.readable import by_number


def _mails(today: date) -> QuerySet[OutboxMessage]:
    before = over(today, months=12)
    never_sent = Q(sent_at=None, created_at__lt=before) & ~Q(state=OutboxMessage.State.QUEUED)
    return OutboxMessage.objects.filter(Q(sent_at__lt=before) | never_sent)


def _ours(ids: Collection[str]) -> set[str]:
    rows = by_number(OutboxMessage.objects.all(), sorted(map(int, ids)), lambda number: None)
    return {str(number) for number, row in rows.items() if row.is_ours()}


def _old_events(today: date) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(at__lt=over(settled(today), months=TRAIL_MONTHS))


def _erase_events(ids: Sequence[str], now: datetime) -> int:
    done = deleting(AuditEvent)(ids, now)
    _erase_seals(AuditEvent.sealing, now, TRAIL_MONTHS)
    return done


def _erase_sign_ins(days: Sequence[str], now: datetime) -> int:
    """One that was changed past the application is left for the night to name: its day may be moved."""
    events = SignInEvent.objects.filter(at__date__in=days, at__lt=now)
    moved = SignInEvent.sealing.changed(events.values_list("pk", flat=True))
    done, _ = events.exclude(pk__in=moved).delete()
    _erase_seals(SignInEvent.sealing, now, SIGN_IN_MONTHS)
    return done


def _erase_seals(sealing: Sealing, now: datetime, months: int) -> None:
    """The seals of rows that were erased by age, by whole days of which no row is left."""
    kept, last = sealing.chain.kept, over(settled(now.astimezone(BERLIN).date()), months=months)
    left = kept.filter(at__gte=last).values("day")
    kept.filter(day__lt=last.astimezone(BERLIN).date()).exclude(day__in=left).order_by().delete()


def _of_the_database(_: date) -> datetime:
    """On the clock of the database, as the lines are and as its guard asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT date_trunc('day', now() AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'Europe/Berlin'")
        today: datetime = cursor.fetchone()[0]
    return today - timedelta(days=KEPT_DAYS)


def _old_runs(today: date) -> QuerySet[ErasureRun]:
    return ErasureRun.objects.filter(at__lt=over(today, months=120))


RULES = (
    RetentionRule(
        "mails", "Nachrichten", "12 Monate nach Versand", "proposal",
        lambda today: numbers(_mails(today)), deleting(OutboxMessage), proven=_ours,
    ),
    # By day and without a list of numbers: keys, codes and attempts are nobody's business, even when they are over.
    RetentionRule(
        "sessions", "Anmeldesitzungen", "bis zum Tag nach ihrem Ablauf", "proposal",
        days_until(AccountSession, "expires_at", midnight), deleting_days(AccountSession, "expires_at"),
        is_by_day=True,
    ),
    RetentionRule(
        "attempts", "Gezählte Versuche", "bis zum Tag, nachdem sie nicht mehr zählen", "proposal",
        days_until(Attempts, "ends_at", midnight), deleting_days(Attempts, "ends_at"),
        is_by_day=True,
    ),
    RetentionRule(
        "used-codes", "Benutzte Codes des zweiten Faktors", "bis zum nächsten Tag", "proposal",
        days_until(UsedCode, "used_at", midnight), deleting_days(UsedCode, "used_at"),
        is_by_day=True,
    ),
    RetentionRule(
        "text-checks", "Prüfungen von Texten vor dem Versand", "bis zum nächsten Tag", "proposal",
        days_until(TextCheck, "asked_at", midnight), deleting_days(TextCheck, "asked_at"),
        is_by_day=True,
    ),
    RetentionRule(
        "sign-ins", "Anmeldungen und was dabei misslang", "6 Monate", "proposal",
        days_until(SignInEvent, "at", lambda today: over(settled(today), months=SIGN_IN_MONTHS)), _erase_sign_ins,
        is_by_day=True,
    ),
    RetentionRule(
        "audit-trail", "Änderungsprotokoll", "10 Jahre", "proposal",
        lambda today: numbers(_old_events(today)), _erase_events,
    ),
    RetentionRule(
        "row-changes", "Journal der Datenbank über versiegelte Zeilen", f"{KEPT_DAYS} Tage", "own",
        days_until(RowChange, "at", _of_the_database), deleting_days(RowChange, "at"), is_by_day=True,
    ),
    RetentionRule(
        "erasure-runs", "Berichte über Löschläufe", "10 Jahre", "proposal",
        lambda today: numbers(_old_runs(today)), deleting(ErasureRun),
    ),
)  # fmt: skip
