"""The wiring of Celery. The tasks are in `kok.tasks`; their names are the contract between web, worker and beat."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kok.settings")

LONGEST_TASK = 600  # seconds; a task that runs longer is ended, and the sweep asks for it again

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
    },
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
    beat_schedule={
        "reminders": {"task": "kok.queue_reminders", "schedule": crontab(hour=6, minute=0)},
        "sweep": {"task": "kok.sweep", "schedule": 300.0},
    },
)
