"""Is a format consistent in itself? Only then its names may become part of a query."""

from collections.abc import Iterator
from string import Formatter

from members.rules.tables import FileProblem
from reporting.figures.rules.formats import ColumnType, Format, FormatColumn, FormatWrong, read_format

DIMENSIONS = {
    "comparison_group", "indicator", "sex", "age_group", "location", "service", "setting", "disability", "unit",
}  # fmt: skip
NUMBERS = {"value", "numerator", "denominator"}
CELL_FIELDS = DIMENSIONS | NUMBERS | {"flag", "remark"}
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
    for name, kind in {**ALWAYS, found.region_column: ColumnType.KGS}.items():
        if problem := _metadata_problem(found, name, kind):
            yield problem
    for place, name in enumerate(found.key, start=1):
        if name not in found.names or found.column(name).cell_field not in DIMENSIONS:
            yield FileProblem(f"format.key[{place}]", f"{name} ist keine Spalte mit einem Merkmal (cell).")
    if found.cell_column("value") is None:
        yield FileProblem("column", 'Eine Spalte mit cell = "value" fehlt.')


def _metadata_problem(found: Format, name: str, kind: ColumnType) -> FileProblem | None:
    """What is wrong with a column that every format has."""
    if name not in found.names:
        return FileProblem("column", f"Die Spalte {name} fehlt.")
    if (found.column(name).type, found.column(name).required) != (kind, True):
        told = f"Die Spalte {name} muss Pflicht sein (required = true) und den Typ {kind} haben."
        return FileProblem("column", told)
    if name not in found.constant_columns:
        return FileProblem("check", f"Die Spalte {name} muss in einer Prüfung der Art constant stehen.")
    return None


def _columns(found: Format) -> Iterator[FileProblem]:
    seen: set[str] = set()
    for place, column in enumerate(found.columns, start=1):
        path = f"column[{place}]"
        for name in column.all_names:
            if name in seen:
                yield FileProblem(path, f"{name} kommt ein zweites Mal vor.")
            seen.add(name)
        if column.cell_field:
            yield from _cell(column, path)
        yield from _codes(found, column, path)


def _cell(column: FormatColumn, path: str) -> Iterator[FileProblem]:
    """What is wrong with a column that is stored in a field of a cell."""
    if column.cell_field not in CELL_FIELDS:
        yield FileProblem(f"{path}.cell", f"Möglich sind: {', '.join(sorted(CELL_FIELDS))}.")
    if column.is_number != (column.cell_field in NUMBERS):
        yield FileProblem(f"{path}.type", "Wert, Zähler und Nenner sind Zahlen (int, decimal), alles andere nicht.")
    if column.cell_field in DIMENSIONS and column.type is not ColumnType.CODE:
        yield FileProblem(f"{path}.type", "Ein Merkmal hat den Typ code.")


def _codes(found: Format, column: FormatColumn, path: str) -> Iterator[FileProblem]:
    """What is wrong with the list of codes of a column, or with one that it must not have."""
    if column.type not in {ColumnType.CODE, ColumnType.KGS}:
        if column.default or column.code_list:
            yield FileProblem(path, "default und code_list gibt es nur beim Typ code.")
    elif column.code_list not in found.code_lists:
        yield FileProblem(f"{path}.code_list", "Diese Codeliste gibt es nicht. Legen Sie [code_lists.…] an.")
    elif column.default not in {"", *found.code_lists[column.code_list]}:
        yield FileProblem(f"{path}.default", f"{column.default} steht nicht in der Codeliste.")


def _checks(found: Format) -> Iterator[FileProblem]:
    for place, check in enumerate(found.checks, start=1):
        path = f"check[{place}]"
        if unknown := _placeholders(check.sentence) - check.params.words:
            able = ", ".join(sorted(check.params.words)) or "keines"
            yield FileProblem(f"{path}.sentence", f"{{{min(unknown)}}} gibt es hier nicht. Möglich: {able}.")
        for key, name in check.params.named_columns():
            if name not in found.names:
                yield FileProblem(f"{path}.{key}", f"Die Spalte {name} gibt es nicht.")
        for name, code in check.params.named_codes():
            if name not in found.names or str(code) not in found.codes(name):
                yield FileProblem(path, f"Den Code {code} gibt es in der Spalte {name} nicht.")


def _placeholders(sentence: str) -> set[str]:
    try:
        parts = list(Formatter().parse(sentence))
    except ValueError:
        return {"{"}
    plain = all(not spec and not conversion for _, _, spec, conversion in parts)
    return {name for _, name, _, _ in parts if name is not None} if plain else {"{"}
