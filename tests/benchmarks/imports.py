"""S7: a file of 100,000 rows, checked and stored, beside getting it into a table without a look."""

from statistics import median

from tests.benchmarks.results import Result
from tests.benchmarks.speed import Run

GOALS = {"csv": (2.5, "bare COPY"), "xlsx": (2.6, "python-calamine and COPY")}


def s7(run: Run) -> list[Result]:
    """Both kinds of files, each in a process of its own, in turns."""
    folder = run.machine.var
    run.machine.run("-m", "tests.benchmarks.sheet", "make", str(folder))
    results = []
    for kind in GOALS:
        file = str(folder / f"rows.{kind}")
        times = []
        for _ in range(min(run.rounds, 3)):
            floor = run.machine.run("-m", "tests.benchmarks.sheet", kind, file)
            times.append((floor, run.machine.run("-m", "tests.benchmarks.take_in", file)))
        run.raw[f"S7 {kind}"] = times
        results += [
            _result(kind, median(mine["seconds"] / floor["seconds"] for floor, mine in times)),
            Result("S7", f"the same from {kind.upper()}", max(mine["memory"] for _, mine in times), "MiB", 300, 300),
        ]
    return results


def _result(kind: str, value: float) -> Result:
    goal, floor = GOALS[kind]
    what = f"100,000 rows from {kind.upper()}, checked and stored, to {floor}"
    return Result("S7", what, value, "×", goal, 4)
