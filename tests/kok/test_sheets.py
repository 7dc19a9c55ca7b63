"""Good and hostile spreadsheets, made here byte by byte: no library that reads them made them."""

import io
import re
import tracemalloc
import zipfile
import zlib
from datetime import date, datetime, time
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from kok import sheets
from kok.sheets import Limits, SheetRefused
from kok.sheets.scan import look_through

LAST_DAY = date(2026, 12, 31)
AFTERNOON = datetime.combine(LAST_DAY, time(14, 30))
MORNING = datetime.combine(date(2026, 1, 2), time(8, 5))
SMALL = Limits(bytes=200_000, rows=50, columns=5, cell_length=40)
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def cell(place, text):
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADER = f'<row r="1">{cell("A1", "Name")}{cell("B1", "Ende")}</row>'
SECOND = f'<row r="2">{cell("A2", "Muster")}{cell("B2", "7.2028")}</row>'


def sheet(rows=HEADER + SECOND, before="", after=""):
    return f'<worksheet xmlns="{NAMESPACE}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def parts(*sheets_of_it, states=(), **more):
    """The parts of a workbook of these sheets, named Blatt1, Blatt2 and so on."""
    numbers = range(1, len(sheets_of_it) + 1)
    state = dict(enumerate(states, start=1))
    listed = "".join(f'<sheet name="Blatt{n}" sheetId="{n}" r:id="r{n}"{state.get(n, "")}/>' for n in numbers)
    related = "".join(
        f'<Relationship Id="r{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"/>',
        "xl/workbook.xml": f'<workbook xmlns="{NAMESPACE}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>',
        **{f"xl/worksheets/sheet{n}.xml": text for n, text in zip(numbers, sheets_of_it, strict=True)},
        **more,
    }


def packed(files, compression=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as target:
        for name, data in files.items():
            target.writestr(name, data)
    return file.getvalue()


def xlsx(*sheets_of_it, **more):
    return packed(parts(*sheets_of_it, **more))


def rows_of(content, limits=SMALL, **more):
    table = sheets.read(content, limits=limits, **more)
    return [table.header, *((row.number, *row.cells) for row in table.rows)]


def refusal_of(content, limits=SMALL, **more):
    with pytest.raises(SheetRefused) as refused:
        rows_of(content, limits, **more)
    assert "Es wurde nichts übernommen." in refused.value.sentence
    return refused.value


READ = [("Name", "Ende"), (2, "Müster", "7.2028")]
LINES = "Name;Ende\r\nMüster;7.2028\r\n"


@pytest.mark.parametrize(
    "content",
    [
        LINES.encode(),
        LINES.encode("utf-8-sig"),
        LINES.encode("cp1252"),
        LINES.encode("utf-16"),
        b"\xfe\xff" + LINES.encode("utf-16-be"),
        LINES.replace(";", ",").encode(),
        LINES.replace(";", "\t").encode("utf-16"),
        LINES.replace("\r\n", "\n").encode(),
        LINES.replace("\r\n", "\r").encode(),
        LINES.rstrip().encode(),
        (LINES + "\r\n;;\r\n \r\n").encode(),
        LINES.replace("\r\n", ";;\r\n").encode(),
        b' "Name" ; Ende \r\n  M\xc3\xbcster ;7.2028'.replace(b' "Name" ', b'"Name "'),
    ],
)
def test_given_a_table_as_programs_write_csv_when_read_then_it_is_the_same(content):
    assert rows_of(content) == READ


def test_given_empty_rows_and_broken_lines_when_read_then_rows_keep_the_numbers_that_people_see():
    content = b'\r\nName;Ort\r\n;\r\n"M\r\nuster";"a;""b"""\r\n\r\nZweite;x\r\n'
    assert rows_of(content) == [("Name", "Ort"), (4, "M\r\nuster", 'a;"b"'), (6, "Zweite", "x")]


def test_given_a_header_alone_when_read_then_there_are_no_rows():
    assert rows_of(b"Name;Ort\n") == [("Name", "Ort")]


@pytest.mark.parametrize(
    ("content", "reason", "row", "said"),
    [
        (b"", "empty", None, "leer"),
        (b" \r\n;;\r\n", "empty", None, "leer"),
        (b"a" * 200_001, "bytes", None, "größer"),
        (b"a;b\n" + b"1;2\n" * 51, "rows", None, "mehr als 50 Zeilen"),
        (b"a;b;c;d;e;f\n", "columns", None, "mehr als 5 Spalten"),
        (b"a;b\n1;" + b"x" * 41, "cell-length", 2, "Zeile 2, Spalte B"),
        (b"a;b\n1;" + b"x" * 150_000, "quotes", 2, "Zeile 2"),
        (b"a;b\n1;2\n1;2;3\n", "width", 3, "Zeile 3 hat 3 Spalten, die Kopfzeile 2"),
        (b"a;b;c\n1;2\n", "width", 2, "Zeile 2 hat 2 Spalten, die Kopfzeile 3"),
        (b'a;b\n1;"2\n3;4\n', "quotes", 2, "Zeile 2 ist nicht lesbar"),
        (b'a;b\n1;"2"x\n', "quotes", 2, "Zeile 2 ist nicht lesbar"),
        (b"a;;c\n1;2;3\n", "header", 1, "Spalte B hat keine"),
        (b"Name;Ort;NAME\n", "header", 1, "A und C"),
        (b"a;b\n1;\x00\n", "encoding", None, "Nullbytes"),
        ("a;b\n1;\x00\n".encode("utf-16"), "encoding", 2, "Zeile 2, Spalte B"),
        (b"a;b\n1;\x1b\n", "encoding", 2, "Zeile 2, Spalte B"),
        ("a;b\n1;M\ufffdller\n".encode(), "encoding", 2, "Zeile 2, Spalte B"),
        ("Name;b\nMüller;2\n".encode("cp850"), "encoding", None, "Zeichensatz"),
        ("Name;b\nMähler;2\n".encode("cp850"), "encoding", None, "Zeichensatz"),
        (LINES.encode("utf-16-le"), "encoding", None, "Nullbytes"),
        (LINES.encode("utf-32"), "encoding", 1, "Zeile 1"),
        (b"%PDF-1.7\n", "kind", None, "PDF"),
        (b"\x89PNG\r\n\x1a\n", "kind", None, "Bild"),
        (b"\xef\xbb\xbf <html><table>", "kind", None, "Webseite"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "kind", None, "XLS"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "encrypted",
            None,
            "Kennwort",
        ),
    ],
)
def test_given_a_file_that_is_no_table_when_read_then_the_sentence_says_why(content, reason, row, said):
    refused = refusal_of(content)
    assert (refused.reason, refused.row) == (reason, row)
    assert said in refused.sentence


def test_given_a_sheet_with_numbers_dates_and_gaps_when_read_then_cells_are_what_a_person_sees():
    book = openpyxl.Workbook()
    book.active.append(["Text", "Zahl", "Tag", "Ja", "Rest", None])
    book.active.append([" Muster ", 1.0, LAST_DAY, True, None])
    book.active.append([None, None, None, None, None])
    book.active.append(["'=x", 0.1 + 0.2, AFTERNOON, False, 1e-7])
    book.active.append(["#REST", -12.5, 1234567890, None, 1e20])
    file = io.BytesIO()
    book.save(file)
    assert rows_of(file.getvalue()) == [
        ("Text", "Zahl", "Tag", "Ja", "Rest"),
        (2, "Muster", "1", "31.12.2026", "ja", ""),
        (4, "=x", "0,3", "31.12.2026 14:30", "nein", "0,0000001"),
        (5, "#REST", "-12,5", "1234567890", "", "100000000000000000000"),
    ]


SHARED = {"xl/sharedStrings.xml": f'<sst xmlns="{NAMESPACE}"><si><t>Name</t></si><si><t>Ort</t></si></sst>'}
FAR = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'


@pytest.mark.parametrize(
    "content",
    [
        xlsx(sheet(), sheet("")),
        packed(parts(sheet()), zipfile.ZIP_STORED),
        xlsx(sheet(HEADER + SECOND + FAR)),
        xlsx(sheet(re.sub(r' r="\w+"', "", HEADER + SECOND))),
        xlsx(sheet().replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=")),
        xlsx(sheet((HEADER + SECOND).replace("<row", '<row spans="1:2" hidden="false" ht="15"'))),
        xlsx(sheet(before='<cols><col min="1" max="2" width="9" hidden="0"/></cols>')),
        xlsx(sheet(after='<extLst><x:f xmlns:x="u">A1</x:f></extLst>')),
        xlsx("\ufeff" + sheet()),
    ],
)
def test_given_a_workbook_as_programs_write_it_when_read_then_it_is_the_table(content):
    assert rows_of(content) == [("Name", "Ende"), (2, "Muster", "7.2028")]


def test_given_shared_texts_when_read_then_they_are_in_their_cells():
    row = '<row r="3"><c r="B3" t="s"><v>0</v></c><c r="C3" t="s"><v>1</v></c></row>'
    refused = refusal_of(xlsx(sheet(row), **SHARED))
    assert "Spalte A hat keine Überschrift" in refused.sentence
    assert rows_of(xlsx(sheet(row.replace("B3", "A3").replace("C3", "B3")), **SHARED)) == [("Name", "Ort")]


FORMULA = '<row r="7"><c r="B7"><f>1+1</f><v>2</v></c><c r="C7"><f t="shared" si="0"/><v>2</v></c></row>'


def hidden(**state):
    return xlsx(sheet(), sheet(""), **state)


@pytest.mark.parametrize(
    ("content", "reason", "said"),
    [
        (xlsx(sheet(HEADER + FORMULA)), "formula", "2 Formeln, die erste in Zelle B7"),
        (xlsx(sheet(HEADER + FORMULA.replace("f>", "x:f>").replace("<row", '<row xmlns:x="u"'))), "formula", "B7"),
        (xlsx(sheet(), sheet(FORMULA)), "formula", "Blatt2"),
        (xlsx(sheet(after='<mergeCells><mergeCell ref="A2:B2"/></mergeCells>')), "merged", "A2:B2"),
        (xlsx(sheet(HEADER + SECOND.replace("<row", '<row hidden="1"'))), "hidden", "Zeile 2"),
        (xlsx(sheet(HEADER + SECOND.replace('"2">', '"2" hidden="1">'))), "hidden", "Zeile 2"),
        (xlsx(sheet(HEADER + SECOND.replace('"2">', '"2" ht="0">'))), "hidden", "Zeile 2"),
        (xlsx(sheet(HEADER + SECOND.replace("<row", "<row hidden='&#49;'"))), "hidden", "Zeile 2"),
        (xlsx(sheet(HEADER + SECOND.replace("<row", '<row ht="0.0"'))), "hidden", "Zeile 2"),
        (xlsx(sheet(before='<cols><col min="2" max="2" hidden="true"/></cols>')), "hidden", "Spalte B"),
        (xlsx(sheet(before='<cols><col min="27" max="27" width="0"/></cols>')), "hidden", "Spalte AA"),
        (xlsx(sheet(before='<sheetFormatPr zeroHeight="1"/>')), "hidden", "Zeilen"),
        (hidden(states=("", ' state="hidden"')), "hidden", "Blatt2"),
        (hidden(states=("", ' state="veryHidden"')), "hidden", "Blatt2"),
        (xlsx(sheet(HEADER + '<row r="2"><c r="A2" t="e"><v>#REF!</v></c></row>')), "error-value", "A2"),
        (xlsx(sheet(), sheet()), "sheets", "2 Blätter"),
        (xlsx(sheet("")), "empty", "leer"),
        (xlsx(sheet(), **{"xl/vbaProject.bin": "x"}), "macros", "Makros"),
        (xlsx(sheet(), **{"xl/macrosheets/sheet1.xml": "x"}), "macros", "Makros"),
        (xlsx(sheet(), **{"xl/externalLinks/externalLink1.xml": "x"}), "external", "Verknüpfungen"),
        (xlsx(sheet(), **{"xl/connections.xml": "x"}), "external", "Verknüpfungen"),
        (xlsx(sheet(), **{"xl/embeddings/inner.zip": "x"}), "embedded", "eingebettete"),
        (xlsx('<!DOCTYPE w [<!ENTITY a "b">]>' + sheet()), "doctype", "XML-Anweisungen"),
        (xlsx(sheet(), **{"xl/workbook.xml": "<!DOCTYPE w><workbook/>"}), "doctype", "XML-Anweisungen"),
        (packed({"content.xml": "x"}), "kind", "ODS"),
        (packed({"word/document.xml": "x"}), "kind", "Word"),
        (packed({"xl/workbook.bin": "x"}), "kind", "XLSB"),
        (packed({"bild.txt": "x"}), "kind", "Archiv"),
        (
            xlsx(sheet()).replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"),
            "encrypted",
            "Kennwort",
        ),
        (xlsx(sheet())[:-30], "damaged", "beschädigt"),
        (xlsx(sheet()[:-9]), "damaged", "beschädigt"),
        (xlsx(sheet().encode("utf-16")), "damaged", "beschädigt"),
        (xlsx(sheet(SECOND.replace("A2", "A99999999"))), "damaged", "beschädigt"),
        (xlsx(sheet('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), **SHARED), "damaged", "beschädigt"),
        (packed(parts(sheet()), zipfile.ZIP_LZMA), "damaged", "beschädigt"),
        (xlsx(sheet(), **{f"xl/{n}.xml": "" for n in range(500)}), "bomb", "zu groß"),
        (xlsx(sheet(HEADER + f'<row r="52">{cell("A52", "x")}</row>')), "rows", "mehr als 50"),
        (xlsx(sheet(HEADER + f'<row r="1048576">{cell("XFD1048576", "x")}</row>')), "rows", "mehr als 50"),
        (xlsx(sheet(HEADER + f'<row r="2">{cell("XFD2", "x")}</row>')), "columns", "mehr als 5"),
        (xlsx(sheet(HEADER + f'<row r="2">{cell("C2", "x")}</row>')), "width", "Zeile 2"),
        (xlsx(sheet(HEADER + f'<row r="2">{cell("B2", "x" * 41)}</row>')), "cell-length", "Zeile 2, Spalte B"),
    ],
)
def test_given_a_hostile_or_misleading_workbook_when_read_then_the_sentence_names_the_place(content, reason, said):
    refused = refusal_of(content)
    assert refused.reason == reason
    assert said in refused.sentence


def test_given_a_workbook_that_counts_days_from_1904_when_read_then_the_day_is_right():
    book = openpyxl.Workbook()
    book.epoch = datetime.combine(date(1904, 1, 1), time())
    book.active.append([LAST_DAY])
    file = io.BytesIO()
    book.save(file)
    assert rows_of(file.getvalue()) == [("31.12.2026",)]


def test_given_several_filled_sheets_when_one_is_named_then_it_is_read():
    second = sheet(f'<row r="1">{cell("A1", "Zweites")}</row>')
    assert rows_of(xlsx(sheet(), second), sheet="blatt2") == [("Zweites",)]
    assert rows_of(xlsx(sheet(), sheet("")), sheet="Daten") == [("Name", "Ende"), (2, "Muster", "7.2028")]
    assert refusal_of(xlsx(sheet(), second), sheet="Daten").reason == "sheets"


def test_given_a_part_that_lies_about_its_size_and_sum_when_read_then_no_more_is_unpacked_than_declared():
    honest = bytearray(xlsx(sheet(), **{"xl/styles.xml": b"<styleSheet/>" + b" " * 300_000_000}))
    declared = (13).to_bytes(4, "little") + (len("xl/styles.xml")).to_bytes(2, "little")
    true = (300_000_013).to_bytes(4, "little") + (len("xl/styles.xml")).to_bytes(2, "little")
    true_sum = zlib.crc32(b"<styleSheet/>" + b" " * 300_000_000).to_bytes(4, "little")
    forged = honest.replace(true, declared).replace(true_sum, zlib.crc32(b"<styleSheet/>").to_bytes(4, "little"))
    limits = Limits(bytes=10_000_000, rows=50, columns=5)
    peak = _peak(lambda: rows_of(bytes(forged), limits))
    assert peak < 5_000_000


def _peak(act):
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _bomb():
    """A few kilobytes that would be two gigabytes: a zip that declares as much, its data cut off after the start."""
    small = bytearray(xlsx(sheet(), **{"xl/media/image1.png": b"\0" * 1_000_000}))
    true = (1_000_000).to_bytes(4, "little") + (len("xl/media/image1.png")).to_bytes(2, "little")
    return bytes(small.replace(true, (2_000_000_000).to_bytes(4, "little") + true[4:]))


@pytest.mark.parametrize(
    ("content", "limits", "reason"),
    [
        (_bomb(), SMALL, "bomb"),
        (xlsx(sheet(HEADER + SECOND + " " * 3_000_000)), SMALL, "bomb"),
        (xlsx(sheet(HEADER + "<row/>" * 150_000)), SMALL, "rows"),
        (xlsx(sheet("".join(f'<row r="{n}">{cell(f"A{n}", "x")}</row>' for n in range(1, 20_000)))), SMALL, "rows"),
        (io.BytesIO(b"a" * 50_000_000), SMALL, "bytes"),
    ],
)
def test_given_a_bomb_when_read_then_it_is_refused_in_little_memory(content, limits, reason):
    assert not isinstance(content, bytes) or len(content) < 200_000
    refused = []
    peak = _peak(lambda: refused.append(refusal_of(content, limits)))
    assert refused[0].reason == reason
    assert peak < 12_000_000


@pytest.mark.parametrize(
    "item",
    [
        f"<si><t>{'x' * 200_000}</t></si>",
        f"<si>{'<r><t>' + 'x' * 20_000 + '</t></r>'}</si>".replace("</si>", f"<r><t>{'x' * 180_000}</t></r></si>"),
        "<si><t>" + "<si></si>".join(["x" * 100] * 2_000) + "</t></si>",
    ],
)
def test_given_one_long_text_in_thousands_of_cells_when_read_then_it_is_refused_before_it_fills_the_memory(item):
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 2_501))
    content = xlsx(sheet(rows), **{"xl/sharedStrings.xml": f'<sst xmlns="{NAMESPACE}">{item}</sst>'})
    assert refusal_of(content, Limits(rows=3_000)).reason in {"bomb", "damaged"}


class Counted(io.BytesIO):
    """Says how much of it was asked for."""

    asked = 0

    def read(self, size=-1):
        self.asked = size
        return super().read(size)


@pytest.mark.parametrize("content", [b"\n" * 4_900_000, b"a;b\r\n" + b"\r" * 4_900_000, b"a;b\n" + b"1;2\n" * 50_000])
def test_given_far_more_lines_than_rows_are_allowed_when_read_then_it_is_refused_before_any_row(content, monkeypatch):
    monkeypatch.setattr("kok.sheets.delimited.csv.reader", None)  # nothing is parsed
    with pytest.raises(SheetRefused, match=r"mehr als 2\.000 Zeilen"):
        sheets.read(io.BytesIO(content), limits=Limits(rows=2_000))


def test_given_twenty_thousand_rows_when_two_thousand_are_allowed_then_reading_stops_there():
    content = Counted(b"a;b\n" + b"1;2\n" * 20_000)
    table = sheets.read(content, limits=Limits(rows=2_000))
    seen = []
    with pytest.raises(SheetRefused, match=r"mehr als 2\.000 Zeilen"):
        seen.extend(table.rows)
    assert content.asked == 10_000_001
    assert next(table.rows, None) is None


def test_given_a_table_within_the_limits_to_the_last_row_and_column_when_read_then_it_is_read():
    limits = Limits(rows=1_234, columns=29, cell_length=5)
    header = [f"H{number}" for number in range(29)]
    rows = [["abcde"] * 29] * 1_234
    for content in (sheets.write_csv(header, rows), sheets.write_xlsx("Tabelle", header, rows)):
        read = rows_of(content, limits)
        assert (len(read), read[-1][0]) == (1_235, 1_235)
        fewer = [Limits(rows=1_233, columns=29), Limits(rows=1_234, columns=28)]
        assert [refusal_of(content, each).reason for each in fewer] == ["rows", "columns"]


FORMAT = (
    '<extLst><ext><x14:conditionalFormattings xmlns:x14="x14" xmlns:xm="xm"><xm:f>1</xm:f></x14:conditionalFormattings>'
    "</ext></extLst>"
)


def test_given_a_formula_of_a_format_behind_the_cells_when_looked_through_then_only_those_of_cells_count():
    assert look_through(sheet(after=FORMAT).encode(), SMALL).formulas == 0
    found = look_through(sheet(HEADER + FORMULA, after=FORMAT).encode(), SMALL)
    assert (found.formulas, found.first_formula) == (2, "B7")


@pytest.mark.parametrize(
    "row",
    [
        '<row r="1"><c r="A"><v>1</v></c></row>',
        '<row r="1"><c r="1"><v>1</v></c></row>',
        '<row r="1"><c r=""><v>1</v></c></row>',
        '<row r="1"><c r="A01"><v>1</v></c></row>',
        '<row r="01"><c r="A01"><v>1</v></c></row>',
        '<row r="0"><c r="A0"><v>1</v></c></row>',
        '<row r="99999999"><c r="A99999999"/></row>',
        '<row r="eins"/>',
        '<c r="A0"/>',
        "<c/>",
    ],
)
def test_given_a_cell_at_no_place_when_looked_through_then_the_workbook_is_damaged(row):
    with pytest.raises(SheetRefused) as refused:
        look_through(sheet(row).encode(), SMALL)
    assert refused.value.reason == "damaged"


@pytest.mark.parametrize(
    ("place", "column", "error"), [("A2", 1, "A2"), ("B11", 2, "B11"), ("c2", 3, "C2"), ("AA2", 27, "AA2")]
)
def test_given_a_cell_in_its_row_or_another_when_looked_through_then_its_place_is_told(place, column, error):
    written = f'<row r="2"><c r="{place}" t="e"><v>#NV</v></c></row>'
    assert look_through(sheet(written).encode(), Limits(rows=50, columns=column)).error == error
    with pytest.raises(SheetRefused, match="Spalten"):
        look_through(sheet(written).encode(), Limits(rows=50, columns=column - 1))


WHOLE = parts(
    sheet(HEADER + SECOND + '<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" s="0"><v>7</v></c></row>'),
    **SHARED,
    **{"xl/styles.xml": f'<styleSheet xmlns="{NAMESPACE}"><cellXfs><xf numFmtId="0"/></cellXfs></styleSheet>'},
)


@pytest.mark.parametrize("part", [name for name in WHOLE if name.startswith("xl/")])
def test_given_a_workbook_whose_part_is_cut_off_when_read_then_it_is_refused_wherever_that_is(part):
    assert len(rows_of(packed(WHOLE))) == 3
    for place in range(50):
        cut = WHOLE[part][: len(WHOLE[part]) * place // 50]
        assert refusal_of(packed({**WHOLE, part: cut})).reason == "damaged", cut


def test_given_a_large_sheet_when_it_is_cut_off_within_its_rows_then_no_row_is_taken():
    rows = "".join(f'<row r="{n}">{cell(f"A{n}", "Muster")}<c r="B{n}"><v>{n}</v></c></row>' for n in range(1, 1_001))
    whole = sheet(rows)
    for place in range(50):
        within_a_row = whole.index(f'<row r="{20 * place + 1}">') + 1 + 7 * place % 80
        for end in ("", "</sheetData></worksheet>"):
            assert refusal_of(xlsx(whole[:within_a_row] + end), Limits()).reason == "damaged", place


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_given_a_workbook_file_that_is_cut_off_when_read_then_it_is_refused_wherever_that_is(method):
    whole = packed(WHOLE, method)
    for place in range(50):
        cut = whole[: 4 + (len(whole) - 4) * place // 50]
        assert refusal_of(cut).reason == "damaged"


@pytest.mark.parametrize("most", [1, 8, 9, 10, 25, 26, 27, 52, 53, 98, 99, 100, 701, 702, 703, 1_998, 2_000, 9_999])
def test_given_a_value_just_beyond_a_limit_when_looked_through_then_it_is_refused_and_the_one_before_is_not(most):
    def look(row, column, limits):
        place = f"{get_column_letter(column)}{row}"
        return look_through(sheet(f'<row r="{row}">{cell(place, "x")}</row>').encode(), limits)

    rows, columns = Limits(rows=most, columns=3), Limits(rows=3, columns=most)
    assert look(most + 1, 3, rows).has_content
    assert look(4, most, columns).has_content
    with pytest.raises(SheetRefused, match="Zeilen"):
        look(most + 2, 3, rows)
    with pytest.raises(SheetRefused, match="Spalten"):
        look(4, most + 1, columns)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "=HYPERLINK(1)", "+x", "-b", "@SUM(1)", "\tx", "\rx", "+1-2", "-1/2", "+(1-2)", "-2+cmd|' /C calc'!A0"],
)
def test_given_a_formula_like_text_when_asked_then_it_is_one(text):
    assert sheets.is_formula_like(text)


@pytest.mark.parametrize("text", ["", "-", "-3,5", "+49 6031 83-0", "+5 %", "Meier-Schulz", "a=b", "'x"])
def test_given_a_number_or_an_ordinary_text_when_asked_then_it_is_no_formula(text):
    assert not sheets.is_formula_like(text)


def test_given_a_table_when_written_as_csv_then_german_excel_opens_it():
    row = ("Müller; A", 1, 1.5, Decimal("2.50"), LAST_DAY, MORNING, True, None)
    written = sheets.write_csv(list("abcdefgh"), [row])
    assert written.startswith(b"\xef\xbb\xbfa;b;")
    assert written.decode("utf-8-sig").split("\r\n")[1:] == [
        '"Müller; A";1;1,5;2,50;31.12.2026;02.01.2026 08:05;ja;',
        "",
    ]


def test_given_a_table_when_written_as_xlsx_then_values_keep_their_kind_and_nobody_is_named():
    rows = [("x", 1.5, LAST_DAY, True), ("#NV", Decimal("2.5"), MORNING, None)]
    written = sheets.write_xlsx("Liste: 2027/28", ["Text", "Zahl", "Tag", "Ja"], rows, widths=[30, 8, 12, 6])
    book = openpyxl.load_workbook(io.BytesIO(written))
    page = book.active
    assert page.title == "Liste  2027 28"
    assert [[each.value for each in row] for row in page.iter_rows(min_row=2)] == [
        ["x", 1.5, datetime.combine(LAST_DAY, time()), "ja"],
        ["#NV", 2.5, MORNING, None],
    ]
    assert (page.freeze_panes, page.auto_filter.ref, page["A1"].font.bold) == ("A2", "A1:D3", True)
    assert page.column_dimensions["A"].width == 30
    assert (book.properties.creator, book.properties.lastModifiedBy) == ("KoK", "KoK")


@pytest.mark.parametrize("text", ["=1+1", "+x", "-x", "@x", "'=x", "+1-2", "+49 6031 83"])
def test_given_a_text_that_a_spreadsheet_would_calculate_when_written_then_an_apostrophe_keeps_it_text(text):
    assert f"'{text}".encode() in sheets.write_csv([text], [])
    written = openpyxl.load_workbook(io.BytesIO(sheets.write_xlsx("x", [text], []))).active
    assert written["A1"].value == f"'{text}"


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffd\ufffe\uffff"))
CELLS = st.one_of(TEXTS, st.sampled_from(["=x", "'=x", "''-x", "@", "+49", "a\nb", '"', ";", "#NV"]))


@pytest.mark.parametrize("write", [sheets.write_csv, lambda header, rows: sheets.write_xlsx("Probe", header, rows)])
@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=6))
@settings(deadline=None, max_examples=150)
def test_given_any_texts_when_written_and_read_then_they_are_the_same(write, rows):
    read = rows_of(write(["eins", "zwei"], rows), Limits(cell_length=100_000))
    stripped = [(number, a.strip(), b.strip()) for number, (a, b) in enumerate(rows, start=2)]
    assert read[1:] == [row for row in stripped if row[1] or row[2]]
