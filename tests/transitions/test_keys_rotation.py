"""Keys: made without any setting, changed while everything opens, the old one really goes."""

import json
import os
import re
import subprocess
import sys

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command

from kok import account_seals, actions, privacy, vault
from kok.embedded import PROJECT
from kok.models import AuditEvent, User
from tests.builders import FACTOR_SECRET, a_factor, a_user, an_agreement
from tests.roles import as_worker, by_worker
from tests.transitions.inside import spare_codes
from tests.transitions.world import NOW, a_draft, an_access, case_data, fresh, people, released
from tests.worlds import built_once
from transitions.actions import lists
from transitions.actions.importing import hold_rows
from transitions.models import CaseEntry, PendingImport

OLD, NEW = vault.new_key(), vault.new_key()
OLD_FACTOR, NEW_FACTOR = vault.new_key(), vault.new_key()
OTHERS = {"CASE_LOG_KEY": "ab" * 32, "CASE_NAME_KEY": "cd" * 32}


@pytest.fixture
def keys(settings, db):
    """Sets the keys, the newest first."""

    def use(*case, factor=(OLD_FACTOR,)):
        for name, value in (OTHERS | {"CASE_KEYS": list(case), "FACTOR_KEYS": list(factor)}).items():
            setattr(settings, name, value)
        vault.forget_keys()

    use(OLD)
    yield use
    vault.forget_keys()


@built_once(CASE_KEYS=[OLD], FACTOR_KEYS=[OLD_FACTOR], **OTHERS)
def under_old_keys():
    """A released list, a draft with a file beside it, a second factor with spare codes."""
    vault.forget_keys()
    an_agreement()
    by = an_access()
    version = released(a_draft(people(3), by=by)).version
    draft = lists.open_draft(sender=version.transition_list.sender, year=2027, by=by, now=NOW)
    hold_rows(version=draft, rows=[(case_data(), True)], by=by, now=NOW)
    user = a_user(username="mit.faktor")
    a_factor(user)
    spare_codes(user)
    return fresh(draft)


@pytest.fixture
def world(keys, under_old_keys):
    """The draft, with the old keys set; `keys`, which comes first as it asks for the database, sets others."""
    return under_old_keys


def command(capsys, *arguments):
    code = 0
    try:
        with as_worker():
            call_command("rotate_case_keys", *arguments)
    except SystemExit as ended:
        code = ended.code
    told = capsys.readouterr()
    return code, told.out.strip(), told.err.strip()


def tokens():
    """Every seal in the database."""
    return factor_tokens() + case_tokens()


def factor_tokens():
    return [token for row in Authenticator.objects.all() for token in row.data.values() if vault.is_token(token)]


def case_tokens():
    fields = [(model, name) for model, names in privacy.sealed_fields() for name in names]
    return [token for model, name in fields for row in model.objects.all() if (token := getattr(row, name))]


def newest():
    """How many seals are under the newest key of theirs."""
    return sum(map(vault.CASES.is_newest, case_tokens())) + sum(map(vault.FACTORS.is_newest, factor_tokens()))


def test_given_a_new_key_when_rotated_then_the_old_one_can_go_and_everything_opens(world, keys, capsys):
    before = tokens()
    assert len(before) == 11  # 3 released, 3 in the draft, the file, three secrets, a seed
    keys(NEW, OLD, factor=(NEW_FACTOR, OLD_FACTOR))
    assert json.loads(command(capsys, "--json")[1]) == {"resealed": 11, "already_newest": 0, "lost": []}
    keys(NEW, factor=(NEW_FACTOR,))
    assert not set(tokens()) & set(before)
    assert {entry.data.family_name for entry in CaseEntry.objects.all()} == {each.family_name for each in people(3)}
    assert vault.unseal(PendingImport.objects.get().content, belongs_to=str(world.pk))["rows"][0]["is_late"]
    user = User.objects.get(username="mit.faktor")
    assert vault.FACTORS.unseal(a_factor(user).data["secret"]) == FACTOR_SECRET
    assert account_seals.stands(user)
    assert len(Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()) == 10
    assert AuditEvent.objects.get(action="case-keys.changed").note.startswith("11 neu versiegelt, 0 schon")


def test_given_only_the_keys_of_cases_when_second_factors_are_opened_then_none_opens_nor_the_other_way_round(world):
    assert (len(factor_tokens()), len(case_tokens())) == (4, 7)
    for ring, foreign in ((vault.CASES, factor_tokens()), (vault.FACTORS, case_tokens())):
        for token in foreign:
            with pytest.raises(vault.KeyLost):
                ring.unseal(token)


def test_given_a_change_of_key_that_was_stopped_when_begun_again_then_it_goes_on(world, keys, monkeypatch, capsys):
    keys(NEW, OLD, factor=(NEW_FACTOR, OLD_FACTOR))
    monkeypatch.setattr(actions, "BATCH", 2)
    calls = []

    def stop(ring, token):
        calls.append(token)
        if len(calls) > 5:
            raise KeyboardInterrupt
        return reseal(ring, token)

    reseal = vault.Ring.reseal
    with monkeypatch.context() as patch:
        patch.setattr(vault.Ring, "reseal", stop)
        with pytest.raises(KeyboardInterrupt):
            by_worker(actions.reseal, now=NOW)
    assert 0 < newest() < 9
    code, told, _ = command(capsys)
    assert (code, told.endswith("Sicherungen brauchen ihn noch.")) == (0, True)
    assert told.startswith("7 neu versiegelt, 4 waren es schon.")
    assert newest() == len(tokens())


def test_given_a_seal_that_no_key_opens_when_rotated_then_table_and_number_are_named_and_the_rest_is_done(
    world, keys, capsys
):
    lost = CaseEntry.objects.filter(version=world).earliest("pk")
    keys(vault.new_key())
    CaseEntry.objects.filter(pk=lost.pk).update(content=vault.seal({"data": {}}, belongs_to=str(lost.case_id)))
    keys(NEW, OLD)
    code, told, _ = command(capsys)
    assert code == 1
    assert told.splitlines()[-1].strip() == f"transitions_caseentry {lost.pk}"
    assert told.startswith("6 neu versiegelt, 4 waren es schon. Mit keinem Schlüssel zu öffnen: 1.")
    assert "Zirbelnuss" not in told


@pytest.mark.parametrize(
    ("case", "factor", "named"),
    [([""], [OLD_FACTOR], "CASE_KEYS"), (["passwort"], [OLD_FACTOR], "CASE_KEYS"), ([NEW, OLD], [], "FACTOR_KEYS")],
)
def test_given_no_readable_key_when_rotated_then_a_sentence_and_nothing_changed(
    world, keys, capsys, case, factor, named
):
    before = tokens()
    keys(*case, factor=factor)
    code, _, err = command(capsys)
    assert (code, re.findall(r"[A-Z]+_KEYS", err)) == (1, [named])
    assert tokens() == before


def test_given_a_released_list_when_rotated_then_the_trigger_lets_only_seals_through(world, keys):
    """The trigger allows the worker a seal in place of a seal, and nobody else."""
    keys(NEW, OLD)
    by_worker(actions.reseal, now=NOW)
    from django.db import DatabaseError, transaction

    entry = CaseEntry.objects.exclude(version=world).first()
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseEntry.objects.filter(pk=entry.pk).update(content=vault.CASES.reseal(entry.content))


# A new key


def a_key(tmp_path, *arguments, **environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("CASE_", "KOK_", "DATABASE_"))}
    return subprocess.run(
        [sys.executable, "manage.py", "case_key", *arguments], cwd=PROJECT, text=True, capture_output=True, check=False,
        env=clean | {"KOK_VAR": str(tmp_path / "var"), "DJANGO_SETTINGS_MODULE": "kok.settings"} | environment,
    )  # fmt: skip


UNREADY = {"KOK_MODE": "production", "CASE_KEYS": "geheim", "SECRET_KEY": "", "DATABASE_URL_FILE": "/nirgends"}


@pytest.mark.parametrize("environment", [{}, {"KOK_MODE": "production"}, UNREADY])
def test_given_no_sound_setting_when_a_key_is_made_then_all_values_fit_and_nothing_is_started_or_stored(
    tmp_path, settings, environment
):
    done = a_key(tmp_path, "--json", **environment)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    settings.CASE_KEYS, settings.CASE_LOG_KEY = [found["CASE_KEYS"]], found["CASE_LOG_KEY"]
    vault.forget_keys()
    settings.FACTOR_KEYS, settings.CASE_NAME_KEY = [found["FACTOR_KEYS"]], found["CASE_NAME_KEY"]
    for ring in (vault.CASES, vault.FACTORS):
        assert ring.unseal(ring.seal("Probe")) == "Probe"
    assert len(vault.signature("Probe")) == 64
    vault.forget_keys()
    assert not (tmp_path / "var").exists()


def test_given_a_person_when_a_key_is_made_then_it_is_told_where_it_goes(tmp_path):
    told = a_key(tmp_path).stdout
    for words in (*(f"{name}=" for name in vault.new_keys()), "getrennt von den Sicherungen", "rotate_case_keys"):
        assert words in told
    assert "Bewahren Sie ihn so lange auf wie die Sicherungen von vorher" in " ".join(told.split())
    assert told != a_key(tmp_path).stdout
