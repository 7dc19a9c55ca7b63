"""Checks across rows: keys, sums, parts and wholes, the year before. Each is one set-based query."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from psycopg.sql import SQL, Composable, Identifier, Literal

from reporting.actions.importing.expressions import ROW, STAGE, TRUE, Expressions, fetch, german, is_in, listed
from reporting.actions.importing.staging import Staged
from reporting.models import DataCell, DatasetRevision
from reporting.rules import checks
from reporting.rules.checks import TOTAL, Problem, Severity
from reporting.rules.checks_header import Header
from reporting.rules.formats import Check

Found = tuple[list[Problem], int]
ROW_OF_A, ROW_OF_T = SQL("a.{}").format(ROW), SQL("t.{}").format(ROW)


def check_keys(staged: Staged) -> Iterator[Found]:
    """Rows that say the same about the same, except the first of them."""
    express = Expressions(staged)
    for check in staged.format.checks:
        if isinstance(check.params, checks.UniqueKey):
            keys = SQL(", ").join([express.text(name) for name in express.key()] or [TRUE])
            grouped = SQL("FROM {} GROUP BY {} HAVING count(*) > 1").format(STAGE, keys)
            if not fetch(SQL("SELECT 1 {} LIMIT 1").format(grouped)):
                continue  # which is cheap, and nearly always so
            ordered = SQL("(array_agg({0} ORDER BY {0}))").format(ROW)
            doubled = SQL(
                "FROM (SELECT unnest({0}[2:]), {0}[1], concat_ws(', ', {1}) {2}) AS doubled (again, first, key)"
            ).format(ordered, keys, grouped)
            rows = listed(map(Identifier, ("again", "first", "key")), doubled)
            column = staged.headings[express.key()[0]] if express.key() else ""
            yield _as_found(
                [Problem(row, column, check.code, check.sentence.format(first=first, key=key))
                 for row, first, key, _ in rows],
                rows,
            )  # fmt: skip


def check_groups(staged: Staged) -> Iterator[Found]:
    """Sums, parts and wholes. Keys must be unique."""
    express = Expressions(staged)
    for check in staged.format.checks:
        params = check.params
        if isinstance(params, checks.SumEquals) and express.has(params.dimension):
            yield _sums(check, params, express, staged)
        if isinstance(params, checks.AtMostTotal) and express.has(params.dimension):
            yield _parts(check, params, express, staged)
        if isinstance(params, checks.ConsistentGroups) and express.has(params.dimension):
            yield _ordered(check, params, express, staged)


def check_fixed_rows(staged: Staged, header: Header, previous: DatasetRevision | None) -> Iterator[Found]:
    """Rows that the contract asks for: are they there, what do they say, how far are they from the year before?"""
    express = Expressions(staged)
    fixed = _FixedRows(staged, express, header, previous)
    for check in staged.format.checks:
        problems = list(fixed.problems(check))
        if problems:
            yield problems, len(problems)


def _as_found(problems: list[Problem], rows: list[tuple[Any, ...]]) -> Found:
    return problems, rows[0][-1] if rows else 0


def _sums(check: Check, params: checks.SumEquals, express: Expressions, staged: Staged) -> Found:
    code, value = express.text(params.dimension), express.value()
    all_codes = [each for each in staged.format.codes(params.dimension) if each != TOTAL]
    needed = [each for each in all_codes if each not in params.may_be_missing]
    keys = SQL(", ").join([express.text(name) for name in express.key(without=params.dimension)] or [TRUE])
    source = SQL(
        "FROM (SELECT max({row}) FILTER (WHERE {code} = 'T'), sum({value}) FILTER (WHERE {code} <> 'T'),"
        " max({value}) FILTER (WHERE {code} = 'T'),"
        " count({value}) FILTER (WHERE {needed}) = {number} AND"
        " count(*) FILTER (WHERE {code} <> 'T' AND {value} IS NULL) = 0"
        " FROM {stage} GROUP BY {keys}) AS sums (at, parts, total, complete)"
        " WHERE parts > total OR (complete AND parts <> total)"
    ).format(
        row=ROW, code=code, value=value, needed=is_in(code, needed), number=Literal(len(needed)), stage=STAGE, keys=keys
    )
    rows = listed(map(Identifier, ("at", "parts", "total")), source)
    column = staged.headings[express.value_column]
    return _as_found(
        [Problem(row, column, check.code, check.sentence.format(sum=german(parts), total=german(total)))
         for row, parts, total, _ in rows],
        rows,
    )  # fmt: skip


def _pairs(express: Expressions, dimension: str, condition: Composable) -> Composable:
    """Rows `a` and `t` that differ in one dimension only, where the value of `a` is the larger one."""
    equal: list[Composable] = [
        SQL("{} = {}").format(express.text(name, "a"), express.text(name, "t")) for name in express.key(dimension)
    ]
    same = SQL(" AND ").join(equal or [TRUE])
    return SQL("FROM {0} AS a JOIN {0} AS t ON {1} WHERE {2} AND {3} > {4}").format(
        STAGE, same, condition, express.value("a"), express.value("t")
    )


def _parts(check: Check, params: checks.AtMostTotal, express: Expressions, staged: Staged) -> Found:
    part, whole = express.text(params.dimension, "a"), express.text(params.dimension, "t")
    parts = params.parts or [each for each in staged.format.codes(params.dimension) if each != params.whole]
    condition = SQL("{} = {} AND {}").format(whole, Literal(params.whole), is_in(part, parts))
    shown = (ROW_OF_A, part, express.value("a"), express.value("t"), ROW_OF_T)
    rows = listed(shown, _pairs(express, params.dimension, condition))
    column = staged.headings[express.value_column]
    return _as_found(
        [Problem(row, column, check.code,
                 check.sentence.format(part=code, value=german(value), total=german(total), total_row=at))
         for row, code, value, total, at, _ in rows],
        rows,
    )  # fmt: skip


def _ordered(check: Check, params: checks.ConsistentGroups, express: Expressions, staged: Staged) -> Found:
    smaller, larger = express.text(params.dimension, "a"), express.text(params.dimension, "t")
    place = SQL("array_position({}::text[], {})")
    order = Literal(list(params.order))
    condition = SQL("{} < {} AND {}").format(
        place.format(order, smaller), place.format(order, larger), is_in(express.text(params.by, "a"), params.codes)
    )
    if not _any_out_of_order(params, express):
        return [], 0  # which is cheaper to find out than which rows they are
    shown = (ROW_OF_A, smaller, larger, express.value("a"), express.value("t"), ROW_OF_T)
    rows = listed(shown, _pairs(express, params.dimension, condition))
    column = staged.headings[express.value_column]
    return _as_found(
        [Problem(row, column, check.code,
                 check.sentence.format(smaller=first, larger=second, value=german(value), total=german(total),
                                       total_row=at))
         for row, first, second, value, total, at, _ in rows],
        rows,
    )  # fmt: skip


def _any_out_of_order(params: checks.ConsistentGroups, express: Expressions) -> bool:
    group, keys = express.text(params.dimension), express.key(without=params.dimension)
    of = [SQL("max({}) FILTER (WHERE {} = {})").format(express.value(), group, Literal(code)) for code in params.order]
    wrong = SQL(" OR ").join(
        SQL("{} > {}").format(small, large) for place, small in enumerate(of) for large in of[place + 1 :]
    )
    query = SQL("SELECT 1 FROM {} WHERE {} GROUP BY {} HAVING {} LIMIT 1").format(
        STAGE,
        is_in(express.text(params.by), params.codes),
        SQL(", ").join([express.text(name) for name in keys] or [TRUE]),
        wrong,
    )
    return bool(fetch(query))


class _Fixed(NamedTuple):
    """A row named by its codes; when there are several, the first."""

    number: int  # how many there are
    row: int
    second_row: int | None
    value: Decimal | int | None


class _FixedRows:
    """The few rows that checks name by their codes, read when asked for."""

    def __init__(self, staged: Staged, express: Expressions, header: Header, previous: DatasetRevision | None) -> None:
        self._staged = staged
        self._express = express
        self._header = header
        self._previous = previous
        self._column = staged.headings[express.value_column]
        self._key = [name for name in staged.format.key if TOTAL in staged.format.codes(name)]

    def problems(self, check: Check) -> Iterator[Problem]:
        """What one check has to say about them."""
        params = check.params
        if isinstance(params, checks.TotalRow):
            yield from self._total(check)
        if isinstance(params, checks.MandatoryRows):
            yield from self._mandatory(check, params)
        if isinstance(params, checks.ChangeToPrevious) and self._previous is not None:
            yield from self._changes(check, params)
        if isinstance(params, checks.WarnWhen) and (params.since or self._header.reference_date) <= (
            self._header.reference_date
        ):
            yield from self._warnings(check, params)

    @cached_property
    def _found(self) -> dict[tuple[str, ...], _Fixed]:
        """All of them at once, by the codes of their key."""
        wanted = [
            self._express.row_of(codes)
            for check in self._staged.format.checks
            for codes in (*getattr(check.params, "rows", ()), {})
        ]
        keys = [self._express.text(name) for name in self._key]
        conditions = [
            is_in(text, sorted({row[name] for row in wanted if name in row}))
            for name, text in zip(self._key, keys, strict=True)
        ]
        listed_keys = SQL(", ").join(keys)
        query = SQL(
            "SELECT ARRAY[{keys}], count(*), min({row}), (array_agg({row} ORDER BY {row}))[2],"
            " (array_agg({value} ORDER BY {row}))[1] FROM {stage} WHERE {where} GROUP BY {keys}"
        ).format(
            keys=listed_keys, row=ROW, value=self._express.value(), stage=STAGE, where=SQL(" AND ").join(conditions)
        )
        return {tuple(each): _Fixed(*rest) for each, *rest in fetch(query)}

    def _at(self, codes: Mapping[str, str]) -> _Fixed | None:
        return self._found.get(tuple(self._express.row_of(codes).get(name, "") for name in self._key))

    def _total(self, check: Check) -> Iterator[Problem]:
        found = self._at({})
        if found and found.number == 1:
            return
        words = {
            "count": found.number if found else 0,
            "dimensions": ", ".join(self._staged.format.key),
            "advice": "Löschen Sie, was zu viel ist." if found else "Ergänzen Sie die Zeile, notfalls mit 0.",
        }
        row = found.second_row if found and found.second_row else 1
        yield Problem(row, self._column, check.code, check.sentence.format(**words))

    def _mandatory(self, check: Check, params: checks.MandatoryRows) -> Iterator[Problem]:
        for codes in params.rows:
            if self._at(codes) is None:
                named = ", ".join(f"{name} {code}" for name, code in codes.items())
                yield Problem(1, self._column, check.code, check.sentence.format(row=named))

    def _changes(self, check: Check, params: checks.ChangeToPrevious) -> Iterator[Problem]:
        for codes in params.rows:
            then = DataCell.objects.filter(revision=self._previous, **self._fields(self._express.row_of(codes))).first()
            found = self._at(codes)
            if found is None or found.value is None or then is None or then.value is None:
                continue
            now, before = Decimal(found.value), then.value
            difference = abs(now - before)
            if difference > params.persons and difference * 100 > before * params.percent:
                words = {"value": german(now), "previous": german(before), "change": _change(now, before)}
                yield self._said(check, found.row, words)

    def _warnings(self, check: Check, params: checks.WarnWhen) -> Iterator[Problem]:
        if params.only_total:
            total = self._at({})
            if total and total.value is not None and total.value > params.over:
                yield self._said(check, total.row, {"value": german(total.value)})
            return
        value = self._express.value()
        where = SQL("{} AND {} > {}").format(self._express.where(params.where), value, Literal(params.over))
        query = SQL("SELECT {}, {} FROM {} WHERE {} ORDER BY 2 DESC, 1 LIMIT 1")
        for row, number in fetch(query.format(ROW, value, STAGE, where)):
            yield self._said(check, row, {"value": german(number)})

    def _said(self, check: Check, row: int, words: Mapping[str, str]) -> Problem:
        is_warning = check.severity is Severity.WARNING
        return Problem(row, self._column, check.code, check.sentence.format(**words), is_warning)

    def _fields(self, codes: Mapping[str, str]) -> dict[str, str]:
        return {self._staged.format.column(name).cell_field: code for name, code in codes.items()}


def _change(now: Decimal, before: Decimal) -> str:
    if not before:
        return "mehr als 100"
    return f"{(now - before) * 100 / before:+.0f}".replace("-", "−")
