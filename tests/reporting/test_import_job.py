"""A file handed in: a worker checks it, tells how far it is, stores once, and forgets the bytes."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import OperationalError, connection

from kok import health, outbox
from kok import jobs as kernel
from kok.erasure import rules
from reporting.figures.actions import jobs
from reporting.figures.queries.import_jobs import ask_failed
from reporting.models import DataCell, DatasetRevision, ImportJob
from tests.builders import a_user, an_agreement
from tests.reporting.figures import a_file, good_rows
from tests.roles import by_worker
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
State = ImportJob.State


@built_once
def agreement():
    return an_agreement()


@built_once
def reporter(agreement):
    return a_user(role="reporter", partner="lwv-hessen")


@pytest.fixture
def hand_in(agreement, reporter):
    def handed_in(content, **values):
        values = {"filename": "8d.csv", "correction_reason": "", "by": reporter, "now": NOW} | values
        return jobs.hand_in(agreement=agreement, content=content, **values)

    return handed_in


def done(job, now=NOW):
    kernel.run(jobs.TASK, str(job.pk), now=now)
    job.refresh_from_db()
    return job


def a_bad_file():
    return a_file("KOK-8D", [{**row, "sex": "Q"} if at == 3 else row for at, row in enumerate(good_rows("KOK-8D"))])


def test_given_a_file_when_handed_in_then_its_bytes_wait_and_the_worker_is_told_its_key_only(
    hand_in, monkeypatch, django_capture_on_commit_callbacks
):
    told = []
    monkeypatch.setattr(jobs, "publish", lambda *args: told.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        job = hand_in(b"abc")
    assert (job.state, bytes(job.content)) == (State.WAITING, b"abc")
    assert told == [("kok.import_dataset", str(job.pk))]


def test_given_a_good_file_when_the_worker_runs_then_all_is_stored_and_the_bytes_are_gone(hand_in, reporter):
    job = done(hand_in(a_file("KOK-8D")))
    assert (job.state, job.content, job.error) == (State.DONE, None, "")
    assert (job.revision.number, job.revision.imported_by) == (0, reporter)
    assert job.rows_read == job.revision.row_count == job.revision.cells.count() > 20


def test_given_a_file_with_a_mistake_when_the_worker_runs_then_nothing_is_stored_and_the_place_is_told(hand_in):
    job = done(hand_in(a_bad_file()))
    assert (job.state, job.content) == (State.REFUSED, None)
    assert job.problem_count >= 1
    assert job.problems[0]["row"] == 5
    assert job.problems[0]["column"] == "sex"
    assert not DatasetRevision.objects.exists()
    assert not DataCell.objects.exists()


def test_given_names_and_birthdays_in_a_file_when_refused_then_the_defects_keep_the_place_and_nothing_of_the_text(
    hand_in,
):
    rows = good_rows("KOK-8D")
    rows[1]["sex"], rows[2]["person_count"], rows[3]["sex"] = "Quastenhagen", "30.01.2011", "Sıla"
    rows[4] |= {"Malou Quastenhagen": "x"}
    job = done(hand_in(a_file("KOK-8D", rows)))
    heading = list(job.problems)
    del rows[4]["Malou Quastenhagen"]
    kept = heading + done(hand_in(a_file("KOK-8D", rows))).problems
    assert {("V-F01", 1), ("V-F04", 3), ("V-F03", 4), ("V-F04", 5)} <= {(each["rule"], each["row"]) for each in kept}
    assert not any(word in str(kept) for word in ("Quastenhagen", "30.01.2011", "Sıla", "Malou"))


def test_given_a_file_that_is_no_table_when_the_worker_runs_then_it_is_refused_with_a_sentence(hand_in):
    job = done(hand_in(b"%PDF-1.7 nothing of a table"))
    assert job.state == State.REFUSED
    assert job.problem_count == 1
    assert job.problems[0]["sentence"].endswith(".")


def test_given_a_running_check_when_looked_at_then_it_tells_each_step_with_the_rows(hand_in, monkeypatch):
    job, seen = hand_in(a_file("KOK-8D")), []
    real = jobs._progress_of

    def watched(job):
        tell = real(job)

        def told(state, rows):
            tell(state, rows)
            seen.append(ImportJob.objects.values_list("state", "rows_read").get(pk=job.pk))

        return told

    monkeypatch.setattr(jobs, "_progress_of", watched)
    done(job)
    rows = job.revision.row_count
    assert seen == [("READING", 0), ("CHECKING", rows), ("STORING", rows)]


class Killed(BaseException):
    """The worker is gone: no code of ours runs any more."""


def killed(*args, **values):
    raise Killed


def test_given_a_worker_killed_before_storing_when_the_sweep_asks_again_then_it_is_stored_once(hand_in, monkeypatch):
    job = hand_in(a_file("KOK-8D"))
    with monkeypatch.context() as patch:
        patch.setattr("reporting.figures.actions.importing.import_file", killed)
        with pytest.raises(Killed):
            kernel.run(jobs.TASK, str(job.pk), now=NOW)
    assert list(jobs.left()) == [str(job.pk)]
    assert done(job).state == State.DONE
    assert DatasetRevision.objects.count() == 1


def test_given_a_worker_killed_right_after_storing_when_it_runs_again_then_the_stored_revision_is_found(
    hand_in, monkeypatch
):
    job = hand_in(a_file("KOK-8D"))
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "_end", killed)
        with pytest.raises(Killed):
            kernel.run(jobs.TASK, str(job.pk), now=NOW)
    stored = DatasetRevision.objects.get()
    job = done(job, NOW + timedelta(minutes=6))
    assert (job.state, job.revision) == (State.DONE, stored)
    assert DatasetRevision.objects.count() == 1


def test_given_a_finished_job_when_asked_for_again_then_nothing_happens(hand_in):
    job = done(hand_in(a_file("KOK-8D")))
    before = (job.state, job.finished_at, job.revision_id)
    job = done(job, NOW + timedelta(hours=1))
    assert (job.state, job.finished_at, job.revision_id) == before
    assert DatasetRevision.objects.count() == 1


def test_given_the_same_file_twice_when_both_are_done_then_one_is_stored_and_the_other_says_why_not(hand_in):
    first, second = hand_in(a_file("KOK-8D")), hand_in(a_file("KOK-8D"), now=NOW + timedelta(seconds=1))
    assert done(first).state == State.DONE
    assert done(second).state == State.REFUSED
    assert "r0" in second.problems[0]["sentence"]


def test_given_an_error_of_ours_when_the_worker_runs_then_the_person_is_told_and_the_bytes_are_gone(
    hand_in, monkeypatch
):
    monkeypatch.setattr("reporting.figures.actions.importing.import_file", lambda **_: 1 / 0)
    job = done(hand_in(a_file("KOK-8D")))
    assert (job.state, job.content) == (State.FAILED, None)
    assert "Es wurde nichts gespeichert" in job.error


def test_given_a_file_that_ends_every_worker_when_it_did_so_five_times_then_nobody_tries_it_again(hand_in, monkeypatch):
    job = hand_in(a_file("KOK-8D"))
    with monkeypatch.context() as patch:
        patch.setattr("reporting.figures.actions.importing.import_file", killed)
        for _ in range(5):
            with pytest.raises(Killed):
                kernel.run(jobs.TASK, str(job.pk), now=NOW)
        job = done(job)
    assert (job.state, job.content, job.error) == (State.FAILED, None, jobs.NOT_FINISHED)
    assert not DatasetRevision.objects.exists()


def test_given_a_worker_that_was_off_for_days_when_it_is_back_then_the_file_is_read(hand_in):
    assert done(hand_in(a_file("KOK-8D")), NOW + timedelta(days=5)).state == State.DONE


@pytest.fixture
def told(monkeypatch):
    """What workers were told."""
    found = []
    for module in (kernel, jobs):
        monkeypatch.setattr(module, "publish", lambda *told: found.append(told))
    return found


def test_given_files_of_one_person_when_the_sweep_comes_then_it_asks_for_the_oldest(hand_in, told):
    younger, older = hand_in(b"abc", now=NOW), hand_in(b"def", now=NOW - timedelta(minutes=1))
    assert kernel.sweep() == 1
    assert told == [(jobs.TASK, str(older.pk))]
    assert younger.state == State.WAITING


def test_given_another_process_at_a_file_of_the_person_when_asked_for_the_next_then_no_worker_waits_for_it(
    hand_in, told
):
    job = hand_in(a_file("KOK-8D"))
    turn = jobs._turn(job.agreement_id, job.uploaded_by_id)
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [turn])
        assert done(job).state == State.WAITING
        assert kernel.sweep() == 0
    assert done(job).state == State.DONE
    assert told == []


def test_given_two_files_of_one_person_when_the_younger_is_asked_for_then_the_older_goes_first(hand_in, told):
    older, younger = hand_in(a_file("KOK-8D")), hand_in(a_file("KOK-8D"), now=NOW + timedelta(seconds=1))
    assert done(younger).state == State.WAITING
    older.refresh_from_db()
    assert older.state == State.DONE
    assert told == [(jobs.TASK, str(younger.pk))]


@pytest.mark.django_db(transaction=True)
def test_given_a_full_database_when_a_file_is_stored_then_it_waits_and_its_bytes_are_kept(hand_in, told, monkeypatch):
    job = hand_in(a_file("KOK-8D"))
    told.clear()
    with monkeypatch.context() as patch:
        patch.setattr("reporting.figures.actions.importing.storing._store", full)
        job = done(job)
    assert (job.state, job.rows_read, told) == (State.WAITING, 0, [])
    assert kernel.sweep() == 1
    job = done(job)
    assert (job.state, job.interrupted) == (State.DONE, 0)


def full(*args):
    raise OperationalError("could not extend file")


@pytest.mark.parametrize("state", [State.DONE, State.REFUSED, State.FAILED])
def test_given_a_job_that_ended_when_the_sweep_comes_then_it_stays(hand_in, state):
    ImportJob.objects.filter(pk=hand_in(b"abc").pk).update(state=state)
    assert list(jobs.left()) == []


def test_given_a_broker_that_is_down_when_a_file_is_handed_in_then_the_job_waits(
    hand_in, monkeypatch, django_capture_on_commit_callbacks
):
    class Down:
        def send_task(self, *args, **options):
            raise ConnectionError

    monkeypatch.setattr(outbox, "current_app", Down())
    with django_capture_on_commit_callbacks(execute=True):
        job = hand_in(b"abc")
    assert ImportJob.objects.get(pk=job.pk).state == State.WAITING


def test_given_an_old_job_when_the_retention_rule_runs_then_it_goes_and_the_figures_stay(hand_in):
    job = done(hand_in(a_file("KOK-8D")))
    rule = next(each for each in rules() if each.slug == "import-jobs")
    assert list(rule.due(datetime(2028, 3, 14, tzinfo=UTC).date())) == []
    due = list(rule.due(datetime(2028, 3, 15, tzinfo=UTC).date()))
    assert due == [str(job.pk)]
    assert by_worker(rule.erase, due, NOW) == 1
    assert DatasetRevision.objects.count() == 1


def test_given_a_file_that_broke_the_reading_when_monitoring_asks_then_it_is_degraded_until_a_file_is_read(hand_in):
    def ask():
        return health.answer(NOW)["parts"]["imports"]

    refused = done(hand_in(a_bad_file()))
    assert (refused.state, ask()) == (State.REFUSED, "ok")
    ImportJob.objects.filter(pk=hand_in(b"abc").pk).update(state=State.FAILED, finished_at=NOW + timedelta(minutes=1))
    assert ask() == "degraded"
    (sentence,) = ask_failed(NOW)
    assert "„journalctl --unit kok-worker“" in sentence
    done(hand_in(a_bad_file()), now=NOW + timedelta(minutes=2))
    assert ask() == "ok"
