"""Files of figures for tests: good ones, which tests then spoil. All numbers are invented."""

from datetime import UTC, datetime
from itertools import islice, product
from math import prod
from typing import Any

from kok import sheets
from members.models import Agreement
from reporting.figures.actions.importing import import_file
from reporting.models import DatasetRevision

NOW = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
HEADERS = {
    "KOK-8C": (
        "format_id", "format_version", "reporting_kgs", "reference_date", "revision", "sex", "age_group", "service",
        "setting", "person_count", "flag", "remark",
    ),
    "KOK-8D": (
        "format_id", "format_version", "region_kgs", "reference_date", "revision", "sex", "age_group", "location",
        "service", "setting", "disability", "ga_basis", "person_count", "flag", "remark",
    ),
    "KOK-IND": (
        "format_id", "format_version", "region_kgs", "comparison_group", "reference_date", "revision", "indicator",
        "sex", "age_group", "service", "setting", "value", "unit", "numerator", "denominator", "flag", "remark",
        "population_source", "population_date",
    ),
}  # fmt: skip
TOTALS = {
    "sex": "T", "age_group": "T", "service": "T", "setting": "T", "location": "T", "disability": "T",
    "ga_basis": "P98", "comparison_group": "REGION", "indicator": "I01", "unit": "PERSON",
}  # fmt: skip
Row = dict[str, Any]


def a_row(format_id: str, **values: Any) -> Row:
    """A row of a format; what is not named is T, r0, the Wetteraukreis, 31.12.2026 (2023 for 8C)."""
    shared = {
        "format_id": format_id, "format_version": "1.0.0", "region_kgs": "06440", "reporting_kgs": "06440",
        "reference_date": "2023-12-31" if format_id == "KOK-8C" else "2026-12-31", "revision": 0,
    }  # fmt: skip
    row = shared | TOTALS | values
    return {name: row.get(name, "") for name in HEADERS[format_id]} | {
        name: value for name, value in values.items() if name not in HEADERS[format_id]
    }


def good_rows(format_id: str, **shared: Any) -> list[Row]:
    """A complete delivery without errors; `shared` goes into every row."""
    rows = {"KOK-8C": _good_8c, "KOK-8D": _good_8d, "KOK-IND": _good_ind}[format_id]()
    return [a_row(format_id, **{**row, **shared}) for row in rows]


def _good_8c() -> list[Row]:
    rows: list[Row] = [{"person_count": 100}]
    rows += [{"sex": sex, "person_count": count} for sex, count in zip("MWDO", (45, 52, 1, 2), strict=True)]
    ages = zip(("RAG_69", "A70_74", "A75_79", "A80_84", "A85P"), (30, 30, 20, 15, 5), strict=True)
    rows += [{"age_group": age, "person_count": count} for age, count in ages]
    rows += [{"service": "S07", "person_count": 80}, {"service": "S08", "person_count": 60}]
    settings = zip(("BWF", "EIG", "PFF", "NON"), (40, 50, 4, 6), strict=True)
    return rows + [{"setting": setting, "person_count": count} for setting, count in settings]


def _good_8d() -> list[Row]:
    rows: list[Row] = [{"person_count": 1000}]
    places = zip(("IN", "OUT", "BOTH", "UNK"), (700, 200, 90, 10), strict=True)
    rows += [{"location": place, "person_count": count} for place, count in places]
    rows += [{"sex": sex, "person_count": count} for sex, count in zip("MWDO", (560, 430, 4, 6), strict=True)]
    ages = ("A18_20", "A21_24", "A25_29", "A30_39", "A40_49", "A50_59", "A60_64", "A65_RAG", "A_GT_RAG")
    counts = (50, 80, 90, 190, 200, 210, 100, 40, 40)
    rows += [{"age_group": age, "person_count": count} for age, count in zip(ages, counts, strict=True)]
    settings = zip(("BWF", "EIG", "PFF", "NON"), (350, 500, 20, 130), strict=True)
    rows += [{"setting": setting, "person_count": count} for setting, count in settings]
    services = zip(("S02", "S07", "S08", "S10", "S10T"), (450, 380, 420, 120, 90), strict=True)
    return rows + [{"service": service, "person_count": count} for service, count in services]


def _good_ind() -> list[Row]:
    people = {"population_source": "Fortschreibung, Basis Zensus 2022", "population_date": "2026-12-31"}
    rows: list[Row] = []
    for group, number, inhabitants in (("REGION", 1000, 250_000), ("HESSEN", 20_000, 5_000_000)):
        rows += [
            {"comparison_group": group, "indicator": "I01", "value": number},
            {"comparison_group": group, "indicator": "I02", "unit": "PER_1000", "value": "4,0", "numerator": number,
             "denominator": inhabitants, **people},
            {"comparison_group": group, "indicator": "I08", "unit": "PERCENT", "value": "58,8", "numerator": 500,
             "denominator": 850},
            {"comparison_group": group, "indicator": "I17", "unit": "EUR", "value": f"{number * 25_000},50"},
        ]  # fmt: skip
    return rows


def many_rows(count: int) -> list[Row]:
    """A good file of 8D as long as wanted, up to 100,000 rows: every combination of codes, one person in each."""
    codes = {
        "service": ("T", "S01", "S02", "S03", "S04", "S05", "S06", "S07", "S08", "S09", "S10", "S10T"),
        "location": ("T", "IN", "OUT", "BOTH", "UNK"),
        "sex": ("T", *"MWDO"),
        "age_group": (
            "T", "A18_20", "A21_24", "A25_29", "A30_39", "A40_49", "A50_59", "A60_64", "A65_RAG", "A_GT_RAG",
        ),
        "setting": ("T", "BWF", "EIG", "PFF", "NON"),
        "disability": ("T", *"GSKNMO"),
    }  # fmt: skip
    parts = islice(product(*codes.values()), count)
    return [
        a_row("KOK-8D", **dict(zip(codes, part, strict=True)), person_count=_persons(codes, part)) for part in parts
    ]


def _persons(codes: dict[str, tuple[str, ...]], part: tuple[str, ...]) -> int:
    return prod(len(each) - 1 for each, code in zip(codes.values(), part, strict=True) if code == "T")


def a_file(format_id: str, rows: list[Row] | None = None, fmt: str = "csv", **shared: Any) -> bytes:
    """The bytes of a file; without `rows` a good one. `shared` goes into every row."""
    lines = [{**row, **shared} for row in (good_rows(format_id) if rows is None else rows)]
    header = list(dict.fromkeys(name for line in lines for name in line)) or list(HEADERS[format_id])
    cells = [[line.get(name, "") for name in header] for line in lines]
    if fmt == "csv":
        return sheets.write_csv(header, cells)
    return sheets.write_xlsx("Daten", header, cells)


def imported(
    format_id: str = "KOK-8D",
    *,
    rows: list[Row] | None = None,
    agreement: Agreement | None = None,
    reason: str = "",
    now: datetime = NOW,
    **shared: Any,
) -> DatasetRevision:
    """A stored revision; `shared` such as `revision=1` or `reference_date="2025-12-31"` goes into every row."""
    content = a_file(format_id, rows, **shared)
    return import_file(
        content=content, filename="test.csv", agreement=agreement or Agreement.objects.get(slug="wetteraukreis"),
        correction_reason=reason, by=None, now=now,
    )  # fmt: skip
