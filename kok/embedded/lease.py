"""Who uses a server together, and who stops it: file locks, which the system frees even after kill -9."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Protocol

_LONGEST_SOCKET_FOLDER = 80  # bytes; the system allows about 107 for the whole path of a socket


class EmbeddedError(RuntimeError):
    """An embedded server cannot run here. The text is a German sentence that says what to do."""


class Server(Protocol):
    """What a lease needs to know of a server."""

    folder: Path

    @property
    def url(self) -> str: ...
    def is_running(self) -> bool: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


class Lease:
    """Shared use of one server. The first one to come starts it, the last one to leave stops it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.started = False
        self._use: IO[str] | None = None

    def take(self) -> str:
        """Starts the server unless it runs, and keeps it running until `give_back`; its URL."""
        make(self.server.folder)
        with self._alone(), ExitStack() as undo:
            if self._use is None:
                self._use = self._open("users.lock")
                undo.callback(self._let_go)
                fcntl.flock(self._use, fcntl.LOCK_SH)
            if not self.server.is_running():
                self.server.start()
                self.started = True
            undo.pop_all()
        return self.server.url

    def check(self) -> None:
        """Raises EmbeddedError when the server has ended although it is in use."""
        if self._use is not None and not self.server.is_running():
            raise EmbeddedError(f"Der Server in {self.server.folder} antwortet nicht mehr. Starten Sie neu.")

    def give_back(self) -> None:
        """Stops the server when no other process holds a lease."""
        if self._use is None:
            return
        with self._alone():
            if _is_alone_with(self._use):
                self.server.stop()
            self._let_go()

    def _let_go(self) -> None:
        if self._use is not None:
            self._use.close()
            self._use = None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Starting and stopping happen one after the other, in whatever number of processes."""
        with self._open("change.lock") as change:
            fcntl.flock(change, fcntl.LOCK_EX)
            yield

    def _open(self, name: str) -> IO[str]:
        return (self.server.folder / name).open("w")


def _is_alone_with(use: IO[str]) -> bool:
    try:
        fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def make(folder: Path) -> None:
    """Makes a folder of state. Raises EmbeddedError with a sentence that says which setting helps."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedError(
            f"Der Ordner {folder} lässt sich nicht anlegen ({error.strerror}). "
            "Setzen Sie KOK_VAR auf einen Ordner, in den Sie schreiben dürfen."
        ) from error


def socket_folder(folder: Path) -> Path:
    """The folder itself, or one in the temporary folder where the path is too long for a socket."""
    if len(os.fsencode(folder)) < _LONGEST_SOCKET_FOLDER:
        return folder
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"kok-{os.getuid()}-{name}"


@contextmanager
def new_sockets(folder: Path, owner: int, *, lives: Callable[[], bool]) -> Iterator[None]:
    """The private folder for the sockets of a server that starts; it goes when the server does not come up.

    A server that still lives is only slow: the next start finds it by its socket, and must not start a second one.
    """
    make_private(folder, owner)
    try:
        yield
    except EmbeddedError:
        if not lives():
            remove_sockets(folder)
        raise


def remove_sockets(folder: Path) -> None:
    """Removes the folder of a server that has ended: outside the folder of state nobody else would."""
    shutil.rmtree(folder, ignore_errors=True)


def make_private(folder: Path, owner: int) -> None:
    """Makes a folder that belongs to `owner` alone; refuses one that a stranger put there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in (os.getuid(), owner):
        raise EmbeddedError(
            f"Der Ordner {folder} gehört einem anderen Benutzer. Entfernen Sie ihn, dann starten Sie neu."
        )
    folder.chmod(0o700)
    if folder.stat().st_uid != owner:
        os.chown(folder, owner, -1)
