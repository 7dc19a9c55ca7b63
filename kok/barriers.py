"""Barriers that people report without signing in, the six weeks of their answer, and what becomes of the report.

Who answers (`barrier_office`) does so outside of the application and writes down when and what. No mail, log or address
holds a report.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from kok import audit, barrier_office, clock, erasure, outbox, queries, retention
from kok.clock import BERLIN
from kok.durations import Duration
from kok.errors import Refused
from kok.mails import MailText, composed
from kok.models import BarrierReport, OutboxMessage, User
from kok.reminders import Due
from kok.words import day, plural, weekday

REPORTED, REMINDER, NAMED = "barrier.reported", "reminder.barrier", "barrier.office"
NOTICES = {
    REPORTED: MailText(
        "KoK: Jemand hat eine Barriere gemeldet",
        "jemand hat eine Barriere in dieser Anwendung gemeldet (Meldung {number}). {asked} (sechs Wochen, § 6 HVBIT). "
        "Was gemeldet wurde, steht auf der Seite „Barrieren“:",
        "{link}",
        "Weitere Meldungen derselben Stunde stehen auch dort, ohne eigene Nachricht.",
        "{reader}",
    ),
    REMINDER: MailText(
        "KoK: Gemeldete Barriere, Frist {day}",
        "eine gemeldete Barriere ist noch offen (Meldung {number}). Die sechs Wochen enden am {weekday}{over} "
        "(§ 6 HVBIT):",
        "{link}",
        "Tragen Sie dort ein, {entered}. Dann endet die Erinnerung.",
        "{reader}",
    ),
    NAMED: MailText(
        "KoK: Ihre Behörde beantwortet gemeldete Barrieren",
        "wer in dieser Anwendung etwas nicht lesen oder bedienen kann, meldet das als Barriere. {open} Für die Antwort "
        "sind sechs Wochen Zeit (§ 6 HVBIT). Die Meldungen stehen hier:",
        "{link}",
        "Nachrichten über neue Meldungen und Fristen kommen an diese Adresse.",
        "{reader}",
    ),
}
# By whether the person said how to be reached.
ASKED = {
    True: "Die Antwort muss bis {} bei der Person sein",
    False: "Die Meldung nennt keinen Weg für eine Antwort. Sehen Sie sie bis {} durch",
}
ENTERED = {
    True: "wann Sie geantwortet haben und was geschehen ist",
    False: "was geschehen ist; einen Weg für eine Antwort nennt die Meldung nicht",
}
OPERATORS_READ = "Sie erhalten diese Nachricht, weil Sie die Anwendung technisch betreiben."
OFFICE_READS = (
    "Sie erhalten diese Nachricht, weil die Technik {} dafür benannt hat, gemeldete Barrieren zu beantworten. Lesen "
    "und abschließen kann die Meldungen, wer dort die Rolle Stammdaten hat."
)
WARNING = timedelta(weeks=1)  # before the six weeks are over (proposal)


def answer_due(received_on: date) -> date:
    """The last day of the answer: six weeks after receipt (§ 6 HVBIT), the day itself not counted (§ 187 BGB).

    It does not move to the next workday: an answer before a weekend is in time in either reading.
    """
    return retention.BARRIER_ANSWER.after(received_on)


@dataclass(frozen=True)
class BarrierLine:
    """A report with its days, as seen on `today`."""

    report: BarrierReport
    today: date

    @property
    def due_on(self) -> date:
        """The last day of the answer."""
        return answer_due(self.report.received_at.astimezone(BERLIN).date())

    @property
    def is_open(self) -> bool:
        """Whether no answer is written down."""
        return self.report.answered_on is None

    @property
    def is_answerable(self) -> bool:
        """Whether the person said how to be reached, and that is still kept."""
        return bool(self.report.contact)

    @property
    def is_overdue(self) -> bool:
        """Whether the six weeks are over without an answer."""
        return self.is_open and self.due_on < self.today


# Queries.


def reports() -> QuerySet[BarrierReport]:
    """Every report: open ones first, the oldest of them on top, then the answered ones, the last one first."""
    return BarrierReport.objects.order_by(F("answered_at").desc(nulls_first=True), "received_at", "pk")


def report_of(pk: int) -> BarrierReport | None:
    """One report."""
    return BarrierReport.objects.select_related("answered_by").filter(pk=pk).first()


def open_lines(today: date) -> list[BarrierLine]:
    """The reports without an answer, the oldest first."""
    rows = BarrierReport.objects.filter(answered_on=None).order_by("received_at", "pk")
    return [BarrierLine(row, today) for row in rows]


# Actions.


@transaction.atomic
def report(*, text: str, place: str, contact: str, now: datetime) -> BarrierReport:
    """Keeps a report and tells who answers that there is one; a flood of them makes one mail an hour."""
    row = BarrierReport.objects.create(text=text, place=place, contact=contact, received_at=now)
    audit.record(by=None, action="barrier.reported", obj=row, now=now)
    hour = int(now.timestamp()) // 3600
    for reader in _readers(now.astimezone(BERLIN).date()):
        context = {"report": row.pk, **reader.context}
        outbox.enqueue(kind=REPORTED, key=f"{REPORTED}:{hour}:{reader.key}", to=reader.to, context=context, now=now)
    return row


@transaction.atomic
def answer(*, pk: int, on: date, what: str, by: User, now: datetime) -> BarrierReport:
    """Writes down on which day the person was answered, or it was done with, and what was done; the reminders end.

    Raises Refused when somebody did so before, or when the day lies before the report or ahead.
    """
    row = _open_row(pk)
    if not row.received_at.astimezone(BERLIN).date() <= on <= now.astimezone(BERLIN).date():
        raise Refused("Der Tag liegt vor der Meldung oder in der Zukunft. Prüfen Sie ihn.")
    return _close(row, "barrier.answered", on=on, what=what, by=by, now=now)


@transaction.atomic
def set_aside(*, pk: int, reason: str, by: User, now: datetime) -> BarrierReport:
    """Closes a report that is not about accessibility, such as an advertisement; the reason is kept.

    Raises Refused when it is closed already.
    """
    row = _open_row(pk)
    row.is_unrelated = True
    return _close(row, "barrier.set-aside", on=now.astimezone(BERLIN).date(), what=reason, by=by, now=now)


def _open_row(pk: int) -> BarrierReport:
    row = BarrierReport.objects.select_for_update().get(pk=pk)
    if row.answered_on is not None:
        raise Refused("Diese Meldung ist schon als erledigt eingetragen. Es wurde nichts geändert.")
    return row


def _close(row: BarrierReport, action: str, *, on: date, what: str, by: User, now: datetime) -> BarrierReport:
    row.answered_on, row.answer, row.answered_by, row.answered_at = on, what, by, now
    row.save()
    audit.record(by=by, action=action, obj=row, now=now)
    return row


# Mails: that there is something, never what.


@dataclass(frozen=True)
class _BarrierReader:
    """Who is told of reports: the office of an authority, whose address is looked up when the mail goes out, or one
    account of Technik.
    """

    key: str
    to: str
    context: dict[str, int]


def _readers(today: date) -> list[_BarrierReader]:
    office = barrier_office.answering(today)
    if office:
        return [_BarrierReader(f"office-{office.authority}", "", {"office": office.authority})]
    told = queries.genuine(queries.operators())
    return [_BarrierReader(str(user.pk), user.email, {"user": user.pk}) for user in told]


def tell_office(office: barrier_office.BarrierOffice, *, now: datetime) -> None:
    """Tells an office that it is named, in the running transaction."""
    context = {"office": office.authority}
    outbox.enqueue(kind=NAMED, key=f"{NAMED}:{office.authority}:{now.isoformat()}", to="", context=context, now=now)


def reminders_due(today: date) -> Iterator[Due]:
    """A week before the six weeks are over, and once more on their last day."""
    lines = [line for line in open_lines(today) if line.due_on - WARNING <= today]
    for line, reader in product(lines, _readers(today)):
        stage = "last-day" if line.due_on <= today else "week"
        context = {"report": line.report.pk, **reader.context}
        yield Due(REMINDER, str(line.report.pk), line.due_on, stage, reader.key, reader.to, context)


def build_mail(row: OutboxMessage) -> outbox.Mail | None:
    """Says which report, where to look and until when; None when it is closed meanwhile or others answer now.

    The mail about a new report speaks for the whole hour: where the first was answered, it tells of the next.
    """
    first = row.context["report"]
    asked = {"pk__gte": first} if row.kind == REPORTED else {"pk": first}
    found = BarrierReport.objects.filter(**asked, answered_on=None).order_by("pk").first()
    return _mail(row, _of_report(BarrierLine(found, clock.today()))) if found else None


def build_named(row: OutboxMessage) -> outbox.Mail | None:
    """Says to an office that it answers, how many reports are open and until when; None when others answer now."""
    return _mail(row, {"open": _open_in_words(open_lines(clock.today()))})


def _of_report(line: BarrierLine) -> dict[str, object]:
    """What mails say of a report."""
    last_day = weekday(line.due_on)
    return {
        "number": line.report.pk,
        "day": day(line.due_on),
        "weekday": last_day,
        "over": " und sind vorbei" if line.is_overdue else "",
        "asked": ASKED[line.is_answerable].format(last_day),
        "entered": ENTERED[line.is_answerable],
    }


def _open_in_words(lines: Sequence[BarrierLine]) -> str:
    if not lines:
        return "Zurzeit ist keine Meldung offen."
    first = weekday(lines[0].due_on)
    one = f"Eine Meldung ist offen. Die Frist endet am {first}."
    return plural(len(lines), one, f"{len(lines)} Meldungen sind offen. Die erste Frist endet am {first}.")


def _mail(row: OutboxMessage, values: dict[str, object]) -> outbox.Mail | None:
    """To who is told of reports at the moment of sending, at the address of then; None for everybody else."""
    about = {name: row.context[name] for name in ("office", "user") if name in row.context}
    office = barrier_office.answering(clock.today())
    if about not in [reader.context for reader in _readers(clock.today())]:
        return None
    reader, to = (OFFICE_READS.format(office.name), office.email) if office else (OPERATORS_READ, "")
    values |= {"reader": reader, "link": settings.KOK_PUBLIC_URL + reverse("kok:barriers")}
    return composed(row.kind, values, to=to)


# Retention.


def _answered_before(today: date, duration: Duration) -> QuerySet[BarrierReport]:
    return BarrierReport.objects.filter(answered_at__lt=erasure.over(today, duration))


def _old(today: date) -> QuerySet[BarrierReport]:
    """Answered long ago; one that nobody answered is not kept for ever either."""
    never = Q(answered_at=None, received_at__lt=erasure.over(today, retention.UNANSWERED_BARRIERS))
    return _answered_before(today, retention.BARRIER_REPORTS) | BarrierReport.objects.filter(never)


RULES = (
    erasure.RetentionRule(
        "barrier-contacts", "Wie jemand erreichbar ist, der eine Barriere gemeldet hat",
        f"{retention.BARRIER_CONTACTS} nach der Antwort",
        "proposal", lambda today: erasure.pks(_answered_before(today, retention.BARRIER_CONTACTS).exclude(contact="")),
        lambda ids, now: BarrierReport.objects.filter(pk__in=ids).exclude(contact="").update(contact=""),
    ),
    erasure.RetentionRule(
        "barrier-reports", "Gemeldete Barrieren",
        f"{retention.BARRIER_REPORTS} nach der Antwort, ohne Antwort {retention.UNANSWERED_BARRIERS}", "proposal",
        lambda today: erasure.pks(_old(today)), erasure.deleting(BarrierReport),
    ),
)  # fmt: skip
