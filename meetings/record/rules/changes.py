"""What changed between two texts, word by word, and between two lists of named texts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

LONGEST = 2000  # words of a passage that are compared one by one; above it the whole passage counts as replaced


class Mark(StrEnum):
    """What became of a piece of text."""

    SAME = "SAME"
    GONE = "GONE"
    NEW = "NEW"


@dataclass(frozen=True)
class Piece:
    """Words in a row that stayed, went or came."""

    mark: Mark
    text: str

    @property
    def is_gone(self) -> bool:
        """Stood there before and does not now."""
        return self.mark == Mark.GONE

    @property
    def is_new(self) -> bool:
        """Did not stand there before."""
        return self.mark == Mark.NEW


@dataclass(frozen=True)
class Change:
    """A named text that is new, gone or has other words."""

    label: str
    pieces: tuple[Piece, ...]

    @property
    def words(self) -> str:
        """What became of it as a whole, in German."""
        return {Mark.NEW: "neu", Mark.GONE: "gestrichen"}.get(self._whole, "geändert")

    @property
    def tone(self) -> str:
        """How the badge with these words looks."""
        return {Mark.NEW: "success", Mark.GONE: "danger"}.get(self._whole, "info")

    @property
    def _whole(self) -> Mark:
        marks = {piece.mark for piece in self.pieces}
        return marks.pop() if len(marks) == 1 else Mark.SAME


def changes_between(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    """The texts that differ, in the order of `after`, then those that are gone. Empty texts are none."""
    labels = [*after, *(label for label in before if label not in after)]
    pairs = ((label, before.get(label, ""), after.get(label, "")) for label in labels)
    return tuple(Change(label, words_between(old, new)) for label, old, new in pairs if old != new)


def words_between(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both texts in reading order, what went before what came; without what came it is `before`.

    Lines are compared first, words only where lines differ, so that long texts stay quick.
    """
    return tuple(_joined(_by_lines(_parts(r"[^\n]*\n|[^\n]+", before), _parts(r"[^\n]*\n|[^\n]+", after))))


def _by_lines(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    for tag, old, new in _blocks(before, after):
        if tag == "equal":
            yield Piece(Mark.SAME, "".join(new))
        else:
            yield from _by_words(_parts(r"\s*\S+|\s+", "".join(old)), _parts(r"\s*\S+|\s+", "".join(new)))


def _by_words(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    is_long = max(len(before), len(after)) > LONGEST
    blocks = iter([("replace", before, after)]) if is_long else _blocks(before, after)
    for tag, old, new in blocks:
        if tag == "equal":
            yield Piece(Mark.SAME, "".join(new))
            continue
        yield Piece(Mark.GONE, "".join(old))
        yield Piece(Mark.NEW, "".join(new))


def _blocks(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    for tag, i, j, k, m in SequenceMatcher(None, before, after).get_opcodes():
        yield tag, before[i:j], after[k:m]


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Without empty pieces, and neighbours of one kind as one: what went before what came."""
    for is_same, run in groupby((each for each in pieces if each.text), key=lambda piece: piece.mark == Mark.SAME):
        texts: dict[Mark, str] = {}
        for piece in run:
            texts[piece.mark] = texts.get(piece.mark, "") + piece.text
        marks = (Mark.SAME,) if is_same else (Mark.GONE, Mark.NEW)
        yield from (Piece(mark, texts[mark]) for mark in marks if mark in texts)


def _parts(pattern: str, text: str) -> list[str]:
    return re.findall(pattern, text)
