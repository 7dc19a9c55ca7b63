"""What changed between two texts, word by word, and between two lists of named texts."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from operator import attrgetter

from meetings.record.rules.codes import ChangeKind

LONGEST = 2000  # words of a passage that are compared one by one; above it the whole passage counts as replaced
LINES, WORDS = re.compile(r"[^\n]*\n|[^\n]+"), re.compile(r"\s*\S+|\s+")
EQUAL = "equal"  # as `difflib` calls it


@dataclass(frozen=True)
class Piece:
    """Words in a row that stayed, went or came."""

    kind: ChangeKind
    text: str

    @property
    def is_gone(self) -> bool:
        """Stood there before and does not now."""
        return self.kind == ChangeKind.GONE

    @property
    def is_new(self) -> bool:
        """Did not stand there before."""
        return self.kind == ChangeKind.NEW


@dataclass(frozen=True)
class Change:
    """A named text that is new, gone or has other words."""

    label: str
    pieces: tuple[Piece, ...]

    @property
    def kind(self) -> ChangeKind:
        """What became of it as a whole."""
        kinds = {piece.kind for piece in self.pieces}
        return kinds.pop() if len(kinds) == 1 else ChangeKind.CHANGED


def changes_between(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    """The texts that differ, in the order of `after`, then those that are gone. Empty texts are none."""
    pairs = ((label, before.get(label, ""), after.get(label, "")) for label in dict.fromkeys([*after, *before]))
    return tuple(Change(label, words_between(old, new)) for label, old, new in pairs if old != new)


def words_between(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both texts in reading order, what went before what came; without what came it is `before`.

    Lines are compared first, words only where lines differ, so that long texts stay quick.
    """
    return tuple(_joined(_by_lines(LINES.findall(before), LINES.findall(after))))


def _by_lines(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    for tag, old, new in _blocks(before, after):
        if tag == EQUAL:
            yield Piece(ChangeKind.SAME, "".join(new))
        else:
            yield from _by_words(WORDS.findall("".join(old)), WORDS.findall("".join(new)))


def _by_words(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    is_long = max(len(before), len(after)) > LONGEST
    for tag, old, new in [("replace", before, after)] if is_long else _blocks(before, after):
        if tag == EQUAL:
            yield Piece(ChangeKind.SAME, "".join(new))
            continue
        yield from (Piece(ChangeKind.GONE, "".join(old)), Piece(ChangeKind.NEW, "".join(new)))


def _blocks(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    for tag, i, j, k, m in SequenceMatcher(None, before, after).get_opcodes():
        yield tag, before[i:j], after[k:m]


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Without empty pieces, and neighbours of one kind as one: what went before what came."""
    said = filter(attrgetter("text"), pieces)
    for is_same, run in groupby(said, key=lambda piece: piece.kind == ChangeKind.SAME):
        texts: dict[ChangeKind, str] = defaultdict(str)
        for piece in run:
            texts[piece.kind] += piece.text
        kinds = (ChangeKind.SAME,) if is_same else (ChangeKind.GONE, ChangeKind.NEW)
        yield from (Piece(kind, texts[kind]) for kind in kinds if kind in texts)
