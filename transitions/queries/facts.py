"""What is told about a person, in words: label and value as pages show them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from kok import words
from kok.codes import Code
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

    @property
    def is_changed(self) -> bool:
        """Whether the version before said something else."""
        return self.before is not None


def facts_of(data: CaseData, municipalities: Mapping[str, str], before: CaseData | None = None) -> tuple[Fact, ...]:
    """Every field that says something, now or in the version before; `municipalities` maps AGS to name."""
    return tuple(_facts(data, municipalities, before))


def _facts(data: CaseData, names: Mapping[str, str], before: CaseData | None) -> Iterator[Fact]:
    for column in COLUMNS:
        words = _words(column.field, getattr(data, column.field), names)
        earlier = _words(column.field, getattr(before, column.field), names) if before else words
        if words or earlier:
            yield Fact(column.field, column.heading, words, None if earlier == words else earlier)


def changed_facts(data: CaseData, municipalities: Mapping[str, str], before: CaseData) -> tuple[Fact, ...]:
    """Of these the ones that differ from the version before."""
    return tuple(filter(attrgetter("is_changed"), _facts(data, municipalities, before)))


def _words(field: str, value: str | date | None, names: Mapping[str, str]) -> str:
    return _WRITE.get(field, _plain)(value, names)


def _plain(value: str | date | None, _: Mapping[str, str]) -> str:
    if isinstance(value, date):
        return words.day(value)
    return value.label if isinstance(value, Code) else value or ""


_WRITE: dict[str, Callable[..., str]] = {
    "expected_end_on": lambda month, _: month_words(month),
    "ga_municipality": municipality_words,
}
