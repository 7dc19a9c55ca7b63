"""What a worker of a test loads besides: `celery … worker --include tests.worker_extras`.

Documents of the kind "probe" are a PDF that is really drawn, after as many seconds as their number says.
`SLOW_PRELOAD` names the seconds that a child needs to load, as on a slow machine. With `SLOW_INSPECTION` the night is
an inspection that waits for the database for minutes and one behind it, and each may take as many seconds as it names.
"""

import os
import time
from datetime import date

from django.db import connection

from kok import documents, inspections, pdf, tasks
from kok.vocabulary import ACTS, DOCUMENTS

PAGE = '<html lang="de"><title>Probe</title><body data-footer="Probe"><h1>Zuständigkeit</h1></body></html>'


def _probe(seconds: int, version: int) -> bytes:
    time.sleep(seconds)
    return pdf.render(PAGE)


def _slowly() -> None:
    time.sleep(float(os.environ.get("SLOW_PRELOAD", "0")))
    _preload()


_preload = pdf.preload
pdf.preload = _slowly
DOCUMENTS.add({"probe": "Probe"})
documents.register("probe", _probe)


def _waits(today: date) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(600)")
    return []


if longest := os.environ.get("SLOW_INSPECTION"):
    inspections._inspections[:] = [
        inspections.Inspection("slow", "Langsam", _waits), inspections.Inspection("quick", "Schnell", lambda today: [])
    ]  # fmt: skip
    ACTS.add({f"inspection.{slug}-{end}": "Probe" for slug in ("slow", "quick") for end in ("passed", "failed")})
    tasks.inspect_one.soft_time_limit = int(longest)
