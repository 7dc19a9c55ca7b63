"""S1 to S4 and S10: pages beside their floors, and how many statements they take."""

from dataclasses import dataclass
from typing import Any

from tests.benchmarks.client import Samples, Site, in_turns, seconds_for_many
from tests.benchmarks.machine import APPLICATION, FLOOR, LONG_LISTS, NOW, Machine, statements
from tests.benchmarks.pages import minutes_of, pages
from tests.benchmarks.results import Result

PER_ROUND = 25  # requests for each page
LIST, LONG = 50, 200
LIST_PAGE = "/{agreement}/sitzungen/"
AT_ONCE, MANY = 8, 160
BOTH = {"minutes": ("ten", "hundred"), "minutes being written": ("ten_draft", "hundred_draft")}


@dataclass
class Run:
    """What every measure is given: the machine, what is in the database, how many rounds; `raw` is kept as JSON."""

    machine: Machine
    known: dict[str, Any]
    rounds: int
    raw: dict[str, Any]

    def keep(self, name: str, samples: Samples) -> Samples:
        """Keeps every single time."""
        self.raw[name] = samples.rounds
        return samples

    def site(self, port: int) -> Site:
        """The application, signed in."""
        return Site(port, self.known["session"])

    def floor(self, port: int) -> Site:
        """The floor, signed in."""
        return Site(port, self.known["floor_session"])


def s1(run: Run) -> list[Result]:
    """The page of a meeting with its minutes, and the overview."""
    overview = pages(run.known)["overview"]
    read, write = minutes_of(run.known, "ten"), minutes_of(run.known, "ten_draft")
    with run.machine.web() as (port, _), run.machine.web(FLOOR) as (floor_port, _):
        site, floor = run.site(port), run.floor(floor_port)
        things = {
            "floor": lambda: floor.seconds(f"/meeting/{run.known['ten']}/"),
            "reading": lambda: site.seconds(read),
            "writing": lambda: site.seconds(write),
            "overview floor": lambda: floor.seconds(f"/overview/{run.known['agreement']}/{NOW[:10]}/"),
            "overview": lambda: site.seconds(overview),
        }
        samples = run.keep("S1", in_turns(run.rounds, PER_ROUND, things))
    return [
        Result("S1", "page of a meeting with its minutes, to the floor", samples.ratio("reading", "floor"), "×", 2, 3),
        Result("S1", "page on which minutes are written, to the floor", samples.ratio("writing", "floor"), "×", 2, 3),
        Result("S1", "overview, to its floor", samples.ratio("overview", "overview floor"), "×", 2.2, 3),
    ]


def s2(run: Run) -> list[Result]:
    """Statements and bytes of the same pages, for 10 and for 100 items."""
    results = []
    with run.machine.web() as (port, _):
        site = run.site(port)
        for name, (ten, hundred) in BOTH.items():
            few, many = (_count(run, site, minutes_of(run.known, key)) for key in (ten, hundred))
            size = len(site.get(minutes_of(run.known, ten)).body) / 1000
            results += [
                _counted(run, f"{name}, 10 items", few, 12),
                _counted(run, f"{name}, 100 items instead of 10: more queries", _minus(many, few), 0),
                Result("S2", f"{name}, 10 items: HTML", size, "kB", 60, 60),
            ]
    return results


def _counted(run: Run, what: str, count: int | None, limit: int) -> Result:
    note = "" if run.machine.counts else "not counted: this PostgreSQL has no pg_stat_statements"
    return Result("S2", what, count, "queries", limit, limit, note=note)


def _minus(many: int | None, few: int | None) -> int | None:
    return None if many is None or few is None else abs(many - few)


def _count(run: Run, site: Site, path: str) -> int | None:
    """The statements of one request, once everything that is kept in memory is there."""
    if not run.machine.counts:
        return None
    site.get(path)
    statements(run.machine)
    site.get(path)
    found = statements(run.machine)
    run.raw.setdefault("statements", {})[path] = found
    return sum(calls for _, calls, _, _ in found)


def s3(run: Run) -> list[Result]:
    """The list of meetings with 50 and with 200 rows."""
    path = LIST_PAGE.format(**run.known)
    machine = run.machine
    with machine.web() as (port, _), machine.web(LONG_LISTS) as (long_port, _), machine.web(FLOOR) as (floor_port, _):
        short, long, floor = run.site(port), run.site(long_port), run.floor(floor_port)
        things = {
            f"floor {LIST}": lambda: floor.seconds(f"/meetings/{LIST}/"),
            f"list {LIST}": lambda: short.seconds(path),
            f"floor {LONG}": lambda: floor.seconds(f"/meetings/{LONG}/"),
            f"list {LONG}": lambda: long.seconds(path),
        }
        samples = run.keep("S3", in_turns(run.rounds, PER_ROUND, things))
        queries = _count(run, short, path)
    row = 1000 * (samples.p50(f"list {LONG}") - samples.p50(f"list {LIST}")) / (LONG - LIST)
    return [
        Result("S3", f"list of {LIST}, to its floor", samples.ratio(f"list {LIST}", f"floor {LIST}"), "×", 2, 3),
        Result("S3", f"list of {LONG}, to its floor", samples.ratio(f"list {LONG}", f"floor {LONG}"), "×", 2, 3),
        Result("S3", "each further row", row, "ms a row", 0.2, 0.6),
        Result("S3", f"list of {LIST}", queries, "queries", 10, 10, note="not counted"),
    ]


def s4(run: Run) -> list[Result]:
    """Every page with 100 times the data beside itself with the data of scale 1."""
    with run.machine.web() as (port, _), run.machine.web(APPLICATION, large=True) as (large_port, _):
        small, large = run.site(port), run.site(large_port)
        results = []
        for name, path in pages(run.known).items():
            things = {"1": lambda p=path: small.seconds(p), "100": lambda p=path: large.seconds(p)}  # type: ignore[misc]
            samples = run.keep(f"S4 {name}", in_turns(run.rounds, PER_ROUND // 5, things))
            ratio = samples.ratio("100", "1")
            results.append(Result("S4", f"{name}, 100 times the data to once", ratio, "×", 1.3, 2))
    return results


def s10(run: Run) -> list[Result]:
    """Requests a second of one sync worker that eight people ask at once; any failure stops the measure."""
    read = minutes_of(run.known, "ten")
    with run.machine.web() as (port, _), run.machine.web(FLOOR) as (floor_port, _):
        site, floor = run.site(port), run.floor(floor_port)
        things = {
            "floor": lambda: seconds_for_many(floor, f"/meeting/{run.known['ten']}/", count=MANY, at_once=AT_ONCE),
            "application": lambda: seconds_for_many(site, read, count=MANY, at_once=AT_ONCE),
        }
        samples = run.keep("S10", in_turns(run.rounds, 1, things))
    ratio = samples.ratio("floor", "application")
    what = f"requests a second, {AT_ONCE} at once, to the floor"
    return [Result("S10", what, ratio, "×", 0.5, 1 / 3, at_least=True)]
