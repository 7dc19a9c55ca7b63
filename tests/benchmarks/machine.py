"""What is measured on: a throw-away database cluster and broker, and the programs as production starts them."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError

import psycopg

from kok.embedded import PROJECT, Services
from kok.embedded.loopback import ask
from kok.embedded.supervisor import says
from tests.benchmarks.counting import DONE

NOW = "2026-11-20T09:00"
LARGE = "large"  # the database with 100 times the data
APPLICATION, LONG_LISTS = "kok.wsgi:application", "tests.benchmarks.long_lists:application"
FLOOR = "django.core.wsgi:get_wsgi_application()"
_WEB = ("--workers", "1", "--worker-class", "sync", "--timeout", "120", "--no-control-socket", "--log-level", "warning")
_WORKER = (
    "worker",
    "--loglevel",
    "INFO",
    "--include",
    "tests.benchmarks.counting",
    "--without-gossip",
    "--without-mingle",
)
CHILDREN = 2  # of a worker, as in production
_PATIENCE = 120.0  # seconds


class Stopped(Exception):
    """A program that is measured does not run."""


@dataclass
class Worker:
    """The processes that make the PDFs, in the order of their start, and where they say what they have made."""

    children: list[int]
    done: Path

    def made(self, task: str) -> list[int]:
        """How many of these tasks each child has done."""
        lines = self.done.read_text().splitlines() if self.done.exists() else []
        return [lines.count(f"{child} {task}") for child in self.children]


@dataclass
class Machine:
    """Addresses, and where programs write what they have to say. `counts` tells whether statements are counted.

    `project` is the tree whose application is measured; the floor is always that of this one.
    """

    var: Path
    database: str
    broker: str
    counts: bool
    project: Path = PROJECT

    def environment(self, *, large: bool = False) -> dict[str, str]:
        """For programs: the database, the broker, a fixed day, and mail that goes nowhere."""
        return os.environ | {
            "KOK_VAR": str(self.var),
            "DATABASE_URL": self.url(large=large),
            "DATABASE_OWNER_URL": self.url(large=large),
            "REDIS_URL": self.broker,
            "EMAIL_URL": "dummymail://",
            "KOK_NOW": NOW,
            "KOK_NOW_SINCE": str(time.monotonic()),
            "DJANGO_SETTINGS_MODULE": "kok.settings",
        }

    def url(self, *, large: bool = False) -> str:
        """The address of one of the two databases."""
        return self.database.replace("/kok?", f"/{LARGE}?") if large else self.database

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Asks the database of scale 1."""
        return query(self.database, statement, *values)

    def run(self, *arguments: str, large: bool = False) -> Any:
        """Runs a module of Python to its end; what it printed as JSON. Raises Stopped."""
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.environment(large=large), cwd=self.project, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise Stopped(f"{' '.join(arguments)}: {done.stderr.strip()[-2000:]}")
        lines = done.stdout.strip().splitlines()
        return json.loads(lines[-1]) if lines and lines[-1][0] in "{[" else None

    @contextmanager
    def web(self, application: str = APPLICATION, *, large: bool = False) -> Iterator[tuple[int, int]]:
        """A web server with one sync worker: its port, and the number of the process that does the work."""
        port = _free_port()
        is_floor = application == FLOOR
        settings = "tests.benchmarks.floor.settings" if is_floor else "kok.settings"
        command = ("gunicorn", application, "--bind", f"127.0.0.1:{port}", *_WEB)
        environment = self.environment(large=large) | {"DJANGO_SETTINGS_MODULE": settings}
        with self._started(command, environment, f"web-{port}", PROJECT if is_floor else self.project) as process:
            _wait(process, lambda: _listens(port), "gunicorn")
            yield port, _children(process, 1)[0]

    @contextmanager
    def worker(self) -> Iterator[Worker]:
        """A Celery worker with its children, once it is ready."""
        command = ("celery", "--quiet", "-A", "kok.celery", *_WORKER, "--concurrency", str(CHILDREN))
        is_ready = says(" ready.", self._log("worker"))
        with self._started(command, self.environment(), "worker", self.project) as process:
            _wait(process, is_ready, "celery")
            yield Worker(_children(process, CHILDREN), self.var / DONE)

    @contextmanager
    def _started(
        self, command: Sequence[str], environment: dict[str, str], log: str, project: Path
    ) -> Iterator[subprocess.Popen[bytes]]:
        with self._log(log).open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", *command], env=environment, cwd=project, stdout=output, stderr=output
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)

    def _log(self, name: str) -> Path:
        return self.var / f"{name}.log"


@contextmanager
def machine(var: Path, project: Path = PROJECT) -> Iterator[Machine]:
    """Started, migrated and empty; stopped at the end. The caller removes the folder."""
    with Services(var) as services:
        url = services.start_database()
        counts = _count_statements(services, url)
        started = Machine(var, url, services.start_broker(), counts, project)
        started.run("manage.py", "migrate", "--no-input", "--verbosity", "0")
        yield started


def query(url: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """One statement on a connection of its own."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def _count_statements(services: Services, url: str) -> bool:
    """Loads pg_stat_statements, which needs another start of the server; False where the build lacks it."""
    if not query(url, "SELECT 1 FROM pg_available_extensions WHERE name = 'pg_stat_statements'"):
        return False
    query(url, "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
    services.database.server.stop()
    services.database.server.start()
    for setting in ("track_planning = on", "track_utility = off"):
        query(url, f"ALTER SYSTEM SET pg_stat_statements.{setting}")
    query(url, "SELECT pg_reload_conf()")
    # In a database of its own, so that the tables of the application stay as they are.
    query(url.replace("/kok?", "/postgres?"), "CREATE EXTENSION pg_stat_statements")
    return True


def statements(machine: Machine) -> list[tuple[str, int, float, float]]:
    """Statement, calls, milliseconds of planning and of executing since the last question; then all is forgotten.

    Without the question by which Django asks whether a kept connection still lives.
    """
    admin = machine.database.replace("/kok?", "/postgres?")
    found = query(
        admin,
        "SELECT query, calls, total_plan_time, total_exec_time FROM pg_stat_statements s"
        " JOIN pg_database d ON d.oid = s.dbid WHERE datname = 'kok' AND query <> 'SELECT $1'",
    )
    query(admin, "SELECT pg_stat_statements_reset()")
    return found  # type: ignore[return-value]


def megabytes(process: int) -> float:
    """The resident memory of a process in MiB."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise Stopped(f"process {process}")


def _children(process: subprocess.Popen[bytes], count: int) -> list[int]:
    """The first children: gunicorn and Celery leave the work to them."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        if len(children) >= count:
            return sorted(map(int, children))[:count]
        time.sleep(0.05)
    raise Stopped(str(process.args))


def _wait(process: subprocess.Popen[bytes], answers: Any, name: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            raise Stopped(name)
        time.sleep(0.1)


def _listens(port: int) -> bool:
    try:
        with ask(f"http://127.0.0.1:{port}/", timeout=30):
            return True
    except URLError as error:
        return hasattr(error, "code")  # a page that says no was made, too
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
