"""Real processes for tests: broker, Celery worker, mail sink."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import takewhile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings

from kok.database.roles import BEAT, WORKER, address, role_of
from kok.embedded import PROJECT, Services
from tests.settings import VAR, with_options


def wait_until(question: Callable[[], bool], *, seconds: float = 20, what: str = "it") -> None:
    """Waits until the answer is yes; fails when it never is."""
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
        time.sleep(0.05)


@dataclass
class Sink:
    """A mail server that keeps what it gets."""

    messages: list[EmailMessage] = field(default_factory=list)
    url: str = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Called by aiosmtpd for every mail."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.messages.append(message)  # type: ignore[arg-type]
        return "250 OK"

    def wait_for(self, count: int, *, seconds: float = 20) -> list[EmailMessage]:
        """The first `count` mails, as soon as they are here."""
        wait_until(lambda: len(self.messages) >= count, seconds=seconds, what=f"{count} mails")
        return self.messages[:count]


def free_port() -> int:
    """A TCP port of this machine that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def _mail_server() -> Iterator[Sink]:
    port = free_port()
    sink = Sink(url=f"smtp://127.0.0.1:{port}")
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    yield sink
    controller.stop()


@pytest.fixture
def smtp_sink(_mail_server: Sink) -> Sink:
    """A real mail server, empty. The worker sends to it; set `settings.EMAIL_*` to send from the test itself."""
    _mail_server.messages.clear()
    return _mail_server


def address_for_tests(url: str) -> str:
    """The address of the test database of this process beside the one that `url` names, whatever its name is."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc}/{settings.DATABASES['default']['NAME']}{query}"


def in_role(environment: dict[str, str], role: str) -> dict[str, str]:
    """What a process with this role is told, on an embedded server whose database is `DATABASE_OWNER_URL`."""
    return environment | {"DATABASE_URL": address(environment["DATABASE_OWNER_URL"], role)}


def in_role_of_command(environment: dict[str, str], command: str) -> dict[str, str]:
    """The same for a command of `manage.py`."""
    return in_role(environment, role_of(command))


@pytest.fixture(scope="session")
def broker() -> Iterator[str]:
    """A real Valkey at the address that the test settings name."""
    with Services(VAR) as services:
        yield services.start_broker()


@contextmanager
def running_worker(
    name: str, sink: Sink, *options: str, before: Sequence[str] = (), **more: str
) -> Iterator[tuple[int, Path]]:
    """A real Celery worker on the test database: its process and its log. `before` is what starts it, as `taskset`."""
    with running_celery(name, sink, "worker", *options, before=before, **more) as (process, log):
        wait_until(lambda: " ready." in log.read_text() or process.poll() is not None, seconds=120, what="worker")
        assert process.poll() is None, log.read_text()
        yield process.pid, log


@contextmanager
def running_celery(
    name: str, sink: Sink, *arguments: str, before: Sequence[str] = (), **more: str
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A real program of Celery on the test database, ended afterwards."""
    log = VAR / f"{name}.log"
    database = address_for_tests(os.environ["DATABASE_URL"])
    if "DATABASE_OWNER_URL" in os.environ:
        database = with_options(database, f"-c role={BEAT if arguments[0] == 'beat' else WORKER}")
    environment = os.environ | {"DATABASE_URL": database, "EMAIL_URL": sink.url} | more
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*before, sys.executable, "-m", "celery", "-A", "kok.celery", *arguments, "--loglevel=INFO"],
            cwd=PROJECT,
            env=environment | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process, log
    finally:
        ended(process)


def ended(process: subprocess.Popen[bytes]) -> None:
    """Asks a process to end, and ends it when it does not."""
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def children_of(process: int) -> list[int]:
    """The processes that this one has started."""
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@pytest.fixture(scope="module")
def _worker(broker: str, django_db_setup: None, _mail_server: Sink) -> Iterator[Path]:
    with running_worker("worker", _mail_server, "--pool=solo", "-Ofair") as (_, log):
        yield log


@pytest.fixture
def worker(_worker: Path, transactional_db: None, smtp_sink: Sink) -> Path:
    """A real Celery worker on the test database, sending to `smtp_sink`; the path of its log."""
    return _worker


@dataclass(frozen=True)
class Application:
    """The whole application as bin/run starts it, with the demo loaded; mail goes to the sink."""

    url: str
    printed: str
    environment: dict[str, str]

    def manage(self, *arguments: str) -> Any:
        """The answer of a management command with `--json`, on the running database."""
        command = [sys.executable, "manage.py", *arguments, "--json"]
        done = subprocess.run(command, cwd=PROJECT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="session")
def _application(tmp_path_factory: pytest.TempPathFactory, _mail_server: Sink) -> Iterator[Application]:
    theirs = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "KOK_VAR", "DJANGO_SETTINGS_MODULE")
    environment = {name: value for name, value in os.environ.items() if name not in theirs}
    environment |= {"KOK_VAR": str(tmp_path_factory.mktemp("application")), "EMAIL_URL": _mail_server.url}
    port = free_port()
    process = subprocess.Popen(
        [PROJECT / "bin" / "run", "--port", str(port)], env=environment, text=True, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    printed = "".join(takewhile(lambda line: not line.startswith("Beenden"), process.stdout))
    try:
        assert process.poll() is None, printed
        yield Application(f"http://127.0.0.1:{port}", printed, environment)
    finally:
        process.terminate()
        process.communicate(timeout=60)


@pytest.fixture
def application(_application: Application, smtp_sink: Sink) -> Application:
    """The running application for slow tests; state stays from test to test, the sink is empty."""
    return _application
