"""Which reminder stands on a day (domain.md 2.7)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.duties.rules.occurrences import Occurrence
from reporting.duties.rules.stages import ReminderRecipient, stage_on


def due_on(nominal, effective):
    return Occurrence(
        code="O-04",
        clause="8b",
        debtor="wetteraukreis",
        due_year=nominal.year,
        reference=str(nominal.year + 1),
        nominal_due_on=nominal,
        effective_due_on=effective,
    )


MOVED = due_on(date(2028, 4, 30), date(2028, 5, 2))
ORDINARY = due_on(date(2027, 4, 30), date(2027, 4, 30))


@pytest.mark.parametrize(
    ("occurrence", "today", "name", "remind_on"),
    [
        (MOVED, "2028-01-30", None, None),
        (MOVED, "2028-01-31", "-90", "2028-01-31"),
        (MOVED, "2028-03-30", "-90", "2028-01-31"),
        (MOVED, "2028-03-31", "-30", "2028-03-31"),
        (MOVED, "2028-04-16", "-14", "2028-04-16"),
        (MOVED, "2028-04-26", "-14", "2028-04-16"),
        (MOVED, "2028-04-27", "-3", "2028-04-27"),
        (MOVED, "2028-04-30", "0", "2028-04-30"),
        (MOVED, "2028-05-02", "0", "2028-04-30"),
        (MOVED, "2028-05-03", "+1", "2028-05-03"),
        (MOVED, "2028-05-09", "+1", "2028-05-03"),
        (MOVED, "2028-05-10", "+8", "2028-05-10"),
        (MOVED, "2028-05-17", "+15", "2028-05-17"),
        (MOVED, "2029-05-02", "+365", "2029-05-02"),
        (ORDINARY, "2027-04-16", "-14", "2027-04-16"),
        (ORDINARY, "2027-04-30", "0", "2027-04-30"),
        (ORDINARY, "2027-05-01", "+1", "2027-05-01"),
    ],
)
def test_given_a_deadline_when_asked_on_a_day_then_the_latest_stage_reached_stands(occurrence, today, name, remind_on):
    stage = stage_on(occurrence, date.fromisoformat(today))
    assert (stage and stage.name, stage and str(stage.remind_on)) == (name, remind_on)


@pytest.mark.parametrize(
    ("today", "recipients"),
    [
        ("2028-04-30", [ReminderRecipient.DEBTOR]),
        ("2028-05-02", [ReminderRecipient.DEBTOR]),
        ("2028-05-03", [ReminderRecipient.DEBTOR, ReminderRecipient.SECRETARIAT]),
        ("2028-05-10", [ReminderRecipient.DEBTOR, ReminderRecipient.SECRETARIAT]),
    ],
)
def test_given_a_stage_when_sent_then_the_secretariat_reads_along_once_it_is_overdue(today, recipients):
    assert list(stage_on(MOVED, date.fromisoformat(today)).recipients) == recipients


def sent(occurrence, days):
    """What a scheduler sends that runs on these days, each stage once."""
    stages = (stage_on(occurrence, day) for day in days)
    return list(dict.fromkeys(stage.name for stage in stages if stage))


def calendar(first, last, without=()):
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day not in without]


@pytest.mark.parametrize(
    ("down_from", "down_to", "expected"),
    [
        (None, None, "-90 -30 -14 -3 0 +1 +8"),
        ("2028-04-28", "2028-05-02", "-90 -30 -14 -3 +1 +8"),  # the 0 is overtaken by the +1
        ("2028-04-28", "2028-05-01", "-90 -30 -14 -3 0 +1 +8"),  # caught up on the last day
        ("2028-04-10", "2028-04-20", "-90 -30 -14 -3 0 +1 +8"),
        ("2028-03-01", "2028-04-29", "-90 0 +1 +8"),
    ],
)
def test_given_a_scheduler_that_was_down_when_it_runs_again_then_only_the_latest_stage_is_caught_up(
    down_from, down_to, expected
):
    down = calendar(date.fromisoformat(down_from), date.fromisoformat(down_to)) if down_from else ()
    assert sent(MOVED, calendar(date(2028, 1, 1), date(2028, 5, 10), down)) == expected.split()


@given(st.dates(date(2022, 1, 1), date(2090, 12, 31)), st.integers(0, 4), st.integers(-200, 400))
def test_given_any_deadline_when_a_day_passes_then_the_stage_never_goes_back(nominal, roll, offset):
    occurrence = due_on(nominal, nominal + timedelta(days=roll))
    today = nominal + timedelta(days=offset)
    before, after = stage_on(occurrence, today), stage_on(occurrence, today + timedelta(days=1))
    if before is None:
        assert after is None or after.offset == -90
        return
    assert before.remind_on <= today
    assert after.offset >= before.offset
    assert (before.offset > 0) == (today > occurrence.effective_due_on)
