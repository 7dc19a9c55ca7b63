"""A list of people that was chosen by mistake where figures are handed in: recognised before anything is kept."""

import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from transitions.rules.columns import COLUMNS

LOOKED_AT = 1_000_000  # bytes of a part; headings stand at the beginning
_ENCODINGS = ("ascii", "utf-16-le", "utf-16-be")
_NAMES = [  # each in all encodings
    [column.heading.encode(encoding) for encoding in _ENCODINGS]
    for column in COLUMNS
    if column.field in ("family_name", "given_name")
]
_TEXTS = ("xl/sharedStrings.xml", "xl/worksheets/")
REFUSED = (
    "Das ist eine Liste mit Namen von Personen. Es wurde nichts gespeichert. Hier lesen Sie nur Zahlen ein; die Liste "
    "der Schulabgänge lesen Sie unter Übergänge ein."
)


def names_people(content: bytes) -> bool:
    """Whether a CSV or XLSX file has the headings of names as the list of school leavers has them."""
    return any(all(any(each in text for each in name) for name in _NAMES) for text in _texts(content))


def _texts(content: bytes) -> Iterator[bytes]:
    """The beginnings of the parts that can hold headings; of what is no sound workbook the beginning itself."""
    yield content[:LOOKED_AT]
    try:
        with ZipFile(BytesIO(content)) as parts:
            for info in parts.infolist():
                if info.filename.startswith(_TEXTS):
                    with parts.open(info) as part:
                        yield part.read(LOOKED_AT)
    except (BadZipFile, ValueError, NotImplementedError, EOFError, RuntimeError, zlib.error):
        return  # the check says what is wrong with it
