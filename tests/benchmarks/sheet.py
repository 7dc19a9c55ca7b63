"""Files with 100,000 numbers of Punkt 8d (KOK-8D), and what it costs only to get them into a table.

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
from math import prod
from pathlib import Path
from time import perf_counter

import psycopg
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

ROWS = 100_000
HEADER = (
    "format_id", "format_version", "region_kgs", "reference_date", "revision", "sex", "age_group", "location",
    "service", "setting", "disability", "ga_basis", "person_count", "flag", "remark",
)  # fmt: skip
SERVICES = ("T", "S01", "S02", "S03", "S04", "S05", "S06", "S07", "S08", "S09", "S10", "S10T")
LOCATIONS = ("T", "IN", "OUT", "BOTH", "UNK")
SEXES = ("T", *"MWDO")
AGES = ("T", "A18_20", "A21_24", "A25_29", "A30_39", "A40_49", "A50_59", "A60_64", "A65_RAG", "A_GT_RAG")
SETTINGS = ("T", "BWF", "EIG", "PFF", "NON")
DISABILITIES = ("T", *"GSKNMO")
CODES = (SERVICES, LOCATIONS, SEXES, AGES, SETTINGS, DISABILITIES)


def rows() -> Iterator[tuple[str | int, ...]]:
    """Every combination of codes, one person in each, so that all sums are right."""
    for part in islice(product(*CODES), ROWS):
        service, location, sex, age, setting, disability = part
        persons = prod(len(codes) - 1 for codes, code in zip(CODES, part, strict=True) if code == "T")
        yield (
            "KOK-8D", "1.0.0", "06440", "2024-12-31", 0, sex, age, location, service, setting, disability, "P98",
            persons, "", "",
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
