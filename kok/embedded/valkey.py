"""The broker between the web and the worker, a Valkey or Redis of our own, reachable through a socket only."""

import os
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from kok.embedded.lease import EmbeddedError, new_sockets, remove_sockets, socket_folder
from kok.embedded.programs import INSTEAD, broker

_PATIENCE = 20.0  # seconds


class Valkey:
    """One server in one folder; what was queued survives a crash (append-only file)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "valkey.log"
        self._socket_folder = socket_folder(folder / "socket")
        self.socket = self._socket_folder / "valkey.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """For REDIS_URL, in the notation of Celery."""
        return f"redis+socket://{self.socket}?virtual_host=0"

    def is_running(self) -> bool:
        """Whether the server answers; a socket without a server behind it does not."""
        return self._ask(b"PING").startswith(b"+PONG")

    def start(self) -> None:
        """Starts the server and waits until it answers; a stale socket is replaced."""
        with new_sockets(self._socket_folder, os.getuid(), lives=self._lives):
            self._start()

    def _lives(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _start(self) -> None:
        if self._process is not None:  # one that crashed must not stay a zombie
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=1)
        found = broker()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [found.program, *self._options(found.source)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + _PATIENCE
        while not self.is_running():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise EmbeddedError(
                    f"Der eingebettete Broker startet nicht. Der Grund steht in {self.log}. {INSTEAD['REDIS_URL']}"
                )
            time.sleep(0.02)

    def stop(self) -> None:
        """Ends the server after it wrote what is queued."""
        self._ask(b"SHUTDOWN")
        if self._process is not None:
            self._process.wait(timeout=_PATIENCE)
            self._process = None
        if not self.is_running():
            remove_sockets(self._socket_folder)

    def _options(self, source: str) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes",
            # An older Redis cannot read what a newer Valkey wrote.
            "appenddirname": "appendonlydir" if source == "Paket" else "appendonlydir-system",
            "save": "",
            "loglevel": "warning",
        }
        return [word for name, value in options.items() for word in (f"--{name}", value)]

    def _ask(self, command: bytes) -> bytes:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.socket))
                connection.sendall(command + b"\r\n")
                return connection.recv(64)
        except OSError:
            return b""
