"""What bin/run starts, as real processes: web, worker and beat with both servers, all ended in order."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from kok.embedded import PROJECT, EmbeddedError, Services, supervisor
from kok.embedded.loopback import ask
from kok.embedded.only import only_one
from kok.embedded.valkey import Valkey
from tests.faults.house import BEGINS, furnish
from tests.processes import Application, free_port, wait_until


class Copy:
    """One copy of the application with its own folder of state and port."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None

    def start(self, **more: str) -> subprocess.Popen[str]:
        """Starts it; see `wait_until_it_runs`."""
        theirs = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        kept = {name: value for name, value in os.environ.items() if name not in theirs}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kok.embedded.supervisor", "--port", str(self.port)],
            cwd=PROJECT, env=kept | {"KOK_VAR": str(self.var), "KOK_NOW": BEGINS} | more, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        return self.process

    def wait_until_it_runs(self) -> None:
        """Returns when it has printed its address."""
        assert self.process is not None
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line == f"Die Anwendung läuft: http://localhost:{self.port}/\n", self.process.communicate()

    def answers(self) -> bool:
        """Whether the web part answers."""
        try:
            with ask(f"http://127.0.0.1:{self.port}/health/live") as answer:
                return answer.read() == b"ok"
        except OSError:
            return False

    def children(self) -> dict[str, int]:
        """The process ids of web, worker and beat."""
        assert self.process is not None
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        commands = {int(pid): Path(f"/proc/{pid}/cmdline").read_text().split("\0") for pid in listed}
        names = {"web": "gunicorn", "worker": "worker", "beat": "beat"}
        return {name: pid for pid, words in commands.items() for name, word in names.items() if word in words}

    def stop(self) -> None:
        """Cleans up after a test in any case."""
        if self.process is not None:
            self.process.terminate()
            self.process.communicate()
        with Services(self.var) as services:  # one that a crash left behind is leased here and stopped
            for lease, start in (
                (services.database, services.start_database),
                (services.broker, services.start_broker),
            ):
                if lease.server.folder.exists():
                    start()


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[list[Copy]]:
    made = [Copy(tmp_path / "one"), Copy(tmp_path / "two")]
    yield made
    for copy in made:
        copy.stop()


def _is_gone(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return not status.exists() or "State:\tZ" in status.read_text()


@pytest.mark.slow
def test_given_two_copies_when_a_part_of_one_dies_then_it_comes_back_and_both_end_when_asked(
    copies: list[Copy],
) -> None:
    first, second = copies
    for copy in copies:
        furnish(copy.var)
    ended = [copy.start() for copy in copies]
    for copy in copies:
        copy.wait_until_it_runs()
    assert first.answers()
    assert second.answers()
    children = {copy.port: copy.children() for copy in copies}
    assert all(set(names) == {"web", "worker", "beat"} for names in children.values())

    # What a message on the broker does that is none.
    before = children[second.port]
    _to_the_broker(second, b"RPUSH celery nonsense")
    wait_until(lambda: _is_gone(before["worker"]), seconds=180, what="the worker to end by a message that is none")
    wait_until(lambda: set(second.children()) == set(before), seconds=180, what="a new worker")
    after = second.children()
    assert after["worker"] != before["worker"]
    assert (after["web"], after["beat"]) == (before["web"], before["beat"])
    assert first.children() == children[first.port]

    for copy, process in zip(copies, ended, strict=True):
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, "")
        assert out.endswith("Die Anwendung ist beendet.\n")
        assert ("„worker“ hat sich beendet und wird neu gestartet" in out) == (copy is second)
        assert _left_nothing(copy, {**children[copy.port], **(after if copy is second else {})})


def test_given_a_part_that_ends_again_and_again_when_watched_then_a_sentence_ends_all(tmp_path: Path) -> None:
    program = supervisor.Program("worker", "kok_worker", ["false"], lambda: True, tmp_path / "worker.log")
    program.start(os.environ)
    for _ in range(supervisor._MOST_STARTS - 1):
        program.process.wait()
        program.keep_up()
    program.process.wait()
    with pytest.raises(supervisor.ProgramFailure, match=r"^Der Teil „worker“ hat sich beendet\."):
        program.keep_up()


def _to_the_broker(copy: Copy, command: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(Services(copy.var).broker.server.socket))
        line.sendall(command + b"\r\n")
        assert line.recv(64).startswith(b":")


def _left_nothing(copy: Copy, children: dict[str, int]) -> bool:
    services = Services(copy.var)
    servers = (services.database.server, services.broker.server)
    return all(_is_gone(pid) for pid in children.values()) and not any(server.is_running() for server in servers)


@pytest.mark.slow
def test_given_a_copy_ended_by_kill_9_when_started_again_then_it_runs_again(copies: list[Copy]) -> None:
    copy = copies[0]
    furnish(copy.var)
    process = copy.start()
    copy.wait_until_it_runs()
    children = copy.children()
    database = int((copy.var / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    for pid in (process.pid, database, _broker(copy.var)):
        os.kill(pid, signal.SIGKILL)
    process.communicate()
    wait_until(lambda: all(_is_gone(pid) for pid in children.values()), seconds=60, what="the end of the children")
    copy.start()
    copy.wait_until_it_runs()
    assert copy.answers()


def _broker(var: Path) -> int:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(Valkey(var / "valkey").socket))
        connection.sendall(b"INFO server\r\n")
        return int(connection.recv(4000).partition(b"process_id:")[2].split()[0])


def test_given_taken_ports_when_started_then_nothing_starts_and_a_sentence_proposes_a_free_one(
    copies: list[Copy],
) -> None:
    copy = copies[0]
    with contextlib.ExitStack() as taken:
        for port in (copy.port, copy.port + 1):
            with contextlib.suppress(OSError):  # the second may be taken already
                taken.enter_context(socket.create_server(("127.0.0.1", port)))
        process = copy.start()
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (1, "")
    assert err.startswith(f"Port {copy.port} ist belegt oder nicht erlaubt. Es wurde nichts gestartet.")
    proposed = int(err.rpartition("--port ")[2])
    assert proposed > copy.port + 1
    with socket.create_server(("127.0.0.1", proposed)):
        pass
    assert [path.name for path in copy.var.iterdir()] == ["run.lock"]


def test_given_a_running_copy_when_started_again_then_it_is_refused_with_the_address_of_the_first(
    copies: list[Copy],
) -> None:
    copy = copies[0]
    with only_one(copy.var, "http://127.0.0.1:8000/"):
        process = copy.start()
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (1, "")
    assert err.startswith("Die Anwendung läuft hier schon (http://127.0.0.1:8000/). Es wurde nichts gestartet.")
    assert [path.name for path in copy.var.iterdir()] == ["run.lock"]


def test_given_a_copy_ended_by_kill_9_when_started_again_then_nothing_stands_in_its_way(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys; from kok.embedded.only import only_one\n"
        "with only_one(pathlib.Path(sys.argv[1]), 'http://127.0.0.1:1/'): print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, tmp_path],
        cwd=PROJECT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with (
        pytest.raises(EmbeddedError, match=r"läuft hier schon \(http://127\.0\.0\.1:1/\)"),
        only_one(tmp_path, "http://127.0.0.1:2/"),
    ):
        pass
    holder.kill()
    holder.communicate()
    with only_one(tmp_path, "http://127.0.0.1:2/"):
        assert (tmp_path / "run.lock").read_text() == "http://127.0.0.1:2/"


def test_given_a_proxy_in_the_environment_when_the_launcher_asks_the_application_then_it_does_not_ask_the_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Well(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    with HTTPServer(("127.0.0.1", 0), Well) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        assert supervisor._web_answers(server.server_port)
        thread.join()


def test_given_an_unreachable_database_when_started_then_a_sentence_names_the_step(copies: list[Copy]) -> None:
    process = copies[0].start(DATABASE_URL=f"postgresql://kok@127.0.0.1:{free_port()}/kok", REDIS_URL="redis://x")
    _, err = process.communicate(timeout=60)  # it does not wait for a database that may never come
    assert process.returncode == 1
    assert err.startswith("Der Schritt „demo“ ist abgebrochen")
    assert "Traceback" not in err


@pytest.mark.slow
def test_given_bin_run_when_it_answers_then_it_printed_address_accounts_and_password(application: Application) -> None:
    demo = application.manage("demo")
    assert application.url.replace("127.0.0.1", "localhost") in application.printed  # where browsers use security keys
    assert demo["password"] in application.printed
    assert {account["username"] for account in demo["accounts"]} >= {"wetteraukreis-secretariat", "lwv-hessen-member"}
    assert all(account["username"] in application.printed for account in demo["accounts"])
    with ask(application.url, timeout=10) as answer:
        assert answer.status == 200
