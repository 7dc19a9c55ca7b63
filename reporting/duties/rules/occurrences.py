"""Occurrences (Fälligkeiten): one instance of a duty with its two dates (domain.md 1.y, 2.2, 2.3).

The nominal day is the one in the wording, the effective day is the last one that is still in time: a Frist that
ends on a weekend or holiday ends on the next workday (§ 26 Abs. 3 SGB X). People always see both.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

from kok.months import day_of
from kok.workdays import Policy, due
from meetings.convening.rules.notice import latest_dispatch_on
from meetings.convening.rules.secretariat import Term
from meetings.record.rules.minutes import circulation_due_on
from members.rules.codes import Reference

OPEN_BEFORE = 90  # days before the nominal day from which somebody has to act and is reminded (2.2, 2.7)


class YearlyRule(Protocol):
    """A duty with a day in every year, as the agreement file has it: a row of `ObligationRule` is one.

    `first_year` and `last_year` are due years, both inclusive. From the Stichtag `nil_expected_from` on, a nil
    report is what one expects, because the law changed (finding 1); the duty itself stays. The database sees to it
    that a yearly duty has its day and its first year.
    """

    code: str
    clause: str
    month: int | None
    day: int | None
    policy: str
    reference: str
    first_year: int | None
    last_year: int | None
    nil_expected_from: date | None


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """One instance of a duty. `debtor` is the slug of a partner, or None where all partners owe it together.

    `reference` says what it is about: the year of the leavers (8b), the Stichtag as ISO date (8c, 8d; then it is
    also `reference_date`), otherwise the year or the meeting.
    """

    code: str
    clause: str
    debtor: str | None
    due_year: int
    reference: str
    nominal_due_on: date
    effective_due_on: date
    reference_date: date | None = None
    is_nil_expected: bool = False

    @property
    def is_moved(self) -> bool:
        """Whether the deadline ends on another day than the wording says."""
        return self.nominal_due_on != self.effective_due_on


def occurrence(
    rule: YearlyRule, year: int, extra_holidays: Iterable[date] = (), *, debtor: str = ""
) -> Occurrence | None:
    """The occurrence whose nominal day lies in `year`, or None in a year without this duty (domain.md 2.3).

    Raises Refused outside 1991 to 2100.
    """
    nominal = _nominal_day(rule, year)
    if nominal is None:
        return None
    stichtag = date(year - 1, 12, 31) if rule.reference == Reference.REFERENCE_DATE_PREVIOUS_YEAR_END else None
    return Occurrence(
        code=rule.code,
        clause=rule.clause,
        debtor=debtor,
        due_year=year,
        reference=_reference(rule.reference, year),
        nominal_due_on=nominal,
        effective_due_on=due(nominal, Policy(rule.policy), extra_holidays),
        reference_date=stichtag,
        is_nil_expected=bool(stichtag and rule.nil_expected_from and stichtag >= rule.nil_expected_from),
    )


def _nominal_day(rule: YearlyRule, year: int) -> date | None:
    """The day of a year, None outside the years of the rule."""
    is_owed = (rule.first_year or year) <= year <= (rule.last_year or year)
    if rule.month is None or rule.day is None or not is_owed:
        return None
    return day_of(year, rule.month, rule.day)


def _reference(reference: str, year: int) -> str:
    """Three duties fall due on one day and talk about different years, so the reference is always printed."""
    told = {
        Reference.LEAVERS_OF_FOLLOWING_YEAR: f"{year + 1}",
        Reference.REFERENCE_DATE_PREVIOUS_YEAR_END: f"{year - 1}-12-31",
    }
    return told[Reference(reference)] if reference else f"{year}"


def meetings_of_year(code: str, clause: str, year: int) -> Occurrence:
    """O-02: all partners owe the meetings of a calendar year by 31.12., which never moves: January is too late."""
    return _fixed(code, clause, year, date(year, 12, 31))


def secretariat_changes(code: str, clause: str, year: int, terms: Iterable[Term]) -> tuple[Occurrence, ...]:
    """O-03: the days of a year on which the secretariat passes to another partner; they never move.

    `terms` come in order and begin with the one in office on the day before the year. A change happens by itself
    on its day, also without a handover record (R-SEC-5).
    """
    return tuple(
        _fixed(code, clause, year, after.starts_on)
        for before, after in pairwise(terms)
        if after.starts_on.year == year and after.partner != before.partner
    )


def _fixed(code: str, clause: str, year: int, day: date) -> Occurrence:
    return Occurrence(
        code=code,
        clause=clause,
        debtor=None,
        due_year=year,
        reference=str(year),
        nominal_due_on=day,
        effective_due_on=day,
    )


def invitation_due(
    code: str,
    clause: str,
    meets_on: date,
    debtor: str,
    notice_days: int,
    extra_holidays: Iterable[date] = (),
) -> Occurrence:
    """O-01: the convening partner sends the invitation in time; the day moves back (R-SEC-3, domain.md 2.7)."""
    nominal = meets_on - timedelta(days=notice_days)
    reference = f"{meets_on} Einladung"
    return _of_meeting(
        code, clause, debtor, reference, nominal, latest_dispatch_on(meets_on, notice_days, extra_holidays)
    )


def minutes_due(
    code: str,
    clause: str,
    meets_on: date,
    debtor: str,
    circulation_days: int,
    extra_holidays: Iterable[date] = (),
) -> Occurrence:
    """O-01: the partner that was in office on the meeting day circulates the minutes (R-SEC-2, domain.md 7.3)."""
    nominal = meets_on + timedelta(days=circulation_days)
    reference = f"{meets_on} Protokoll"
    return _of_meeting(
        code, clause, debtor, reference, nominal, circulation_due_on(meets_on, circulation_days, extra_holidays)
    )


def _of_meeting(code: str, clause: str, debtor: str, reference: str, nominal: date, effective: date) -> Occurrence:
    return Occurrence(
        code=code,
        clause=clause,
        debtor=debtor,
        due_year=nominal.year,
        reference=reference,
        nominal_due_on=nominal,
        effective_due_on=effective,
    )
