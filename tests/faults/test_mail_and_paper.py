"""The table of faults, worker and mail: whatever is killed or refused in whatever moment, nothing is lost or doubled.

A mail that the server accepted while its answer was lost comes again, with the same Message-ID: mail programs and
servers know it by that. Everything else comes once.
"""

import re
from datetime import datetime, timedelta
from threading import Thread

import pytest

from tests.faults.acts import Secretary
from tests.faults.house import BEGINS, House, Part
from tests.processes import wait_until
from tests.walk.visitor import Lost

pytestmark = pytest.mark.slow


def later(**passed: int) -> str:
    """A moment so long after the house began."""
    return (datetime.fromisoformat(BEGINS) + timedelta(**passed)).isoformat()


def caught_up(house: House, *, now: str = "") -> None:
    """A new worker, and beat's sweep."""
    house.worker(now=now)
    house.ask("kok.sweep")


def killed(house: House, worker: Part) -> None:
    """The worker is gone, the mail server knows it and answers again."""
    worker.kill()
    wait_until(lambda: not house.mail_server.waiting, what="the end of the connections")
    house.mail_server.behave()


def test_given_nothing_fails_when_invited_then_all_are_told_once(house: House, secretary: Secretary) -> None:
    house.worker()
    meeting = secretary.invite()
    meeting.assert_told_once()


def test_given_a_worker_killed_while_it_takes_the_task_when_another_comes_then_all_are_told_once(
    house: House, secretary: Secretary
) -> None:
    worker = house.worker()
    meeting = secretary.plan()
    with house.gate("UPDATE", "kok_document") as wait:
        secretary.invite(meeting)
        wait()
        worker.kill()
    assert meeting.states() == {"QUEUED": sum(meeting.states().values())}
    caught_up(house, now=later(minutes=10))
    meeting.assert_told_once()


@pytest.mark.parametrize("whom", ["all of the worker", "its children"])
def test_given_a_worker_killed_while_it_draws_when_the_minute_is_over_then_the_pdf_is_there_and_all_are_told_once(
    house: House, secretary: Secretary, whom: str
) -> None:
    worker = house.worker()
    meeting = secretary.invite()
    wait_until(lambda: meeting.paper() == "WORKING", seconds=60, what="drawing")
    if whom == "its children":
        worker.kill_children()
        house.ask("kok.sweep")
    else:
        worker.kill()
        assert meeting.paper() == "WORKING"
        caught_up(house)
    meeting.assert_told_once()


def test_given_a_worker_killed_while_the_mail_server_thinks_when_another_comes_then_all_are_told_once(
    house: House, secretary: Secretary
) -> None:
    worker, meeting = secretary.invite_without_answer()
    killed(house, worker)
    caught_up(house)
    meeting.assert_told_once()


def test_given_a_worker_killed_after_the_mail_server_accepted_then_only_that_mail_comes_again(
    house: House, secretary: Secretary
) -> None:
    worker, meeting = secretary.invite_without_answer(keeps_first=True)
    killed(house, worker)
    caught_up(house)
    meeting.assert_told_once(again=1)


def test_given_a_worker_killed_while_it_commits_then_only_that_mail_comes_again(
    house: House, secretary: Secretary
) -> None:
    worker, meeting = secretary.invite_without_answer()
    with house.gate("UPDATE", "kok_outboxmessage") as wait:
        house.mail_server.behave()
        wait()
        worker.kill()
    assert len(house.mail_server.accepted) == 1
    caught_up(house)
    meeting.assert_told_once(again=1)


@pytest.mark.parametrize("answer", ["451 4.3.0 try again later", "554 5.7.1 not today"])
def test_given_a_mail_server_that_refuses_all_when_it_takes_mail_again_then_all_are_told_once(
    house: House, secretary: Secretary, answer: str
) -> None:
    house.mail_server.answer = answer
    worker = house.worker()
    meeting = secretary.invite()
    wait_until(lambda: meeting.paper() == "DONE", seconds=60, what="the PDF")
    wait_until(lambda: min(meeting.tries()) == 1, seconds=60, what="one try of each")
    worker.kill()
    house.mail_server.behave()
    caught_up(house, now=later(minutes=10))
    meeting.assert_told_once()


def test_given_one_mailbox_that_is_refused_when_invited_then_the_others_are_told_at_once(
    house: House, secretary: Secretary
) -> None:
    meeting = secretary.invite()
    house.mail_server.refused_address = meeting.recipients()[0]
    worker = house.worker()
    house.ask("kok.sweep")
    others = sum(meeting.states().values()) - 1
    wait_until(lambda: meeting.states() == {"SENT": others, "QUEUED": 1}, seconds=60, what="the others")
    worker.kill()
    house.mail_server.behave()
    caught_up(house, now=later(minutes=10))
    meeting.assert_told_once()


def test_given_a_mail_server_that_scans_a_mail_for_longer_than_it_may_take_to_connect_then_all_are_told_once(
    house: House, secretary: Secretary
) -> None:
    house.mail_server.seconds = 25  # EMAIL_TIMEOUT is 20
    house.worker()
    meeting = secretary.invite()
    wait_until(lambda: house.mail_server.is_asked, seconds=60, what="the first mail")
    house.mail_server.seconds = 0
    meeting.assert_told_once()


def test_given_a_mail_server_that_takes_its_time_when_invited_then_nobody_at_the_screen_waits_for_it(
    house: House, secretary: Secretary
) -> None:
    _, meeting = secretary.invite_without_answer()
    other = secretary.invite()  # the page answers while the mail server does not
    house.mail_server.behave()
    house.ask("kok.sweep")
    for each in (meeting, other):
        each.assert_told_once()


def test_given_a_clock_that_jumps_ahead_and_back_when_reminders_are_queued_then_each_is_sent_once(house: House) -> None:
    due = "SELECT key, count(*) FROM kok_outboxmessage WHERE kind LIKE 'reminder.%' GROUP BY key"
    for now in (later(days=145), later(days=130), later(days=146)):  # the first is 17.04.2027
        _remind(house, now)
    rows = house.query(due)
    assert rows, "nothing was due"
    assert {number for _, number in rows} == {1}
    numbers = [str(mail["Message-ID"]) for mail in house.mail_server.accepted]
    assert len(numbers) == len(set(numbers)) > 0


def _remind(house: House, now: str) -> None:
    worker = house.worker(now=now)
    house.ask("kok.queue_reminders")
    wait_until(lambda: _is_queued(worker, house), seconds=60, what="the reminders")
    worker.kill()


def _is_queued(worker: Part, house: House) -> bool:
    [(waiting,)] = house.query(
        "SELECT count(*) FROM kok_outboxmessage WHERE state = 'QUEUED' AND kind LIKE %s", "reminder.%"
    )
    return bool(re.search(rb"kok\.queue_reminders\S* succeeded", worker.log.read_bytes())) and not waiting


def test_given_two_of_each_process_when_both_are_told_the_same_then_everything_happens_once(
    house: House, secretary: Secretary
) -> None:
    for name in ("one", "two"):
        house.worker(name=name)
        house.beat(name=name)
    meeting = secretary.plan()
    people = [secretary, secretary.elsewhere()]
    for person in people:
        person.prepare(meeting)
    refused: list[Lost] = []

    def click(person: Secretary) -> None:
        try:
            person.send()
        except Lost as second:
            refused.append(second)

    clicks = [Thread(target=click, args=[person]) for person in people]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    for _ in range(4):
        house.ask("kok.sweep")
        house.ask("kok.queue_reminders")
    meeting.assert_told_once()
    assert len(refused) == 1, "the second click is told that the invitation went out"
