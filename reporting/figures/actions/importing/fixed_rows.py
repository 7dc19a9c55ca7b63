"""Rows that the contract asks for: are they there, what do they say, how far are they from the year before?"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

import numpy as np

from reporting.figures.actions.importing.columns import Places
from reporting.figures.actions.importing.contents import Contents, Found, german
from reporting.figures.models import DataCell, DatasetRevision
from reporting.figures.rules import checks
from reporting.figures.rules.checks import TOTAL, Problem, Severity
from reporting.figures.rules.checks_header import Header
from reporting.figures.rules.formats import Check


def check_fixed_rows(contents: Contents, header: Header, previous: DatasetRevision | None) -> Iterator[Found]:
    """What the checks of rows that are named by their codes find. All values must be readable."""
    fixed = _FixedRows(contents, header, previous)
    for check in contents.format.checks:
        problems = list(fixed.problems(check))
        if problems:
            yield problems, len(problems)


class _FixedRows:
    def __init__(self, contents: Contents, header: Header, previous: DatasetRevision | None) -> None:
        self._contents = contents
        self._header = header
        self._previous = previous
        self._column = contents.headings[contents.value_column]

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

    def _at(self, codes: Mapping[str, str]) -> Places:
        """The rows, mostly one, that these codes stand for."""
        form = self._contents.format
        wanted = self._contents.row_of(codes)
        return np.flatnonzero(
            self._contents.where({name: wanted[name] for name in form.key if TOTAL in form.codes(name)})
        )

    def _value(self, codes: Mapping[str, str]) -> tuple[int, Decimal] | None:
        """The first of these rows and what it says, if it says a number."""
        found, value = self._at(codes), self._contents.value
        return (int(found[0]), value.at(found[0])) if len(found) and value.given[found[0]] else None

    def _total(self, check: Check) -> Iterator[Problem]:
        found = self._at({})
        if len(found) == 1:
            return
        words = {
            "count": len(found),
            "dimensions": ", ".join(self._contents.format.key),
            "advice": "Löschen Sie, was zu viel ist." if len(found) else "Ergänzen Sie die Zeile, notfalls mit 0.",
        }
        row = self._contents.row(found[1]) if len(found) else 1
        yield Problem(row, self._column, check.code, check.sentence.format(**words))

    def _mandatory(self, check: Check, params: checks.MandatoryRows) -> Iterator[Problem]:
        for codes in params.rows:
            if not len(self._at(codes)):
                named = ", ".join(f"{name} {code}" for name, code in codes.items())
                yield Problem(1, self._column, check.code, check.sentence.format(row=named))

    def _changes(self, check: Check, params: checks.ChangeToPrevious) -> Iterator[Problem]:
        for codes in params.rows:
            then = DataCell.objects.filter(
                revision=self._previous, **self._fields(self._contents.row_of(codes))
            ).first()
            found = self._value(codes)
            if found is None or then is None or then.value is None:
                continue
            (place, now), before = found, then.value
            difference = abs(now - before)
            if difference > params.persons and difference * 100 > before * params.percent:
                words = {"value": german(now), "previous": german(before), "change": _change(now, before)}
                yield self._said(check, place, words)

    def _warnings(self, check: Check, params: checks.WarnWhen) -> Iterator[Problem]:
        """Once, at the total row or at the first of the largest values."""
        value = self._contents.value
        asked = self._at({}) if params.only_total else np.flatnonzero(self._contents.where(params.where))
        over = [place for place in asked[value.given[asked]] if value.values[place] > params.over]
        if over:
            place = max(over, key=lambda each: (value.values[each], -each))
            yield self._said(check, int(place), {"value": german(value.at(place))})

    def _said(self, check: Check, place: int, words: Mapping[str, str]) -> Problem:
        is_warning = check.severity is Severity.WARNING
        sentence = check.sentence.format(**words)
        return Problem(self._contents.row(place), self._column, check.code, sentence, is_warning)

    def _fields(self, codes: Mapping[str, str]) -> dict[str, str]:
        return {self._contents.format.column(name).cell_field: code for name, code in codes.items()}


def _change(now: Decimal, before: Decimal) -> str:
    if not before:
        return "mehr als 100"
    return f"{(now - before) * 100 / before:+.0f}".replace("-", "−")
