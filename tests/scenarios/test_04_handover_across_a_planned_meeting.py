"""Scenario 4: one partner invites, the other one chairs (R-SEC-2, R-SEC-3)."""

from datetime import UTC, date, datetime

import pytest

from kok.errors import Refused
from meetings.convening.actions.invitations import invite
from meetings.convening.documents.mails_invitation import preview
from meetings.convening.rules.secretariat import Rotation, chairing_partner, convening_partner
from tests import builders


def test_04_given_a_meeting_after_the_change_when_invited_before_it_then_lwv_sends_and_wetteraukreis_chairs():
    rotation = Rotation(anchor_on=date(2022, 3, 1), years=2, order=("wetteraukreis", "lwv-hessen"))
    meets_on, dispatch_on = date(2026, 3, 12), date(2026, 2, 26)
    assert convening_partner(rotation, dispatch_on) == "lwv-hessen"
    assert chairing_partner(rotation, meets_on) == "wetteraukreis"


@pytest.mark.django_db
def test_04_given_both_secretariats_when_the_invitation_is_sent_before_the_change_then_only_lwv_can_send_it():
    builders.an_agreement()
    meeting = builders.a_meeting(on=date(2026, 3, 12), items=("Begrüßung",))
    county = builders.a_user(role="secretariat")
    lwv = builders.a_user(role="secretariat", partner="lwv-hessen")
    sent_at = datetime(2026, 2, 26, 9, 0, tzinfo=UTC)
    with pytest.raises(Refused, match=r"LWV Hessen, bis zum 28\.02\.2026"):
        invite(meeting=meeting, revision=1, by=county, now=sent_at)
    sent = invite(meeting=meeting, revision=1, by=lwv, now=sent_at)
    assert (sent.convened_by.slug, sent.chaired_by.slug) == ("lwv-hessen", "wetteraukreis")
    text = preview(sent).body
    assert "Es lädt ein: LWV Hessen" in text
    assert "Es leitet und führt das Protokoll: Wetteraukreis" in text
