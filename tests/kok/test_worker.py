"""Real workers with real children: they are ready on slow machines, and draw whatever was loaded before the fork."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from celery import current_app

from kok import celery, clock, inspections, tasks
from kok.embedded import PROJECT
from kok.models import AuditEvent, Document
from tests.processes import children_of, running_celery, running_worker, wait_until

State = Document.State


def asked_for(clock_now, seconds=0):
    """A probe that was asked for and told to the worker."""
    document = Document.objects.create(kind="probe", object_id=seconds, filename="Probe.pdf", requested_at=clock_now)
    current_app.send_task("kok.render", [document.pk])
    return document


def state_of(document):
    return Document.objects.values_list("state", flat=True).get(pk=document.pk)


# What a child of a worker does first, and how many threads the arrays have then, as their library says itself.
_CHILD = """
import ctypes, django
django.setup()
from celery import signals
from kok import celery
signals.worker_process_init.send(sender=None)
library = next(line.split()[-1] for line in open("/proc/self/maps") if "openblas" in line)
print(ctypes.CDLL(library).scipy_openblas_get_num_threads64_())
"""


def test_given_a_host_with_many_cores_when_a_child_has_loaded_then_the_arrays_start_no_thread_for_each():
    done = subprocess.run(
        [sys.executable, "-c", _CHILD], env=os.environ | {"OPENBLAS_NUM_THREADS": "2"}, cwd=PROJECT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.returncode) == ("1\n", 0), done.stderr


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


@pytest.mark.slow
def test_given_a_worker_killed_while_it_draws_when_another_starts_then_the_pdf_is_there_within_a_minute(
    broker, transactional_db, smtp_sink, tmp_path
):
    started = ("--concurrency=2", "--include=tests.worker_extras")
    beat = f"--schedule={tmp_path / 'schedule'}"
    with running_celery("beat", smtp_sink, "beat", beat, "--pidfile="):
        with running_worker("killed-worker", smtp_sink, *started) as (process, _):
            drawn, reserved = asked_for(clock.now(), seconds=4), asked_for(clock.now(), seconds=3)
            wait_until(
                lambda: state_of(drawn) == state_of(reserved) == State.WORKING, seconds=60, what="two PDFs being drawn"
            )
            last = asked_for(clock.now(), seconds=1)  # the worker has it, and no child is free
            for each in (process, *children_of(process)):
                os.kill(each, signal.SIGKILL)
        with running_worker("next-worker", smtp_sink, *started):
            ready_at = time.monotonic()
            for document in (drawn, reserved, last):
                left = 60 - (time.monotonic() - ready_at)
                wait_until(lambda pk=document: state_of(pk) == State.DONE, seconds=left, what=str(document))


def told_of_inspections():
    return set(AuditEvent.objects.filter(action__startswith="inspection.").values_list("action", "note"))


@pytest.mark.slow
def test_given_an_inspection_that_takes_too_long_when_the_night_comes_then_it_says_so_and_the_others_are_carried_out(
    broker, transactional_db, smtp_sink
):
    options = ("--concurrency=1", "--include=tests.worker_extras")
    with running_worker("slow-night", smtp_sink, *options, SLOW_INSPECTION="2"):
        current_app.send_task("kok.inspect")
        too_long = f"{inspections.TOO_LONG} {inspections.NOT_TOLD}"  # nobody is there
        both = {("inspection.slow-failed", too_long), ("inspection.quick-passed", "ohne Befund")}
        wait_until(lambda: told_of_inspections() == both, seconds=60, what="a night with two results")


def test_given_a_real_night_when_an_inspection_is_ended_then_time_is_left_to_write_that_down():
    assert tasks.inspect_one.soft_time_limit <= celery.LONGEST_TASK - 60
