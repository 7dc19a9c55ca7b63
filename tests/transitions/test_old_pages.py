"""An old page of a case undoes nothing that came meanwhile."""

from datetime import timedelta
from typing import Any

import pytest

from kok.clock import BERLIN
from tests.builders import an_agreement
from tests.transitions.inside import enter
from tests.transitions.test_stale_pages import hidden, text, url
from tests.transitions.world import NOW, a_draft, acknowledged, an_access, released
from transitions.actions import cases
from transitions.models import TransitionCase
from transitions.rules.states import Outcome

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def officer(settings: Any, tmp_path: Any) -> Any:
    settings.KOK_ERASURE_LIST = tmp_path / "erasures.jsonl"
    settings.KOK_NOW = LATER.astimezone(BERLIN).isoformat()
    an_agreement()
    return an_access()


def test_given_another_outcome_when_an_old_page_takes_back_what_it_shows_then_the_new_one_stays(officer):
    receiver = an_access("case-receiver")
    case = acknowledged(released(a_draft(by=officer)), by=receiver).entries.get().case
    cases.record_outcome(case=case, outcome=Outcome.NO_LWV_BENEFIT, by=receiver, now=LATER)
    client = enter(receiver.user)
    old = hidden(client.get(url("case", case)), "seen")
    cases.revoke_outcome(case=case, by=receiver, now=LATER)
    cases.record_outcome(case=case, outcome=Outcome.OTHER_CARRIER, by=receiver, now=LATER)
    page = client.post(url("outcome-revoke", case), {"seen": old}, follow=True)
    assert "steht inzwischen ein anderes Ergebnis. Es wurde nichts zurückgenommen." in text(page)
    assert TransitionCase.objects.get().outcome == Outcome.OTHER_CARRIER
    client.post(url("outcome-revoke", case), {"seen": hidden(page, "seen")})
    assert TransitionCase.objects.get().outcome == ""
