"""What bin/run does: starts servers, web, worker and beat, waits until each answers, watches them, stops them all.

A part that ends is started again, as systemd and compose do it; one that ends again and again ends everything.

All state is in the folder `KOK_VAR`, so two copies with different ports run side by side.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kok import configuration
from kok.database.roles import BEAT, WEB, WORKER, role_of
from kok.embedded import EmbeddedError, Services, embedded_broker, embedded_database, var_folder
from kok.embedded.loopback import ask
from kok.embedded.only import only_one

_PATIENCE = 180.0  # seconds until each program must answer
_GRACE = 20.0  # seconds between asking a program to end and killing it
_MOST_STARTS, _WITHIN = 6, 600.0  # of a program in so many seconds
_CELERY = (sys.executable, "-m", "celery", "--quiet", "-A", "kok.celery")


class ProgramFailure(Exception):
    """The application cannot run or cannot go on."""


# On Linux a child ends with the supervisor, even when that one is killed.
DIES_WITH_US = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []


@dataclass
class Program:
    """One child process with its log and the question that tells whether it answers."""

    name: str
    role: str
    command: Sequence[str]
    answers: Callable[[], bool]
    log: Path
    process: subprocess.Popen[bytes] = field(init=False)
    environment: Mapping[str, str] = field(init=False)
    starts: list[float] = field(init=False, default_factory=list)

    def start(self, environment: Mapping[str, str]) -> None:
        """Starts it in a session of its own: Ctrl-C reaches the supervisor only, which stops things in order."""
        self.environment = environment
        self.starts.append(time.monotonic())
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*DIES_WITH_US, *self.command],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def check(self) -> None:
        """Raises ProgramFailure when the process has ended."""
        if self.process.poll() is not None:
            raise ProgramFailure(
                f"Der Teil „{self.name}“ hat sich beendet. Es ging nichts verloren. Der Grund steht in {self.log}."
            )

    def keep_up(self) -> None:
        """Starts it again when it has ended. Raises ProgramFailure when that happens again and again."""
        if self.process.poll() is None:
            return
        if sum(time.monotonic() - each < _WITHIN for each in self.starts) >= _MOST_STARTS:
            self.check()
        print(
            f"Der Teil „{self.name}“ hat sich beendet und wird neu gestartet. Der Grund steht in {self.log}.",
            flush=True,
        )
        self.start(self.environment)

    def wait_until_it_answers(self) -> None:
        """Raises ProgramFailure when it ends or stays silent."""
        deadline = time.monotonic() + _PATIENCE
        while not self.answers():
            self.check()
            if time.monotonic() > deadline:
                raise ProgramFailure(f"Der Teil „{self.name}“ antwortet nicht. Der Grund steht in {self.log}.")
            time.sleep(0.2)

    def stop(self) -> None:
        """Asks it to end, and ends it when it does not."""
        self.process.terminate()
        try:
            self.process.wait(timeout=_GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _programs(port: int, var: Path) -> list[Program]:
    web = [
        *(sys.executable, "-m", "gunicorn", "kok.wsgi:application", "--bind", f"127.0.0.1:{port}"),
        *(
            "--workers",
            "2",
            "--worker-class",
            "gthread",
            "--threads",
            "4",
            "--timeout",
            "60",
            "--preload",
            "--no-control-socket",
        ),
    ]
    worker = [*_CELERY, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    schedule = var / "beat" / "schedule"
    heartbeat = schedule.with_name("heartbeat")
    schedule.parent.mkdir(parents=True, exist_ok=True)
    heartbeat.unlink(missing_ok=True)
    beat = [*_CELERY, "beat", "--loglevel", "INFO", "--schedule", str(schedule), "--pidfile="]
    return [
        Program("web", WEB, web, lambda: _web_answers(port), var / "log" / "web.log"),
        Program("worker", WORKER, worker, says(" ready.", var / "log" / "worker.log"), var / "log" / "worker.log"),
        Program("beat", BEAT, beat, heartbeat.exists, var / "log" / "beat.log"),
    ]


def _web_answers(port: int) -> bool:
    try:
        with ask(f"http://127.0.0.1:{port}/health/ready") as answer:
            return answer.status == 200
    except OSError:
        return False


def says(words: str, log: Path) -> Callable[[], bool]:
    """Whether a program that is yet to start has these words in its log: a worker takes no questions by the broker."""
    begins = log.stat().st_size if log.exists() else 0

    def is_said() -> bool:
        with log.open("rb") as told:
            told.seek(begins)
            return words.encode() in told.read()

    return is_said


def _require_free(port: int) -> None:
    if _is_free(port):
        return
    other = next((higher for higher in range(port + 1, 65536) if _is_free(higher)), None)
    advice = f"Wählen Sie einen anderen Port: bin/run --port {other}" if other else "Wählen Sie einen kleineren Port."
    raise ProgramFailure(f"Port {port} ist belegt oder nicht erlaubt. Es wurde nichts gestartet. {advice}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _manage(environment: Mapping[str, str], services: Services, *arguments: str) -> str:
    own = {**environment, **embedded_database(services, role_of(arguments[0]))}
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], env=own, capture_output=True, text=True, check=False
    )
    if done.returncode:
        log = var_folder() / "log" / f"{arguments[0]}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(done.stderr)
        reason = (done.stderr.strip().splitlines() or ["ohne Meldung"])[-1]
        raise ProgramFailure(f"Der Schritt „{arguments[0]}“ ist abgebrochen: {reason} Mehr steht in {log}.")
    return done.stdout.strip()


def _environment(port: int, services: Services) -> dict[str, str]:
    return {
        "KOK_PUBLIC_URL": f"http://localhost:{port}",
        **os.environ,
        "KOK_VAR": str(var_folder()),
        "KOK_NOW_SINCE": str(time.monotonic()),
        **embedded_database(services, WEB),
        **embedded_broker(services),
    }


@contextmanager
def _running(programs: Sequence[Program], services: Services, environment: Mapping[str, str]) -> Iterator[None]:
    with ExitStack() as stack:
        for program in programs:
            program.start({**environment, **embedded_database(services, program.role)})
            stack.callback(program.stop)
        for program in programs:
            program.wait_until_it_answers()
        yield


def _watch(programs: Sequence[Program], services: Services) -> None:
    while True:
        services.check()
        for program in programs:
            program.keep_up()
        time.sleep(1)


def run(port: int) -> None:
    """Runs until somebody stops it (KeyboardInterrupt) or something fails (ProgramFailure, EmbeddedError)."""
    if wrong := configuration.problems(os.environ):
        raise ProgramFailure("\n".join(wrong))
    url = f"http://localhost:{port}/"  # a name: browsers use no security key where the address is a number
    with only_one(var_folder(), url), Services(var_folder()) as services:
        _require_free(port)
        environment = _environment(port, services)
        demo = configuration.given(environment)["KOK_MODE"] == "demo"
        if demo:
            _manage(
                environment, services, "demo", "--check"
            )  # before anything is written into a database of somebody else
        _manage(environment, services, "migrate", "--no-input")
        accounts = _manage(environment, services, "demo") + "\n\n" if demo else ""
        programs = _programs(port, var_folder())
        with _running(programs, services, environment):
            print(f"Die Anwendung läuft: {url}\n\n{accounts}Beenden mit Strg+C.", flush=True)
            _watch(programs, services)


def _port() -> int:
    parser = argparse.ArgumentParser(prog="bin/run", description="Startet die Anwendung mit allem, was sie braucht.")
    parser.add_argument("--port", type=int, default=8000, help="Port der Anwendung (sonst 8000)")
    port: int = parser.parse_args().port
    if not 0 < port < 65536:
        parser.error("Ein Port ist eine Zahl von 1 bis 65535.")
    return port


def _interrupt(number: int, frame: object) -> None:
    """The first signal stops everything in order; further ones change nothing about that."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> int:
    """0 when stopped by the person, 1 with a German sentence when something failed."""
    port = _port()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, _interrupt)
    try:
        run(port)
    except KeyboardInterrupt:
        print("Die Anwendung ist beendet.", flush=True)
    except (EmbeddedError, ProgramFailure) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
