"""The check of everything that is sealed: asked for on a page, carried out by a worker, because it may take minutes."""

import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime

from django.db import Error, connection, transaction

from kok import clock, outage, turns
from kok.actions import note_look
from kok.jobs import Work
from kok.models import User
from kok.outbox import publish
from kok.words import local_day
from transitions.inspections import whole_check
from transitions.models import CheckJob
from transitions.models.checks import GIVEN_UP
from transitions.rules.codes import CheckState

log = logging.getLogger(__name__)
TASK = "kok.check_seals"


@transaction.atomic
def ask_for_check(*, seals_of_mail: Sequence[str], by: User, now: datetime) -> CheckJob:
    """Tells the worker to check everything, and to compare with a mail; the trail says who asked. Raises KeyLost."""
    note_look("access-log.checked", "alle Ketten", len(seals_of_mail), by=by, now=now)
    job = CheckJob(asked_at=now, asked_by=by, seals_of_mail=list(seals_of_mail))
    job.put_mark()
    job.save()
    transaction.on_commit(lambda: publish(TASK, str(job.pk)), robust=True)
    return job


def run(job_id: str, now: datetime) -> None:
    """Checks, once; asked for twice, or after a killed worker, no harm. What somebody put in is not carried out."""
    try:
        with turns.take(_turn(job_id)) as is_ours:
            job = CheckJob.objects.filter(pk=job_id, state=CheckState.WAITING).first() if is_ours else None
            if job and job.is_ours():
                _check(job, now)
    except Exception as error:
        if outage.cause(error) is None:
            raise
        log.warning("Prüfung aller Siegel: %s, sie wird wieder versucht.", type(error).__name__)
        with suppress(Error):
            connection.close_if_unusable_or_obsolete()


def _check(job: CheckJob, now: datetime) -> None:
    try:
        job.found = whole_check(local_day(now), job.seals_of_mail).as_json()
        job.state = CheckState.DONE
    except Exception as error:  # whoever waits must learn of any failure
        if outage.cause(error):
            raise
        log.error("Die Prüfung aller Siegel ist nicht gelungen (%s).", type(error).__name__)  # noqa: TRY400
        job.state = CheckState.FAILED
    job.finished_at = clock.now()
    job.put_mark()
    job.save()


def left() -> Iterable[str]:
    """The checks that wait and nobody is at: a lost broker, a killed worker."""
    rows = CheckJob.objects.filter(state=CheckState.WAITING, asked_at__gte=clock.now() - GIVEN_UP)
    waiting = {_turn(str(pk)): str(pk) for pk in rows.values_list("pk", flat=True)}
    taken = turns.taken(waiting)
    return [pk for turn, pk in waiting.items() if turn not in taken]


def _turn(job_id: str) -> str:
    return f"seal-check:{job_id}"


WORK = Work(run=run, left=left)
