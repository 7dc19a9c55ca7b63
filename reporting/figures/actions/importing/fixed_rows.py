"""Rows that the contract asks for: are they there, what do they say, how far are they from the year before?"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

import numpy as np

from reporting.figures.actions.importing.columns import Places
from reporting.figures.actions.importing.contents import Contents, Found, german
from reporting.figures.models import DataCell, DatasetRevision
from reporting.figures.rules import checks
from reporting.figures.rules.checks import Problem
from reporting.figures.rules.checks_header import Header
from reporting.figures.rules.formats import Check


def check_fixed_rows(contents: Contents, header: Header, previous: DatasetRevision | None) -> Iterator[Found]:
    """What the checks of rows that are named by their codes find. All values must be readable."""
    fixed = _FixedRows(contents, header, previous)
    for check, params in contents.format.checks_of(*OF_FIXED_ROWS):
        problems = list(OF_FIXED_ROWS[type(params)](fixed, check, params))
        yield problems, len(problems)


class _FixedRows:
    def __init__(self, contents: Contents, header: Header, previous: DatasetRevision | None) -> None:
        self._contents = contents
        self._header = header
        self._previous = previous
        self._column = contents.headings[contents.value_column]

    def _at(self, codes: Mapping[str, str]) -> Places:
        """The rows, mostly one, that these codes stand for."""
        wanted = self._contents.row_of(codes)
        return np.flatnonzero(self._contents.where({name: wanted[name] for name in self._contents.format.total_row}))

    def _value(self, codes: Mapping[str, str]) -> tuple[int, Decimal] | None:
        """The first of these rows and what it says, if it says a number."""
        found, value = self._at(codes), self._contents.value
        return (int(found[0]), value.at(found[0])) if len(found) and value.given[found[0]] else None

    def total(self, check: Check, _: checks.TotalRow) -> Iterator[Problem]:
        """The row of everything is there once."""
        found = self._at({})
        if len(found) == 1:
            return
        row, advice = 1, "Ergänzen Sie die Zeile, notfalls mit 0."
        if len(found):
            row, advice = self._contents.row(found[1]), "Löschen Sie, was zu viel ist."
        words = {"count": len(found), "dimensions": ", ".join(self._contents.format.key), "advice": advice}
        yield Problem(row, self._column, check.code, check.sentence.format(**words))

    def mandatory(self, check: Check, params: checks.MandatoryRows) -> Iterator[Problem]:
        """The named rows are there."""
        for codes in params.rows:
            if not len(self._at(codes)):
                named = ", ".join(f"{name} {code}" for name, code in codes.items())
                yield Problem(1, self._column, check.code, check.sentence.format(row=named))

    def changes(self, check: Check, params: checks.ChangeToPrevious) -> Iterator[Problem]:
        """The named rows are near to those of the year before."""
        for codes in params.rows if self._previous else ():
            then = DataCell.objects.filter(revision=self._previous, **self._fields(self._contents.row_of(codes)))
            before, found = then.values_list("value", flat=True).first(), self._value(codes)
            if found and before is not None and params.is_exceeded(found[1], before):
                place, now = found
                words = {"value": german(now), "previous": german(before), "change": _change(now, before)}
                yield self._said(check, place, words)

    def warnings(self, check: Check, params: checks.WarnWhen) -> Iterator[Problem]:
        """Once, at the total row or at the first of the largest values."""
        if params.since > self._header.reference_date:
            return
        value = self._contents.value
        asked = self._at({}) if params.only_total else np.flatnonzero(self._contents.where(params.where))
        given = asked[value.given[asked]]
        over = given[value.values[given] > params.over]
        if len(over):
            place = max(over, key=lambda each: (value.values[each], -each))
            yield self._said(check, int(place), {"value": german(value.at(place))})

    def _said(self, check: Check, place: int, words: Mapping[str, str]) -> Problem:
        sentence = check.sentence.format(**words)
        return Problem(self._contents.row(place), self._column, check.code, sentence, check.is_warning)

    def _fields(self, codes: Mapping[str, str]) -> dict[str, str]:
        return {self._contents.format.column(name).cell_field: code for name, code in codes.items()}


OF_FIXED_ROWS: Mapping[type[checks.CheckKind], Callable[..., Iterator[Problem]]] = {
    checks.TotalRow: _FixedRows.total,
    checks.MandatoryRows: _FixedRows.mandatory,
    checks.ChangeToPrevious: _FixedRows.changes,
    checks.WarnWhen: _FixedRows.warnings,
}


def _change(now: Decimal, before: Decimal) -> str:
    if not before:
        return "mehr als 100"
    return f"{(now - before) * 100 / before:+.0f}".replace("-", "−")
