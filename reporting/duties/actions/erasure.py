"""What the retention rules erase of reminders (domain.md 5.5 names no period: a proposal)."""

from datetime import date

from django.db.models import QuerySet

from kok import retention
from kok.erasure import RetentionRule, deleting, over, pks
from kok.models import Dispatch
from reporting.duties.queries.recipients import OF_DUTY, OF_YEAR


def _old_reminders(today: date) -> QuerySet[Dispatch]:
    return Dispatch.objects.filter(subject_kind__in=[OF_DUTY, OF_YEAR], begun_at__lt=over(today, retention.REMINDERS))


RULES = (
    RetentionRule(
        "dispatched-reminders", "Wer Erinnerungen erhielt", str(retention.REMINDERS), "proposal",
        lambda today: pks(_old_reminders(today)), deleting(Dispatch),
    ),
)  # fmt: skip
