"""The compose file and the image, as far as they can be judged without starting containers."""

import re
import subprocess
from typing import Any

import pytest
import yaml

from kok.celery import app
from kok.embedded import PROJECT

COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "beat")


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


@pytest.mark.parametrize("service", ["web", "worker"])
def test_given_formats_of_ones_own_when_looked_up_then_they_are_mounted_where_the_setting_points(service: str) -> None:
    folder = SERVICES[service]["environment"]["KOK_FORMATS"]
    assert f"./formats:{folder}:ro" in SERVICES[service]["volumes"]


@pytest.mark.parametrize("service", OURS)
def test_given_our_services_when_configured_then_the_settings_know_every_name(service: str) -> None:
    known = set(re.findall(r'env\.\w+\("(\w+)"', (PROJECT / "kok" / "settings.py").read_text()))
    assert set(SERVICES[service]["environment"]) <= known
    assert SERVICES[service]["environment"]["KOK_MODE"] == "production"


def test_given_the_files_when_searched_then_no_secret_stands_there() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD|EMAIL_URL|CASE_", name):
                assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), f"{name} is written down"
    assert not re.search(r"(SECRET_KEY|PASSWORD)=\S", (PROJECT / "Dockerfile").read_text())


def test_given_the_image_when_read_then_it_does_not_run_as_root() -> None:
    users = re.findall(r"^USER (\S+)", (PROJECT / "Dockerfile").read_text(), re.MULTILINE)
    assert users
    assert users[-1] not in ("root", "0")


def test_given_the_commands_when_read_then_they_name_programs_and_modules_that_exist() -> None:
    assert SERVICES["worker"]["command"][:3] == ["celery", "-A", "kok.celery"]
    assert SERVICES["beat"]["command"][:3] == ["celery", "-A", "kok.celery"]
    for schedule in app.conf.beat_schedule.values():
        app.loader.import_default_modules()
        assert schedule["task"] in app.tasks
    for path in re.findall(r"^COPY ([\w./ -]+?) \S+$", (PROJECT / "Dockerfile").read_text(), re.MULTILINE):
        assert all((PROJECT / name).exists() for name in path.split()), path


def test_given_beat_when_scheduled_then_reminders_go_out_at_six_in_hessen_and_the_sweep_every_five_minutes() -> None:
    reminders = app.conf.beat_schedule["reminders"]["schedule"]
    assert (reminders.hour, reminders.minute, app.conf.timezone) == ({6}, {0}, "Europe/Berlin")
    assert app.conf.beat_schedule["sweep"]["schedule"] == 300
    erase = app.conf.beat_schedule["erase"]["schedule"]
    assert (erase.hour, erase.minute) == ({3}, {30})
