"""Scenario 37 in the minutes: no resolution is stored, both positions are, and the page offers no vote."""

import pytest

from meetings.models import PartnerPosition, Resolution
from tests.meetings.held import a_held_meeting, seen_on, signed_in

pytestmark = pytest.mark.django_db


def test_37_given_partners_that_disagree_when_it_is_recorded_then_both_positions_stand_there_and_no_resolution():
    stage = a_held_meeting()
    client = signed_in(stage.writer)
    item = stage.sections[2].item
    county, lwv = stage.meeting.body.agreement.partners.values_list("pk", flat=True)

    refused = client.post(f"{stage.url}top/{item.pk}/beschluss/", {"text": "So sei es.", "consenting": [county]})
    page = refused.content.decode()
    assert "Ohne Einvernehmen entsteht kein Beschluss" in page
    assert page.count('name="consenting"') == 2  # one box per partner, none per seat, although seats are 4:3

    positions = f"{stage.url}top/{item.pk}/auffassungen/"
    held = {f"position_{county}": "Der Kreis ist dafür.", f"position_{lwv}": "Der LWV ist dagegen."}
    client.post(positions, held | {"seen": seen_on(client, positions)})
    assert not Resolution.objects.exists()
    assert PartnerPosition.objects.filter(item=item).count() == 2
    read = client.get(stage.url + "lesen/").content.decode()
    assert "Der Kreis ist dafür." in read
    assert "Der LWV ist dagegen." in read
