"""The quick way into a CSV without quotes and without anything odd: it is cut at its separators.

That is all that speed needs. What the rows say in common is read once: deliveries begin with the same key, day and
revision in every row, and mostly end with empty cells.
"""

import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from reporting.figures.rules.file_limits import LIMITS

BLOCK = 150_000  # characters cut at a time
SAMPLE = 64  # rows looked at for what all have in common
SEPARATORS = b";\n"
PLAIN = (string.ascii_letters + string.digits + "_.,:-/()% ").encode() + SEPARATORS
UMLAUTS = bytes([0xC3, *range(0x80, 0xC0)])  # letters of Western Europe in UTF-8
NO_SEPARATORS = bytes(set(range(256)) - set(SEPARATORS))
# Empty rows, and blanks at the edge of a cell, which the strict reader takes away.
ODD_ROWS, ODD_BLANKS = (b"\n\n", b"\n;"), (b" ;", b"; ", b" \n", b"\n ")


@dataclass(frozen=True)
class PlainRows:
    """The rows of such a file: the cells with which all of them begin and end, and what stands between."""

    front: Sequence[str]
    text: str
    back: Sequence[str]
    width: int  # cells of a row in `text`

    def blocks(self) -> Iterator[tuple[Sequence[int], Iterable[Sequence[str]]]]:
        """Some rows at a time: their numbers as a person sees them, and their cells column by column."""
        start, row = 0, 2
        while start <= len(self.text):
            end = self.text.find("\n", start + BLOCK)
            end = len(self.text) if end < 0 else end
            cells = self.text[start:end].replace("\n", ";").split(";")
            following = row + len(cells) // self.width
            yield range(row, following), (cells[place :: self.width] for place in range(self.width))
            start, row = end + 1, following


def plain_rows(content: bytes, header: Sequence[str]) -> PlainRows | None:
    """The rows below this header, or None for a file that needs the strict reader."""
    text = content.replace(b"\r\n", b"\n")
    head, _, body = text.removeprefix(b"\xef\xbb\xbf").partition(b"\n")
    body = body.removesuffix(b"\n")
    count = body.count(b"\n") + 1
    if head != ";".join(header).encode() or count > LIMITS.rows:
        return None
    front, rows, back = _apart(body, count)
    width = len(header) - len(front) - len(back)
    is_even = rows.translate(None, NO_SEPARATORS) + b"\n" == (b";" * (width - 1) + b"\n") * count
    if not (is_even and _is_plain(_row(body, 0), ODD_ROWS) and _is_plain(rows, () if front else ODD_ROWS)):
        return None
    try:
        return PlainRows([*map(bytes.decode, front)], rows.decode(), [*map(bytes.decode, back)], width)
    except UnicodeDecodeError:
        return None


def _apart(body: bytes, count: int) -> tuple[list[bytes], bytes, list[bytes]]:
    """The cells with which all rows begin, the rows without them, and the cells with which all end.

    What some rows have in common is tried on all of them; one column at least is left.
    """
    sample = [row.split(b";") for row in _some(body)]
    front = _common([row[:-1] for row in sample])
    back = _common([row[: len(front) : -1] for row in sample])[::-1]
    begin, end = b";".join([*front, b""]), b";".join([b"", *back])
    rows = body.replace(end + b"\n" + begin, b"\n")
    if len(body) - len(rows) != (count - 1) * (len(begin) + len(end)):
        return [], body, []
    return front, rows[len(begin) : len(rows) - len(end)], back


def _some(body: bytes) -> Iterator[bytes]:
    """The first row and some others."""
    yield _row(body, 0)
    for place in range(0, len(body), len(body) // SAMPLE + 1):
        yield _row(body, body.find(b"\n", place) + 1)


def _common(rows: Sequence[Sequence[bytes]]) -> list[bytes]:
    """The cells with which all begin."""
    return [cells[0] for cells in takewhile(lambda cells: len(set(cells)) == 1, zip(*rows, strict=False))]


def _row(body: bytes, start: int) -> bytes:
    end = body.find(b"\n", start)
    return body[start : end if end >= 0 else None]


def _is_plain(rows: bytes, odd: Sequence[bytes]) -> bool:
    if rows.translate(None, PLAIN + UMLAUTS):
        return False
    edged = b"\n" + rows + b"\n"
    return not any(each in edged for each in (*odd, *(ODD_BLANKS if b" " in edged else ())))
