"""R-MEET: two meetings a year (domain.md 2.4)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.convening.rules.codes import MeetingState
from meetings.convening.rules.counting import CountedMeeting, Light, fulfilled_on, meeting_year_state, wide_gap

STATES = {"h": "HELD", "c": "CLOSED", "i": "INVITED", "p": "PLANNED", "x": "CANCELLED", "n": "HELD"}


def meetings(text):
    """`h05-20` is a meeting held on 20.05.2026; c closed, i invited, p planned, x cancelled, n not quorate."""
    return [
        CountedMeeting(date.fromisoformat(f"2026-{word[1:]}"), MeetingState(STATES[word[0]]), word[0] != "n")
        for word in text.split()
    ]


@pytest.mark.parametrize(
    ("case", "today", "light", "warns"),
    [
        ("", "2026-01-01", "YELLOW", False),
        ("", "2026-08-31", "YELLOW", False),
        ("", "2026-09-01", "YELLOW", True),
        ("", "2026-10-01", "RED", True),
        ("h05-20", "2026-08-31", "YELLOW", False),
        ("h05-20", "2026-09-01", "YELLOW", True),
        ("h05-20", "2026-09-30", "YELLOW", True),
        ("h05-20", "2026-10-01", "RED", True),
        ("h05-20 p11-05", "2026-10-01", "YELLOW", False),
        ("h05-20 i11-05", "2026-10-01", "GREEN", False),
        ("i05-20 i11-05", "2026-02-01", "GREEN", False),
        ("i05-20 p11-05", "2026-02-01", "YELLOW", False),
        ("h05-20 c11-05", "2026-11-06", "GREEN", False),
        ("h05-20 c11-05", "2027-01-01", "GREEN", False),
        ("h05-20", "2026-12-31", "RED", True),
        ("h05-20", "2027-01-01", "BREACH", True),
        ("h05-20 i12-30", "2027-01-01", "BREACH", True),
        ("h05-20 x11-05", "2026-10-01", "RED", True),
        ("h05-20 n11-05", "2026-11-06", "RED", True),
        ("h05-20 h05-20", "2026-10-01", "RED", True),
        ("h05-20 p05-20", "2026-05-20", "YELLOW", False),
        ("h05-20 i10-15", "2026-10-15", "GREEN", False),
        ("h05-20 i10-15", "2026-10-16", "RED", True),
        ("h05-20 h12-31", "2027-01-01", "GREEN", False),
    ],
)
def test_given_meetings_of_2026_when_asked_on_a_day_then_the_light_is(case, today, light, warns):
    state = meeting_year_state(meetings(case), 2026, date.fromisoformat(today), 2)
    assert (state.light, state.warns) == (Light(light), warns)


def test_given_meetings_of_all_kinds_when_counted_then_each_day_counts_once_in_its_best_state():
    state = meeting_year_state(meetings("h03-01 p10-01 i10-01 p11-01 x11-02 n02-01"), 2026, date(2026, 9, 1), 2)
    assert (state.held, state.invited, state.planned) == (1, 1, 1)


@pytest.mark.parametrize(
    ("case", "today", "sentence"),
    [
        ("", "2026-03-01", "2026 sind 2 Sitzungen nötig, 0 gehalten und 0 vorgesehen. Planen Sie noch 2 Sitzungen"),
        ("h02-03", "2026-10-01", "2026 sind 2 Sitzungen nötig, 1 gehalten und 0 vorgesehen. Planen Sie noch eine"),
        ("h02-03 p11-03", "2026-10-01", "1 gehalten und 1 vorgesehen. Eingeladen ist noch nicht zu allen."),
        ("h02-03 i11-03", "2026-10-01", "Zu den nötigen ist eingeladen."),
        ("h02-03 h11-03", "2026-12-01", "2026 gab es schon 2 Sitzungen. Das genügt für Punkt 5."),
        ("h02-03", "2027-01-01", "2026 gab es eine Sitzung von mindestens 2. Punkt 5 ist nicht eingehalten."),
        ("", "2027-01-01", "2026 gab es keine Sitzung von mindestens 2."),
    ],
)
def test_given_a_year_when_read_then_the_sentence_says_what_to_do(case, today, sentence):
    state = meeting_year_state(meetings(case), 2026, date.fromisoformat(today), 2, clause="5")
    assert sentence in state.sentence
    other = meeting_year_state(meetings(case), 2026, date.fromisoformat(today), 2)
    assert "Punkt" not in other.sentence


@pytest.mark.parametrize(("in_force_on", "notes"), [("2026-01-01", 0), ("2026-01-02", 1), ("2025-03-01", 0)])
def test_given_an_entry_into_force_when_it_lies_within_the_year_then_the_year_is_short(in_force_on, notes):
    state = meeting_year_state([], 2026, date(2026, 5, 1), 2, in_force_on=date.fromisoformat(in_force_on))
    assert len(state.notes) == notes


def test_given_2022_when_the_agreement_began_in_march_then_it_is_a_short_year_with_the_full_duty():
    state = meeting_year_state([], 2022, date(2022, 10, 1), 2, in_force_on=date(2022, 3, 1))
    assert state.light is Light.RED
    assert state.notes == (
        "Rumpfjahr: Die Vereinbarung gilt erst seit dem 01.03.2022. Die Zahl der Sitzungen gilt trotzdem ungekürzt.",
    )
    assert meeting_year_state([], 2023, date(2023, 1, 1), 2, in_force_on=date(2022, 3, 1)).notes == ()


@pytest.mark.parametrize(
    ("case", "today", "says"),
    [
        ("h01-30", "2026-09-30", None),
        ("h01-30", "2026-10-01", "vor mehr als acht Monaten"),
        ("h01-30 p09-30", "2026-02-01", None),
        ("h01-30 p10-01", "2026-02-01", "nächsten am 01.10.2026"),
        ("h01-30 x03-01 n04-01 p10-01", "2026-05-01", "Sitzung am 30.01.2026 und der nächsten am 01.10.2026"),
        ("h01-30 i10-15", "2026-10-15", "nächsten am 15.10.2026"),
        ("", "2026-10-01", None),
    ],
)
def test_given_a_long_gap_when_asked_then_it_is_named(case, today, says):
    sentence = wide_gap(meetings(case), date.fromisoformat(today))
    assert sentence is None if says is None else says in sentence


def test_given_a_held_meeting_at_the_end_of_june_when_eight_months_pass_then_february_is_short():
    held = [CountedMeeting(date(2025, 6, 30), MeetingState.CLOSED)]
    assert wide_gap(held, date(2026, 2, 28)) is None
    assert wide_gap(held, date(2026, 3, 1)) is not None


def test_given_a_long_gap_when_the_present_year_is_shown_then_it_is_a_note_there_only():
    held = [CountedMeeting(date(2026, 1, 15), MeetingState.CLOSED)]
    assert len(meeting_year_state(held, 2026, date(2026, 11, 1), 2).notes) == 1
    assert meeting_year_state(held, 2027, date(2026, 11, 1), 2).notes == ()


@pytest.mark.parametrize(
    ("case", "day"),
    [("", None), ("h05-20", None), ("h05-20 h05-20", None), ("c11-05 h05-20 h12-01", "2026-11-05")],
)
def test_given_held_meetings_when_the_minimum_is_reached_then_its_day_is_known(case, day):
    assert fulfilled_on(meetings(case), 2026, 2) == (day and date.fromisoformat(day))


def test_given_an_agreement_that_demands_no_meetings_when_asked_then_no_day_fulfils_it():
    assert fulfilled_on(meetings("h05-20"), 2026, minimum=0) is None


any_meeting = st.builds(
    CountedMeeting, st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.sampled_from(MeetingState), st.booleans()
)


@given(st.lists(any_meeting, max_size=6), st.integers(0, 400))
def test_given_any_meetings_when_one_more_is_held_then_the_light_never_gets_worse(several, offset):
    today = date(2026, 1, 1) + timedelta(days=offset)
    more = [*several, CountedMeeting(date(2026, 6, 17), MeetingState.HELD)]
    order = list(Light)
    before, after = (meeting_year_state(each, 2026, today, 2).light for each in (several, more))
    assert order.index(after) <= order.index(before)


def test_given_nothing_was_held_yet_when_the_first_meeting_is_far_ahead_then_there_is_no_gap():
    assert wide_gap([CountedMeeting(date(2029, 5, 1), MeetingState.PLANNED)], date(2027, 5, 1)) is None
