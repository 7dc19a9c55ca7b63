"""A list of sixty as one reads it through: an index by letter or municipality, and only what one looks for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from kok.alphabet import sort_key
from kok.codes import Code
from transitions.pages.review import CORRECTED, ENDED, NEW, Review, ReviewCase
from transitions.rules.municipalities import municipality_words
from transitions.rules.sizes import part_words

NOWHERE = "ohne Angaben"


class Only(Code):
    """What can be picked out of a list; the value stands in the address."""

    RECENT = "seitdem", "seitdem geänderte"
    NEW = "neu", "neue"
    CORRECTED = "berichtigt", "berichtigte"
    ENDED = "endet", "die von der Liste genommen werden"
    LATE = "nachmeldung", "Nachmeldungen"
    DOUBLE = "doppelt", "vielleicht doppelte"
    AGE = "alter", "mit fraglichem Alter"
    UNKNOWN = "gemeinde", "mit unbekannter Gemeinde"
    TELLING = "text", "mit Text, der zu viel sagt"


_QUESTIONS = (Only.DOUBLE, Only.AGE, Only.UNKNOWN, Only.TELLING)
_IS: dict[Only, Callable[[ReviewCase], bool]] = {
    Only.RECENT: lambda each: each.is_recent,
    Only.NEW: lambda each: each.sign == NEW,
    Only.CORRECTED: lambda each: each.sign == CORRECTED,
    Only.ENDED: lambda each: each.sign == ENDED,
    Only.LATE: lambda each: each.is_late,
    Only.DOUBLE: lambda each: each.is_doubtful,
    Only.AGE: lambda each: bool(each.age),
    Only.UNKNOWN: lambda each: bool(each.warning),
    Only.TELLING: lambda each: bool(each.doubts),
}


@dataclass(frozen=True)
class ReviewFilter:
    """What somebody wants to see of a list, and how it is ordered."""

    only: Only | None = None
    municipality: str = ""
    by_municipality: bool = False

    def fits(self, case: ReviewCase) -> bool:
        """Whether this case is among what is wanted."""
        is_wanted = self.only is None or _IS[self.only](case)
        return is_wanted and self.municipality in ("", _municipality(case))

    @property
    def is_filter(self) -> bool:
        """Whether something may be left out."""
        return bool(self.only or self.municipality)


@dataclass(frozen=True)
class ReviewGroup:
    """The cases below one letter or one municipality; `key` names it in the address."""

    key: str
    title: str
    cases: tuple[ReviewCase, ...]


@dataclass(frozen=True)
class ReviewPage:
    """The groups that are shown, and how many cases of how many stand in them; `part` says so as lists are counted."""

    groups: tuple[ReviewGroup, ...]
    shown: int
    total: int
    part: str


def review_page(review: Review, wanted: ReviewFilter, municipalities: Mapping[str, str]) -> ReviewPage:
    """The cases that fit, each group in the order of a dictionary; `municipalities` maps AGS to name."""
    found = list(filter(wanted.fits, review.cases))
    groups = _by_municipality(found, municipalities) if wanted.by_municipality else _grouped(found, _letter, str)
    return ReviewPage(
        groups, len(found), len(review.cases), part_words(_endings(found), _endings(review.cases), is_draft=True)
    )


def kinds_of(review: Review) -> list[tuple[Only, int]]:
    """What can be picked out of this list, with how many there are; what there is none of is left out."""
    counted = {only: sum(map(is_it, review.cases)) for only, is_it in _IS.items()}
    return list(filter(itemgetter(1), counted.items()))


def questions_of(review: Review) -> list[tuple[Only, int]]:
    """What the second person will be asked to look at, as the page of the release counts it."""
    return [(only, count) for only, count in kinds_of(review) if only in _QUESTIONS]


def municipalities_of(review: Review, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """The municipalities of this list, AGS and words, in the order of a dictionary."""
    found = set(map(_municipality, review.cases)) - {""}
    return sorted(((ags, municipality_words(ags, names)) for ags in found), key=lambda each: sort_key(each[1]))


def _endings(cases: Iterable[ReviewCase]) -> list[str]:
    return [ENDED * (each.sign == ENDED) for each in cases]


def _municipality(case: ReviewCase) -> str:
    return case.data.ga_municipality if case.data else ""


def _letter(case: ReviewCase) -> str:
    first = sort_key(case.name)[:1].upper()
    return first if first.isalpha() else "#"


def _by_municipality(cases: Iterable[ReviewCase], names: Mapping[str, str]) -> tuple[ReviewGroup, ...]:
    def words(ags: str) -> str:
        return municipality_words(ags, names) if ags else NOWHERE

    ordered = sorted(cases, key=lambda each: sort_key(words(_municipality(each))))
    return _grouped(ordered, _municipality, words)


def _grouped(
    cases: Iterable[ReviewCase], key: Callable[[ReviewCase], str], title: Callable[[str], str]
) -> tuple[ReviewGroup, ...]:
    return tuple(ReviewGroup(found, title(found), tuple(group)) for found, group in groupby(cases, key=key))
