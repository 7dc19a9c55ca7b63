"""The documents: what they name exists, and what exists they name."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from kok import configuration, vault
from kok.celery import app
from kok.database.roles import MAKING, ROLES, role_of
from kok.embedded import PROJECT

DOCUMENTS = sorted({*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")})
README = (PROJECT / "README.md").read_text()
ARCHITECTURE = (PROJECT / "docs" / "architecture.md").read_text()
OPERATION = (PROJECT / "docs" / "operation.md").read_text()
INSTALLATION = (PROJECT / "docs" / "installation.md").read_text()
EXAMPLES = PROJECT / "docs" / "examples"
# What root hands to every process, and what opens something.
SETTINGS = (EXAMPLES / "kok.env").read_text() + (EXAMPLES / "keys.env").read_text()
UNITS = {path.stem.removeprefix("kok-"): path.read_text() for path in (EXAMPLES / "systemd").glob("kok-*.service")}
# Set by programs of ours for each other, or standard ones.
NOT_OURS = {"KOK_NOW_SINCE"}
# The clock of the demo, and another name for REDIS_URL.
NOT_FOR_PRODUCTION = {"KOK_NOW", "KOK_NOW_SINCE", "CELERY_BROKER_URL"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_given_a_link_to_a_file_when_followed_then_it_leads_somewhere(document: Path) -> None:
    text = re.sub(r"```.*?```", "", document.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text):
        assert (document.parent / target).exists(), f"{document.name} leads to {target}"


def test_given_a_test_that_a_document_names_when_looked_for_then_it_exists_in_that_file() -> None:
    named = {
        (document.name, file, name)
        for document in DOCUMENTS
        for file, name in re.findall(r"`(?:tests/)?([\w/]+\.py)::(\w+)`", document.read_text())
    }
    assert len(named) > 60
    for document, file, name in sorted(named):
        path = PROJECT / "tests" / file
        assert path.exists(), f"{document} names {file}"
        assert re.search(rf"^def {name}\(", path.read_text(), re.MULTILINE), f"{document} names {file}::{name}"


def test_given_a_file_that_the_page_on_privacy_names_when_looked_for_then_it_exists() -> None:
    text = (PROJECT / "docs" / "privacy.md").read_text()
    named = re.findall(r"`((?:kok|members|meetings|transitions|reporting|docs|tests)/[\w/.-]+)`", text)
    assert [name for name in named if not (PROJECT / name).exists()] == []


def test_given_a_row_of_the_table_of_demands_when_no_test_shows_it_then_it_says_what_is_open() -> None:
    table = (PROJECT / "docs" / "privacy.md").read_text().partition("## Each demand")[2].partition("\n## ")[0]
    rows = [row.strip("| ").split(" | ") for row in table.splitlines() if row.startswith("| ")][1:]
    assert len(rows) > 35
    assert [row[0] for row in rows if (row[2] == "none") and "**Open:**" not in row[1]] == []
    assert [row[0] for row in rows if row[2] != "none" and "::" not in row[2]] == []
    assert [row[0] for row in rows if "**Open:**" in row[1] and "; who: " not in row[1]] == [], "who has to do it"


def test_given_the_commands_of_the_project_when_compared_with_the_readme_then_both_name_the_same() -> None:
    existing = {path.stem for path in PROJECT.glob("*/management/commands/*.py")} - {"__init__"}
    rows = set(re.findall(r"^\| `(?!bin/)(\w+)` \|", README, re.MULTILINE))
    assert rows == existing


def test_given_the_programs_in_bin_when_compared_with_the_readme_then_both_name_the_same() -> None:
    existing = {f"bin/{path.name}" for path in (PROJECT / "bin").iterdir() if not path.suffix and path.is_file()}
    assert set(re.findall(r"^\| `(bin/\w+)` \|", README, re.MULTILINE)) == existing


def test_given_the_files_of_the_kernel_when_compared_with_the_architecture_then_both_name_the_same() -> None:
    files = {path.name for path in (PROJECT / "kok").glob("*.py")} - {"__init__.py"}
    folders = {path.parent.name for path in (PROJECT / "kok").glob("*/*") if path.suffix in (".py", ".txt")}
    table = ARCHITECTURE.partition("\n## The kernel")[2].partition("\n## ")[0]
    named = [name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(.+?)`", row)]
    assert sorted(named) == sorted(files | folders - {"migrations"})


def test_given_the_settings_when_compared_with_the_table_then_every_variable_stands_there_and_no_other() -> None:
    table = "".join(row.split("|")[1] for row in OPERATION.splitlines() if re.match(r"\| `[A-Z]", row))
    assert set(re.findall(r"[A-Z][A-Z_]{4,}", table)) | NOT_OURS == set(configuration.NAMES)


def test_given_the_example_of_settings_when_read_then_it_has_what_is_required_and_offers_every_other() -> None:
    text = SETTINGS
    offered = dict(re.findall(r"^#?([A-Z_]+)='(.*)'$", text, re.MULTILINE))
    assert offered.keys() == set(configuration.NAMES) - NOT_FOR_PRODUCTION
    wrong = [sentence.split()[0] for sentence in configuration.problems(offered)]
    assert sorted(wrong) == sorted(name for name, value in offered.items() if "BITTE-" in value), (
        "nothing else is wrong"
    )


def test_given_the_example_of_settings_when_filled_in_by_nobody_then_it_is_refused() -> None:
    lines = dict(re.findall(r"^([A-Z_]+)='(.*)'$", SETTINGS, re.MULTILINE))
    named = {sentence.split()[0] for sentence in configuration.problems(lines)}
    assert named == {
        "SECRET_KEY", *vault.new_keys(), "KOK_PUBLIC_URL", "ALLOWED_HOSTS", "EMAIL_URL",
        "DEFAULT_FROM_EMAIL",
        "DATABASE_URL",  # which each unit names for itself
    }  # fmt: skip


def test_given_the_installation_when_it_names_files_of_the_project_then_they_exist() -> None:
    named = set(re.findall(r"(?<![\w/.])((?:docs|agreements|bin)/[\w./-]*\w)", INSTALLATION))
    for name in named:
        assert (PROJECT / name).exists() or list(PROJECT.glob(f"{name}*")), name


@pytest.mark.parametrize(
    "order",
    [
        [
            "systemctl stop",
            "kok-backup",
            "git pull",
            "bin/setup",
            "/usr/local/sbin/",
            "kok-manage migrate",
            "systemctl start",
        ],
        ["git pull", "docker compose build", "docker compose stop", "pg_dump", "docker compose up"],
    ],
)
def test_given_an_update_when_done_by_the_document_then_nothing_changes_below_what_runs(order: list[str]) -> None:
    blocks = re.findall(r"```\n(.*?)```", INSTALLATION.partition("\n## Aktualisieren\n")[2], re.DOTALL)
    block = next(block for block in blocks if order[0] in block and order[-1] in block)
    lines = [next(number for number, line in enumerate(block.splitlines()) if step in line) for step in order]
    assert lines == sorted(lines)


def test_given_folded_migrations_when_a_database_is_moved_then_the_document_asks_for_equal_tables_first() -> None:
    updating, _, moving = INSTALLATION.partition("\n## Aktualisieren\n")[2].partition("\n### Von PostgreSQL 17")
    ask = re.search(r"^git diff --stat HEAD '@\{upstream\}' -- '(.+)'$", updating, re.MULTILINE)
    assert ask
    assert updating.index(ask[0]) < updating.index("git pull")
    listed = ["git", "ls-files", "--", ask[1]]
    found = subprocess.run(listed, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split()
    folders = {str(path.parent.relative_to(PROJECT)) for path in PROJECT.glob("*/migrations/0001_initial.py")}
    assert {str(Path(path).parent) for path in found} == folders
    assert moving.index("mit denselben Tabellen") < moving.index("pg_restore")


def test_given_compose_and_systemd_when_compared_then_both_start_the_same_programs() -> None:
    compose: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
    for name in ("worker", "beat"):
        assert " ".join(compose[name]["command"]) in UNITS[name]
    started = re.sub(r'[",\\\s]+', " ", (PROJECT / "Dockerfile").read_text().split("CMD [")[1]).strip(" ]")
    unit = re.sub(r"[\\\s]+", " ", UNITS["web"])
    assert started.replace("0.0.0.0", "127.0.0.1") in unit


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_given_a_unit_when_started_then_it_can_write_only_its_own_folder_and_has_no_powers(name: str) -> None:
    settings = dict(re.findall(r"^(\w+)=(.*)$", UNITS[name], re.MULTILINE))
    assert settings["User"] == f"kok-{name}"
    assert f"Environment=DATABASE_URL=postgresql://kok_{name}@/kok?host=/var/run/postgresql\n" in UNITS[name]
    assert settings["ProtectSystem"] == "strict"
    assert settings["NoNewPrivileges"] == "yes"
    assert settings["CapabilityBoundingSet"] == ""
    assert settings["PrivateTmp"] == "yes"
    assert settings["LimitCORE"] == "0"
    assert settings["KillMode"] == "mixed"
    assert {"MemoryMax", "TasksMax", "TimeoutStopSec"} <= settings.keys()


def test_given_the_web_unit_when_stopped_then_systemd_waits_longer_than_gunicorn() -> None:
    graceful = int(re.search(r"--graceful-timeout=(\d+)", UNITS["web"]).group(1))  # type: ignore[union-attr]
    assert int(re.search(r"TimeoutStopSec=(\d+)", UNITS["web"]).group(1)) > graceful  # type: ignore[union-attr]


def test_given_the_worker_unit_when_its_children_are_as_large_as_allowed_then_they_fit_into_its_limit() -> None:
    assert "MemoryMax=1G" in UNITS["worker"]
    assert 2 * app.conf.worker_max_memory_per_child < 1024 * 1024


def test_given_the_settings_of_postgresql_when_compared_then_compose_and_the_example_write_the_same() -> None:
    compose: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]["database"]
    written = re.findall(r"^(\w+) = (\S+)$", (EXAMPLES / "postgresql-kok.conf").read_text(), re.MULTILINE)
    assert [f"{name}={value}" for name, value in written] == [part for part in compose["command"][1:] if part != "-c"]


def test_given_the_example_of_the_proxy_when_read_then_names_reach_neither_a_disk_nor_a_log() -> None:
    text = (EXAMPLES / "nginx.conf").read_text()
    for line in (
        "proxy_request_buffering off;", "proxy_buffering off;", "client_body_in_file_only off;",
        "proxy_max_temp_file_size 0;", "client_max_body_size 21m;", "proxy_set_header X-Forwarded-Proto https;",
        "proxy_set_header X-Forwarded-For $remote_addr;", "proxy_set_header Host $host;",
    ):  # fmt: skip
        assert line in text
    assert text.count("access_log off;") == text.count("\nserver {")
    assert "$proxy_add_x_forwarded_for" not in text


def test_given_the_keys_that_open_something_when_looked_for_then_only_web_and_worker_are_handed_them() -> None:
    handed = set(re.findall(r"^([A-Z_]+)=", (EXAMPLES / "keys.env").read_text(), re.MULTILINE))
    assert handed == configuration.KEYS == set(vault.new_keys()) - {"CASE_LOG_KEY"}
    assert not handed & set(re.findall(r"^#?([A-Z_]+)=", (EXAMPLES / "kok.env").read_text(), re.MULTILINE))
    assert {name for name, unit in UNITS.items() if "/etc/kok/keys.env" in unit} == {"web", "worker"}
    services = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
    for name in ("migrate", "web", "worker", "beat"):
        expected = handed if name in ("web", "worker") else set()
        assert handed & {each.upper() for each in services[name]["secrets"]} == expected
        assert handed & {each.removesuffix("_FILE") for each in services[name]["environment"]} == expected


@pytest.mark.parametrize("script", ["kok-backup", "kok-manage", "compose-database.sh"])
def test_given_a_script_of_the_examples_when_read_by_bash_then_it_is_whole(script: str) -> None:
    assert subprocess.run(["bash", "-n", EXAMPLES / script], check=False).returncode == 0
    assert (EXAMPLES / script).stat().st_mode & 0o111


def test_given_the_backup_when_made_then_a_whole_one_lies_there_and_old_ones_go(tmp_path: Path) -> None:
    """With programs in the place of pg_dump and pg_restore; the second run meets a database that is away."""
    programs, backups, erased, listed = (tmp_path / name for name in ("bin", "backups", "erased", "erasures.jsonl"))
    for folder in (programs, backups):
        folder.mkdir()
    listed.write_text("{}\n")
    ends = tmp_path / "ends"
    ends.mkdir()
    (ends / "chain-ends.jsonl").write_text("[]\n")
    old, young = backups / "kok-2020-01-01.dump", backups / "kok-2020-01-02.dump"
    for path in (old, young):
        path.write_text("dump")
    subprocess.run(["touch", "--date", "91 days ago", old], check=True)
    answers = {"pg_dump": "echo whole", "pg_restore": "true", "id": "echo 1000"}
    for name, answer in answers.items():
        (programs / name).write_text(f"#!/bin/sh\n{answer}\n")
        (programs / name).chmod(0o755)
    environment = {
        "PATH": f"{programs}:/usr/bin:/bin", "KOK_BACKUPS": str(backups), "KOK_ERASED": str(erased),
        "KOK_ERASURE_LIST": str(listed), "KOK_CHAIN_ENDS": str(ends),
    }  # fmt: skip
    assert subprocess.run([EXAMPLES / "kok-backup"], env=environment, check=False).returncode == 0
    made = {path.name for path in backups.iterdir()} - {young.name}
    assert len(made) == 1
    assert (backups / made.pop()).read_text() == "whole\n"
    assert subprocess.run([EXAMPLES / "kok-backup"], env=environment, check=False).returncode == 0
    assert len(list(backups.glob("kok-*.dump"))) == 3, "a second one of the same moment lies beside the first"
    assert not old.exists()
    assert (erased / "erasures.jsonl").read_text() == "{}\n"
    assert (erased / "chain-ends.jsonl").read_text() == "[]\n"
    before = sorted((path.name, path.read_text()) for path in backups.glob("*.dump"))
    (programs / "pg_dump").write_text("#!/bin/sh\necho half; exit 1\n")
    assert subprocess.run([EXAMPLES / "kok-backup"], env=environment, check=False).returncode == 1
    assert not list(backups.glob("*.part"))
    assert sorted((path.name, path.read_text()) for path in backups.glob("*.dump")) == before


def test_given_files_elsewhere_when_the_backup_is_made_then_it_finds_them_by_the_settings_of_the_service(
    tmp_path: Path,
) -> None:
    programs, listed, ends = tmp_path / "bin", tmp_path / "other.jsonl", tmp_path / "ends"
    for folder in (programs, ends):
        folder.mkdir()
    listed.write_text("{}\n")
    (ends / "chain-ends.jsonl").write_text("[]\n")
    (tmp_path / "kok.env").write_text(f"KOK_ERASURE_LIST='{listed}'\nKOK_CHAIN_ENDS='{ends}'\nCASE_LOG_KEY='geheim'\n")
    asked = 'echo "${CASE_LOG_KEY-}"'
    for name, answer in {"pg_dump": asked, "pg_restore": "true", "id": "echo 1000"}.items():
        (programs / name).write_text(f"#!/bin/sh\n{answer}\n")
        (programs / name).chmod(0o755)
    script = (EXAMPLES / "kok-backup").read_text().replace("/etc/kok", str(tmp_path))
    environment = {
        "PATH": f"{programs}:/usr/bin:/bin", "KOK_BACKUPS": str(tmp_path / "b"), "KOK_ERASED": str(tmp_path / "e"),
    }  # fmt: skip
    subprocess.run(["bash", "-c", script], env=environment, check=True)
    assert {path.name: path.read_text() for path in (tmp_path / "e").iterdir()} == {
        "erasures.jsonl": "{}\n", "chain-ends.jsonl": "[]\n",
    }  # fmt: skip
    (dump,) = (tmp_path / "b").iterdir()
    assert dump.read_text() == "\n", "pg_dump is told no key"


def test_given_an_image_of_the_readme_when_looked_for_then_the_script_makes_it() -> None:
    made = set(re.findall(r'IMAGES / "(\w+\.png)"', (PROJECT / "bin" / "screenshots.py").read_text()))
    assert {path.name for path in (PROJECT / "docs" / "images").glob("*.png")} == made
    assert set(re.findall(r"docs/images/(\w+\.png)", README)) == made


def test_given_the_page_of_case_keys_when_made_as_json_then_the_installation_reads_all() -> None:
    """The lines of sed in the installation, on what the command really prints."""
    printed = subprocess.run(
        [sys.executable, "manage.py", "case_key", "--json"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    lines = re.findall(r"^sed -n '(.+)' secrets/case\.json > secrets/(\w+)$", INSTALLATION, re.MULTILINE)
    assert [name for _, name in lines] == [name.lower() for name in vault.new_keys()]
    for program, name in lines:
        key = subprocess.run(["sed", "-n", program], input=printed, capture_output=True, text=True, check=True).stdout
        assert configuration.problems({"KOK_MODE": "demo", name.upper(): key}) == []
        assert len(key.strip()) in (44, 64)


@pytest.mark.parametrize(("missing", "command"), [("kok.env", "migrate"), ("keys.env", "erase")])
def test_given_no_settings_or_keys_when_the_script_of_the_server_is_called_then_it_says_what_to_do_and_calls_nothing(
    missing: str, command: str, tmp_path: Path
) -> None:
    for name in {"kok.env", "keys.env"} - {missing}:
        (tmp_path / name).write_text("")
    script = (EXAMPLES / "kok-manage").read_text().replace("/etc/kok", str(tmp_path)).replace("exec ", "echo called ")
    done = subprocess.run(["bash", "-c", script, "kok-manage", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"kok-manage: {tmp_path / missing} fehlt oder ist nicht lesbar. Es wurde nichts")


def test_given_a_command_when_called_by_the_script_of_the_server_then_it_runs_in_the_role_that_carries_it_out() -> None:
    script = (EXAMPLES / "kok-manage").read_text()
    cases = re.findall(r"^([\w *|]+)\) role=(\w+) ;;$", script, re.MULTILINE)
    named = {command: f"kok_{role}" for commands, role in cases for command in commands.split(" | ")}
    assert named.pop("*") == role_of("first_account") == "kok_web"
    assert named == {command: role_of(command) for command in ("migrate", "erase", "rotate_case_keys")}


def test_given_the_sql_of_the_roles_when_read_then_installation_and_command_hand_out_the_same_file() -> None:
    assert "psql -qX -v ON_ERROR_STOP=1 < kok/database/roles.sql" in INSTALLATION
    environment = configuration.without(os.environ)
    printed = subprocess.run(
        [sys.executable, "manage.py", "database_roles"], cwd=PROJECT, env=environment, capture_output=True, text=True,
        check=True,
    ).stdout  # fmt: skip
    assert printed.startswith(MAKING.read_text())
    assert all(f"-- ALTER ROLE {role} PASSWORD" in printed for role in ROLES)
