"""Many findings in few words: the first of each kind, and how many there are of it.

Who writes a hundred thousand rows past the application must not hide one change among them, nor fill a page.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Generic, TypeVar

MORE = "Dazu kommen {number} weitere Befunde; von jeder Art sind nur die ersten {told} genannt."
MOST_TOLD = 1000  # of a kind: who changed a million rows must neither fill the memory nor hide another one
MOST_SHOWN = 100
MOST_OF_A_KIND = 20
Found = TypeVar("Found")
# Numbers, days, Fallzeichen and what somebody wrote tell findings of a kind apart; a number may be made up of letters.
_OF_ITS_OWN = re.compile(r"„.*“|(?<=Nr\. )\S+|\S*\d\S*")


class ToldFinding(str):
    """A finding in words that knows its kind: the words that are ours, whatever somebody wrote between them."""

    __slots__ = ("kind",)
    kind: str


def told(template: str, title: str, **values: object) -> ToldFinding:
    """The finding of this template about what has this title."""
    sentence = ToldFinding(template.format(title=title, **values))
    sentence.kind = f"{title}: {template}"
    return sentence


@dataclass(frozen=True)
class FindingKind(Generic[Found]):
    """Findings that differ in numbers and days only: the first ones, and how many there are."""

    first: tuple[Found, ...]
    number: int


def kind_of(sentence: str) -> str:
    """What findings of a kind have in common."""
    return _OF_ITS_OWN.sub("…", sentence)


def kinds(found: Iterable[Found], words: Callable[[Found], str] = str) -> list[FindingKind[Found]]:
    """In the order in which they were found."""
    first: dict[str, list[Found]] = {}
    numbers: dict[str, int] = {}
    for each in found:
        kind = kind_of(words(each))
        numbers[kind] = numbers.get(kind, 0) + 1
        kept = first.setdefault(kind, [])
        if len(kept) < MOST_OF_A_KIND:
            kept.append(each)
    return [FindingKind(tuple(kept), numbers[kind]) for kind, kept in first.items()]


def more(number: int) -> str:
    """How many findings are not told."""
    return MORE.format(number=number, told=MOST_TOLD)


def first(title: str, sentences: Iterator[ToldFinding]) -> list[str]:
    """The first findings of each kind under a title, and how many more there are."""
    found: list[str] = []
    numbers: Counter[str] = Counter()
    for sentence in sentences:
        numbers[sentence.kind] += 1
        if numbers[sentence.kind] <= MOST_TOLD:
            found.append(sentence)
    if number := numbers.total() - len(found):
        found.append(f"{title}: {more(number)}")
    return found


def limited(found: Sequence[Found], words: Callable[[Found], str] = str) -> tuple[list[Found], int]:
    """As many of each kind as a page can show, and how many it does not."""
    if len(found) <= MOST_SHOWN:
        return list(found), 0
    each_kind = kinds(found, words)
    of_each = max(1, min(MOST_OF_A_KIND, MOST_SHOWN // len(each_kind)))
    shown = [each for kind in each_kind for each in kind.first[:of_each]][:MOST_SHOWN]
    return shown, len(found) - len(shown)


def in_short(sentences: Sequence[str], longest: int) -> str:
    """For one line: how many there are of each kind and the first of it. Other findings never have the same words."""
    if len(sentences) < 2:
        return "".join(sentences)[:longest]
    mark = sha256("\n".join(sentences).encode()).hexdigest()[:8]
    end = f" Prüfzahl der Befunde: {mark}."
    told = [
        f"{kind.number}-mal wie: {kind.first[0]}" if kind.number > 1 else kind.first[0] for kind in kinds(sentences)
    ]
    text = " ".join([f"{len(sentences)} Befunde.", *told])
    room = longest - len(end)
    return (text if len(text) <= room else f"{text[: room - 1]}…") + end
