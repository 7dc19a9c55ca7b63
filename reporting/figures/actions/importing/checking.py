"""One file checked from its first byte to the year before: what is wrong, what is doubtful, what it says of itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kok.access import Permission
from kok.errors import Refused, require
from kok.models import User
from kok.months import months_later
from kok.sheets import SheetRefused
from kok.words import enumeration
from members.models import Agreement
from members.queries import carriers_of
from reporting.figures.actions.importing import fixed_rows, groups, reading, rows
from reporting.figures.actions.importing.contents import Contents
from reporting.figures.models import DatasetRevision
from reporting.figures.queries.reach import sides_of, works_statewide
from reporting.figures.rules.checks import MOST_LISTED, Problem
from reporting.figures.rules.checks_header import Header, check_header, check_next_revision, header_of, notes_of
from reporting.figures.rules.codes import Deliverer
from reporting.figures.rules.formats import Format

Progress = Callable[[str, int], None]
MOST_VALUES = 20  # of a metadata column that is not the same everywhere


@dataclass
class Checked:
    """The result for one file; it may be stored when `problems` is empty."""

    contents: Contents | None = None
    header: Header | None = None
    problems: list[Problem] = field(default_factory=list)  # errors; at most 500, `problem_count` are all
    problem_count: int = 0
    warnings: list[Problem] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)  # the rules of all errors

    @property
    def format(self) -> Format | None:
        """The format of the file, if it could be told."""
        return self.contents.format if self.contents else None

    @property
    def rows(self) -> int:
        """How many rows it has below the header."""
        return self.contents.rows if self.contents else 0

    def add(self, found: Iterable[tuple[list[Problem], int]]) -> None:
        """Takes over what a check found."""
        for problems, count in found:
            errors = [each for each in problems if not each.is_warning]
            self.warnings += [each for each in problems if each.is_warning]
            self.broken |= {each.rule for each in errors}
            self.problem_count += max(count - (len(problems) - len(errors)), len(errors))
            listed = sorted(self.problems + errors, key=lambda each: (each.row, each.column, each.rule))
            self.problems = listed[:MOST_LISTED]

    def say(self, *problems: Problem) -> None:
        """Takes over problems that were found one by one."""
        self.add(([each], 1) for each in problems)


def checked(
    content: bytes, *, agreement: Agreement | None, correction_reason: str | None, by: User | None, today: date,
    on_progress: Progress,
) -> Checked:  # fmt: skip
    """The contents of a file with all that is wrong with them."""
    result = Checked()
    on_progress("READING", 0)
    try:
        found = result.contents = reading.read(content)
        on_progress("CHECKING", found.rows)
        _check(result, found, today)
        if result.header:
            _check_place(result, found, agreement, correction_reason, by)
    except reading.HeaderWrong as wrong:
        result.say(*wrong.problems)
    except Refused as refused:
        row = refused.row if isinstance(refused, SheetRefused) else None
        result.say(Problem(row or 1, "", "V-F00", refused.sentence))
    return result


def _check(result: Checked, found: Contents, today: date) -> None:
    """All checks of the format. Numbers are looked at when every cell is readable, sums when keys are unique."""
    first_row = found.row(0)
    result.header, problems = header_of(found.format, found.first, first_row)
    result.say(*problems)
    result.add(rows.check_texts(found))
    result.add(groups.check_keys(found))
    if result.header is None:
        return
    result.say(*check_header(found.format, result.header, first_row, today))
    result.notes = notes_of(found.format, result.header.reference_date)
    result.metadata = _metadata(found, result.header)
    if not result.broken & {"V-F02", "V-F03", "V-F04"}:
        result.add(rows.check_numbers(found))
        result.add(fixed_rows.check_fixed_rows(found, result.header, _previous(found.format, result.header)))
        if result.problem_count == 0:
            result.add(groups.check_groups(found))


def _metadata(found: Contents, header: Header) -> dict[str, Any]:
    values: dict[str, Any] = {name: value for name, value in header.values.items() if value}
    for column in found.format.metadata_columns:
        if found.has(column.name) and column.name not in header.values:
            values[column.name] = [text for text in found.raw[column.name].texts if text][:MOST_VALUES]
    return {name: value for name, value in values.items() if value}


def _previous(found: Format, header: Header) -> DatasetRevision | None:
    """The newest revision of the year before."""
    return (
        DatasetRevision.objects.filter(
            dataset__format_id=found.id,
            dataset__region_kgs=header.region_kgs,
            dataset__reference_date=months_later(header.reference_date, -12),
        )
        .order_by("-number")
        .first()
    )


def following_revision(found: Format, header: Header) -> int:
    """The number that the next delivery of these figures has."""
    newest = (
        DatasetRevision.objects.filter(
            dataset__format_id=found.id,
            dataset__region_kgs=header.region_kgs,
            dataset__reference_date=header.reference_date,
        )
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    return 0 if newest is None else newest + 1


def _check_place(
    result: Checked, found: Contents, agreement: Agreement | None, correction_reason: str | None, by: User | None
) -> None:
    """Is this the next delivery, and may it come from here?"""
    header = result.header
    assert header is not None  # noqa: S101  the caller asked
    try:
        check_next_revision(header.revision, following_revision(found.format, header), correction_reason)
    except Refused as refused:
        result.say(Problem(found.row(0), "revision", "V-F09", refused.sentence))
    if agreement is None:
        return
    try:
        check_sender(found.format, header, agreement, by)
    except Refused as refused:
        heading = found.headings[found.format.region_column]
        result.say(Problem(found.row(0), heading, "V-F10", refused.sentence))


def check_sender(found: Format, header: Header, agreement: Agreement, by: User | None) -> None:
    """8c comes from a local carrier under its own Kreisschlüssel, 8d and indicators from the LWV.

    The LWV delivers for any region in Hessen, with a role for one agreement only for its carriers. `by=None` is the
    operator. Raises Refused.
    """
    kgs = header.region_kgs
    names = {carrier.authority.kgs: carrier.short_name for carrier in carriers_of(agreement)}
    here = enumeration(f"{key} ({name})" for key, name in names.items())
    is_local = found.delivered_by is Deliverer.LOCAL
    if is_local and kgs not in names:
        region = found.codes(found.region_column)[kgs].title
        raise Refused(
            f"Die Datei gehört zu {kgs} ({region}), zur Vereinbarung {agreement.region} gehört der Schlüssel {here}. "
            "Berichtigen Sie den Schlüssel, oder lesen Sie die Datei bei der richtigen Vereinbarung ein."
        )
    if by is None:
        return
    sides = sides_of(by, Permission.FIGURES_DELIVER, agreement)
    who = "der örtliche Träger" if is_local else "der LWV"
    require(
        sides.keys if is_local else sides.is_lwv,
        f"{found.id} liefert {who}. Wenden Sie sich an die Meldungen dieses Partners.",
    )
    own = enumeration(f"{key} ({name})" for key, name in names.items() if key in sides.keys)
    require(
        kgs in sides.keys or not is_local,
        f"Die Datei gehört zu {kgs} ({names.get(kgs)}), Ihre Rolle zu {own}. Berichtigen Sie den Schlüssel, oder "
        "wenden Sie sich an die Meldungen dieses Partners.",
    )
    require(
        kgs in names or works_statewide(by, Permission.FIGURES_DELIVER),
        f"Die Datei gehört zu {kgs}, Ihre Rolle zur Vereinbarung {agreement.region}: {here}. Zahlen anderer "
        "Regionen liefert, wer die Rolle Meldungen für den ganzen LWV hat.",
    )
