"""As whom a test speaks with the database: it begins as web; what the worker or the owner does, it does as they do.

The login of the tests may become each of them. What a role cannot do is tried by real logins, in tests/database.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any

from django.db import DatabaseError, connection

from kok.database.roles import OWNER, ROLES, WEB, WORKER


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Until the end of the block this connection has another role; where one role does everything, that one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (before,) = cursor.fetchone()
        if before in ROLES:
            cursor.execute(f"SET ROLE {role}")
    try:
        yield
    finally:
        with suppress(DatabaseError):  # of a transaction that failed nothing is left, the role included
            if before in ROLES:
                with connection.cursor() as cursor:
                    cursor.execute(f"SET ROLE {before}")


def as_worker() -> Any:
    """What the worker does."""
    return acting_as(WORKER)


def as_owner() -> Any:
    """What nobody does while the application runs: the past is made otherwise than it was."""
    return acting_as(OWNER)


def as_administrator() -> Any:
    """Whoever has power over the server: no right and no trigger stops him."""
    return acting_as("NONE")


def by_worker(act: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """One act of the worker."""
    with as_worker():
        return act(*arguments, **named)


@contextmanager
def unguarded(*tables: str) -> Iterator[Any]:
    """The owner without the triggers: what a backup, or an administrator of the server, puts there."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else a table with checks that wait cannot be altered
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def on_the_database(today: date) -> None:
    """Until the end of the transaction the clock of the database is as far: what is erased by age it keeps before."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION kok_today() RETURNS date LANGUAGE sql AS $$ SELECT DATE '{today}' $$"
        )


def emptied(model: Any) -> None:
    """No row of it is left, as if there had never been one."""
    with as_owner():
        model.objects.all().delete()


def lend(table: str) -> None:
    """Until the end of the transaction web and worker may do anything in this table, a test's example of any."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone() == (OWNER,):
            cursor.execute(f"GRANT ALL ON {table} TO {WEB}, {WORKER}")
