"""`bin/bench`: how quick the application is, beside a floor of Django's own on the same machine at the same time.

Only ratios mean something elsewhere; counts, bytes and memory do, too. Ends with 1 when a line is crossed.
"""

import argparse
import json
import os
import platform
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import psycopg

from kok.embedded import PROJECT, EmbeddedError
from tests.benchmarks import compare, documents, imports, results, speed
from tests.benchmarks.client import Unexpected
from tests.benchmarks.machine import LARGE, Machine, Stopped, machine, query
from tests.benchmarks.results import Result
from tests.benchmarks.speed import Run

MEASURES: dict[str, Callable[[Run], list[Result]]] = {
    "S1": speed.s1,
    "S2": speed.s2,
    "S3": speed.s3,
    "S4": speed.s4,
    "S5": documents.s5,
    "S6": documents.s6,
    "S7": imports.s7,
    "S10": speed.s10,
}
DOCUMENT = PROJECT / "docs" / "performance.md"


def main() -> int:
    """0 when no line is crossed, 1 when one is, 2 when it could not be measured."""
    wanted = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # with everything stopped
    var = Path(tempfile.mkdtemp(prefix="kok-bench-"))
    try:
        found = _compared(var, wanted) if wanted.compare else _alone(var, wanted)
    except (EmbeddedError, Stopped, Unexpected, psycopg.Error, OSError) as error:
        _say(f"Die Messung ist abgebrochen: {error}")
        return 2
    finally:
        shutil.rmtree(var, ignore_errors=True)
    sys.stdout.write(f"{results.table(found)}\n")
    return int(any(result.fails for result in found))


def _alone(var: Path, wanted: argparse.Namespace) -> list[Result]:
    with machine(var) as started:
        return _measure(started, wanted)


def _compared(var: Path, wanted: argparse.Namespace) -> list[Result]:
    """This state beside an earlier one, each on a database of its own that its own code has filled."""
    old_tree = compare.checked_out(wanted.compare, var / "tree")
    with machine(var / "new") as new, machine(var / "old", old_tree) as old:
        runs = [Run(state, _filled(state, 1), 1, {}) for state in (old, new)]
        return compare.in_turns({name: MEASURES[name] for name in wanted.only}, runs[0], runs[1], wanted.rounds, _say)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Misst, wie schnell die Anwendung ist.")
    parser.add_argument("--scale", type=int, choices=(1, 100), default=1, help="100 misst auch S4 (sonst 1)")
    parser.add_argument("--rounds", type=int, default=7, help="Runden, in denen sich alles abwechselt (sonst 7)")
    parser.add_argument("--only", default=",".join(MEASURES), help="nur diese, etwa S1,S5")
    parser.add_argument("--compare", metavar="STAND", help="misst in Runden abwechselnd auch diesen Stand, etwa v1.0")
    parser.add_argument("--json", type=Path, help="Datei für jede einzelne Messung")
    parser.add_argument("--write", action="store_true", help="schreibt die Tabelle nach docs/performance.md")
    wanted = parser.parse_args()
    wanted.only = [name for name in wanted.only.split(",") if name != "S4" or wanted.scale > 1]
    if unknown := set(wanted.only) - set(MEASURES):
        parser.error(f"Unbekannt: {', '.join(sorted(unknown))}")
    return wanted


def _measure(started: Machine, wanted: argparse.Namespace) -> list[Result]:
    run = Run(started, _filled(started, wanted.scale), wanted.rounds, {})
    found = []
    for name in wanted.only:
        began = perf_counter()
        found += MEASURES[name](run)
        _say(f"{name} ist gemessen ({perf_counter() - began:.0f} s).")
    conditions = _conditions(started, wanted)
    if wanted.json:
        rows = [vars(result) | {"verdict": result.verdict} for result in found]
        wanted.json.write_text(json.dumps({"conditions": conditions, "results": rows, "raw": run.raw}, indent=1))
    if wanted.write:
        results.write(found, conditions, DOCUMENT)
    return found


def _filled(started: Machine, scale: int) -> dict[str, object]:
    """Scale 1 in one database, and where that is asked for a copy of it with so many times the data beside it."""
    _say("Die Datenbank wird gefüllt.")
    known: dict[str, object] = started.run("-m", "tests.benchmarks.fill", "once")
    if scale > 1:
        query(started.database.replace("/kok?", "/postgres?"), f"CREATE DATABASE {LARGE} TEMPLATE kok")
        started.run("-m", "tests.benchmarks.fill", "times", str(scale), large=True)
    for large in {False, scale > 1}:
        query(started.url(large=large), "VACUUM ANALYZE")
    return known


def _conditions(started: Machine, wanted: argparse.Namespace) -> str:
    """What one must know of a run, without naming the machine."""
    today = started.sql("SELECT to_char(now(), 'DD.MM.YYYY'), current_setting('server_version')")
    day, server = today[0]
    return (
        f"Measured on {day} with {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()},"
        f" PostgreSQL {server}, {wanted.rounds} rounds, scale {wanted.scale}."
    )


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
