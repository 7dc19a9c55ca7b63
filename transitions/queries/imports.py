"""Reading a file with the list: every row judged, nothing stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from kok import sheets, vault
from kok.errors import Refused
from transitions.models import PendingImport, TransitionListVersion
from transitions.queries.listing import adds_late
from transitions.rules import people, year
from transitions.rules.case import CaseData
from transitions.rules.columns import COLUMNS, LATE, CellProblem, ReadRow, match_header, read_row

MOST_ROWS = 2000
SHEET = "Übergangsliste"  # of the template, beside the one with the words to choose from
LIMITS = sheets.Limits(bytes=5_000_000, rows=MOST_ROWS, columns=60, cell_length=300)
SAME_ROW = "Hier steht dasselbe wie in Zeile {first}. Löschen Sie eine der beiden Zeilen."
SAME_PERSON = (
    "Name und Geburtsdatum stehen schon in Zeile {first}, mit anderen Angaben. Lassen Sie die richtige Zeile stehen. "
    "Sind es zwei Menschen, geben Sie den zweiten von Hand ein."
)
_HEADING = {column.field: column.heading for column in COLUMNS}

Rows = tuple[tuple[CaseData, bool], ...]


@dataclass(frozen=True)
class WaitingRows:
    """The rows that wait beside a draft, opened, with the account that read them in, and when."""

    rows: Rows
    by: int
    at: datetime


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
    firsts: dict[people.Mark, tuple[int, CaseData]] = {}
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


def _repeated(read: ReadRow, firsts: dict[people.Mark, tuple[int, CaseData]]) -> tuple[CellProblem, ...]:
    """A row with the person of one above it: nobody means that, and each would become a case of its own."""
    if read.data is None:
        return ()
    first, data = firsts.setdefault(people.identity(read.data), (read.row, read.data))
    if first == read.row:
        return ()
    sentence = SAME_ROW if data == read.data else SAME_PERSON
    return (CellProblem(read.row, _HEADING["family_name"], sentence.format(first=first)),)


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
    found = [CellProblem(read.row, _HEADING[field], sentence) for field, sentence in told]
    return (*found, *_judge_mark(read.row, read.data, version, today)) if read.is_late else tuple(found)


def _judge_mark(row: int, data: CaseData, version: TransitionListVersion, today: date) -> Iterator[CellProblem]:
    """What is wrong with a "ja" in the column of the Nachmeldung."""
    if adds_late(version, today):
        return
    try:
        year.check_mark(data.expected_end_on, version.transition_list.year)
    except Refused as refused:
        yield CellProblem(row, LATE, f"{refused.sentence} Lassen Sie diese Zelle leer.")


def mark_of(pending: PendingImport, draft: TransitionListVersion) -> str:
    """Stands for the waiting rows and the state of the draft; the number of the rows first."""
    return f"{pending.pk}.{draft.revision}"


def pending_of(draft: TransitionListVersion) -> PendingImport | None:
    """The rows that wait beside a draft, unopened."""
    return PendingImport.objects.filter(version=draft).defer("content").first()


def waiting_in(draft: TransitionListVersion) -> str:
    """Their number, "" where none wait: what a file would replace."""
    pending = pending_of(draft)
    return str(pending.pk) if pending else ""


def sealed(waiting: WaitingRows, draft: TransitionListVersion) -> str:
    """Rows, who read them in, and when, as they wait beside a draft: nobody changes one of them without the others."""
    rows = [{"data": data.as_json(), "is_late": is_late} for data, is_late in waiting.rows]
    value = {"rows": rows, "by": waiting.by, "at": waiting.at.isoformat()}
    return vault.seal(value, belongs_to=str(draft.pk))


def opened(pending: PendingImport) -> WaitingRows:
    """What waits. Raises vault.KeyLost."""
    value = vault.unseal(pending.content, belongs_to=str(pending.version_id))
    rows = tuple((CaseData.from_json(each["data"]), each["is_late"]) for each in value["rows"])
    return WaitingRows(rows, value["by"], datetime.fromisoformat(value["at"]))
