"""What an occurrence talks about, in words: three duties fall due on one day and talk about different years (2.3)."""

from datetime import date

from kok.words import day, weekday
from members.rules.codes import Reference

ALL = "alle Partner"  # who owes what no partner owes alone
MISSED = "verfehlt"  # a year without its meetings cannot be made up for


def yearly(reference: str, year: int) -> str:
    """`Schulabgänge 2029`, `Zahl zum Stichtag 31.12.2027`, `Jahr 2028`: of the duty that falls due in this year."""
    names = {
        Reference.LEAVERS_OF_FOLLOWING_YEAR: f"Schulabgänge {year + 1}",
        Reference.REFERENCE_DATE_PREVIOUS_YEAR_END: f"Zahl zum Stichtag {day(date(year - 1, 12, 31))}",
    }
    return names[Reference(reference)] if reference else f"Jahr {year}"


def meetings(number: int, year: int) -> str:
    """`2 Sitzungen im Jahr 2028`."""
    return f"{number} Sitzungen im Jahr {year}"


def change(successor: str) -> str:
    """`Geschäftsführung wechselt zum Partner Wetteraukreis`."""
    return f"Geschäftsführung wechselt zum Partner {successor}"


def invitation(meets_on: date) -> str:
    """`Einladung zur Sitzung am Do 20.05.2027`."""
    return f"Einladung zur Sitzung am {weekday(meets_on)}"


def minutes(meets_on: date) -> str:
    """`Protokoll der Sitzung am Do 20.05.2027`."""
    return f"Protokoll der Sitzung am {weekday(meets_on)}"
