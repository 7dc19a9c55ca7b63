"""Work of the apps that a worker does when it is told: the kernel passes it on and knows none of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from kok.outbox import publish


@dataclass(frozen=True)
class Work:
    """`run` does one job and may be asked twice; `left` names the jobs that wait or whose process is no more.

    `preload` loads what the work needs and nothing else of the application does: each child of a worker does so first.
    """

    run: Callable[[str, datetime], None]
    left: Callable[[], Iterable[str]]
    preload: Callable[[], object] | None = None


_works: dict[str, Work] = {}


def register(task: str, work: Work) -> None:
    """Called by apps in `ready()`: who does the jobs of this task."""
    _works[task] = work


def run(task: str, job_id: str, *, now: datetime) -> None:
    """Does one job."""
    _works[task].run(job_id, now)


def preload() -> None:
    """Makes the first job of a worker as quick as the others."""
    for work in _works.values():
        if work.preload:
            work.preload()


def sweep() -> int:
    """Tells a worker again what a lost broker or a killed worker left behind; how many."""
    left = [(task, job_id) for task, work in _works.items() for job_id in work.left()]
    for task, job_id in left:
        publish(task, job_id)
    return len(left)
