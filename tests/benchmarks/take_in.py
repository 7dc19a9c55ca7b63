"""Takes a file of figures in, checked and stored, as a worker does: `python -m tests.benchmarks.take_in FILE`.

What a worker loads when it starts is loaded before. Prints seconds and the greatest memory in MiB as JSON, then forgets
the file again.
"""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kok.settings")
django.setup()

from django.db import connection  # noqa: E402

from kok import clock, jobs  # noqa: E402
from reporting.figures.actions.importing import import_file  # noqa: E402
from tests.benchmarks.sheet import ROWS, measured  # noqa: E402


def main() -> None:
    """One file. Raises FileRefused when it is not as good as it should be."""
    file = Path(sys.argv[1])
    connection.ensure_connection()
    jobs.preload()

    def take_in() -> None:
        found = import_file(content=file.read_bytes(), filename=file.name, agreement=None, by=None, now=clock.now())
        assert found.row_count == ROWS, found.row_count

    sys.stdout.write(measured(take_in))
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE reporting_dataset CASCADE")


if __name__ == "__main__":
    main()
