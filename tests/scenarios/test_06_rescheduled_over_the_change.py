"""Scenario 6: the chair follows the new day, and everybody is invited anew (R-SEC-4)."""

from datetime import UTC, date, datetime, time

import pytest

from kok.errors import Refused
from meetings.convening.actions.invitations import invite
from meetings.convening.actions.planning import reschedule
from meetings.convening.rules.codes import MeetingState
from meetings.convening.rules.secretariat import Rotation, chairing_partner
from meetings.convening.rules.states import MeetingStep, next_state
from tests import builders


def test_06_given_an_invited_meeting_when_moved_over_the_change_then_the_chair_changes_and_a_new_round_is_needed():
    rotation = Rotation(anchor_on=date(2022, 3, 1), years=2, order=("wetteraukreis", "lwv-hessen"))
    assert chairing_partner(rotation, date(2026, 2, 25)) == "lwv-hessen"
    assert chairing_partner(rotation, date(2026, 3, 5)) == "wetteraukreis"
    moved = next_state(MeetingState.INVITED, MeetingStep.RESCHEDULE)
    assert next_state(moved, MeetingStep.INVITE) is MeetingState.INVITED
    with pytest.raises(Refused):
        next_state(moved, MeetingStep.BEGIN)


@pytest.mark.django_db
def test_06_given_an_invited_meeting_when_moved_over_the_change_then_it_waits_for_a_new_round_with_the_new_chair():
    builders.an_agreement()
    meeting = builders.a_meeting(on=date(2026, 2, 25), items=("Begrüßung",))
    lwv = builders.a_user(role="secretariat", partner="lwv-hessen")
    now = datetime(2026, 2, 10, 9, 0, tzinfo=UTC)
    invite(meeting=meeting, revision=1, by=lwv, now=now)
    occasion = {"meets_on": date(2026, 3, 5), "starts_at": time(10), "place": "Kassel", "link": ""}
    moved = reschedule(meeting=meeting, revision=2, by=lwv, now=now, **occasion)
    assert (moved.state, moved.number) == ("PLANNED", "KoK-06440-2026-01")
    sent = invite(meeting=moved, revision=3, by=lwv, now=now)
    assert (sent.round_no, sent.calendar_sequence) == (2, 1)
    assert (sent.convened_by.slug, sent.chaired_by.slug) == ("lwv-hessen", "wetteraukreis")
    assert sent.invitations.filter(answer="OPEN").count() == 7
