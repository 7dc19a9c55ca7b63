"""`python -m kok.embedded run -- COMMAND…` runs a command with an embedded database and broker around it;
`python -m kok.embedded versions` names the servers.
"""

import os
import signal
import subprocess
import sys

from kok.embedded import EmbeddedError, Services, embedded_broker, embedded_database, var_folder
from kok.embedded.versions import versions


def main() -> int:
    """The exit code of the command, 1 when a server cannot start, 2 when the call is wrong."""
    match sys.argv[1:]:
        case ["run", "--", *command] if command:
            return _run(command)
        case ["versions"]:
            print(", ".join(versions(var_folder())))
            return 0
    print("Aufruf: python -m kok.embedded run -- BEFEHL … oder python -m kok.embedded versions", file=sys.stderr)
    return 2


def _run(command: list[str]) -> int:
    try:
        with Services(var_folder()) as services:
            environment = os.environ | embedded_database(services) | embedded_broker(services)
            child = subprocess.Popen(command, env=environment)
            # Ctrl-C reaches the child by itself; TERM is handed on. Both end with the servers stopped.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, lambda *_: child.terminate())
            return child.wait()
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
