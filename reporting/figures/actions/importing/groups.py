"""Checks across rows: keys, sums, parts and wholes."""

from collections.abc import Collection, Iterator

import numpy as np

from reporting.figures.actions.importing.columns import Mask, as_decimal
from reporting.figures.actions.importing.contents import Contents, Found, Rules, german, of_kinds
from reporting.figures.rules import checks
from reporting.figures.rules.checks import TOTAL
from reporting.figures.rules.formats import Check


def check_keys(contents: Contents) -> Iterator[Found]:
    """Rows that say the same about the same, except the first of them."""
    return of_kinds(contents, {checks.UniqueKey: _doubled})


def check_groups(contents: Contents) -> Iterator[Found]:
    """Sums, parts and wholes. Keys must be unique, and all values readable."""
    return of_kinds(contents, OF_GROUPS)


def _doubled(contents: Contents, check: Check, _: checks.UniqueKey) -> Iterator[Found]:
    keys, names = contents.keys(), contents.key()
    if not (keys.count(contents.everywhere) > 1).any():
        return

    def again(place: int) -> str:
        key = ", ".join(filter(None, (contents.cells(name).at(place) for name in names)))
        return check.sentence.format(first=contents.row(keys.first[place]), key=key)

    yield contents.said(next(iter(names), ""), check.code, keys.first != np.arange(contents.rows), again)


def _sums(contents: Contents, check: Check, params: checks.SumEquals) -> Iterator[Found]:
    """Parts never exceed their total; they equal it where all codes are delivered and each has a value."""
    keys, value, codes = contents.keys(without=params.dimension), contents.value, contents.cells(params.dimension)
    needed = contents.format.codes(params.dimension).keys() - {TOTAL, *params.may_be_missing}
    is_total = codes.is_in((TOTAL,))
    sums = keys.total(value, ~is_total)
    is_complete = (keys.count(codes.is_in(needed) & value.given) == len(needed)) & (
        keys.count(~is_total & ~value.given) == 0
    )
    has_parts = keys.count(~is_total & value.given) > 0
    place = keys.place(is_total & value.given)
    total = value.values[place]
    wrong = (place >= 0) & has_parts & ((sums > total) | (is_complete & (sums != total)))
    parts = {int(place[key]): sums[key] for key in np.flatnonzero(wrong)}

    def differs(place: int) -> str:
        return check.sentence.format(sum=german(as_decimal(parts[place])), total=german(value.at(place)))

    yield contents.said(contents.value_column, check.code, parts, differs)


def _parts(contents: Contents, check: Check, params: checks.AtMostTotal) -> Iterator[Found]:
    parts = params.parts or contents.format.codes(params.dimension).keys() - {params.whole}
    yield _exceeding(contents, check, params.dimension, (parts, params.whole), contents.everywhere)


def _ordered(contents: Contents, check: Check, params: checks.ConsistentGroups) -> Iterator[Found]:
    """Each group is compared with every later one."""
    asked = contents.cells(params.by).is_in(params.codes)
    for place, larger in enumerate(params.order):
        yield _exceeding(contents, check, params.dimension, (params.order[:place], larger), asked)


def _exceeding(
    contents: Contents, check: Check, dimension: str, codes: tuple[Collection[str], str], asked: Mask
) -> Found:
    """Rows with one of the first codes whose value is larger than that of the row with the second, all else alike."""
    parts, whole = codes
    value, cells = contents.value, contents.cells(dimension)
    keys = contents.keys(without=dimension)
    place_of_whole = keys.place(cells.is_in((whole,)) & value.given)[keys.numbers]
    exceeds = value.values > value.values[place_of_whole]
    wrong = asked & cells.is_in(parts) & value.given & (place_of_whole >= 0) & exceeds

    def exceeds_total(place: int) -> str:
        at = int(place_of_whole[place])
        words: dict[str, object] = {
            "value": german(value.at(place)), "total": german(value.at(at)), "total_row": contents.row(at),
            "part": cells.at(place), "smaller": cells.at(place), "larger": whole,
        }  # fmt: skip
        return check.sentence.format(**words)

    return contents.said(contents.value_column, check.code, wrong, exceeds_total)


OF_GROUPS: Rules = {
    checks.SumEquals: _sums,
    checks.AtMostTotal: _parts,
    checks.ConsistentGroups: _ordered,
}
