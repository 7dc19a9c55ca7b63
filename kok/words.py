"""How days, moments, numbers and lists are written in German. Pure: rules, pages, documents and filters use it alike.

What is None is written as "". Moments are told in Europe/Berlin.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
_FEMALE = ("keine", "eine", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf")
_POINTS = str.maketrans(",.", ".,")


class Period(Protocol):
    """A half-open period as PostgreSQL and the models give it: `upper` is the first day after."""

    lower: date | None
    upper: date | None


def local(value: datetime) -> datetime:
    """A moment by the clocks in Hessen; one without a zone is told as it is."""
    return value.astimezone(BERLIN) if value.tzinfo else value


def local_day(value: date | datetime) -> date:
    """The calendar day in Hessen."""
    return local(value).date() if isinstance(value, datetime) else value


def day(value: date | datetime | None) -> str:
    """`30.04.2027`."""
    return f"{local_day(value):%d.%m.%Y}" if value else ""


def weekday(value: date | datetime | None) -> str:
    """`Fr 30.04.2027`, where the day of the week matters."""
    return f"{weekday_name(value)[:2]} {day(value)}" if value else ""


def weekday_name(value: date | datetime) -> str:
    """`Freitag`."""
    return WEEKDAYS[local_day(value).weekday()]


def hour(value: datetime | time | None) -> str:
    """`10:42`."""
    return f"{local(value) if isinstance(value, datetime) else value:%H:%M}" if value else ""


def clock(value: datetime | time | None) -> str:
    """`10:42 Uhr`."""
    return f"{hour(value)} Uhr" if value else ""


def moment(value: datetime | None) -> str:
    """`Fr 30.04.2027, 10:42 Uhr`."""
    return f"{weekday(value)}, {clock(value)}" if value else ""


def stamp(value: datetime | None) -> str:
    """`30.04.2027, 10:42 Uhr`, where nobody asks for the day of the week."""
    return f"{day(value)}, {clock(value)}" if value else ""


def day_at(value: datetime | None) -> str:
    """`30.04.2027 um 10:42 Uhr`, in the middle of a sentence."""
    return f"{day(value)} um {clock(value)}" if value else ""


def second(value: datetime | None) -> str:
    """`Fr 30.04.2027, 10:42:07 Uhr`, where the order of acts matters."""
    return f"{weekday(value)}, {local(value):%H:%M:%S} Uhr" if value else ""


def last_day(value: Period | date | None) -> date | None:
    """The inclusive last day of a half-open period, or of its end `[from, to)`; None when it stays open."""
    end = value if isinstance(value, date) else value and value.upper
    return end - timedelta(days=1) if end else None


def period(value: Period | None) -> str:
    """`01.03.2022 bis 29.02.2024`, `ab 01.03.2022`, `bis 29.02.2024`: the last day is inclusive."""
    return between(value.lower, last_day(value)) if value else ""


def between(first: date | None, last: date | None) -> str:
    """`01.03.2022 bis 29.02.2024`, `ab 01.03.2022`, `bis 29.02.2024`, `ohne Begrenzung`; both days inclusive."""
    if first and last:
        return f"{day(first)} bis {day(last)}"
    return f"ab {day(first)}" if first else f"bis {day(last)}" if last else "ohne Begrenzung"


def days_until(due_on: date | None, today: date) -> str:
    """`heute`, `morgen`, `in 12 Tagen`, `seit 3 Tagen überfällig`; calendar days."""
    if due_on is None:
        return ""
    days = (due_on - today).days
    if days < 0:
        return f"seit {counted(-days, 'einem Tag', 'Tagen')} überfällig"
    return {0: "heute", 1: "morgen"}.get(days, f"in {days} Tagen")


def days_left(due_on: date, today: date) -> str:
    """`noch 42 Tage`, `noch ein Tag`, `nur noch heute`; the day itself is the last. Not for days that are over."""
    days = (due_on - today).days
    return f"noch {counted(days, 'ein Tag', 'Tage')}" if days else "nur noch heute"


def number(value: int | Decimal) -> str:
    """`50.002`, `-1.250,5`: points between thousands, and a comma before as many places as the number has."""
    return f"{value:,f}".translate(_POINTS) if isinstance(value, Decimal) else f"{value:,}".translate(_POINTS)


def plural(number: int, one: str, many: str) -> str:
    """The word that belongs to a number: `plural(3, "Sitzung", "Sitzungen")`."""
    return one if number == 1 else many


def counted(number: int, one: str, many: str) -> str:
    """`eine Sitzung`, `3 Sitzungen`: `counted(3, "eine Sitzung", "Sitzungen")`."""
    return one if number == 1 else f"{number} {many}"


def spelled(number: int) -> str:
    """`keine`, `eine`, `zwei` … `zwölf` of things of female gender; from 13 on in digits."""
    return _FEMALE[number] if number < len(_FEMALE) else str(number)


def said(*told: tuple[object, str]) -> list[str]:
    """Of these pairs of what may be so and the words for it, the words of all that is."""
    return [words for is_so, words in told if is_so]


def enumeration(words: Iterable[str]) -> str:
    """`a`, `a und b`, `a, b und c`; nothing for nothing."""
    *others, last = [*words] or [""]
    return f"{', '.join(others)} und {last}" if others else last
