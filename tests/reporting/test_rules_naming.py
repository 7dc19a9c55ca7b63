"""What a duty is called, and which ways and states it has in words (domain.md 2.3)."""

from datetime import date

import pytest

from members.rules.codes import Reference
from reporting.duties.rules import naming
from reporting.duties.rules.codes import OccurrenceState, ReminderRecipient, SubmissionChannel
from reporting.duties.rules.occurrences import OPEN_BEFORE, occurrence
from reporting.duties.rules.stages import BEFORE, Stage
from tests.reporting.yearly_rule import AYearlyRule


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        (Reference.LEAVERS_OF_FOLLOWING_YEAR, "Schulabgänge 2029"),
        (Reference.REFERENCE_DATE_PREVIOUS_YEAR_END, "Zahl zum Stichtag 31.12.2027"),
        ("", "Jahr 2028"),
    ],
)
def test_given_three_duties_of_one_day_when_named_then_each_tells_the_year_it_is_about(reference, name):
    assert naming.yearly(reference, 2028) == name


def test_given_meetings_and_changes_when_named_then_day_number_and_partner_are_told():
    day = date(2027, 5, 20)
    assert naming.meetings(3, 2027) == "3 Sitzungen im Jahr 2027"
    assert naming.change("Wetteraukreis") == "Geschäftsführung wechselt zum Partner Wetteraukreis"
    assert naming.invitation(day) == "Einladung zur Sitzung am Do 20.05.2027"
    assert naming.minutes(day) == "Protokoll der Sitzung am Do 20.05.2027"


def test_given_the_codes_of_duties_when_shown_then_each_has_a_word_of_its_own():
    for codes in (OccurrenceState, SubmissionChannel, ReminderRecipient):
        assert len({each.label for each in codes}) == len(codes)


def test_given_the_day_from_which_a_duty_is_open_when_reminded_then_the_first_stage_is_that_day():
    assert BEFORE[0] == -OPEN_BEFORE
    assert Stage(BEFORE[0], date(2028, 1, 31)).recipients == (ReminderRecipient.DEBTOR,)
    assert Stage(1, date(2028, 5, 3)).recipients == (ReminderRecipient.DEBTOR, ReminderRecipient.SECRETARIAT)


def test_given_a_duty_of_two_debtors_when_it_falls_due_then_each_owes_an_occurrence_of_its_own():
    rule = AYearlyRule(code="O-06", clause="8d")
    assert [occurrence(rule, 2028, debtor=each).debtor for each in ("lwv-hessen", "kassel")] == ["lwv-hessen", "kassel"]
