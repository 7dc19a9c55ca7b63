"""One reason for one kind of work: the log and the Auskunft of the people concerned tell why somebody came (5.5)."""

import re
from typing import Any

import pytest
from django.urls import reverse

from tests.builders import a_user, an_agreement
from tests.transitions import inside, world
from transitions.models import AccessLogEntry
from transitions.rules.codes import EntryReason, LogAction

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(settings: Any) -> Any:
    settings.KOK_NOW = "2027-03-10T12:00"
    an_agreement()
    return a_user(role="case-officer")


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_given_somebody_inside_for_a_request_when_she_works_on_the_whole_list_then_the_reason_is_asked_first(officer):
    draft = world.a_draft(world.people(2), by=world.an_access())
    client = inside.enter(officer, EntryReason.SUBJECT_REQUEST)
    address = reverse("transitions:import", args=["wetteraukreis", draft.pk])
    answer = client.get(address, follow=True)
    page = text(answer)
    assert "Sie sind aus einem anderen Grund im Bereich: Anfrage einer betroffenen Person." in page
    assert "eintritt-code" not in answer.content.decode()
    assert "Aus welchem Grund arbeiten Sie weiter?" in page
    assert f'href="{reverse("transitions:lists", args=["wetteraukreis"])}"' in answer.content.decode()
    assert "</p></p>" not in "".join(answer.content.decode().split())
    assert "Rückfrage der anderen Fachstelle" not in page
    entrance = answer.request["PATH_INFO"] + "?" + answer.request["QUERY_STRING"]
    assert client.post(entrance, {"eintritt-reason": "SUBJECT_REQUEST"}).status_code == 200
    assert client.post(entrance, {"eintritt-reason": "PREPARE"})["Location"] == address
    assert "Grund: Liste vorbereiten oder ändern." in text(client.get(address))
    assert AccessLogEntry.objects.filter(action=LogAction.ENTER).latest("pk").reason == EntryReason.PREPARE


def test_given_a_form_sent_for_another_reason_when_the_right_one_is_given_then_the_act_is_done_and_logged_so(officer):
    draft = world.a_draft(world.people(1), by=world.an_access())
    client = inside.enter(officer, EntryReason.SUBJECT_REQUEST)
    address = reverse("transitions:submit", args=["wetteraukreis", draft.pk])
    held = client.post(address, {"revision": draft.revision})
    assert held.status_code == 409
    assert "Dieser Schritt gehört nicht dazu." in text(held)
    assert world.fresh(draft).submitted_at is None
    sent = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', held.content.decode()))
    client.post(address, sent | {"eintritt-reason": "PREPARE"})
    assert world.fresh(draft).submitted_at is not None
    lines = AccessLogEntry.objects.filter(version=str(draft.pk), action=LogAction.DRAFT)
    assert lines.order_by("at", "pk").last().reason == EntryReason.PREPARE


@pytest.mark.parametrize("reason", [EntryReason.SUBJECT_REQUEST, EntryReason.QUESTION, EntryReason.PREPARE])
def test_given_a_case_corrected_for_a_request_or_a_question_when_opened_then_the_reason_stays(officer, reason):
    entry = world.a_draft(world.people(1), by=world.an_access()).entries.get()
    client = inside.enter(officer, reason)
    page = client.get(reverse("transitions:entry", args=["wetteraukreis", entry.pk]))
    assert page.status_code == 200
    assert f"Grund: {reason.label}." in text(page)


@pytest.mark.parametrize("name", ["version", "print", "export"])
@pytest.mark.parametrize("reason", [EntryReason.SUBJECT_REQUEST, EntryReason.QUESTION])
def test_given_somebody_inside_for_one_person_when_she_opens_a_whole_list_then_the_log_tells_why_she_looks_at_all(
    officer, reason, name
):
    listed = world.released(world.a_draft(world.people(2))).version
    client = inside.enter(officer, reason)
    address = reverse(f"transitions:{name}", args=["wetteraukreis", listed.pk])
    answer = client.get(address, follow=True)
    assert "Sie sind aus einem anderen Grund im Bereich" in text(answer)
    assert "Zirbelnuss" not in answer.content.decode()
    seen = AccessLogEntry.objects.filter(version=str(listed.pk), action__in=[LogAction.VIEW_LIST, LogAction.PRINT])
    assert not seen.exists()
    entrance = answer.request["PATH_INFO"] + "?" + answer.request["QUERY_STRING"]
    assert client.post(entrance, {"eintritt-reason": "PREPARE"})["Location"] == address
    assert client.get(address).status_code == 200
    assert set(seen.values_list("reason", flat=True)) <= {EntryReason.PREPARE}
    assert seen.exists() == (name != "export")
