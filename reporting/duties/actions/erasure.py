"""What the retention rules erase of reminders (domain.md 5.5 names no period: a proposal)."""

from kok import retention
from kok.erasure import RetentionRule, deleting, over, pks
from kok.models import Dispatch
from reporting.duties.queries.recipients import OF_DUTY, OF_YEAR

REMINDERS = Dispatch.objects.filter(subject_kind__in=[OF_DUTY, OF_YEAR])
RULES = (
    RetentionRule(
        "dispatched-reminders", "Wer Erinnerungen erhielt", str(retention.REMINDERS), "proposal",
        lambda today: pks(REMINDERS.filter(begun_at__lt=over(today, retention.REMINDERS))), deleting(Dispatch),
    ),
)  # fmt: skip
