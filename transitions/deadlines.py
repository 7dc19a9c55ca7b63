"""Who is reminded of a request whose month ends soon. The mail says nothing but that, and where to look."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.urls import reverse

from kok import clock
from kok.models import OutboxMessage
from kok.outbox import Mail
from kok.reminders import Due
from members.documents import about
from members.queries.accounts import RoleHolder, people_with_role
from transitions.queries.requests import RequestLine, open_request, requests_to_remind

SUBJECT_REQUEST = "reminder.subject-request"
ROLES = ("case-officer", "case-releaser", "case-receiver")


def subject_request_reminders(today: date) -> Iterator[Due]:
    """A week before the month is over, and once more when it is over (the week is a proposal, the month is law)."""
    for line in requests_to_remind(today):
        for person in _recipients(line, today):
            if person.email:
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
    if row.context["user"] not in {person.user_id for person in _recipients(line, today)}:
        return None
    link = settings.KOK_PUBLIC_URL + reverse("transitions:enter", args=[request.agreement.slug])
    return about(request.agreement, SUBJECT_REQUEST, {"line": line, "link": link, "today": today})


def _recipients(line: RequestLine, today: date) -> list[RoleHolder]:
    """Everybody of the case unit of that partner, each once."""
    request = line.request
    found = (people_with_role(role, request.partner, today) for role in ROLES)
    return list({person.user_id: person for people in found for person in people}.values())
