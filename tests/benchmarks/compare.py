"""`bin/bench --compare STATE`: this state and an earlier one in turns, line by line, on the same machine in one run."""

import io
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from kok.embedded import PROJECT
from tests.benchmarks.machine import Stopped
from tests.benchmarks.results import Result
from tests.benchmarks.speed import Run

SLOWER = 1.3  # times the old value, where a line of time fails
TIMES = ("×", "s", "ms a row")
ONCE = ("S2", "S6")  # counts, bytes and memory are the same in every round

Measure = Callable[[Run], list[Result]]


def checked_out(state: str, tree: Path) -> Path:
    """The tree of a commit, with what the set-up of this one has installed. Raises Stopped without such a commit."""
    archive = subprocess.run(["git", "archive", state], cwd=PROJECT, capture_output=True, check=False)
    if archive.returncode:
        raise Stopped(f"Den Stand „{state}“ gibt es nicht: {archive.stderr.decode().strip()}")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(tree, filter="data")
    (tree / "node_modules").symlink_to(PROJECT / "node_modules")
    (tree / "build").mkdir()
    (tree / "build" / "fonts").symlink_to(PROJECT / "build" / "fonts")
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    if subprocess.run(collect, cwd=tree, check=False).returncode:
        raise Stopped(f"Die Dateien des Standes „{state}“ lassen sich nicht sammeln.")
    return tree


def in_turns(measures: dict[str, Measure], old: Run, new: Run, rounds: int, say: Callable[[str], None]) -> list[Result]:
    """Old, new, old, new: what each line of this state is to the same line of the old one, median over the rounds."""
    seen: dict[Result, list[tuple[Result, Result]]] = {}
    for number in range(rounds):
        for name, measure in measures.items():
            if number and name in ONCE:
                continue
            for before, now in zip(measure(old), measure(new), strict=True):
                first = next((line for line in seen if (line.measure, line.what) == (now.measure, now.what)), now)
                seen.setdefault(first, []).append((before, now))
        say(f"Runde {number + 1} von {rounds} ist gemessen.")
    return [compared(pairs) for pairs in seen.values()]


def compared(pairs: list[tuple[Result, Result]]) -> Result:
    """One line: times may grow by three tenths, counts and bytes not at all; memory keeps its own goal."""
    line = pairs[0][1]
    values = [(before.value, now.value) for before, now in pairs if before.value is not None and now.value is not None]
    if not values:
        return Result(line.measure, line.what, None, "×", 1, 1, note=line.note)
    if line.unit in TIMES:
        ratio = median(before / now if line.at_least else now / before for before, now in values)
        return Result(line.measure, f"{line.what}: to the old state", ratio, "×", 1, SLOWER)
    before, now = values[0]
    limit = max(before, line.goal) if line.unit in ("MiB", "%") else before
    return Result(line.measure, line.what, now, line.unit, limit, limit)
