"""Checks of what is the same in every row: format, region, reference day, revision. Pure: today is an argument."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kok import words
from kok.errors import Refused
from reporting.figures.rules import checks
from reporting.figures.rules.cells import fault_of
from reporting.figures.rules.checks import Problem, Severity
from reporting.figures.rules.formats import FIRST, Check, ColumnType, Format, FormatColumn, a_day


@dataclass(frozen=True)
class Header:
    """What the rows have in common, as far as it could be read."""

    values: Mapping[str, str]
    region_kgs: str
    reference_date: date
    revision: int


def header_of(found: Format, first: Mapping[str, str], row: int) -> tuple[Header | None, list[Problem]]:
    """What the first row says for all, or what of it cannot be read. `first` holds the columns that the file has."""
    values = {name: _padded(found.column(name), first.get(name, "")) for name in found.constant_columns}
    given = {name: text for name, text in values.items() if text}
    problems = [problem for name, text in given.items() for problem in _readable(found, found.column(name), text, row)]
    missing = any(found.column(name).required for name in values.keys() - given.keys())
    day = a_day(values["reference_date"])
    if problems or missing or day is None:
        return None, problems
    values["reference_date"] = day.isoformat()
    return Header(values, values[found.region_column], day, int(values["revision"])), []


def check_header(found: Format, header: Header, row: int, today: date) -> Iterator[Problem]:
    """The checks of the format that need nothing but the header. Notes are left out: see `notes_of`."""
    for check in found.checks:
        words = _finding(found, check, header, today)
        if words is not None:
            column = getattr(check.params, "column", "")
            yield Problem(row, column, check.code, check.sentence.format(**words), check.severity is Severity.WARNING)


def notes_of(found: Format, reference_date: date) -> list[dict[str, str]]:
    """What is to be said with the figures of a day, such as a break in the series."""
    return [
        {"rule": check.code, "sentence": check.sentence}
        for check in found.checks
        if isinstance(check.params, checks.Note) and (check.params.since or FIRST) <= reference_date
    ]


def check_next_revision(number: int, following: int, reason: str | None) -> None:
    """Revisions count from 0 without gaps; from 1 on each has a reason. `reason=None` asks for none yet.

    Raises Refused.
    """
    if number != following:
        advice = "r0 ist die erste Lieferung" if following == 0 else f"eingelesen ist schon r{following - 1}"
        raise Refused(
            f"Die Datei nennt Revision {number}, die nächste ist {following} ({advice}). "
            f"Schreiben Sie in die Spalte revision überall {following}."
        )
    if number > 0 and reason is not None and not reason.strip():
        raise Refused("Das ist eine Berichtigung. Nennen Sie ihren Grund.")


def _padded(column: FormatColumn, text: str) -> str:
    return text.zfill(5) if column.type is ColumnType.KGS and text.isdecimal() else text


def _readable(found: Format, column: FormatColumn, text: str, row: int) -> Iterator[Problem]:
    fault = fault_of(column, found.codes(column.name), text)
    if fault:
        yield Problem(row, column.name, fault.rule, fault.sentence)
    elif column.type is ColumnType.DATE and a_day(text) is None:
        yield Problem(row, column.name, "V-F03", f"Den Tag {text} gibt es nicht.")


def _finding(found: Format, check: Check, header: Header, today: date) -> dict[str, str] | None:
    """The words of the sentence when a check of the header fails, else None."""
    params = check.params
    if isinstance(params, checks.DayOfYear):
        day = _day(header, params.column)
        return {"value": words.day(day)} if (day.month, day.day) != (params.month, params.day) else None
    if isinstance(params, checks.DateBeforeToday):
        day = _day(header, params.column)
        return {"value": words.day(day), "today": words.day(today)} if day.year >= today.year else None
    if isinstance(params, checks.CodeValidOn):
        value, day = header.values[params.column], _day(header, params.on)
        code = found.codes(params.column)[value]
        told = {"value": value, "title": code.title, "validity": code.validity, "date": words.day(day)}
        return None if code.is_valid_on(day) else told
    return None


def _day(header: Header, column: str) -> date:
    day = a_day(header.values.get(column, ""))
    return day or header.reference_date
