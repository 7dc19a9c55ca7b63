"""Scenario 38: termination in time, late, and by e-mail only."""

from datetime import date

import pytest

from kok.errors import Refused
from members.rules.termination import NoticeForm, termination_end

MONTHS = 6  # Punkt 12
SUNDAY = date(2030, 6, 30)


def test_38_given_a_written_notice_when_received_on_sunday_30_june_2030_then_it_ends_in_2030_without_a_shift():
    assert SUNDAY.strftime("%A") == "Sunday"
    assert termination_end(SUNDAY, NoticeForm.SIGNED_ORIGINAL, MONTHS) == date(2030, 12, 31)


def test_38_given_a_written_notice_when_received_on_monday_1_july_2030_then_it_ends_in_2031():
    assert termination_end(date(2030, 7, 1), NoticeForm.SIGNED_ORIGINAL, MONTHS) == date(2031, 12, 31)


def test_38_given_an_e_mail_only_when_received_in_time_then_it_does_not_count():
    with pytest.raises(Refused):
        termination_end(SUNDAY, NoticeForm.EMAIL, MONTHS)
