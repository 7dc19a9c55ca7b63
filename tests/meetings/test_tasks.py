"""Tasks: numbered, shown until done, closed by whom they concern, and back on the next agenda until then."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest

from kok.errors import Refused
from kok.models import AuditEvent
from meetings.models import ActionItem, Minutes
from meetings.record.actions.holding import begin
from meetings.record.actions.tasks import change_task, close_task, mark_of, record_task, remove_task, reopen_task
from members.models import Partner
from tests.builders import a_second_agreement, a_user, an_authority
from tests.meetings.held import (
    NOW,
    Stage,
    a_colleague,
    a_held_meeting,
    an_invited_meeting,
    circulated,
    seen_on,
    signed_in,
)
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
TOKEN = re.compile(r'<input type="hidden" name="csrfmiddlewaretoken" value="[^"]*">')
TASKS = "/wetteraukreis/aufgaben/"


def _task(
    stage: Stage, what: str = "Zahlen vorlegen", *, partner: str | None = None, due_on: date | None = None
) -> ActionItem:
    owner = stage.meeting.body.agreement.partners.get(authority__slug=partner) if partner else None
    return record_task(
        minutes=stage.minutes, item=stage.sections[2].item, what=what, who="Fachplanung", partner=owner, due_on=due_on,
        by=stage.writer, now=NOW,
    )  # fmt: skip


def _close(task: ActionItem, by: Any, *, state: str = "DONE", note: str = "") -> None:
    close_task(task=task, state=state, note=note, by=by, now=NOW)


@built_once
def stage():
    return a_held_meeting()


def test_given_a_draft_when_tasks_are_recorded_then_they_count_in_the_year_of_the_meeting(stage) -> None:
    assert [_task(stage, what).number for what in ("Eins", "Zwei")] == ["A-2026-001", "A-2026-002"]


def test_given_a_task_when_the_same_is_sent_again_then_it_is_one(stage) -> None:
    assert _task(stage) == _task(stage, due_on=None)
    assert _task(stage, due_on=date(2027, 1, 4)).number == "A-2026-002"


def test_given_a_draft_when_a_task_is_changed_and_struck_then_it_is_gone(stage) -> None:
    task = _task(stage)
    change_task(
        minutes=stage.minutes, task=task, what="Anders", who="Andere", shown=mark_of(task), by=stage.writer, now=NOW
    )
    task.refresh_from_db()
    assert (task.what, task.who) == ("Anders", "Andere")
    remove_task(minutes=stage.minutes, task=task, shown=mark_of(task), by=stage.writer, now=NOW)
    assert not ActionItem.objects.exists()


def test_given_a_task_when_it_is_changed_then_the_trail_has_the_old_and_the_new_day(stage) -> None:
    task = _task(stage)
    client, url = signed_in(stage.writer), f"{stage.url}aufgabe/{task.pk}/"
    shown = seen_on(client, url)
    client.post(url, {"what": task.what, "who": task.who, "due_on": "04.01.2027", "seen": shown})
    told = AuditEvent.objects.get(action="task.changed")
    assert ("04.01.2027" in told.old, "04.01.2027" in told.new) == (False, True)


@pytest.mark.parametrize("act", ["", "streichen"])
def test_given_a_task_that_somebody_changed_when_an_old_page_is_sent_then_it_says_what_stands_there_now(
    stage, act
) -> None:
    task = _task(stage)
    client, url = signed_in(stage.writer), f"{stage.url}aufgabe/{task.pk}/"
    shown = seen_on(client, url)
    change_task(
        minutes=stage.minutes, task=task, what="Neue Zahlen", who="Andere", due_on=date(2027, 1, 4),
        shown=mark_of(task), by=a_colleague(), now=NOW,
    )  # fmt: skip
    typed = {"what": "Meine Zahlen", "who": "Ich", "seen": shown}
    answer = client.post(url + act, typed, follow=True)
    page = unescape(answer.content.decode())
    assert re.search(r"Ida Immergrün hat am [\d.]+ um [\d:]+ Uhr diese Aufgabe geändert", page)
    assert "Jetzt steht dort: „Neue Zahlen“, Andere, " in page
    assert "bis 04.01.2027. Es wurde nichts überschrieben." in page
    for words in ("wählen Sie den Knopf, der mit „Trotzdem“ beginnt.", "Trotzdem ändern</span>"):
        assert (words in page) == (not act)
    task.refresh_from_db()
    assert task.what == "Neue Zahlen"
    if not act:
        assert "Meine Zahlen" in page
        again = re.search(r'name="seen" value="([^"]+)"', page)
        assert again is not None
        client.post(url, typed | {"seen": again[1]})
        task.refresh_from_db()
        assert (task.what, task.who) == ("Meine Zahlen", "Ich")


def test_given_circulated_minutes_when_a_task_is_changed_then_it_is_refused_but_it_can_be_closed(stage) -> None:
    task = _task(stage)
    circulated(stage)
    with pytest.raises(Refused, match="schon versandt"):
        change_task(
            minutes=stage.minutes, task=task, what="Anders", who="Andere", shown=mark_of(task), by=stage.writer, now=NOW
        )
    _close(task, stage.writer)
    task.refresh_from_db()
    assert (task.state, task.closed_by) == ("DONE", stage.writer)


def test_given_a_closed_task_when_closed_again_then_it_is_refused_and_it_can_be_opened_once(stage) -> None:
    task = _task(stage)
    _close(task, stage.writer, note="Vorgelegt.")
    with pytest.raises(Refused, match="schon abgeschlossen"):
        _close(task, stage.writer)
    reopen_task(task=task, by=stage.writer, now=NOW)
    task.refresh_from_db()
    assert (task.state, task.closed_at, task.closing_note) == ("OPEN", None, "")
    with pytest.raises(Refused, match="schon offen"):
        reopen_task(task=task, by=stage.writer, now=NOW)


def test_given_a_task_when_dropped_without_a_reason_then_it_is_refused(stage) -> None:
    task = _task(stage)
    with pytest.raises(Refused, match="Schreiben Sie kurz, warum"):
        _close(task, stage.writer, state="DROPPED")
    _close(task, stage.writer, state="DROPPED", note="Hat sich erledigt.")


@pytest.mark.parametrize(
    ("role", "of", "task_of", "allowed"),
    [
        ("member", "lwv-hessen", "lwv-hessen", True),
        ("member", "lwv-hessen", "wetteraukreis", False),
        ("member", "lwv-hessen", None, False),
        ("secretariat", "lwv-hessen", "wetteraukreis", True),
        ("secretariat", "lwv-hessen", None, True),
        ("registrar", "wetteraukreis", "wetteraukreis", False),
    ],
)
def test_given_a_role_when_it_closes_a_task_then_the_partner_decides(
    role: str, of: str, task_of: str | None, allowed: bool
) -> None:
    stage = a_held_meeting()
    task = _task(stage, partner=task_of)
    user = a_user(role=role, partner=of)
    if not allowed:
        with pytest.raises(Refused, match="gehört zu einem anderen Partner"):
            _close(task, user)
        return
    _close(task, user)
    task.refresh_from_db()
    assert task.state == "DONE"


def _next_meeting(stage: Stage) -> tuple[Minutes, str]:
    meeting = an_invited_meeting(on=date(2027, 5, 12))
    minutes = begin(meeting=meeting, by=stage.writer, now=datetime(2027, 5, 12, 8, 0, tzinfo=UTC))
    return minutes, f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/protokoll/"


def test_given_an_open_task_when_the_next_meeting_begins_then_it_stands_under_aufgabenkontrolle(stage) -> None:
    _task(stage, "Offen geblieben")
    done = _task(stage, "Schon erledigt")
    _close(done, stage.writer)
    circulated(stage)
    _, url = _next_meeting(stage)
    page = signed_in(stage.writer).get(url).content.decode()
    assert "Offen geblieben" in page
    assert "Schon erledigt" not in page


def test_given_a_task_of_an_earlier_meeting_when_done_in_place_then_the_fresh_page_shows_the_same(
    settings: Any,
) -> None:
    settings.KOK_NOW = "2027-05-12T10:00"
    stage = a_held_meeting()
    task = _task(stage)
    circulated(stage)
    _, url = _next_meeting(stage)
    client = signed_in(stage.writer)
    answer = client.post(f"{TASKS}{task.pk}/", {"state": "DONE", "back": url}, headers=HTMX).content.decode()
    assert "erledigt" in answer
    shown, page = (TOKEN.sub("", " ".join(each.split())) for each in (answer, client.get(url).content.decode()))
    assert shown.replace(' tabindex="-1" data-focus', "") in page


def test_given_no_javascript_when_done_in_the_minutes_then_one_is_led_back_there(stage) -> None:
    task = _task(stage)
    client = signed_in(stage.writer)
    assert client.post(f"{TASKS}{task.pk}/", {"state": "DONE", "back": stage.url})["Location"] == stage.url
    client.post(f"{TASKS}{task.pk}/oeffnen")
    away = client.post(f"{TASKS}{task.pk}/", {"state": "DONE", "back": "https://example.org/"})
    assert away["Location"] == TASKS


def test_given_tasks_of_a_draft_when_a_member_looks_then_they_do_not_exist_yet(stage) -> None:
    task = _task(stage, "Noch im Entwurf")
    member = signed_in(stage.member)
    assert "Noch im Entwurf" not in member.get(TASKS).content.decode()
    assert member.get(f"{TASKS}{task.pk}/").status_code == 404
    circulated(stage)
    assert "Noch im Entwurf" in member.get(TASKS).content.decode()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Ohne Partner", "Offen LWV"]),
        ("?partner=lwv-hessen", ["Offen LWV"]),
        ("?stand=abgeschlossen", ["Erledigt"]),
        ("?stand=alle&gremium=kok", ["Erledigt", "Offen LWV", "Ohne Partner"]),
        ("?partner=unbekannt", ["Ohne Partner", "Offen LWV"]),
    ],
)
def test_given_filters_in_the_address_when_the_list_is_opened_then_it_shows_only_those(
    query: str, shown: list[str]
) -> None:
    stage = a_held_meeting()
    _task(stage, "Ohne Partner")
    _task(stage, "Offen LWV", partner="lwv-hessen")
    _close(_task(stage, "Erledigt"), stage.writer)
    page = signed_in(stage.writer).get(TASKS + query).content.decode()
    assert sorted(what for what in ("Ohne Partner", "Offen LWV", "Erledigt") if f"<td>{what}" in page) == sorted(shown)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("", ["bald", "später", "irgendwann"]),
        ("abgeschlossen", ["eben", "früher"]),
        ("alle", ["bald", "später", "irgendwann", "eben", "früher"]),
    ],
)
def test_given_open_and_closed_tasks_when_listed_then_the_urgent_lead_and_the_last_closed_come_next(
    state: str, expected: list[str]
) -> None:
    stage = a_held_meeting()
    days = {"früher": date(2026, 7, 1), "später": date(2027, 2, 1), "irgendwann": None, "eben": None}
    tasks = {what: _task(stage, what, due_on=due_on) for what, due_on in days.items()}
    _task(stage, "bald", due_on=date(2026, 12, 1))
    _close(tasks["früher"], stage.writer)
    close_task(task=tasks["eben"], state="DONE", note="", by=stage.writer, now=NOW + timedelta(days=1))
    page = signed_in(stage.writer).get(TASKS, {"stand": state})
    assert [task.what for task in page.context["page"]] == expected


def test_given_a_task_past_its_day_when_listed_then_it_says_so_in_words(settings: Any) -> None:
    settings.KOK_NOW = "2026-12-03T10:00"
    stage = a_held_meeting()
    _task(stage, due_on=date(2026, 12, 1))
    assert "seit 2 Tagen überfällig" in signed_in(stage.writer).get(TASKS).content.decode()


@pytest.mark.parametrize("number", [5, 50])
def test_given_many_tasks_when_listed_then_the_queries_stay_the_same(
    stage, number: int, django_assert_num_queries: Any
) -> None:
    for n in range(number):
        _task(stage, f"Aufgabe {n}", partner="lwv-hessen")
    client = signed_in(stage.writer)
    with django_assert_num_queries(7):
        assert client.get(TASKS).status_code == 200


def test_given_tasks_of_a_draft_when_the_next_agenda_is_read_then_members_do_not_see_them(stage) -> None:
    _task(stage, "Vertraulicher Entwurf")
    coming = an_invited_meeting(on=date(2027, 5, 12))
    page = f"/wetteraukreis/gremien/kok/sitzungen/{coming.pk}/"
    assert "Vertraulicher Entwurf" not in signed_in(stage.member).get(page).content.decode()
    assert "Vertraulicher Entwurf" in signed_in(stage.other_secretariat).get(page).content.decode()
    circulated(stage)
    assert "Vertraulicher Entwurf" in signed_in(stage.member).get(page).content.decode()


def test_given_a_partner_of_another_agreement_when_a_task_names_it_then_it_is_refused(stage) -> None:
    stranger = Partner.objects.create(agreement=a_second_agreement(), authority=an_authority("fremd"), position=9)
    fields = {"what": "Zahlen vorlegen", "who": "Fachplanung", "partner": stranger.pk}
    path = f"{stage.url}top/{stage.sections[2].item.pk}/aufgabe/"
    assert "partner" in signed_in(stage.writer).post(path, fields).context["form"].errors
    assert not ActionItem.objects.exists()
