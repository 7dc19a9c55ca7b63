"""Whoever has SQL as web or worker and no key: nothing goes through the worker that is not due, no list is invented."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from django.urls import reverse

from kok import clock, erasure, health, inspections, tasks
from kok.database.roles import WEB, WORKER
from kok.erasure.listing import checksum
from kok.models import ErasedObject, ErasureRequest, ErasureRun, StatutoryPage
from members.models import RoleAssignment
from tests.builders import a_user, an_agreement
from tests.meetings.held import signed_in
from tests.roles import acting_as, as_worker, by_worker
from tests.transitions.world import NOW, a_draft, an_access, people, released
from tests.worlds import built_once
from transitions.actions import entries
from transitions.models import CaseEntry, TransitionCase, TransitionList
from transitions.rules.retention import CaseRule

pytestmark = pytest.mark.django_db
INVENTED_RUN = "INSERT INTO kok_erasurerun (at, is_dry, report) VALUES (now(), false, %s) RETURNING id"
INVENTED_NUMBER = "INSERT INTO kok_erasedobject (run_id, rule, object_id) VALUES (%s, %s, %s)"
INVENTED_REQUEST = "INSERT INTO kok_erasurerequest (id, rule, object_ids, is_done) VALUES (%s, %s, %s, %s)"
FORGED_SEAL = """
INSERT INTO kok_seal (chain, object_id, number, proof, at, salt, is_gone, state, marks, seal)
SELECT 'erasure-requests', %s, 1, proof, at, gen_random_uuid(), false, state, marks, seal
FROM kok_seal ORDER BY id LIMIT 1
"""
NUMBER = "0dd5ee70-0000-4000-8000-000000000013"


@pytest.fixture(autouse=True)
def listed(settings: Any, tmp_path: Any) -> Any:
    settings.KOK_NOW = NOW.isoformat()
    settings.KOK_CHAIN_ENDS = tmp_path / "ends"
    settings.KOK_ERASURE_LIST = tmp_path / "erasures.jsonl"
    return settings.KOK_ERASURE_LIST


@built_once(KOK_NOW=NOW.isoformat())
def world() -> TransitionList:
    """A released list of three people, a role, and a page."""
    an_agreement()
    found = released(a_draft(people(3))).version.transition_list
    by = a_user(role="member")
    StatutoryPage.objects.create(page="impressum", number=1, text="x", published_at=NOW, published_by=by)
    return found


def by_sql(role: str, statement: str, *values: Any) -> Any:
    """As this role, past the application; what the database refuses is not done. The number that it gave, if any."""
    with suppress(DatabaseError), transaction.atomic(), acting_as(role), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0] if cursor.description else None


def targets() -> Iterator[tuple[str, Any]]:
    """For each rule something that is not due."""
    yield "lists", TransitionList.objects.get()
    for rule in (CaseRule.LATEST, CaseRule.ENDED, CaseRule.WITHDRAWN):
        yield rule, TransitionCase.objects.first()
    yield "ended-roles", RoleAssignment.objects.first()
    yield "page-versions", StatutoryPage.objects.get()


def everything() -> tuple[int, ...]:
    whole = CaseEntry.objects.exclude(content="")
    return tuple(
        each.count() for each in (TransitionList.objects, whole, RoleAssignment.objects, StatutoryPage.objects)
    )


def a_report(rule: str, **changes: Any) -> str:
    line = {"rule": rule, "due": 1, "erased": 0, "failed": "", "is_listed": True, "is_waiting": True}
    return json.dumps([line | changes])


def night() -> list[str]:
    """What the inspections find that go by themselves."""
    mine = [each for each in inspections._inspections if each.slug != "chain-ends"]
    return [sentence for each in mine for sentence in inspections._look(each, clock.today())]


def test_given_web_that_invents_a_run_when_the_worker_sweeps_then_nothing_goes_and_no_run_is_there(world, listed):
    before = everything()
    for rule, row in targets():
        run = by_sql(WEB, INVENTED_RUN, a_report(rule))
        by_sql(WEB, INVENTED_NUMBER, run, rule, str(row.pk))
    by_worker(tasks.sweep)
    assert everything() == before
    assert not ErasureRun.objects.exists()
    assert not listed.exists()
    assert health.ask_erasure(clock.now()) == []


@pytest.mark.parametrize("is_done", [False, True])
@pytest.mark.parametrize("is_sealed_badly", [False, True])
def test_given_web_that_invents_a_request_when_the_worker_sweeps_then_it_stays_and_is_found(
    world, listed, capsys, is_done, is_sealed_badly
):
    before, rules = everything(), [rule for rule, _ in targets()]
    for place, (rule, row) in enumerate(targets()):
        number = f"{NUMBER[:-1]}{place}"
        by_sql(WEB, INVENTED_REQUEST, number, rule, [str(row.pk)], is_done)
        if is_sealed_badly:
            by_sql(WEB, FORGED_SEAL, number)
    by_worker(tasks.sweep)
    by_worker(erasure.run, now=NOW)
    assert everything() == before
    assert ErasureRequest.objects.count() == len(rules)
    assert not ErasedObject.objects.exists()
    assert not listed.exists()
    assert health.ask_erasure(clock.now() + timedelta(days=1)) == []
    told = "Ein Siegel für Nr. {0} stammt nicht von der Anwendung" if is_sealed_badly else "Nr. {0}: An der Anwendung"
    found = night()
    for place in range(len(rules)):
        assert any(told.format(f"{NUMBER[:-1]}{place}") in sentence for sentence in found), found
    with pytest.raises(SystemExit):
        call_command("check_seals")
    assert told.format(f"{NUMBER[:-1]}0") in capsys.readouterr().out


def test_given_a_request_of_the_application_for_what_is_not_due_when_the_worker_comes_then_the_rule_says_no(world):
    before = everything()
    for rule, row in targets():
        erasure.ask(rule, [str(row.pk)])
    by_worker(tasks.sweep)
    assert everything() == before
    assert not ErasureRequest.objects.exists(), "every rule looks again each night"
    assert not ErasedObject.objects.exists()


def test_given_a_request_that_was_carried_out_when_web_puts_it_back_then_it_is_not_done_again_and_is_found(
    world, listed
):
    erasure.ask("lists", [str(world.pk)])
    number = str(ErasureRequest.objects.get().pk)
    by_worker(tasks.sweep)
    by_sql(WEB, INVENTED_REQUEST, number, "lists", [str(world.pk)], False)
    assert ErasureRequest.objects.filter(pk=number).exists()
    runs = ErasureRun.objects.count()
    by_worker(tasks.sweep)
    assert ErasureRun.objects.count() == runs
    assert any(f"Löschauftrag Nr. {number}: Am" in sentence for sentence in night())


@pytest.mark.parametrize(
    "statement",
    ["UPDATE kok_erasurerequest SET object_ids = '{}'", "DELETE FROM kok_erasurerequest"],
)
def test_given_a_request_that_waits_when_web_wants_to_change_it_or_take_it_away_then_it_stands(world, statement):
    erasure.ask("lists", [str(world.pk)])
    by_sql(WEB, statement)
    assert ErasureRequest.objects.get().object_ids == [str(world.pk)]
    by_sql(WORKER, statement.replace("DELETE", "SELECT 1"))
    assert ErasureRequest.objects.get().object_ids == [str(world.pk)]


@built_once
def run_and_list(world: TransitionList) -> tuple[ErasureRun, str]:
    """A run that erased somebody who was taken out of a draft, and listed it."""
    with TemporaryDirectory() as folder:
        listed, ends = Path(folder) / "erasures.jsonl", Path(folder) / "ends"
        with override_settings(KOK_ERASURE_LIST=listed, KOK_CHAIN_ENDS=ends):
            return _erased(), listed.read_text()


def _erased() -> ErasureRun:
    by = an_access()
    draft = a_draft([], by=by)
    entry = entries.add_entry(version=draft, data=people(5)[4], is_late=False, by=by, now=NOW)
    there = CaseEntry.objects.get(pk=entry.pk)
    entries.remove_entry(entry=there, seen=there.changed_at, by=by, now=NOW)
    by_worker(tasks.sweep)
    assert night() == []
    return ErasureRun.objects.get()


@pytest.fixture
def erased(run_and_list: tuple[ErasureRun, str], listed: Any) -> ErasureRun:
    """The same, with the file of this test."""
    run, text = run_and_list
    assert len(text.splitlines()) == 1
    listed.write_text(text)
    return run


@pytest.mark.parametrize(
    ("statement", "field"),
    [
        ("UPDATE kok_erasurerun SET report = '[]'", "Regel und Anzahl"),
        ("UPDATE kok_erasurerun SET report = jsonb_set(report, '{0,is_listed}', 'false')", "Regel und Anzahl"),
        ("UPDATE kok_erasurerun SET at = at - interval '2 years'", "Zeitpunkt"),
    ],
)
def test_given_a_report_when_it_is_rewritten_then_web_may_not_and_of_the_worker_it_is_found(
    erased, listed, statement, field
):
    by_sql(WEB, statement)
    assert night() == []
    by_sql(WORKER, statement)
    by_worker(tasks.sweep)
    (sentence,) = night()
    assert sentence.startswith(f"Löschlauf Nr. {erased.pk} vom ")
    assert f"An der Anwendung vorbei geändert ({field})" in sentence
    assert len(listed.read_text().splitlines()) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO kok_erasedobject (run_id, rule, object_id) SELECT id, 'cases-removed', '7' FROM kok_erasurerun",
        "INSERT INTO kok_erasedobject (run_id, rule, object_id) SELECT id, 'cases-latest', '7' FROM kok_erasurerun",
        "DELETE FROM kok_erasedobject",
    ],
)
def test_given_the_numbers_of_a_run_when_they_are_changed_then_web_may_not_and_of_the_worker_it_is_found(
    erased, capsys, statement
):
    by_sql(WEB, statement)
    assert night() == []
    by_sql(WORKER, statement)
    (sentence,) = night()
    assert sentence.startswith(f"Löschlauf Nr. {erased.pk} vom ")
    assert "sind nicht die, die er gelöscht hat" in sentence
    with pytest.raises(SystemExit):
        call_command("check_seals")
    assert sentence in capsys.readouterr().out


def test_given_a_worker_that_invents_a_run_when_it_sweeps_then_no_line_comes_into_the_file_and_it_is_found(
    erased, listed
):
    before = listed.read_text()
    for rule, row in targets():
        report = a_report(rule, is_listed=False, checksum=checksum([str(row.pk)]))
        run = by_sql(WORKER, INVENTED_RUN, report)
        by_sql(WORKER, INVENTED_NUMBER, run, rule, str(row.pk))
    assert ErasureRun.objects.count() > 1
    by_worker(tasks.sweep)
    assert listed.read_text() == before
    told = [sentence for sentence in night() if "An der Anwendung vorbei eingefügt" in sentence]
    assert len(told) == ErasureRun.objects.count() - 1
    page = signed_in(a_user(role="auditor")).get(reverse("kok:erasure-runs")).content.decode()
    assert page.count("Siegel passt nicht") == len(told)


def test_given_numbers_put_to_a_run_that_is_not_listed_yet_when_the_worker_sweeps_then_none_of_it_is_copied(
    world, listed
):
    with as_worker():
        report = [{**json.loads(a_report("lists"))[0], "is_listed": False, "checksum": checksum(["7"])}]
        run = ErasureRun.objects.create(at=NOW, report=report)
        ErasedObject.objects.create(run=run, rule="lists", object_id="7")
    by_sql(WORKER, INVENTED_NUMBER, run.pk, "lists", str(world.pk))
    by_worker(tasks.sweep)
    assert not listed.exists()
    assert len(night()) == 1


def test_given_lines_put_into_the_file_when_it_is_applied_then_nobody_goes_and_the_exit_code_says_so(
    world, listed, capsys
):
    before = everything()
    lines = [{"rule": rule, "id": str(row.pk), "at": NOW.isoformat()} for rule, row in targets()]
    listed.write_text("".join(json.dumps(line) + "\n" for line in lines))
    with pytest.raises(SystemExit) as ended, as_worker():
        call_command("erase", "--reapply")
    assert ended.value.code == 3
    assert everything() == before
    assert f"Zeilen 1 bis {len(lines)} der Löschliste ausgelassen: ohne passendes Siegel" in capsys.readouterr().out
