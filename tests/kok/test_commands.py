"""Every command on a database that is not set up or not there: one sentence, exit code 2, no traceback."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command, get_commands, load_command_class
from django.db import connection

from kok import chain_ends, configuration, vault
from kok.database.roles import WEB
from kok.embedded import PROJECT
from kok.management.base import KokCommand
from kok.models import AuditEvent, Seal
from tests.builders import a_user, an_agreement
from tests.processes import free_port
from tests.roles import as_owner, as_worker

AGREEMENT = ("--agreement", "wetteraukreis")
# Every command of ours that asks the database, with arguments that lead it there.
COMMANDS: dict[str, tuple[str, ...]] = {
    "check_receipts": (),
    "check_seals": (),
    "deadlines": (*AGREEMENT, "--year", "2027"),
    "demo": (),
    "erase": (),
    "first_account": ("--admin", "--username", "technik", "--email", "technik@example.org"),
    "import_dataset": (str(PROJECT / "README.md"), *AGREEMENT),
    "load_agreement": (str(PROJECT / "agreements" / "wetterau-2022.toml"),),
    "mark_names": (),
    "lost_factor": ("--username", "technik"),
    "mend_account": ("--number", "1", "--email", "technik@example.org"),
    "minutes_pdf": ("KoK-06440-2026-01", "--output", os.devnull),
    "reminders": (),
    "rotate_case_keys": (),
    "secretariat": AGREEMENT,
    "termination": (*AGREEMENT, "--received-on", "2027-05-01"),
}
WITHOUT_DATABASE = {"age_limit", "case_key", "database_roles"}


# Those that write something sealed.
WRITING = (
    "erase", "first_account", "import_dataset", "load_agreement", "lost_factor", "mark_names", "mend_account",
    "rotate_case_keys",
)  # fmt: skip


def test_given_the_commands_when_listed_then_each_is_tried_here() -> None:
    ours = {name for name, app in get_commands().items() if isinstance(load_command_class(app, name), KokCommand)}
    assert ours == COMMANDS.keys() | WITHOUT_DATABASE


@pytest.fixture
def other_key(settings: Any) -> Iterator[None]:
    """A database that was sealed with another CASE_LOG_KEY than the one that is set now, as after a restore."""
    an_agreement()
    a_user(role="admin")
    assert chain_ends.ends()
    settings.CASE_KEYS, settings.FACTOR_KEYS = vault._given("CASE_KEYS"), vault._given("FACTOR_KEYS")
    settings.CASE_NAME_KEY, settings.CASE_LOG_KEY = vault._given("CASE_NAME_KEY"), vault.new_hmac_key()
    vault.forget_keys()
    yield
    vault.forget_keys()


@pytest.mark.django_db
@pytest.mark.parametrize("name", WRITING)
def test_given_a_database_sealed_with_another_key_when_a_command_would_write_then_it_refuses_and_nothing_is_there(
    name: str, capsys: pytest.CaptureFixture[str], other_key: None, tmp_path: Path
) -> None:
    before = [Seal.objects.count(), AuditEvent.objects.count()]
    figures = tmp_path / "zahlen.csv"
    figures.write_text("Kennzahl;Wert\n")
    with as_worker(), pytest.raises(SystemExit) as ended:
        call_command(name, *((str(figures),) if name == "import_dataset" else COMMANDS[name]))
    told = capsys.readouterr()
    assert (ended.value.code, told.out) == (1, "")
    assert told.err.startswith("Kein Siegel dieser Datenbank passt zu CASE_LOG_KEY. Es wurde nichts geändert.")
    assert [Seal.objects.count(), AuditEvent.objects.count()] == before


@pytest.mark.django_db
def test_given_a_lost_key_when_the_accounts_are_sealed_with_the_new_one_then_commands_write_again(
    other_key: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("mend_account", "--all")
    chain_ends.ends()
    with as_worker():
        call_command("erase")
    assert "0 gelöscht." in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize("name", COMMANDS)
def test_given_an_empty_database_when_a_command_runs_then_it_says_migrate_and_ends_with_2(
    name: str, capsys: pytest.CaptureFixture[str], settings: object, tmp_path: Path
) -> None:
    settings.KOK_VAR = tmp_path  # type: ignore[attr-defined]
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA leer; SET LOCAL search_path TO leer")
    with pytest.raises(SystemExit) as ended:
        call_command(name, *COMMANDS[name])
    told = capsys.readouterr()
    assert (ended.value.code, told.out) == (2, "")
    assert told.err.startswith("Die Datenbank ist noch nicht eingerichtet")
    assert "manage.py migrate" in told.err
    assert len(told.err.splitlines()) == 1


@pytest.mark.django_db
def test_given_a_right_that_is_missing_when_a_command_runs_then_a_sentence_says_who_gives_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"REVOKE ALL ON members_agreement FROM {WEB}")
    with pytest.raises(SystemExit) as ended:
        call_command("secretariat", *AGREEMENT)
    told = capsys.readouterr()
    assert (ended.value.code, told.out) == (2, "")
    assert told.err.startswith("Die Rolle, mit der sich dieser Befehl anmeldet, darf das in der Datenbank nicht.")


def _without_that_database(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False,
        env=configuration.without(os.environ)
        | {"DJANGO_SETTINGS_MODULE": "kok.settings", "KOK_MODE": "demo", "DATABASE_URL": url},
    )  # fmt: skip


@pytest.mark.parametrize("arguments", [("reminders",), ("migrate", "--plan"), ("migrate", "--check")])
def test_given_no_database_when_a_command_runs_then_a_sentence_says_what_to_check(arguments: tuple[str, ...]) -> None:
    done = _without_that_database(f"postgresql://kok:geheim@127.0.0.1:{free_port()}/kok", *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("Die Datenbank ist nicht zu erreichen")
    assert len(done.stderr.splitlines()) == 1


def test_given_a_host_that_nobody_knows_when_a_command_runs_then_the_name_is_questioned() -> None:
    done = _without_that_database("postgresql://kok@niemand.invalid/kok", "reminders")
    assert done.returncode == 2
    assert done.stderr.startswith("Den Server der Datenbank gibt es unter diesem Namen nicht.")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("wrong", [{"netloc": "niemand@"}, {"path": "/niemand"}], ids=["user", "database"])
@pytest.mark.usefixtures("db")
def test_given_a_server_that_refuses_when_a_command_runs_then_user_password_and_database_are_questioned(
    wrong: dict[str, str],
) -> None:
    server = urlsplit(os.environ["DATABASE_URL"])
    if "netloc" in wrong:
        wrong = {"netloc": wrong["netloc"] + server.netloc.rpartition("@")[2]}
    done = _without_that_database(server._replace(**wrong).geturl(), "reminders")
    assert done.returncode == 2
    assert done.stderr.startswith("Der Server der Datenbank antwortet, lässt die Anwendung aber nicht ein.")
    assert len(done.stderr.splitlines()) == 1


def test_given_no_mail_server_when_the_test_mail_is_sent_then_a_sentence_says_what_to_check(tmp_path: Path) -> None:
    nowhere = {"KOK_MODE": "demo", "DATABASE_URL": "postgresql:///niemand", "KOK_VAR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "manage.py", "sendtestemail", "technik@example.org"], cwd=PROJECT, capture_output=True,
        text=True, check=False, env=configuration.without(os.environ)
        | {"DJANGO_SETTINGS_MODULE": "kok.settings", "EMAIL_URL": f"smtp://127.0.0.1:{free_port()}"} | nowhere,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("Die Testmail ging nicht hinaus")
    assert len(done.stderr.splitlines()) == 1
