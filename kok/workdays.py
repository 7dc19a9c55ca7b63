"""Workdays in Hessen, and where a deadline really ends.

A Werktag is Monday to Friday and no public holiday (§ 26 Abs. 3 SGB X; § 1 HFeiertagsG). Extra holidays, which
the Landesregierung may declare (§ 2 HFeiertagsG), are handed in by the caller. Closing days of an office are
no holidays and never move a date.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from kok.codes import Code
from kok.errors import Refused

FIRST_YEAR, LAST_YEAR = 1991, 2100
SATURDAY = 5


class Policy(Code):
    """What happens to a day that is no workday.

    Forward goes a Frist: the next workday is still in time (8b, 8c, 8d, minutes, objections). Back goes what is counted
    backwards, so that it does not become shorter (Ladungsfrist, documents). Fixed are the notice of termination,
    meetings, the change of the secretariat, the Stichtag.
    """

    ROLL_FORWARD = (
        "ROLL_FORWARD",
        "verschiebt sich auf den nächsten Werktag",
    )  # a Frist: the next workday is still in time (8b, 8c, 8d, minutes, objections)
    ROLL_BACK = (
        "ROLL_BACK",
        "verschiebt sich auf den Werktag davor",
    )  # counted backwards: it must not become shorter (Ladungsfrist, documents)
    FIXED = (
        "FIXED",
        "verschiebt sich nicht",
    )  # never moves (notice of termination, meetings, change of the secretariat, Stichtag)


def holidays_of(year: int) -> Mapping[date, str]:
    """The named holidays of § 1 HFeiertagsG with their German names, in order of the year.

    Ostersonntag and Pfingstsonntag are missing: in Hessen they are holidays as Sundays, like every Sunday.
    Raises Refused outside 1991 to 2100, the years for which the calendar is reliable.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(
            f"Für das Jahr {year} sind keine Feiertage bekannt. Der Kalender reicht von {FIRST_YEAR} bis {LAST_YEAR}. "
            "Bitte prüfen Sie die Jahreszahl."
        )
    return _calendar(year)


@cache
def _calendar(year: int) -> Mapping[date, str]:
    import holidays  # noqa: PLC0415  costs 0.4 s, which a page without dates need not pay

    found = holidays.country_holidays("DE", subdiv="HE", years=year, language="de")
    return MappingProxyType(dict(sorted(found.items())))


def holiday_name(day: date, extra_holidays: Iterable[date] = ()) -> str | None:
    """The German name of the holiday on this day, or None on all other days, ordinary Sundays among them.

    Raises Refused outside 1991 to 2100.
    """
    return holidays_of(day.year).get(day) or ("zusätzlicher Feiertag" if day in frozenset(extra_holidays) else None)


def is_workday(day: date, extra_holidays: Iterable[date] = ()) -> bool:
    """Whether the day is a Werktag: Monday to Friday and no holiday. Raises Refused outside 1991 to 2100."""
    return day.weekday() < SATURDAY and holiday_name(day, extra_holidays) is None


def due(nominal: date, policy: Policy, extra_holidays: Iterable[date] = ()) -> date:
    """The effective last day of a deadline that ends on `nominal` by the wording (§ 26 Abs. 3 SGB X).

    Without extra holidays, 30.04. leads to 30.04. or 02.05., because 01.05. is a holiday.
    Raises Refused outside 1991 to 2100; a FIXED day is returned as it is, whatever its year.
    """
    if policy is Policy.FIXED:
        return nominal
    extra = frozenset(extra_holidays)
    step = timedelta(days=1 if policy is Policy.ROLL_FORWARD else -1)
    day = nominal
    while not is_workday(day, extra):
        day += step
    return day


def urged_on(nominal: date, effective: date, today: date) -> date:
    """The day to which people are urged, and to which days are counted: the nominal one, after it the effective one.

    Where a deadline moves backward the effective day comes first.
    """
    return effective if effective < nominal or today > nominal else nominal
