"""What a format asks for, told to those who make the files, and an empty file to begin with."""

import re
from collections import defaultdict
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date

from kok.sheets import Cell
from reporting.figures.queries.formats import formats
from reporting.figures.rules.cells import expected_of
from reporting.figures.rules.checks import Severity
from reporting.figures.rules.codes import Deliverer
from reporting.figures.rules.formats import CodeList, Format

PLACEHOLDER = re.compile(r"\{\w+\}")
WEIGHTS = {
    Severity.ERROR: ("Mangel", "danger"),
    Severity.WARNING: ("Hinweis", "warning"),
    Severity.NOTE: ("Anmerkung", "info"),
}


@dataclass(frozen=True)
class ColumnLine:
    """A column: its name in the file, what it means, whether it must be there, and what may stand in it."""

    name: str
    title: str
    is_required: bool
    content: str
    default: str
    code_list: str


@dataclass(frozen=True)
class CheckLine:
    """A rule with what it says; what depends on the file is left out. `label` and `tone` tell how much it weighs."""

    rule: str
    label: str
    tone: str
    sentence: str


@dataclass(frozen=True)
class Codes:
    """A code list with the titles of the columns that use it."""

    name: str
    titles: str
    codes: CodeList

    @property
    def has_validity(self) -> bool:
        """Whether a code of it began or ends on some day."""
        return any(code.validity for code in self.codes.values())


@dataclass(frozen=True)
class FormatPage:
    """One version of a format; each code list once."""

    format: Format
    columns: tuple[ColumnLine, ...]
    code_lists: tuple[Codes, ...]
    checks: tuple[CheckLine, ...]

    @property
    def deliverer(self) -> str:
        """Who delivers these figures."""
        return {Deliverer.LWV: "der LWV Hessen"}.get(self.format.delivered_by, self.format.delivered_by.label)


def format_page(format_id: str, version: str) -> FormatPage | None:
    """The description of exactly this version."""
    found = formats().get((format_id, version))
    if found is None:
        return None
    columns = tuple(_columns(found))
    titles: dict[str, list[str]] = defaultdict(list)
    for each in columns:
        titles[each.code_list].append(each.title)
    titles.pop("", None)
    lists = tuple(Codes(name, ", ".join(told), found.code_lists[name]) for name, told in titles.items())
    return FormatPage(found, columns, lists, tuple(dict.fromkeys(_checks(found))))


def _columns(found: Format) -> Iterator[ColumnLine]:
    for column in found.columns:
        codes = found.codes(column.name)
        yield ColumnLine(
            name=column.name,
            title=column.title,
            is_required=column.stands_in_every_file,
            content=expected_of(column, codes).meaning,
            default=column.default,
            code_list=column.code_list if codes else "",
        )


def _checks(found: Format) -> Iterator[CheckLine]:
    for check in found.checks:
        yield CheckLine(check.code, *WEIGHTS[check.severity], PLACEHOLDER.sub("…", check.sentence).replace("….", "…"))


def template_of(found: Format, *, keys: Set[str], today: date) -> tuple[list[str], list[list[Cell]]]:
    """The header and a first row for last year, with T wherever everything is counted together.

    `keys` are the Kreisschlüssel for which somebody delivers; where there is one only, it stands there already.
    """
    known: dict[str, Cell] = {
        "format_id": found.id,
        "format_version": found.version,
        "reference_date": date(today.year - 1, 12, 31),
        "revision": 0,
    }
    known |= found.total_row
    named = keys & found.codes(found.region_column).keys()
    if len(named) == 1:
        known[found.region_column] = min(named)
    header = [column.name for column in found.columns]
    return header, [[known.get(name, "") for name in header]]
