"""Checking a file without a trace, and storing one that is right."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from hashlib import sha256
from itertools import chain, repeat

import numpy as np
from django.db import connection, transaction
from django.utils.formats import number_format
from psycopg.sql import SQL, Identifier

from kok import audit
from kok.errors import Refused
from kok.models import User
from members.models import Agreement
from reporting.duties.rules.fulfilment import day_in_hessen
from reporting.figures.actions.importing.checking import Checked, Progress, checked, following_revision
from reporting.figures.actions.importing.columns import Cells
from reporting.figures.actions.importing.contents import Contents
from reporting.figures.models import DataCell, Dataset, DatasetRevision
from reporting.figures.rules.checks import Problem
from reporting.figures.rules.checks_header import Header, check_next_revision
from reporting.figures.rules.revisions import Warned

TEXTS = (
    "comparison_group", "indicator", "sex", "age_group", "location", "service", "setting", "disability", "unit", "flag",
    "remark",
)  # fmt: skip
NUMBERS = ("value", "numerator", "denominator")
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})  # as COPY wants it
MOST_JOINED = 10_000  # texts of several columns together
BLOCK = 2_000  # rows sent at a time


class FileRefused(Refused):
    """The file was not taken over; `checked.problems` say why, each with row, column and rule."""

    def __init__(self, found: Checked) -> None:
        self.checked = found
        count = number_format(found.problem_count, force_grouping=True)
        said = f"Die Datei hat {count} Fehler. Berichtigen Sie sie und lesen Sie sie noch einmal ein."
        if found.problem_count == 1:
            said = found.problems[0].told
        super().__init__(said if "nichts übernommen" in said else f"{said} Es wurde nichts übernommen.")


def _ignore(state: str, rows: int) -> None:
    """Nobody watches."""


def check_file(
    *, content: bytes, today: date, agreement: Agreement | None = None, correction_reason: str | None = None,
    by: User | None = None,
) -> Checked:  # fmt: skip
    """What is wrong and what is doubtful in a file; stores nothing.

    Without `agreement` nobody asks who delivers, without `correction_reason` nobody asks for the reason.
    """
    return checked(
        content, agreement=agreement, correction_reason=correction_reason, by=by, today=today, on_progress=_ignore
    )


def import_file(
    *, content: bytes, filename: str, agreement: Agreement | None, correction_reason: str = "", by: User | None,
    now: datetime, on_progress: Progress = _ignore,
) -> DatasetRevision:  # fmt: skip
    """Stores a file as the next revision of its figures, with all values, or nothing at all.

    Without `agreement` it is that of the region. `on_progress(state, rows)` is told READING, CHECKING, STORING between
    the steps, outside of any transaction of this function. Raises FileRefused.
    """
    today = day_in_hessen(now)
    found = checked(
        content, agreement=agreement, correction_reason=correction_reason, by=by, today=today, on_progress=on_progress
    )
    contents, header = _storable(found)
    place = agreement or _agreement_of(found, header)
    on_progress("STORING", found.rows)
    revision = DatasetRevision(
        agreement=place,
        format_version=header.values["format_version"],
        metadata={**found.metadata, "file": filename[:150], "notes": found.notes},
        correction_reason=correction_reason.strip() if header.revision else "",
        warnings=[
            Warned(row=each.row, column=each.column, rule=each.rule, sentence=each.sentence) for each in found.warnings
        ],
        row_count=found.rows,
        file_sha256=sha256(content).hexdigest(),
        imported_at=now,
        imported_by=by,
    )
    return _store(revision, contents, header)


def _storable(found: Checked) -> tuple[Contents, Header]:
    """What is stored of a file without errors. Raises FileRefused."""
    if found.problem_count or found.contents is None or found.header is None:
        raise FileRefused(found)
    return found.contents, found.header


@transaction.atomic
def _store(revision: DatasetRevision, found: Contents, header: Header) -> DatasetRevision:
    """The revision with its values. Somebody may have been quicker: the number is asked for once more, under lock."""
    dataset, _ = Dataset.objects.get_or_create(
        format_id=found.format.id, region_kgs=header.region_kgs, reference_date=header.reference_date
    )
    Dataset.objects.select_for_update().get(pk=dataset.pk)
    check_next_revision(header.revision, following_revision(found.format, header), revision.correction_reason)
    revision.dataset, revision.number = dataset, header.revision
    revision.save()
    _store_cells(found, revision)
    slug, by, now = revision.agreement.slug, revision.imported_by, revision.imported_at
    note = f"{found.format.id} {header.region_kgs} {header.reference_date} {revision.label}"
    audit.record(by=by, action="dataset.imported", obj=revision, agreement=slug, note=note, now=now)
    return revision


def _store_cells(found: Contents, revision: DatasetRevision) -> None:
    """Sent to the table as they are, rows in the order of the file."""
    columns = {"revision_id": Cells.constant(str(revision.pk), found.rows)}
    columns |= {field: _texts(found, field) for field in TEXTS}
    columns |= {field: _numbers(found, field) for field in NUMBERS if found.has(found.format.name_of(field))}
    copy_in = SQL("COPY {} ({}) FROM STDIN").format(
        Identifier(DataCell._meta.db_table), SQL(", ").join(map(Identifier, ["row", *columns]))
    )
    with connection.cursor() as cursor, cursor.copy(copy_in) as copy:
        for block in _lines(found.numbers.tolist(), list(columns.values())):
            copy.write(block)


def _texts(found: Contents, field: str) -> Cells:
    if not found.format.name_of(field):
        return Cells.constant({"unit": found.format.count_unit}.get(field, ""), found.rows)
    cells = found.field(field)
    return Cells([text.translate(ESCAPED) for text in cells.texts], cells.places)


def _numbers(found: Contents, field: str) -> Cells:
    cells = found.field(field)
    return Cells([text.replace(",", ".") or r"\N" for text in cells.texts], cells.places)


def _lines(numbers: Sequence[int], columns: Sequence[Cells]) -> Iterator[str]:
    """Lines for COPY, many at a time. Columns of few texts are joined first, so that a line has few pieces."""
    pieces = list(_joined(columns))
    for start in range(0, len(numbers), BLOCK):
        end = min(start + BLOCK, len(numbers))
        parts = (map(piece.texts.__getitem__, piece.places[start:end].tolist()) for piece in pieces)
        yield "".join(chain.from_iterable(zip(map(str, numbers[start:end]), *parts, repeat("\n"), strict=False)))


def _joined(columns: Sequence[Cells]) -> Iterator[Cells]:
    """The same columns, those side by side as one while they have few combinations; each begins with a tab."""
    texts, places = [""], np.zeros(len(columns[0].places), np.int64)
    for cells in columns:
        if len(texts) * len(cells.texts) > MOST_JOINED:
            yield Cells(texts, places)
            texts, places = [""], np.zeros_like(places)
        texts = [f"{before}\t{text}" for before in texts for text in cells.texts]
        places = places * len(cells.texts) + cells.places
    yield Cells(texts, places)


def _agreement_of(found: Checked, header: Header) -> Agreement:
    """The agreement of the region. Raises FileRefused where there is none."""
    place = Agreement.objects.filter(partners__authority__kgs=header.region_kgs).first()
    if place is None:
        sentence = f"Für {header.region_kgs} ist hier keine Vereinbarung geladen. Nennen Sie die Vereinbarung."
        found.say(Problem(1, "", "V-F10", sentence))
        raise FileRefused(found)
    return place
