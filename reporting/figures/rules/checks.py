"""The kinds of check a format may ask for, each with its parameters and the words its sentence may use.

A format (`reporting/figures/formats/*.toml`) chooses among them, names the rule they stand for (`V-C03`) and says the
sentence; a rule may need several checks. How a kind is computed stands in
`reporting.figures.actions.importing`, by the name of its class.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from typing import Annotated, ClassVar

from members.rules.tables import ValueLimits

NAMES_COLUMN = ("column", "on", "by", "given", "dimension")  # parameters that name one
TOTAL = "T"
MOST_LISTED = 500

ColumnName = Annotated[
    str, ValueLimits(longest=40, pattern=r"[a-z][a-z0-9_]*", meaning="Kleinbuchstaben, Ziffern und Unterstrich")
]


class Severity(StrEnum):
    """An error refuses the file, a warning needs a remark before submission, a note only stays with the figures."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Problem:
    """What is wrong, where the person finds it (the header is row 1), and what to do about it."""

    row: int
    column: str
    rule: str
    sentence: str
    is_warning: bool = False

    @property
    def told(self) -> str:
        """In one sentence; a problem of the whole file stands in no row."""
        return f"Zeile {self.row}: {self.sentence}" if self.column else self.sentence


@dataclass(frozen=True)
class CheckKind:
    """Parameters of a check; `words` are those that its sentence may put in braces.

    `needs` are those of them that name a column without which there is nothing to check; `lists` those that hold
    codes, each with the parameter that names their column, or with this column; `rows` and `where` hold both.
    """

    words: ClassVar[frozenset[str]] = frozenset()
    needs: ClassVar[tuple[str, ...]] = ()
    lists: ClassVar[Mapping[str, str]] = {}

    @property
    def needed(self) -> frozenset[str]:
        """The columns without which there is nothing to check."""
        return frozenset(getattr(self, name) for name in self.needs)

    def named_columns(self) -> list[tuple[str, str]]:
        """Each parameter that names a column, with this name."""
        known = [(each.name, getattr(self, each.name)) for each in fields(self) if each.name in NAMES_COLUMN]
        return [*known, *(("columns", name) for name in getattr(self, "columns", ()))]

    def named_codes(self) -> list[tuple[str, object]]:
        """Pairs of a column and a code of it that the parameters speak of."""
        listed = (
            (getattr(self, column, column), code)
            for name, column in self.lists.items()
            for code in _codes(getattr(self, name))
        )
        rows = [*getattr(self, "rows", ()), getattr(self, "where", None) or {}]
        return [*listed, *chain.from_iterable(row.items() for row in rows)]


def _codes(codes: str | Iterable[object]) -> Iterable[object]:
    return (codes,) if isinstance(codes, str) else codes


@dataclass(frozen=True)
class Constant(CheckKind):
    """The same in every row, and taken over as metadata."""

    columns: tuple[ColumnName, ...]
    words = frozenset({"value", "first"})


@dataclass(frozen=True)
class KnownCode(CheckKind):
    """The code stands in the list of its column; without this check the general sentence says so."""

    column: ColumnName
    words = frozenset({"value", "codes"})


@dataclass(frozen=True)
class ValueOrFlag(CheckKind):
    """A value, or one of the flags that say why there is none."""

    flags: tuple[str, ...]
    lists = {"flags": "flag"}
    words = frozenset({"flags"})


@dataclass(frozen=True)
class DayOfYear(CheckKind):
    """The same day every year, such as 31.12."""

    column: ColumnName
    month: Annotated[int, ValueLimits(lowest=1, highest=12)]
    day: Annotated[int, ValueLimits(lowest=1, highest=31)]
    words = frozenset({"value"})


@dataclass(frozen=True)
class DateBeforeToday(CheckKind):
    """In a year before the present one."""

    column: ColumnName
    words = frozenset({"value", "today"})


@dataclass(frozen=True)
class CodeValidOn(CheckKind):
    """The code of `column` is valid on the day in the column `on`."""

    column: ColumnName
    on: ColumnName = field(metadata={"key": "date"})
    words = frozenset({"value", "title", "validity", "date"})


@dataclass(frozen=True)
class Note(CheckKind):
    """Said with every delivery whose reference day is not before `from`."""

    since: date = field(default=date.min, metadata={"key": "from"})


@dataclass(frozen=True)
class UniqueKey(CheckKind):
    """No two rows alike in the key of the format."""

    words = frozenset({"first", "key"})


@dataclass(frozen=True)
class TotalRow(CheckKind):
    """Exactly one row with T in every dimension of the key."""

    words = frozenset({"count", "dimensions", "advice"})


@dataclass(frozen=True)
class MandatoryRows(CheckKind):
    """Each of the rows is there; dimensions that it does not name are T."""

    rows: tuple[dict, ...]
    words = frozenset({"row"})


@dataclass(frozen=True)
class SumEquals(CheckKind):
    """The codes of a dimension add up to T wherever all else is alike.

    When not all codes are delivered (those of `may_be_missing` apart) they must not exceed T.
    """

    dimension: ColumnName
    may_be_missing: tuple[str, ...] = ()
    whole: ClassVar[str] = TOTAL
    lists = {"may_be_missing": "dimension", "whole": "dimension"}
    needs = ("dimension",)
    words = frozenset({"sum", "total"})


@dataclass(frozen=True)
class AtMostTotal(CheckKind):
    """Each of `parts` (all other codes when none is named) is at most `whole` wherever all else is alike."""

    dimension: ColumnName
    parts: tuple[str, ...] = ()
    whole: str = TOTAL
    lists = {"parts": "dimension", "whole": "dimension"}
    needs = ("dimension",)
    words = frozenset({"part", "value", "total", "total_row"})


@dataclass(frozen=True)
class ConsistentGroups(CheckKind):
    """A group is at most each later one of `order`, for the codes of the column `by` that add up."""

    dimension: ColumnName
    order: tuple[str, ...]
    by: ColumnName
    codes: tuple[str, ...]
    lists = {"order": "dimension", "codes": "by"}
    needs = ("dimension",)
    words = frozenset({"smaller", "larger", "value", "total", "total_row"})


@dataclass(frozen=True)
class ChangeToPrevious(CheckKind):
    """More than `percent` and more than `persons` away from the newest revision of the year before, in `rows`."""

    percent: Annotated[int, ValueLimits(lowest=0, highest=1000)]
    persons: Annotated[int, ValueLimits(lowest=0, highest=1_000_000)]
    rows: tuple[dict, ...] = ({},)
    words = frozenset({"value", "previous", "change"})

    def is_exceeded(self, now: Decimal, before: Decimal) -> bool:
        """Whether two numbers are that far from each other."""
        difference = abs(now - before)
        return difference > self.persons and difference * 100 > before * self.percent


@dataclass(frozen=True)
class WarnWhen(CheckKind):
    """A value over `over` in rows with `where` (or in the total row), for reference days not before `from`.

    Said once, at the largest value.
    """

    over: int
    where: dict | None = None
    only_total: bool = False
    since: date = field(default=date.min, metadata={"key": "from"})
    words = frozenset({"value"})


@dataclass(frozen=True)
class UnitFits(CheckKind):
    """The unit is one of those that the code in the column `by` allows."""

    column: ColumnName
    by: ColumnName
    needs = ("column",)
    words = frozenset({"value", "code", "units"})


@dataclass(frozen=True)
class Ratio(CheckKind):
    """numerator / denominator x factor of the unit equals the value within `tolerance`; other units have no ratio."""

    by: ColumnName
    factors: dict
    tolerance: float
    lists = {"factors": "by"}
    words = frozenset({"value", "numerator", "denominator", "expected"})


@dataclass(frozen=True)
class Requires(CheckKind):
    """Where `given` has a value, all of `columns` have one, in rows with `where`."""

    given: ColumnName
    columns: tuple[ColumnName, ...]
    where: dict | None = None
    needs = ("given",)
    words = frozenset({"column"})


@dataclass(frozen=True)
class Range(CheckKind):
    """The value lies between `min` and `max`, both included, in rows with `where`."""

    where: dict | None = None
    min: int | None = None
    max: int | None = None
    words = frozenset({"value"})


@dataclass(frozen=True)
class OneOf(CheckKind):
    """Only one of these codes occurs in the file."""

    column: ColumnName
    codes: tuple[str, ...]
    lists = {"codes": "column"}
    needs = ("column",)
    words = frozenset({"value", "first", "other"})


KINDS: dict[str, type[CheckKind]] = {
    "constant": Constant,
    "known_code": KnownCode,
    "value_or_flag": ValueOrFlag,
    "day_of_year": DayOfYear,
    "date_before_today": DateBeforeToday,
    "code_valid_on": CodeValidOn,
    "note": Note,
    "unique_key": UniqueKey,
    "total_row": TotalRow,
    "mandatory_rows": MandatoryRows,
    "sum_equals": SumEquals,
    "at_most_total": AtMostTotal,
    "consistent_groups": ConsistentGroups,
    "change_to_previous": ChangeToPrevious,
    "warn_when": WarnWhen,
    "unit_fits": UnitFits,
    "ratio": Ratio,
    "requires": Requires,
    "range": Range,
    "one_of": OneOf,
}
