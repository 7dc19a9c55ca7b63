"""The second factor: what counts in production, and that it guards itself in a session that a password opened."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.hashers import make_password
from django.test import Client, RequestFactory
from django.urls import reverse

from kok import clock, outbox, second_factor
from kok.models import AuditEvent
from tests.builders import a_factor, a_user, an_agreement, app_code, with_mailbox
from tests.transitions.inside import enter, proven, spare_codes
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
PASSWORD = "ein langes Passwort zum Testen"
OVER_THE_FACTOR = [
    "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_generate_recovery_codes", "mfa_view_recovery_codes", "mfa_download_recovery_codes",
]  # fmt: skip


@built_once
def officer():
    an_agreement()
    user = a_user(role="case-officer", with_factor=False)
    user.password = make_password(PASSWORD)
    user.save()
    return user


def with_password(user) -> Client:
    """A running session whose password was just asked for again."""
    client = Client()
    client.force_login(user)
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302
    return client


# What counts


def test_given_production_when_an_ordinary_app_is_proven_then_the_sealed_area_opens(officer, settings):
    settings.PRODUCTION = True
    a_factor(officer)
    assert second_factor.is_set_up(officer)
    lists = reverse("transitions:lists", args=["wetteraukreis"])
    assert enter(officer).get(lists).status_code == 200


def test_given_production_when_the_app_is_one_whose_codes_the_demo_showed_then_nothing_is_set_up(officer, settings):
    second_factor.give_demo_factor(officer)
    assert second_factor.is_set_up(officer)
    settings.PRODUCTION = True
    assert not second_factor.is_set_up(officer)


def test_given_production_when_only_spare_codes_of_the_demo_are_left_then_they_prove_nothing(officer, settings, rf):
    second_factor.give_demo_factor(officer)
    spare = spare_codes(officer)
    request = rf.get("/")
    client = proven(Client(), officer)
    request.user, request.session = officer, client.session
    request.COOKIES = {name: cookie.value for name, cookie in client.cookies.items()}
    records = request.session["account_authentication_methods"]
    request.session["account_authentication_methods"] = [{**records[-1], "id": spare.pk}]
    assert second_factor.is_proven(request)
    settings.PRODUCTION = True
    assert not second_factor.is_proven(request)


# It guards itself


@pytest.mark.parametrize("name", OVER_THE_FACTOR)
def test_given_a_password_alone_when_the_factor_is_touched_then_its_code_is_asked_for_first(officer, name):
    client = with_password(officer)
    factor = a_factor(officer)
    spare = spare_codes(officer)
    for answer in (client.get(reverse(name)), client.post(reverse(name))):
        assert answer.status_code == 302
        assert answer.url.partition("?")[0] == reverse("mfa_reauthenticate")
    assert set(Authenticator.objects.filter(user=officer).values_list("pk", flat=True)) == {
        factor.pk,
        spare.pk,
    }


@pytest.mark.parametrize("name", ["mfa_deactivate_totp", "mfa_generate_recovery_codes"])
def test_given_a_form_that_waits_for_the_code_when_the_password_is_sent_instead_then_it_goes_on_waiting(officer, name):
    factor, wanted, client = a_factor(officer), reverse(name), Client()
    client.force_login(officer)
    client.post(wanted)
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": wanted})
    assert answer.url.partition("?")[0] == reverse("mfa_reauthenticate")
    assert list(Authenticator.objects.filter(user=officer)) == [factor]


def test_given_a_form_that_waits_when_the_code_is_right_then_it_is_carried_out(officer):
    a_factor(officer)
    client, wanted = Client(), reverse("mfa_deactivate_totp")
    client.force_login(officer)
    assert client.post(client.post(wanted).url, {"code": app_code(), "next": wanted}).status_code == 302
    assert not Authenticator.objects.filter(user=officer).exists()


def test_given_a_factor_when_its_code_is_asked_for_then_no_way_around_it_is_offered(officer):
    a_factor(officer)
    client = Client()
    client.force_login(officer)
    page = client.get(client.get(reverse("mfa_deactivate_totp")).url).content.decode()
    assert reverse("account_reauthenticate") not in page


def test_given_a_code_when_it_was_asked_for_in_between_then_the_wanted_page_follows(officer):
    a_factor(officer)
    client = with_password(officer)
    wanted = reverse("mfa_generate_recovery_codes")
    asked = client.get(wanted).url
    answer = client.post(asked, {"code": app_code(), "next": wanted})
    assert (answer.status_code, answer.url) == (302, wanted)
    assert client.get(wanted).status_code == 200


def test_given_an_account_without_factor_when_it_sets_one_up_then_password_and_mailbox_are_enough(officer):
    assert with_mailbox(with_password(officer)).get(reverse("mfa_activate_totp")).status_code == 200


def test_given_spare_codes_when_they_were_shown_once_then_they_are_not_shown_again(officer):
    client = proven(Client(), officer)
    spare = spare_codes(officer)
    first, second = (client.get(reverse("mfa_view_recovery_codes")).content.decode() for _ in range(2))
    codes = spare.wrap().get_unused_codes()
    assert all(each in first for each in codes)
    assert not any(each in second for each in codes)
    assert client.get(reverse("mfa_download_recovery_codes")).status_code in (403, 404)


@pytest.mark.django_db(transaction=True)
def test_given_a_change_of_the_factor_when_it_is_made_then_the_trail_and_a_mail_say_so(officer, mailoutbox):
    officer.email = "fall@example.org"
    officer.save()
    client = proven(Client(), officer)
    for name in ("mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        client.post(reverse(name))
    told = list(AuditEvent.objects.filter(actor_id=officer.pk).order_by("pk").values_list("action", flat=True))
    assert told == ["account.recovery-codes-generated", "account.totp-deactivated"]
    assert mailoutbox == []  # a page waits for no mail server
    outbox.deliver(now=clock.now())
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["fall@example.org"], "Kooperationskonferenz: Neue Ersatzcodes"),
        (["fall@example.org"], "Kooperationskonferenz: Zweiter Faktor ausgeschaltet"),
    ]
    assert not any(officer.username in mail.body for mail in mailoutbox)


@pytest.mark.django_db(transaction=True)
def test_given_a_new_app_when_its_code_was_typed_then_the_spare_codes_follow_without_another_and_the_trail_says_so(
    officer,
):
    client = with_mailbox(with_password(officer))
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})
    assert (answer.status_code, answer.url) == (302, reverse("mfa_view_recovery_codes"))
    spare = Authenticator.objects.get(user=officer, type=Authenticator.Type.RECOVERY_CODES)
    for wanted in (True, False):
        page = client.get(answer.url)
        assert page.status_code == 200
        assert all((each in page.content.decode()) is wanted for each in spare.wrap().get_unused_codes())
    told = list(AuditEvent.objects.filter(actor_id=officer.pk).order_by("pk").values_list("action", flat=True))
    assert told == ["account.totp-activated", "account.recovery-codes-shown"]


@pytest.mark.django_db(transaction=True)
def test_given_a_session_elsewhere_when_the_first_factor_is_set_up_then_it_ends_and_a_further_one_ends_none(officer):
    """Whoever is signed in elsewhere has typed the password and nothing more."""
    elsewhere, client = with_password(officer), with_mailbox(with_password(officer))
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})
    assert elsewhere.get(reverse("mfa_index"))["Location"].startswith(reverse("account_login"))
    assert client.get(reverse("mfa_index")).status_code == 200
    elsewhere = proven(Client(), officer)
    request = RequestFactory().get("/")
    request.user, request.session = officer, client.session
    key = Authenticator.objects.create(user=officer, type=Authenticator.Type.WEBAUTHN, data={})
    authenticator_added.send(sender=Authenticator, request=request, user=officer, authenticator=key)
    assert elsewhere.get(reverse("kok:devices")).status_code == 200
