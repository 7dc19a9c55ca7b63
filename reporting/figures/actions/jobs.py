"""Files that were handed in: the person goes on, a worker checks the file, and the job tells how it stands.

Nobody's files overtake each other: those of one person in one agreement are done one after another, the oldest first,
each in a turn that a killed worker gives back. A job that is asked for twice stores once.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime

from django.db import Error, connection, transaction
from django.db.models import QuerySet

from kok import outage, turns
from kok.erasure import RetentionRule, deleting, over, pks
from kok.errors import Refused
from kok.jobs import Work
from kok.models import User
from kok.outbox import publish
from members.models import Agreement
from reporting.figures.models import DatasetRevision, ImportJob
from reporting.figures.queries.formats import formats
from reporting.figures.rules.codes import RUNNING
from reporting.figures.rules.retention import IMPORT_JOBS

log = logging.getLogger(__name__)
TASK = "kok.import_dataset"
State = ImportJob.State
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
    """Checks the file of a job and stores it when it is right. Asked for twice, or after a killed worker, no harm.

    Older files of the same person come first. Who finds another process at one of them leaves the rest to it.
    """
    asked = ImportJob.objects.filter(pk=job_id).values_list("agreement_id", "uploaded_by_id").first()
    if asked is None:
        return
    try:
        with turns.take(_turn(*asked)) as is_ours:
            job = _open_of(*asked).select_related("agreement", "uploaded_by").first() if is_ours else None
            if job:
                _work(job, now)
    except Exception as error:
        if outage.cause(error) is None:
            raise
        log.warning("Einlesen %s: %s, es wird wieder versucht.", job_id, type(error).__name__)
        _wait_again(_open_of(*asked))
        return
    if job and (following := _open_of(*asked).values_list("pk", flat=True).first()):
        publish(TASK, str(following))


def _turn(agreement: int, person: int) -> str:
    return f"import:{agreement}:{person}"


def _open_of(agreement: int, person: int) -> QuerySet[ImportJob]:
    return _open().filter(agreement=agreement, uploaded_by=person)


def _open() -> QuerySet[ImportJob]:
    return ImportJob.objects.filter(state__in=RUNNING).order_by("uploaded_at", "pk")


def _wait_again(jobs: QuerySet[ImportJob]) -> None:
    """The sweep asks for it again; nothing of the file was stored."""
    connection.close_if_unusable_or_obsolete()
    with suppress(Error):
        jobs.update(state=State.WAITING, rows_read=0)


def _work(job: ImportJob, now: datetime) -> None:
    from reporting.figures.actions.importing import FileRefused  # noqa: PLC0415  for the worker only

    content = bytes(job.content or b"")
    stored = _stored_before(job, content)
    job.interrupted += job.state != State.WAITING
    if stored is None and job.interrupted >= turns.MOST_INTERRUPTIONS:
        _end(job, State.FAILED, now, error=NOT_FINISHED)
        return
    ImportJob.objects.filter(pk=job.pk).update(state=State.READING, interrupted=job.interrupted)
    try:
        revision = stored or _stored_now(job, content, now)
    except FileRefused as refused:
        found = refused.checked
        problems = [*map(asdict, found.problems)]
        _end(job, State.REFUSED, now, problems=problems, problem_count=found.problem_count, rows_read=found.rows)
    except Refused as refused:
        _end(job, State.REFUSED, now, error=refused.sentence)
    except Exception as error:  # the page must learn of any failure; nothing of the file is logged
        if outage.cause(error):
            raise
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
    from reporting.figures.actions.importing import import_file  # noqa: PLC0415  for the worker only

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


def left() -> Iterable[str]:
    """The oldest job of everybody who has one and for whom no living process works: a lost broker, a killed worker."""
    oldest: dict[str, str] = {}
    for pk, agreement, person in _open().values_list("pk", "agreement_id", "uploaded_by_id"):
        oldest.setdefault(_turn(agreement, person), str(pk))
    taken = turns.taken(oldest)
    return [pk for turn, pk in oldest.items() if turn not in taken]


def preload() -> None:
    """Loads the arrays that only the worker needs, and reads the formats."""
    from reporting.figures.actions import importing  # noqa: F401, PLC0415

    formats()


WORK = Work(run=run, left=left, preload=preload)
RULES = (
    RetentionRule(
        "import-jobs", "Eingelesene Dateien: Ablauf und Mängel", f"{IMPORT_JOBS} nach dem Hochladen", "proposal",
        lambda today: pks(ImportJob.objects.filter(uploaded_at__lt=over(today, IMPORT_JOBS))),
        deleting(ImportJob),
    ),
)  # fmt: skip
