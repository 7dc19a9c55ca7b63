"""What can be true of a person on the list, and when two entries are probably the same person."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from operator import itemgetter
from typing import Generic, TypeVar

from kok.errors import first_problem
from kok.lettering import problem_in_label, problem_in_person
from transitions.rules import likeness
from transitions.rules.case import CaseData, Given
from transitions.rules.codes import FacilityBasis
from transitions.rules.names import plain

YOUNGEST, OLDEST = 10, 35  # at the end of school; § 134 SGB IX usually ends at 21, Abs. 4 knows adults
EARLIEST_INFORMED = 5  # years before today
NAMES = ("family_name", "given_name")
IDENTITY = frozenset({*NAMES, "date_of_birth"})
MAY_BE_EMPTY = ("salutation", "informed_on", "ba_procedure_started", "lwv_involved")
_DIGIT = re.compile(r"[0-9]")
_FORMULA = ("=", "+", "-", "@")
_AGS = re.compile(r"[0-9]{8}")
_PHONE = re.compile(r"(?:\+|\(?0)[0-9 /()-]{4,38}")
_NO_ZERO = re.compile(r"[1-9][0-9]{5,13}")  # what a spreadsheet makes of 060318300
MOST_ALIKE = 5  # of one person; who stands there more often finds the others one after the other
MOST_BORN = 50  # on one day; more of them is a day that stands for "unknown"
DAYS_OFF = (0, -1, 1)  # of a mistyped day of birth
DAY_OFF = "Das Geburtsdatum weicht um einen Tag ab."
Problem = tuple[str, str]  # field and sentence
Names = tuple[str, str]  # family and given name, plain
Mark = tuple[str, str, str]
Key = TypeVar("Key", bound=Hashable)


def check_data(data: CaseData, today: date) -> tuple[Problem, ...]:
    """Every field that cannot be right, with a sentence that says what to do. Names stay out of the sentences."""
    return check_fields(vars(data), today)


def check_fields(given: Given, today: date) -> tuple[Problem, ...]:
    """The same of those fields that are known, so that a form says all at once: what is not there is not judged."""
    told = (*_texts(given), *_dates(given, today), *_codes(given))
    return tuple(filter(itemgetter(1), told))


def _texts(given: Given) -> Iterator[Problem]:
    return ((name, text_of(given[name])) for name, text_of in _TEXTS.items() if name in given)


def _in_text(text: str) -> str:
    return first_problem(
        (not text.strip(), "Hier fehlt noch eine Angabe."),
        (text.lstrip().startswith(_FORMULA), "Diese Angabe beginnt wie eine Formel. Schreiben Sie nur Text."),
    )


def _in_label(text: str) -> str:
    return _in_text(text) or problem_in_label(text)


def _in_name(text: str) -> str:
    """What is wrong with a name, in a sentence: as with everybody else, what looks like another name is none."""
    digits = "In einem Namen stehen keine Ziffern. Prüfen Sie die Schreibweise."
    return _in_text(text) or first_problem((_DIGIT.search(text), digits)) or problem_in_person(text)


def _in_ags(text: str) -> str:
    sentence = "Der Gemeindeschlüssel (AGS) hat genau acht Ziffern, zum Beispiel 06440008."
    return first_problem((not _AGS.fullmatch(text), sentence))


def _in_phone(text: str) -> str:
    no_zero = "Am Anfang fehlt wohl die Null. Schreiben Sie die Vorwahl dazu, zum Beispiel 06031 83-0."
    no_phone = "Schreiben Sie eine Telefonnummer, zum Beispiel 06031 83-0."
    return first_problem((_NO_ZERO.fullmatch(text), no_zero), (not _PHONE.fullmatch(text), no_phone))


_TEXTS: Mapping[str, Callable[[str], str]] = {
    "family_name": _in_name,
    "given_name": _in_name,
    "facility_name": _in_label,
    "facility_place": _in_label,
    "contact_unit": _in_label,
    "ga_municipality": _in_ags,
    "contact_phone": _in_phone,
}


def _dates(given: Given, today: date) -> Iterator[Problem]:
    if born := given.get("date_of_birth"):
        yield "date_of_birth", _in_birth(born, given.get("expected_end_on"), today)
    if informed_on := given.get("informed_on"):
        yield "informed_on", _in_information(informed_on, today)


def _in_birth(born: date, ends: date | None, today: date) -> str:
    age = ends.year - born.year if ends else YOUNGEST
    strange = f"Nach diesem Geburtsdatum wäre die Person bei Schulende {age} Jahre alt. Prüfen Sie das Jahr."
    return first_problem(
        (born >= today, "Dieses Geburtsdatum liegt in der Zukunft. Prüfen Sie das Jahr."),
        (not YOUNGEST <= age <= OLDEST, strange),
    )


def _in_information(day: date, today: date) -> str:
    is_long_ago = day.year < today.year - EARLIEST_INFORMED
    return first_problem(
        (day > today, "Dieser Tag liegt in der Zukunft. Tragen Sie ihn ein, wenn die Person informiert ist."),
        (is_long_ago, "Dieser Tag liegt zu weit zurück. Prüfen Sie das Jahr."),
    )


def _codes(given: Given) -> Iterator[Problem]:
    """A reason stands beside a similar facility, and beside no other."""
    if not {"facility_basis", "similar_reason"} <= given.keys():
        return
    if given["facility_basis"] is not FacilityBasis.SIMILAR:
        needless = "Ein Grund gehört nur zu einer ähnlichen Einrichtung. Lassen Sie ihn leer."
        yield "similar_reason", first_problem((given["similar_reason"] is not None, needless))
    elif given["similar_reason"] is None:
        yield "similar_reason", "Sagen Sie, worin die Einrichtung ähnlich ist."


def same_person(one: CaseData, other: CaseData) -> bool:
    """Whether two entries probably mean one person. A hint only.

    Born on one day, or on the next as a slip makes it, under names that look alike, or of one name in one home;
    tolerant of capitals, umlauts, hyphens and spaces.
    """
    return bool(Lookup([(1, one)]).alike(other))


def is_another(stored: CaseData, typed: CaseData) -> bool:
    """Whether a case probably becomes another person by a change: of family name, given name and day of birth at most
    one still looks like what it was. A name by marriage or a wrong year of birth is one of them. A hint only.
    """
    before, after = _names(stored), _names(typed)
    days_off = abs((stored.date_of_birth - typed.date_of_birth).days)
    alike = sum(map(likeness.alike, before, after)) + (days_off in DAYS_OFF)
    return alike < 2 and not likeness.names_alike(before, after)


def called(data: CaseData | None) -> str:
    """Somebody by name, as lists are sorted; "" where nothing is told any more."""
    return f"{data.family_name}, {data.given_name}" if data else ""


def spoken(data: CaseData | None) -> str:
    """The same as one speaks of people."""
    return f"{data.given_name} {data.family_name}" if data else ""


def is_day_off(one: CaseData, other: CaseData) -> bool:
    """Whether one is born on the day after the other, as a slip makes it."""
    return abs((one.date_of_birth - other.date_of_birth).days) == 1


def identity(data: CaseData) -> Mark:
    """Written name and date of birth: by it a file recognises whoever stands in the draft (capitals do not count)."""
    return _marks(data, _names(data))[0]


def merged(stored: CaseData, read: CaseData) -> CaseData:
    """What a draft says of a person after a row of a file: the row, where it says something.

    A field that a file may leave empty keeps what is stored: an empty cell is no statement.
    """
    kept = {name: getattr(stored, name) for name in MAY_BE_EMPTY if getattr(read, name) is None}
    return replace(read, **kept)


def is_exactly(data: CaseData, family_name: str, given_name: str, date_of_birth: date) -> bool:
    """Whether an entry names this very person: same letters, same day. Capitals and spaces do not count, all else does.

    For requests of the people concerned (Art. 15 DSGVO): who knows a person only nearly learns nothing.
    """
    asked = (_letters(family_name), _letters(given_name), date_of_birth)
    return (_letters(data.family_name), _letters(data.given_name), data.date_of_birth) == asked


def _letters(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


class Lookup(Generic[Key]):
    """People by what makes two of them probably one, so that a list of 2,000 is not compared each with each."""

    def __init__(self, known: Iterable[tuple[Key, CaseData]]) -> None:
        self._places: dict[Mark, list[Key]] = defaultdict(list)
        self._born: dict[date, list[tuple[Key, Names]]] = defaultdict(list)
        for key, data in known:
            names = _names(data)
            self._born[data.date_of_birth].append((key, names))
            for mark in _marks(data, names):
                self._places[mark].append(key)

    def alike(self, data: CaseData, *, but: Collection[Key] = ()) -> list[Key]:
        """Who is probably the same person (`same_person`), the first MOST_ALIKE; those of `but` do not count."""
        names = _names(data)
        found: dict[Key, None] = {}
        for mark in _marks(data, names):
            others = (place for place in self._places.get(mark, ()) if place not in but)
            found |= dict.fromkeys(islice(others, MOST_ALIKE))
        for days in DAYS_OFF:
            born = self._born.get(data.date_of_birth + timedelta(days), ())[:MOST_BORN]
            like = (key for key, theirs in born if key not in but and likeness.names_alike(names, theirs))
            found |= dict.fromkeys(like)
        return list(found)[:MOST_ALIKE]


def _names(data: CaseData) -> Names:
    return _plain(data.family_name), _plain(data.given_name)


def _marks(data: CaseData, names: Names) -> tuple[Mark, Mark]:
    """The written name together with the date of birth, and together with the home."""
    return (*names, data.date_of_birth.isoformat()), (*names, _plain(data.facility_name))


def _plain(text: str) -> str:
    """Without blanks and hyphens too."""
    return "".join(filter(str.isalnum, plain(text)))
