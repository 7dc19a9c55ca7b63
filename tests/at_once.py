"""Two people in the same moment: the second acts in a connection of his own while the first has not committed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, transaction

from kok.errors import Refused
from tests.processes import wait_until


def told(act: Callable[[], Any]) -> str:
    """What somebody in a connection of his own is told, "" where it went through."""
    try:
        act()
    except Refused as refused:
        return refused.sentence
    finally:
        connection.close()
    return ""


def while_stands(first: Callable[[], Any], second: Callable[[], Any]) -> str:
    """What the second is told, who has to wait until the first has committed."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            answer = pool.submit(told, second)
            wait_until(lambda: answer.done() or _somebody_waits_for_me(), seconds=60, what="somebody who waits")
            assert not answer.done(), "nobody waited"
        return answer.result(timeout=60)


def _somebody_waits_for_me() -> bool:
    """By the locks: `pg_stat_activity` tells a role of no session but its own what it waits for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])
