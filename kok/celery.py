"""The wiring of Celery. The tasks are in `kok.tasks`; their names are the contract between web, worker and beat."""

import logging
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from celery import Celery, bootsteps, signals
from celery.beat import PersistentScheduler
from celery.schedules import crontab
from celery.utils.log import get_multiprocessing_logger
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import close_old_connections

from kok.database.roles import BEAT, WORKER, not_the_role_of

if TYPE_CHECKING:
    from celery.worker.consumer import Consumer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kok.settings")
# Celery would run Django's checks before it forks and throw the answers away; the one for PDFs loads Pango.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

try:
    _ = settings.KOK_MODE  # read now: what forbids a start is said in sentences, not where Celery happens to ask first
except ImproperlyConfigured as refused:
    sys.stderr.write(f"{refused}\n")
    sys.exit(2)

log = logging.getLogger(__name__)
LONGEST_TASK = 600  # seconds; a task that runs longer is ended, and the sweep asks for it again
SWEEP = 30.0  # seconds between two looks for what a lost broker or a killed worker left behind

app = Celery("kok", include=["kok.tasks"])
app.set_default()  # for all threads; without it only the importing thread would know the broker
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    timezone="Europe/Berlin",
    task_time_limit=LONGEST_TASK,
    # A task that dies with its worker comes back: acknowledged late, and looked for every few seconds.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    broker_transport_options={
        "visibility_timeout": LONGEST_TASK + 60,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 3,
        "max_retries": 0,  # who publishes while the broker is down must not wait; the sweep catches up
    },
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
    worker_enable_remote_control=False,  # whoever reaches the broker would make it work no more
    worker_proc_alive_timeout=120,  # seconds; children that load at the same time on one slow core need many
    worker_max_memory_per_child=300_000,  # KiB; then a fresh process takes over
    beat_schedule={
        "reminders": {"task": "kok.queue_reminders", "schedule": crontab(hour=6, minute=0)},
        "erase": {"task": "kok.erase", "schedule": crontab(hour=3, minute=30)},
        "inspect": {"task": "kok.inspect", "schedule": crontab(hour=4, minute=0)},
        # One that waits longer than until the next would only tell of what stands in the queue behind it.
        "sweep": {"task": "kok.sweep", "schedule": SWEEP, "options": {"expires": SWEEP}},
    },
    beat_scheduler="kok.celery:BeatingScheduler",
    beat_max_loop_interval=min(15, settings.KOK_PULSE_SECONDS),
)


def _in_its_role(role: str) -> None:
    """In production a process that signs in as somebody else ends before it does anything."""
    if settings.PRODUCTION and (wrong := not_the_role_of(role, settings.DATABASES["default"].get("USER", ""))):
        sys.stderr.write(f"{wrong}\n")
        sys.exit(2)


@signals.celeryd_init.connect
def _worker_begins(**_: object) -> None:
    _in_its_role(WORKER)


@signals.beat_init.connect
def _beat_begins(**_: object) -> None:
    _in_its_role(BEAT)


class BeatingScheduler(PersistentScheduler):
    """Touches a file beside its schedule at every turn, so that a health check sees whether beat lives."""

    _next_sign = 0.0  # on the clock of the machine

    def tick(self, *args: object, **kwargs: object) -> float:
        """Publishes what is due; seconds until the next turn, at most `beat_max_loop_interval`."""
        wait: float = super().tick(*args, **kwargs)
        Path(self.schedule_filename).with_name("heartbeat").touch()
        if time.monotonic() >= self._next_sign:
            self._next_sign = time.monotonic() + settings.KOK_PULSE_SECONDS
            close_old_connections()
            _sign("beat")
        return wait

    def _ensure_connected(self) -> object:
        """Celery would wait here for a broker that is down, for minutes; without it beat still looks after others."""
        return self.app.connection_for_write()


def _sign(name: str) -> None:
    from kok import clock, pulses  # noqa: PLC0415  needs the models, which are there when beat or a worker runs

    try:
        pulses.sign(name, now=clock.now(), age=pulses.age())
    except Exception as error:  # noqa: BLE001  whatever fails, the process goes on and gives the next sign
        log.warning("Das Lebenszeichen ist nicht gelungen (%s).", type(error).__name__)


class PulseOfWorker(bootsteps.StartStopStep):
    """The worker's own clock: each minute it sends itself a task, which one of its children must do.

    It starts anew with every connection to the broker. A sign that nobody gave in time is worth nothing and expires.
    """

    requires = {"celery.worker.consumer.tasks:Tasks"}

    def start(self, parent: "Consumer") -> None:
        """Sends the first one at once."""
        _send_pulse()
        self.timer = parent.timer.call_repeatedly(settings.KOK_PULSE_SECONDS, _send_pulse)

    def stop(self, parent: object) -> None:
        """No more of them."""
        self.timer.cancel()


def _send_pulse() -> None:
    try:
        app.send_task("kok.pulse", expires=3 * settings.KOK_PULSE_SECONDS, retry=False)
    except Exception as error:  # noqa: BLE001  kombu and redis raise their own; the next one may come through
        log.warning("Broker nicht erreichbar (%s).", type(error).__name__)


app.steps["consumer"].add(PulseOfWorker)


@signals.setup_logging.connect
def _log_like_all(**_: object) -> None:
    """Celery's own set-up would quote the text of exceptions; what is written how stands in the settings."""
    get_multiprocessing_logger().setLevel(logging.ERROR)


@signals.worker_process_init.connect
def _preload(**_: object) -> None:
    """The first PDF of a child is not the slow one, nor its first file. Web and beat never load what these need.

    Each child loads for itself, the parent never: Pango (from about 1.52) and the arrays keep threads of their own, no
    fork takes a thread along, and a child that inherits the rest waits for its answer for ever. The arrays would start
    one for each core of the host, past the limit of processes, and none is large enough to gain by it.
    """
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    from kok import jobs, pdf  # noqa: PLC0415

    pdf.preload()
    jobs.preload()


class _SignOfTasks:
    """Every task that ended is a sign, whatever became of it: a long queue makes the worker's own one late.

    A child writes at most one in half the time after which the next is expected.
    """

    _next = 0.0  # on the clock of the machine

    def __call__(self, **_: object) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + settings.KOK_PULSE_SECONDS / 2
            _sign("worker")


_sign_of_tasks = _SignOfTasks()
signals.task_postrun.connect(_sign_of_tasks)


@signals.worker_process_shutdown.connect
def _tidy(**_: object) -> None:
    """A child of the pool ends at once, so nobody else would remove what its PDFs needed."""
    from kok import pdf  # noqa: PLC0415

    pdf.forget()
