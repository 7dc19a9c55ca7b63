"""bin/setup with stand-ins for the programs it calls: what it does the first, the second, and a failing time."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kok.embedded import PROJECT

STAND_IN = '#!/usr/bin/env bash\necho "$(basename "$0") $*" >>"$CALLS"\n[[ "$*" != *"$FAILS"* || -z "$FAILS" ]]\n'
FILES = ("bin", "requirements", "package.json", "package-lock.json", ".npmrc", "static")
CHECKS = ("ruff", "mypy", "lint-imports", "djlint", "check-jsonschema", "hadolint", "pytest")


class Machine:
    """A copy of what bin/setup reads, with programs that only write down how they were called."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "kok"
        self.calls = folder / "calls"
        for name in FILES:
            source = PROJECT / name
            copy = shutil.copytree if source.is_dir() else shutil.copy2
            self.project.mkdir(exist_ok=True)
            copy(source, self.project / name)
        for name in ("python", "uv", *CHECKS):
            self._stand_in(self.project / ".venv" / "bin" / name)
        for name in ("npm", "apt-get", "sudo", "chromium"):
            self._stand_in(folder / "path" / name)
        for name in ("node_modules", "build/fonts"):
            (self.project / name).mkdir(parents=True)
        self.path = folder / "path"

    @staticmethod
    def _stand_in(path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(STAND_IN)
        path.chmod(0o755)

    def lack_libraries(self) -> None:
        """From now on no shared library is found."""
        (self.project / ".venv" / "bin" / "python").write_text(STAND_IN + '[[ "$*" != *ctypes* ]]\n')

    def setup(self, *arguments: str, fails: str = "") -> tuple[subprocess.CompletedProcess[str], list[str]]:
        """How bin/setup ended, and the calls it made."""
        return self.run("setup", *arguments, fails=fails)

    def run(self, program: str, *arguments: str, fails: str = "") -> tuple[subprocess.CompletedProcess[str], list[str]]:
        """How a program of bin/ ended, and the calls it made."""
        self.calls.write_text("")
        environment = os.environ | {"PATH": f"{self.path}:{os.environ['PATH']}", "CALLS": str(self.calls)}
        done = subprocess.run(
            [self.project / "bin" / program, *arguments],
            env=environment | {"FAILS": fails}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done, self.calls.read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def _installs(calls: list[str]) -> list[str]:
    return [call for call in calls if re.match(r"(uv|npm ci|apt-get|python -m pip install)", call)]


def test_given_a_fresh_machine_when_set_up_then_each_part_is_installed_once_and_with_hashes(machine: Machine) -> None:
    done, calls = machine.setup()
    assert done.returncode == 0, done.stderr
    assert len([call for call in calls if "--require-hashes" in call and "requirements/setup.txt" in call]) == 1
    assert len([call for call in calls if call.startswith("uv ") and "requirements/run.txt" in call]) == 1
    assert len([call for call in calls if call.startswith("npm ci --omit=dev")]) == 1
    assert len([call for call in calls if "bin/fonts.py" in call]) == 1
    assert len([call for call in calls if "collectstatic" in call]) == 1


@pytest.mark.parametrize("arguments", [(), ("--tests",)])
def test_given_a_machine_set_up_when_set_up_again_then_nothing_is_called_and_nothing_said(
    machine: Machine, arguments: tuple[str, ...]
) -> None:
    machine.setup(*arguments)
    done, calls = machine.setup(*arguments)
    assert (done.returncode, done.stdout, done.stderr, calls) == (0, "", "", [])


def test_given_a_machine_for_tests_when_set_up_for_running_then_the_test_packages_stay(machine: Machine) -> None:
    machine.setup("--tests")
    assert machine.setup()[1] == []


def test_given_new_requirements_when_set_up_again_then_they_are_installed(machine: Machine) -> None:
    machine.setup()
    requirements = machine.project / "requirements" / "run.txt"
    requirements.write_text(requirements.read_text() + "\n")
    assert any(call.startswith("uv ") for call in machine.setup()[1])


def test_given_a_new_style_when_set_up_again_then_only_the_static_files_are_collected(machine: Machine) -> None:
    machine.setup()
    (machine.project / "static" / "neu.css").write_text("a{}")
    calls = machine.setup()[1]
    assert _installs(calls) == []
    assert any("collectstatic" in call for call in calls)


def test_given_no_reach_for_uv_when_set_up_then_pip_does_it(machine: Machine) -> None:
    done, calls = machine.setup(fails="pip sync")
    assert done.returncode == 0, done.stderr
    assert any(call.startswith("python -m pip install") and "requirements/run.txt" in call for call in calls)


@pytest.mark.parametrize(
    ("fails", "sentence"), [("--require-hashes", "Python-Pakete fehlen noch"), ("ci", "Die Gestaltung fehlt")]
)
def test_given_no_network_when_set_up_then_it_says_so_and_the_next_time_tries_again(
    machine: Machine, fails: str, sentence: str
) -> None:
    done, _ = machine.setup(fails=fails)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert _installs(machine.setup()[1])


def test_given_no_pango_and_no_rights_when_set_up_then_it_names_the_command(machine: Machine) -> None:
    (machine.path / "id").write_text("#!/bin/sh\necho 1000\n")
    (machine.path / "id").chmod(0o755)
    line = "apt-get install --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    machine.lack_libraries()
    done, _ = machine.setup(fails="-n true")
    assert done.returncode == 0, "everything but PDF files works"
    assert line in done.stderr
    assert line in machine.setup(fails="-n true")[0].stderr, "until it is installed"
    assert machine.setup("--tests", fails="-n true")[0].returncode == 1


def test_given_no_pango_and_root_when_set_up_then_it_is_installed(machine: Machine) -> None:
    (machine.path / "id").write_text("#!/bin/sh\necho 0\n")
    (machine.path / "id").chmod(0o755)
    machine.lack_libraries()
    done, calls = machine.setup()
    assert done.returncode == 0
    assert any(call.startswith("apt-get install") and "libpango-1.0-0" in call for call in calls)


def test_given_all_is_well_when_tested_then_each_check_and_both_groups_of_tests_run(machine: Machine) -> None:
    done, calls = machine.run("test")
    assert done.returncode == 0, done.stderr
    for check in CHECKS:
        assert any(call.startswith(check) for call in calls), check
    for call in (
        "python manage.py makemigrations --check --dry-run",
        "pytest -q -n 2 -m not slow",
        "pytest -q -m slow",
    ):
        assert call in calls
    assert "FEHLGESCHLAGEN" not in done.stdout


@pytest.mark.parametrize("fails", ["format", "kok manage.py", "makemigrations", "--deploy", "-m slow", "not slow"])
def test_given_one_defect_when_tested_then_the_rest_still_runs_and_the_exit_code_says_so(
    machine: Machine, fails: str
) -> None:
    well = machine.run("test")[1]
    done, calls = machine.run("test", fails=fails)
    assert done.returncode == 1
    assert len(calls) == len([call for call in well if _is_check(call)])
    assert done.stdout.count("FEHLGESCHLAGEN") == 1


def _is_check(call: str) -> bool:
    return call.startswith((*CHECKS, "python manage.py makemigrations", "python manage.py check"))


def test_given_arguments_when_tested_then_only_pytest_runs_with_them(machine: Machine) -> None:
    machine.setup("--tests")
    assert machine.run("test", "tests/kok", "-x")[1] == ["pytest tests/kok -x"]
    assert machine.run("test", "tests/kok", fails="tests/kok")[0].returncode == 1


def test_given_the_locks_when_read_then_each_package_has_a_hash_and_no_address_stands_there() -> None:
    for lock in (PROJECT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "://" not in text
        assert "--index" not in text
        assert "--find-links" not in text
        for package in re.findall(r"^[a-z][^\n]*==[^\n]*", text, re.MULTILINE):
            assert package.endswith("\\"), f"{lock.name}: {package} has no hash"
    assert '"resolved"' not in (PROJECT / "package-lock.json").read_text()
