"""The tour of the README works on any day: it is begun on a Sunday and on a holiday, and ends at the meeting."""

from datetime import UTC, date, datetime, time

import pytest

from kok.models import OutboxMessage, User
from meetings.convening.actions import invitations
from meetings.convening.queries.secretariat import secretariat_of
from meetings.models import Meeting, Minutes
from meetings.record.actions import approval, holding
from members.models import Partner
from reporting.demo import actions as demo
from tests.roles import by_worker

SUNDAY, WHIT_MONDAY = date(2027, 6, 13), date(2027, 5, 17)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("today", [SUNDAY, WHIT_MONDAY])
def test_given_a_day_on_which_nobody_meets_when_the_tour_is_walked_then_every_step_works(today, settings, tmp_path):
    settings.KOK_VAR = tmp_path
    by_worker(demo.load_demo, now=_at(today))

    coming = Meeting.objects.get(state=Meeting.State.PLANNED)
    partner = secretariat_of(coming.body.agreement).partner_on(today)
    office = User.objects.get(username=f"{partner.slug}-secretariat")
    invitations.invite(meeting=coming, revision=coming.revision, by=office, now=_at(today))
    assert OutboxMessage.objects.exclude(state=OutboxMessage.State.SENT).exists()

    waiting = Minutes.objects.get(state=Minutes.State.CIRCULATED)
    missing = Partner.objects.exclude(pk__in=waiting.partners_that_approved()).get(agreement=coming.body.agreement)
    approver = User.objects.get(username=f"{missing.slug}-approver")
    last = approval.approve(minutes=waiting, partner=missing.pk, version=waiting.version, by=approver, now=_at(today))
    assert last
    waiting.refresh_from_db()
    assert waiting.state == Minutes.State.APPROVED

    holding_partner = secretariat_of(coming.body.agreement).partner_on(coming.meets_on)
    chair = User.objects.get(username=f"{holding_partner.slug}-secretariat")
    begun = holding.begin(meeting=coming, by=chair, now=_at(coming.meets_on))
    assert begun.state == Minutes.State.DRAFT
