"""manage.py works on its own, and importing the settings starts nothing."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from kok.embedded import PROJECT, Services


def _run(var: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    theirs = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
    environment = {name: value for name, value in os.environ.items() if name not in theirs}
    environment |= {"KOK_VAR": str(var), "DJANGO_SETTINGS_MODULE": "kok.settings", **more}
    return subprocess.run(
        [sys.executable, *command], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "var"


def test_given_no_server_when_the_settings_are_imported_then_nothing_starts(var: Path) -> None:
    done = _run(var, "-c", "import django; django.setup()")
    assert done.returncode == 0, done.stderr
    assert not var.exists()


@pytest.mark.parametrize("arguments", [["help"], ["migrate", "--help"], ["check"], []])
def test_given_a_command_without_data_when_called_then_no_database_starts(var: Path, arguments: list[str]) -> None:
    assert _run(var, "manage.py", *arguments).returncode == 0
    assert not var.exists()


def test_given_no_database_when_a_command_needs_one_then_it_starts_says_so_aside_and_stops(var: Path) -> None:
    done = _run(var, "manage.py", "showmigrations", "kok")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("kok\n")
    assert done.stderr == f"Die eingebettete Datenbank läuft in {var / 'postgres'}.\n"
    assert not Services(var).database.server.is_running()


def test_given_a_running_database_when_a_command_ends_then_it_goes_on_running(cluster_var: Path) -> None:
    with Services(cluster_var) as services:
        services.start_database()
        done = _run(cluster_var, "manage.py", "showmigrations", "kok")
        assert (done.returncode, done.stderr) == (0, "")
        assert services.database.server.is_running()


def test_given_an_unusable_folder_when_a_command_needs_a_database_then_exit_1_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    done = _run(tmp_path / "var", "manage.py", "showmigrations")
    assert done.returncode == 1
    assert done.stderr.startswith("Der Ordner ")
    assert "Traceback" not in done.stderr


def test_given_a_command_when_wrapped_then_it_sees_both_addresses_and_its_exit_code_counts(
    cluster_var: Path,
) -> None:
    program = "import os, sys; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL']); sys.exit(7)"
    done = _run(cluster_var, "-m", "kok.embedded", "run", "--", sys.executable, "-c", program)
    assert done.returncode == 7
    assert done.stdout.startswith("postgresql://")
    assert "redis+socket://" in done.stdout
    assert not Services(cluster_var).broker.server.is_running()


def test_given_a_setting_in_a_file_when_servers_start_then_it_counts_like_one_in_the_environment(
    var: Path, tmp_path: Path
) -> None:
    place, mode = tmp_path / "place", tmp_path / "mode"
    place.write_text(f"{tmp_path / 'other'}\n")
    mode.write_text("production\n")
    wrapped = ("-m", "kok.embedded", "run", "--", "true")
    refused = _run(var, *wrapped, KOK_MODE_FILE=str(mode))
    assert (refused.returncode, refused.stderr[:37]) == (1, "Im Betrieb laufen keine eingebetteten")
    assert _run(var, *wrapped, KOK_VAR_FILE=str(place)).returncode == 0
    assert (tmp_path / "other" / "postgres" / "data").exists()
    assert not var.exists()
    unreadable = _run(var, *wrapped, KOK_VAR_FILE=str(tmp_path / "none"))
    assert (unreadable.returncode, unreadable.stderr[:35]) == (1, "Die Datei, die KOK_VAR_FILE nennt, ")


# Asks itself to end right after it started the program that the first argument names.
_ASKED_TO_END = """
import os, runpy, signal, subprocess, sys
name, place = sys.argv[1:3]
class Popen(subprocess.Popen):
    def __init__(self, command, **more):
        super().__init__(command, **more)
        if os.path.basename(command[0]) == name:
            open(place, "w").write(str(self.pid))
            os.kill(os.getpid(), signal.SIGTERM)
subprocess.Popen = Popen
sys.argv[1:] = ["run", "--", "sleep", "61"]
runpy.run_module("kok.embedded", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize("program", ["valkey-server", "sleep"])
def test_given_a_wrapped_command_when_asked_to_end_at_any_moment_then_neither_it_nor_a_server_stays(
    cluster_var: Path, tmp_path: Path, program: str
) -> None:
    place = tmp_path / "pid"
    began = time.monotonic()
    done = _run(cluster_var, "-c", _ASKED_TO_END, program, str(place))
    pid = int(place.read_text())
    try:
        assert done.returncode == 128 + signal.SIGTERM, done.stderr
        assert time.monotonic() - began < 60, "it waited for the command"
        assert not Path(f"/proc/{pid}").exists()
        assert not Services(cluster_var).database.server.is_running()
        assert not Services(cluster_var).broker.server.is_running()
    finally:
        with Services(cluster_var) as left:
            left.start_database()
            left.start_broker()
        with suppress(OSError):
            if Path(f"/proc/{pid}/comm").read_text() == "sleep\n":
                os.kill(pid, signal.SIGKILL)
