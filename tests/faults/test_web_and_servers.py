"""The table of faults, web, beat and servers: what was confirmed stands, what was not has left nothing behind."""

import os
import signal
import socket
from contextlib import suppress
from threading import Thread

import psycopg
import pytest
from kombu.exceptions import OperationalError

from kok.embedded.valkey import Valkey
from tests.faults.acts import Secretary
from tests.faults.house import House
from tests.processes import wait_until
from tests.walk.visitor import Lost

pytestmark = pytest.mark.slow


def test_given_a_web_process_killed_while_it_commits_when_the_person_clicks_again_then_it_happened_once(
    house: House, secretary: Secretary
) -> None:
    house.worker()
    web = house.parts[0]
    meeting = secretary.plan()
    failed: list[Exception] = []

    def click() -> None:
        try:
            secretary.invite(meeting)
        except Exception as error:  # noqa: BLE001  whatever the person's browser says
            failed.append(error)

    with house.gate("INSERT", "kok_auditevent") as wait:
        first = Thread(target=click)
        first.start()
        wait()
        web.kill_children()
        first.join()
    assert failed, "the person saw that it did not work"
    wait_until(lambda: _nobody_holds(house), what="the end of the connection")
    assert (meeting.rounds(), dict(meeting.states())) == (0, {}), "nothing half done"
    secretary.invite(meeting)
    meeting.assert_told_once()


def _nobody_holds(house: House) -> bool:
    return not house.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'")


def test_given_a_broker_killed_with_work_in_it_when_it_is_back_then_all_are_told_once(
    house: House, secretary: Secretary
) -> None:
    waiting = secretary.invite()
    os.kill(_broker(house), signal.SIGKILL)
    unheard = secretary.invite()  # the page answers although nobody can be told
    house.services.start_broker()
    house.worker()
    house.ask("kok.sweep")
    for meeting in (waiting, unheard):
        meeting.assert_told_once()


def _broker(house: House) -> int:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(Valkey(house.var / "valkey").socket))
        connection.sendall(b"INFO server\r\n")
        return int(connection.recv(4000).partition(b"process_id:")[2].split()[0])


def test_given_a_database_killed_while_mails_go_out_when_it_is_back_then_only_that_mail_comes_again(
    house: House, secretary: Secretary
) -> None:
    _, meeting = secretary.invite_without_answer(keeps_first=True)
    os.kill(_database(house), signal.SIGKILL)
    house.mail_server.behave()
    house.services.start_database()
    house.ask("kok.sweep")  # the same worker goes on
    meeting.assert_told_once(again=1)
    assert secretary.plan().rounds() == 0, "the same web process goes on"


def _database(house: House) -> int:
    return int((house.var / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def test_given_a_beat_killed_when_another_takes_its_place_then_its_work_goes_on(house: House) -> None:
    heartbeat = house.var / "heartbeat"
    for _ in range(2):  # the same schedule
        heartbeat.unlink(missing_ok=True)
        beat = house.beat()
        wait_until(heartbeat.exists, seconds=60, what="beat")
        beat.kill()


def test_given_a_full_disk_when_there_is_room_again_then_all_are_told_once(house: House, secretary: Secretary) -> None:
    worker = house.worker()
    meeting = secretary.plan()
    with house.full_disk():
        with suppress(Lost):  # a page that says "gleich wieder da"; what still fits may be confirmed all the same
            secretary.invite(meeting)
        with suppress(OperationalError):  # the broker's disk is full as well
            house.ask("kok.sweep")
        page = secretary.visitor.open(f"{secretary.url}{meeting.path}")
        assert "Kreishaus Friedberg" in page.whole.text, "reading goes on"
        with suppress(psycopg.OperationalError):  # who connects anew may first have to write what is in the catalog
            assert not meeting.rounds() or meeting.paper() != "DONE", "the disk was not full"
    if not meeting.rounds():
        assert dict(meeting.states()) == {}, "nothing half done"
        secretary.invite(meeting)
    house.ask("kok.sweep")

    def is_told() -> bool:
        if not worker.lives:  # Celery gives up when the broker cannot write; systemd and compose start it again
            house.worker(name="next")
            house.ask("kok.sweep")
            wait_until(meeting.is_told, seconds=120, what="the invitation")
        return meeting.is_told()

    wait_until(is_told, seconds=120, what="the invitation")
    meeting.assert_told_once()
