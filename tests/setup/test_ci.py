"""What .ci/run concludes from the tests and the bare machines, with stand-ins for both."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from kok.embedded import PROJECT
from tests.processes import wait_until
from tests.setup.test_setup import HASHES, REFUSED, Machine

BARE = (
    'release=$2; [[ $1 == --fresh ]] || exit 99; eval "echo \\"\\$SAID_$release\\"" >&2; eval "exit \\$CODE_$release"'
)
AWAY = "Python-Pakete fehlen noch. Prüfen Sie die Verbindung zum Paketverzeichnis und starten Sie neu."
APT = "    apt-get install --no-install-recommends libpango-1.0-0"
ROOT = "bare: TRIXIE NOT MADE: THIS IS NOT ROOT"


def _script(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/usr/bin/env bash\n{body}\n")
    path.chmod(0o755)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with .ci/run, and stand-ins for what it calls."""
    project = tmp_path / "kok"
    _script(project / "bin/test", 'echo "3 passed in 1.00s"; exit "${TESTS:-0}"')
    _script(project / "bin/bare", BARE)
    _script(project / "bin/setup", 'echo "${SAID_here-}" >&2; exit "${CODE_here:-0}"')
    (project / ".ci").mkdir()
    shutil.copy2(PROJECT / ".ci/run", project / ".ci/run")
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run(
            ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *command], cwd=project, check=True
        )
    _script(tmp_path / "path/sleep", 'echo "$1" >>"$(dirname "$0")/slept"')
    _script(tmp_path / "path/apt-get", 'exit "${CODE_apt:-0}"')
    return project


def _run(project: Path, **told: str) -> subprocess.CompletedProcess[str]:
    path = f"{project.parent / 'path'}:{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "CODE_bookworm": "0", "CODE_trixie": "0"} | told
    return subprocess.run(
        ["bash", ".ci/run"], cwd=project, env=environment, capture_output=True, text=True, check=False
    )


# What happened, the exit code, and the words for bookworm and trixie.
CASES = {
    "all is well": ({}, 0, "yes", "yes"),
    "a test failed": ({"TESTS": "1"}, 1, "yes", "yes"),
    "the walk failed": ({"CODE_trixie": "1"}, 1, "yes", "no"),
    "both walks failed": ({"CODE_bookworm": "1", "CODE_trixie": "1"}, 1, "no", "no"),
    "not made": ({"CODE_trixie": "75", "SAID_trixie": ROOT}, 0, "yes", "not made"),
    "not made, and a test failed": ({"TESTS": "1", "CODE_trixie": "75", "SAID_trixie": ROOT}, 1, "yes", "not made"),
    "one not made, one failed": ({"CODE_bookworm": "1", "CODE_trixie": "75", "SAID_trixie": ROOT}, 1, "no", "not made"),
    "it hangs": ({"CODE_bookworm": "124"}, 1, "no", "yes"),
    "no index inside, one here": ({"CODE_trixie": "76", "SAID_trixie": AWAY}, 1, "yes", "no"),
    "no index, here neither": (
        {"CODE_trixie": "76", "SAID_trixie": AWAY, "CODE_here": "1", "SAID_here": AWAY}, 0, "yes", "not made",
    ),
    "another index here": (
        {"CODE_trixie": "76", "SAID_trixie": AWAY, "CODE_here": "1", "SAID_here": "Die Gestaltung, Verbindung."},
        1, "yes", "no",
    ),
    "the same fault that is no index": (
        {"CODE_trixie": "76", "SAID_trixie": "Es krachte.", "CODE_here": "1", "SAID_here": "Es krachte."},
        1, "yes", "no",
    ),
    "no packages of the system, here neither": (
        {"CODE_bookworm": "76", "SAID_bookworm": APT, "CODE_apt": "100"}, 0, "not made", "yes",
    ),
    "no packages of the system, but here": ({"CODE_bookworm": "76", "SAID_bookworm": APT}, 1, "no", "yes"),
    "apt is away, but it was not apt": (
        {"CODE_bookworm": "76", "SAID_bookworm": AWAY, "CODE_apt": "100"}, 1, "no", "yes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_given_tests_and_bare_machines_when_ci_has_run_then_its_last_line_and_code_say_what_is_so(
    project: Path, case: str
) -> None:
    told, code, bookworm, trixie = CASES[case]
    done = _run(project, **told)
    lines = done.stdout.splitlines()
    assert lines[-1] == f"bare: bookworm {bookworm}, trixie {trixie}", done.stdout + done.stderr
    assert done.returncode == code
    assert "3 passed in 1.00s" in lines, "what the tests printed stays"
    for release, word in (("BOOKWORM", bookworm), ("TRIXIE", trixie)):
        assert any(line.startswith(f"BARE MACHINE {release} NOT MADE: ") for line in lines) == (word == "not made")


@pytest.mark.parametrize(("said", "word"), [(HASHES, "no"), (REFUSED, "not made")])
def test_given_the_same_words_of_pip_inside_and_here_when_ci_has_run_then_only_a_connection_excuses(
    project: Path, said: str, word: str
) -> None:
    machine = Machine(project.parent / "machine")
    printed = machine.setup(fails="--require-hashes", SAYS=said)[0].stderr
    done = _run(project, CODE_trixie="76", SAID_trixie=printed, CODE_here="1", SAID_here=printed)
    assert done.stdout.splitlines()[-1] == f"bare: bookworm yes, trixie {word}", done.stdout
    assert done.returncode == (word == "no")


def test_given_a_machine_not_made_when_ci_has_run_then_it_says_the_reason_and_what_was_said_inside(
    project: Path,
) -> None:
    done = _run(project, CODE_trixie="75", SAID_trixie=ROOT, SAID_bookworm="walk: stopped")
    assert "BARE MACHINE TRIXIE NOT MADE: THIS IS NOT ROOT\n" in done.stdout
    assert "bookworm| walk: stopped\n" in done.stdout


def test_given_no_index_inside_when_ci_asks_from_here_then_it_waits_a_minute_before(project: Path) -> None:
    slept = project.parent / "path/slept"
    _run(project)
    assert not slept.exists()
    _run(project, CODE_trixie="76", SAID_trixie=AWAY)
    assert slept.read_text() == "60\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_given_bare_machines_at_work_when_ci_is_ended_by_force_then_they_end_too(
    project: Path, number: signal.Signals
) -> None:
    _script(project / "bin/bare", 'echo $$ >"../$2.new"; mv "../$2.new" "../$2.pid"; exec sleep 300')
    # Who runs the tests in the background ignores Ctrl-C, and a shell cannot take that back for itself.
    command = ["env", "--default-signal=INT", "bash", ".ci/run"]
    process = subprocess.Popen(command, cwd=project, stdout=subprocess.DEVNULL)
    files = [project.parent / f"{release}.pid" for release in ("bookworm", "trixie")]
    wait_until(lambda: all(file.exists() for file in files), seconds=60, what="both machines")
    machines = [Path("/proc") / file.read_text().strip() / "exe" for file in files]
    process.send_signal(number)
    process.wait(timeout=60)
    wait_until(lambda: not any(machine.exists() for machine in machines), what="the end of both machines")
