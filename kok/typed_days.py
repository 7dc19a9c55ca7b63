"""Pure: a day as people type or paste it, with its weekday or the name of its month."""

import re
from datetime import date

from kok import words
from kok.words import MONTHS, WEEKDAYS

_WITH_WEEKDAY = re.compile(r"([a-zäöü]+)\.?,?\s+(?:den\s+)?(\d.*)", re.IGNORECASE)
_PARTS = re.compile(r"(\d{1,2})\.\s*([a-zä]+\.?|\d{1,2}\.)\s*(\d{2}|\d{4})", re.IGNORECASE)


def apart(text: str) -> tuple[int | None, str]:
    """The number of the weekday in front, if there is one, and the day as 1.7.2027; what is no day stays as it is."""
    found = _WITH_WEEKDAY.fullmatch(text.strip())
    weekday = _weekday(found[1]) if found else None
    day = found[2] if found and weekday is not None else text
    return weekday, _with_numbers(day)


def other_weekday(day: date, typed: int) -> str:
    """What is wrong with the weekday that was typed before a day, in a sentence; "" where it is the day's own."""
    if day.weekday() == typed:
        return ""
    return (
        f"Der {words.day(day)} ist ein {words.weekday_name(day)}, kein {WEEKDAYS[typed]}. Prüfen Sie, welcher Tag "
        "gemeint ist."
    )


def _with_numbers(text: str) -> str:
    found = _PARTS.fullmatch(text.strip())
    if found is None:
        return text
    day, month, year = found.groups()
    number = month if month[0].isdigit() else _month(month.lower())
    return f"{day}.{number}{year}" if number else text


def _weekday(word: str) -> int | None:
    """By its name or its first two letters; Saturday has a second name in the north."""
    if word.lower() == "sonnabend":
        return WEEKDAYS.index("Samstag")
    return next((n for n, name in enumerate(WEEKDAYS) if word.lower() in (name.lower(), name[:2].lower())), None)


def _month(word: str) -> str:
    """`7.` by its name or the beginning of it: Juli, Jul., Sept.; nothing for another word."""
    begun = "mär" if word.rstrip(".") == "mrz" else word.rstrip(".")
    found = [n for n, name in enumerate(MONTHS, 1) if len(begun) >= 3 and name.lower().startswith(begun)]
    return f"{found[0]}." if len(found) == 1 else ""
