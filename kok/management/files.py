"""What commands say about a file that cannot be read: which one they looked for, why not, and what to do."""

import os
import pwd
from pathlib import Path


def unreadable(path: Path, error: OSError | UnicodeDecodeError) -> str:
    """One sentence; it names the absolute path, because a script may have changed the folder before the command."""
    if isinstance(error, UnicodeDecodeError):
        return f"{path.absolute()} ist keine Textdatei in UTF-8."
    if isinstance(error, FileNotFoundError):
        return f"{path.absolute()} gibt es nicht. Prüfen Sie den Pfad; am sichersten ist er vollständig, von / an."
    if isinstance(error, IsADirectoryError):
        return f"{path.absolute()} ist ein Ordner. Nennen Sie eine Datei."
    if isinstance(error, PermissionError):
        return (
            f"{path.absolute()} darf der Benutzer {_user()} nicht lesen. Geben Sie ihm das Recht an der Datei und an "
            "ihren Ordnern."
        )
    return f"{path.absolute()} lässt sich nicht lesen. Prüfen Sie die Datei."


def _user() -> str:
    """Who really reads: the variables of the shell still name root after `runuser`."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a container may run under a number without a name
        return str(os.geteuid())
