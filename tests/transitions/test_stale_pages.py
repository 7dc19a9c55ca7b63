"""An old page of the area acts on what it showed: what came meanwhile is said, and nothing is done."""

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.urls import reverse

from kok.words import moment
from tests.builders import a_user, an_agreement, the_partner
from tests.transitions.inside import carried, enter
from tests.transitions.world import NOW, a_draft, acknowledged, an_access, case_data, fresh, people, released, submitted
from transitions.actions import entries, lists
from transitions.actions import subject_requests as requests
from transitions.models import DataSubjectRequest, TransitionCase, TransmissionReceipt
from transitions.rules.codes import CaseState, RequestKind

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def officer(settings: Any) -> Any:
    settings.KOK_NOW = LATER.isoformat()
    an_agreement()
    return an_access()


def url(name: str, thing: Any) -> str:
    return reverse(f"transitions:{name}", args=["wetteraukreis", thing.pk])


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def hidden(page: Any, name: str) -> str:
    """What a form of the page carries of what it shows."""
    [value] = re.findall(rf'name="{name}" value="([^"]*)"', page.content.decode())
    return str(value)


def seen_of(page: Any) -> dict[str, str]:
    return {"seen": hidden(page, "seen")}


def corrected(case: TransitionCase, by: Any, **changes: Any) -> None:
    entry = a_draft([], by=by, now=LATER).entries.get(case=case)
    act = {"entry": entry, "data": case_data(**changes), "is_late": False, "seen": entry.changed_at}
    entries.change_entry(**act, by=by, now=LATER)
    released(entry.version, now=LATER)


def test_given_a_school_end_that_was_corrected_when_an_old_page_confirms_it_then_only_the_new_one_can_be(officer):
    case = released(a_draft(by=officer)).version.entries.get().case
    client = enter(officer.user)
    shown = hidden(client.get(url("case", case)), "seen")
    corrected(case, officer, expected_end_on=date(2028, 9, 1))
    page = client.post(url("confirm", case), {"seen": shown}, follow=True)
    assert "wurde inzwischen berichtigt. Es wurde nichts bestätigt." in text(page)
    assert "September 2028" in text(page)
    assert TransitionCase.objects.get().state == CaseState.NAMED
    client.post(url("confirm", case), {"seen": hidden(page, "seen")})
    assert TransitionCase.objects.get().state == CaseState.CONFIRMED


def test_given_another_field_that_was_corrected_when_an_old_page_confirms_the_school_end_then_it_is_confirmed(officer):
    case = released(a_draft(by=officer)).version.entries.get().case
    client = enter(officer.user)
    shown = hidden(client.get(url("case", case)), "seen")
    corrected(case, officer, facility_place="Butzbach")
    client.post(url("confirm", case), {"seen": shown})
    assert TransitionCase.objects.get().state == CaseState.CONFIRMED


def test_given_a_case_that_was_changed_since_when_an_old_page_takes_it_off_then_it_stays_until_the_new_one_was_read(
    officer,
):
    released(a_draft(by=officer))
    entry, client = a_draft([], by=officer, now=LATER).entries.get(), enter(officer.user)
    old = client.get(url("entry-end", entry))
    act = {"entry": entry, "data": case_data(family_name="Ganzanders"), "is_late": False, "seen": entry.changed_at}
    entries.change_entry(**act, by=officer, now=LATER)
    answer = client.post(url("entry-end", entry), {"ending": "DECEASED", "seen": hidden(old, "seen")})
    assert "Er bleibt auf der Liste." in text(answer)
    assert "Ganzanders" in text(answer)
    entry.refresh_from_db()
    assert entry.ending == ""
    client.post(url("entry-end", entry), {"ending": "DECEASED", "seen": hidden(answer, "seen")})
    entry.refresh_from_db()
    assert entry.ending == CaseState.DECEASED


def test_given_a_case_that_somebody_else_saved_when_an_old_page_saves_it_then_who_and_when_is_told_once(officer):
    entry = a_draft(by=officer, now=LATER).entries.get()
    client = enter(officer.user)
    page = client.get(url("entry", entry)).content.decode()
    form = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page))
    other = an_access(user=a_user(role="case-officer", username="zweite"))
    at = LATER + timedelta(minutes=1)
    data = case_data(facility_place="Butzbach")
    entries.change_entry(entry=entry, data=data, is_late=False, seen=entry.changed_at, by=other, now=at)
    told = text(client.post(url("entry", entry), form))
    assert f"Inzwischen gespeichert {moment(at)}, zweite. Ihre Eingaben stehen noch im Formular." in told
    assert "Jemand anderes" not in told


def test_given_a_draft_submitted_anew_with_somebody_more_when_an_old_page_gives_it_back_then_refused_until_read(
    officer,
):
    one, other = people(2)
    draft = submitted(a_draft([one], by=officer), now=LATER)
    client = enter(an_access("case-releaser").user)
    sent = {"reason": "DATA", "revision": hidden(client.get(url("give-back", draft)), "revision")}
    lists.take_back(version=draft, by=officer, now=LATER)
    a_draft([other], by=officer, now=LATER)
    submitted(draft, now=LATER)
    page = client.post(url("give-back", draft), sent)
    assert "Der Entwurf hat sich geändert, seit Sie ihn gelesen haben." in text(page)
    assert other.family_name in text(page)
    assert fresh(draft).submitted_at is not None
    client.post(url("give-back", draft), sent | {"revision": hidden(page, "revision")})
    assert fresh(draft).submitted_at is None


def test_given_a_case_that_names_somebody_else_since_when_an_old_page_says_something_of_it_then_nothing_is_done(
    officer,
):
    receiver = an_access("case-receiver")
    case = acknowledged(released(a_draft(by=officer)), by=receiver).entries.get().case
    county, lwv = enter(officer.user), enter(receiver.user)
    shown = carried(lwv, url("outcome", case))
    confirming = {"seen": hidden(county.get(url("case", case)), "seen")}
    corrected(case, officer, given_name="Kai", date_of_birth=date(2011, 3, 2))
    acknowledged(TransmissionReceipt.objects.latest("released_at"), by=receiver, now=LATER)
    sent = {"outcome": "NO_LWV_BENEFIT", "is_meant": "on"}
    page = lwv.post(url("outcome", case), sent | shown)
    assert "wurden inzwischen berichtigt. Es wurde kein Ergebnis eingetragen." in text(page)
    assert "Wie ist es für Kai " in text(page)
    county.post(url("confirm", case), confirming)
    found = TransitionCase.objects.get()
    assert (found.outcome, found.ended_at, found.state) == ("", None, CaseState.NAMED)
    lwv.post(url("outcome", case), sent | {"seen": hidden(page, "seen")})
    assert TransitionCase.objects.get().outcome == "NO_LWV_BENEFIT"


def test_given_a_request_of_another_case_since_when_an_old_page_answers_it_then_it_stays_open(officer):
    one, other = (entry.case for entry in released(a_draft(people(2), by=officer)).version.entries.all())
    day = LATER.date()
    told = {"partner": the_partner(), "received_on": day, "identity_checked_on": day, "by": officer, "now": LATER}
    request = requests.register_request(kind=RequestKind.ERASURE, case_ref=one.case_ref, **told)
    client, sent = enter(officer.user), {"answer": "REFUSED", "answered_on": f"{day:%d.%m.%Y}"}
    shown = carried(client, url("request", request))
    seen = {"touched": {"case_ref": other.case_ref}, "shown": {"case_ref": one.case_ref}}
    requests.complete_request(request=request, **seen, by=officer, now=LATER)
    page = client.post(url("request-answer", request), sent | shown)
    assert "Die Antwort ist nicht eingetragen." in text(page)
    assert DataSubjectRequest.objects.get().answer == ""
    client.post(url("request-answer", request), sent | seen_of(page))
    assert DataSubjectRequest.objects.get().answer == "REFUSED"


def test_given_no_javascript_when_the_time_of_a_page_is_over_then_it_goes_to_the_entrance_by_itself(officer):
    address = url("version", a_draft(by=officer))
    page = enter(officer.user).get(address).content.decode()
    entrance = reverse("transitions:enter", args=["wetteraukreis"])
    assert f'<noscript><meta http-equiv="refresh" content="900; url={entrance}?next={quote(address, "")}">' in page
