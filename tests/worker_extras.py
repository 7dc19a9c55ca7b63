"""What a worker of a test loads besides: `celery … worker --include tests.worker_extras`.

Documents of the kind "probe" are a PDF that is really drawn, after as many seconds as their number says.
`SLOW_PRELOAD` names the seconds that a child needs to load, as on a slow machine.
"""

import os
import time

from kok import documents, pdf

PAGE = '<html lang="de"><title>Probe</title><body data-footer="Probe"><h1>Zuständigkeit</h1></body></html>'


def _probe(seconds: int, version: int) -> bytes:
    time.sleep(seconds)
    return pdf.render(PAGE)


def _slowly() -> None:
    time.sleep(float(os.environ.get("SLOW_PRELOAD", "0")))
    _preload()


_preload = pdf.preload
pdf.preload = _slowly
documents.register("probe", _probe)
