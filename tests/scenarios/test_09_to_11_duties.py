"""Scenarios 9 to 11 on the loaded agreement: when 8b to 8d are due, and when an entry is late."""

import json
from datetime import date, datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from kok.errors import Refused
from reporting.duties.actions.submissions import record_submission
from reporting.duties.queries.duties import duties_of
from reporting.duties.queries.ledger import ledger_of
from reporting.duties.rules.codes import OccurrenceState
from tests.builders import a_user, an_agreement, the_partner
from tests.transitions import world

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


IN_TIME = datetime(2028, 5, 2, 23, 59, tzinfo=BERLIN)
LATE = datetime(2028, 5, 3, 0, 0, tzinfo=BERLIN)


def handed_over_elsewhere(agreement, moment, on=None):
    """8b of 2028, entered in that moment as handed over on that day."""
    return record_submission(
        agreement=agreement,
        code="O-04",
        due_year=2028,
        debtor=the_partner("wetteraukreis"),
        submitted_on=on or moment.date(),
        channel="SECURE_MAIL",
        by=a_user(role="reporter"),
        now=moment,
    )


def released(agreement, moment, *people):
    """The list of 2028 with these people, released in the sealed area in that moment."""
    return world.released(world.a_draft([*people], year=2028, now=moment), now=moment)


@pytest.mark.parametrize("hand_over", [released, handed_over_elsewhere])
@pytest.mark.parametrize(
    ("moment", "state"),
    [
        pytest.param(IN_TIME, OccurrenceState.FULFILLED, id="02.05. 23:59"),
        pytest.param(LATE, OccurrenceState.FULFILLED_LATE, id="03.05. 00:00"),
    ],
)
def test_09_given_8b_due_on_sunday_30_april_2028_when_released_then_it_is_in_time_or_late(moment, state, hand_over):
    agreement = an_agreement()
    hand_over(agreement, moment)
    found = duties_of(ledger_of(agreement, 2028, 2028), [2028], date(2028, 5, 3))
    assert next(duty.state for duty in found if duty.rule.code == "O-04") is state


def test_09_given_a_list_released_in_time_when_a_later_version_follows_then_the_first_release_counts():
    agreement = an_agreement()
    released(agreement, IN_TIME)
    released(agreement, LATE, world.case_data(expected_end_on=date(2029, 7, 1)))
    found = duties_of(ledger_of(agreement, 2028, 2028), [2028], date(2028, 5, 3))
    assert next(duty.fulfilled_on for duty in found if duty.rule.code == "O-04") == date(2028, 5, 2)


def test_09_given_the_last_minute_of_2_may_when_the_next_day_is_entered_then_it_is_still_the_future():
    with pytest.raises(Refused, match="liegt in der Zukunft"):
        handed_over_elsewhere(an_agreement(), IN_TIME, on=date(2028, 5, 3))


@pytest.mark.parametrize(
    ("year", "effective", "leavers", "stichtag"),
    [
        pytest.param(2028, "2028-05-02", "2029", "2027-12-31", id="9-sunday"),
        pytest.param(2033, "2033-05-02", "2034", "2032-12-31", id="10-saturday"),
        pytest.param(2027, "2027-04-30", "2028", "2026-12-31", id="11-ordinary"),
    ],
)
def test_given_a_year_when_the_command_is_asked_then_it_names_both_dates_and_three_references(
    year, effective, leavers, stichtag
):
    an_agreement()
    out = StringIO()
    call_command("deadlines", "--agreement", "wetteraukreis", "--year", str(year), "--json", stdout=out)
    wanted = ("id", "clause", "debtor", "reference", "nominal_due_on", "effective_due_on")
    nominal = f"{year}-04-30"
    assert [tuple(row[key] for key in wanted) for row in json.loads(out.getvalue())] == [
        ("O-04", "8b", "wetteraukreis", leavers, nominal, effective),
        ("O-05", "8c", "wetteraukreis", stichtag, nominal, effective),
        ("O-06", "8d", "lwv-hessen", stichtag, nominal, effective),
    ]
