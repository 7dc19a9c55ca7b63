"""Files that were handed in: the person goes on, a worker checks the file, and the job tells how it stands.

Nobody's files overtake each other: those of one person in one agreement are done one after another, under a lock of
the database that a killed worker gives back. A job that is asked for twice stores once.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import connection, transaction

from kok.erasure import RetentionRule, deleting, numbers, over
from kok.errors import Refused
from kok.jobs import Work
from kok.models import User
from kok.outbox import publish
from members.models import Agreement
from reporting.models import DatasetRevision, ImportJob
from reporting.queries.formats import formats

log = logging.getLogger(__name__)
TASK = "kok.import_dataset"
State = ImportJob.State
OPEN = (State.WAITING, State.READING, State.CHECKING, State.STORING)
GIVE_UP_AFTER = timedelta(days=1)
KEEP_MONTHS = 12
NOT_FINISHED = (
    "Die Prüfung wurde mehrmals abgebrochen. Es wurde nichts gespeichert. Lesen Sie die Datei noch einmal ein; gelingt "
    "es wieder nicht, hilft der technische Betrieb."
)
NOT_DONE = (
    "Beim Prüfen ist ein Fehler in der Anwendung aufgetreten. Es wurde nichts gespeichert. Lesen Sie die Datei noch "
    "einmal ein; gelingt es wieder nicht, hilft der technische Betrieb."
)


@transaction.atomic
def hand_in(
    *, agreement: Agreement, filename: str, content: bytes, correction_reason: str, by: User, now: datetime
) -> ImportJob:
    """Keeps a file and tells the worker."""
    job = ImportJob.objects.create(
        agreement=agreement,
        uploaded_at=now,
        uploaded_by=by,
        filename=filename[-150:],
        content=content,
        correction_reason=correction_reason.strip(),
    )
    transaction.on_commit(lambda: publish(TASK, str(job.pk)), robust=True)
    return job


def run(job_id: str, now: datetime) -> None:
    """Checks the file of a job and stores it when it is right. Asked for twice, or after a killed worker, no harm."""
    asked = ImportJob.objects.filter(pk=job_id).values_list("agreement_id", "uploaded_by_id").first()
    if asked is None:
        return
    with _one_at_a_time(f"import:{asked}"):
        job = ImportJob.objects.select_related("agreement", "uploaded_by").filter(pk=job_id, state__in=OPEN).first()
        if job:
            _work(job, now)


@contextmanager
def _one_at_a_time(key: str) -> Iterator[None]:
    """A lock of the session and not of a transaction, so that others see the progress meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [key])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])


def _work(job: ImportJob, now: datetime) -> None:
    from reporting.actions.importing import FileRefused  # noqa: PLC0415  for the worker only

    content = bytes(job.content or b"")
    stored = _stored_before(job, content)
    if stored is None and now - job.uploaded_at > GIVE_UP_AFTER:
        _end(job, State.FAILED, now, error=NOT_FINISHED)
        return
    try:
        revision = stored or _stored_now(job, content, now)
    except FileRefused as refused:
        found = refused.checked
        problems = [asdict(problem) for problem in found.problems]
        _end(job, State.REFUSED, now, problems=problems, problem_count=found.problem_count, rows_read=found.rows)
    except Refused as refused:
        _end(job, State.REFUSED, now, error=refused.sentence)
    except Exception as error:  # noqa: BLE001  the page must learn of any failure; nothing of the file is logged
        log.warning("Einlesen %s: %s", job.pk, type(error).__name__)
        _end(job, State.FAILED, now, error=NOT_DONE)
    else:
        _end(job, State.DONE, now, revision=revision, rows_read=revision.row_count)


def _stored_before(job: ImportJob, content: bytes) -> DatasetRevision | None:
    """What a worker stored that died before it could say so."""
    return DatasetRevision.objects.filter(
        file_sha256=hashlib.sha256(content).hexdigest(),
        agreement=job.agreement,
        imported_by=job.uploaded_by,
        imported_at__gte=job.uploaded_at,
        job=None,
    ).first()


def _stored_now(job: ImportJob, content: bytes, now: datetime) -> DatasetRevision:
    from reporting.actions.importing import import_file  # noqa: PLC0415  for the worker only

    return import_file(
        content=content,
        filename=job.filename,
        agreement=job.agreement,
        correction_reason=job.correction_reason,
        by=job.uploaded_by,
        now=now,
        on_progress=_progress_of(job),
    )


def _progress_of(job: ImportJob) -> Callable[[str, int], None]:
    def told(state: str, rows: int) -> None:
        ImportJob.objects.filter(pk=job.pk).update(state=state, rows_read=rows)

    return told


def _end(job: ImportJob, state: str, now: datetime, **values: object) -> None:
    """Says how it ended, and forgets the bytes."""
    ImportJob.objects.filter(pk=job.pk).update(state=state, finished_at=now, content=None, **values)


def stuck(before: datetime) -> Iterable[str]:
    """The jobs that have waited since before this moment: a lost broker or a killed worker."""
    return numbers(ImportJob.objects.filter(state__in=OPEN, uploaded_at__lte=before))


def preload() -> None:
    """Loads the arrays that only the worker needs, and reads the formats."""
    from reporting.actions import importing  # noqa: F401, PLC0415

    formats()


WORK = Work(run=run, stuck=stuck, preload=preload)
RULES = (
    RetentionRule(
        "import-jobs", "Eingelesene Dateien: Ablauf und Mängel", "12 Monate nach dem Hochladen", "proposal",
        lambda today: numbers(ImportJob.objects.filter(uploaded_at__lt=over(today, months=KEEP_MONTHS))),
        deleting(ImportJob),
    ),
)  # fmt: skip
