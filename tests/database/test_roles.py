"""Whoever has one role of the database and no key: what it may not do, tried by a real login with every trick."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.core import mail
from django.db import OperationalError, connection, transaction
from psycopg import sql

from kok import audit, clock, dispatch, erasure, health, inspections, outbox, tasks, turns
from kok.database import rights
from kok.database.roles import BACKUP, BEAT, OWNER, PROCESSES, ROLES, WEB, WORKER, options_of
from kok.dispatch import Addressee, Sending, SentSubject
from kok.models import ErasureRun
from tests.builders import an_agreement, an_outbox_row
from tests.roles import as_administrator, as_owner, as_worker
from tests.transitions.world import NOW, a_draft, acknowledged, an_access, people, released

KEPT = (
    "kok_auditevent", "transitions_caseentry", "transitions_transitionlistversion", "transitions_transitioncase",
    "transitions_caseevent", "transitions_transmissionreceipt", "transitions_acknowledgement",
    "transitions_accesslogentry", "transitions_accesslogday", "members_roleassignment", "django_migrations",
    "kok_dispatch",
)  # fmt: skip
POWERS = (
    *(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in KEPT),
    *(f"TRUNCATE {table} CASCADE" for table in KEPT),
    *(f"SET ROLE {role}" for role in ROLES),
    *(f"SET SESSION AUTHORIZATION {role}" for role in ROLES),
    "SET session_replication_role = 'replica'",
    "DROP TRIGGER kok_audit_guard ON kok_auditevent",
    "CREATE OR REPLACE FUNCTION kok_erases() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "CREATE FUNCTION open_all() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "CREATE TABLE mine (number int)",
    "CREATE TEMPORARY TABLE mine (number int)",
    "CREATE SCHEMA mine",
    "CREATE ROLE mine",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    f"GRANT {WORKER} TO CURRENT_USER",
    f"GRANT {OWNER} TO CURRENT_USER",
    "ALTER TABLE kok_auditevent OWNER TO CURRENT_USER",
    "ALTER TABLE kok_auditevent ADD COLUMN mine int",
    "ALTER FUNCTION kok_erases() SET search_path = mine",
    "CREATE RULE mine AS ON INSERT TO kok_auditevent DO INSTEAD NOTHING",
    "ALTER SYSTEM SET log_statement = 'all'",
    "SELECT pg_read_file('PG_VERSION')",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SELECT lo_import('/etc/hostname')",
    "DROP TABLE kok_auditevent CASCADE",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('kok', 'mine', now())",
)
NOBODY_CHANGES = (
    "UPDATE kok_auditevent SET actor = 'niemand'",
    "UPDATE transitions_transmissionreceipt SET released_at = released_at - interval '1 year'",
    "UPDATE transitions_acknowledgement SET at = at - interval '1 year'",
    "UPDATE transitions_accesslogentry SET actor = 'niemand'",
    "DELETE FROM kok_auditevent",  # nothing of it is ten years old
    "DELETE FROM transitions_accesslogentry",
    "UPDATE transitions_accesslogday SET entries = 0",
    "DELETE FROM transitions_accesslogday",
    "UPDATE transitions_caseentry SET is_changed = NOT is_changed",
    "UPDATE transitions_transitionlistversion SET state = 'DRAFT'",
    "UPDATE transitions_transitionlistversion SET number = number + 1",
    "UPDATE members_roleassignment SET role = 'auditor'",
    "UPDATE kok_dispatch SET name = 'niemand'",
    "UPDATE kok_dispatch SET result = 'WAITING', way = 'MAIL', address = 'niemand@example.org'",
)
ONLY_THE_WORKER = (
    "DELETE FROM transitions_acknowledgement",
    "DELETE FROM transitions_transmissionreceipt",
    "DELETE FROM transitions_caseentry",
    "UPDATE transitions_caseentry SET content = ''",
    "UPDATE transitions_caseentry SET content = content || 'A'",
    "DELETE FROM transitions_caseevent",
    "UPDATE transitions_caseevent SET code = ''",
    "UPDATE transitions_transitioncase SET named_at = NULL",
    "DELETE FROM transitions_transitioncase",
    "DELETE FROM members_roleassignment",
    "DELETE FROM kok_dispatch",
)


@pytest.fixture
def login(transactional_db: None) -> Callable[..., Any]:
    """Signs in with a role, as its process does; fails with a sentence where one role does everything."""
    if not rights.is_separate():
        pytest.fail(rights.ONE_ROLE)
    connect = connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}
    connect.pop("options")
    connect.pop("context")
    if "password" in connect:  # of a server that asks for one
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
            for role in ROLES:
                cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), connect["password"]))
            cursor.execute(f"SET ROLE {WEB}")

    @contextmanager
    def sign_in(role: str, **more: str) -> Iterator[psycopg.Connection]:
        with psycopg.connect(**connect | {"user": role} | more, autocommit=True) as own:
            yield own

    return sign_in


@pytest.fixture
def world(login: object) -> None:
    """A released and confirmed list of two, with all its proofs."""
    an_agreement()
    by = an_access()
    acknowledged(released(a_draft(people(2), by=by)))
    audit.record(by=None, action="test", now=NOW)
    sending = Sending(SentSubject("thing", 1, version="1"), Addressee("Erika Beispiel"))
    dispatch.promised(key="thing:1", kind="letter", sending=sending, now=NOW)


def _state() -> dict[str, list[Any]]:
    with as_owner(), connection.cursor() as cursor:
        found = {}
        for table in KEPT:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t ORDER BY 1")
            found[table] = cursor.fetchall()
        cursor.execute("SELECT relname, relacl FROM pg_class WHERE relname = ANY(%s) ORDER BY 1", [list(KEPT)])
        found["rights"] = cursor.fetchall()
    return found


def _done_by(own: psycopg.Connection, statements: tuple[str, ...]) -> list[str]:
    """Those that the database carried out, under all that ever opened a door."""
    done = []
    for statement in statements:
        try:
            with own.transaction():
                own.execute("SET LOCAL kok.erasure = 'on'")
                own.execute("SET LOCAL kok.reseal = 'on'")
                own.execute(statement)
        except psycopg.Error:
            continue
        done.append(statement)
        own.execute("RESET ALL")
    return done


def test_given_the_role_of_the_web_when_it_tries_every_trick_then_it_can_do_none_and_nothing_changed(
    world: None, login: Any
) -> None:
    before = _state()
    assert all(before.values()), "otherwise nothing is tried"
    with login(WEB) as own:
        tricks = (*(power for power in POWERS if not power.endswith(f" {WEB}")), *NOBODY_CHANGES, *ONLY_THE_WORKER)
        assert _done_by(own, tricks) == []
        _done_by(own, ("GRANT ALL ON kok_auditevent TO PUBLIC",))  # a warning, and nothing given
    assert _state() == before


def test_given_the_role_of_the_worker_when_it_tries_more_than_to_erase_then_it_can_do_nothing_of_it(
    world: None, login: Any
) -> None:
    before = _state()
    with login(WORKER) as own:
        tricks = (*(power for power in POWERS if not power.endswith(f" {WORKER}")), *NOBODY_CHANGES)
        assert _done_by(own, tricks) == []
        assert _state() == before
        assert _done_by(own, ("DELETE FROM transitions_acknowledgement",)) == [
            "DELETE FROM transitions_acknowledgement"
        ]
    assert not _state()["transitions_acknowledgement"]


@pytest.mark.parametrize("role", [BEAT, BACKUP])
def test_given_the_roles_of_beat_and_backup_when_they_write_or_beat_reads_of_cases_then_the_database_refuses(
    world: None, login: Any, role: str
) -> None:
    before = _state()
    reads = tuple(f"SELECT FROM {table}" for table in sorted(rights.tables()))
    with login(role) as own:
        tricks = (*(power for power in POWERS if not power.endswith(f" {role}")), *NOBODY_CHANGES, *ONLY_THE_WORKER)
        assert _done_by(own, tricks) == []
        readable = _done_by(own, reads)
    assert _state() == before
    if role == BACKUP:
        assert readable == list(reads)
    else:
        assert not [each for each in readable if "transitions_" in each or "reporting_" in each or "meetings_" in each]
        assert _columns_read("kok_dispatch") == {"id", "key", "result"}


def _columns_read(table: str) -> set[str]:
    """By beat."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
            "AND has_column_privilege(%s, attrelid, attnum, 'SELECT')", [table, BEAT],
        )  # fmt: skip
        return {name for (name,) in cursor.fetchall()}


def test_given_a_table_of_ones_own_with_the_name_of_ours_when_a_trigger_asks_then_it_asks_ours(
    world: None, login: Any
) -> None:
    """PostgreSQL looks among temporary tables first, unless a function says otherwise."""
    before = _state()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"GRANT TEMPORARY ON DATABASE {connection.settings_dict['NAME']} TO {WEB}")
    try:
        with login(WEB) as own:
            for table in ("transitions_transitionlistversion", "transitions_transitioncase", "kok_auditevent"):
                own.execute(f"CREATE TEMPORARY TABLE {table} AS SELECT * FROM public.{table}")
            own.execute("UPDATE pg_temp.transitions_transitionlistversion SET state = 'DRAFT'")
            own.execute("UPDATE pg_temp.transitions_transitioncase SET named_at = NULL")
            deleted = ("DELETE FROM public.transitions_caseentry", "DELETE FROM public.transitions_caseevent")
            assert _done_by(own, deleted) == []
    finally:
        with as_owner():
            rights.give()
    assert _state() == before


@pytest.mark.django_db
def test_given_the_rights_that_are_written_down_when_compared_with_the_database_then_they_are_the_same() -> None:
    if not rights.is_separate():
        pytest.fail(rights.ONE_ROLE)
    assert rights.problems() == []
    assert rights.tables() == set(connection.introspection.table_names())


NUMBERED = """
SELECT relname, attname, pg_get_serial_sequence(format('%I', relname), attname)
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attidentity <> '' ORDER BY relname
"""


@pytest.mark.parametrize("role", [*PROCESSES, BACKUP])
def test_given_a_role_when_it_chooses_a_number_that_the_database_gives_then_every_table_refuses(
    login: Any, role: str
) -> None:
    """Who takes the numbers that come next stops the application, the night and its mails."""
    with connection.cursor() as cursor:
        cursor.execute(NUMBERED)
        numbered = cursor.fetchall()
        cursor.execute("SELECT count(*) FROM pg_sequences WHERE schemaname = 'public'")
        assert (len(numbered),) == cursor.fetchone(), "no table counts in another way"
    assert len(numbered) > 60
    ways = tuple(
        way
        for table, number, counter in numbered
        for way in (
            f"INSERT INTO {table} ({number}) VALUES (DEFAULT)",
            f"INSERT INTO {table} ({number}) OVERRIDING SYSTEM VALUE SELECT 7 WHERE false",
            f"INSERT INTO {table} SELECT * FROM {table} WHERE false",
            f"UPDATE {table} SET {number} = 7 WHERE false",
            f"SELECT nextval('{counter}')",
            f"SELECT setval('{counter}', 7)",
        )
    )
    with login(role) as own:
        assert _done_by(own, ways) == []
        for table, number, _ in numbered:
            with (
                pytest.raises(psycopg.errors.InsufficientPrivilege),
                own.cursor().copy(f"COPY {table} ({number}) FROM STDIN"),
            ):
                pass


def test_given_beat_that_wants_the_numbers_that_come_next_when_the_application_writes_then_it_goes_on(
    login: Any,
) -> None:
    """What beat may write it writes, and the numbers of others stay theirs."""
    columns = "chain, object_id, number, at, salt, is_gone, state, marks, proof, seal"
    values = "'trail', '7', 1, now(), gen_random_uuid(), false, '', '', '', ''"
    with login(BEAT) as own:
        ahead = f"INSERT INTO kok_seal (id, {columns}) SELECT g, {values} FROM generate_series(1, 9) AS g"
        allowed = f"INSERT INTO kok_seal ({columns}) VALUES ({values})"
        assert _done_by(own, (ahead, allowed)) == [allowed]
    audit.record(by=None, action="test", now=NOW)
    assert audit.newest("test")[0] is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("CREATE TABLE forgotten (word varchar(9))", "Für die Tabelle forgotten sind keine Rechte festgelegt."),
        (
            f"GRANT DELETE ON kok_auditevent TO {WEB}",
            "Die Rolle kok_web darf in der Tabelle kok_auditevent zu viel: DELETE.",
        ),
        (
            f"GRANT UPDATE (actor) ON kok_auditevent TO {WEB}",
            "Die Rolle kok_web darf in der Tabelle kok_auditevent zu viel: UPDATE.",
        ),
        (
            f"REVOKE SELECT ON kok_pulse FROM {BEAT}",
            "Der Rolle kok_beat fehlt in der Tabelle kok_pulse: SELECT.",
        ),
        (
            f"GRANT INSERT ON kok_seal TO {BEAT}",
            "Die Rolle kok_beat darf in der Tabelle kok_seal zu viel: INSERT (Nummer).",
        ),
        (
            f"GRANT UPDATE (id) ON kok_outboxmessage TO {WEB}",
            "Die Rolle kok_web darf in der Tabelle kok_outboxmessage zu viel: UPDATE (Nummer).",
        ),
        (
            f"REVOKE UPDATE (told_at) ON kok_pulse FROM {BEAT}",
            "Der Rolle kok_beat fehlt in der Tabelle kok_pulse: UPDATE.",
        ),
        (
            f"GRANT SELECT ON kok_dispatch TO {BEAT}",
            "Die Rolle kok_beat liest in der Tabelle kok_dispatch andere Spalten als id, key, result.",
        ),
        (
            f"REVOKE SELECT (result) ON kok_dispatch FROM {BEAT}",
            "Die Rolle kok_beat liest in der Tabelle kok_dispatch andere Spalten als id, key, result.",
        ),
        (
            f"GRANT USAGE ON kok_seal_id_seq TO {BEAT}",
            "Die Rolle kok_beat darf die Zählung kok_seal_id_seq verstellen.",
        ),
        ("GRANT TRUNCATE ON kok_pulse TO PUBLIC", "Die Rolle kok_web darf in der Tabelle kok_pulse zu viel: TRUNCATE."),
        (
            "ALTER TABLE kok_auditevent DISABLE TRIGGER kok_audit_guard",
            "Ein Wächter der Tabelle kok_auditevent ist abgeschaltet (kok_audit_guard).",
        ),
        (
            f"SET ROLE NONE; ALTER ROLE {BACKUP} CONNECTION LIMIT -1",
            "Die Rolle kok_backup darf alle Verbindungen zur Datenbank belegen.",
        ),
        (f"GRANT CREATE ON SCHEMA public TO {WORKER}", "Die Rolle kok_worker darf im Schema public etwas anlegen."),
    ],
)
def test_given_another_right_than_written_down_when_looked_for_then_it_is_named(statement: str, sentence: str) -> None:
    if not rights.is_separate():
        pytest.fail(rights.ONE_ROLE)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert sentence in rights.problems()
    assert list(inspections.RIGHTS.look(NOW.date())) == rights.problems()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (f"GRANT {WORKER} TO {WEB}", "Die Rolle kok_web handelt auch als kok_worker."),
        (f"ALTER ROLE {WEB} SUPERUSER", "Die Rolle kok_web hat Macht über den Server."),
        (f"ALTER ROLE {BACKUP} BYPASSRLS", "Die Rolle kok_backup hat Macht über den Server."),
        (
            f"ALTER ROLE {WEB} SET default_transaction_read_only = on",
            "Die Rolle kok_web beginnt mit einer fremden Einstellung: default_transaction_read_only=on.",
        ),
        (
            f"ALTER ROLE {WORKER} IN DATABASE postgres SET search_path = nowhere",
            "Die Rolle kok_worker beginnt mit einer fremden Einstellung: search_path=nowhere.",
        ),
        (f"ALTER ROLE {WORKER} RESET lock_timeout", "Der Rolle kok_worker fehlt eine Einstellung: lock_timeout=5s."),
        (
            f"ALTER ROLE {BACKUP} RESET temp_file_limit",
            "Der Rolle kok_backup fehlt eine Einstellung: temp_file_limit=256MB.",
        ),
        (f"ALTER ROLE {BEAT} RESET ALL", "Der Rolle kok_beat fehlt eine Einstellung: log_min_messages=log."),
        (
            f"ALTER ROLE {WEB} SET lock_timeout = '1ms'",
            "Die Rolle kok_web beginnt mit einer fremden Einstellung: lock_timeout=1ms.",
        ),
    ],
)
def test_given_a_role_with_power_when_the_tables_are_to_be_made_then_it_is_named(statement: str, sentence: str) -> None:
    if not rights.is_separate():
        pytest.fail(rights.ONE_ROLE)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(statement)
        cursor.execute(f"SET LOCAL ROLE {WEB}")
    assert sentence in rights.problems_of_roles()


@pytest.mark.parametrize(("role", "longest"), [(WEB, "10s"), (WORKER, "5s"), (BEAT, "5s"), (BACKUP, "5min")])
def test_given_a_lock_that_another_role_holds_when_a_process_waits_then_only_some_seconds(
    login: Any, role: str, longest: str
) -> None:
    with login(role) as own:
        assert own.execute("SHOW lock_timeout").fetchone() == (longest,)


@pytest.mark.logs_errors
def test_given_a_turn_that_web_holds_when_the_night_comes_then_it_ends_and_says_so_and_mails_go(
    login: Any, monkeypatch: Any
) -> None:
    monkeypatch.setitem(outbox._builders, "x", lambda row: outbox.Mail("Betreff", "Text"))
    now = clock.now()
    an_outbox_row(next_try_at=now, to="a@example.org")
    unlisted = {"rule": "x", "due": 0, "erased": 0, "failed": "", "is_listed": False, "checksum": ""}
    with as_worker():
        ErasureRun.objects.create(at=now - timedelta(days=1), report=[unlisted])  # so that the sweep waits for its turn
    with transaction.atomic():
        turns.wait("erasure")
    with login(WEB) as own, as_worker(), connection.cursor() as cursor:
        own.execute("BEGIN; SELECT FROM kok_turn WHERE name = 'erasure' FOR UPDATE")
        cursor.execute("SET lock_timeout = '10ms'")  # the tests sign in as nobody who has one
        try:
            with pytest.raises(OperationalError):
                erasure.run(now=now)
            with suppress(OperationalError):
                tasks.sweep()
        finally:
            cursor.execute("SET lock_timeout = 0")
    assert health.ask_erasure(now + timedelta(minutes=20)) == ["Der letzte Löschlauf kam nicht zu Ende."]
    assert [message.subject for message in mail.outbox] == ["Betreff"]
    with as_worker():
        erasure.run(now=now + timedelta(days=1))
    assert health.ask_erasure(now + timedelta(days=1, minutes=20)) == []


@pytest.mark.django_db
def test_given_all_roles_when_each_takes_the_connections_it_may_then_none_lacks_those_of_its_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolconnlimit FROM pg_roles WHERE rolname = ANY(%s)", [list(ROLES)])
        most = dict(cursor.fetchall())
    assert most.keys() == set(ROLES)
    assert min(most.values()) > 0
    assert sum(most.values()) <= 97, "of the 100 of PostgreSQL, three are for its administrator"


TURN = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"


@pytest.mark.parametrize("role", [BEAT, BACKUP])
def test_given_a_role_that_does_none_of_the_work_when_it_wants_a_lock_of_a_session_then_the_database_refuses(
    login: Any, role: str
) -> None:
    """Else it held mails up, or filled the place for locks that all who use the server share."""
    with login(role) as own, connection.cursor() as cursor:
        cursor.execute("SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE %s", ["%advisory%"])
        functions = [name for (name,) in cursor.fetchall()]
        calls = [re.sub(r"bigint|integer", "1", name) for name in functions]
        assert len(calls) > 15
        assert _done_by(own, [f"SELECT {call}" for call in calls]) == []


def test_given_a_right_in_locks_that_somebody_gave_back_when_the_night_looks_then_it_names_the_role(login: Any) -> None:
    with as_administrator(), connection.cursor() as cursor:
        cursor.execute(f"GRANT EXECUTE ON FUNCTION pg_advisory_lock(bigint) TO {BACKUP}")
    try:
        assert rights.problems() == [f"Die Rolle {BACKUP} darf Sperren nehmen, die alle anderen aufhalten."]
    finally:
        with as_administrator(), connection.cursor() as cursor:
            cursor.execute(f"REVOKE EXECUTE ON FUNCTION pg_advisory_lock(bigint) FROM {BACKUP}")


def test_given_a_worker_at_the_mails_when_another_comes_then_it_waits_and_beat_tells_all_the_same(
    login: Any, monkeypatch: Any
) -> None:
    monkeypatch.setitem(outbox._builders, "x", lambda row: outbox.Mail("Betreff", "Text"))
    an_outbox_row(next_try_at=NOW, to="a@example.org")
    with login(WORKER) as own:
        own.execute(TURN, ["delivery"])
        assert outbox.deliver(now=NOW) == 0
        assert outbox.deliver_kind("x", now=NOW) == 1


@pytest.mark.parametrize("lock", ["UPDATE", "SHARE", "KEY SHARE"])
def test_given_the_role_of_backups_when_it_wants_a_turn_of_a_transaction_then_the_database_refuses(
    login: Any, lock: str
) -> None:
    with transaction.atomic():
        turns.wait("erasure")
    with login(BACKUP) as own:
        assert _done_by(own, (f"SELECT FROM kok_turn FOR {lock}", "LOCK TABLE kok_turn")) == []
    with transaction.atomic():
        turns.wait("erasure")


@pytest.mark.django_db
def test_given_one_role_for_everything_when_it_works_then_it_may_erase_and_production_learns_why_not() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        if rights.is_separate():
            pytest.skip("the login of these tests is a role of ours")
        cursor.execute(f"REVOKE ALL ON kok_auditevent FROM {', '.join((*PROCESSES, BACKUP))}")
        assert rights.problems() == rights.problems_of_roles() == [rights.ONE_ROLE]
        assert rights.may_erase()


@pytest.mark.parametrize("role", [*PROCESSES, BACKUP])
def test_given_the_statements_that_make_the_roles_when_one_wants_to_fill_the_disk_then_the_database_refuses(
    login: Any, role: str
) -> None:
    sorting = "SELECT count(*) FROM (SELECT repeat(md5(g::text), 90) FROM generate_series(1, 400000) g ORDER BY 1) s"
    ways = ("SELECT lo_create(0)", "SELECT lo_creat(0)", "SELECT lo_from_bytea(0, '')",
            "SELECT pg_logical_emit_message(false, 'x', 'x')", sorting)  # fmt: skip
    with login(role) as own:
        assert _done_by(own, ways) == []
        for database in ("postgres", "template1"):
            held = "SELECT has_database_privilege(%s, 'CONNECT'), has_database_privilege(%s, 'TEMPORARY')"
            assert own.execute(held, [database, database]).fetchone() == (False, False)


def test_given_a_setting_of_the_database_when_the_application_begins_a_connection_then_it_changes_nothing(
    login: Any,
) -> None:
    name = connection.get_connection_params()["dbname"]
    options = {"options": options_of(WEB)}

    def shown(**more: str) -> tuple[str, ...]:
        names = ("transaction_isolation", "default_transaction_read_only", "lock_timeout", "search_path")
        with login(WEB, **more) as own:
            return tuple(own.execute(f"SHOW {each}").fetchone()[0] for each in names)

    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE \"{name}\" SET default_transaction_isolation = 'repeatable read'")
        cursor.execute(f'ALTER DATABASE "{name}" SET search_path = nowhere')
    try:
        assert shown() == ("repeatable read", "off", "10s", "nowhere")
        assert shown(**options) == ("read committed", "off", "10s", "public")
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" RESET ALL')


@pytest.mark.django_db
def test_given_the_application_when_it_begins_a_connection_then_it_says_itself_what_it_relies_on() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_settings WHERE source = 'client'")
        said = {name for (name,) in cursor.fetchall()}
    assert {"default_transaction_isolation", "default_transaction_read_only", "synchronous_commit"} <= said
