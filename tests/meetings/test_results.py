"""What came of an item: the result and what is recorded there agree, or the page asks."""

from datetime import date

import pytest

from kok.errors import Refused
from meetings.models import ActionItem, Resolution
from meetings.record.actions.circulation import check_names
from meetings.record.actions.decisions import record_resolution
from meetings.record.documents.minutes import html
from meetings.record.queries.versions import newest_of
from members.models import Partner
from tests.meetings.held import NOW, Stage, a_held_meeting, checked, circulated, complete, signed_in, write
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@built_once
def stage():
    held = a_held_meeting()
    held.meeting.items.filter(title="Verschiedenes").update(code="other")
    return held


def _both() -> frozenset[int]:
    return frozenset(Partner.objects.values_list("pk", flat=True))


def _decide(stage: Stage, number: int = 2) -> Resolution:
    item = stage.sections[number].item
    return record_resolution(
        minutes=stage.minutes, item=item, text="So sei es.", consenting=_both(), by=stage.writer, now=NOW
    )


def test_given_a_resolution_without_a_chosen_result_when_read_then_the_result_follows(stage) -> None:
    _decide(stage)
    page = signed_in(stage.writer).get(stage.url).content.decode()
    assert ">Beschluss (folgt)</option>" in page
    assert "Das Ergebnis ist damit „Beschluss“." in page
    complete(stage)
    assert "<strong>Ergebnis:</strong> Beschluss" in signed_in(stage.writer).get(stage.url + "lesen/").content.decode()
    printed = html(newest_of(circulated(stage).minutes), is_draft=True)  # type: ignore[arg-type]
    assert "<strong>Ergebnis:</strong> Beschluss" in printed


def test_given_a_result_that_denies_the_resolution_when_minutes_go_out_then_it_is_asked(stage) -> None:
    _decide(stage)
    complete(stage)
    write(stage, stage.sections[2], "Text.", result="INFORMATION")
    said = "Hier steht ein Beschluss, das Ergebnis ist aber „Information“."
    with pytest.raises(Refused, match=said):
        check_names(minutes=stage.minutes, version=1, by=stage.writer, now=NOW)
    assert said in signed_in(stage.writer).get(stage.url).content.decode()
    assert said in signed_in(stage.writer).get(stage.url + "versenden/").content.decode()
    write(stage, stage.sections[2], "Text.", result="RESOLUTION")
    assert checked(stage) == "CLEAR"


def test_given_verschiedenes_when_minutes_are_written_then_no_resolution_is_offered_there(stage) -> None:
    client, other = signed_in(stage.writer), stage.sections[3]
    part = client.get(stage.url).content.decode().split(f'id="top-{other.item_id}"')[1].split("</section>")[0]
    assert "Beschluss" not in part
    assert "Aufgabe festhalten" in part
    url = f"{stage.url}top/{other.item_id}/beschluss/"
    page = client.get(url, follow=True).content.decode()
    assert "Unter Verschiedenes wird nichts beschlossen." in page
    typed = client.post(url, {"text": "Mein Wortlaut.", "consenting": [*_both()]}).content.decode()
    assert "Unter Verschiedenes wird nichts beschlossen." in typed
    assert "Mein Wortlaut.</textarea>" in typed
    assert not Resolution.objects.exists()


TASK = {"what": "Entwurf schicken", "who": "Fachplanung", "partner": ""}


def test_given_a_due_day_before_the_meeting_when_a_task_is_recorded_then_it_is_questioned(stage) -> None:
    client, url = signed_in(stage.writer), f"{stage.url}top/{stage.sections[2].item_id}/aufgabe/"
    asked = client.post(url, TASK | {"due_on": "01.12.2025"}, headers=HTMX)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "Der 01.12.2025 liegt vor der Sitzung am 17.11.2026." in page
    assert 'type="checkbox" name="before"' in page
    assert not ActionItem.objects.exists()
    client.post(url, TASK | {"due_on": "01.12.2025", "before": "on"}, headers=HTMX)
    assert ActionItem.objects.get().due_on == date(2025, 12, 1)


def test_given_a_resolution_when_the_consent_is_asked_for_then_it_is_not_called_optional(stage) -> None:
    page = signed_in(stage.writer).get(f"{stage.url}top/{stage.sections[2].item_id}/beschluss/").content.decode()
    assert "optional" not in page.split("<main")[1]


def test_given_a_task_when_it_should_be_closed_then_nothing_is_chosen_before_and_one_click_opens_it_again(
    stage,
) -> None:
    client = signed_in(stage.writer)
    client.post(f"{stage.url}top/{stage.sections[2].item_id}/aufgabe/", TASK | {"due_on": "01.12.2026"})
    task = ActionItem.objects.get()
    url = f"/wetteraukreis/aufgaben/{task.pk}/"
    assert " checked" not in client.get(url).content.decode().split("<main")[1]
    assert "Hier fehlt noch eine Angabe." in client.post(url, {"note": ""}).content.decode()
    done = client.post(url, {"state": "DONE"}, headers=HTMX).content.decode()
    assert f'hx-post="{url}oeffnen"' in done
    client.post(url + "oeffnen", headers=HTMX)
    task.refresh_from_db()
    assert task.is_open
