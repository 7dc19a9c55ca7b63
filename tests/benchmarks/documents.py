"""S5 and S6: the PDF of minutes, and what the processes that live long take in memory."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from threading import Thread

from celery import Celery

from tests.benchmarks.client import Site, Unexpected
from tests.benchmarks.machine import Worker, megabytes
from tests.benchmarks.pages import minutes_of, pages
from tests.benchmarks.results import Result
from tests.benchmarks.speed import Run

POLL = 1.0  # seconds between two questions of the page, see templates/components/progress.html
PATIENCE = 60.0  # seconds
PDFS, FROM_PDF = 150, 50
REQUESTS, FROM_REQUEST = 2000, 1000
QUEUE = """
    INSERT INTO kok_document (kind, object_id, version, filename, state, requested_at, interrupted, sha256, error)
    SELECT 'minutes', object_id, 1, 'Entwurf.pdf', 'WAITING', now(), 0, '', ''
    FROM kok_document WHERE kind = 'minutes' AND version = 2 ORDER BY object_id LIMIT %s RETURNING id
"""
AGAIN = """
    WITH gone AS (DELETE FROM kok_document WHERE id = ANY(%s) RETURNING id, kind, object_id, version, filename)
    INSERT INTO kok_document (id, kind, object_id, version, filename, state, requested_at, interrupted, sha256, error)
    SELECT id, kind, object_id, version, filename, 'WAITING', now(), 0, '', '' FROM gone
"""
DONE = "SELECT count(*) FROM kok_document WHERE state = 'DONE' AND version = 1 AND id = ANY(%s)"


def s5(run: Run) -> list[Result]:
    """The PDF itself, and when a person sees that it is there."""
    times = run.machine.run("-m", "tests.benchmarks.paper", str(run.known["ten"]), str(run.rounds))
    run.raw["S5"] = times
    ratio = median(each["application"] / each["floor"] for each in times)
    with run.machine.web() as (port, _), run.machine.worker():
        seen = run.raw["S5 seen"] = [
            seconds_until_seen(run.site(port), minutes_of(run.known, "ten_draft")) for _ in range(run.rounds)
        ]
    return [
        Result("S5", "minutes as PDF, repaired, to bare WeasyPrint", ratio, "×", 1.3, 2),
        Result("S5", "from the click on “Versenden” to the finished PDF in the page", median(seen), "s", 2, 4),
    ]


def seconds_until_seen(site: Site, minutes: str) -> float:
    """Circulates the draft, waits as the page waits, and takes the draft back for the next round."""
    sending, back = f"{minutes}versenden/", f"{minutes}zurueck/"
    if site.page(sending).offers("Text prüfen"):  # not again where the same text was looked at in an earlier round
        site.send(sending, site.form(sending, "Text prüfen"))
    _wait(site, sending, until=lambda page: "Der Text wird auf Namen" not in page)
    checked = site.form(sending, "versenden")
    began = time.perf_counter()
    site.send(sending, checked)
    if "ist fertig" not in site.get(minutes).body.decode():
        version = next(field.value for field in checked.fields if field.name == "version")
        _wait(site, f"{minutes}fassung/{version}/pdf/stand", until=lambda page: "ist fertig" in page)
    passed = time.perf_counter() - began
    site.send(back, site.form(back, "Zurück in den Entwurf holen"), reason="Messung")
    return passed


def _wait(site: Site, path: str, *, until: Callable[[str], bool]) -> None:
    """Asks as often as the page does. Raises Unexpected when the worker does not come."""
    deadline = time.perf_counter() + PATIENCE
    while not until(page := site.get(path).body.decode()):
        if time.perf_counter() > deadline or "konnte nicht erstellt werden" in page:
            raise Unexpected(f"{path}: what the worker does is not done.")
        time.sleep(POLL)


def s6(run: Run) -> list[Result]:
    """Memory of the two kinds of processes, at the same time: memory does not mind a busy machine."""
    web: list[float] = []
    with run.machine.web() as (port, process), _alongside(lambda: web.extend(_web_memory(run, port, process))):
        children = _worker_memory(run)
    run.raw["S6"] = {"pdf": children, "web": web}
    if len(web) != 2:
        raise Unexpected("The web worker did not get through its requests.")
    growth = 100 * (web[1] / web[0] - 1)
    return [
        *(
            Result(
                "S6", f"child {n} of the worker, growth from its PDF {FROM_PDF} to {PDFS}", last - first, "MiB", 10, 10
            )
            for n, (first, last) in enumerate(children, start=1)
        ),
        Result("S6", f"web worker after {REQUESTS} mixed requests", web[1], "MiB", 150, 150),
        Result("S6", f"web worker, growth since request {FROM_REQUEST}", growth, "%", 10, 10),
    ]


@contextmanager
def _alongside(work: object) -> Iterator[None]:
    thread = Thread(target=work)  # type: ignore[arg-type]
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _web_memory(run: Run, port: int, process: int) -> Iterator[float]:
    site, paths = run.site(port), list(pages(run.known).values())
    for number in range(1, REQUESTS + 1):
        site.get(paths[number % len(paths)])
        if number in (FROM_REQUEST, REQUESTS):
            yield megabytes(process)


def _worker_memory(run: Run) -> list[tuple[float, float]]:
    """All children share the PDFs, as the broker hands them over; each is looked at when it has made so many itself."""
    with run.machine.worker() as worker, Celery(broker=run.machine.broker, set_as_current=False) as celery:
        queued = [pk for (pk,) in run.machine.sql(QUEUE, PDFS)]
        seen: list[dict[int, float]] = [{} for _ in worker.children]
        while not all(PDFS in each for each in seen):
            run.machine.sql(AGAIN, queued)
            for pk in queued:
                celery.send_task("kok.render", [pk])
            _watch(run, worker, queued, seen)
    return [(each[FROM_PDF], each[PDFS]) for each in seen]


def _watch(run: Run, worker: Worker, queued: list[int], seen: list[dict[int, float]]) -> None:
    """Until all that was queued is made. A child is looked at as soon as it has reached a count."""
    deadline = time.monotonic() + 10 * PATIENCE
    while run.machine.sql(DONE, queued)[0][0] < len(queued):
        if time.monotonic() > deadline:
            raise Unexpected("The PDFs do not come.")
        for child, made, found in zip(worker.children, worker.made("kok.render"), seen, strict=True):
            for count in (FROM_PDF, PDFS):
                if made >= count and count not in found:
                    found[count] = megabytes(child)
        time.sleep(0.1)
