"""R-TERM against table 2.5 of the rule book, and beyond it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kok.errors import Refused
from kok.workdays import is_workday
from members.rules.termination import NoticeForm, delivery_advised_on, receipt_due_on, termination_end

MONTHS = 6  # Punkt 12
WRITTEN = [NoticeForm.SIGNED_ORIGINAL, NoticeForm.QUALIFIED_SIGNATURE]
MOVED_ADVICE = {2024: date(2024, 6, 28), 2029: date(2029, 6, 29), 2030: date(2030, 6, 28), 2035: date(2035, 6, 29)}


@pytest.mark.parametrize("year", range(2022, 2036))
def test_given_an_end_when_asked_for_receipt_then_it_is_30_june_and_the_advice_is_that_of_the_table(year):
    ends_on = date(year, 12, 31)
    assert receipt_due_on(ends_on, MONTHS) == date(year, 6, 30)
    assert delivery_advised_on(ends_on, MONTHS) == MOVED_ADVICE.get(year, date(year, 6, 30))


@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize(
    ("received_on", "ends_on"),
    [
        (date(2026, 6, 30), date(2026, 12, 31)),
        (date(2026, 7, 1), date(2027, 12, 31)),
        (date(2026, 7, 2), date(2027, 12, 31)),  # the original after a scan by e-mail on 30.06.
        (date(2024, 6, 30), date(2024, 12, 31)),  # a Sunday
        (date(2029, 6, 30), date(2029, 12, 31)),  # a Saturday
        (date(2024, 7, 1), date(2025, 12, 31)),  # the Monday after is too late
        (date(2028, 1, 1), date(2028, 12, 31)),
        (date(2028, 12, 31), date(2029, 12, 31)),
    ],
)
def test_given_a_written_notice_when_received_then_the_agreement_ends_on_the_year_end_of_the_rule(
    form, received_on, ends_on
):
    assert termination_end(received_on, form, MONTHS) == ends_on


@pytest.mark.parametrize(
    ("months", "last_receipt"),
    [(0, date(2030, 12, 31)), (1, date(2030, 11, 30)), (3, date(2030, 9, 30)), (6, date(2030, 6, 30)),
     (10, date(2030, 2, 28)), (12, date(2029, 12, 31))],
)  # fmt: skip
def test_given_another_notice_period_when_asked_then_full_calendar_months_lie_before_the_end(months, last_receipt):
    assert receipt_due_on(date(2030, 12, 31), months) == last_receipt
    assert termination_end(last_receipt, NoticeForm.SIGNED_ORIGINAL, months) == date(2030, 12, 31)


@settings(deadline=None)  # the first question loads the calendar
@given(st.dates(date(1992, 1, 1), date(2098, 12, 31)), st.integers(0, 12))
def test_given_any_day_when_a_notice_arrives_then_it_ends_the_nearest_year_for_which_it_is_in_time(day, months):
    ends_on = termination_end(day, NoticeForm.SIGNED_ORIGINAL, months)
    assert (ends_on.month, ends_on.day) == (12, 31)
    assert day <= receipt_due_on(ends_on, months)
    assert day > receipt_due_on(date(ends_on.year - 1, 12, 31), months)
    assert is_workday(delivery_advised_on(ends_on, months))


def test_given_an_extra_holiday_on_30_june_when_advice_is_asked_then_only_the_advice_moves():
    ends_on = date(2026, 12, 31)
    assert delivery_advised_on(ends_on, MONTHS, extra_holidays=[date(2026, 6, 30)]) == date(2026, 6, 29)
    assert receipt_due_on(ends_on, MONTHS) == date(2026, 6, 30)


def test_given_an_e_mail_when_received_in_time_then_it_is_refused_with_what_would_do():
    with pytest.raises(Refused) as refusal:
        termination_end(date(2026, 6, 30), NoticeForm.EMAIL, MONTHS)
    for word in (
        "E-Mail",
        "die Kündigung muss schriftlich sein",
        "läuft unverändert weiter",
        "Original",
        "qualifizierter elektronischer Signatur",
    ):
        assert word in refusal.value.sentence
