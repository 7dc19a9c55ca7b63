"""Whose turn it is: one piece of work is done by one process at a time, and one that dies gives it back at once.

A turn that outlasts a transaction is a lock of the database's session. The server lets go of it when the connection
ends, so nobody has to guess from the time that has passed whether a process still lives. Web and worker may take one;
the schedule and the backups may not (`kok/database/roles.sql`). A turn inside a transaction is the lock of a row, which
those cannot take either.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

MOST_INTERRUPTIONS = 5  # work that has ended so many processes is not begun again

_TAKE = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
_GIVE_BACK = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"
_TAKEN = """
    SELECT name FROM unnest(%s::text[]) AS name JOIN pg_locks
    ON (classid::bigint << 32) | objid::bigint = hashtextextended(name, 0)
    WHERE locktype = 'advisory' AND objsubid = 1 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_WAIT = "SELECT name FROM kok_turn WHERE name = %s FOR UPDATE"
_BEGIN = "INSERT INTO kok_turn (name) VALUES (%s) ON CONFLICT DO NOTHING"


def wait(name: str) -> None:
    """From now until the end of the transaction nobody else is at it; who comes later waits."""
    with connection.cursor() as cursor:
        cursor.execute(_WAIT, [name])
        if cursor.fetchone() is None:
            cursor.execute(_BEGIN, [name])
            cursor.execute(_WAIT, [name])


@contextmanager
def take(name: str) -> Iterator[bool]:
    """Whether it is our turn, until the end of the block or of this process. Never waits for another one.

    Lasts longer than a transaction, so that others see the progress meanwhile.
    """
    has_lock = bool(_ask(_TAKE, name))
    try:
        yield has_lock or not taken([name])
    finally:
        if has_lock:
            _ask(_GIVE_BACK, name)


def taken(names: Iterable[str]) -> set[str]:
    """Those of the names whose turn some living process has."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, [list(names)])
        return {name for (name,) in cursor.fetchall()}


def _ask(statement: str, name: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, [name])
        return cursor.fetchone()[0]
