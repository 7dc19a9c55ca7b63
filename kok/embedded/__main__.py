"""`python -m kok.embedded run -- COMMAND…` runs a command with an embedded database and broker around it;
`python -m kok.embedded versions` names the servers.
"""

import os
import signal
import subprocess
import sys

from kok.configuration import Unreadable
from kok.database.roles import WEB
from kok.embedded import EmbeddedError, Services, embedded_broker, embedded_database, var_folder
from kok.embedded.versions import versions


def main() -> int:
    """The exit code of the command, 1 when a server cannot start or a setting be read, 2 when the call is wrong."""
    try:
        match sys.argv[1:]:
            case ["run", "--", *command] if command:
                return _run(command)
            case ["versions"]:
                print(", ".join(versions(var_folder())))
                return 0
    except (EmbeddedError, Unreadable) as error:
        print(error, file=sys.stderr)
        return 1
    print("Aufruf: python -m kok.embedded run -- BEFEHL … oder python -m kok.embedded versions", file=sys.stderr)
    return 2


def _run(command: list[str]) -> int:
    """Who asks it to end, be it while the servers start, ends child and servers too."""
    asked: list[int] = []
    child: subprocess.Popen[bytes] | None = None

    def end(number: int, _: object) -> None:
        asked.append(number)
        if child:
            child.terminate()

    signal.signal(signal.SIGTERM, end)
    with Services(var_folder()) as services:
        environment = os.environ | embedded_database(services, WEB) | embedded_broker(services)
        if asked:
            return 128 + signal.SIGTERM
        # Ctrl-C reaches the child by itself, and must not be ignored there: a handler is not inherited, SIG_IGN is.
        signal.signal(signal.SIGINT, lambda *_: None)
        child = subprocess.Popen(command, env=environment)
        if asked:  # just now, when `end` knew of no child
            child.terminate()
        code = child.wait()
    return code if code >= 0 else 128 - code  # ended by a signal, as a shell says it


if __name__ == "__main__":
    sys.exit(main())
