"""Whoever changes or strikes what somebody has struck meanwhile learns by whom, and loses nothing that he typed."""

import re
from html import unescape
from typing import Any

import pytest

from kok import seen
from meetings.models import ActionItem, Resolution
from meetings.record.actions.circulation import take_back
from meetings.record.actions.decisions import record_resolution, remove_resolution
from meetings.record.actions.tasks import mark_of, record_task, remove_task
from tests.meetings.held import NOW, Stage, a_held_meeting, circulated, seen_on, signed_in

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
BY = "gestrichen, am 17.11.2026 um 10:30 Uhr von Bernd Busch."


@pytest.fixture
def stage() -> Stage:
    stage = a_held_meeting()
    stage.writer.first_name, stage.writer.last_name = "Bernd", "Busch"
    stage.writer.save()
    return stage


def a_struck_task(stage: Stage) -> tuple[str, dict[str, str]]:
    task = record_task(minutes=stage.minutes, item=item(stage), what="Zahlen", who="Amt", by=stage.writer, now=NOW)
    url = f"{stage.url}aufgabe/{task.pk}/"
    shown = seen_on(signed_in(stage.writer), url)
    remove_task(minutes=stage.minutes, task=task, shown=mark_of(task), by=stage.writer, now=NOW)
    return url, {"what": "Neue Zahlen bis Mai", "who": "Fachstelle", "seen": shown, "top": str(item(stage).pk)}


def a_struck_resolution(stage: Stage) -> tuple[str, dict[str, Any]]:
    partners = frozenset(stage.meeting.body.agreement.partners.values_list("pk", flat=True))
    given = {"minutes": stage.minutes, "by": stage.writer, "now": NOW}
    found = record_resolution(item=item(stage), text="So sei es.", consenting=partners, **given)
    url = f"{stage.url}beschluss/{found.pk}/"
    shown = seen_on(signed_in(stage.writer), url)
    remove_resolution(resolution=found, shown=seen.mark(found.text), **given)
    typed = {"text": "Es sei anders.", "consenting": sorted(partners), "seen": shown, "top": str(item(stage).pk)}
    return url, typed


def item(stage: Stage) -> Any:
    return stage.sections[2].item


STRUCK = {
    "task": (a_struck_task, ActionItem, "Diese Aufgabe", "Neue Zahlen bis Mai"),
    "resolution": (a_struck_resolution, Resolution, "Dieser Beschluss", "Es sei anders."),
}


@pytest.mark.parametrize("kind", STRUCK)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_given_something_struck_meanwhile_when_changed_then_it_says_by_whom_and_what_was_typed_can_be_kept(
    stage: Stage, kind: str, headers: dict[str, str]
) -> None:
    strike, model, subject, words = STRUCK[kind]
    url, typed = strike(stage)
    client = signed_in(stage.writer)
    answer = client.post(url, typed, headers=headers)
    page = unescape(answer.content.decode())
    assert answer.status_code == (422 if headers else 200)
    assert f"{subject} wurde inzwischen {BY} Ihre Eingabe steht noch hier." in page
    assert words in page
    assert not model.objects.exists()
    again = re.search(r'action="([^"]+/top/[^"]+)"', page)
    assert again is not None
    client.post(again[1], typed)
    assert words in (getattr(model.objects.get(), "what" if kind == "task" else "text"))


@pytest.mark.parametrize("kind", STRUCK)
def test_given_something_struck_meanwhile_when_struck_or_opened_then_the_page_of_the_minutes_says_by_whom(
    stage: Stage, kind: str
) -> None:
    strike, _, subject, _ = STRUCK[kind]
    url, typed = strike(stage)
    client = signed_in(stage.writer)
    sentence = f"{subject} wurde inzwischen {BY} Es wurde nichts geändert."
    for answer in (client.get(url, follow=True), client.post(url + "streichen", typed, follow=True)):
        assert answer.redirect_chain == [(stage.url, 302)]
        assert sentence in unescape(answer.content.decode())
    assert client.post(url + "streichen", typed, headers=HTMX)["HX-Redirect"] == stage.url


def test_given_a_struck_task_when_it_is_closed_then_the_secretariat_learns_it_and_a_member_learns_nothing(
    stage: Stage,
) -> None:
    url, _ = a_struck_task(stage)
    close = f"/wetteraukreis/aufgaben/{url.split('/')[-2]}/"
    client = signed_in(stage.writer)
    for path in (close, close + "oeffnen"):
        page = client.post(path, {"state": "DONE", "note": ""}, follow=True)
        assert f"Diese Aufgabe wurde inzwischen {BY}" in unescape(page.content.decode()), path
    member = signed_in(stage.approvers["lwv-hessen"])
    assert member.post(close, {"state": "DONE"}).status_code == 404


def test_given_a_task_of_circulated_minutes_when_struck_then_a_member_learns_it_with_the_next_version(
    stage: Stage,
) -> None:
    given = {"minutes": stage.minutes, "by": stage.writer, "now": NOW}
    task = record_task(item=item(stage), what="Zahlen", who="Amt", **given)
    circulated(stage)
    take_back(version=1, reason="Ein Tippfehler.", **given)
    task.refresh_from_db()
    remove_task(task=task, shown=mark_of(task), **given)
    close, member = f"/wetteraukreis/aufgaben/{task.pk}/", signed_in(stage.approvers["lwv-hessen"])
    assert "Zahlen" in member.get(close).content.decode()
    circulated(stage)
    page = unescape(member.post(close, {"state": "DONE"}, follow=True).content.decode())
    assert "Diese Aufgabe steht in der neuen Fassung des Protokolls nicht mehr. Es wurde nichts geändert." in page
    assert "Busch" not in page
    assert f"Diese Aufgabe wurde inzwischen {BY}" in unescape(
        signed_in(stage.writer).post(close, {"state": "DONE"}, follow=True).content.decode()
    )


def test_given_a_number_that_never_was_when_changed_then_there_is_no_such_page(stage: Stage) -> None:
    client = signed_in(stage.writer)
    for path in ("aufgabe/999/", "beschluss/999/", "aufgabe/999/streichen", "beschluss/999/streichen"):
        assert client.post(stage.url + path, {}).status_code == 404, path
