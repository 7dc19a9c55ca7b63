"""Papers about a past day bear the names and addresses that the authorities had on it."""

from datetime import UTC, date, datetime

import pytest

from meetings.actions import invitations
from meetings.documents import agenda, minutes
from members.actions import change_authority
from members.models import Authority
from tests.builders import a_meeting, a_user
from tests.meetings.held import NOW, a_held_meeting, circulated

pytestmark = pytest.mark.django_db
RENAMED_AT = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)


def rename(slug):
    authority = Authority.objects.get(slug=slug)
    change_authority(
        authority=authority,
        values={"name": "Neu", "short_name": "Neu", "street": "Ring 1"},
        from_on=date(2027, 1, 1),
        by=a_user(role="registrar", partner=slug),
        agreement=authority.partners.get().agreement,
        now=RENAMED_AT,
    )


def test_given_an_authority_renamed_later_when_the_minutes_are_printed_again_then_they_say_what_they_said():
    stage = circulated(a_held_meeting())
    version = stage.minutes.versions.get()
    before = minutes.html(version, is_draft=True)
    assert "Europaplatz" in before
    rename("wetteraukreis")
    version.refresh_from_db()
    again = minutes.html(version, is_draft=True)
    assert again == before
    assert "Ring 1" not in again


def test_given_an_authority_renamed_later_when_an_invitation_is_printed_again_then_it_says_what_it_said():
    stage = a_held_meeting()
    meeting = a_meeting(on=date(2026, 12, 18), items=("Begrüßung",))
    sent = invitations.invite(meeting=meeting, revision=meeting.revision, by=stage.writer, now=NOW)
    before = agenda.html(agenda.round_by_id(sent.pk))
    assert "Europaplatz" in before
    rename("wetteraukreis")
    assert agenda.html(agenda.round_by_id(sent.pk)) == before
    later = a_meeting(on=date(2027, 3, 18), items=("Begrüßung",))
    sent = invitations.invite(meeting=later, revision=later.revision, by=stage.writer, now=RENAMED_AT)
    assert "Ring 1" in agenda.html(agenda.round_by_id(sent.pk))
