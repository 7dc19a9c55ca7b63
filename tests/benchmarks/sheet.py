"""Files with 100,000 indicators of Punkt 9 (KOK-IND), and what it costs only to get them into a table.

`python -m tests.benchmarks.sheet make FOLDER`; `… sheet csv FILE` and `… sheet xlsx FILE` are the floors, which print
seconds and the greatest memory in MiB as JSON.
"""

import csv
import json
import os
import resource
import sys
from collections.abc import Callable, Iterator
from itertools import islice, product
from pathlib import Path
from time import perf_counter

import psycopg
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

ROWS = 100_000
HEADER = (
    "format_id", "format_version", "region_kgs", "comparison_group", "reference_date", "revision", "indicator", "sex",
    "age_group", "service", "setting", "value", "unit", "numerator", "denominator", "flag", "remark",
)  # fmt: skip
INDICATORS = ("I01", "I03", "I05", "I07", "I09", "I11", "I12", "I13", "I14")  # counted in persons
GROUPS = ("REGION", "RP", "HESSEN")
SEXES = ("M", "W", "D", "O", "T")
AGES = ("U18", "A18_20", "A21_24", "A25_29", "A30_39", "A40_49", "A50_59", "A60_64", "A65_RAG", "A_GT_RAG", "T")
SERVICES = (*(f"S{n:02}" for n in range(1, 11)), "S10T", *(f"S{n:02}" for n in range(11, 17)), "S99", "T")
SETTINGS = ("BWF", "EIG", "PFF", "NON", "T")


def rows() -> Iterator[tuple[str | int, ...]]:
    """Values of one reference day, no key twice."""
    keys = product(INDICATORS, GROUPS, SEXES, AGES, SERVICES, SETTINGS)
    for number, (indicator, group, sex, age, service, setting) in enumerate(islice(keys, ROWS)):
        yield (
            "KOK-IND", "1.0.0", "06440", group, "2024-12-31", 0, indicator, sex, age, service, setting,
            number % 997, "persons", "", "", "", "",
        )  # fmt: skip


def make(folder: Path) -> None:
    """The same rows in both kinds of files."""
    with (folder / "rows.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";", lineterminator="\n").writerows([HEADER, *rows()])
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Daten")
    for row in (HEADER, *rows()):
        sheet.append(row)
    book.save(folder / "rows.xlsx")


def copy_csv(connection: psycopg.Connection, file: Path) -> None:
    """Bare COPY: the server reads the lines, nobody looks at them."""
    with connection.cursor().copy("COPY floor FROM STDIN (FORMAT csv, DELIMITER ';', HEADER)") as copy:
        copy.write(file.read_bytes())


def copy_xlsx(connection: psycopg.Connection, file: Path) -> None:
    """python-calamine and COPY, row by row."""
    sheet = CalamineWorkbook.from_path(file).get_sheet_by_name("Daten")
    with connection.cursor().copy("COPY floor FROM STDIN") as copy:
        for row in islice(sheet.iter_rows(), 1, None):
            copy.write_row([str(cell) for cell in row])


def measured(work: Callable[[], object]) -> str:
    """Does it and says how long it took and how much memory the process ever had."""
    began = perf_counter()
    work()
    seconds = perf_counter() - began
    return json.dumps({"seconds": seconds, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})


def main() -> None:
    """One of the three."""
    kind, place = sys.argv[1], Path(sys.argv[2])
    if kind == "make":
        make(place)
        return
    copy = {"csv": copy_csv, "xlsx": copy_xlsx}[kind]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS floor")
        connection.execute(f"CREATE TABLE floor ({', '.join(f'{name} text' for name in HEADER)})")
        sys.stdout.write(measured(lambda: copy(connection, place)))
        connection.execute("DROP TABLE floor")


if __name__ == "__main__":
    main()
