"""By SQL, as the role of the pages and without a key: nobody gets into an account, and the night names it."""

import json
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from kok import account_mails, allauth_adapter, clock, outbox, seals, vault
from kok.models import AuditEvent, SignInEvent, User
from members.actions import open_account
from members.actions.addresses import CONFIRM
from members.models import Agreement, RoleAssignment
from members.queries.access import roles_stand
from members.queries.addresses import key_of
from tests.builders import PASSWORD, a_factor, a_user, an_agreement, an_outbox_row, app_code
from tests.roles import by_worker
from tests.transitions.inside import enter, spare_codes
from transitions.forms.area import TAMPERED

pytestmark = pytest.mark.django_db
TODAY = date(2027, 6, 1)
OWN = "das Passwort des Angreifers"
WRONG = "Benutzername oder Passwort stimmen nicht. Versuchen Sie es noch einmal."
COPY_APP = """
UPDATE mfa_authenticator SET data = (SELECT data FROM mfa_authenticator WHERE user_id = %s) WHERE user_id = %s
"""
KEY = {"name": "Stecker", "credential": {"clientExtensionResults": {}}}


@pytest.fixture
def agreement() -> Agreement:
    return an_agreement()


@pytest.fixture
def officer(agreement: Agreement) -> User:
    """Whose names somebody wants to read."""
    return a_user(role="case-officer")


@pytest.fixture
def attacker(agreement: Agreement) -> User:
    """Somebody with an account and an app of his own."""
    return a_user(role="case-officer", partner="lwv-hessen")


def by_sql(statement: str, *values: Any) -> None:
    """Past the application."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1


def found() -> list[str]:
    return list(seals.findings(TODAY))


def typed(user: User, password: str = PASSWORD) -> tuple[Client, str]:
    """After the password was typed: the browser and the page it sees."""
    client = Client()
    page = client.post(reverse("account_login"), {"login": user.username, "password": password}, follow=True)
    return client, page.content.decode()


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def signs_in(user: User, password: str = PASSWORD) -> bool:
    client, _ = typed(user, password)
    client.post(reverse("mfa_authenticate"), {"code": app_code()})
    return is_in(client)


def last_kind(user: User) -> str:
    return SignInEvent.objects.filter(user=user).latest("pk").kind


# Somebody else gets in


def test_given_a_password_put_there_by_sql_when_it_is_typed_then_it_is_a_wrong_one_and_the_night_names_it(officer):
    by_sql("UPDATE kok_user SET password = %s WHERE id = %s", make_password(OWN), officer.pk)
    client, page = typed(officer, OWN)
    assert WRONG in page
    assert not is_in(client)
    assert last_kind(officer) == SignInEvent.Kind.TAMPERED
    [told] = found()
    assert told.startswith(f"Konto Nr. {officer.pk}: An der Anwendung vorbei geändert (Passwort)")


def test_given_the_hash_of_another_account_when_his_password_is_typed_then_it_is_a_wrong_one(officer, attacker):
    attacker.set_password(OWN)
    attacker.save()
    by_sql("UPDATE kok_user SET password = %s WHERE id = %s", attacker.password, officer.pk)
    assert WRONG in typed(officer, OWN)[1]
    assert signs_in(attacker, OWN)


@pytest.mark.parametrize(
    ("change", "title"),
    [
        ("email = 'angreifer@example.com'", "E-Mail-Adresse"),
        ("username = 'jemand-anderes'", "Benutzername"),
        ("last_name = 'Anders'", "Nachname"),
    ],
)
def test_given_an_account_changed_by_sql_when_its_owner_comes_then_he_is_refused_too(officer, change, title):
    by_sql(f"UPDATE kok_user SET {change} WHERE id = %s", officer.pk)
    officer.refresh_from_db()
    assert WRONG in typed(officer)[1]
    assert f"Konto Nr. {officer.pk}: An der Anwendung vorbei geändert ({title})" in found()[0]


def test_given_a_closed_account_opened_by_sql_when_its_password_is_typed_then_it_stays_shut(officer):
    officer.is_active = False
    officer.save()
    by_sql("UPDATE kok_user SET is_active = true WHERE id = %s", officer.pk)
    assert WRONG in typed(officer)[1]
    assert last_kind(officer) == SignInEvent.Kind.TAMPERED
    assert f"Konto Nr. {officer.pk}" in found()[0]


def test_given_the_app_of_another_account_when_it_is_copied_then_the_account_is_shut_and_the_night_names_it(
    officer, attacker
):
    theirs = a_factor(officer)
    by_sql(COPY_APP, attacker.pk, officer.pk)
    assert WRONG in typed(officer)[1]
    assert f"Zweiter Faktor Nr. {theirs.pk}: An der Anwendung vorbei geändert" in found()[0]
    assert signs_in(attacker)


@pytest.mark.parametrize("kind", ["totp", "webauthn", "recovery_codes"])
def test_given_a_factor_put_in_by_sql_when_the_password_is_typed_then_the_account_is_shut(officer, attacker, kind):
    spare_codes(attacker)
    Authenticator.objects.filter(user=officer).delete()
    own = Authenticator.objects.filter(user=attacker, type=kind).first()
    by_sql(
        "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, %s, %s, now())",
        officer.pk,
        kind,
        json.dumps(own.data if own else KEY),
    )
    assert WRONG in typed(officer)[1]
    assert [each for each in found() if "Zweiter Faktor" in each and "An der Anwendung vorbei eingefügt" in each]


def test_given_a_factor_moved_by_sql_to_another_account_when_signing_in_then_both_are_shut(officer, attacker):
    Authenticator.objects.filter(user=officer).delete()
    by_sql("UPDATE mfa_authenticator SET user_id = %s WHERE user_id = %s", officer.pk, attacker.pk)
    assert WRONG in typed(officer)[1]


def test_given_the_password_was_right_when_the_app_is_swapped_then_its_code_is_wrong(officer, attacker):
    other = "KRSXG5CTMVRXEZLU"
    Authenticator.objects.filter(user=attacker).delete()
    allauth_adapter.add_app(attacker, other)
    client, _ = typed(officer)
    by_sql(COPY_APP, attacker.pk, officer.pk)
    client.post(reverse("mfa_authenticate"), {"code": app_code(other)})
    assert not is_in(client)
    assert last_kind(officer) == SignInEvent.Kind.WRONG_FACTOR


def test_given_spare_codes_changed_by_sql_when_a_used_one_is_typed_again_then_it_is_wrong(officer):
    spare = spare_codes(officer)
    code = spare.wrap().get_unused_codes()[0]
    client, _ = typed(officer)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert is_in(client)
    client, _ = typed(officer)
    by_sql("UPDATE mfa_authenticator SET data = jsonb_set(data, '{used_mask}', '0') WHERE id = %s", spare.pk)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert not is_in(client)
    assert f"Zweiter Faktor Nr. {spare.pk}: An der Anwendung vorbei geändert" in found()[0]


def test_given_an_account_changed_since_the_password_when_the_code_is_right_then_nobody_is_signed_in(officer):
    client, _ = typed(officer)
    by_sql("UPDATE kok_user SET email = 'angreifer@example.com' WHERE id = %s", officer.pk)
    client.post(reverse("mfa_authenticate"), {"code": app_code()})
    assert not is_in(client)
    assert last_kind(officer) == SignInEvent.Kind.TAMPERED


@pytest.mark.parametrize("change", ["email = 'angreifer@example.com'", "first_name = 'Eva'"])
def test_given_somebody_signed_in_when_the_account_is_changed_by_sql_then_the_area_stays_shut(officer, change):
    client = Client()
    client.force_login(officer)
    by_sql(f"UPDATE kok_user SET {change} WHERE id = %s", officer.pk)
    sent = {"eintritt-reason": "PREPARE", "eintritt-code": app_code()}
    page = client.post(reverse("transitions:enter", args=["wetteraukreis"]), sent)
    assert TAMPERED in page.content.decode()
    assert last_kind(officer) == SignInEvent.Kind.TAMPERED


def copy_role(of: User, to: User) -> None:
    columns = [field.column for field in RoleAssignment._meta.concrete_fields if field.column not in ("id", "user_id")]
    copied = ", ".join(columns)
    by_sql(
        f"INSERT INTO members_roleassignment (user_id, {copied}) "
        f"SELECT %s, {copied} FROM members_roleassignment WHERE user_id = %s",
        to.pk,
        of.pk,
    )


def test_given_somebody_in_the_area_when_a_role_is_put_in_by_sql_then_it_shuts(officer, attacker):
    inside, lists = enter(attacker), reverse("transitions:lists", args=["wetteraukreis"])
    assert inside.get(lists).status_code == 200
    copy_role(officer, attacker)
    page = inside.get(lists, follow=True)
    assert page.redirect_chain == [
        (f"{reverse('transitions:enter', args=['wetteraukreis'])}?next={quote(lists, '')}", 302)
    ]
    assert TAMPERED in page.content.decode()
    sent = {"eintritt-reason": "PREPARE", "eintritt-code": app_code()}
    assert TAMPERED in inside.post(page.redirect_chain[0][0], sent).content.decode()


def test_given_an_account_without_a_role_when_one_is_put_in_by_sql_then_the_area_stays_shut(officer, attacker):
    nobody = a_user(role=None)
    a_factor(nobody)
    copy_role(officer, nobody)
    client = Client()
    client.force_login(nobody)
    sent = {"eintritt-reason": "PREPARE", "eintritt-code": app_code()}
    page = client.post(reverse("transitions:enter", args=["wetteraukreis"]), sent)
    assert TAMPERED in page.content.decode()


# The way around: by a mail


def test_given_an_address_put_there_by_sql_when_a_new_password_is_asked_for_then_no_link_goes_there(officer):
    by_sql("UPDATE kok_user SET email = 'angreifer@example.com' WHERE id = %s", officer.pk)
    Client().post(reverse("account_reset_password"), {"email": "angreifer@example.com"})
    by_worker(outbox.deliver, now=clock.now())
    assert mail.outbox == []


def test_given_a_link_when_the_account_is_changed_by_sql_then_it_is_dead(officer):
    link = account_mails.password_link(officer)
    assert 'name="password1"' in Client().get(link, follow=True).content.decode()
    by_sql("UPDATE kok_user SET first_name = 'Eva' WHERE id = %s", officer.pk)
    assert 'name="password1"' not in Client().get(link, follow=True).content.decode()


def test_given_a_new_address_put_in_by_sql_when_its_mail_is_due_then_none_goes_out_and_its_link_is_dead(officer):
    by_sql(
        "INSERT INTO kok_addresschange (user_id, email, asked_by_id, asked_at) VALUES (%s, %s, %s, %s)",
        officer.pk,
        "angreifer@example.com",
        officer.pk,
        clock.now(),
    )
    change = officer.address_change
    now = clock.now()
    an_outbox_row(kind=CONFIRM, key=CONFIRM, context={"change": change.pk}, next_try_at=now)
    by_worker(outbox.deliver, now=now)
    assert mail.outbox == []
    client = Client()
    client.force_login(officer)
    page = client.get(reverse("address:confirm", args=[change.pk, key_of(change)]))
    assert "Adresse bestätigen" not in page.content.decode()
    assert found() == [f"Neue E-Mail-Adresse Nr. {change.pk}: An der Anwendung vorbei eingefügt, ein Siegel fehlt."]


# What the application does itself


def test_given_an_ordinary_life_of_an_account_when_the_night_comes_then_nothing_is_found(officer, settings):
    spare = spare_codes(officer)
    client, _ = typed(officer)
    client.post(reverse("mfa_authenticate"), {"code": spare.wrap().get_unused_codes()[0]})
    assert is_in(client)
    officer.refresh_from_db()
    officer.set_password(OWN)
    officer.save()
    User.objects.filter(pk=officer.pk).update(first_name="Kim")
    assert found() == []
    assert signs_in(officer, OWN)


def test_given_a_hash_of_weaker_making_when_its_owner_signs_in_then_the_stronger_one_is_sealed(officer, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher", *settings.PASSWORD_HASHERS]
    before = officer.password
    assert signs_in(officer)
    officer.refresh_from_db()
    assert officer.password != before
    assert found() == []


# It is made good again


def test_given_an_account_changed_by_sql_when_mended_then_it_is_closed_sealed_and_comes_back_by_a_link(
    officer, attacker, capsys
):
    by_sql("UPDATE kok_user SET email = 'angreifer@example.com', password = '!' WHERE id = %s", officer.pk)
    by_sql(COPY_APP, attacker.pk, officer.pk)
    call_command("mend_account", f"--number={officer.pk}", "--email=richtig@example.org")
    assert officer.username in capsys.readouterr().out
    officer.refresh_from_db()
    assert (officer.is_active, officer.email, officer.has_usable_password()) == (False, "richtig@example.org", False)
    assert not Authenticator.objects.filter(user=officer).exists()
    assert found() == []
    assert AuditEvent.objects.filter(action="account.sealed-anew", object_id=officer.pk).count() == 1
    open_account(user=officer, by=a_user(role="registrar"), now=clock.now())
    link = account_mails.password_link(User.objects.get(pk=officer.pk))
    assert 'name="password1"' in Client().get(link, follow=True).content.decode()


def test_given_an_account_as_it_was_sealed_when_it_is_to_be_mended_then_nothing_changes(officer):
    with pytest.raises(SystemExit):
        call_command("mend_account", f"--number={officer.pk}", "--email=richtig@example.org")
    assert signs_in(officer)


def test_given_another_spelling_of_an_address_when_an_account_is_to_be_mended_with_it_then_nothing_changes(officer):
    by_sql("UPDATE kok_user SET email = 'angreifer@example.com' WHERE id = %s", officer.pk)
    with pytest.raises(SystemExit):
        call_command("mend_account", f"--number={officer.pk}", '--email="richtig"@example.org')
    officer.refresh_from_db()
    assert officer.email == "angreifer@example.com"


def test_given_another_key_of_the_seals_when_all_accounts_are_sealed_anew_then_their_owners_come_in_again(
    officer, attacker, settings
):
    with pytest.raises(SystemExit):  # the key is not lost
        call_command("mend_account", "--all")
    settings.CASE_KEYS, settings.FACTOR_KEYS = vault._given("CASE_KEYS"), vault._given("FACTOR_KEYS")
    settings.CASE_LOG_KEY = vault.new_hmac_key()
    vault.forget_keys()
    assert WRONG in typed(officer)[1]
    assert not roles_stand(officer)
    call_command("mend_account", "--all")
    assert signs_in(officer)
    assert roles_stand(officer), "else nobody would enter the area any more"
    vault.forget_keys()
