"""Reading a file with the list: every row judged, nothing stored."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from kok import sheets, vault
from kok.errors import Refused
from kok.models import User
from transitions.models import PendingImport, TransitionListVersion
from transitions.queries.access import Access
from transitions.queries.entering import reference_day_of
from transitions.queries.known import Known, KnownPeople
from transitions.queries.listing import adds_late
from transitions.queries.matching import Matched, Standing, match_rows
from transitions.queries.restriction import restricted_refs
from transitions.rules import ages, completeness, free_texts, people, year
from transitions.rules.case import CaseData
from transitions.rules.columns import COLUMNS, LATE, CellProblem, ReadRow, match_header, read_row
from transitions.rules.months import month_words
from transitions.rules.municipalities import municipality_warning
from transitions.rules.names import People

MOST_ROWS = 2000
MOST_SHOWN = 200
SHEET = "Übergangsliste"  # of the template, beside the one with the words to choose from
LIMITS = sheets.Limits(bytes=5_000_000, rows=MOST_ROWS, columns=60, cell_length=300)
SAME_ROW = "Hier steht dasselbe wie in Zeile {first}. Löschen Sie eine der beiden Zeilen."
TWICE = "Diese Person steht wohl zweimal in der Datei."
SAME_PERSON = (
    "Name und Geburtsdatum stehen schon in Zeile {first}, mit anderen Angaben. Lassen Sie die richtige Zeile stehen. "
    "Sind es zwei Menschen, geben Sie den zweiten von Hand ein."
)
_HEADING = {column.field: column.heading for column in COLUMNS}

Rows = tuple[tuple[CaseData, bool], ...]


@dataclass(frozen=True)
class Waiting:
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


@dataclass(frozen=True)
class PreviewRow:
    """One waiting row against the draft, with hints that hinder nothing.

    `alike`: the cases of which it is asked whether they are the same person. `is_twice`: so may another row be.
    `is_telling`: one of its texts seems to say too much.
    """

    row: Matched
    month: str
    hints: tuple[str, ...]
    alike: tuple[Known, ...] = ()
    is_twice: bool = False
    is_telling: bool = False

    @property
    def is_double(self) -> bool:
        """Whether somebody may be named twice by it."""
        return self.is_twice or bool(self.alike)

    @property
    def is_asked(self) -> bool:
        """Whether whoever takes the row over answers for something."""
        return self.is_telling or self.is_double

    @property
    def is_hinted(self) -> bool:
        """Whether something stands beside it."""
        return bool(self.hints or self.alike)

    @property
    def is_same(self) -> bool:
        """Whether the draft says all of it already."""
        return self.row.standing is Standing.SAME

    @property
    def rank(self) -> int:
        """What is asked stands first, then what has a hint or differs, and last what the draft says already."""
        if self.is_asked:
            return 0
        return 1 if self.is_hinted or self.row.changes else 3 if self.is_same else 2


@dataclass(frozen=True)
class Preview:
    """What waits beside a draft: how many rows of each kind, since when, and the first of them, those with hints first.

    `mark` stands for these rows and this draft: what is taken over is what was shown.
    """

    mark: str
    uploaded_at: datetime
    uploaded_by: str
    rows: tuple[PreviewRow, ...]
    count: int
    new: int
    same: int
    different: int
    left_alone: int
    hinted: int
    asked: int
    doubles: int
    telling: int


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


def preview_of(version: TransitionListVersion, access: Access, today: date) -> Preview | None:
    """The waiting rows of a draft with hints; None when none waits. Raises vault.KeyLost."""
    pending = PendingImport.objects.filter(version=version).first()
    if pending is None:
        return None
    waiting = opened(pending)
    matched = match_rows(version, waiting.rows, restricted_refs(access))
    known = KnownPeople(version, access)
    rows = sorted(_preview_rows(version, matched, known, today), key=lambda each: each.rank)
    kinds, asked = Counter(each.standing for each in matched), sum(each.is_asked for each in rows)
    return Preview(
        mark=mark_of(pending, version),
        uploaded_at=waiting.at,
        uploaded_by=_name_of(waiting.by),
        rows=tuple(rows[: max(MOST_SHOWN, asked)]),
        count=len(rows),
        new=kinds[Standing.NEW],
        same=kinds[Standing.SAME],
        different=kinds[Standing.DIFFERENT],
        left_alone=kinds[Standing.LEFT_ALONE],
        hinted=sum(each.is_hinted for each in rows),
        asked=asked,
        doubles=sum(each.is_double for each in rows),
        telling=sum(each.is_telling for each in rows),
    )


def _preview_rows(
    version: TransitionListVersion, matched: list[Matched], known: KnownPeople, today: date
) -> Iterator[PreviewRow]:
    names = version.transition_list.agreement.municipality_names
    entered = [entry.data for entry in version.entries.exclude(content="")]
    waiting = people.Lookup((place, row.data) for place, row in enumerate(matched))
    listed = People((data.family_name, data.given_name) for data in (*entered, *(row.data for row in matched)))
    day = reference_day_of(version, None, today)
    for place, row in enumerate(matched):
        month = month_words(row.data.expected_end_on)
        if row.standing in (Standing.SAME, Standing.LEFT_ALONE):
            yield PreviewRow(row, month, (row.why,) if row.why else ())
            continue
        alike = known.alike(row.data) if row.standing is Standing.NEW else []
        doubts = [f"{free_texts.FREE_TEXTS[field]}: {told}" for field, told in free_texts.doubts(row.data, listed)]
        is_twice = bool(waiting.alike(row.data, but=(place,)))
        hints = (*doubts, *([TWICE] if is_twice else ()), *_hints(row.data, names, day))
        yield PreviewRow(row, month, hints, tuple(alike), is_twice, is_telling=bool(doubts))


def _hints(data: CaseData, names: dict[str, str], day: date) -> Iterator[str]:
    if warning := municipality_warning(data.ga_municipality, names):
        yield warning
    if doubt := ages.basis_doubt(data.facility_basis, data.date_of_birth, day):
        yield doubt
    for _, sentence in completeness.missing(data):
        yield sentence


def _name_of(account: int) -> str:
    user = User.objects.get(pk=account)
    return user.get_full_name() or user.get_username()


def sealed(waiting: Waiting, draft: TransitionListVersion) -> str:
    """Rows, who read them in, and when, as they wait beside a draft: nobody changes one of them without the others."""
    rows = [{"data": data.as_json(), "is_late": is_late} for data, is_late in waiting.rows]
    value = {"rows": rows, "by": waiting.by, "at": waiting.at.isoformat()}
    return vault.seal(value, belongs_to=str(draft.pk))


def opened(pending: PendingImport) -> Waiting:
    """What waits. Raises vault.KeyLost."""
    value = vault.unseal(pending.content, belongs_to=str(pending.version_id))
    rows = tuple((CaseData.from_json(each["data"]), each["is_late"]) for each in value["rows"])
    return Waiting(rows, value["by"], datetime.fromisoformat(value["at"]))
