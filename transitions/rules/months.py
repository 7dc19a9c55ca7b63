"""Months as people type them: the end of school is known by month only."""

import re
from datetime import date

from kok.errors import Refused

NAMES = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
)  # fmt: skip
FIRST_YEAR, LAST_YEAR = 2000, 2100
_NUMBERS = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}\s*[./-]\s*\d{2}")
_ISO = re.compile(r"(\d{4})-(\d{1,2})")
_WORDS = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{4})")


def parse_month(text: str) -> date:
    """The first day of the month that `7.2028`, `07/2028`, `2028-07` or `Juli 2028` names. Raises Refused."""
    typed = " ".join(text.split())
    if found := _ISO.fullmatch(typed):
        return _month(int(found[1]), int(found[2]))
    if found := _NUMBERS.fullmatch(typed):
        return _month(int(found[2]), int(found[1]))
    if found := _WORDS.fullmatch(typed):
        begun = found[1].casefold().replace("ae", "ä")
        months = [number for number, name in enumerate(NAMES, 1) if name.casefold().startswith(begun)]
        if len(months) == 1:
            return _month(int(found[2]), months[0])
    if _SHORT_YEAR.fullmatch(typed):
        raise Refused("Schreiben Sie das Jahr mit vier Ziffern, wie 7.2028.")
    raise Refused("Diesen Monat gibt es so nicht. Schreiben Sie ihn wie 7.2028.")


def _month(year: int, month: int) -> date:
    if not 1 <= month <= len(NAMES):
        raise Refused("Diesen Monat gibt es so nicht. Schreiben Sie ihn wie 7.2028.")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(f"Das Jahr {year} kann nicht stimmen. Schreiben Sie den Monat wie 7.2028.")
    return date(year, month, 1)


def month_words(day: date) -> str:
    """`Juli 2028`."""
    return f"{NAMES[day.month - 1]} {day.year}"
