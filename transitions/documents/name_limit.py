"""The mail to the auditors: texts were asked about for names more often than on any honest day. It names nobody."""

from datetime import date

from django.conf import settings
from django.urls import reverse

from kok import clock
from kok.models import OutboxMessage
from kok.outbox import Mail
from kok.roles import RoleSlug
from members.documents import about
from members.models import Agreement
from members.queries import RoleHolder, holders_of, user_ids

NAME_LIMIT = "cases.name-limit"


def auditors_of(agreement: Agreement, day: date) -> list[RoleHolder]:
    """Who reads the access log of an agreement."""
    return holders_of([RoleSlug.AUDITOR], agreement.partners.all(), day)


def build(message: OutboxMessage) -> Mail | None:
    """Leads to the access log; None when the person is no auditor there any more."""
    agreement = Agreement.objects.filter(pk=message.context["agreement"]).first()
    if agreement is None or message.context["user"] not in user_ids(auditors_of(agreement, clock.today())):
        return None
    return about(agreement, NAME_LIMIT, {"url": settings.KOK_PUBLIC_URL + reverse("transitions-log:entries")})
