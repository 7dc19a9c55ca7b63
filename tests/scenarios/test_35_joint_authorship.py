"""Scenario 35: one approval leaves the minutes circulated, both make them approved and immutable."""

import pytest
from django.db import IntegrityError, transaction

from meetings.models import Meeting
from meetings.record.actions.approval import approve
from tests.meetings.held import NOW, a_held_meeting, circulated

pytestmark = pytest.mark.django_db


def test_35_given_minutes_by_the_secretariat_when_only_one_partner_approved_then_they_stay_circulated_until_both_did():
    stage = circulated(a_held_meeting())
    partners = {partner.slug: partner.pk for partner in stage.meeting.body.agreement.partners.all()}

    approve(minutes=stage.minutes, partner=partners["lwv-hessen"], version=1, by=stage.approvers["lwv-hessen"], now=NOW)
    stage.minutes.refresh_from_db()
    stage.meeting.refresh_from_db()
    assert (stage.minutes.state, stage.meeting.state) == ("CIRCULATED", Meeting.State.HELD)

    approve(
        minutes=stage.minutes,
        partner=partners["wetteraukreis"],
        version=1,
        by=stage.approvers["wetteraukreis"],
        now=NOW,
    )
    stage.minutes.refresh_from_db()
    stage.meeting.refresh_from_db()
    assert (stage.minutes.state, stage.meeting.state) == ("APPROVED", Meeting.State.CLOSED)

    section = stage.sections[0]
    section.text = "Nachträglich geändert."
    with pytest.raises(IntegrityError, match="genehmigt"), transaction.atomic():
        section.save()
