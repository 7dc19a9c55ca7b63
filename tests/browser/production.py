"""The application as an operator runs it: production settings, https, a mail server, web and worker; nothing is loaded.

Only the certificate is of its own making, and the mail server takes everything.
"""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from ssl import CERT_NONE, create_default_context

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kok import clock, vault
from kok.configuration import KEYS
from kok.database.roles import BEAT, OWNER, WEB, WITHOUT_KEYS, WORKER, address, role_of
from kok.embedded import PROJECT, Services
from tests.processes import Sink, free_port, in_role, wait_until

THEIRS = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "DJANGO_SETTINGS_MODULE",
    "EMAIL_URL",
    "KOK_TEST_RUN",
    "KOK_NOW",
)
PATIENCE = 90  # seconds; a busy machine starts slowly


@dataclass(frozen=True)
class Installation:
    """Web, worker and beat in production mode, and the mails they sent."""

    url: str
    environment: dict[str, str]
    sink: Sink

    def manage(self, *arguments: str) -> None:
        """A command of the operator."""
        command = [sys.executable, "manage.py", *arguments]
        environment = _handed_to(role_of(arguments[0]), self.environment)
        done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def mail_to(self, address: str, subject: str) -> str:
        """The text of the newest mail to an address whose subject holds these words, as soon as it was sent."""

        def found() -> list[EmailMessage]:
            return [each for each in self.sink.messages if each["to"] == address and subject in str(each["subject"])]

        wait_until(lambda: bool(found()), seconds=PATIENCE, what=f"mail „{subject}“ to {address}")
        return str(found()[-1].get_payload(decode=True).decode())  # type: ignore[union-attr]


def _handed_to(role: str, environment: dict[str, str]) -> dict[str, str]:
    """What a process with this role is told: the keys only where it opens something (decision 25)."""
    unneeded = KEYS if role in WITHOUT_KEYS else frozenset()
    return in_role({name: value for name, value in environment.items() if name not in unneeded}, role)


def _certificate(folder: Path) -> tuple[Path, Path]:
    """Of this machine, for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=36_500))
        .sign(key, hashes.SHA256())
    )
    paths = folder / "web.crt", folder / "web.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


def _environment(folder: Path, services: Services, url: str, mail: str) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if name not in THEIRS}
    return given | {
        "KOK_MODE": "production",
        "KOK_VAR": str(folder),
        "KOK_PUBLIC_URL": url,
        "ALLOWED_HOSTS": "localhost",
        "BEHIND_TLS_PROXY": "false",
        "SECRET_KEY": secrets.token_urlsafe(60),
        **vault.new_keys(),
        "DATABASE_OWNER_URL": address(services.start_database(), OWNER),
        "REDIS_URL": services.start_broker(),
        "EMAIL_URL": mail,
        "DEFAULT_FROM_EMAIL": "Kooperationskonferenz <kok@example.org>",
    }


@contextmanager
def installed(folder: Path) -> Iterator[Installation]:
    """An empty installation that runs until the end of the block."""
    port, mail_port = free_port(), free_port()
    url, sink = f"https://localhost:{port}", Sink(url=f"smtp://127.0.0.1:{mail_port}")
    certificate, key = _certificate(folder)
    with ExitStack() as stack:
        mail_server = Controller(sink, hostname="127.0.0.1", port=mail_port)
        mail_server.start()
        stack.callback(mail_server.stop)
        services = stack.enter_context(Services(folder))
        installation = Installation(url, _environment(folder, services, url, sink.url), sink)
        installation.manage("migrate", "--no-input")
        web = [
            "gunicorn", "kok.wsgi:application", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
            "--threads", "32", "--no-control-socket", "--certfile", str(certificate), "--keyfile", str(key),
        ]  # fmt: skip
        worker = ["celery", "--app", "kok.celery", "worker", "--pool", "solo", "--loglevel", "INFO"]
        beat = ["celery", "--app", "kok.celery", "beat", "--pidfile=", "--schedule", str(folder / "schedule")]
        for role, command in ((WEB, web), (WORKER, worker), (BEAT, beat)):
            log = stack.enter_context((folder / f"{role}.log").open("wb"))
            process = subprocess.Popen(
                [sys.executable, "-m", *command], cwd=PROJECT, env=_handed_to(role, installation.environment),
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
            stack.callback(_end, process)
        wait_until(lambda: _is_ready(port), seconds=PATIENCE, what="web")
        wait_until((folder / "heartbeat").exists, seconds=PATIENCE, what="beat")
        yield installation


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(timeout=60)


def _is_ready(port: int) -> bool:
    trusting = create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, CERT_NONE
    with closing(HTTPSConnection("127.0.0.1", port, context=trusting, timeout=5)) as web:
        try:
            web.request("GET", "/health/ready")
            return web.getresponse().status == 200
        except (OSError, HTTPException):
            return False


def fresh_period(last: int, seconds: int = 30) -> int:
    """The number of the present period of one-time codes, once it is none used before and lasts while one types."""
    while True:
        period, passed = divmod(clock.machine_seconds(), seconds)
        if period != last and passed < seconds - 5:
            return int(period)
        time.sleep(0.5)
