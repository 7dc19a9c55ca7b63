"""Files outside the database that only grow: one JSON object a line, readable for their owner and its group."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def append(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    """Writes lines to the end of a file, down to the disk; it and its folder are made. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line) + "\n" for line in lines)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640), "a", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
