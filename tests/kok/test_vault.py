"""What is stored sealed: the keys lie elsewhere, a token fits one row, a lost key is told and loses nothing."""

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from kok import second_factor, vault
from kok.vault import CASES, FACTORS, KeyLost, is_sealed, new_key, seal, unseal
from tests.builders import FACTOR_SECRET, PASSWORD, a_factor, a_user
from tests.roles import as_owner
from tests.transitions.inside import spare_codes

NAME = "Wilhelmine Überall-Nirgends"


@pytest.fixture
def keys(settings):
    """Sets the keys, the newest first."""

    def use(*case, factor=(), log="ab" * 32):
        settings.CASE_KEYS, settings.CASE_LOG_KEY = list(case), log
        settings.FACTOR_KEYS = list(factor)
        vault.forget_keys()

    yield use
    vault.forget_keys()


def test_given_a_value_when_sealed_then_it_opens_for_its_row_and_shows_nothing(keys):
    keys(new_key())
    token = seal({"name": NAME, "monate": [1, 2]}, belongs_to="fall-1")
    assert unseal(token, belongs_to="fall-1") == {"name": NAME, "monate": [1, 2]}
    assert token.startswith(vault.TOKEN_START)
    assert "Wilhelmine" not in token
    assert seal({"name": NAME}, belongs_to="fall-1") != seal({"name": NAME}, belongs_to="fall-1")


def test_given_a_token_when_it_is_moved_to_another_row_then_it_does_not_open(keys):
    keys(new_key())
    with pytest.raises(KeyLost):
        unseal(seal({"name": NAME}, belongs_to="fall-1"), belongs_to="fall-2")


@pytest.mark.parametrize("change", [lambda t: t[:-6] + "AAAA==", lambda t: "", lambda t: NAME, lambda t: t[10:]])
def test_given_a_token_when_somebody_changed_it_then_it_does_not_open(keys, change):
    keys(new_key())
    with pytest.raises(KeyLost):
        CASES.unseal(change(CASES.seal(NAME)))


def test_given_another_key_when_opened_then_the_sentence_says_who_must_do_what_and_names_nothing(keys):
    keys(new_key())
    token = seal({"name": NAME}, belongs_to="fall-1")
    keys(new_key())
    with pytest.raises(KeyLost) as lost:
        unseal(token, belongs_to="fall-1")
    assert "nichts geändert" in str(lost.value)
    assert "Technik" in str(lost.value)
    assert NAME not in str(lost.value)
    assert lost.value.__cause__ is None


def test_given_several_keys_when_used_then_the_first_seals_and_all_open(keys):
    old, new = new_key(), new_key()
    keys(old)
    token = CASES.seal(NAME)
    keys(new, old)
    assert CASES.unseal(token) == NAME
    renewed, fresh = CASES.reseal(token), CASES.seal(NAME)
    keys(new)
    assert CASES.unseal(renewed) == CASES.unseal(fresh) == NAME
    with pytest.raises(KeyLost):
        CASES.unseal(token)
    with pytest.raises(KeyLost):
        CASES.reseal(token)


def test_given_the_key_of_the_log_when_it_is_another_one_then_no_signature_fits(keys):
    keys(new_key(), log="ab" * 32)
    before = vault.signature("Zeile")
    assert before == vault.signature("Zeile") != vault.signature("Zeile ")
    keys(new_key(), log="cd" * 32)
    assert vault.signature("Zeile") != before


# Where the keys come from

_ASK = "import django; django.setup(); from kok import vault; print(vault.signature('x')); print(vault.CASES.seal('x'))"


def _ask_for_keys(var):
    environment = {**os.environ, "KOK_VAR": str(var), "DJANGO_SETTINGS_MODULE": "kok.settings"}
    done = subprocess.run([sys.executable, "-c", _ASK], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_given_a_demo_without_keys_when_several_processes_need_them_then_they_agree_and_only_the_owner_reads(tmp_path):
    var = tmp_path / "var"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(_ask_for_keys, [var] * 4))
    file = var / "keys.json"
    assert len({signature for signature, _ in answers}) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in var.iterdir()] == [file.name]
    key = Fernet(json.loads(file.read_text())["CASE_KEYS"])
    assert [key.decrypt(token.encode()) for _, token in answers] == [b"x"] * 4


# The database refuses what is not sealed


@pytest.mark.django_db
@pytest.mark.parametrize("label", ["transitions.CaseEntry", "transitions.PendingImport"])
def test_given_plain_text_when_it_is_written_into_a_sealed_column_then_the_database_refuses(label):
    model = apps.get_model(label)
    checks = [each for each in model._meta.constraints if getattr(each, "condition", None) == is_sealed("content")]
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [checks[0].name])
        (definition,) = cursor.fetchone()
        cursor.execute(f"CREATE TEMP TABLE probe (content text NOT NULL, {definition})")
        for content in (CASES.seal(NAME), ""):
            cursor.execute("INSERT INTO probe VALUES (%s)", [content])
        for content in (NAME, json.dumps({"family_name": NAME}), "gaaaa", " gAAAA"):
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute("INSERT INTO probe VALUES (%s)", [content])


# The second factor


@pytest.fixture
def person(db):
    """An account with an app and spare codes."""
    user = a_user()
    a_factor(user)
    spare_codes(user)
    return user


def test_given_a_second_factor_when_the_database_is_dumped_then_no_secret_lies_in_it(person):
    stored = [factor.data for factor in Authenticator.objects.filter(user=person)]
    assert {name for data in stored for name in ("secret", "seed") if is_token(data.get(name))} == {"secret", "seed"}
    assert FACTOR_SECRET not in json.dumps(stored)


def is_token(text):
    return vault.is_token(text) and bool(FACTORS.unseal(text))


@pytest.mark.logs_errors
def test_given_a_lost_key_when_somebody_signs_in_with_a_code_then_the_page_says_who_must_do_what(person, keys):
    keys(new_key(), factor=[new_key()], log=vault._given("CASE_LOG_KEY"))
    client = Client()
    client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    answer = client.post(reverse("mfa_authenticate"), {"code": "123456"})
    assert (answer.status_code, "FACTOR_KEYS fehlt" in answer.content.decode()) == (503, True)


# The codes that the demo shows


@pytest.fixture
def shown(settings):
    """The page of the demo is there."""
    settings.KOK_MAIL_IN_FILES = True


def test_given_a_demo_account_when_its_code_is_looked_up_then_it_opens_the_second_step(client, db, shown):
    user = a_user(username="wetteraukreis-case-officer")
    for _ in range(2):
        second_factor.give_demo_factor(user)
    with time_machine.travel("2027-04-01T10:00:10Z", tick=False):
        page = client.get(reverse("kok:demo-code")).content.decode()
        (shown_code,) = second_factor.demo_codes()
        assert (shown_code.username, shown_code.code in page) == (user.username, True)
        client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
        assert client.post(reverse("mfa_authenticate"), {"code": shown_code.code})["Location"] == "/"


def test_given_a_real_second_factor_when_the_page_of_the_demo_opens_then_it_is_not_shown(client, person, shown):
    assert second_factor.demo_codes() == []
    second_factor.give_demo_factor(person)
    assert person.username not in client.get(reverse("kok:demo-code")).content.decode()


def test_given_production_when_the_codes_of_the_demo_are_wanted_then_they_exist_nowhere(client, db, settings, shown):
    user = a_user()
    second_factor.give_demo_factor(user)
    assert second_factor.is_set_up(user)
    settings.PRODUCTION = True
    assert client.get(reverse("kok:demo-code")).status_code == 404
    assert not second_factor.is_set_up(user)
    for wanted in (second_factor.demo_codes, lambda: second_factor.give_demo_factor(a_user())):
        with pytest.raises(RuntimeError):
            wanted()


def test_given_a_real_mail_server_when_the_codes_of_the_demo_are_wanted_then_the_page_does_not_exist(client, settings):
    settings.KOK_MAIL_IN_FILES = False
    assert client.get(reverse("kok:demo-code")).status_code == 404
