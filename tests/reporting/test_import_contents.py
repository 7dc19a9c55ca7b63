"""What a file holds, as the checks see it: read on both ways alike, keyed alike, added up as by hand."""

import subprocess
import sys
import time
import tracemalloc
from datetime import date
from decimal import Decimal
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kok import sheets
from kok.sheets import SheetRefused
from reporting.figures.actions.importing import check_file, columns, groups, plain, reading
from reporting.figures.actions.importing.columns import Cells, Keys
from reporting.figures.actions.importing.plain import plain_rows
from reporting.figures.queries.formats import format_of
from reporting.figures.rules.checks import TOTAL
from reporting.models import DataCell
from tests.builders import an_agreement
from tests.reporting.figures import Row, a_file, a_row, good_rows, imported

D = "KOK-8D"
FORMAT = format_of(D, "1.0.0")
KEY = ("sex", "age_group", "location", "service", "setting", "disability")
CODES = {"sex": ("T", *"MWDO"), "location": ("T", "IN", "OUT", "BOTH", "UNK"), "service": ("T", "S10", "S10T", "S02")}
texts = st.text(st.sampled_from("aZ0ß. ;=-+'\"\\\t\u00a0é漢"), max_size=4)


@settings(deadline=None)  # the machine may be busy
@given(
    st.sampled_from([texts, st.sampled_from(["", "a", "ß"])]).flatmap(
        lambda cell: st.lists(st.tuples(cell, cell, cell), min_size=1, max_size=6)
    ),
    st.sampled_from(["\n", "\r\n"]), st.booleans(), st.sampled_from([1, 20]), st.sampled_from([1, 64]),
)  # fmt: skip
def test_given_any_texts_when_a_csv_is_cut_or_read_strictly_then_the_contents_are_the_same(rows, end, ends, at, sample):
    kept = [[each.replace(";", "") for each in row] for row in rows]
    header = ("sex", "flag", "remark")
    lines = [";".join(row) for row in (header, *kept)]
    content = (end.join(lines) + (end if ends else "")).encode()
    try:
        strict = [(row.number, *row.cells) for row in sheets.read(content).rows]
    except SheetRefused:
        strict = None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "BLOCK", at)
        patch.setattr(plain, "SAMPLE", sample)
        found = plain_rows(content, header)
        if found is not None:
            between = [row for numbers, cut in found.blocks() for row in zip(numbers, *cut, strict=True)]
            assert [(row, *found.front, *cells, *found.back) for row, *cells in between] == strict


def test_given_a_file_of_codes_and_numbers_when_read_then_it_is_cut_and_what_its_rows_share_is_read_once():
    rows = good_rows(D)
    found = plain_rows(a_file(D), tuple(rows[0]))
    assert found is not None
    assert (found.front, found.back) == ([D, "1.0.0", rows[0]["region_kgs"], rows[0]["reference_date"], "0"], ["", ""])


def test_given_one_row_that_begins_otherwise_when_cut_then_no_cell_is_taken_from_another_row(monkeypatch):
    monkeypatch.setattr(plain, "SAMPLE", 1)
    lines = ["a;b;c", *["x;1;y"] * 9, "z;1;y", *["x;2;y"] * 90]
    found = plain_rows("\n".join(lines).encode(), ("a", "b", "c"))
    assert found is not None
    assert (found.front, found.width) == ([], 3)
    assert found.text.split("\n") == lines[1:]


def test_given_two_rows_whose_widths_make_up_for_each_other_when_read_then_the_first_is_named():
    lines = a_file(D).split(b"\r\n")
    lines[3], lines[4] = lines[3] + b";x", lines[4].rpartition(b";")[0]
    with pytest.raises(SheetRefused, match="Zeile 4 hat 16 Spalten, die Kopfzeile 15"):
        reading.read(b"\r\n".join(lines))


def test_given_more_text_than_any_delivery_has_when_read_then_refused(monkeypatch):
    monkeypatch.setattr(reading, "MOST_CHARACTERS", 1_000)
    rows = [row | {"remark": f"{place:0200}"} for place, row in enumerate(good_rows(D))]
    with pytest.raises(SheetRefused, match="Kürzen Sie die Texte"):
        reading.read(a_file(D, rows))


@settings(deadline=None)  # the machine may be busy
@given(
    st.lists(st.tuples(*[st.sampled_from("abc")] * 4), min_size=1, max_size=40),
    st.sampled_from([1, 5, columns.MOST_KEYS]),
)
def test_given_any_columns_when_keyed_then_rows_have_the_same_key_exactly_when_their_texts_are_the_same(rows, most):
    as_columns = []
    for cells in zip(*rows, strict=True):
        known = list(dict.fromkeys(cells))
        as_columns.append(Cells(known, np.array([known.index(cell) for cell in cells], np.int64)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "MOST_KEYS", most)
        keys = Keys.of(as_columns, len(rows))
    assert max(keys.numbers) < keys.size
    assert len(set(zip(keys.numbers.tolist(), rows, strict=True))) == len(set(rows)) == len(set(keys.numbers.tolist()))
    assert keys.first.tolist() == [rows.index(row) for row in rows]


@st.composite
def deliveries(draw) -> list[Row]:
    keys = draw(st.sets(st.tuples(*map(st.sampled_from, CODES.values())), min_size=1, max_size=30))
    values = st.one_of(st.integers(0, 3), st.none())
    rows = []
    for codes in sorted(keys):
        value = draw(values)
        said = {"person_count": "", "flag": "."} if value is None else {"person_count": value}
        rows.append(a_row(D, **dict(zip(CODES, codes, strict=True)), **said))
    return rows


@settings(deadline=None)  # the machine may be busy
@given(deliveries())
def test_given_any_values_when_sums_are_checked_then_as_by_hand(rows):
    contents = reading.read(a_file(D, rows))
    found = {(problem.rule, problem.row) for problems, _ in groups.check_groups(contents) for problem in problems}
    wanted = {("V-D02", row) for row in _wrong_sums(rows, "location", ("IN", "OUT", "BOTH", "UNK"))}
    wanted |= {("V-D04", row) for row in _wrong_sums(rows, "sex", tuple("MWDO"))}
    wanted |= {("V-D05", row) for row in _too_large(rows, tuple(FORMAT.codes("service").keys() - {TOTAL}), TOTAL)}
    wanted |= {("V-D06", row) for row in _too_large(rows, ("S10T",), "S10")}
    assert found == wanted


def _alike(rows: list[Row], dimension: str) -> list[dict[str, tuple[int, Decimal | None]]]:
    """Row and value by the code of a dimension, for rows that are alike in all others."""

    def others(numbered: tuple[int, Row]) -> tuple[str, ...]:
        return tuple(numbered[1][name] for name in KEY if name != dimension)

    numbered = sorted(enumerate(rows, start=2), key=others)
    return [
        {row[dimension]: (at, None if row["person_count"] == "" else row["person_count"]) for at, row in group}
        for _, group in groupby(numbered, others)
    ]


def _wrong_sums(rows: list[Row], dimension: str, codes: tuple[str, ...]) -> set[int]:
    wrong = set()
    for group in _alike(rows, dimension):
        at, total = group.pop(TOTAL, (0, None))
        given = [value for _, value in group.values() if value is not None]
        is_complete = all(group.get(code, (0, None))[1] is not None for code in codes)
        if total is not None and given and (sum(given) > total or (is_complete and sum(given) != total)):
            wrong.add(at)
    return wrong


def _too_large(rows: list[Row], parts: tuple[str, ...], whole: str) -> set[int]:
    return {
        at
        for group in _alike(rows, "service")
        for code, (at, value) in group.items()
        if code in parts and value is not None and (group.get(whole, (0, None))[1] is not None)
        and value > group[whole][1]
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("format_id", "optional"), [(D, "disability"), (D, "flag"), ("KOK-IND", "numerator"), ("KOK-IND", "setting")]
)
def test_given_a_file_without_a_column_that_may_be_missing_when_checked_then_nothing_is_wrong(format_id, optional):
    rows = [{name: cell for name, cell in row.items() if name != optional} for row in good_rows(format_id)]
    found = check_file(content=a_file(format_id, rows), today=date(2027, 3, 15))
    assert (found.problems, found.warnings) == ([], [])


@pytest.mark.django_db
def test_given_500_errors_before_a_number_that_is_none_when_checked_then_all_are_counted():
    rows = [a_row(D, remark=str(place)) for place in range(600)]
    for row in rows[1:]:
        row["reference_date"] = "2025-12-31"
    rows[-1]["person_count"] = "viele"
    found = check_file(content=a_file(D, rows), today=date(2027, 3, 15))
    assert len(found.problems) == 500
    assert found.problem_count > 500 + 599  # other days, doubled rows, no value; the one that is no number


@pytest.mark.django_db
def test_given_another_wrong_text_in_each_cell_when_checked_then_in_bounded_time_and_memory():
    """All combinations of 10,000 codes with 10,000 units are more than a worker holds."""
    columns_of = ("indicator", "unit", "value", "remark", "population_date")
    row = a_row("KOK-IND")
    lines = [";".join(row)]
    for place in range(10_000):
        texts = [f"x{place}"] * 4 + [f"{place:04}-13-32"]
        lines.append(";".join(map(str, (row | dict(zip(columns_of, texts, strict=True))).values())))
    tracemalloc.start()
    began = time.process_time()
    found = check_file(content="\n".join(lines).encode(), today=date(2027, 3, 15))
    seconds, (_, most) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.problem_count == 4 * 10_000
    assert len(found.problems) == 500
    assert seconds < 10
    assert most < 200_000_000


@pytest.mark.django_db
def test_given_signs_that_copy_gives_a_meaning_when_stored_then_they_arrive():
    an_agreement()
    remark = 'a\\b\\N\t"c"; d\ne\\'
    rows = good_rows(D)
    rows[0]["remark"] = remark
    imported(D, rows=rows)
    assert DataCell.objects.get(row=2).remark == remark


def test_given_all_pages_are_known_when_a_worker_starts_then_only_its_children_load_arrays_and_formats():
    code = """if True:
        import os, sys, django
        django.setup()
        from django.urls import get_resolver
        get_resolver().url_patterns
        print([name for name in ("numpy", "openpyxl", "weasyprint") if name in sys.modules])
        from celery.signals import worker_init, worker_process_init
        from kok.celery import app
        from reporting.figures.queries import formats
        worker_init.send(sender=app)
        maps = open("/proc/self/maps").read()
        print([name for name in ("libpango", "openblas") if name in maps], len(os.listdir("/proc/self/task")))
        worker_process_init.send(sender=None)
        print([name for name in ("numpy", "weasyprint") if name in sys.modules], formats._read.cache_info().misses)
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "[] 1", "['numpy', 'weasyprint'] 1"]
