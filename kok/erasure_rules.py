"""How long the kernel keeps what it stores itself."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet

from kok import retention
from kok.clock import BERLIN
from kok.durations import Duration
from kok.erasure import RetentionRule, days_until, deleting, deleting_days, midnight, over, pks, settled
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
from kok.readable import by_number


def _mails(today: date) -> QuerySet[OutboxMessage]:
    before = over(today, retention.MAILS)
    never_sent = Q(sent_at=None, created_at__lt=before) & ~Q(state=OutboxMessage.State.QUEUED)
    return OutboxMessage.objects.filter(Q(sent_at__lt=before) | never_sent)


def _ours(ids: Collection[str]) -> set[str]:
    rows = by_number(OutboxMessage.objects.all(), sorted(map(int, ids)))
    return {str(row.pk) for row in filter(OutboxMessage.is_ours, rows.values())}


def _erase_events(ids: Sequence[str], now: datetime) -> int:
    done = deleting(AuditEvent)(ids, now)
    _erase_seals(AuditEvent.sealing, now, retention.TRAIL)
    return done


def _erase_sign_ins(days: Sequence[str], now: datetime) -> int:
    """One that was changed past the application is left for the night to name: its day may be moved."""
    events = SignInEvent.objects.filter(at__date__in=days, at__lt=now)
    moved = SignInEvent.sealing.changed(events.values_list("pk", flat=True))
    done, _ = events.exclude(pk__in=moved).delete()
    _erase_seals(SignInEvent.sealing, now, retention.SIGN_INS)
    return done


def _erase_seals(sealing: Sealing, now: datetime, duration: Duration) -> None:
    """The seals of rows that were erased by age, by whole days of which no row is left."""
    seals, last = sealing.chain.kept, over(settled(now.astimezone(BERLIN).date()), duration)
    left = seals.filter(at__gte=last).values("day")
    seals.filter(day__lt=last.astimezone(BERLIN).date()).exclude(day__in=left).order_by().delete()


def _of_the_database(_: date) -> datetime:
    """On the clock of the database, as the lines are and as its guard asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT date_trunc('day', now() AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'Europe/Berlin'")
        today: datetime = cursor.fetchone()[0]
    return today - timedelta(days=retention.JOURNAL.days)


RULES = (
    RetentionRule(
        "mails", "Nachrichten", f"{retention.MAILS} nach Versand", "proposal",
        lambda today: pks(_mails(today)), deleting(OutboxMessage), proven=_ours,
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
        "sign-ins", "Anmeldungen und was dabei misslang", str(retention.SIGN_INS), "proposal",
        days_until(SignInEvent, "at", lambda today: over(settled(today), retention.SIGN_INS)), _erase_sign_ins,
        is_by_day=True,
    ),
    RetentionRule(
        "audit-trail", "Änderungsprotokoll", str(retention.TRAIL), "proposal",
        lambda today: pks(AuditEvent.objects.filter(at__lt=over(settled(today), retention.TRAIL))), _erase_events,
    ),
    RetentionRule(
        "row-changes", "Journal der Datenbank über versiegelte Zeilen", str(retention.JOURNAL), "own",
        days_until(RowChange, "at", _of_the_database), deleting_days(RowChange, "at"), is_by_day=True,
    ),
    RetentionRule(
        "erasure-runs", "Berichte über Löschläufe", str(retention.ERASURE_RUNS), "proposal",
        lambda today: pks(ErasureRun.objects.filter(at__lt=over(today, retention.ERASURE_RUNS))), deleting(ErasureRun),
    ),
)  # fmt: skip
