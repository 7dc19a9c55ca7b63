"""Files that a person handed in, and how their check stands."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from kok import pulses
from kok.models import User
from members.models import Agreement
from reporting.figures.models import ImportJob

MOST_LISTED = 10


def jobs_of(user: User, agreement: Agreement) -> QuerySet[ImportJob]:
    """The newest files of a person here, without their bytes."""
    return _own(user, agreement).order_by("-uploaded_at")[:MOST_LISTED]


def job_of(user: User, agreement: Agreement, pk: UUID) -> ImportJob | None:
    """One file of this person, or None."""
    return _own(user, agreement).filter(pk=pk).first()


def ask_failed(_: datetime) -> Sequence[str]:
    """For `kok.health`: whether the newest file of an agreement broke the reading; one that was refused did not."""
    later = ImportJob.objects.filter(agreement=OuterRef("agreement"), finished_at__gt=OuterRef("finished_at"))
    failed = ImportJob.objects.filter(~Exists(later), state=ImportJob.State.FAILED)
    sentence = f"Eine Datei mit Zahlen ließ sich nicht einlesen. {pulses.where_to_read(pulses.WORKER)}"
    return [sentence] if failed.exists() else []


def _own(user: User, agreement: Agreement) -> QuerySet[ImportJob]:
    mine = ImportJob.objects.filter(uploaded_by=user, agreement=agreement)
    return mine.defer("content").select_related("revision__dataset")
