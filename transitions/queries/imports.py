"""Reading a file with the list: every row judged, nothing stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from kok import sheets, vault
from kok.errors import Refused, require
from transitions.models import PendingImport, TransitionListVersion
from transitions.queries.listing import adds_late
from transitions.rules import people, year
from transitions.rules.case import CaseData
from transitions.rules.columns import COLUMNS, LATE, CellProblem, ReadRow, match_header, read_row

MOST_ROWS = 2000
SHEET = "Übergangsliste"  # of the template, beside the one with the words to choose from
LIMITS = sheets.Limits(bytes=5_000_000, rows=MOST_ROWS, columns=60, cell_length=300)
SAME_ROW = "Hier steht dasselbe wie in Zeile {first}. Löschen Sie eine der beiden Zeilen."
NO_ROWS = "Die Datei enthält keine Fälle. Es wurde nichts gespeichert. Füllen Sie die Vorlage aus."
HOW_LATE = f" In der Datei schreiben Sie dazu in die Spalte {LATE}: ja."
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
    firsts: dict[people.Mark, tuple[int, CaseData]] = {}
    read: list[ReadRow] = []
    problems: list[CellProblem] = []
    for row in table.rows:
        cells = {heading: row.cells[place] for heading, place in places.items()}
        read.append(read_row(row.number, cells, municipalities))
        problems += _problems_of(read[-1], version, firsts, today)
    require(read, NO_ROWS)
    rows = () if problems else tuple((each.data, each.is_late) for each in read if each.data)
    return FileRead(rows, tuple(problems))


def _problems_of(
    read: ReadRow, version: TransitionListVersion, firsts: dict[people.Mark, tuple[int, CaseData]], today: date
) -> tuple[CellProblem, ...]:
    """What is wrong with a row: its cells, or else what they say, or else that somebody stands there twice."""
    if read.data is None:
        return read.problems
    return _judge(read, read.data, version, today) or _repeated(read.row, read.data, firsts)


def _repeated(row: int, data: CaseData, firsts: dict[people.Mark, tuple[int, CaseData]]) -> tuple[CellProblem, ...]:
    """A row with the person of one above it: nobody means that, and each would become a case of its own."""
    first, above = firsts.setdefault(people.identity(data), (row, data))
    if first == row:
        return ()
    sentence = SAME_ROW if above == data else SAME_PERSON
    return (CellProblem(row, _HEADING["family_name"], sentence.format(first=first)),)


def _judge(read: ReadRow, data: CaseData, version: TransitionListVersion, today: date) -> tuple[CellProblem, ...]:
    told = list(people.check_data(data, today))
    if wrong := year.wrong_year(data.expected_end_on, version.transition_list.year, read.is_late):
        told.append(("expected_end_on", wrong.sentence + (HOW_LATE if wrong.may_be_late else "")))
    found = [CellProblem(read.row, _HEADING[field], sentence) for field, sentence in told]
    return (*found, *_judge_mark(read.row, data, version, today)) if read.is_late else tuple(found)


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
