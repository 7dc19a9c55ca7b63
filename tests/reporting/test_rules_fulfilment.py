"""How duties stand on a day, to the second (domain.md 0.3, 2.2)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kok.errors import Refused, refuse
from reporting.duties.rules.codes import OccurrenceState
from reporting.duties.rules.fulfilment import (
    check_submission,
    day_in_hessen,
    nil_warning,
    state,
    time_left,
)
from reporting.duties.rules.occurrences import Occurrence

# 30.04.2028 is a Sunday, 01.05. a holiday.
MOVED = Occurrence(
    code="O-05",
    clause="8c",
    debtor="wetteraukreis",
    due_year=2028,
    reference="2027-12-31",
    nominal_due_on=date(2028, 4, 30),
    effective_due_on=date(2028, 5, 2),
    reference_date=date(2027, 12, 31),
    is_nil_expected=True,
)
BACKWARD = replace(MOVED, nominal_due_on=date(2027, 5, 6), effective_due_on=date(2027, 5, 5), reference_date=None)


def day(text):
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("today", "fulfilled_on", "introduced_on", "expected"),
    [
        ("2028-01-30", None, None, "UPCOMING"),
        ("2028-01-31", None, None, "OPEN"),  # 90 days before 30.04.2028
        ("2028-04-30", None, None, "OPEN"),
        ("2028-05-02", None, None, "OPEN"),
        ("2028-05-03", None, None, "OVERDUE"),
        ("2031-01-01", None, None, "OVERDUE"),
        ("2028-05-03", "2028-05-02", None, "FULFILLED"),
        ("2028-05-03", "2028-05-03", None, "FULFILLED_LATE"),
        ("2028-01-10", "2028-01-10", None, "FULFILLED"),
        ("2028-04-01", "2028-04-02", None, "OPEN"),  # as of a day before the fulfilment
        ("2028-05-04", "2028-05-05", None, "OVERDUE"),
        ("2028-06-01", None, "2028-05-03", "BEFORE_INTRODUCTION"),
        ("2028-06-01", None, "2028-05-02", "OVERDUE"),
        ("2028-06-01", "2028-04-28", "2028-05-03", "FULFILLED"),
        ("2028-06-01", "2028-05-20", "2028-05-30", "FULFILLED_LATE"),
    ],
)
def test_given_a_moved_deadline_when_asked_on_a_day_then_its_state_is(today, fulfilled_on, introduced_on, expected):
    found = state(MOVED, day(today), day(fulfilled_on), day(introduced_on))
    assert found is OccurrenceState(expected)


@pytest.mark.parametrize(
    ("moment", "hessian_day"),
    [
        (datetime(2028, 5, 2, 21, 59, 59, tzinfo=UTC), "2028-05-02"),  # summer time: 23:59:59
        (datetime(2028, 5, 2, 22, 0, 0, tzinfo=UTC), "2028-05-03"),
        (datetime(2027, 12, 31, 22, 59, 59, tzinfo=UTC), "2027-12-31"),  # winter time
        (datetime(2027, 12, 31, 23, 0, 0, tzinfo=UTC), "2028-01-01"),
    ],
)
def test_given_a_moment_when_it_is_judged_then_the_clock_of_hessen_counts(moment, hessian_day):
    assert day_in_hessen(moment) == day(hessian_day)


def test_given_a_moment_without_zone_when_judged_then_it_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="time zone"):
        day_in_hessen(datetime(2028, 5, 2, 12))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("occurrence", "today", "sentence"),
    [
        (MOVED, "2028-04-16", "Noch 14 Tage bis So 30.04.2028, wirksam bis Di 02.05.2028."),
        (MOVED, "2028-04-29", "Noch ein Tag bis So 30.04.2028, wirksam bis Di 02.05.2028."),
        (MOVED, "2028-04-30", "So 30.04.2028 ist kein Werktag. Die Frist endet am Di 02.05.2028, noch 2 Tage."),
        (MOVED, "2028-05-01", "So 30.04.2028 ist kein Werktag. Die Frist endet am Di 02.05.2028, noch ein Tag."),
        (MOVED, "2028-05-02", "Heute, Di 02.05.2028, ist der letzte Tag."),
        (MOVED, "2028-05-03", "Seit einem Tag überfällig. Die Frist endete am Di 02.05.2028."),
        (MOVED, "2028-05-10", "Seit 8 Tagen überfällig. Die Frist endete am Di 02.05.2028."),
        (BACKWARD, "2027-05-04", "Noch 2 Tage bis Do 06.05.2027, wirksam bis Mi 05.05.2027."),
        (BACKWARD, "2027-05-05", "Heute, Mi 05.05.2027, ist der letzte Tag."),
        (BACKWARD, "2027-05-06", "Seit einem Tag überfällig. Die Frist endete am Mi 05.05.2027."),
    ],
)
def test_given_a_deadline_when_read_then_a_sentence_names_both_days(occurrence, today, sentence):
    assert time_left(occurrence, day(today)) == sentence


def test_given_an_ordinary_deadline_when_read_then_one_day_is_enough():
    ordinary = replace(MOVED, nominal_due_on=date(2027, 4, 30), effective_due_on=date(2027, 4, 30))
    assert time_left(ordinary, date(2027, 4, 16)) == "Noch 14 Tage bis Fr 30.04.2027."
    assert time_left(ordinary, date(2027, 4, 30)) == "Heute, Fr 30.04.2027, ist der letzte Tag."


@pytest.mark.parametrize(
    ("submitted_on", "evidence", "is_statewide", "says"),
    [
        ("2028-04-15", "AG § 6, 15.04.2028", True, None),
        ("2028-01-01", "", False, None),
        ("2028-04-16", "x", True, "liegt in der Zukunft"),
        ("2027-12-31", "x", True, r"Stichtag 31\.12\.2027\. Vorher"),
        ("2028-04-15", " ", True, "Der Nachweis fehlt"),
    ],
)
def test_given_an_entry_when_it_cannot_be_true_then_the_sentence_says_so(submitted_on, evidence, is_statewide, says):
    def enter():
        refuse(
            check_submission(MOVED, day(submitted_on), date(2028, 4, 15), evidence=evidence, is_statewide=is_statewide)
        )

    if says is None:
        enter()
        return
    with pytest.raises(Refused, match=says):
        enter()


def test_given_a_duty_with_its_own_channel_when_entered_then_no_proof_is_demanded():
    assert check_submission(MOVED, date(2028, 4, 15), date(2028, 4, 15)) is None


def test_given_the_changed_law_when_a_number_is_entered_then_it_warns_and_a_nil_report_does_not():
    assert "31.12.2027" in nil_warning(MOVED, is_nil_report=False)
    assert nil_warning(MOVED, is_nil_report=True) is None
    assert nil_warning(replace(MOVED, is_nil_expected=False), is_nil_report=False) is None


def test_given_all_states_when_shown_then_each_has_its_own_words_and_two_are_reminded():
    assert len({each.label for each in OccurrenceState}) == len(OccurrenceState) == 6
    assert [each for each in OccurrenceState if each.is_reminded] == [OccurrenceState.OPEN, OccurrenceState.OVERDUE]
