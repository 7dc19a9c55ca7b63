"""What was measured, against its goal, as a table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

UNITS = {"×": ".2f", "queries": ".0f", "kB": ".1f", "MiB": ".1f", "%": ".1f", "s": ".2f", "ms a row": ".3f"}
TABLE = re.compile(r"(?<=<!-- table -->\n).*(?=<!-- end -->)", re.DOTALL)


@dataclass(frozen=True)
class Result:
    """One figure. `goal` is what we want, `fails_at` where the command fails; with `at_least` less is worse."""

    measure: str
    what: str
    value: float | None
    unit: str
    goal: float
    fails_at: float
    at_least: bool = False
    note: str = ""

    @property
    def fails(self) -> bool:
        """Whether the line is crossed; what could not be measured crosses none."""
        return self.value is not None and self._is_worse(self.fails_at)

    @property
    def verdict(self) -> str:
        """In one or two words."""
        if self.value is None:
            return self.note
        if self.fails:
            return "**fails**"
        return "misses the goal" if self._is_worse(self.goal) else "holds"

    def _is_worse(self, line: float) -> bool:
        assert self.value is not None
        return self.value < line if self.at_least else self.value > line

    @property
    def cells(self) -> tuple[str, ...]:
        """A row of the table."""
        sign = "≥" if self.at_least else "≤"
        goal, line = (f"{limit:g} {self.unit}" for limit in (self.goal, self.fails_at))
        beyond = line if self.fails_at != self.goal else "exact"
        return self.measure, self.what, self._shown, f"{sign} {goal}", beyond, self.verdict

    @property
    def _shown(self) -> str:
        return "" if self.value is None else f"{self.value:{UNITS[self.unit]}} {self.unit}"


def table(results: Sequence[Result]) -> str:
    """As Markdown."""
    rows = [("", "Measured", "Value", "Goal", "Fails at", ""), *(result.cells for result in results)]
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "|---|---|---|---|---|---|", *body])


def write(results: Sequence[Result], conditions: str, target: Path) -> None:
    """Puts the table into the document, between its two marks."""
    text = target.read_text(encoding="utf-8")
    target.write_text(TABLE.sub(lambda _: f"{conditions}\n\n{table(results)}\n", text), encoding="utf-8")
