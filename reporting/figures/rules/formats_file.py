"""Is a format consistent in itself? Only then its names may become part of a query."""

from collections.abc import Iterator
from dataclasses import fields
from string import Formatter
from typing import Any

from members.rules.tables import FileProblem
from reporting.figures.rules import checks
from reporting.figures.rules.formats import Check, Column, ColumnType, Format, FormatWrong, read_format

DIMENSIONS = {
    "comparison_group", "indicator", "sex", "age_group", "location", "service", "setting", "disability", "unit",
}  # fmt: skip
NUMBERS = {"value", "numerator", "denominator"}
CELL_FIELDS = DIMENSIONS | NUMBERS | {"flag", "remark"}
NAMED_COLUMNS = ("column", "on", "by", "given", "dimension")  # parameters that name a column
ALWAYS = {
    "format_id": ColumnType.TEXT,
    "format_version": ColumnType.SEMVER,
    "reference_date": ColumnType.DATE,
    "revision": ColumnType.INT,
}


def parse_format(text: str) -> Format:
    """The format that a file describes. Raises FormatWrong (Refused) with a line for every problem, by key path."""
    found, problems = read_format(text)
    if found is not None:
        problems = [*_columns(found), *_head(found), *_checks(found)]
    if found is None or problems:
        raise FormatWrong(problems)
    return found


def _head(found: Format) -> Iterator[FileProblem]:
    names = {each.name for each in found.columns}
    for name, kind in {**ALWAYS, found.region_column: ColumnType.KGS}.items():
        if name not in names:
            yield FileProblem("column", f"Die Spalte {name} fehlt.")
        elif found.column(name).type is not kind or not found.column(name).required:
            yield FileProblem(
                "column", f"Die Spalte {name} muss Pflicht sein (required = true) und den Typ {kind} haben."
            )
        elif name not in found.constant_columns:
            yield FileProblem("check", f"Die Spalte {name} muss in einer Prüfung der Art constant stehen.")
    for place, name in enumerate(found.key, start=1):
        if name not in names or found.column(name).cell_field not in DIMENSIONS:
            yield FileProblem(f"format.key[{place}]", f"{name} ist keine Spalte mit einem Merkmal (cell).")
    if found.cell_column("value") is None:
        yield FileProblem("column", 'Eine Spalte mit cell = "value" fehlt.')


def _columns(found: Format) -> Iterator[FileProblem]:
    seen: set[str] = set()
    for place, column in enumerate(found.columns, start=1):
        path = f"column[{place}]"
        for name in (column.name, *column.aliases, *([f"cell {column.cell_field}"] if column.cell_field else [])):
            if name in seen:
                yield FileProblem(path, f"{name} kommt ein zweites Mal vor.")
            seen.add(name)
        yield from _column(found, column, path)


def _column(found: Format, column: Column, path: str) -> Iterator[FileProblem]:
    if column.cell_field and column.cell_field not in CELL_FIELDS:
        yield FileProblem(f"{path}.cell", f"Möglich sind: {', '.join(sorted(CELL_FIELDS))}.")
    if column.is_number != (column.cell_field in NUMBERS) and column.cell_field:
        yield FileProblem(f"{path}.type", "Wert, Zähler und Nenner sind Zahlen (int, decimal), alles andere nicht.")
    if column.cell_field in DIMENSIONS and column.type is not ColumnType.CODE:
        yield FileProblem(f"{path}.type", "Ein Merkmal hat den Typ code.")
    if column.type in {ColumnType.CODE, ColumnType.KGS}:
        if column.code_list not in found.code_lists:
            yield FileProblem(f"{path}.code_list", "Diese Codeliste gibt es nicht. Legen Sie [code_lists.…] an.")
        elif column.default and column.default not in found.code_lists[column.code_list]:
            yield FileProblem(f"{path}.default", f"{column.default} steht nicht in der Codeliste.")
    elif column.default or column.code_list:
        yield FileProblem(path, "default und code_list gibt es nur beim Typ code.")


def _checks(found: Format) -> Iterator[FileProblem]:
    for place, check in enumerate(found.checks, start=1):
        path = f"check[{place}]"
        unknown = _placeholders(check.sentence) - check.params.words
        if unknown:
            able = ", ".join(sorted(check.params.words)) or "keines"
            yield FileProblem(f"{path}.sentence", f"{{{min(unknown)}}} gibt es hier nicht. Möglich: {able}.")
        for key, name in _columns_named(check.params):
            if name not in {each.name for each in found.columns}:
                yield FileProblem(f"{path}.{key}", f"Die Spalte {name} gibt es nicht.")
        for name, code in _codes_named(check):
            if name not in {each.name for each in found.columns} or str(code) not in found.codes(name):
                yield FileProblem(path, f"Den Code {code} gibt es in der Spalte {name} nicht.")


def _placeholders(sentence: str) -> set[str]:
    try:
        parts = list(Formatter().parse(sentence))
    except ValueError:
        return {"{"}
    plain = all(not spec and not conversion for _, _, spec, conversion in parts)
    return {name for _, name, _, _ in parts if name is not None} if plain else {"{"}


def _columns_named(params: checks.Kind) -> Iterator[tuple[str, str]]:
    for each in fields(params):
        value = getattr(params, each.name)
        if each.name in NAMED_COLUMNS:
            yield each.name, value
        if each.name == "columns":
            yield from (("columns", name) for name in value)


def _codes_named(check: Check) -> Iterator[tuple[str, Any]]:
    """Pairs of column and code that the parameters of a check speak of."""
    params = check.params
    for row in (*getattr(params, "rows", ()), getattr(params, "where", None) or {}):
        yield from row.items()
    if isinstance(params, checks.SumEquals):
        yield from ((params.dimension, code) for code in (*params.may_be_missing, checks.TOTAL))
    if isinstance(params, checks.AtMostTotal):
        yield from ((params.dimension, code) for code in (*params.parts, params.whole))
    if isinstance(params, checks.ConsistentGroups):
        yield from ((params.dimension, code) for code in params.order)
        yield from ((params.by, code) for code in params.codes)
    if isinstance(params, checks.OneOf):
        yield from ((params.column, code) for code in params.codes)
    if isinstance(params, checks.ValueOrFlag):
        yield from (("flag", code) for code in params.flags)
    if isinstance(params, checks.Ratio):
        yield from ((params.by, code) for code in params.factors)
