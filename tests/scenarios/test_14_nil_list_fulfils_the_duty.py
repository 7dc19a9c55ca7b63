"""Scenario 14, the duty: a Nullmeldung fulfils O-04, without anything being entered (Punkt 8b)."""

from datetime import UTC, date, datetime

import pytest

from reporting.duties.queries.duties import duties_of
from reporting.duties.queries.ledger import ledger_of
from reporting.duties.rules.codes import OccurrenceState
from reporting.models import Submission
from tests.builders import a_user, an_agreement
from tests.transitions import world

pytestmark = pytest.mark.django_db
RELEASED_AT = datetime(2027, 4, 20, 8, 0, tzinfo=UTC)


def o_04(agreement):
    found = duties_of(ledger_of(agreement, 2027, 2027), [2027], date(2027, 4, 21))
    return next(duty for duty in found if duty.rule.code == "O-04")


def test_14_given_no_case_when_a_nil_report_is_released_then_o_04_is_fulfilled(client, settings):
    settings.KOK_NOW = "2027-05-20T09:00"
    agreement = an_agreement()
    draft = world.submitted(world.a_draft([], now=RELEASED_AT), now=RELEASED_AT)
    assert o_04(agreement).state is OccurrenceState.OPEN
    assert world.released(draft, now=RELEASED_AT).is_nil_report
    assert (o_04(agreement).state, o_04(agreement).fulfilled_on) == (OccurrenceState.FULFILLED, date(2027, 4, 20))
    assert not Submission.objects.exists()
    client.force_login(a_user(role="member"))
    line = client.get("/wetteraukreis/uebergaenge/").context["page"].lines[0]
    assert (line.year, line.is_in_time, line.numbers.named) == (2027, True, "0")
