"""The parts of an XLSX file, unpacked within bounds. An XLSX is a zip of XML parts (ISO/IEC 29500-2).

Only parts that are needed are unpacked, and never more bytes than they declare; what is handed on is packed anew.
So no later reader meets a size, a name or a part that was not looked at here.
"""

import re
import zlib
from io import BytesIO
from typing import NoReturn
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from kok.sheets.table import Limits, refusal

MOST_PARTS = 500
SAVE_AS = "Öffnen Sie die Datei in Ihrem Tabellenprogramm und speichern Sie sie als XLSX oder als „CSV UTF-8“."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OTHER_FILES = (
    (b"%PDF", "ein PDF"),
    (b"\x89PNG", "ein Bild"),
    (b"\xff\xd8\xff", "ein Bild"),
    (b"GIF8", "ein Bild"),
    (b"{\\rtf", "ein Textdokument"),
    (b"\x1f\x8b", "ein gepacktes Archiv"),
    (b"7z\xbc\xaf", "ein gepacktes Archiv"),
    (b"Rar!", "ein gepacktes Archiv"),
    (b"<", "eine Webseite oder XML-Datei"),
)
OTHER_ZIPS = (
    ("xl/workbook.bin", "eine Excel-Datei im Format XLSB"),
    ("word/", "ein Word-Dokument"),
    ("ppt/", "eine Präsentation"),
    ("content.xml", "eine Datei von LibreOffice oder OpenOffice (zum Beispiel ODS)"),
    ("Index/", "eine Datei von Apple Numbers"),
)
FORBIDDEN = (
    ("macros", re.compile(r"vbaproject|/macrosheets/|/activex/|/ctrlprops/|/dialogsheets/|/customui/"), "Makros"),
    ("external", re.compile(r"/externallinks/|/connections\.xml|/querytables/|/model/"), "Verknüpfungen nach außen"),
    ("embedded", re.compile(r"/embeddings/|\.(zip|docx?|xls[xmb]?|pptx?|exe|bin)$"), "eingebettete Dateien"),
)
HARMLESS_BIN = re.compile(r"/printersettings/|/customproperty")
COPIED = ("xl/styles.xml", "xl/sharedStrings.xml")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
FRAME = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}">'
    f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="r3" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr date1904="%d"/>'
    '<sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
}


def is_zip(content: bytes) -> bool:
    """Does the file begin as a zip does? File names prove nothing."""
    return content.startswith(b"PK\x03\x04")


def refuse_other_kinds(content: bytes) -> None:
    """Raises SheetRefused when the bytes begin as a kind of file that is no table, and says which it is."""
    if content.startswith(OLE) and ENCRYPTED in content:
        _refuse_password()
    if content.startswith(OLE):
        raise refusal("Die Datei hat ein altes Format von Office (zum Beispiel XLS).", SAVE_AS, reason="kind")
    beginning = content[:100].lstrip(b"\xef\xbb\xbf \t\r\n")
    for signature, words in OTHER_FILES:
        if beginning.startswith(signature):
            raise refusal(f"Die Datei ist {words}, keine Tabelle.", SAVE_AS, reason="kind")


class Package:
    """The parts of one file. Raises SheetRefused when opened: no workbook, macros, a zip bomb, a password."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        try:
            self._zip = ZipFile(BytesIO(content))
        except (BadZipFile, ValueError, NotImplementedError, EOFError):
            refuse_damage()
        self._infos = {info.filename: info for info in self._zip.infolist()}
        self._read: dict[str, bytes] = {}
        self._check_size(limits)
        self._check_kind()
        for info in self._infos.values():
            _check_part(info)

    def part(self, name: str) -> bytes:
        """The bytes of a part, at most as many as it declares. Raises SheetRefused when it is missing or damaged."""
        if name not in self._read:
            if name not in self._infos:
                refuse_damage()
            self._read[name] = self._unpack(self._infos[name])
        return self._read[name]

    def has(self, name: str) -> bool:
        """Is there a part of this name?"""
        return name in self._infos

    def packed_anew(self, sheet: str, *, counts_from_1904: bool) -> BytesIO:
        """A workbook of our own frame and one sheet, exactly as it was looked at. Gives the memory of all parts back.

        Packed, because the reader keeps it beside the values. `counts_from_1904` is the calendar that old Macs count
        days in.
        """
        copied = {name: self.part(name) for name in COPIED if self.has(name)}
        copied["xl/worksheets/sheet1.xml"] = self.part(sheet)
        self._read.clear()
        packed = BytesIO()
        with ZipFile(packed, "w", ZIP_DEFLATED, compresslevel=1) as target:
            for name, text in FRAME.items():
                target.writestr(name, text % counts_from_1904 if name == "xl/workbook.xml" else text)
            for name in list(copied):
                target.writestr(name, copied.pop(name))
        packed.seek(0)
        return packed

    def _check_size(self, limits: Limits) -> None:
        infos = self._zip.infolist()
        if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > limits.unpacked:
            raise refusal(
                "Die Datei wird beim Entpacken zu groß.",
                "Behalten Sie nur die Tabelle selbst, ohne Bilder und ohne Formatierung leerer Zellen, und speichern"
                " Sie sie neu.",
                reason="bomb",
            )
        if len(self._infos) != len(infos):
            refuse_damage()

    def _check_kind(self) -> None:
        if "xl/workbook.xml" in self._infos:
            return
        for start, words in OTHER_ZIPS:
            if any(name.startswith(start) for name in self._infos):
                raise refusal(f"Die Datei ist {words}.", SAVE_AS, reason="kind")
        raise refusal("Die Datei ist ein gepacktes Archiv, keine Tabelle.", SAVE_AS, reason="kind")

    def _unpack(self, info: ZipInfo) -> bytes:
        try:
            with self._zip.open(info) as part:
                return part.read(info.file_size)  # with a number it never unpacks more than that
        except (BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError, RuntimeError):
            refuse_damage()


def _check_part(info: ZipInfo) -> None:
    name = "/" + info.filename.casefold()
    if info.flag_bits & 1:
        _refuse_password()
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        refuse_damage()
    for reason, pattern, words in FORBIDDEN:
        if pattern.search(name) and not HARMLESS_BIN.search(name):
            advice = "Speichern Sie die Tabelle ohne sie als XLSX oder als „CSV UTF-8“."
            raise refusal(f"Die Datei enthält {words}.", advice, reason=reason)


def _refuse_password() -> NoReturn:
    advice = "Speichern Sie sie ohne Kennwort."
    raise refusal("Die Datei ist mit einem Kennwort verschlüsselt.", advice, reason="encrypted")


def refuse_damage() -> NoReturn:
    raise refusal("Die Datei ist beschädigt oder keine Arbeitsmappe.", SAVE_AS, reason="damaged")
