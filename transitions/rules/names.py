"""Whether a text names a person of the list: whole words, family and given name near each other (domain.md 5.5).

Words are compared as people write them in haste: capitals, accents, umlauts written out and hyphens make no difference.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter

from transitions.rules.case import CaseData

NEAR = 5  # words; the family name may stand before or behind the given name
_STEPS = (*range(-NEAR, 0), *range(1, NEAR + 1))
_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"}
)
_WORD = re.compile(r"[^\W_]+")
_JOINED = re.compile(r"[^\W_]+(?:[-‐‑–][^\W_]+)+")  # all hyphens that word processors write
# Of "von der Heide" only "Heide" tells who is meant.
_PARTICLES = frozenset(
    [
        *("al", "am", "auf", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "ibn"),
        *("im", "la", "le", "ten", "ter", "und", "van", "vom", "von", "zu", "zum", "zur"),
    ]
)


def plain(text: str) -> str:
    """A text as it is compared: small letters without accents, umlauts written out; hyphens and blanks stay."""
    text = unicodedata.normalize("NFC", text).casefold()  # ü may come as u with two dots after it
    spelt = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    # Neither accents nor what nobody sees, such as the place at which a word may be divided.
    return "".join(each for each in spelt if unicodedata.category(each) not in ("Mn", "Cf")).casefold()


def name_words(name: str) -> frozenset[str]:
    """The words by which a family name or a given name is found: each part of it, and the whole written as one.

    Particles and initials say nothing, unless there is nothing else.
    """
    parts = _WORD.findall(plain(name))
    telling = {part for part in parts if len(part) > 1 and part not in _PARTICLES} or set(parts)
    return frozenset({*telling, "".join(parts)} - {""})


@dataclass(frozen=True)
class TextWords:
    """The different words of a text, each with the places at which it stands."""

    places: dict[str, list[int]]

    @classmethod
    def of(cls, text: str) -> "TextWords":
        """Every word, hyphenated ones also written as one, and without the s of a genitive."""
        told = plain(text)
        starts = {match.start(): place for place, match in enumerate(_WORD.finditer(told))}
        places: dict[str, list[int]] = {}

        def note(word: str, place: int) -> None:
            places.setdefault(word, []).append(place)
            if word.endswith("s") and len(word) > 2:
                places.setdefault(word[:-1], []).append(place)

        for match in _WORD.finditer(told):
            note(match.group(), starts[match.start()])
        for match in _JOINED.finditer(told):
            parts = _WORD.findall(match.group())
            first = starts[match.start()]
            for place in {first, first + len(parts) - 1}:  # whichever is nearer to the other name
                note("".join(parts), place)
        return cls(places)

    def places_of(self, is_meant: Callable[[str], bool]) -> list[int]:
        """Where a word stands that is meant."""
        return sorted({place for word, places in self.places.items() if is_meant(word) for place in places})

    def hold(self, family: Callable[[str], bool], given: Callable[[str], bool]) -> bool:
        """Whether a family name stands near a given name. The second is asked only where the first is there."""
        found = self.places_of(family)
        return bool(found) and _are_near(found, self.places_of(given))


def _are_near(ones: Iterable[int], others: Iterable[int]) -> bool:
    """Whether two different words, one of each, are at most NEAR words apart."""
    there = set(others)
    return any(one + step in there for one in ones for step in _STEPS)


class People:
    """Known people, each a family name and a given name, to be looked for in many texts."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._given: dict[str, list[frozenset[str]]] = {}
        for family, given in names:
            for word in name_words(family):
                self._given.setdefault(word, []).append(name_words(given))

    @classmethod
    def of(cls, told: Iterable[CaseData]) -> "People":
        """Those of whom this is told."""
        return cls(map(attrgetter("family_name", "given_name"), told))

    def stand_in(self, text: str) -> bool:
        """Whether a text names one of them."""
        words = TextWords.of(text)
        return any(
            _are_near(places, words.places_of(given.__contains__))
            for family, places in words.places.items()
            for given in self._given.get(family, ())
        )
