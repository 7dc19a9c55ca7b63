"""Checks that need one row only: its texts first, then its numbers."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from reporting.figures.actions.importing.columns import Mask, as_decimal
from reporting.figures.actions.importing.contents import Contents, Found, german
from reporting.figures.rules import checks
from reporting.figures.rules.cells import Fault, fault_of, told
from reporting.figures.rules.checks import MOST_LISTED, Problem
from reporting.figures.rules.formats import Check, ColumnType, a_day

CENT = Decimal("0.01")


def check_texts(contents: Contents) -> Iterator[Found]:
    """Is every cell there, of its type, of its list; the same everywhere where it must be? Do they fit each other?"""
    yield from _constants(contents)
    for name, heading in contents.headings.items():
        column, cells = contents.format.column(name), contents.raw[name]
        if column.required and not column.default and "" in cells.texts:
            sentence = f"Die Angabe fehlt. Füllen Sie die Spalte {column.title} aus."
            yield _said(contents, heading, "V-F02", cells.is_in(("",)), sentence)
        if name not in contents.format.constant_columns:
            yield _faults(contents, name, heading)
    yield from _days(contents)
    yield from _values_or_flags(contents)
    yield from _units(contents)
    yield from _required(contents)
    yield from _mixed_codes(contents)


def check_numbers(contents: Contents) -> Iterator[Found]:
    """Rules about the values of a row, once all of them are known to be numbers."""
    for check in _of(contents, checks.Range):
        yield _range(contents, check, check.params)
    for check in _of(contents, checks.Ratio):
        yield _ratio(contents, check, check.params)


def _of(contents: Contents, kind: type[checks.CheckKind]) -> list[Any]:
    return [check for check in contents.format.checks if isinstance(check.params, kind)]


def _said(contents: Contents, heading: str, code: str, wrong: Mask, sentence: str) -> Found:
    """The same sentence for each row."""
    return contents.found(wrong, lambda place: Problem(contents.row(place), heading, code, sentence))


def _constants(contents: Contents) -> Iterator[Found]:
    for check in _of(contents, checks.Constant):
        for name in contents.raw.keys() & set(check.params.columns):
            yield _constant(contents, check, name)


def _constant(contents: Contents, check: Check, name: str) -> Found:
    cells, codes = contents.raw[name], contents.format.codes(name)

    def differs(place: int) -> Problem:
        value, first = (told(text, codes) if text else "nichts" for text in (cells.at(place), cells.at(0)))
        sentence = check.sentence.format(value=value, first=first)
        return Problem(contents.row(place), contents.headings[name], check.code, sentence)

    return contents.found(cells.places != cells.places[0], differs)


def _faults(contents: Contents, name: str, heading: str) -> Found:
    """Each different text is looked at once."""
    column, cells = contents.format.column(name), contents.raw[name]
    codes = contents.format.codes(name)
    known = next((check for check in _of(contents, checks.KnownCode) if check.params.column == name), None)
    faults = {text: fault for text in cells.texts if text and (fault := fault_of(column, codes, text))}

    def fault_in(place: int) -> Problem:
        text = cells.at(place)
        fault = faults[text]
        if known and codes:
            fault = Fault(known.code, known.sentence.format(value=told(text), codes=", ".join(codes)))
        return Problem(contents.row(place), heading, fault.rule, fault.sentence)

    return contents.found(cells.is_in(faults), fault_in)


def _days(contents: Contents) -> Iterator[Found]:
    """Days that look like one but do not exist, in columns that may differ from row to row: once for each."""
    for name in contents.raw.keys() - set(contents.format.constant_columns):
        column, cells = contents.format.column(name), contents.raw[name]
        if column.type is ColumnType.DATE:
            wrong = [
                number
                for number, text in enumerate(cells.texts)
                if text and fault_of(column, {}, text) is None and a_day(text) is None
            ]
            first, counts = (
                index.tolist() for index in np.unique(cells.places, return_index=True, return_counts=True)[1:]
            )
            yield [
                Problem(
                    contents.row(first[number]), contents.headings[name], "V-F03",
                    f"Den Tag {cells.texts[number]} gibt es nicht. Er steht in {counts[number]} Zeilen.",
                )
                for number in wrong[:MOST_LISTED]
            ], len(wrong)  # fmt: skip


def _mixed_codes(contents: Contents) -> Iterator[Found]:
    """Codes of which only one may occur in a file (V-I08)."""
    for check in _of(contents, checks.OneOf):
        cells = contents.raw.get(check.params.column)
        present = [text for text in cells.texts if text in check.params.codes] if cells else []
        if cells is None or len(present) < 2:
            continue
        first, place = (int(np.argmax(cells.is_in((text,)))) for text in present[:2])
        sentence = check.sentence.format(value=present[1], first=contents.row(first), other=present[0])
        yield [Problem(contents.row(place), contents.headings[check.params.column], check.code, sentence)], 1


def _values_or_flags(contents: Contents) -> Iterator[Found]:
    flag = contents.format.cell_column("flag")
    for check in _of(contents, checks.ValueOrFlag):
        missing = contents.cells(contents.value_column).is_in(("",))
        if flag:
            missing &= ~contents.cells(flag.name).is_in(check.params.flags)
        sentence = check.sentence.format(flags=" oder ".join(check.params.flags))
        yield _said(contents, contents.headings[contents.value_column], check.code, missing, sentence)


def _units(contents: Contents) -> Iterator[Found]:
    for check in _of(contents, checks.UnitFits):
        if contents.has(check.params.column):
            yield _unit(contents, check, check.params)


def _unit(contents: Contents, check: Check, params: checks.UnitFits) -> Found:
    """Unknown codes and units are said elsewhere."""
    entries, known = contents.format.codes(params.by), contents.format.codes(params.column)
    codes, units = contents.cells(params.by), contents.cells(params.column)

    wrong = np.zeros(contents.rows, np.bool_)
    for unit in known.keys() & set(units.texts):
        wrong |= units.is_in((unit,)) & codes.is_in([code for code in entries if unit not in entries[code].units])

    def does_not_fit(place: int) -> Problem:
        code = codes.at(place)
        units_of = " oder ".join(entries[code].units)
        sentence = check.sentence.format(code=code, value=units.at(place), units=units_of)
        return Problem(contents.row(place), contents.headings[params.column], check.code, sentence)

    return contents.found(wrong, does_not_fit)


def _required(contents: Contents) -> Iterator[Found]:
    for check in _of(contents, checks.Requires):
        params = check.params
        given = contents.cells(params.given).where(bool) & contents.where(params.where)
        for name in params.columns if contents.has(params.given) else ():
            wrong = given & contents.cells(name).is_in(("",))
            heading = contents.headings.get(name, name)
            yield _said(contents, heading, check.code, wrong, check.sentence.format(column=name))


def _range(contents: Contents, check: Check, params: checks.Range) -> Found:
    value, heading = contents.value, contents.headings[contents.value_column]
    wrong = np.zeros(contents.rows, np.bool_)
    if params.min is not None:
        wrong |= value.values < params.min
    if params.max is not None:
        wrong |= value.values > params.max

    def out_of_range(place: int) -> Problem:
        sentence = check.sentence.format(value=german(value.at(place)))
        return Problem(contents.row(place), heading, check.code, sentence)

    return contents.found(wrong & value.given & contents.where(params.where), out_of_range)


def _ratio(contents: Contents, check: Check, params: checks.Ratio) -> Found:
    """Calculated row by row with Decimals, only where all three numbers are given."""
    columns = [contents.format.cell_column(name) for name in ("numerator", "denominator")]
    names = [column.name for column in columns if column and contents.has(column.name)]
    if len(names) < len(columns):
        return [], 0
    value, (over, under) = contents.value, map(contents.number, names)
    given = value.given & over.given & under.given & (under.values != 0)
    expected: dict[int, Decimal] = {}
    for unit, factor in params.factors.items():
        for place in np.flatnonzero(given & contents.where({params.by: unit})).tolist():
            share = over.at(place) * as_decimal(factor) / under.at(place)
            if abs(share - value.at(place)) > as_decimal(params.tolerance):
                expected[place] = share.quantize(CENT, ROUND_HALF_UP)

    def does_not_add_up(place: int) -> Problem:
        numbers = {"value": value.at(place), "numerator": over.at(place), "denominator": under.at(place)}
        words = {name: german(number) for name, number in (numbers | {"expected": expected[place]}).items()}
        heading = contents.headings[contents.value_column]
        return Problem(contents.row(place), heading, check.code, check.sentence.format(**words))

    return contents.found(expected, does_not_add_up)
