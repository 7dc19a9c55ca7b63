"""What every test gets: its own database, no network, and failure on anything logged as an error."""

import gc
import logging
import os
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis
from playwright.sync_api import expect

from kok import pdf, vault
from kok.database.roles import MAKING, OWNER, WEB
from kok.embedded import Services
from kok.embedded.versions import versions
from kok.vocabulary import ACTS, DOCUMENTS, MAILS
from tests.roles import as_administrator, unguarded
from tests.settings import RUN

# What tests make up has words too.
_MADE_UP = ["test", "test.before", "test.after", "test.changed", "test.deleted", "test.long", "test.other"]
_MADE_UP += [f"inspection.{slug}-{outcome}" for slug in ("probe", "bad") for outcome in ("passed", "failed")]
ACTS.add(dict.fromkeys(_MADE_UP, "Probe"))
MAILS.add(dict.fromkeys(["x", "y", "duty", "letter", "stale", "obsolete", "broken"], "Probe"))
DOCUMENTS.add({"x": "Probe"})

pytest_plugins = ["pytester", "tests.processes", "tests.worlds"]

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs an event loop in the thread of the test

# A busy machine, or the first look into the calendar of a process, is no defect.
hypothesis.register_profile("kok", deadline=None, print_blob=True)
hypothesis.load_profile("kok")
expect.set_options(timeout=15_000)

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--lang=de-DE",
]


def _may_be_slow(path: Path) -> bool:
    return path.suffix != ".py" or "mark.slow" in path.read_text(encoding="utf-8")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Who asks for slow tests only does not wait until all files were read that hold none."""
    skips = config.option.markexpr == "slow" and collection_path.name.startswith("test_")
    return True if skips and not _may_be_slow(collection_path) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything below tests/browser/ carries the mark `browser`. No slow test is one that its file does not name."""
    for item in items:
        assert not item.get_closest_marker("slow") or _may_be_slow(item.path), item.nodeid
        if item.path.relative_to(Path(__file__).parent).parts[0] == "browser":
            item.add_marker(pytest.mark.browser)


def pytest_collection_finish() -> None:
    """What the application consists of stays: looking through it for what can go was a tenth of the time.

    Python looks at everything whenever 700 new things stand; a page makes thousands.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_report_header() -> str:
    """What the tests run on."""
    return ", ".join(versions(RUN))


@pytest.fixture(autouse=True, scope="session")
def _own_keys() -> None:
    """Read before a test moves the folder of state: what it seals is known to the worker of the next one."""
    vault.signature("")


@pytest.fixture(autouse=True, scope="session")
def _no_fonts_left() -> Iterator[None]:
    """The processes of pytest-xdist end without Python's own end, as the children of a worker do."""
    yield
    gc.collect()
    pdf.forget()


@pytest.fixture(scope="session")
def cluster() -> Iterator[None]:
    """One embedded database server for all processes of the run; none when DATABASE_URL names another."""
    with Services(RUN, fsync=False) as services:
        if os.environ.get("DATABASE_OWNER_URL") == services.database.server.url:
            services.start_database()
        yield


def _begin_as(role: str) -> None:
    """Every connection from now on, where the roles are separate."""
    if "DATABASE_OWNER_URL" in os.environ:
        options = connection.settings_dict["OPTIONS"]
        options["options"] = re.sub(r"role=\w+", f"role={role}", options["options"])
        connection.close()


@pytest.fixture(scope="session")
def _owner_first(cluster: None, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The test database is made, filled and migrated by the owner, who may make databases here."""
    if "DATABASE_OWNER_URL" in os.environ:
        with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as login:
            login.execute("SELECT pg_advisory_lock(1)")  # each process of pytest-xdist does so
            login.execute(f"ALTER ROLE {OWNER} CREATEDB")
    _begin_as(OWNER)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(_owner_first: None) -> None:
    """The server runs before pytest-django makes the test database of this process."""


@pytest.fixture(scope="module")
def kept_for_the_file(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What a fixture of a whole file writes is there for each of its tests, which undo what they do themselves."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Tests speak with this machine only."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"A test wants to reach {address[0]}.")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(autouse=True)
def _no_logged_errors(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """An ERROR in the log fails the test, unless it is marked `logs_errors`."""
    yield
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    errors = [record.getMessage() for record in records if record.levelno >= logging.ERROR]
    if errors and not request.node.get_closest_marker("logs_errors"):
        pytest.fail("logged as an error: " + " | ".join(errors))


@pytest.fixture(autouse=True)
def _nothing_told_outside() -> None:
    """No test finds the ends of chains that another one had."""
    (settings.KOK_CHAIN_ENDS / "chain-ends.jsonl").unlink(missing_ok=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium of the machine."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        pytest.fail("Chromium is missing: bin/test installs it or says how.")
    return {**browser_type_launch_args, "executable_path": found, "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A browser in Hessen."""
    return {**browser_context_args, "locale": "de-DE", "timezone_id": "Europe/Berlin"}


def _take_from_everybody(cursor: Any) -> None:
    """What `roles.sql` takes in the database of the application; one process after the other, as it changes roles."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as login:
        login.execute("SELECT pg_advisory_lock(1)")
        cursor.execute(f"SET ROLE NONE; {MAKING.read_text()}; SET ROLE {OWNER}")


# No row has a number that one of another table has, nor one that might be a count: what is put back keeps its number.
FAR_APART = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1000 * row_number() OVER (ORDER BY sequencename))
  FROM pg_sequences WHERE schemaname = 'public'"""


# What a test with transactions of its own wrote; whoever still writes is waited for.
# A few rows are deleted in a tenth of the time in which PostgreSQL makes a hundred tables anew.
WRITTEN = """
DO $$
DECLARE
    tables text; one text; has_rows boolean;
BEGIN
    SELECT string_agg(format('%I', tablename), ', ') INTO tables FROM pg_tables
     WHERE schemaname = 'public' AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission');
    EXECUTE 'LOCK TABLE ' || tables || ' IN SHARE ROW EXCLUSIVE MODE';
    FOREACH one IN ARRAY string_to_array(tables, ', ') LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', one) INTO has_rows;
        IF has_rows THEN
            EXECUTE 'DELETE FROM ' || one;
        END IF;
    END LOOP;
END $$"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """From here on tests are web. Those with transactions of their own are cleaned past all guards and triggers, where
    one role does everything by the TRUNCATE of Django. Before the test database goes, connections that threads of live
    servers left open are closed.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(FAR_APART)
        if "DATABASE_OWNER_URL" in os.environ:
            _take_from_everybody(cursor)
    _begin_as(WEB)
    with pytest.MonkeyPatch.context() as patch:
        clean = TransactionTestCase._fixture_teardown

        def cleaned(test: TransactionTestCase) -> None:
            if "DATABASE_OWNER_URL" not in os.environ:
                with unguarded("transitions_accesslogentry", "transitions_accesslogday"):
                    clean(test)
                return
            with transaction.atomic(), as_administrator(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
                cursor.execute(WRITTEN)

        patch.setattr(TransactionTestCase, "_fixture_teardown", cleaned)
        yield
    _begin_as(OWNER)
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")  # the login, whose sessions the roles of the application may not end
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
