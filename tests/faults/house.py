"""A house of real processes that a test may break: database, broker, web, workers, beats and a mail server.

Nothing here is a stand-in but the mail server, which does what a test tells it. People act through the pages.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import psycopg
from aiosmtpd.controller import Controller
from celery import Celery

from kok.database.roles import OWNER, address
from kok.embedded import PROJECT, Services
from tests.faults.mail_server import MailServer
from tests.processes import free_port, in_role, in_role_of_command, wait_until
from tests.settings import RUN

BEGINS = "2026-11-23T09:30"  # a Monday on which the Wetteraukreis has the secretariat
BEFORE = "2026-11-23T08:00"  # the same day, so long before that a slow machine is ready by then
SECRETARIAT = "wetteraukreis-secretariat"
THEIRS = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "DJANGO_SETTINGS_MODULE",
    "EMAIL_URL",
    "KOK_TEST_RUN",
    "KOK_NOW",
)
GATE = 4711  # any number: the lock at which a transaction is held up
CHILDREN = 2  # of each worker; one of them delivers, the other draws
CELERY = (sys.executable, "-m", "celery", "--quiet", "-A", "kok.celery")


@dataclass
class Part:
    """A process of the house with all its children."""

    process: subprocess.Popen[bytes]
    log: Path
    is_hurt: bool = False

    def kill(self) -> None:
        """kill -9 for all of it."""
        self.is_hurt = True
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def children(self) -> list[int]:
        """The process ids below the first one."""
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill_children(self) -> None:
        """kill -9 for those who do the work; the first process stays."""
        self.is_hurt = True
        for pid in self.children():
            os.kill(pid, signal.SIGKILL)

    @property
    def lives(self) -> bool:
        """Whether its first process runs."""
        return self.process.poll() is None

    def end(self) -> None:
        """Cleans up after a test in any case."""
        if self.lives:
            self.kill()


class House:
    """All servers of one folder, with the demo in the database; web and workers are started by the tests."""

    def __init__(self, var: Path, mail_server: MailServer, mail_port: int, *, now: str = BEGINS) -> None:
        self.var = var
        self.mail_server = mail_server
        self.services = Services(var)
        self.parts: list[Part] = []
        self._kept: tuple[Part, str] | None = None
        self._numbers = count()  # of its logs
        self.environment = {name: value for name, value in os.environ.items() if name not in THEIRS} | {
            "KOK_MODE": "demo",
            "KOK_VAR": str(var),
            "KOK_NOW": now,
            "KOK_NOW_SINCE": str(time.monotonic()),
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        }

    def open(self) -> None:
        """Starts both servers."""
        self.server = self.services.start_database()  # as its administrator
        self.environment |= {
            "DATABASE_OWNER_URL": address(self.server, OWNER),
            "REDIS_URL": self.services.start_broker(),
        }

    @property
    def password(self) -> str:
        """Of all people of the demo."""
        return (self.var / "demo-password.txt").read_text(encoding="utf-8").strip()

    def fill(self) -> None:
        """The demo moves in, and nothing of it waits."""
        self.manage("migrate", "--no-input")
        self.manage("demo")
        self.worker()  # the papers of the past are drawn before anything is broken
        self.ask("kok.sweep")
        wait_until(lambda: not self._is_anything_open(), seconds=300, what="the papers of the demo")
        self.end_test()

    def _is_anything_open(self) -> bool:
        [(papers,)] = self.query("SELECT count(*) FROM kok_document WHERE state IN ('WAITING', 'WORKING')")
        [(mails,)] = self.query("SELECT count(*) FROM kok_outboxmessage WHERE state = 'QUEUED'")
        return bool(papers or mails)

    def manage(self, *arguments: str) -> str:
        """What a management command prints."""
        command = [sys.executable, "manage.py", *arguments]
        environment = in_role_of_command(self.environment, arguments[0])
        done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    # Its parts.

    def kept_web(self) -> str:
        """The address of a web part that stays from test to test, until one hurts it."""
        if self._kept is None:
            url = self.web()
            self._kept = self.parts[-1], url
        return self._kept[1]

    def web(self) -> str:
        """Starts a web part; its address."""
        port = free_port()
        self._start(
            "web", sys.executable, "-m", "gunicorn", "kok.wsgi:application", "--bind", f"127.0.0.1:{port}",
            "--workers", "1", "--worker-class", "gthread", "--threads", "4", "--no-control-socket",
        )  # fmt: skip
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: _answers(f"{url}/health/live"), seconds=60, what="web")
        return url

    def worker(self, *, now: str = "", name: str = "one") -> Part:
        """Starts a worker with CHILDREN children and waits until it takes tasks; `now` moves its clock."""
        moved = {"KOK_NOW": now, "KOK_NOW_SINCE": str(time.monotonic())} if now else {}
        part = self._start(
            f"worker-{name}", *CELERY, "worker", "--concurrency", str(CHILDREN), "--loglevel", "INFO",
            "-n", f"{name}@house", "--without-gossip", "--without-mingle", **moved,
        )  # fmt: skip
        wait_until(lambda: b" ready." in part.log.read_bytes(), seconds=90, what="worker")
        return part

    def beat(self, *, name: str = "one") -> Part:
        """Starts a beat."""
        schedule = self.var / f"beat-{name}"
        return self._start(
            f"beat-{name}", *CELERY, "beat", "--loglevel", "INFO", "--schedule", str(schedule), "--pidfile="
        )

    def _start(self, name: str, *command: str, **more: str) -> Part:
        log = self.var / f"{name}-{next(self._numbers)}.log"
        environment = in_role(self.environment, f"kok_{name.partition('-')[0]}")
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd=PROJECT, env=environment | more, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        self.parts.append(Part(process, log))
        return self.parts[-1]

    def ask(self, task: str) -> None:
        """Publishes a task, as beat does when its time has come."""
        with Celery(broker=self.environment["REDIS_URL"], set_as_current=False) as app:
            app.send_task(task)

    # What is true in the database.

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        with psycopg.connect(self.server, autocommit=True) as connection:
            cursor = connection.execute(statement, values or None)  # type: ignore[call-overload]
            return list(cursor.fetchall()) if cursor.description else []

    @contextmanager
    def gate(self, event: str, table: str) -> Iterator[Callable[[], None]]:
        """Every `event` (INSERT, UPDATE) of this table is held up before it; calls of the value wait for the first."""
        self.query(
            "CREATE OR REPLACE FUNCTION test_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
            f" 'BEGIN PERFORM pg_advisory_xact_lock({GATE}); RETURN NEW; END'"
        )
        self.query(f"CREATE TRIGGER zz_gate BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION test_gate()")
        try:
            with psycopg.connect(self.server, autocommit=True) as connection:
                connection.execute("SELECT pg_advisory_lock(%s)", [GATE])
                yield self._wait_at_gate
        finally:
            self.query(f"DROP TRIGGER zz_gate ON {table}")

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """No byte more fits beside database and broker, until the end of the block.

        Where this machine gives the house no disk of its own, the database says so of PDFs and mails by itself.
        """
        if not os.path.ismount(self.var):
            with self._refusing("kok_document"), self._refusing("kok_outboxmessage"):
                yield
            return
        filler = self.var / "filler"
        try:
            with suppress(OSError), filler.open("wb", buffering=0) as file:
                for size in (2**20, 2**12, 1):
                    with suppress(OSError):
                        while True:
                            file.write(bytes(size))
            yield
        finally:
            filler.unlink()

    @contextmanager
    def _refusing(self, table: str) -> Iterator[None]:
        self.query(
            "CREATE OR REPLACE FUNCTION test_full() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN RAISE EXCEPTION 'full' USING ERRCODE = 'disk_full'; END$$"
        )
        self.query(f"CREATE TRIGGER zz_full BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION test_full()")
        try:
            yield
        finally:
            self.query(f"DROP TRIGGER zz_full ON {table}")

    def _wait_at_gate(self) -> None:
        waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        wait_until(lambda: bool(self.query(waiting)), seconds=60, what="somebody at the gate")

    def end_test(self) -> None:
        """Ends what the test started or hurt, and forgets what waits in the broker."""
        if self._kept and (self._kept[0].is_hurt or not self._kept[0].lives):
            self._kept = None
        for part in self.parts:
            if not self._kept or part is not self._kept[0]:
                part.end()
        self.parts = [self._kept[0]] if self._kept else []
        self.mail_server.behave()
        self.mail_server.accepted.clear()
        with Celery(broker=self.environment["REDIS_URL"], set_as_current=False) as app:
            app.control.purge()

    def end(self) -> None:
        """Ends everything."""
        self._kept = None
        self.end_test()


def _answers(address: str) -> bool:
    try:
        with build_opener(ProxyHandler({})).open(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@contextmanager
def _own_disk(folder: Path) -> Iterator[None]:
    """A small disk at this folder, where the machine allows it."""
    mount = ("mount", "-t", "tmpfs", "-o", "size=500m,mode=0755", "tmpfs", str(folder))
    is_mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def built(var: Path) -> Iterator[House]:
    """A house until the end of the block, on a small disk of its own where the machine allows it."""
    with _own_disk(var):
        furnish(var)
        with _standing(var) as house:
            yield house


@contextmanager
def _standing(var: Path, *, now: str = BEGINS) -> Iterator[House]:
    mail_server, port = MailServer(), free_port()
    controller = Controller(mail_server, hostname="127.0.0.1", port=port)
    controller.start()
    house = House(var, mail_server, port, now=now)
    try:
        with house.services:
            house.open()
            yield house
            house.end()
    finally:
        controller.stop()


def furnish(var: Path) -> None:
    """Copies the state of a house in which nothing waits and no server runs, as it was shortly before it BEGINS.

    It is made once for a whole run; loading the demo and drawing its papers takes longer than most of the tests.
    """
    model = RUN / "house"
    with (RUN / "house.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not model.exists():
            new = model.with_suffix(".new")
            with _standing(new, now=BEFORE) as house:
                house.fill()
            for log in new.glob("*.log"):
                log.unlink()
            shutil.rmtree(new / "valkey")
            new.rename(model)
    var.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", f"{model}/.", var], check=True)
