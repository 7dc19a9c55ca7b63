"""Checks that need one row only: its texts first, then its numbers."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

import numpy as np

from reporting.figures.actions.importing.columns import as_decimal
from reporting.figures.actions.importing.contents import Contents, Found, Rules, german, of_kinds
from reporting.figures.rules import checks
from reporting.figures.rules.cells import Expected, expected_of, told
from reporting.figures.rules.checks import MOST_LISTED, Problem
from reporting.figures.rules.formats import Check, ColumnType, FormatColumn

CENT = Decimal("0.01")


def check_texts(contents: Contents) -> Iterator[Found]:
    """Is every cell there, of its type, of its list; the same everywhere where it must be? Do they fit each other?"""
    yield from of_kinds(contents, {checks.Constant: _constant})
    yield from _gaps(contents)
    for column in contents.varying:
        yield _faults(contents, column)
    for column in contents.varying:
        if column.type is ColumnType.DATE:
            yield _no_days(contents, column)
    for kind, rule in OF_TEXTS.items():
        yield from of_kinds(contents, {kind: rule})


def check_numbers(contents: Contents) -> Iterator[Found]:
    """Rules about the values of a row, once all of them are known to be numbers."""
    yield from of_kinds(contents, {checks.Range: _range})
    yield from of_kinds(contents, {checks.Ratio: _ratio})


def _constant(contents: Contents, check: Check, params: checks.Constant) -> Iterator[Found]:
    for name in contents.raw.keys() & set(params.columns):
        yield _differing(contents, check, name)


def _differing(contents: Contents, check: Check, name: str) -> Found:
    cells, codes = contents.raw[name], contents.format.codes(name)

    def differs(place: int) -> str:
        value, first = (told(text, codes) if text else "nichts" for text in (cells.at(place), cells.at(0)))
        return check.sentence.format(value=value, first=first)

    return contents.said(name, check.code, cells.places != cells.places[0], differs)


def _gaps(contents: Contents) -> Iterator[Found]:
    """Empty cells where something must stand."""
    for column in map(contents.format.column, contents.headings):
        cells = contents.raw[column.name]
        if column.required and not column.default and "" in cells.texts:
            sentence = f"Die Angabe fehlt. Füllen Sie die Spalte {column.title} aus."
            yield contents.said_alike(column.name, "V-F02", cells.is_in(("",)), sentence)


def _expected(contents: Contents, column: FormatColumn) -> Expected:
    """What may stand in a column; a format may say in its own words that a code is not known."""
    known = {params.column: check for check, params in reversed(contents.format.checks_of(checks.KnownCode))}
    codes, check = contents.format.codes(column.name), known.get(column.name)
    expected = expected_of(column, codes)
    if check is None or not codes:
        return expected
    said = partial(check.sentence.format, codes=", ".join(codes))
    return replace(expected, rule=check.code, sentence=lambda text: said(value=told(text)))


def _faults(contents: Contents, column: FormatColumn) -> Found:
    """Each different text is looked at once."""
    cells, expected = contents.raw[column.name], _expected(contents, column)
    faults = {text: expected.fault(text) for text in cells.texts if text and not expected.fits(text)}

    def fault_in(place: int) -> Problem:
        fault = faults[cells.at(place)]
        return Problem(contents.row(place), contents.headings[column.name], fault.rule, fault.sentence)

    return contents.found(cells.is_in(faults), fault_in)


def _no_days(contents: Contents, column: FormatColumn) -> Found:
    """Days that look like one but do not exist, in columns that may differ from row to row: once for each."""
    cells, expected = contents.raw[column.name], _expected(contents, column)
    wrong = [number for number, text in enumerate(cells.texts) if expected.fits(text) and column.is_no_day(text)]
    _, first, counts = np.unique(cells.places, return_index=True, return_counts=True)
    problems = [
        Problem(
            contents.row(first[number]), contents.headings[column.name], "V-F03",
            f"Den Tag {cells.texts[number]} gibt es nicht. Er steht in {counts[number]} Zeilen.",
        )
        for number in wrong[:MOST_LISTED]
    ]  # fmt: skip
    return problems, len(wrong)


def _one_code(contents: Contents, check: Check, params: checks.OneOf) -> Iterator[Found]:
    """Codes of which only one may occur in a file (V-I08)."""
    cells = contents.raw[params.column]
    present = [text for text in cells.texts if text in params.codes]
    if len(present) > 1:
        other, value = present[:2]
        first = contents.row(cells.first(other))
        sentence = check.sentence.format(value=value, first=first, other=other)
        yield contents.said_alike(params.column, check.code, [cells.first(value)], sentence)


def _value_or_flag(contents: Contents, check: Check, params: checks.ValueOrFlag) -> Iterator[Found]:
    missing = contents.field("value").is_in(("",)) & ~contents.field("flag").is_in(params.flags)
    sentence = check.sentence.format(flags=" oder ".join(params.flags))
    yield contents.said_alike(contents.value_column, check.code, missing, sentence)


def _unit(contents: Contents, check: Check, params: checks.UnitFits) -> Iterator[Found]:
    """Unknown codes and units are said elsewhere."""
    entries, known = contents.format.codes(params.by), contents.format.codes(params.column)
    codes, units = contents.cells(params.by), contents.cells(params.column)

    wrong = np.zeros(contents.rows, np.bool_)
    for unit in known.keys() & set(units.texts):
        wrong |= units.is_in((unit,)) & codes.is_in([code for code in entries if unit not in entries[code].units])

    def does_not_fit(place: int) -> str:
        code = codes.at(place)
        return check.sentence.format(code=code, value=units.at(place), units=" oder ".join(entries[code].units))

    yield contents.said(params.column, check.code, wrong, does_not_fit)


def _required(contents: Contents, check: Check, params: checks.Requires) -> Iterator[Found]:
    given = contents.cells(params.given).where(bool) & contents.where(params.where)
    for name in params.columns:
        sentence = check.sentence.format(column=name)
        wrong = given & contents.cells(name).is_in(("",))
        yield contents.said_alike(name, check.code, wrong, sentence)


OF_TEXTS: Rules = {
    checks.ValueOrFlag: _value_or_flag,
    checks.UnitFits: _unit,
    checks.Requires: _required,
    checks.OneOf: _one_code,
}


def _range(contents: Contents, check: Check, params: checks.Range) -> Iterator[Found]:
    value = contents.value
    wrong = np.zeros(contents.rows, np.bool_)
    if params.min is not None:
        wrong |= value.values < params.min
    if params.max is not None:
        wrong |= value.values > params.max

    def out_of_range(place: int) -> str:
        return check.sentence.format(value=german(value.at(place)))

    where = value.given & contents.where(params.where)
    yield contents.said(contents.value_column, check.code, wrong & where, out_of_range)


def _ratio(contents: Contents, check: Check, params: checks.Ratio) -> Iterator[Found]:
    """Calculated row by row with Decimals, only where all three numbers are given."""
    names = [*map(contents.format.name_of, ("numerator", "denominator"))]
    if not contents.has(*names):
        return
    value, (over, under) = contents.value, map(contents.number, names)
    given = value.given & over.given & under.given & (under.values != 0)
    expected: dict[int, Decimal] = {}
    for unit, factor in params.factors.items():
        for place in np.flatnonzero(given & contents.where({params.by: unit})).tolist():
            share = over.at(place) * as_decimal(factor) / under.at(place)
            if abs(share - value.at(place)) > as_decimal(params.tolerance):
                expected[place] = share.quantize(CENT, ROUND_HALF_UP)

    def does_not_add_up(place: int) -> str:
        numbers = {"value": value.at(place), "numerator": over.at(place), "denominator": under.at(place)}
        words = {name: german(number) for name, number in (numbers | {"expected": expected[place]}).items()}
        return check.sentence.format(**words)

    yield contents.said(contents.value_column, check.code, expected, does_not_add_up)
