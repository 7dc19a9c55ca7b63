"""Who is reminded of a request whose month ends soon, and of outcomes that are missing. The mails say where to look."""

from collections.abc import Iterator
from datetime import date
from operator import attrgetter

from django.conf import settings
from django.urls import reverse

from kok import clock
from kok.mails import MailText
from kok.models import OutboxMessage
from kok.outbox import Mail
from kok.reminders import Due
from kok.roles import RoleSlug
from kok.words import day
from members.documents import about
from members.models import Partner
from members.queries.accounts import RoleHolder, holders_of, user_ids
from transitions.queries.outcomes import without_outcomes
from transitions.queries.requests import RequestLine, open_request, requests_to_remind
from transitions.rules.acts import AREA, NEWS
from transitions.rules.asked_outcomes import asked_on

SUBJECT_REQUEST, OUTCOMES = "reminder.subject-request", "reminder.outcomes"
NOTICES = {
    SUBJECT_REQUEST: MailText(
        NEWS,
        "im geschützten Bereich wartet eine Anfrage auf Ihre Antwort. Die Frist endet am {last_day}{over}.",
        "{link}",
        "Öffnen Sie dort das Register der Anfragen. Sobald die Antwort eingetragen ist, endet die Erinnerung.",
    ),
    OUTCOMES: MailText(
        NEWS,
        "zur Übergangsliste {year} (Schulabgänge {leaving_year}) fehlen noch Ergebnisse. Tragen Sie im geschützten "
        "Bereich ein, was aus den Fällen geworden ist, deren Schule zu Ende ist:",
        "{link}",
        f"{AREA} Endet die Schule in einem Fall erst später im Jahr, bleibt er bis dahin offen.",
        "Sie erhalten diese Nachricht, weil Sie Übergangslisten entgegennehmen.",
    ),
}
ROLES = (RoleSlug.CASE_OFFICER, RoleSlug.CASE_RELEASER, RoleSlug.CASE_RECEIVER)


def subject_request_reminders(today: date) -> Iterator[Due]:
    """A week before the month is over, and once more when it is over (the week is a proposal, the month is law)."""
    for line in requests_to_remind(today):
        for person in filter(attrgetter("email"), _recipients(line, today)):
            yield Due(
                kind=SUBJECT_REQUEST,
                subject_key=str(line.request.pk),
                due_on=line.due_on,
                stage="overdue" if line.is_overdue else "week",
                recipient=str(person.user_id),
                to=person.email,
                context={"request": str(line.request.pk), "user": person.user_id},
            )


def build_subject_request_mail(row: OutboxMessage) -> Mail | None:
    """The reminder, or None when the request is answered meanwhile or the person lost the role."""
    today = clock.today()
    request = open_request(row.context["request"])
    if request is None:
        return None
    line = RequestLine(request, today)
    if row.context["user"] not in user_ids(_recipients(line, today)):
        return None
    link = settings.KOK_PUBLIC_URL + reverse("transitions:enter", args=[request.agreement.slug])
    over = " und ist vorbei" if line.is_overdue else ""
    return about(request.agreement, row.kind, {"last_day": day(line.due_on), "over": over, "link": link})


def _recipients(line: RequestLine, today: date) -> list[RoleHolder]:
    """Everybody of the case unit of that partner, each once."""
    return holders_of(ROLES, [line.request.partner], today)


def outcome_reminders(today: date) -> Iterator[Due]:
    """Whoever receives a list on which outcomes are missing, once for each of the days of the rule."""
    for version in without_outcomes(today):
        stage = asked_on(version.transition_list.year, today)
        assert stage is not None  # noqa: S101  else the list would not be among them
        for person in filter(attrgetter("email"), _receivers(version.receipt.recipient, today)):
            yield Due(
                kind=OUTCOMES,
                subject_key=str(version.transition_list_id),
                due_on=stage.day,
                stage=stage.name,
                recipient=str(person.user_id),
                to=person.email,
                context={"list": str(version.transition_list_id), "user": person.user_id},
            )


def build_outcomes_mail(row: OutboxMessage) -> Mail | None:
    """The reminder, or None when everything is said meanwhile or the person lost the role."""
    today = clock.today()
    missing = {str(version.transition_list_id): version for version in without_outcomes(today)}
    version = missing.get(row.context["list"])
    if version is None or row.context["user"] not in user_ids(_receivers(version.receipt.recipient, today)):
        return None
    late = version.transition_list
    link = settings.KOK_PUBLIC_URL + reverse("transitions:enter", args=[late.agreement.slug])
    return about(late.agreement, OUTCOMES, {"year": late.year, "leaving_year": late.leaving_year, "link": link})


def _receivers(partner: Partner, today: date) -> list[RoleHolder]:
    return holders_of([RoleSlug.CASE_RECEIVER], [partner], today)
