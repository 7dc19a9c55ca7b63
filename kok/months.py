"""Months and years added to a day: a day that a month does not have is its last one (§ 188 Abs. 3 BGB). Pure."""

from calendar import monthrange
from datetime import date, timedelta


def day_of(year: int, month: int, day: int) -> date:
    """This day of a month, or the last of that month where it has fewer days: 31.04. is 30.04."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def months_later(day: date, months: int) -> date:
    """The same day `months` later (earlier when negative), or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day_of(year, month + 1, day.day)


def months_over(day: date, months: int) -> date:
    """The first day after so many months that begin with `day`: the same day, or the first of the month after it.

    Two years from 29.02.2028 end with 28.02.2030; 01.03.2030 is the first day after them.
    """
    same = months_later(day, months)
    return same if same.day == day.day else same + timedelta(days=1)
