"""Reading a file with the list: every row judged, nothing stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from kok import sheets, vault
from kok.errors import Refused
from transitions.models import PendingImport, TransitionListVersion
from transitions.rules import completeness, free_texts, people, year
from transitions.rules.case import CaseData
from transitions.rules.columns import COLUMNS, LATE, CellProblem, ReadRow, match_header, read_row
from transitions.rules.months import month_words
from transitions.rules.municipalities import municipality_warning
from transitions.rules.names import People

MOST_ROWS = 2000
MOST_SHOWN = 200
SHEET = "Übergangsliste"  # of the template, beside the one with the words to choose from
LIMITS = sheets.Limits(bytes=5_000_000, rows=MOST_ROWS, columns=60, cell_length=300)
_HEADING = {column.field: column.heading for column in COLUMNS}

Rows = tuple[tuple[CaseData, bool], ...]


@dataclass(frozen=True)
class FileRead:
    """What a file says: its rows as (person, is_late), or every problem; never both."""

    rows: Rows
    problems: tuple[CellProblem, ...]


def read_file(content: bytes, *, version: TransitionListVersion, today: date) -> FileRead:
    """Judges a whole file. Raises Refused when it cannot be read as a table with the expected headings."""
    table = sheets.read(BytesIO(content), limits=LIMITS, sheet=SHEET)
    places = match_header(table.header)
    municipalities = version.transition_list.agreement.municipality_names
    rows: list[tuple[CaseData, bool]] = []
    problems: list[CellProblem] = []
    firsts: dict[CaseData, int] = {}
    for row in table.rows:
        cells = {heading: row.cells[place] for heading, place in places.items()}
        read = read_row(row.number, cells, municipalities)
        found = read.problems or _judge(read, version, today) or _repeated(read, firsts)
        problems += found
        if read.data is not None and not found:
            rows.append((read.data, read.is_late))
    if not rows and not problems:
        raise Refused("Die Datei enthält keine Fälle. Es wurde nichts gespeichert. Füllen Sie die Vorlage aus.")
    return FileRead(() if problems else tuple(rows), tuple(problems))


def _repeated(read: ReadRow, firsts: dict[CaseData, int]) -> tuple[CellProblem, ...]:
    """A row that says the same as one above it: nobody means that, and each would become a case of its own."""
    first = firsts.setdefault(read.data, read.row) if read.data else read.row
    if first == read.row:
        return ()
    sentence = f"Hier steht dasselbe wie in Zeile {first}. Löschen Sie eine der beiden Zeilen."
    return (CellProblem(read.row, _HEADING["family_name"], sentence),)


def _judge(read: ReadRow, version: TransitionListVersion, today: date) -> tuple[CellProblem, ...]:
    if read.data is None:
        return ()
    told = list(people.check_data(read.data, today))
    try:
        year.check_year(read.data.expected_end_on, version.transition_list.year, read.is_late)
    except Refused as refused:
        is_offered = getattr(refused, "may_be_late", False)
        hint = f" In der Datei schreiben Sie dazu in die Spalte {LATE}: ja." if is_offered else ""
        told.append(("expected_end_on", refused.sentence + hint))
    return tuple(CellProblem(read.row, _HEADING[field], sentence) for field, sentence in told)


@dataclass(frozen=True)
class PreviewRow:
    """One waiting row with hints that hinder nothing."""

    data: CaseData
    is_late: bool
    month: str
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What waits beside a draft: how many, since when, and the first of them with all whose free texts are doubtful."""

    number: UUID
    count: int
    uploaded_at: datetime
    uploaded_by: str
    rows: tuple[PreviewRow, ...]
    doubtful: int

    @property
    def has_hints(self) -> bool:
        """Whether a row that is shown has a hint."""
        return any(row.hints for row in self.rows)


def preview_of(version: TransitionListVersion) -> Preview | None:
    """The waiting rows of a draft with hints; None when none waits. Raises vault.KeyLost."""
    pending = PendingImport.objects.filter(version=version).select_related("uploaded_by").first()
    if pending is None:
        return None
    rows = pending_rows(pending)
    names = version.transition_list.agreement.municipality_names
    entered = [(entry.pk, entry.data) for entry in version.entries.exclude(content="")]
    read = [(place, data) for place, (data, _) in enumerate(rows)]
    known, waiting = people.Lookup(entered), people.Lookup(read)
    listed = People((data.family_name, data.given_name) for _, data in (*entered, *read))
    doubts = {place: found for place, data in read if (found := _doubts(data, listed))}
    shown = [
        PreviewRow(
            data,
            is_late,
            month_words(data.expected_end_on),
            (*_hints(place, data, known, waiting, names), *doubts.get(place, ())),
        )
        for place, (data, is_late) in enumerate(rows)
        if place < MOST_SHOWN or place in doubts
    ]
    name = pending.uploaded_by.get_full_name() or pending.uploaded_by.get_username()
    return Preview(pending.pk, len(rows), pending.uploaded_at, name, tuple(shown), len(doubts))


def _hints(
    place: int, data: CaseData, known: people.Lookup[Any], waiting: people.Lookup[int], names: dict[str, str]
) -> Iterator[str]:
    if known.alike(data):
        yield "Diese Person steht wohl schon im Entwurf."
    if waiting.alike(data, but=place):
        yield "Diese Person steht wohl zweimal in der Datei."
    if warning := municipality_warning(data.ga_municipality, names):
        yield warning
    for _, sentence in completeness.missing(data):
        yield sentence


def _doubts(data: CaseData, listed: People) -> tuple[str, ...]:
    found = free_texts.doubts(data, listed)
    return tuple(f"{free_texts.FREE_TEXTS[field]}: {sentence}" for field, sentence in found)


def pending_rows(pending: PendingImport) -> Rows:
    """The waiting rows, opened. Raises vault.KeyLost."""
    opened = vault.unseal(pending.content, belongs_to=str(pending.version_id))
    return tuple((CaseData.from_json(each["data"]), each["is_late"]) for each in opened)
