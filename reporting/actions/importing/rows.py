"""Checks that need one row only: all of them in two passes over the table, texts first, then numbers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from psycopg.sql import SQL, Composable, Identifier, Literal

from reporting.actions.importing.expressions import ROW, STAGE, Expressions, fetch, german, is_in, listed
from reporting.actions.importing.staging import Staged, is_typed
from reporting.rules import checks
from reporting.rules.checks import Problem
from reporting.rules.checks_header import PATTERNS, short, text_sentence, unknown_code, wrong_type
from reporting.rules.formats import Check, Column, ColumnType, a_day

FORMULA = r"^[=+@-](?![0-9\s.,/()-]*%?$)"
NEVER: Composable = SQL("FALSE")
MOST = 999_999_999_999  # as many digits as the pattern of whole numbers allows
Found = tuple[list[Problem], int]


@dataclass(frozen=True)
class RowRule:
    """A condition that no row may fulfil. `sentence` gets what `shown` shows of the row."""

    code: str
    column: str
    is_wrong: Composable
    sentence: Callable[..., str]
    shown: tuple[Composable, ...] = ()


def run(rules: Iterable[RowRule]) -> Iterator[Found]:
    """What the rules found: the first rows of each, and how many there are. One pass when all is right."""
    rules = list(rules)
    if not rules:
        return
    counts = SQL(", ").join(SQL("count(*) FILTER (WHERE {})").format(rule.is_wrong) for rule in rules)
    (found,) = fetch(SQL("SELECT {} FROM {}").format(counts, STAGE))
    for rule, count in zip(rules, found, strict=True):
        if count:
            source = SQL("FROM {} WHERE {}").format(STAGE, rule.is_wrong)
            rows = listed((ROW, *rule.shown), source)
            yield [Problem(row[0], rule.column, rule.code, rule.sentence(*row[1:-1])) for row in rows], count


def text_rules(staged: Staged) -> Iterator[RowRule]:
    """Is every cell there, of its type, of its list; the same everywhere where it must be?"""
    constant = _constant_codes(staged)
    known = {check.params.column: check for check in _of(staged, checks.KnownCode)}
    for name, heading in staged.headings.items():
        column, raw = staged.format.column(name), Identifier(name)
        if name in staged.constant:
            continue
        if name in constant:
            yield _constant_rule(constant[name], heading, raw, staged)
        if column.required and not column.default:
            sentence = f"Die Angabe fehlt. Füllen Sie die Spalte {column.title} aus."
            yield RowRule("V-F02", heading, SQL("{} IS NULL").format(raw), _says(sentence))
        if name not in constant:
            yield from _type_rules(column, heading, raw, staged, known.get(name))
    yield from _relations(staged)


def number_rules(staged: Staged) -> Iterator[RowRule]:
    """Rules about values, once all of them are known to be numbers."""
    express = Expressions(staged)
    heading = staged.headings[express.value_column]
    for check in _of(staged, checks.Range):
        limits: list[Composable] = [
            SQL("{} {} {}").format(express.value(), SQL(sign), Literal(limit))
            for sign, limit in (("<", check.params.min), (">", check.params.max))
            if limit is not None
        ]
        wrong = SQL("{} AND ({})").format(express.where(check.params.where), SQL(" OR ").join(limits or [NEVER]))
        yield RowRule(check.code, heading, wrong, _with_numbers(check, "value"), (express.value(),))
    for check in _of(staged, checks.Ratio):
        yield from _ratio(check, check.params, express, heading)


def wrong_days(staged: Staged) -> Iterator[Found]:
    """Days that look like one but do not exist, in columns that may differ from row to row."""
    for column in staged.format.columns:
        if column.type is ColumnType.DATE and column.name in staged.headings.keys() - staged.format.constant_columns:
            raw = Identifier(column.name)
            days = fetch(SQL("SELECT {0}, min({1}), count(*) FROM {2} GROUP BY 1").format(raw, ROW, STAGE))
            for text, row, count in days:
                if text and a_day(text) is None:
                    sentence = f"Den Tag {text} gibt es nicht. Er steht in {count} Zeilen."
                    yield [Problem(row, staged.headings[column.name], "V-F03", sentence)], 1


def mixed_codes(staged: Staged) -> Iterator[Found]:
    """Codes of which only one may occur in a file (V-I08)."""
    for check in _of(staged, checks.OneOf):
        if check.params.column not in staged.headings:
            continue
        raw = Identifier(check.params.column)
        query = SQL("SELECT min({}), {} FROM {} WHERE {} GROUP BY 2 ORDER BY 1")
        found = fetch(query.format(ROW, raw, STAGE, is_in(raw, check.params.codes)))
        if len(found) > 1:
            (first, other), (row, value) = found[:2]
            sentence = check.sentence.format(value=value, first=first, other=other)
            yield [Problem(row, staged.headings[check.params.column], check.code, sentence)], 1


def _of(staged: Staged, kind: type[checks.Kind]) -> list[Any]:
    return [check for check in staged.format.checks if isinstance(check.params, kind)]


def _says(sentence: str) -> Callable[..., str]:
    return lambda *_: sentence


def _with_numbers(check: Check, *words: str) -> Callable[..., str]:
    return lambda *numbers: check.sentence.format(**dict(zip(words, map(german, numbers), strict=True)))


def _constant_codes(staged: Staged) -> Mapping[str, Check]:
    return {name: check for check in _of(staged, checks.Constant) for name in check.params.columns}


def _constant_rule(check: Check, heading: str, raw: Composable, staged: Staged) -> RowRule:
    name = next(key for key, value in staged.headings.items() if value == heading)
    first = staged.first.get(name) or None

    def sentence(text: str | None) -> str:
        return check.sentence.format(value=short(text or "nichts"), first=short(first or "nichts"))

    return RowRule(check.code, heading, SQL("{} IS DISTINCT FROM {}").format(raw, Literal(first)), sentence, (raw,))


def _type_rules(
    column: Column, heading: str, raw: Composable, staged: Staged, known: Check | None
) -> Iterator[RowRule]:
    codes = staged.format.codes(column.name)
    if codes:
        code = known.code if known else "V-F04"

        def unknown(text: str) -> str:
            if known:
                return known.sentence.format(value=short(text), codes=", ".join(codes))
            return unknown_code(column, text, codes)

        yield RowRule(code, heading, SQL("NOT {}").format(is_in(raw, codes)), unknown, (raw,))
    elif staged.has_numbers and is_typed(staged.format, column):
        wrong = SQL("NOT {} BETWEEN 0 AND {}").format(raw, Literal(MOST))
        yield RowRule("V-F03", heading, wrong, lambda number: wrong_type(column, str(number)), (raw,))
    elif column.type in PATTERNS:
        wrong = SQL("{} !~ {}").format(raw, Literal(f"^({PATTERNS[column.type][0]})$"))
        yield RowRule("V-F03", heading, wrong, lambda text: wrong_type(column, text), (raw,))
    else:
        wrong = SQL("(length({0}) > {1} OR {0} ~ {2})").format(raw, Literal(column.length), Literal(FORMULA))
        yield RowRule("V-F07", heading, wrong, lambda text: text_sentence(column, text), (raw,))


def _relations(staged: Staged) -> Iterator[RowRule]:
    """Rules between cells of one row that need no number."""
    express = Expressions(staged)
    for check in _of(staged, checks.ValueOrFlag):
        flag = staged.format.cell_column("flag")
        marks = express.text(flag.name) if flag else SQL("NULL::text")
        wrong = SQL("{} IS NULL AND NOT coalesce({}, FALSE)").format(
            express.text(express.value_column), is_in(marks, check.params.flags)
        )
        sentence = check.sentence.format(flags=" oder ".join(check.params.flags))
        yield RowRule(check.code, staged.headings[express.value_column], wrong, _says(sentence))
    for check in _of(staged, checks.UnitFits):
        yield _unit_rule(check, check.params, express, staged)
    for check in _of(staged, checks.Requires):
        params = check.params
        for name in params.columns if express.has(params.given) else ():
            wrong = SQL("{} IS NOT NULL AND {} IS NULL AND {}").format(
                express.text(params.given), express.text(name), express.where(params.where)
            )
            yield RowRule(check.code, staged.headings.get(name, name), wrong, _says(check.sentence.format(column=name)))


def _unit_rule(check: Check, params: checks.UnitFits, express: Expressions, staged: Staged) -> RowRule:
    codes = staged.format.codes(params.by)
    fitting = [f"{code} {unit}" for code, entry in codes.items() for unit in entry.units]
    code, unit = express.text(params.by), express.text(params.column)
    wrong = SQL("{} AND {} AND NOT {}").format(
        is_in(code, codes),
        is_in(unit, staged.format.codes(params.column)),
        is_in(SQL("({} || ' ' || {})").format(code, unit), fitting),
    )

    def sentence(code: str, value: str) -> str:
        return check.sentence.format(code=code, value=value, units=" oder ".join(codes[code].units))

    return RowRule(check.code, staged.headings[params.column], wrong, sentence, (code, unit))


def _ratio(check: Check, params: checks.Ratio, express: Expressions, heading: str) -> Iterator[RowRule]:
    over, under = (express.format.cell_column(name) for name in ("numerator", "denominator"))
    if over is None or under is None or not (express.has(over.name) and express.has(under.name)):
        return
    numerator, denominator = express.number(over.name), express.number(under.name)
    for unit, factor in params.factors.items():
        expected = SQL("({} * {} / nullif({}, 0)::numeric)").format(numerator, Literal(factor), denominator)
        wrong = SQL("{} AND abs({} - {}) > {}").format(
            express.where({params.by: unit}), expected, express.value(), Literal(params.tolerance)
        )
        shown = (express.value(), numerator, denominator, SQL("round({}, 2)").format(expected))
        yield RowRule(
            check.code, heading, wrong, _with_numbers(check, "value", "numerator", "denominator", "expected"), shown
        )
