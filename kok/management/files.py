"""What commands say about a file that cannot be read: which one they looked for, why not, and what to do."""

import os
import pwd
from pathlib import Path

from kok.by_class import of_class


def unreadable(path: Path, error: OSError | UnicodeDecodeError) -> str:
    """One sentence; it names the absolute path, because a script may have changed the folder before the command."""
    return of_class(error, _WHY).format(path=path.absolute(), user=_user())


_WHY = (
    (UnicodeDecodeError, "{path} ist keine Textdatei in UTF-8."),
    (
        FileNotFoundError,
        "{path} gibt es nicht. Prüfen Sie den Pfad; am sichersten ist er vollständig, von / an.",
    ),
    (IsADirectoryError, "{path} ist ein Ordner. Nennen Sie eine Datei."),
    (
        PermissionError,
        "{path} darf der Benutzer {user} nicht lesen. Geben Sie ihm das Recht an der Datei und an ihren Ordnern.",
    ),
    (OSError, "{path} lässt sich nicht lesen. Prüfen Sie die Datei."),
)


def _user() -> str:
    """Who really reads: the variables of the shell still name root after `runuser`."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a container may run under a number without a name
        return str(os.geteuid())
