"""Which list a case belongs on: the list of the year Y names who leaves school in the year Y + 1 (2.3, Punkt 8b)."""

from collections.abc import Collection, Mapping
from datetime import date
from itertools import islice

from kok.errors import Refused, require
from transitions.rules.months import month_words
from transitions.rules.retention import last_day_of


class WrongYear(Refused):
    """The end of school does not fit the list. `may_be_late`: as a Nachmeldung it would."""

    def __init__(self, sentence: str, *, may_be_late: bool = False) -> None:
        super().__init__(sentence)
        self.may_be_late = may_be_late


class NoNachmeldung(Refused):
    """Somebody who is named in time is marked as a Nachmeldung."""


NOT_NOW = "Eine Übergangsliste {year} kann jetzt nicht begonnen werden. Möglich sind die Jahre {first} bis {last}."
NAMED_HERE = "Die Schule endet im {month}. Die Liste {year} nennt die Schulabgänge {leaving}. "
MAY_BE_LATE = (
    "Als Nachmeldung können Sie den Fall aufnehmen: hier, oder schon jetzt in einer neuen Fassung der Liste {before}."
)
TOO_EARLY = "Dieser Fall gehörte auf die Liste {before}. Prüfen Sie das Jahr."
TOO_LATE = (
    "Dieser Fall gehört auf die Liste {before}. Ist er schon übermittelt, wählen Sie stattdessen „Von der Liste "
    "nehmen“ und dort „Die Schule endet später“."
)


def check_year(expected_end_on: date, list_year: int, is_late: bool) -> None:  # noqa: FBT001  the third fact of a case
    """Raises WrongYear, as `wrong_year` says."""
    if wrong := wrong_year(expected_end_on, list_year, is_late):
        raise wrong


def wrong_year(expected_end_on: date, list_year: int, is_late: bool) -> WrongYear | None:  # noqa: FBT001
    """A normal entry ends in Y + 1; a Nachmeldung in Y + 1, or in Y when it was found late. None where it fits."""
    ends = expected_end_on.year
    if ends == list_year + 1 or (is_late and ends == list_year):
        return None
    here = NAMED_HERE.format(month=month_words(expected_end_on), year=list_year, leaving=list_year + 1)
    if ends == list_year:
        return WrongYear(here + MAY_BE_LATE.format(before=list_year - 1), may_be_late=True)
    return WrongYear(here + (TOO_EARLY if ends < list_year else TOO_LATE).format(before=ends - 1))


def check_mark(expected_end_on: date, list_year: int) -> None:
    """Somebody is marked as a Nachmeldung by choice only if school ends in the year of the list itself (scenario 12).

    Who leaves in the year after it is named as everybody is. Not asked where the deadline says it (`is_late_addition`).
    Raises NoNachmeldung.
    """
    if expected_end_on.year == list_year + 1:
        raise NoNachmeldung(
            f"Die Schule endet im {month_words(expected_end_on)}. Diese Schulabgänge nennt die Liste {list_year}; das "
            "ist keine Nachmeldung."
        )


def is_late_addition(version_number: int, deadline: date, day: date) -> bool:
    """Whether whoever is added to a list on a day is a Nachmeldung without being asked.

    The list was transmitted before, and its effective deadline is over (scenario 9: 02.05. is on time, 03.05. late).
    Before the deadline an addition is on time like everybody else, unless the person leaves school in the year of the
    list itself (scenario 12), which `check_year` asks about.
    """
    return version_number > 1 and day > deadline


def is_past(year: int, today: date) -> bool:
    """Whether nobody is named on a list any more: what it says would have to be erased at once (5.5)."""
    return last_day_of(year) <= today


def years_missing(begun: Collection[int], deadlines: Mapping[int, date], owed_from: date, today: date) -> list[int]:
    """The years before this one whose list was owed and is not begun, the oldest first, whether they are past or not.

    Owed are those whose deadline lay after `owed_from`. `deadlines` are the effective ones.
    """
    owed = {year for year, day in deadlines.items() if day >= owed_from and year < today.year}
    return sorted(owed.difference(begun))


def years_to_begin(begun: Collection[int], deadlines: Mapping[int, date], owed_from: date, today: date) -> list[int]:
    """The years whose list can be begun now and should be, the oldest first.

    Each that is missing and not past; and this year's, or the next one's once this one has its list.
    """
    missing = [year for year in years_missing(begun, deadlines, owed_from, today) if not is_past(year, today)]
    next_ones = (year for year in (today.year, today.year + 1) if year not in begun)
    return [*missing, *islice(next_ones, 1)]


def check_list_year(year: int, today: date, first_year: int) -> None:
    """A list may be begun late while it is not past, for this year and for the next one, not before the agreement.

    Raises Refused.
    """
    years = [each for each in range(first_year, today.year + 2) if not is_past(each, today)]
    require(year in years, NOT_NOW.format(year=year, first=years[0], last=years[-1]))
