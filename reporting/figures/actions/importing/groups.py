"""Checks across rows: keys, sums, parts and wholes."""

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np

from reporting.figures.actions.importing.columns import Keys, Mask, as_decimal
from reporting.figures.actions.importing.contents import Contents, Found, german
from reporting.figures.rules import checks
from reporting.figures.rules.checks import TOTAL, Problem
from reporting.figures.rules.formats import Check


def check_keys(contents: Contents) -> Iterator[Found]:
    """Rows that say the same about the same, except the first of them."""
    for check in contents.format.checks:
        if isinstance(check.params, checks.UniqueKey):
            keys = contents.keys()
            if (keys.count(contents.everywhere) > 1).any():
                yield _doubled(contents, check, keys)


def check_groups(contents: Contents) -> Iterator[Found]:
    """Sums, parts and wholes. Keys must be unique, and all values readable."""
    for check in contents.format.checks:
        params = check.params
        if isinstance(params, checks.SumEquals) and contents.has(params.dimension):
            yield _sums(contents, check, params)
        if isinstance(params, checks.AtMostTotal) and contents.has(params.dimension):
            yield _parts(contents, check, params)
        if isinstance(params, checks.ConsistentGroups) and contents.has(params.dimension):
            yield from _ordered(contents, check, params)


def _doubled(contents: Contents, check: Check, keys: Keys) -> Found:
    names = contents.key()
    heading = contents.headings[names[0]] if names else ""

    def again(place: int) -> Problem:
        key = ", ".join(filter(None, (contents.cells(name).at(place) for name in names)))
        sentence = check.sentence.format(first=contents.row(keys.first[place]), key=key)
        return Problem(contents.row(place), heading, check.code, sentence)

    return contents.found(keys.first != np.arange(contents.rows), again)


def _sums(contents: Contents, check: Check, params: checks.SumEquals) -> Found:
    """Parts never exceed their total; they equal it where all codes are delivered and each has a value."""
    keys, value, codes = contents.keys(without=params.dimension), contents.value, contents.cells(params.dimension)
    needed = [
        code for code in contents.format.codes(params.dimension) if code != TOTAL and code not in params.may_be_missing
    ]
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

    def differs(place: int) -> Problem:
        said = check.sentence.format(sum=german(as_decimal(parts[place])), total=german(value.at(place)))
        return Problem(contents.row(place), contents.headings[contents.value_column], check.code, said)

    return contents.found(parts, differs)


def _parts(contents: Contents, check: Check, params: checks.AtMostTotal) -> Found:
    parts = params.parts or [code for code in contents.format.codes(params.dimension) if code != params.whole]
    return _exceeding(contents, check, params.dimension, (parts, params.whole), contents.everywhere)


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

    def exceeds_total(place: int) -> Problem:
        at = int(place_of_whole[place])
        words: dict[str, Any] = {
            "value": german(value.at(place)), "total": german(value.at(at)), "total_row": contents.row(at),
            "part": cells.at(place), "smaller": cells.at(place), "larger": whole,
        }  # fmt: skip
        sentence = check.sentence.format(**words)
        return Problem(contents.row(place), contents.headings[contents.value_column], check.code, sentence)

    return contents.found(wrong, exceeds_total)
