"""Files that a person handed in, and how their check stands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import number_format

from kok import pulses
from members.models import Agreement
from reporting.figures.models import ImportJob

State = ImportJob.State
ORDER = (State.WAITING, State.READING, State.CHECKING, State.STORING)
LABELS = ("wartet", "wird gelesen", "wird geprüft", "wird gespeichert")
TONES = {State.DONE: "success", State.REFUSED: "danger", State.FAILED: "danger"}
MOST_LISTED = 10


def jobs_of(user: Any, agreement: Agreement) -> QuerySet[ImportJob]:
    """The newest files of a person here, without their bytes."""
    return _own(user, agreement).order_by("-uploaded_at")[:MOST_LISTED]


def job_of(user: Any, agreement: Agreement, pk: Any) -> ImportJob | None:
    """One file of this person, or None."""
    return _own(user, agreement).filter(pk=pk).first()


def ask_failed(_: datetime) -> Sequence[str]:
    """For `kok.health`: whether the newest file of an agreement broke the reading; one that was refused did not."""
    later = ImportJob.objects.filter(agreement=OuterRef("agreement"), finished_at__gt=OuterRef("finished_at"))
    failed = ImportJob.objects.filter(~Exists(later), state=State.FAILED)
    sentence = f"Eine Datei mit Zahlen ließ sich nicht einlesen. {pulses.where_to_read(pulses.WORKER)}"
    return [sentence] if failed.exists() else []


def _own(user: Any, agreement: Agreement) -> QuerySet[ImportJob]:
    mine = ImportJob.objects.filter(uploaded_by=user, agreement=agreement)
    return mine.defer("content").select_related("revision__dataset")


def is_running(job: ImportJob) -> bool:
    """Whether a worker still has to do something."""
    return job.state in ORDER


def steps_of(job: ImportJob) -> list[dict[str, str]]:
    """The way of a file, as the component for steps wants it."""
    place = ORDER.index(State(job.state)) if is_running(job) else len(ORDER)
    rows = f"{number_format(job.rows_read, force_grouping=True)} Zeilen" if job.rows_read else ""
    return [
        {
            "label": label,
            "state": "done" if at < place else "current" if at == place else "todo",
            "note": rows if at == 1 else "",
            "url": "",
        }
        for at, label in enumerate(LABELS)
    ]


def place_of(job: ImportJob) -> int:
    """How many steps are behind the file, for the bar."""
    return ORDER.index(State(job.state)) if is_running(job) else len(ORDER)


def tone_of(job: ImportJob) -> str:
    """The tone of the badge; the words say the same."""
    return TONES.get(State(job.state), "info")
