"""Checks of what is the same in every row: format, region, reference day, revision. Pure: today is an argument."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kok import words
from kok.errors import first_problem, refuse
from reporting.figures.rules import checks
from reporting.figures.rules.cells import expected_of
from reporting.figures.rules.checks import Problem
from reporting.figures.rules.formats import ColumnType, Format, FormatColumn, a_day

Words = dict[str, str]


@dataclass(frozen=True)
class Header:
    """What the rows have in common, as far as it could be read."""

    values: Mapping[str, str]
    region_kgs: str
    reference_date: date
    revision: int

    def day(self, column: str) -> date:
        """The day in a column; the reference day where it has none."""
        return a_day(self.values.get(column, "")) or self.reference_date


def header_of(found: Format, first: Mapping[str, str], row: int) -> tuple[Header | None, list[Problem]]:
    """What the first row says for all, or what of it cannot be read. `first` holds the columns that the file has."""
    columns = [found.column(name) for name in found.constant_columns]
    values = {each.name: _padded(each, first.get(each.name, "")) for each in columns}
    problems = [problem for each in columns for problem in _unreadable(found, each, values[each.name], row)]
    day = a_day(values["reference_date"])
    is_missing = any(each.required and not values[each.name] for each in columns)
    if problems or is_missing or day is None:
        return None, problems
    values["reference_date"] = day.isoformat()
    return Header(values, values[found.region_column], day, int(values["revision"])), []


def check_header(found: Format, header: Header, row: int, today: date) -> Iterator[Problem]:
    """The checks of the format that need nothing but the header. Notes are left out: see `notes_of`."""
    for check, params in found.checks_of(*ASKED):
        words = ASKED[type(params)](params, found, header, today)
        if words:
            column = getattr(params, "column", "")
            yield Problem(row, column, check.code, check.sentence.format(**words), check.is_warning)


def notes_of(found: Format, reference_date: date) -> list[dict[str, str]]:
    """What is to be said with the figures of a day, such as a break in the series."""
    return [
        {"rule": check.code, "sentence": check.sentence}
        for check, params in found.checks_of(checks.Note)
        if params.since <= reference_date
    ]


def check_next_revision(number: int, following: int, reason: str | None) -> None:
    """Revisions count from 0 without gaps; from 1 on each has a reason. `reason=None` asks for none yet.

    Raises Refused.
    """
    advice = {0: "r0 ist die erste Lieferung"}.get(following, f"eingelesen ist schon r{following - 1}")
    other = (
        f"Die Datei nennt Revision {number}, die nächste ist {following} ({advice}). "
        f"Schreiben Sie in die Spalte revision überall {following}."
    )
    has_no_reason = number > 0 and reason is not None and not reason.strip()
    no_reason = "Das ist eine Berichtigung. Nennen Sie ihren Grund."
    refuse(first_problem((number != following, other), (has_no_reason, no_reason)))


def _padded(column: FormatColumn, text: str) -> str:
    return text.zfill(5) if column.type is ColumnType.KGS and text.isdecimal() else text


def _unreadable(found: Format, column: FormatColumn, text: str, row: int) -> Iterator[Problem]:
    """What is wrong with what stands there, if anything does."""
    expected = expected_of(column, found.codes(column.name))
    if text and not expected.fits(text):
        fault = expected.fault(text)
        yield Problem(row, column.name, fault.rule, fault.sentence)
    elif column.is_no_day(text):
        yield Problem(row, column.name, "V-F03", f"Den Tag {text} gibt es nicht.")


def _same_day(params: checks.DayOfYear, _: Format, header: Header, today: date) -> Words:
    day = header.day(params.column)
    return {"value": words.day(day)} if (day.month, day.day) != (params.month, params.day) else {}


def _before_today(params: checks.DateBeforeToday, _: Format, header: Header, today: date) -> Words:
    day = header.day(params.column)
    return {"value": words.day(day), "today": words.day(today)} if day.year >= today.year else {}


def _valid_code(params: checks.CodeValidOn, found: Format, header: Header, today: date) -> Words:
    value, day = header.values[params.column], header.day(params.on)
    code = found.codes(params.column)[value]
    told = {"value": value, "title": code.title, "validity": code.validity, "date": words.day(day)}
    return {} if code.is_valid_on(day) else told


# What the sentence of a check says when it fails; nothing when all is well.
ASKED: Mapping[type[checks.CheckKind], Callable[..., Words]] = {
    checks.DayOfYear: _same_day,
    checks.DateBeforeToday: _before_today,
    checks.CodeValidOn: _valid_code,
}
