"""Scenario 9: 8b due on Sunday 30.04.2028 ends with Tuesday 02.05.2028, to the second."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from kok.workdays import Policy
from members.rules.codes import Reference
from reporting.duties.rules.codes import OccurrenceState
from reporting.duties.rules.fulfilment import day_in_hessen, state
from reporting.duties.rules.occurrences import occurrence
from tests.reporting.yearly_rule import AYearlyRule


@pytest.mark.parametrize(
    ("moment", "expected"),
    [("2028-05-02T23:59:59", OccurrenceState.FULFILLED), ("2028-05-03T00:00:00", OccurrenceState.FULFILLED_LATE)],
)
def test_09_given_8b_due_on_sunday_30_04_2028_when_released_then_02_05_is_in_time_and_03_05_late(moment, expected):
    leavers = AYearlyRule(
        code="O-04",
        clause="8b",
        month=4,
        day=30,
        policy=Policy.ROLL_FORWARD,
        reference=Reference.LEAVERS_OF_FOLLOWING_YEAR,
        first_year=2022,
    )
    found = occurrence(leavers, 2028)
    released_on = day_in_hessen(datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Europe/Berlin")))
    assert f"{found.effective_due_on:%A %d.%m.%Y}" == "Tuesday 02.05.2028"
    assert state(found, released_on, fulfilled_on=released_on) is expected
