"""What the servers of this machine are, for the first lines of a test run and for a report of a defect."""

import os
import platform
from pathlib import Path

import psycopg

from kok import configuration
from kok.embedded.lease import EmbeddedError
from kok.embedded.programs import broker, postgres


def versions(var: Path) -> list[str]:
    """One text for each of Python, PostgreSQL and broker; starts nothing, and shows no address."""
    return [f"Python {platform.python_version()}", _database(var), _broker()]


def _database(var: Path) -> str:
    named = configuration.given(os.environ).get("DATABASE_URL")
    if named is None:
        try:
            programs = postgres(var / "postgres" / "data")
        except EmbeddedError:
            return "PostgreSQL fehlt"
        return f"PostgreSQL {programs.version} ({programs.source})"
    try:
        with psycopg.connect(named, connect_timeout=5) as connection:
            return f"PostgreSQL {connection.info.parameter_status('server_version')} (DATABASE_URL)"
    except psycopg.Error:
        return "PostgreSQL antwortet nicht (DATABASE_URL)"


def _broker() -> str:
    try:
        found = broker()
    except EmbeddedError:
        return "Broker fehlt"
    name = "Redis" if "redis" in found.program.name else "Valkey"
    return f"{name} {found.version} ({found.source})"
