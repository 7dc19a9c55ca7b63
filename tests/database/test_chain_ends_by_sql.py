"""Whoever writes to the chains by SQL puts nothing there behind which no number is left, and holds nobody up."""

from typing import Any

import psycopg
import pytest
from django.db import DataError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from kok import audit, clock, seals
from kok.database.roles import BEAT, WEB, WORKER
from kok.models import Seal, SealDay, SignInEvent
from kok.models import seals as places
from kok.models.seals import give_places
from tests.builders import PASSWORD, a_user
from tests.transitions.world import NOW

from .test_roles import login

__all__ = ["login"]
LINE = """INSERT INTO kok_seal (chain, object_id, number, at, salt, is_gone, state, marks, day, position, proof, seal)
SELECT '{chain}', '9' || place, 1, now(), gen_random_uuid(), false, 'x', '', day::date, place, 'x', 'x'"""
DAY = """INSERT INTO kok_sealday (chain, day, entries, seal, proof) SELECT '{chain}', day::date, {last}, 'x', 'x'
FROM {days} ON CONFLICT (chain, day) DO UPDATE SET entries = EXCLUDED.entries, seal = 'x', proof = 'x'"""
TODAY = "(SELECT current_date AS day) AS days"
LATER = "generate_series(current_date, current_date + 3, '1 day') AS day"


def together(line: str, day: str) -> str:
    return f"WITH l AS ({line}), d AS ({day}) SELECT 1"


def line_first(line: str, day: str) -> str:
    behind = day.replace("ON CONFLICT", "WHERE (SELECT count(*) FROM l) > 0 ON CONFLICT")
    return f"WITH l AS ({line} RETURNING 1), d AS ({behind}) SELECT 1"


def refused(own: psycopg.Connection, statement: str) -> bool:
    try:
        own.execute(statement)
    except psycopg.errors.CheckViolation:
        return True
    return False


def sign_in() -> int:
    return Client().post(reverse("account_login"), {"login": "erika", "password": PASSWORD}).status_code


@pytest.mark.parametrize("chain", ["trail", "sign-ins", "roles"])
@pytest.mark.parametrize("days", [TODAY, LATER], ids=["today", "days to come"])
@pytest.mark.parametrize("way", [together, line_first])
def test_given_a_line_and_a_day_far_ahead_when_one_statement_puts_both_there_then_the_database_refuses(
    login: Any, chain: str, days: str, way: Any
) -> None:
    a_user(username="erika")
    line = f"{LINE.format(chain=chain)} FROM {days}, (VALUES (2147483647), (2147483646)) AS far (place)"
    one = f"{LINE.format(chain=chain)} FROM {days}, (VALUES (2147483647)) AS far (place)"
    day = DAY.format(chain=chain, last=2147483647, days=days)
    with login(WEB) as own:
        assert [refused(own, way(each, day)) for each in (line, one)] == [True, True]
    assert sign_in() == 302
    assert SignInEvent.objects.exists()
    audit.record(by=None, action="test", now=NOW)
    assert not Seal.objects.filter(position=None).exists()
    assert seals.findings(clock.today()) == ()


@pytest.mark.parametrize("chain", ["READ", "ACT"])
def test_given_the_access_log_when_one_statement_puts_a_line_and_a_day_far_ahead_then_the_database_refuses(
    login: Any, chain: str
) -> None:
    with login(WEB) as own:
        columns = own.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_name = 'transitions_accesslogentry' AND is_nullable = 'NO' AND is_identity = 'NO'"
        ).fetchall()
        kinds = {"character varying": "'x'", "text": "'x'", "uuid": "gen_random_uuid()", "integer": "2147483647",
                 "date": "current_date", "timestamp with time zone": "now()"}  # fmt: skip
        values = ", ".join(f"'{chain}'" if name == "chain" else kinds[kind] for name, kind in columns)
        line = f"INSERT INTO transitions_accesslogentry ({', '.join(name for name, _ in columns)}) SELECT {values}"
        day = DAY.format(chain=chain, last=2147483647, days=TODAY).replace("kok_sealday", "transitions_accesslogday")
        assert refused(own, together(line, day))
        assert refused(own, line_first(line, day))


def test_given_lines_one_behind_the_other_without_a_day_when_the_application_writes_then_it_goes_on_behind_them(
    login: Any,
) -> None:
    with login(WEB) as own:
        own.execute(f"{LINE.format(chain='trail')} FROM {TODAY}, generate_series(1, 3) AS place")
        assert refused(own, DAY.format(chain="trail", last=4, days=TODAY))
        assert refused(own, DAY.format(chain="trail", last=0, days=TODAY))
    audit.record(by=None, action="test", now=clock.now())
    assert SealDay.objects.get(chain="trail").entries == 4


def test_given_beat_when_it_gives_a_line_a_place_or_locks_what_others_wait_for_then_the_database_refuses(
    login: Any,
) -> None:
    audit.record(by=None, action="test", now=NOW)
    statements = (
        f"{LINE.format(chain='trail')} FROM {TODAY}, (VALUES (1)) AS first (place)",
        DAY.format(chain="trail", last=1, days=TODAY),
        "SELECT FROM kok_turn FOR UPDATE",
        "SELECT FROM kok_turn FOR SHARE",
        "INSERT INTO kok_turn (name) VALUES ('chain:new')",
        "SELECT FROM kok_sealday FOR UPDATE",
        "SELECT FROM kok_seal FOR KEY SHARE",
    )
    with login(BEAT) as own:
        for statement in statements:
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.CheckViolation)):
                own.execute(statement)


@pytest.mark.parametrize("error", [OperationalError, DataError, ValueError])
def test_given_an_act_that_is_through_when_its_place_fails_then_it_stands_and_the_night_gives_the_place(
    transactional_db: None, monkeypatch: Any, error: type[Exception]
) -> None:
    def fails(*_: Any) -> None:
        raise error

    a_user(username="erika")
    with monkeypatch.context() as broken:
        broken.setattr(places, "give_places", fails)
        assert sign_in() == 302
        audit.record(by=None, action="test", now=NOW)
    assert Seal.objects.filter(chain="trail", position=None).exists()
    give_places(audit.AuditEvent.sealing.chain)
    assert not Seal.objects.filter(chain="trail", position=None).exists()


def test_given_a_turn_that_the_worker_holds_when_somebody_signs_in_then_he_is_in(login: Any, transactional_db: None):
    a_user(username="erika")
    assert sign_in() == 302
    with login(WORKER) as own:
        own.execute("BEGIN; SELECT FROM kok_turn WHERE name = 'chain:sign-ins' FOR UPDATE")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '10ms'")
        try:
            assert sign_in() == 302
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = 0")
    assert SignInEvent.objects.count() == 2
    assert Seal.objects.filter(chain="sign-ins", position=None).exists()
