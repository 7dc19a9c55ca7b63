"""An old page of a case, a proposal or a request undoes nothing that came meanwhile, and erasure is asked for first."""

from datetime import timedelta
from typing import Any

import pytest

from kok.clock import BERLIN
from tests.builders import an_agreement
from tests.transitions.inside import enter
from tests.transitions.test_proposals import NEXT_YEAR, postponed
from tests.transitions.test_restriction import TODAY, asked
from tests.transitions.test_stale_pages import hidden, text, url
from tests.transitions.world import NOW, YEAR, a_draft, acknowledged, an_access, people, released
from transitions.actions import cases
from transitions.models import TransitionCase
from transitions.queries.proposals import proposals_for
from transitions.rules.codes import CaseOutcome, RequestKind

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
    cases.record_outcome(case=case, outcome=CaseOutcome.NO_LWV_BENEFIT, by=receiver, now=LATER)
    client = enter(receiver.user)
    old = hidden(client.get(url("outcome-revoke", case)), "seen")
    cases.revoke_outcome(case=case, by=receiver, now=LATER)
    cases.record_outcome(case=case, outcome=CaseOutcome.OTHER_CARRIER, by=receiver, now=LATER)
    page = client.post(url("outcome-revoke", case), {"seen": old}, follow=True)
    assert "steht inzwischen ein anderes Ergebnis. Es wurde nichts zurückgenommen." in text(page)
    assert TransitionCase.objects.get().outcome == CaseOutcome.OTHER_CARRIER
    client.post(url("outcome-revoke", case), {"seen": hidden(client.get(url("outcome-revoke", case)), "seen")})
    assert TransitionCase.objects.get().outcome == ""


def test_given_a_proposal_when_declined_then_it_is_asked_first_with_a_day_to_come_and_can_be_undone(officer, settings):
    settings.KOK_NOW = (LATER + timedelta(days=500)).astimezone(BERLIN).isoformat()
    case = postponed(officer)
    draft = a_draft([], by=officer, year=YEAR + 1, now=NEXT_YEAR)
    client = enter(officer.user)
    sent = {"case": case.pk, "answer": "decline"}
    page = client.post(url("proposals", draft), sent)
    tomorrow = f"{(LATER + timedelta(days=501)).astimezone(BERLIN):%d.%m.%Y} auf beiden Seiten gelöscht"
    assert tomorrow in text(page)
    assert proposals_for(draft)
    page = client.post(
        url("proposals", draft), sent | {name: hidden(page, name) for name in ("is_meant", "seen")}, follow=True
    )
    assert not proposals_for(draft)
    assert "Wieder vorschlagen" in text(page)
    client.post(url("proposals", draft), {"case": case.pk, "answer": "again"})
    assert [each.case for each in proposals_for(draft)] == [case]


def test_given_details_of_a_request_when_old_pages_add_others_then_each_writes_only_what_it_changed(officer):
    case, other = (entry.case for entry in a_draft(people(2), by=officer).entries.all())
    request = asked(case, RequestKind.ACCESS)
    type(request).objects.filter(pk=request.pk).update(case_ref="", identity_checked_on=None)
    client, day = enter(officer.user), f"{TODAY:%d.%m.%Y}"
    shown = {"seen_case_ref": "", "seen_identity_checked_on": ""}
    old = client.get(url("request", request)).content.decode()
    assert all(f'name="{name}" id=' in old for name in shown)
    client.post(url("request-complete", request), shown | {"case_ref": "", "identity_checked_on": day})
    client.post(url("request-complete", request), {"case_ref": case.case_ref, "seen_case_ref": ""})  # of the search
    request.refresh_from_db()
    assert (request.case_ref, request.identity_checked_on) == (case.case_ref, TODAY)
    typed = shown | {"case_ref": other.case_ref, "identity_checked_on": ""}
    page = client.post(url("request-complete", request), typed)
    assert "jemand bei dieser Anfrage etwas anderes eingetragen. Es wurde nichts überschrieben." in text(page)
    assert "wählen Sie den Knopf, der mit „Trotzdem“ beginnt." in text(page)
    assert f'value="{day}"' in page.content.decode()
    assert "Trotzdem speichern</span></button>" in page.content.decode()
    now = {name: hidden(page, name) for name in shown}
    client.post(url("request-complete", request), now | {"case_ref": other.case_ref, "identity_checked_on": day})
    request.refresh_from_db()
    assert (request.case_ref, request.identity_checked_on) == (other.case_ref, TODAY)
