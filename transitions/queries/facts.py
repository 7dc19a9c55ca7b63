"""What is told about a person, in words: label and value as pages show them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kok.codes import Code
from kok.words import day
from transitions.rules.case import CaseData
from transitions.rules.columns import COLUMNS
from transitions.rules.months import month_words
from transitions.rules.municipalities import municipality_words

NAME = ("family_name", "given_name")  # stand in the heading


@dataclass(frozen=True)
class Fact:
    """One field of a person. `before` is what the version before said, where that differs."""

    field: str
    label: str
    words: str
    before: str | None = None


def facts_of(data: CaseData, municipalities: Mapping[str, str], before: CaseData | None = None) -> tuple[Fact, ...]:
    """Every field that says something, now or in the version before; `municipalities` maps AGS to name."""
    return tuple(_facts(data, municipalities, before))


def _facts(data: CaseData, names: Mapping[str, str], before: CaseData | None) -> Iterator[Fact]:
    for column in COLUMNS:
        words = _words(column.field, getattr(data, column.field), names)
        earlier = _words(column.field, getattr(before, column.field), names) if before else words
        if words or earlier:
            yield Fact(column.field, column.heading, words, None if earlier == words else earlier)


def _words(field: str, value: Any, names: Mapping[str, str]) -> str:
    if field == "expected_end_on":
        return month_words(value)
    if field == "ga_municipality":
        return municipality_words(value, names)
    if isinstance(value, Code):
        return value.label
    return day(value) if isinstance(value, date) else value or ""
