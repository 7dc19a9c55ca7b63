"""While the next version of minutes is written, everybody has the tasks of the newest circulated one (ADR 26)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from kok import erasure, seen
from kok.errors import Refused
from kok.models import AuditEvent
from meetings.convening.actions.invitations import invite
from meetings.convening.documents.agenda import agenda_of, round_by_id
from meetings.models import ActionItem
from meetings.record.actions.circulation import circulate, take_back
from meetings.record.actions.decisions import record_resolution, remove_resolution
from meetings.record.actions.tasks import change_task, close_task, mark_of, record_task, remove_task, reopen_task
from members.models import Partner
from tests.builders import a_meeting, a_user
from tests.meetings.held import NOW, a_held_meeting, checked, circulated, shown_on, signed_in
from tests.roles import by_worker
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
TASKS = "/wetteraukreis/aufgaben/"
LATER = NOW + timedelta(days=1)
TOLD, STRUCK, NEW = "Zahlen vorlegen", "Ort suchen", "Neue Aufgabe"


def record(stage, what, partner="lwv-hessen"):
    owner = Partner.objects.get(authority__slug=partner)
    return record_task(
        minutes=stage.minutes, item=stage.sections[2].item, what=what, who="Fachplanung", partner=owner,
        due_on=date(2026, 12, 1), by=stage.writer, now=NOW,
    )  # fmt: skip


@built_once
def stage():
    """Circulated with two tasks and taken back; one is changed and given away, one is struck, one is new."""
    stage = a_held_meeting()
    told, struck = record(stage, TOLD), record(stage, STRUCK)
    circulated(stage)
    take_back(minutes=stage.minutes, version=stage.minutes.version, reason="Zahlen falsch", by=stage.writer, now=LATER)
    stage.minutes.refresh_from_db()
    county = Partner.objects.get(authority__slug="wetteraukreis")
    change_task(
        minutes=stage.minutes, task=told, what="Andere Zahlen", who="Andere", partner=county, due_on=None,
        shown=mark_of(told), by=stage.writer, now=LATER,
    )  # fmt: skip
    remove_task(minutes=stage.minutes, task=struck, shown=mark_of(struck), by=stage.writer, now=LATER)
    record(stage, NEW)
    return stage


def circulate_again(stage):
    circulate(minutes=stage.minutes, version=2, seen=checked(stage, LATER), by=stage.writer, now=LATER)


def page(user, **query):
    return signed_in(user).get(TASKS, query).content.decode()


@built_once
def held():
    return a_held_meeting()


def test_given_minutes_that_are_written_anew_when_a_member_reads_the_tasks_then_they_are_as_circulated(stage):
    text = page(stage.member)
    assert [what in text for what in (TOLD, STRUCK, "Fachplanung", "01.12.2026")] == [True] * 4
    assert [what in text for what in ("Andere Zahlen", NEW)] == [False] * 2
    task = ActionItem.objects.get(what="Andere Zahlen")
    one = signed_in(a_user(role="secretariat", partner="lwv-hessen")).get(f"{TASKS}{task.pk}/").content.decode()
    assert "Andere Zahlen" in one


def test_given_minutes_that_are_written_anew_when_the_secretariat_reads_the_tasks_then_they_are_as_written(stage):
    text = page(stage.writer)
    assert [what in text for what in (TOLD, STRUCK)] == [False] * 2
    assert [what in text for what in ("Andere Zahlen", NEW)] == [True] * 2
    draft = signed_in(stage.writer).get(stage.url).content.decode()
    assert (STRUCK in draft, NEW in draft) == (False, True)


def test_given_minutes_that_are_written_anew_when_the_next_version_goes_out_then_its_tasks_count(stage):
    circulate_again(stage)
    text = page(stage.member)
    assert [what in text for what in (TOLD, STRUCK)] == [False] * 2
    assert [what in text for what in ("Andere Zahlen", NEW)] == [True] * 2
    assert sorted(ActionItem.objects.values_list("what", "circulated", "is_struck")) == [
        ("Andere Zahlen", None, False),
        (NEW, None, False),
    ]


def test_given_minutes_that_are_written_anew_when_an_invitation_goes_out_then_it_names_what_was_circulated(stage):
    meeting = a_meeting(on=date(2026, 12, 18), items=("Aufgaben",))
    meeting.items.update(code="tasks")
    sent = invite(meeting=meeting, revision=meeting.revision, by=stage.writer, now=NOW)
    assert sorted(task.what for task in agenda_of(round_by_id(sent.pk)).tasks) == [STRUCK, TOLD]
    coming = signed_in(stage.member).get(f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/").content.decode()
    assert [what in coming for what in (TOLD, STRUCK, "Andere Zahlen")] == [True, True, False]


def test_given_minutes_that_are_written_anew_when_a_task_is_done_then_whose_it_was_closes_it_and_it_stays_done(stage):
    task = ActionItem.objects.get(what="Andere Zahlen")
    of_lwv, of_county = (a_user(role="member", partner=slug) for slug in ("lwv-hessen", "wetteraukreis"))
    with pytest.raises(Refused, match="anderen Partner"):
        close_task(task=task, state="DONE", note="", by=of_county, now=LATER)
    close_task(task=task, state="DONE", note="", by=of_lwv, now=LATER)
    circulate_again(stage)
    task.refresh_from_db()
    assert (task.state, task.what) == ("OPEN", "Andere Zahlen")


def test_given_a_text_that_nobody_may_read_any_more_when_it_is_taken_back_then_its_tasks_go_with_it(held):
    record(held, TOLD)
    circulated(held)
    take_back(
        minutes=held.minutes,
        version=held.minutes.version,
        reason="Ein Name steht darin",
        withhold=True,
        by=held.writer,
        now=LATER,
    )
    assert TOLD not in page(held.member)


def test_given_a_task_that_was_never_circulated_when_it_is_marked_as_struck_then_the_database_refuses(held):
    record(held, NEW)
    with pytest.raises(IntegrityError, match="action_item_struck_was_circulated"), transaction.atomic():
        ActionItem.objects.update(is_struck=True)


def closed(stage, what, note):
    task = ActionItem.objects.get(what=what)
    close_task(task=task, state="DONE", note=note, by=a_user(role="member", partner="lwv-hessen"), now=LATER)
    return task


def test_given_a_task_struck_in_the_draft_when_a_member_closes_it_then_the_writers_are_asked_and_his_note_stays(
    stage, settings
):
    settings.KOK_NOW = LATER.isoformat()
    task = closed(stage, STRUCK, "Am 27.11. verschickt")
    told = f"{task.number} „{STRUCK}“. Am 18.11.2026 abgeschlossen, erledigt. Vermerk: „Am 27.11. verschickt“."
    client = signed_in(stage.writer)
    assert f"{told} Im Entwurf ist sie gestrichen." in client.get(stage.url).content.decode()
    sent = {"version": 2, "seen": checked(stage, LATER)} | shown_on(client, f"{stage.url}versenden/")
    assert told in client.post(f"{stage.url}versenden/", sent).content.decode()
    stage.minutes.refresh_from_db()
    assert stage.minutes.state == "DRAFT"
    client.post(f"{stage.url}versenden/", sent | {"checked": "on"})
    for user in (stage.member, stage.writer):
        text = page(user, stand="abgeschlossen")
        assert [words in text for words in (STRUCK, "seitdem im Protokoll gestrichen")] == [True] * 2
        assert "Am 27.11. verschickt" in signed_in(user).get(f"{TASKS}{task.pk}/").content.decode()
    with pytest.raises(Refused, match="steht nicht mehr im Protokoll"):
        reopen_task(task=task, by=stage.writer, now=LATER)


def test_given_a_task_worded_anew_in_the_draft_when_a_member_closes_it_then_the_writers_read_what_he_read(stage):
    closed(stage, "Andere Zahlen", "Liegen vor")
    text = signed_in(stage.writer).get(stage.url).content.decode()
    assert f"„{TOLD}“. Am 18.11.2026 abgeschlossen, erledigt. Vermerk: „Liegen vor“. Im Entwurf lautet sie" in text


def test_given_a_closed_task_worded_anew_when_the_next_version_goes_out_then_it_is_open_without_the_note_of_before(
    stage,
):
    task = closed(stage, "Andere Zahlen", "Liegen vor.")
    text = signed_in(stage.writer).get(stage.url).content.decode()
    assert "Vermerk: „Liegen vor.“ Im Entwurf lautet sie „Andere Zahlen“. Mit dem Versand ist sie wieder offen." in text
    circulate_again(stage)
    task.refresh_from_db()
    assert (task.state, task.closing_note, task.closed_at) == ("OPEN", "", None)
    assert AuditEvent.objects.filter(action="task.reopened", object_id=str(task.pk)).exists()
    assert "Andere Zahlen" in page(stage.member)


def test_given_a_closed_task_for_somebody_else_when_the_next_version_goes_out_then_it_stays_closed(stage):
    task = ActionItem.objects.get(what="Andere Zahlen")
    change_task(
        minutes=stage.minutes, task=task, what=TOLD, who="Amt", partner=task.partner, due_on=None,
        shown=mark_of(task), by=stage.writer, now=LATER,
    )  # fmt: skip
    closed(stage, TOLD, "Liegen vor")
    circulate_again(stage)
    task.refresh_from_db()
    assert (task.state, task.who, task.closing_note) == ("DONE", "Amt", "Liegen vor")


def test_given_a_task_that_was_closed_meanwhile_when_an_old_page_words_it_anew_then_nothing_is_changed(stage):
    task = ActionItem.objects.get(what="Andere Zahlen")
    shown = mark_of(task)
    closed(stage, task.what, "Liegen vor")
    with pytest.raises(seen.Changed, match=r"abgeschlossen, erledigt\. Vermerk: „Liegen vor“"):
        change_task(minutes=stage.minutes, task=task, what="Neu", who="", shown=shown, by=stage.writer, now=LATER)


@pytest.mark.parametrize("withhold", [False, True], ids=["reworked", "withheld"])
def test_given_numbers_that_were_circulated_when_struck_then_nothing_else_is_ever_called_so(held, withhold):
    everybody = frozenset(Partner.objects.values_list("pk", flat=True))
    item = held.sections[2].item
    common = {"minutes": held.minutes, "by": held.writer, "now": NOW}

    def decided():
        return record_resolution(item=item, text="So.", consenting=everybody, **common)

    task, resolution = record(held, TOLD), decided()
    circulated(held)
    take_back(**common, version=1, reason="Falsch", withhold=withhold)
    by_worker(erasure.run, now=LATER)
    held.minutes.refresh_from_db()
    remove_task(task=task, shown=mark_of(task), **common)
    remove_resolution(resolution=resolution, shown=seen.mark(resolution.text), **common)
    circulate_again(held)
    take_back(**common, version=2, reason="Falsch")
    held.minutes.refresh_from_db()
    assert [record(held, NEW).number, decided().number] == ["A-2026-002", "B-2026-02"]
