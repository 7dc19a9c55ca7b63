"""bin/bare and .ci/walk with stand-ins for the programs that need root, a network or minutes."""

import fcntl
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from kok.embedded import PROJECT
from tests.processes import wait_until

# What the scripts may use of this machine; all else is a stand-in or missing, as debootstrap is before a first run.
TOOLS = [
    *("awk", "bash", "cat", "cp", "df", "dirname", "env", "flock", "git", "grep", "mkdir", "mktemp", "mv", "pkill"),
    *("pwd", "rm", "sed", "setpriv", "sleep", "sort", "tail", "tee", "touch", "tr", "xargs"),
]
STAND_INS = {
    "id": "echo 0",
    "df": 'printf "F B U Available\\nx 1 1 ${SPACE:-99999999} 1%% /\\n"',
    "unshare": 'while [[ $1 == --* ]]; do shift; done; exec "$@"',
    "mount": '[[ "$*" != "${NO_MOUNT:-none}"* ]]',
    "apt-get": '[[ $1 != indextargets ]] || echo "$MIRRORS"; [[ "$*" != *"${APT_FAILS:-none}"* ]]',
    "apt-config": "exit 0",
    "npm": "echo https://npm.example",
    "python3": r"""[[ $* != *list ]] || echo "global.extra-index-url='https://a.example\nhttps://b.example'" """,
    "debootstrap": 'mkdir -p "$4"/{etc/ssl/certs,etc/apt/apt.conf.d,root,proc,sys}; echo "$http_proxy $*" >SEEN/made;'
    ' echo own >"$4/etc/ssl/certs/ca-certificates.crt"; ${MAKING:-true}',
    # It finds nothing of the variables outside, as what runs inside.
    "chroot": "/usr/bin/env >SEEN/environment; /bin/cat $1/etc/ssl/certs/ca-certificates.crt >SEEN/bundle;"
    ' echo "$*" >SEEN/called',
}
MIRROR = "Debian|Debian-Security|main|http://s.example/\nDebian|Debian|main|http://m.example/debian/\nX|Y|main|http://x.example/"


class Workshop:
    """A copy of bin/bare in a repository of its own, on a machine made of stand-ins."""

    def __init__(self, folder: Path) -> None:
        self.path, self.seen, self.places = folder / "path", folder / "seen", folder / "places"
        self.project = folder / "kok"
        for place in (self.path, self.seen, self.project / "bin"):
            place.mkdir(parents=True)
        shutil.copy2(PROJECT / "bin/bare", self.project / "bin/bare")
        for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
            subprocess.run(
                ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *command], cwd=self.project, check=True
            )
        for name in TOOLS:
            (self.path / name).symlink_to(str(shutil.which(name)))
        for name, body in STAND_INS.items():
            self.stand_in(name, body)
        self.environment = {
            "PATH": str(self.path), "HOME": str(folder), "KOK_BARE": str(self.places), "MIRRORS": MIRROR,
        }  # fmt: skip

    def stand_in(self, name: str, body: str) -> None:
        """From now on a program does this; SEEN is the folder for what it saw."""
        path = self.path / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!{shutil.which('bash')}\n{body.replace('SEEN', str(self.seen))}\n")
        path.chmod(0o755)

    def start(self, *arguments: str, **more: str) -> "subprocess.Popen[str]":
        """bin/bare, running."""
        return subprocess.Popen(
            [self.project / "bin/bare", *arguments], env=self.environment | more, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def bare(self, *arguments: str, **more: str) -> tuple[int, str]:
        """How bin/bare ended, and what it said."""
        process = self.start(*arguments, **more)
        said = process.communicate(timeout=120)[1]
        return process.returncode, said

    def inside(self) -> dict[str, str]:
        """The variables that the machine inside was told."""
        lines = (self.seen / "environment").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def test_given_a_command_when_run_in_a_bare_machine_then_it_ends_as_the_command_and_nothing_stays(workshop: Workshop):
    workshop.stand_in("chroot", STAND_INS["chroot"] + "; exit 3")
    assert workshop.bare("trixie", "bin/run", "--port", "8055")[0] == 3
    assert (workshop.seen / "called").read_text().endswith("bash bin/run --port 8055\n")
    made = (workshop.seen / "made").read_text()
    assert f"trixie {workshop.places}/trixie http://m.example/debian/ " in made
    assert not (workshop.places / "trixie").exists()


def test_given_the_last_commit_when_a_machine_is_made_then_it_holds_that_and_not_the_working_tree(workshop: Workshop):
    (workshop.project / "later").touch()
    workshop.bare("--keep", "bookworm", "true")
    tree = workshop.places / "bookworm/root/kok"
    assert sorted(path.name for path in tree.iterdir()) == [".git", "bin"]


def test_given_a_kept_machine_when_called_again_then_it_is_made_anew_only_on_request(workshop: Workshop):
    for arguments, made in ((["--keep"], True), (["--keep"], False), (["--keep", "--fresh"], True), ([], False)):
        (workshop.seen / "made").unlink(missing_ok=True)
        assert workshop.bare(*arguments, "bookworm", "true")[0] == 0
        assert (workshop.seen / "made").exists() == made, arguments
    assert not (workshop.places / "bookworm").exists()


NOT_MADE = {
    "no root": ({}, {"id": "echo 1000"}, "THIS IS NOT ROOT"),
    "no space": ({"SPACE": "4000000"}, {}, "LESS THAN 4 GIB OF SPACE"),
    "no mount": ({"NO_MOUNT": "-t tmpfs"}, {}, "NOTHING MAY BE MOUNTED HERE"),
    "no debootstrap": ({"APT_FAILS": "install"}, {"debootstrap": ""}, "NO DEBOOTSTRAP, AND IT CANNOT BE INSTALLED"),
    "no mirror": ({"MIRRORS": "Ubuntu|Ubuntu|main|http://u.example/"}, {}, "NO MIRROR OF DEBIAN"),
    "mirror away": ({"MAKING": "exit 1"}, {}, "DEBOOTSTRAP STOPPED, IS THE MIRROR THERE?"),
}


@pytest.mark.parametrize("case", NOT_MADE)
def test_given_what_a_machine_needs_is_missing_when_made_then_it_says_so_in_capitals_with_75(
    workshop: Workshop, case: str
):
    variables, programs, reason = NOT_MADE[case]
    for name, body in programs.items():
        if body:
            workshop.stand_in(name, body)
        else:
            (workshop.path / name).unlink()
    code, said = workshop.bare("trixie", "true", **variables)
    assert (code, f"bare: TRIXIE NOT MADE: {reason}" in said) == (75, True), said
    assert not (workshop.seen / "called").exists()
    assert not (workshop.places / "trixie").exists()


def test_given_the_place_is_in_use_when_called_then_nothing_is_touched(workshop: Workshop):
    workshop.bare("--keep", "trixie", "true")
    with (workshop.places / "trixie.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, said = workshop.bare("--fresh", "trixie", "true")
    assert (code, "TRIXIE IS IN USE" in said) == (75, True), said
    assert (workshop.places / "trixie/root/kok").is_dir()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_given_a_running_command_when_ended_by_force_then_what_runs_inside_ends_too(
    workshop: Workshop, number: signal.Signals
):
    # The last word of the real unshare is --kill-child; here each child looks after itself.
    workshop.stand_in("chroot", "echo $$ >SEEN/new; mv SEEN/new SEEN/pid; exec setpriv --pdeathsig KILL sleep 300")
    process = workshop.start("bookworm", "true")
    wait_until((workshop.seen / "pid").exists, what="the command")
    inside = Path("/proc") / (workshop.seen / "pid").read_text().strip()
    assert (inside / "exe").exists()
    process.send_signal(number)
    process.communicate(timeout=20)
    wait_until(lambda: not (inside / "exe").exists(), what="the end of what runs inside")
    assert (workshop.places / "bookworm").exists() == (number == signal.SIGKILL)
    left = workshop.places / "bookworm/left"
    left.parent.mkdir(exist_ok=True)
    left.touch()
    workshop.stand_in("chroot", STAND_INS["chroot"])
    assert workshop.bare("--keep", "bookworm", "true")[0] == 0
    assert not left.exists(), "what an end by force left is no machine"


def test_given_settings_of_indexes_when_run_then_the_machine_inside_has_them_and_nothing_else(
    workshop: Workshop, tmp_path: Path
):
    own = tmp_path / "own.crt"
    own.write_text("authority of the house\n")
    handed = {
        "http_proxy": "http://proxy.example:3128", "NO_PROXY": "localhost", "PIP_INDEX_URL": "https://pip.example",
        "UV_DEFAULT_INDEX": "https://uv.example",
    }  # fmt: skip
    secret = {"SECRET_KEY": "x", "DATABASE_URL": "x", "KOK_MODE": "production", "PIP_CONFIG_FILE": "/etc/mine"}
    workshop.bare("trixie", "true", **handed, **secret, PIP_CERT=str(own))
    inside = workshop.inside()
    assert {name: inside.get(name) for name in handed} == handed
    assert inside["PIP_EXTRA_INDEX_URL"] == "https://a.example https://b.example", "from pip's files"
    assert inside["npm_config_registry"] == "https://npm.example"
    assert not secret.keys() & inside.keys()
    assert inside["PIP_CERT"] == "/etc/ssl/certs/ca-certificates.crt"
    assert "authority of the house" in (workshop.seen / "bundle").read_text()
    assert (workshop.seen / "made").read_text().startswith("http://proxy.example:3128 "), "the mirror as well"


def test_given_a_folder_as_index_when_run_then_the_same_path_leads_there(workshop: Workshop, tmp_path: Path):
    index = tmp_path / "wheels"
    index.mkdir()
    workshop.stand_in("mount", 'echo "$*" >>"SEEN/mounts"')
    code, said = workshop.bare("trixie", "true", PIP_FIND_LINKS=f"file://{index} https://pip.example /missing")
    assert code == 0, said
    mounts = (workshop.seen / "mounts").read_text()
    place = f"{workshop.places}/trixie{index}"
    assert f"--bind {index} {place}\n-o remount,bind,ro {place}\n" in mounts
    assert "missing" not in mounts


SOURCES = {
    "one line": ("sources.list", "deb [trusted=yes] file:{repository} x main\n"),
    "deb822": ("parts/a.sources", "Types: deb\nURIs: file:{repository}\nSuites: x\nComponents: main\nTrusted: yes\n"),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_given_either_kind_of_sources_when_a_machine_is_made_then_the_mirror_is_theirs(
    workshop: Workshop, tmp_path: Path, kind: str
):
    """With the real apt, on a mirror in a folder."""
    repository = tmp_path / "mirror"
    architecture = subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
    packages = repository / f"dists/x/main/binary-{architecture}/Packages"
    packages.parent.mkdir(parents=True)
    packages.write_text("Package: a\nVersion: 1\nArchitecture: all\nFilename: a.deb\nSize: 1\nDescription: x\n\n")
    digest = subprocess.check_output(["sha256sum", packages], text=True).split()[0]
    (repository / "dists/x/Release").write_text(
        f"Origin: Debian\nLabel: Debian\nSuite: x\nCodename: x\nComponents: main\nArchitectures: {architecture}\n"
        f"Date: Thu, 01 Jan 2026 00:00:00 UTC\nSHA256:\n {digest} {packages.stat().st_size}"
        f" main/binary-{architecture}/Packages\n"
    )
    name, text = SOURCES[kind]
    for folder in ("parts", "lists/partial", "cache/archives/partial"):
        (tmp_path / "apt" / folder).mkdir(parents=True)
    (tmp_path / "apt" / name).write_text(text.format(repository=repository))
    settings = tmp_path / "apt.conf"
    settings.write_text(
        "".join(
            f'{key} "{tmp_path}/apt/{value}";\n'
            for key, value in {
                "Dir::Etc::sourcelist": "sources.list", "Dir::Etc::sourceparts": "parts",
                "Dir::State::lists": "lists", "Dir::Cache": "cache",
            }.items()
        )
    )  # fmt: skip
    (workshop.path / "apt-get").unlink()
    (workshop.path / "apt-get").symlink_to("/usr/bin/apt-get")
    _, said = workshop.bare("bookworm", "true", APT_CONFIG=str(settings))
    assert (workshop.seen / "made").exists(), said
    assert f" file:{repository}/ " in (workshop.seen / "made").read_text()
