"""Months as people type them: the end of school is known by month only."""

import re
from datetime import date

from kok.errors import require
from kok.words import MONTHS

FIRST_YEAR, LAST_YEAR = 2000, 2100
NO_MONTH = "Diesen Monat gibt es so nicht. Schreiben Sie ihn wie 7.2028."
SHORT_YEAR = "Schreiben Sie das Jahr mit vier Ziffern, wie 7.2028."
OTHER_YEAR = "Das Jahr {year} kann nicht stimmen. Schreiben Sie den Monat wie 7.2028."
_NUMBERS = re.compile(r"(?P<month>\d{1,2})\s*[./-]\s*(?P<year>\d{4})")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})")
_SHORT_YEAR = re.compile(r"\d{1,2}\s*[./-]\s*\d{2}")
_WORDS = re.compile(r"(?P<name>[^\W\d_]{3,})\.?\s+(?P<year>\d{4})")


def parse_month(text: str) -> date:
    """The first day of the month that `7.2028`, `07/2028`, `2028-07` or `Juli 2028` names. Raises Refused."""
    typed = " ".join(text.split())
    if found := _ISO.fullmatch(typed) or _NUMBERS.fullmatch(typed):
        return _month(int(found["year"]), int(found["month"]))
    require(not _SHORT_YEAR.fullmatch(typed), SHORT_YEAR)
    named = require(_WORDS.fullmatch(typed), NO_MONTH)
    return _month(int(named["year"]), _number_of(named["name"]))


def _number_of(name: str) -> int:
    """Of a month by its name or the beginning of it; 0 where it is none, or may be two."""
    begun = name.casefold().replace("ae", "ä")
    months = [number for number, month in enumerate(MONTHS, 1) if month.casefold().startswith(begun)]
    return months[0] if len(months) == 1 else 0


def _month(year: int, month: int) -> date:
    require(1 <= month <= len(MONTHS), NO_MONTH)
    require(FIRST_YEAR <= year <= LAST_YEAR, OTHER_YEAR.format(year=year))
    return date(year, month, 1)


def month_words(day: date) -> str:
    """`Juli 2028`."""
    return f"{MONTHS[day.month - 1]} {day.year}"
