"""Many cases of one list, each with the choice of what became of it, and what somebody else said meanwhile."""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from uuid import UUID

from django.forms.boundfield import BoundField

from kok.words import moment, plural
from transitions.pages.case_lines import CaseLine
from transitions.pages.panels import Panel
from transitions.queries.outcomes import Said, said_about
from transitions.queries.questions import open_about
from transitions.rules.codes import CaseOutcome
from transitions.rules.endings import taken_over_from

MANY = 20  # cases whose outcomes take some seconds to be recorded


@dataclass(frozen=True)
class AskedCase:
    """A case and its choice; `taken_over_from`, while that is to come; what happened meanwhile; open questions."""

    line: CaseLine
    field: BoundField | None
    taken_over_from: date | None
    note: str
    questions: int


@dataclass(frozen=True)
class OutcomesPage:
    """The cases that are shown, of all `lines`; `open_count`: how many wait for an outcome, shown or not."""

    rows: tuple[AskedCase, ...]
    open_count: int
    kept_count: int
    panel: Panel

    @property
    def open_shown(self) -> int:
        """How many of the rows wait for an outcome."""
        return sum(map(attrgetter("line.is_open"), self.rows))

    @property
    def are_many(self) -> bool:
        """Whether recording them takes some seconds."""
        return len(self.rows) > MANY

    @property
    def part(self) -> str:
        """How many of how many are shown."""
        return f"{self.open_shown} von {self.open_count} Fällen"

    @property
    def size(self) -> str:
        """How many cases of the table are open, as the lead counts them; beside them who got an outcome meanwhile."""
        words = {0: "Kein Fall", 1: "1 Fall"}.get(self.open_shown, f"{self.open_shown} Fälle")
        decided = len(self.rows) - self.open_shown
        who = plural(decided, "der inzwischen ein Ergebnis hat", "die inzwischen ein Ergebnis haben")
        return f"{words}, dazu {decided}, {who}" if decided else words


def outcomes_page(
    lines: Iterable[CaseLine],
    shown: Set[UUID],
    field_of: Callable[[CaseLine], BoundField | None],
    notes: Mapping[UUID, str],
    *,
    panel: Panel,
    today: date,
) -> OutcomesPage:
    """The cases that are `shown`, of all lines; `panel`: what an outcome brings about."""
    every = list(lines)
    asked = open_about(shown)

    def row(line: CaseLine) -> AskedCase:
        pk, field = line.row.case.pk, field_of(line)
        first = taken_over_from(line.row.data.expected_end_on) if field and line.row.data else today
        return AskedCase(line, field, first if first > today else None, notes.get(pk, ""), asked[pk] if field else 0)

    return OutcomesPage(
        rows=tuple(row(line) for line in every if line.row.case.pk in shown),
        open_count=sum(map(attrgetter("is_open"), every)),
        kept_count=sum(map(attrgetter("is_kept"), every)),
        panel=panel,
    )


def notes_about(overtaken: Mapping[UUID, CaseOutcome], lines: Mapping[str, CaseLine], today: date) -> dict[UUID, str]:
    """What somebody else did meanwhile to cases for which a choice was sent."""
    said = said_about(overtaken, today)
    return {pk: _note(lines[str(pk)], outcome, said.get(pk)) for pk, outcome in overtaken.items()}


def _note(line: CaseLine, chosen: CaseOutcome, said: Said | None) -> str:
    by = f", {moment(said.at)}, {said.who}" if said and line.row.case.outcome else ""
    return f"Hier steht inzwischen „{line.sign}“{by}. Ihre Auswahl „{chosen.label}“ wurde nicht eingetragen."
