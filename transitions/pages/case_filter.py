"""Picking cases out of the table of a version: by municipality, facility and state, or those that came late.

What is picked stands in the address of the page, so no value of it names a person or a facility.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.utils.crypto import salted_hmac
from django.utils.text import slugify

from kok.alphabet import sort_key
from transitions.pages.case_lines import CaseLine

OPEN = "ohne-ergebnis"
Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Picked:
    """What somebody wants to see of a version; what is empty leaves nothing out."""

    municipality: str = ""
    facility: str = ""
    stand: str = ""
    is_late: bool = False

    def fits(self, line: CaseLine) -> bool:
        """Whether this case is among what is wanted."""
        stands = ("", stand_of(line), OPEN * line.is_open)
        return (
            self.municipality in ("", municipality_of(line))
            and self.facility in ("", facility_of(line))
            and self.stand in stands
            and (line.row.case.is_late or not self.is_late)
        )


def municipality_of(line: CaseLine) -> str:
    """Its AGS."""
    return line.row.data.ga_municipality if line.row.data else ""


def facility_of(line: CaseLine) -> str:
    """A mark of its name and place, with the key of the application: who reads addresses cannot try out names."""
    if line.row.data is None:
        return ""
    told = f"{line.row.data.facility_name}\n{line.row.data.facility_place}"
    return salted_hmac("transitions.case_filter", told, algorithm="sha256").hexdigest()[:12]


def stand_of(line: CaseLine) -> str:
    """The words of its state, as they can stand in an address."""
    return slugify(line.sign)


def municipalities(lines: Iterable[CaseLine]) -> Choices:
    """Those of these cases, each with how many there are; in the order of a dictionary."""
    return _counted(lines, municipality_of, attrgetter("municipality"))


def facilities(lines: Iterable[CaseLine]) -> Choices:
    """Likewise; two of one name in two places are two."""

    def words(line: CaseLine) -> str:
        data = line.row.data
        return f"{data.facility_name}, {data.facility_place}" if data else ""

    return _counted(lines, facility_of, words)


def stands(lines: Sequence[CaseLine], *, is_draft: bool) -> Choices:
    """Likewise; before them, in a list that was handed over, the cases that still wait for their outcome."""
    words = attrgetter("sign")
    open_lines = [] if is_draft else list(filter(attrgetter("is_open"), lines))
    if not open_lines:
        return _counted(lines, stand_of, words)
    signs = set(map(words, open_lines))
    others = [line for line in lines if line.sign not in signs]
    if len(signs) > 1 or len(others) + len(open_lines) < len(lines):  # else the same cases under another word
        others = list(lines)
    return [(OPEN, f"ohne Ergebnis ({len(open_lines)})"), *_counted(others, stand_of, words)]


def _counted(lines: Iterable[CaseLine], key: Callable[[CaseLine], str], words: Callable[[CaseLine], str]) -> Choices:
    found = [(key(line), words(line)) for line in lines if key(line)]
    ordered = sorted(Counter(found).items(), key=lambda each: sort_key(each[0][1]))
    return [(value, f"{label} ({count})") for (value, label), count in ordered]
