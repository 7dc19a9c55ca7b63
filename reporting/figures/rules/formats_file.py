"""Is a format consistent in itself? Only then its names may become part of a query."""

from collections.abc import Iterable, Iterator
from string import Formatter

from members.rules.tables import FileProblem
from reporting.figures.rules.formats import (
    NO_CODES,
    NO_COLUMN,
    ColumnType,
    Format,
    FormatColumn,
    FormatWrong,
    read_format,
)

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
Asked = tuple[object, str, str]  # what may be so; the path and the sentence of a problem that says it


def parse_format(text: str) -> Format:
    """The format that a file describes. Raises FormatWrong (Refused) with a line for every problem, by key path."""
    found, problems = read_format(text)
    if found is not None:
        problems = [*_columns(found), *_head(found), *_checks(found)]
    if found is None or problems:
        raise FormatWrong(problems)
    return found


def _told(*asked: Asked) -> list[FileProblem]:
    """The problems of all that is so."""
    return [FileProblem(path, sentence) for is_so, path, sentence in asked if is_so]


def _head(found: Format) -> Iterator[FileProblem]:
    for name, kind in {**ALWAYS, found.region_column: ColumnType.KGS}.items():
        yield from _always(found, name, kind)
    for place, name in enumerate(found.key, start=1):
        is_other = found.names.get(name, NO_COLUMN).cell_field not in DIMENSIONS
        yield from _told((is_other, f"format.key[{place}]", f"{name} ist keine Spalte mit einem Merkmal (cell)."))
    yield from _told((not found.name_of("value"), "column", 'Eine Spalte mit cell = "value" fehlt.'))


def _always(found: Format, name: str, kind: ColumnType) -> Iterable[FileProblem]:
    """What is wrong first with a column that every format has."""
    column = found.names.get(name, NO_COLUMN)
    is_other = (column.type, column.required) != (kind, True)
    must = f"Die Spalte {name} muss Pflicht sein (required = true) und den Typ {kind} haben."
    constant = f"Die Spalte {name} muss in einer Prüfung der Art constant stehen."
    return _told(
        (column is NO_COLUMN, "column", f"Die Spalte {name} fehlt."),
        (is_other, "column", must),
        (name not in found.constant_columns, "check", constant),
    )[:1]


def _columns(found: Format) -> Iterator[FileProblem]:
    seen: set[str] = set()
    for place, column in enumerate(found.columns, start=1):
        path = f"column[{place}]"
        for name in column.all_names:
            yield from _told((name in seen, path, f"{name} kommt ein zweites Mal vor."))
            seen.add(name)
        yield from _cell(column, path)
        yield from _codes(found, column, path)


def _cell(column: FormatColumn, path: str) -> Iterable[FileProblem]:
    """What is wrong with a column that is stored in a field of a cell."""
    if not column.cell_field:
        return ()
    able = f"Möglich sind: {', '.join(sorted(CELL_FIELDS))}."
    is_other = column.is_number != (column.cell_field in NUMBERS)
    numbers = "Wert, Zähler und Nenner sind Zahlen (int, decimal), alles andere nicht."
    is_uncoded = column.cell_field in DIMENSIONS and column.type is not ColumnType.CODE
    return _told(
        (column.cell_field not in CELL_FIELDS, f"{path}.cell", able),
        (is_other, f"{path}.type", numbers),
        (is_uncoded, f"{path}.type", "Ein Merkmal hat den Typ code."),
    )


def _codes(found: Format, column: FormatColumn, path: str) -> Iterable[FileProblem]:
    """What is wrong with the list of codes of a column, or with one that it must not have."""
    if column.type not in {ColumnType.CODE, ColumnType.KGS}:
        only = "default und code_list gibt es nur beim Typ code."
        return _told((column.default or column.code_list, path, only))
    is_missing = column.code_list not in found.code_lists
    missing = "Diese Codeliste gibt es nicht. Legen Sie [code_lists.…] an."
    is_strange = column.default not in {"", *found.code_lists.get(column.code_list, NO_CODES)}
    strange = f"{column.default} steht nicht in der Codeliste."
    return _told((is_missing, f"{path}.code_list", missing), (is_strange, f"{path}.default", strange))[:1]


def _checks(found: Format) -> Iterator[FileProblem]:
    for place, check in enumerate(found.checks, start=1):
        path = f"check[{place}]"
        unknown = _placeholders(check.sentence) - check.params.words
        able = ", ".join(sorted(check.params.words)) or "keines"
        word = f"{{{min(unknown, default='')}}} gibt es hier nicht. Möglich: {able}."
        yield from _told((unknown, f"{path}.sentence", word))
        for key, name in check.params.named_columns():
            yield from _told((name not in found.names, f"{path}.{key}", f"Die Spalte {name} gibt es nicht."))
        for name, code in check.params.named_codes():
            is_unknown = str(code) not in found.codes(name)
            yield from _told((is_unknown, path, f"Den Code {code} gibt es in der Spalte {name} nicht."))


def _placeholders(sentence: str) -> set[str]:
    """The words in braces; "{" where something else stands there."""
    try:
        parts = list(Formatter().parse(sentence))
    except ValueError:
        return {"{"}
    is_odd = any(spec or conversion for _, _, spec, conversion in parts)
    return {"{"} if is_odd else {name for _, name, _, _ in parts if name is not None}
