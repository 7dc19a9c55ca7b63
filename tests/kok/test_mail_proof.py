"""The first second factor asks for the mailbox: a password alone enrols nothing."""

import re
from urllib.parse import urlencode

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from kok import account_mails, clock, mail_proof, outbox
from kok.models import OutboxMessage, User
from tests.builders import PASSWORD, a_factor, a_user, an_agreement, app_code, with_mailbox

pytestmark = pytest.mark.django_db
NEW = "Apfelbaum-am-Tor-28"
FIRST_FACTORS = ["mfa_activate_totp", "mfa_add_webauthn"]
PROVE = "/konto/zweiter-faktor/postfach/"


@pytest.fixture
def officer():
    an_agreement()
    return a_user(role="case-officer", with_factor=False)


def signed_in(user: User) -> Client:
    """A session whose password was just typed twice, and nothing more is known."""
    client = Client()
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def mailed_code() -> str:
    """What the newest mail brings."""
    outbox.deliver(now=clock.now())
    return re.search(r"^[2-9A-Z]{4}-[2-9A-Z]{4}$", mail.outbox[-1].body, re.MULTILINE)[0]


@pytest.mark.parametrize("name", FIRST_FACTORS)
def test_given_the_password_alone_when_a_first_factor_is_enrolled_then_the_mailbox_is_asked_for(officer, name):
    client = signed_in(officer)
    for answer in (client.get(reverse(name)), client.post(reverse(name), {"code": "123456", "credential": "{}"})):
        assert answer["Location"] == f"{PROVE}?{urlencode({'next': reverse(name)})}"
    assert not Authenticator.objects.exists()


def test_given_the_code_of_the_mail_when_it_is_typed_then_the_app_can_be_enrolled_and_the_address_counts(officer):
    client = signed_in(officer)
    wanted = reverse("mfa_activate_totp")
    assert "Code senden" in client.get(client.get(wanted)["Location"]).content.decode()
    client.post(PROVE)
    code = mailed_code()
    assert mail.outbox[-1].to == [officer.email]
    assert officer.username not in mail.outbox[-1].body
    answer = client.post(f"{PROVE}?next={wanted}", {"code": f" {code.lower().replace('-', ' ')} "})
    assert answer["Location"] == wanted
    secret = client.get(wanted).context["form"].secret
    assert client.post(wanted, {"code": app_code(secret)})["Location"] == reverse("mfa_view_recovery_codes")
    assert list(EmailAddress.objects.values_list("email", "verified")) == [(officer.email, True)]


def test_given_the_first_factor_of_power_when_it_is_enrolled_then_those_who_watch_are_told_once(
    officer, django_capture_on_commit_callbacks
):
    auditor, registrar = a_user(role="auditor"), a_user(role="registrar")
    client = with_mailbox(signed_in(officer))
    activate = reverse("mfa_activate_totp")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(activate, {"code": app_code(client.get(activate).context["form"].secret)})
    outbox.deliver(now=clock.now())
    told = [sent for sent in mail.outbox if "der erste zweite Faktor" in sent.body]
    assert {sent.to[0] for sent in told} == {auditor.email, registrar.email}
    assert officer.username not in "".join(sent.body for sent in told)


def test_given_a_code_when_the_database_is_read_then_it_stands_nowhere(officer):
    client = signed_in(officer)
    client.post(PROVE)
    code = mailed_code()
    row = OutboxMessage.objects.get(kind=mail_proof.CODE)
    assert code.replace("-", "") not in f"{row.key} {row.context} {dict(client.session)}"


@pytest.mark.parametrize("typed", ["", "22222222", "ABCD-EFGH", "ü" * 8, "x" * 30])
def test_given_a_wrong_code_when_it_is_typed_then_nothing_is_proven_and_the_page_says_so(officer, typed):
    client = signed_in(officer)
    client.post(PROVE)
    answer = client.post(PROVE, {"code": typed})
    assert answer.status_code == 200
    assert "<title>Bitte prüfen" in answer.content.decode()
    assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(PROVE)


def test_given_a_code_of_another_session_when_it_is_typed_then_it_does_not_count(officer):
    asked, other = signed_in(officer), signed_in(officer)
    asked.post(PROVE)
    code = mailed_code()
    other.post(PROVE)
    assert "stimmt nicht" in other.post(PROVE, {"code": code}).content.decode()
    assert asked.post(PROVE, {"code": code}).status_code == 302


def test_given_a_code_older_than_a_quarter_of_an_hour_when_it_is_typed_then_a_new_one_is_needed(officer):
    client = signed_in(officer)
    client.post(PROVE)
    code = mailed_code()
    with time_machine.travel(clock.machine_seconds() + mail_proof.CODE_HOLDS):
        assert "gilt nicht mehr" in client.post(PROVE, {"code": code}).content.decode()


def test_given_a_proof_when_an_hour_has_passed_then_it_is_asked_for_again(officer):
    client = with_mailbox(signed_in(officer))
    with time_machine.travel(clock.machine_seconds() + mail_proof.PROOF_HOLDS):
        client.force_login(officer)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(PROVE)


def test_given_a_proof_when_another_account_signs_in_with_this_browser_then_it_proves_nothing_for_that_one(officer):
    client = with_mailbox(signed_in(officer))
    client.force_login(a_user())
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(PROVE)


def test_given_an_account_without_address_when_a_code_is_asked_for_then_the_page_says_who_helps(officer):
    User.objects.filter(pk=officer.pk).update(email="")
    answer = signed_in(officer).post(PROVE)
    assert "fehlt die E-Mail-Adresse" in answer.content.decode()
    assert not OutboxMessage.objects.exists()


def test_given_an_account_closed_when_the_mail_is_due_then_no_code_goes_out(officer):
    signed_in(officer).post(PROVE)
    User.objects.update(is_active=False)
    outbox.deliver(now=clock.now())
    assert mail.outbox == []


def test_given_a_code_when_the_account_has_another_address_since_then_it_does_not_prove_that_one(officer):
    client = signed_in(officer)
    client.post(PROVE)
    code = mailed_code()
    User.objects.update(email="neu@example.org")
    assert "stimmt nicht" in client.post(PROVE, {"code": code}).content.decode()


def test_given_many_wishes_when_codes_are_asked_for_then_the_mailbox_is_not_filled(officer):
    client = signed_in(officer)
    answers = [client.post(PROVE) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [200]
    assert "zu viele Codes" in answers[-1].content.decode()
    assert OutboxMessage.objects.filter(kind=mail_proof.CODE).count() == 5


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org", "/wetteraukreis/", "/konto/"])
def test_given_a_forged_way_on_when_the_code_is_right_then_only_a_page_of_the_factor_follows(officer, wanted):
    client = signed_in(officer)
    client.post(PROVE)
    answer = client.post(f"{PROVE}?next={wanted}", {"code": mailed_code()})
    assert answer["Location"] == reverse("mfa_activate_totp")


def test_given_a_factor_when_a_further_one_is_enrolled_then_the_first_one_is_asked_for_and_not_the_mailbox(officer):
    a_factor(officer)
    answer = signed_in(officer).get(reverse("mfa_add_webauthn"))
    assert answer["Location"].partition("?")[0] == reverse("mfa_reauthenticate")


# By the mailed link


def came_by_link(user: User) -> Client:
    """Sets a password through the link of a mail, as after an invitation, and signs in with it."""
    client = Client()
    path = account_mails.password_link(user).removeprefix(settings.KOK_PUBLIC_URL)
    form = client.get(path, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": NEW, "password2": NEW})
    client.post(reverse("account_login"), {"login": user.username, "password": NEW})
    client.post(reverse("account_reauthenticate"), {"password": NEW})
    return client


def test_given_somebody_who_just_came_by_the_link_when_an_app_is_enrolled_then_nothing_more_is_asked(officer):
    client = came_by_link(officer)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})
    assert Authenticator.objects.filter(user=officer, type=Authenticator.Type.TOTP).exists()


def test_given_a_password_set_by_link_when_looked_at_then_exactly_this_address_is_verified(officer):
    EmailAddress.objects.create(user=officer, email="alt@example.org", verified=True, primary=True)
    came_by_link(officer)
    rows = EmailAddress.objects.filter(user=officer)
    assert list(rows.values_list("email", "verified", "primary")) == [(officer.email, True, True)]


def test_given_a_link_that_was_only_opened_when_looked_at_then_no_address_is_verified(officer):
    path = account_mails.password_link(officer).removeprefix(settings.KOK_PUBLIC_URL)
    assert Client().get(path, follow=True).status_code == 200
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_given_two_accounts_of_one_mailbox_when_both_set_a_password_by_link_then_both_are_verified(officer):
    other = a_user()
    User.objects.filter(pk=other.pk).update(email=officer.email)
    for user in (officer, User.objects.get(pk=other.pk)):
        came_by_link(user)
    assert EmailAddress.objects.filter(email=officer.email, verified=True).count() == 2
