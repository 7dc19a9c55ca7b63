"""One bin/run for each folder of state: two would run two schedules and two workers on one database."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kok.embedded.lease import EmbeddedError, make


@contextmanager
def only_one(var: Path, url: str) -> Iterator[None]:
    """Holds the folder for the program at `url`; the system lets it go even after kill -9.

    Raises EmbeddedError with the address of the one that runs already.
    """
    make(var)
    with (var / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise EmbeddedError(
                f"Die Anwendung läuft hier schon ({lock.read().strip()}). Es wurde nichts gestartet. "
                "Beenden Sie die laufende mit Strg+C, oder nennen Sie mit KOK_VAR einen anderen Ordner und mit --port "
                "einen anderen Port."
            ) from error
        lock.truncate(0)
        lock.write(url)
        lock.flush()
        os.fsync(lock.fileno())
        yield
