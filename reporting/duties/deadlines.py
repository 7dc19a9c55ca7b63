"""Who is reminded of which duty, when (domain.md 2.7), and what the mail says.

Providers yield what stands on a day; the kernel queues each stage once per person. The builders look again at the
moment of sending: what is fulfilled meanwhile, or no longer this person's role, is not sent.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from operator import attrgetter

from django.conf import settings
from django.urls import reverse

from kok import clock
from kok.dispatch import Addressee, Sending, SentSubject
from kok.mails import MailText
from kok.models import OutboxMessage
from kok.outbox import Mail
from kok.reminders import Due
from meetings.convening.rules.counting import MeetingYear
from members.documents import ABOUT, about
from members.models import Agreement
from members.queries import RoleHolder, agreement_by_slug
from members.queries.agreement import agreed
from reporting.duties.queries.duties import Duty, duty_named, yearly_duties_of
from reporting.duties.queries.ledger import Ledger, ledger_of
from reporting.duties.queries.recipients import (
    OF_YEAR,
    Holders,
    recipients_of,
    responsible_of,
    secretariats,
    sending_of,
    subject_key,
)
from reporting.duties.queries.year import meeting_year
from reporting.duties.rules.stages import Stage, stage_on

DUTY, MEETINGS = "reminder.duty", "reminder.meetings"
NOTICES = {
    MEETINGS: MailText(
        f"{ABOUT}: zu wenige Sitzungen {{year.year}}, bitte bis 31.12.{{year.year}} planen",
        "bitte sorgen Sie im Jahr {year.year} für genügend Sitzungen ({conference.name}):",
        "{link}",
        "{year.sentence} Nach {source} tagt sie mindestens {year.minimum}-mal im Jahr.",
        "Sie erhalten diese Nachricht, weil Sie zur Geschäftsstelle eines Partners gehören. Sobald genug Sitzungen "
        "vorgesehen sind, endet die Erinnerung.",
    )
}


def duty_reminders(today: date) -> Iterator[Due]:
    """The latest stage of every yearly duty that is open or overdue, in every agreement."""
    for agreement in agreed():
        yield from _duty_reminders_of(agreement, today)


def _duty_reminders_of(agreement: Agreement, today: date) -> Iterator[Due]:
    years = _years(agreement, today)
    ledger = ledger_of(agreement, years[0], years[-1])
    holders = Holders(today)
    for duty in yearly_duties_of(ledger, years, today):
        if stage := _stage(duty, today):
            for person in _reachable(recipients_of(duty, stage, ledger, holders)):
                yield _due(ledger, duty, stage, person)


def _reachable(people: Iterable[RoleHolder]) -> Iterator[RoleHolder]:
    return filter(attrgetter("email"), people)


def _years(agreement: Agreement, today: date) -> range:
    """From the introduction on: what was over by then is never reminded. The first stage may lie in the year before."""
    return range(min(agreement.introduced_on.year, today.year), today.year + 2)


def _stage(duty: Duty, today: date) -> Stage | None:
    return stage_on(duty.occurrence, today) if duty.is_due else None


def _due(ledger: Ledger, duty: Duty, stage: Stage, person: RoleHolder) -> Due:
    return Due(
        kind=DUTY,
        subject_key=subject_key(ledger, duty),
        due_on=duty.occurrence.nominal_due_on,
        stage=stage.name,
        recipient=str(person.user_id),
        to=person.email,
        context={
            "agreement": ledger.agreement.slug,
            "code": duty.rule.code,
            "due_year": duty.occurrence.due_year,
            "debtor": duty.occurrence.debtor,
            "stage": stage.name,
            "user": person.user_id,
        },
        sending=sending_of(ledger, duty, stage, person),
    )


def build_duty_mail(row: OutboxMessage) -> Mail | None:
    """The reminder, or None when the duty is fulfilled meanwhile or the person has no part in it any more."""
    today = clock.today()
    agreement = agreement_by_slug(row.context["agreement"])
    if agreement is None:
        return None
    year = row.context["due_year"]
    ledger = ledger_of(agreement, year, year)
    duty = duty_named(ledger, today, code=row.context["code"], year=year, debtor=row.context["debtor"])
    stage = duty and _stage(duty, today)
    if not duty or not stage:
        return None
    holders = Holders(today)
    if not _is_among(recipients_of(duty, stage, ledger, holders), row):
        return None
    is_responsible = row.context["user"] in responsible_of(duty, holders)
    context = {
        "duty": duty,
        "today": today,
        "is_responsible": is_responsible,
        "link": settings.KOK_PUBLIC_URL + _link(agreement, duty, is_responsible=is_responsible),
    }
    return about(agreement, "reminder.duty", context)


def _link(agreement: Agreement, duty: Duty, *, is_responsible: bool) -> str:
    """A page that the person may open: the case unit works on the list of 8b and cannot read the duties."""
    is_in_area = duty.is_named_list and is_responsible
    name, key = ("transitions:enter", ()) if is_in_area else ("reporting:duty", duty.key)
    return reverse(name, args=[agreement.slug, *key])


def _is_among(people: Iterable[RoleHolder], row: OutboxMessage) -> bool:
    """Whether the person of a mail still belongs to those who get it."""
    return row.context["user"] in {person.user_id for person in people}


def meetings_reminders(today: date) -> Iterator[Due]:
    """R-MEET: both secretariats are warned from 01.09. and again from 01.10. while too few meetings are foreseen.

    The two days are proposals of the rule book, not part of the agreement.
    """
    for agreement in agreed():
        ledger = ledger_of(agreement, today.year, today.year, only_open=True)
        year = meeting_year(ledger, today.year, today)
        if year.warns and today.year >= agreement.introduced_on.year:
            for person in _reachable(secretariats(ledger.partners, Holders(today))):
                yield _warning(agreement, year, person)


def _warning(agreement: Agreement, year: MeetingYear, person: RoleHolder) -> Due:
    return Due(
        kind=MEETINGS,
        subject_key=f"{agreement.slug}:{year.year}",
        due_on=date(year.year, 12, 31),
        stage=year.light.value,
        recipient=str(person.user_id),
        to=person.email,
        context={"agreement": agreement.slug, "year": year.year, "user": person.user_id},
        sending=Sending(
            SentSubject(OF_YEAR, agreement.pk, version=year.light.value, part=str(year.year)),
            Addressee(person.name, account=person.user_id),
        ),
    )


def build_meetings_mail(row: OutboxMessage) -> Mail | None:
    """The warning, or None when enough meetings are foreseen meanwhile or the person left the secretariat."""
    today = clock.today()
    agreement = agreement_by_slug(row.context["agreement"])
    if agreement is None or today.year != row.context["year"]:
        return None
    ledger = ledger_of(agreement, today.year, today.year, only_open=True)
    year = meeting_year(ledger, today.year, today)
    if not year.warns or not _is_among(secretariats(ledger.partners, Holders(today)), row):
        return None
    link = settings.KOK_PUBLIC_URL + reverse("reporting:overview", args=[agreement.slug])
    source = f"Punkt {year.clause}" if year.clause else "der Vereinbarung"
    return about(agreement, row.kind, {"year": year, "source": source, "link": link})
