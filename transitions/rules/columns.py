"""The columns of a file with the list: one per field of domain.md 5.3, how a cell is read and how it is written.

Codes are read as the code or as its German words. Every wrong cell gets one sentence that says how to write it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from kok.codes import Code
from kok.errors import Refused, refuse, require
from kok.lettering import one_line
from transitions.rules import codes
from transitions.rules.case import CaseData, Given
from transitions.rules.months import parse_month

LATE = "Nachmeldung"
MUNICIPALITY = "Gemeinde (AGS)"
NO_MUNICIPALITY = (
    "Eine Gemeinde dieses Namens gehört nicht zur Vereinbarung. Schreiben Sie den Namen wie in der Vorlage. Liegt der "
    "gewöhnliche Aufenthalt in einem anderen Kreis, schreiben Sie den Gemeindeschlüssel (AGS) mit acht Ziffern."
)
NO_DAY = "Diesen Tag gibt es so nicht. Schreiben Sie ihn wie 30.04.2010."
FORMULA = "Diese Zelle beginnt wie eine Formel. Schreiben Sie nur Text hinein."
MISSING = "Diese Angabe fehlt. Schreiben Sie zum Beispiel: {example}."
YES_OR_NO = "Schreiben Sie hier ja oder nein, oder lassen Sie die Zelle leer."
TAKE_TEMPLATE = "Es wurde nichts gespeichert. Nehmen Sie die Überschriften der Vorlage."
_YES_OR_NO = {"": False, "nein": False, "ja": True}
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
CASE_REF, VERSION = "Fallzeichen", "Fassung"


def _cell_of(value: str | date | None) -> str | date | None:
    """A value as it stands in a cell: of a code its word."""
    return value.label if isinstance(value, Code) else value


@dataclass(frozen=True)
class ListColumn:
    """One column: the field it fills, its heading, what to write in it, how a cell becomes a value and a value a cell.

    `formulas`: the signs with which no cell begins, because a spreadsheet would take it for a formula.
    """

    field: str
    heading: str
    example: str
    convert: Callable[[str], object]
    is_optional: bool = False
    codes: type[Code] | None = None
    write: Callable[..., str | date | None] = _cell_of
    formulas: tuple[str, ...] = ("=", "@", "\t", "+", "-")


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with one cell; the row is the one that the person sees in the file."""

    row: int
    heading: str
    sentence: str


@dataclass(frozen=True)
class ReadRow:
    """One row: the person, or what is wrong with it."""

    row: int
    data: CaseData | None
    is_late: bool
    problems: tuple[CellProblem, ...]


def _day(cell: str) -> date:
    """Written by people, or by machines: `2010-04-30`."""
    typed = _DAY.fullmatch(cell)
    turned = f"{typed[3]}-{typed[2]:0>2}-{typed[1]:0>2}" if typed else cell
    require(_ISO_DAY.fullmatch(turned), NO_DAY)
    try:
        return date.fromisoformat(turned)
    except ValueError:
        raise Refused(NO_DAY) from None


def _month(cell: str) -> date:
    """Also what a spreadsheet makes of a typed month: the number 7,2028 (or 1,203 for 1.2030), or a whole date."""
    if number := re.fullmatch(r"(\d{1,2}),(\d{2,4})", cell):
        return parse_month(f"{number[1]}.{number[2]:0<4}")
    return _day(cell).replace(day=1) if _DAY.fullmatch(cell) else parse_month(cell)


def _code(kind: type[Code]) -> Callable[[str], Code]:
    def convert(cell: str) -> Code:
        wanted = cell.casefold()
        for code in kind:
            if wanted in (code.value.casefold(), code.label.casefold()):
                return code
        raise Refused("Hier steht kein Wort aus der Liste. Möglich sind: " + "; ".join(_labels(kind)) + ".")

    return convert


def _labels(kind: type[Code]) -> list[str]:
    return list(map(attrgetter("label"), kind))


def _coded(field: str, heading: str, kind: type[Code], *, is_optional: bool = False) -> ListColumn:
    return ListColumn(field, heading, "; ".join(_labels(kind)), _code(kind), is_optional, kind)


COLUMNS: tuple[ListColumn, ...] = (
    ListColumn("family_name", "Familienname", "Muster", one_line),
    ListColumn("given_name", "Vorname", "Toni", one_line),
    ListColumn("date_of_birth", "Geburtsdatum", "30.04.2010", _day),
    _coded("salutation", "Anrede", codes.Salutation, is_optional=True),
    ListColumn("ga_municipality", MUNICIPALITY, "06440008 oder der Name der Gemeinde", one_line),
    ListColumn("facility_name", "Einrichtung", "Name der Einrichtung", one_line),
    ListColumn("facility_place", "Ort der Einrichtung", "Friedberg", one_line),
    _coded("facility_basis", "Grundlage", codes.FacilityBasis),
    _coded("similar_reason", "Grund bei ähnlicher Einrichtung", codes.SimilarReason, is_optional=True),
    _coded("education_kind", "Bildung", codes.EducationKind),
    ListColumn("expected_end_on", "Ende (Monat)", "7.2028", _month, write=lambda month: f"{month.month}.{month.year}"),
    _coded("certainty", "Sicherheit", codes.Certainty),
    _coded("lwv_responsibility", "Zuständigkeit des LWV", codes.LwvResponsibility),
    ListColumn("contact_unit", "Ansprechstelle", "Fachdienst Soziale Hilfen, Team 2", one_line),
    ListColumn("contact_phone", "Telefon", "06031 83-0", one_line, formulas=("=", "@", "\t")),
    _coded("legal_representative_kind", "Gesetzliche Vertretung", codes.RepresentativeKind),
    ListColumn("informed_on", "Informiert am", "15.01.2027", _day, is_optional=True),
    _coded("ba_procedure_started", "Verfahren der Bundesagentur begonnen", codes.Answer, is_optional=True),
    _coded("lwv_involved", "LWV daran beteiligt", codes.Answer, is_optional=True),
)
HEADINGS: tuple[str, ...] = (*(column.heading for column in COLUMNS), LATE)
NEEDED = frozenset(column.heading for column in COLUMNS if not column.is_optional)
HANDED_OUT: tuple[str, ...] = (*HEADINGS, CASE_REF, VERSION)
"""A table that leaves the area says besides where each row comes from; nothing is read from these two."""


def choices(municipalities: Mapping[str, str]) -> dict[str, list[str]]:
    """What the columns of the empty template offer: the words of the codes, and the names of the municipalities."""
    offered = {MUNICIPALITY: list(municipalities.values())} if municipalities else {}
    coded = {column.heading: _labels(column.codes) for column in COLUMNS if column.codes}
    return {**offered, **coded, LATE: ["ja", "nein"]}


def _same(text: str) -> str:
    return re.sub(r"[^a-zäöüß0-9]", "", text.casefold())


_KNOWN = {_same(heading): heading for heading in HANDED_OUT}


def match_header(header: Iterable[str]) -> dict[str, int]:
    """Which column of the file holds which heading; order and capitals do not matter.

    Raises Refused naming every heading that is missing, unknown or there twice: no column is passed over in silence.
    """
    headings = [_KNOWN.get(_same(text), "") for text in header]
    places = {heading: headings.index(heading) for heading in filter(None, headings)}
    strange = [str(place + 1) for place, heading in enumerate(headings) if places.get(heading) != place]
    missing = sorted(NEEDED - places.keys(), key=HEADINGS.index)
    told = _about("Es fehlen die Spalten {}. ", missing)
    told += _about("Unbekannt oder doppelt sind die Überschriften der Spalten {}. ", strange)
    refuse(told and f"{told}{TAKE_TEMPLATE}")
    return places


def _about(sentence: str, columns: Sequence[str]) -> str:
    return sentence.format(", ".join(columns)) if columns else ""


def read_row(row: int, cells: Mapping[str, str], municipalities: Mapping[str, str]) -> ReadRow:
    """One row by heading; `municipalities` maps AGS to name and lets the name stand for the key.

    Only the form of the cells is judged here; `people.check_data` and `year.check_year` judge what they say.
    """
    values = Given()
    problems: list[CellProblem] = []
    for column in COLUMNS:
        try:
            values[column.field] = _value(column, cells.get(column.heading, ""), municipalities)
        except Refused as refused:
            problems.append(CellProblem(row, column.heading, refused.sentence))
    try:
        is_late = _yes_or_no(cells.get(LATE, ""))
    except Refused as refused:
        problems.append(CellProblem(row, LATE, refused.sentence))
        is_late = False
    return ReadRow(row, None if problems else CaseData(**values), is_late, tuple(problems))


def cells_of(data: CaseData, *, is_late: bool) -> tuple[str | date | None, ...]:
    """One row below HEADINGS, so that `read_row` gives the same person back."""
    return (*(column.write(getattr(data, column.field)) for column in COLUMNS), "ja" if is_late else "")


def _value(column: ListColumn, cell: str, municipalities: Mapping[str, str]) -> object:
    require(not cell.startswith(column.formulas), FORMULA)
    if not cell:
        require(column.is_optional, MISSING.format(example=column.example))
        return None
    return _ags(cell, municipalities) if column.heading == MUNICIPALITY else column.convert(cell)


def _ags(cell: str, municipalities: Mapping[str, str]) -> str:
    """The key of a municipality that is named, or the key itself, to which a spreadsheet left no zero."""
    by_name = {name.casefold(): ags for ags, name in municipalities.items()}
    if ags := by_name.get(cell.casefold()):
        return ags
    require(not municipalities or any(map(str.isdecimal, cell)), NO_MUNICIPALITY)
    return cell.zfill(8) if cell.isdecimal() else cell


def _yes_or_no(cell: str) -> bool:
    require(cell.casefold() in _YES_OR_NO, YES_OR_NO)
    return _YES_OR_NO[cell.casefold()]
