"""Real web, worker and beat with servers of their own: what is killed, hangs or is away is seen, told and survived."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import psycopg
import pytest

from kok.database.roles import OWNER, address
from kok.embedded import PROJECT, Services
from tests.processes import Sink, children_of, ended, free_port, in_role, in_role_of_command, wait_until

pytestmark = pytest.mark.slow
SUBJECTS = ("KoK: Worker arbeitet nicht", "KoK: Zeitplan (beat) arbeitet nicht")
CELERY = (sys.executable, "-m", "celery", "--quiet", "-A", "kok.celery")


class Installation:
    """Programs that a test may kill; see `tests.hasty_settings`."""

    def __init__(self, folder: Path, services: Services, sink: Sink) -> None:
        self.folder, self.services, self.port = folder, services, free_port()
        self.server = services.start_database()  # as its administrator
        self.environment = os.environ | {
            "DATABASE_OWNER_URL": address(self.server, OWNER),
            "REDIS_URL": services.start_broker(),
            "KOK_VAR": str(folder),
            "EMAIL_URL": sink.url,
            "DJANGO_SETTINGS_MODULE": "tests.hasty_settings",
            "KOK_MODE": "demo",
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        """Starts `web`, `worker` or `beat`."""
        web = [sys.executable, "-m", "gunicorn", "kok.wsgi:application", "--bind", f"127.0.0.1:{self.port}"]
        commands = {
            "web": [*web, "--threads", "2", "--no-control-socket"],
            "worker": [*CELERY, "worker", "--concurrency", "1", "--loglevel", "INFO"],
            "beat": [*CELERY, "beat", "--schedule", str(self.folder / "schedule"), "--pidfile="],
        }
        with self.log(name).open("ab") as log:
            self.running[name] = subprocess.Popen(
                commands[name], cwd=PROJECT, env=in_role(self.environment, f"kok_{name}"), stdout=log, stderr=log
            )

    def kill(self, name: str) -> None:
        """kill -9, the children too."""
        process = self.running.pop(name)
        for pid in (*children_of(process.pid), process.pid):
            os.kill(pid, signal.SIGKILL)
        process.wait()

    def log(self, name: str) -> Path:
        """What a program said."""
        return self.folder / f"{name}.log"

    def manage(self, *arguments: str) -> None:
        """A management command on the database of this installation."""
        environment = in_role_of_command(self.environment, arguments[0])
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=PROJECT, env=environment, check=True)

    def ask(self, address: str, **headers: str) -> tuple[int, str]:
        """Status and text of a page; 0 while nobody answers."""
        asked = Request(f"http://127.0.0.1:{self.port}{address}", headers=headers)
        try:
            with build_opener(ProxyHandler({})).open(asked, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def parts(self) -> dict[str, str]:
        """What monitoring reads."""
        _, text = self.ask("/health/ready")
        found: dict[str, str] = json.loads(text)["parts"] if text else {}
        return found

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """The answer of the database."""
        with psycopg.connect(self.server) as connection:
            return connection.execute(statement).fetchall()

    def accept_invitations(self) -> None:
        """Everybody who was invited has chosen a password, which nobody types here."""
        with psycopg.connect(self.server) as connection:
            connection.execute("UPDATE kok_user SET password = 'gewählt'")
        self.manage("mend_account", "--all")  # what is written past the application is told to nobody else


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, _mail_server: Sink) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("silence")
    with ExitStack() as stack:
        services = stack.enter_context(Services(folder, fsync=False))
        installation = Installation(folder, services, _mail_server)
        installation.manage("migrate", "--no-input", "-v0")
        installation.manage("first_account", "--admin", "--username=technik", "--email=technik@example.org")
        installation.accept_invitations()
        stack.callback(lambda: [ended(process) for process in installation.running.values()])
        for name in ("web", "worker", "beat"):
            installation.start(name)
        wait_until(lambda: lives(installation), seconds=180, what="signs of life")
        yield installation


def lives(installation: Installation, *names: str) -> bool:
    parts = installation.parts()
    return all(parts.get(name) == "ok" for name in names or ("broker", "worker", "beat"))


def silences(running: Installation) -> int:
    """How many silences the trail knows; on a slow machine there may be more than a test makes."""
    return int(running.rows("SELECT count(*) FROM kok_auditevent WHERE action LIKE 'pulse.%-silent'")[0][0])


def told_once_each(running: Installation, sink: Sink, before: int) -> None:
    """At least one silence since then; one mail was sent for each there ever was, and none arrived twice."""

    def same() -> bool:
        sent = running.rows("SELECT count(*) FROM kok_outboxmessage WHERE kind = 'pulse.silent' AND state = 'SENT'")
        return bool(sent[0][0] == silences(running) > before)

    wait_until(same, seconds=60, what="one mail for each silence")
    told = [mail["Message-ID"] for mail in sink.messages if mail["Subject"] in SUBJECTS]
    assert len(told) == len(set(told)) >= 1


def test_given_a_worker_whose_children_hang_when_it_runs_on_then_it_is_seen_and_told_once(
    running: Installation, smtp_sink: Sink
) -> None:
    before = silences(running)
    children = children_of(running.running["worker"].pid)
    for child in children:
        os.kill(child, signal.SIGSTOP)
    try:
        wait_until(lambda: running.parts().get("worker") == "degraded", seconds=120, what="a worker that is seen")
        assert running.running["worker"].poll() is None
        smtp_sink.wait_for(1, seconds=120)
    finally:
        for child in children:
            os.kill(child, signal.SIGCONT)
    wait_until(lambda: lives(running, "worker"), seconds=120, what="a worker that works again")
    told_once_each(running, smtp_sink, before)


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_given_one_that_is_killed_when_the_other_lives_then_it_is_told_once_and_a_new_one_is_enough(
    running: Installation, smtp_sink: Sink, name: str
) -> None:
    wait_until(lambda: lives(running), seconds=120, what="signs of life")
    before = silences(running)
    running.kill(name)
    smtp_sink.wait_for(1, seconds=180)
    assert running.parts()[name] == "degraded"
    running.start(name)
    wait_until(lambda: lives(running), seconds=180, what=f"a new {name}")
    told_once_each(running, smtp_sink, before)


def test_given_a_broker_that_is_away_when_it_comes_back_then_beat_lived_on_and_all_work_again(
    running: Installation,
) -> None:
    wait_until(lambda: lives(running), seconds=120, what="signs of life")
    running.services.broker.server.stop()
    try:
        wait_until(lambda: running.parts().get("worker") == "degraded", seconds=120, what="a worker without tasks")
        parts = running.parts()
        assert (parts["broker"], parts["beat"]) == ("degraded", "ok")
    finally:
        running.services.broker.server.start()
    wait_until(lambda: lives(running), seconds=180, what="all with a broker again")
    assert all(process.poll() is None for process in running.running.values())


def test_given_a_database_that_is_away_when_it_comes_back_then_pages_said_so_and_all_work_again(
    running: Installation,
) -> None:
    wait_until(lambda: lives(running), seconds=120, what="signs of life")
    before = running.rows("SELECT max(at) FROM kok_pulse")
    running.services.database.server.stop()
    try:
        status, page = running.ask("/", Cookie=f"sessionid={'x' * 32}")
        assert (status, "Wir sind gleich wieder da" in page) == (503, True)
        assert running.ask("/health/live") == (200, "ok")
        assert running.ask("/health/ready")[0] == 503
        wait_until(lambda: "nicht gelungen" in running.log("beat").read_text(), seconds=30, what="a sign that failed")
    finally:
        running.services.database.server.start()
    wait_until(lambda: running.rows("SELECT min(at) FROM kok_pulse") > before, seconds=180, what="new signs of both")
    assert lives(running)
    assert all(process.poll() is None for process in running.running.values())
    assert "Traceback" not in running.log("web").read_text()
    assert "Traceback" not in running.log("beat").read_text()
