"""The mail to the auditors: texts were asked about for names more often than on any honest day. It names nobody."""

from datetime import date

from django.conf import settings
from django.urls import reverse

from kok import clock
from kok.models import OutboxMessage
from kok.outbox import Mail
from kok.roles import RoleSlug
from members.documents import about
from members.models import Agreement, Partner
from members.queries import RoleHolder, people_with_role

NAME_LIMIT = "cases.name-limit"


def auditors_of(partner: Partner, day: date) -> list[RoleHolder]:
    """Who reads the access log for a partner."""
    return people_with_role(RoleSlug.AUDITOR, partner, day)


def build(message: OutboxMessage) -> Mail | None:
    """Leads to the access log; None when the person is no auditor there any more."""
    agreement = Agreement.objects.filter(pk=message.context["agreement"]).first()
    if agreement is None or not _is_auditor(message.context["user"], agreement):
        return None
    return about(agreement, NAME_LIMIT, {"url": settings.KOK_PUBLIC_URL + reverse("transitions-log:entries")})


def _is_auditor(user: int, agreement: Agreement) -> bool:
    today = clock.today()
    return any(holder.user_id == user for partner in agreement.partners.all() for holder in auditors_of(partner, today))
