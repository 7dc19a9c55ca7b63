"""What the environment must say: every fault is named at once, in sentences, by every door of the application."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kok import configuration
from kok.configuration import problems
from kok.embedded import PROJECT
from kok.vault import new_hmac_key, new_key
from tests.processes import free_port

SECRET = "Ein Satz, den niemand kennt, mit mehr als fünfzig Zeichen."
KEY, LOG_KEY = new_key(), new_hmac_key()
SOUND = {
    "KOK_MODE": "production",
    "SECRET_KEY": SECRET,
    "ALLOWED_HOSTS": "kok.example.org",
    "KOK_PUBLIC_URL": "https://kok.example.org",
    "DATABASE_URL": "postgresql://kok_web:geheim@datenbank.example.org/kok",
    "REDIS_URL": "redis://warteschlange.example.org:6379/0",
    "EMAIL_URL": "smtp+tls://kok:geheim@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "Kooperationskonferenz <kok@example.org>",
    "BEHIND_TLS_PROXY": "true",
    "CASE_KEYS": KEY,
    "FACTOR_KEYS": KEY,
    "CASE_LOG_KEY": LOG_KEY,
    "CASE_NAME_KEY": LOG_KEY,
}


def faulty(**changed: str) -> list[str]:
    """The names of the settings that the sentences are about."""
    sentences = problems({name: value for name, value in {**SOUND, **changed}.items() if value != "-"})
    assert all(re.fullmatch(r"\S.*[.]", sentence) for sentence in sentences), sentences
    return [
        next(name for name in re.findall(r"[A-Z_]{5,}", sentence) if name in SOUND or "_" in name)
        for sentence in sentences
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"ALLOWED_HOSTS": "andere.example.org, .example.org"},
        {"ALLOWED_HOSTS": "kok.example.org,[::1],10.0.0.7"},
        {"KOK_PUBLIC_URL": "https://KOK.example.org:8443/"},
        {"DATABASE_URL": "postgres://kok_web@/kok?host=/run/postgresql"},
        {"DATABASE_URL": "postgresql://kok_worker:%23%2B@[::1]:5433/kok?sslmode=verify-full"},
        {"REDIS_URL": "-", "CELERY_BROKER_URL": "rediss://:geheim@warteschlange.example.org/1"},
        {"REDIS_URL": "redis+socket:///run/valkey/valkey.sock?virtual_host=0"},
        {"EMAIL_URL": "smtp://localhost"},
        {"DEFAULT_FROM_EMAIL": "kok@example.org"},
        {"BEHIND_TLS_PROXY": "False"},
        {"CASE_KEYS": f"{new_key()}, {KEY}"},
        {"CSRF_TRUSTED_ORIGINS": "https://kok.example.org"},
        {"KOK_SECURITY_CONTACT": "mailto:sicherheit@kok.example.org"},
        {"KOK_SECURITY_CONTACT": "https://kok.example.org/sicherheit"},
    ],
)
def test_given_a_sound_production_when_asked_then_nothing_forbids_it(changed: dict[str, str]) -> None:
    assert faulty(**changed) == []


@pytest.mark.parametrize("name", SOUND)
@pytest.mark.parametrize(
    "value", ["BITTE-ERSETZEN", "smtp+tls://kok:BITTE-PASSWORT@mail.example.org", "<BITTE-ADRESSE>"]
)
def test_given_a_placeholder_of_the_example_when_it_was_left_then_one_sentence_says_so(name: str, value: str) -> None:
    told = [sentence.partition("… ")[0] for sentence in problems({**SOUND, name: value})]
    assert told == [f"{name} enthält noch BITTE-"]


@pytest.mark.parametrize("name", [name for name in SOUND if name != "KOK_MODE"])
def test_given_production_when_one_value_is_missing_or_empty_then_the_sentence_names_it(name: str) -> None:
    assert faulty(**{name: "-"}) == [name]
    assert faulty(**{name: " "}) == [name]


@pytest.mark.parametrize(
    ("database", "is_needed"),
    [
        ({"DATABASE_URL": "postgresql://kok_web@/kok"}, True),
        ({"DATABASE_URL": "postgresql://kok_worker@/kok"}, True),
        ({"DATABASE_URL": "postgresql://kok_beat@/kok"}, False),
        ({"DATABASE_URL": "-", "DATABASE_OWNER_URL": "postgresql://kok_owner@/kok"}, False),
        ({"DATABASE_URL": "-", "DATABASE_OWNER_URL": "-"}, True),
    ],
)
def test_given_a_process_that_opens_nothing_when_asked_then_it_needs_no_key_but_that_of_the_log(
    database: dict[str, str], is_needed: bool
) -> None:
    keys = ["CASE_KEYS", "FACTOR_KEYS", "CASE_NAME_KEY"]
    wrong = faulty(**database, **dict.fromkeys([*keys, "CASE_LOG_KEY"], "-"))
    assert [name for name in wrong if name in keys] == (keys if is_needed else [])
    assert "CASE_LOG_KEY" in wrong


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("KOK_MODE", ["probe", "Production"]),
        ("SECRET_KEY", ["x" * 60, "Kürbis", SECRET[:49], configuration.DEVELOPMENT_SECRET]),
        ("ALLOWED_HOSTS", ["*", "kok.example.org,*", "https://kok.example.org", "kok.example.org:443", ",", "a b"]),
        ("KOK_PUBLIC_URL", [
            "kok.example.org", "http://kok.example.org", "https://", "https://kok.example.org/kok", "ftp://a.example",
            "https://kok.example.org:port", "https://wer@kok.example.org", "https://kok.example.org?a=1", "https://[",
            "https://anders.example.org",
        ]),
        ("DATABASE_URL", ["sqlite:///kok", "kok", "postgresql://a:p#1@b/kok", "postgresql://a:b:c/kok", "postgresql://b"]),
        ("REDIS_URL", ["amqp://b", "warteschlange:6379", "redis://", "redis://:p#1@b/0", "redis://b:x"]),
        ("CELERY_BROKER_URL", ["amqp://b"]),
        ("EMAIL_URL", [
            "mail.example.org", "smtp://", "imap://mail.example.org", "smtp://a:p#1@mail.example.org:25",
            "smtp://mail.example.org:x", "filemail:///tmp", "consolemail://", "dummymail://",
        ]),
        ("DEFAULT_FROM_EMAIL", ["Kooperationskonferenz", "<kok>", "a@b\nBcc: c@d"]),
        ("BEHIND_TLS_PROXY", ["ja", "2"]),
        ("CASE_KEYS", ["geheim", KEY[:-2], f"{KEY},x", KEY + "AA", ",", LOG_KEY]),
        ("FACTOR_KEYS", ["geheim", KEY[:-2], f"{KEY},x", LOG_KEY]),
        ("CASE_LOG_KEY", ["geheim", LOG_KEY[:-2], LOG_KEY + "00", "g" * 64, KEY]),
        ("CASE_NAME_KEY", ["geheim", LOG_KEY[:-2], LOG_KEY + "00", "g" * 64, KEY]),
        ("CSRF_TRUSTED_ORIGINS", ["kok.example.org", "https://kok.example.org/x"]),
        ("KOK_SECURITY_CONTACT", ["sicherheit@kok.example.org", "mailto:", "http://a.example", "mailto:a@b\nX: y"]),
        ("KOK_NOW", ["2027-05-01", "gestern"]),
        ("KOK_NOW_SINCE", ["früher"]),
    ],
)  # fmt: skip
def test_given_production_when_a_value_cannot_be_right_then_the_sentence_names_it_and_hides_it(
    name: str, values: list[str]
) -> None:
    for value in values:
        assert set(faulty(**{name: value})) == {name}, value
        assert not re.search("p#1|geheim|Kürbis", " ".join(problems({**SOUND, name: value})))


def test_given_several_faults_when_asked_then_all_are_named_at_once() -> None:
    assert faulty(EMAIL_URL="-", CASE_KEYS="geheim", KOK_PUBLIC_URL="kok") == [
        "KOK_PUBLIC_URL",
        "CASE_KEYS",
        "EMAIL_URL",
    ]
    assert len(problems({"KOK_MODE": "production"})) == len(SOUND) - 1


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({}, []),
        ({"KOK_MODE": "demo", "DATABASE_URL": SOUND["DATABASE_URL"], "KOK_NOW": "2027-05-01T09:00"}, []),
        ({"KOK_MODE": "demo", "EMAIL_URL": "dummymail://", "KOK_PUBLIC_URL": "http://127.0.0.1:8000"}, []),
        ({"DATABASE_URL": SOUND["DATABASE_URL"]}, ["DATABASE_URL"]),
        ({"KOK_MODE": " ", "DATABASE_URL": SOUND["DATABASE_URL"]}, ["DATABASE_URL"]),
        ({"KOK_NOW": "morgen", "CASE_KEYS": "x"}, ["CASE_KEYS", "KOK_NOW"]),
    ],
)
def test_given_a_demo_when_asked_then_only_a_nameless_mode_and_malformed_values_forbid_it(
    environment: dict[str, str], names: list[str]
) -> None:
    assert [sentence.split()[0] for sentence in problems(environment)] == names


def test_given_values_in_files_when_read_then_line_ends_do_not_count_and_a_missing_file_is_a_sentence(
    tmp_path: Path,
) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    inside = {**SOUND, "SECRET_KEY_FILE": str(tmp_path / "secret"), "SECRET_KEY": ""}
    assert problems(inside) == []
    assert configuration.given(inside)["SECRET_KEY"] == SECRET
    missing = problems({**SOUND, "DATABASE_URL_FILE": str(tmp_path / "nirgends")})
    assert [sentence.split()[2].strip(",") for sentence in missing] == ["die"]
    assert "DATABASE_URL_FILE" in missing[0]


def test_given_the_settings_when_compared_then_they_read_exactly_the_names_that_are_known() -> None:
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', (PROJECT / "kok" / "settings.py").read_text()))
    assert read | {"DATABASE_OWNER_URL"} == set(configuration.NAMES), "the owner's is for manage.py alone"


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """One program with nothing of ours in its environment but what is given."""
    clean = configuration.without(os.environ) | {"DJANGO_SETTINGS_MODULE": "kok.settings"}
    return subprocess.run(
        [sys.executable, *command], cwd=PROJECT, env=clean | environment, capture_output=True, text=True, check=False,
        timeout=120,
    )  # fmt: skip


def test_given_odd_values_when_the_settings_are_read_then_they_mean_what_was_written(tmp_path: Path) -> None:
    (tmp_path / "database").write_text("postgresql://kok_web:%2B%23@b/kok\n")
    program = (
        "from kok import settings as s; d = s.DATABASES['default'];"
        r"print(s.SECRET_KEY, s.ALLOWED_HOSTS, d['NAME'], d['PASSWORD'], s.CASE_KEYS, s.PRODUCTION, sep='|')"
    )
    odd = SOUND | {
        "SECRET_KEY": r"$KOK_MODE \$ " + SECRET, "ALLOWED_HOSTS": " .example.org , b.example ",
        "CASE_KEYS": f"{KEY} , {KEY}", "DATABASE_URL": "", "DATABASE_URL_FILE": str(tmp_path / "database"),
    }  # fmt: skip
    hosts, keys = [".example.org", "b.example", "127.0.0.1"], [KEY, KEY]
    assert run("-c", program, **odd).stdout == rf"$KOK_MODE \$ {SECRET}|{hosts}|kok|+#|{keys}|True" + "\n"


@pytest.mark.parametrize("mode", ["production", "demo"])
def test_given_somebody_at_the_broker_when_he_orders_the_worker_about_then_nobody_listens(mode: str) -> None:
    program = "from kok.celery import app; print(app.conf.worker_enable_remote_control)"
    assert run("-c", program, **SOUND | {"KOK_MODE": mode}).stdout == "False\n"


DOORS = {
    "manage.py": ["manage.py", "migrate", "--plan"],
    "gunicorn": ["-m", "gunicorn", "kok.wsgi", "--preload", "--no-control-socket", "--bind", "127.0.0.1:0"],
    "gunicorn without preload": ["-m", "gunicorn", "kok.wsgi", "--no-control-socket", "--bind", "127.0.0.1:0"],
    "worker": ["-m", "celery", "-A", "kok.celery", "worker"],
    "beat": ["-m", "celery", "-A", "kok.celery", "beat"],
    "bin/run": ["-m", "kok.embedded.supervisor", "--port", str(free_port())],
}


@pytest.mark.parametrize(("named", "count"), [("", "3"), ("?options=-c%20tcp_keepalives_count%3D5", "5")])
def test_given_a_client_that_lost_power_when_asked_then_the_database_notices_within_a_minute_or_as_it_was_told(
    cluster: None, named: str, count: str
) -> None:
    ask = (
        "import django; django.setup(); from django.db import connection; cursor = connection.cursor();"
        "cursor.execute(\"SELECT reset_val FROM pg_settings WHERE name LIKE 'tcp_keepalives_%' ORDER BY name\");"
        "print(*[value for value, in cursor.fetchall()])"
    )
    address = os.environ.get("DATABASE_OWNER_URL", os.environ["DATABASE_URL"])  # which has no options of its own
    named = named.replace("?", "&") if "?" in address else named
    done = run("-c", ask, KOK_MODE="demo", DATABASE_URL=address + named)
    assert done.stdout.split() == [count, "30", "10"], done.stderr


@pytest.mark.parametrize("door", DOORS)
def test_given_an_unsafe_environment_when_started_then_every_door_refuses_with_sentences_and_no_traceback(
    door: str,
) -> None:
    environment = {"KOK_MODE": "production", "DATABASE_URL": "postgresql://kok_web:geheim@b/kok"}
    done = run(*DOORS[door], **environment)
    assert done.returncode in (1, 2, 4), done.stderr
    assert "Traceback" not in done.stderr
    for sentence in problems(environment):
        assert f"{sentence}\n" in done.stderr


@pytest.mark.parametrize("door", ["manage.py", "bin/run"])
def test_given_a_named_database_without_a_mode_when_started_then_nothing_touches_it(door: str, tmp_path: Path) -> None:
    done = run(*DOORS[door], DATABASE_URL="postgresql://kok@127.0.0.1:1/kok", KOK_VAR=str(tmp_path / "var"))
    assert done.returncode in (1, 2)
    assert done.stderr.startswith("DATABASE_URL nennt eine Datenbank, aber KOK_MODE fehlt.")
    assert not (tmp_path / "var").exists()


def test_given_production_when_it_asks_for_tls_for_good_then_only_for_its_own_host() -> None:
    names = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
    asked = f"from django.conf import settings; print(*(bool(getattr(settings, name)) for name in {names}))"
    environment = {**configuration.without(os.environ), **SOUND, "DJANGO_SETTINGS_MODULE": "kok.settings"}
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=PROJECT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "False", "False"]
