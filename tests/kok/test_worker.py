"""Real workers with real children: they are ready on slow machines, and draw whatever was loaded before the fork."""

import os
import signal
from pathlib import Path

import pytest
from celery import current_app

from kok import clock
from kok.models import Document
from tests.processes import children_of, running_worker, wait_until

State = Document.State


def asked_for(clock_now, seconds=0):
    """A probe that was asked for and told to the worker."""
    document = Document.objects.create(kind="probe", object_id=seconds, filename="Probe.pdf", requested_at=clock_now)
    current_app.send_task("kok.render", [document.pk])
    return document


def state_of(document):
    return Document.objects.values_list("state", flat=True).get(pk=document.pk)


@pytest.mark.slow
def test_given_one_slow_core_when_children_load_for_six_seconds_each_then_new_ones_come_up_and_draw(
    broker, transactional_db, smtp_sink
):
    options = ("--concurrency=2", "--include=tests.worker_extras")
    one_core = ("taskset", "--cpu-list", str(min(os.sched_getaffinity(0))))
    with running_worker("slow-worker", smtp_sink, *options, before=one_core, SLOW_PRELOAD="6") as (process, log):
        parent = Path(f"/proc/{process}")
        assert not [name for name in ("libpango", "openblas") if name in (parent / "maps").read_text()]
        assert len(list((parent / "task").iterdir())) == 1, "a child would inherit locks of threads that it has not"
        for child in children_of(process):
            os.kill(child, signal.SIGKILL)
        document = asked_for(clock.now())
        wait_until(lambda: state_of(document) == State.DONE, seconds=120, what="a PDF of a child that was slow to load")
        assert "Timed out waiting for UP" not in log.read_text()
