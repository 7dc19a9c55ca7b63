"""Texts that a worker looks at before they go out: asked once a day, answered once, whatever fails."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection

from kok import clock, jobs, text_checks, vault
from kok.models import TextCheck
from kok.text_checks import CheckedText
from tests.builders import a_user, an_agreement

NOW = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)
State = TextCheck.State
pytestmark = pytest.mark.django_db


class Desk:
    """A text that a test may change, and what the judges say."""

    def __init__(self):
        self.words, self.answers, self.asked = "Ein CheckedText.", [State.CLEAR], []

    def read(self, number):
        return CheckedText("wetteraukreis", self.words) if self.words is not None else None

    def judge(self, place):
        def judged(question, now):
            self.asked.append(question)
            answer = self.answers[place]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return judged


@pytest.fixture
def desk(monkeypatch):
    made = Desk()
    an_agreement()
    monkeypatch.setitem(text_checks._sources, "probe", made.read)
    monkeypatch.setattr(text_checks, "_judges", [made.judge(0)])
    return made


@pytest.fixture
def told(monkeypatch):
    sent = []
    monkeypatch.setattr(text_checks, "publish", lambda *args: sent.append(args))
    return sent


def ask(now=NOW, by=None):
    return text_checks.ask(kind="probe", object_id=7, by=by or a_user(), now=now)


def answered(check):
    text_checks.run(str(check.pk), NOW)
    check.refresh_from_db()
    return check.state


def test_given_a_text_when_asked_then_the_worker_is_told_a_number_and_answers_once(
    desk, told, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        check = ask()
    assert told == [("kok.check_text", str(check.pk))]
    assert answered(check) == State.CLEAR
    assert answered(check) == State.CLEAR
    assert [question.text.words for question in desk.asked] == ["Ein CheckedText."]


def test_given_the_same_text_when_asked_again_then_it_is_one_question_until_the_text_or_the_day_is_another(desk):
    first = ask()
    assert ask(by=a_user()).pk == first.pk
    assert text_checks.found(kind="probe", object_id=7, now=NOW).pk == first.pk
    assert text_checks.found(kind="probe", object_id=8, now=NOW) is None
    assert text_checks.found(kind="probe", object_id=7, now=NOW + timedelta(days=1)) is None
    assert ask(now=NOW + timedelta(days=1)).pk != first.pk
    desk.words = "Ein anderer CheckedText."
    assert text_checks.found(kind="probe", object_id=7, now=NOW) is None
    assert ask().pk != first.pk


@pytest.mark.parametrize("words", ["Ein anderer CheckedText.", None])
def test_given_a_text_that_changed_or_went_when_the_worker_comes_then_nobody_judges_it(desk, words):
    check = ask()
    desk.words = words
    assert answered(check) == State.FAILED
    assert desk.asked == []


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ([State.CLEAR, State.WARNED], State.WARNED),
        ([State.SKIPPED, State.CLEAR], State.SKIPPED),
        ([State.SKIPPED, State.WARNED], State.WARNED),
        ([RuntimeError("Zirbelnuss"), State.WARNED], State.FAILED),
    ],
)
def test_given_several_judges_when_they_differ_then_the_worst_counts(desk, monkeypatch, caplog, answers, state):
    desk.answers = answers
    monkeypatch.setattr(text_checks, "_judges", [desk.judge(0), desk.judge(1)])
    assert answered(ask()) == state
    assert "Zirbelnuss" not in caplog.text


def test_given_nobody_who_judges_when_asked_then_there_is_no_warning(desk, monkeypatch):
    monkeypatch.setattr(text_checks, "_judges", [])
    assert answered(ask()) == State.CLEAR


def test_given_a_database_that_goes_away_when_judged_then_the_question_waits_and_the_sweep_asks_again(
    desk, monkeypatch
):
    sent = []
    check = ask(now=clock.now())
    desk.answers = [OperationalError("server closed the connection unexpectedly")]
    monkeypatch.setattr("kok.outage.cause", lambda error: error)
    monkeypatch.setattr(type(text_checks.connection), "close_if_unusable_or_obsolete", lambda self: None, raising=False)
    assert answered(check) == State.WAITING
    monkeypatch.setattr(jobs, "publish", lambda *args: sent.append(args))
    jobs.sweep()
    assert sent == [("kok.check_text", str(check.pk))]


def test_given_a_question_of_yesterday_when_swept_then_nobody_is_told_of_it(desk):
    ask(now=clock.now() - timedelta(hours=2))
    assert list(text_checks.left()) == []


def test_given_a_silent_worker_when_twenty_seconds_are_over_then_nobody_waits_any_longer(desk):
    check = ask()
    assert check.is_pending(NOW + timedelta(seconds=19))
    assert not check.is_pending(NOW + timedelta(seconds=20))
    answered(check)
    assert not check.is_pending(NOW)


# Past the application


PUT_IN = """
INSERT INTO kok_textcheck (id, kind, object_id, sha256, day, state, asked_at, asked_by_id, mark)
VALUES (gen_random_uuid(), 'probe', 7, %s, %s, 'WAITING', now(), %s, %s) RETURNING id
"""


def by_sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0] if cursor.description else None


@pytest.mark.parametrize("mark", ["", "copied"])
def test_given_a_question_that_somebody_put_in_by_sql_when_the_worker_comes_then_nobody_judges_it(desk, mark):
    asked = ask()
    desk.words = "Hat Malwine Zirbelnuss etwas gesagt?"
    sha256 = hashlib.sha256(desk.words.encode()).hexdigest()
    number = by_sql(PUT_IN, sha256, NOW.date(), asked.asked_by_id, asked.mark if mark else "")
    check = TextCheck.objects.get(pk=number)
    assert answered(check) == State.WAITING
    assert desk.asked == []
    assert ask().state == State.FAILED, "who asks the same honestly is told that nobody looked"


def test_given_an_answer_that_somebody_wrote_by_sql_when_it_is_read_then_nobody_looked_at_the_text(desk):
    desk.answers = [State.WARNED]
    check = ask()
    assert answered(check) == State.WARNED
    assert text_checks.found(kind="probe", object_id=7, now=NOW).state == State.WARNED
    by_sql("UPDATE kok_textcheck SET state = 'CLEAR'")
    assert text_checks.found(kind="probe", object_id=7, now=NOW).state == State.FAILED


def test_given_no_key_of_the_log_when_asked_then_the_question_stands_and_is_not_answered(desk, settings):
    by = a_user()
    settings.CASE_KEYS, settings.CASE_LOG_KEY = [vault.new_key()], ""
    vault.forget_keys()
    try:
        assert ask(by=by).state == State.FAILED
    finally:
        vault.forget_keys()
    assert desk.asked == []
