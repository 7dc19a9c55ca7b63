"""Signing in: throttled before the password is hashed, closed to strangers, with a second factor at hand."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings as settings_of_django
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.urls import reverse

from kok import account_mails, clock, outbox
from kok.models import SignInEvent, User
from tests.builders import FACTOR_SECRET, PASSWORD, a_factor, app_code


@pytest.fixture
def person(db):
    """Somebody who may sign in."""
    return User.objects.create_user("wetteraukreis-member", "m@example.org", PASSWORD)


def sign_in(client, password):
    return client.post(reverse("account_login"), {"login": "wetteraukreis-member", "password": password})


def test_given_too_many_attempts_when_trying_again_then_no_password_is_hashed_any_more(client, person, monkeypatch):
    hashed = []
    for _ in range(5):
        sign_in(client, "falsch")
    for hasher in (PBKDF2PasswordHasher, *_hashers_of_the_tests()):
        monkeypatch.setattr(hasher, "encode", lambda self, *args, **kwargs: hashed.append(1) or "x")
    response = sign_in(client, PASSWORD)
    assert hashed == []
    assert not response.wsgi_request.user.is_authenticated
    assert "zu viele Versuche" in response.content.decode()


def _hashers_of_the_tests():
    from django.contrib.auth.hashers import get_hashers

    return {type(hasher) for hasher in get_hashers()}


def test_given_a_proxy_when_a_stranger_guesses_from_elsewhere_then_nobody_else_is_locked_out(client, person, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for n in range(12):
        guess = {"login": f"niemand-{n}", "password": "falsch"}
        client.post(reverse("account_login"), guess, headers={"x-forwarded-for": "203.0.113.7"})
    right = {"login": "wetteraukreis-member", "password": PASSWORD}
    response = client.post(reverse("account_login"), right, headers={"x-forwarded-for": "203.0.113.8"})
    assert response.status_code == 302


@pytest.mark.parametrize(
    ("environment", "name", "value"),
    [
        ({"BEHIND_TLS_PROXY": "true"}, "ALLAUTH_TRUSTED_PROXY_COUNT", "1"),
        ({"EMAIL_URL": "smtp://mail.example.org:25"}, "KOK_MAIL_IN_FILES", "False"),
        ({"EMAIL_URL": ""}, "KOK_MAIL_IN_FILES", "True"),
    ],
)
def test_given_an_environment_when_configured_then_proxy_and_mail_page_follow_it(environment, name, value):
    asked = f"from kok import settings; print(settings.{name})"
    ended = subprocess.run(
        [sys.executable, "-c", asked], env={**os.environ, **environment}, capture_output=True, text=True, timeout=60,
        check=True,
    )  # fmt: skip
    assert ended.stdout.strip() == value


def test_given_a_real_mail_server_when_the_mail_of_the_demo_is_asked_for_then_it_does_not_exist(client, settings, db):
    settings.KOK_MAIL_IN_FILES = False
    assert client.get(reverse("kok:demo-mail")).status_code == 404


def test_given_the_right_password_when_signing_in_then_the_start_page_follows(client, person):
    assert sign_in(client, PASSWORD).headers["Location"] == "/"


def written() -> list[tuple[str, str | None]]:
    return list(SignInEvent.objects.order_by("pk").values_list("kind", "user__username"))


def test_given_a_locked_account_when_its_right_password_is_typed_then_that_is_written_down_and_counted(client, person):
    User.objects.update(is_active=False)
    answers = [sign_in(client, PASSWORD) for _ in range(6)]
    assert {answer["Location"] for answer in answers[:5]} == {reverse("account_inactive")}
    assert answers[5].status_code == 429
    kinds = [SignInEvent.Kind.LOCKED] * 5 + [SignInEvent.Kind.TOO_MANY]
    assert written() == [(kind, person.username) for kind in kinds]


def test_given_an_account_locked_before_the_second_factor_when_its_code_follows_then_nothing_opens(client, person):
    a_factor(person)
    sign_in(client, PASSWORD)
    User.objects.update(is_active=False)
    answer = client.post(reverse("mfa_authenticate"), {"code": app_code(FACTOR_SECRET)})
    assert answer["Location"] == reverse("account_inactive")
    assert "_auth_user_id" not in client.session
    assert written() == [(SignInEvent.Kind.LOCKED, person.username)]


def test_given_a_stranger_when_he_wants_to_register_then_the_page_says_who_invites(client, person):
    answer = client.get(reverse("account_signup"))
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "Konten gibt es auf Einladung" in page
    assert reverse("account_login") in page
    assert "<form" not in page.split("<main")[1]
    typed = {"username": "x", "email": "x@example.org", "password1": PASSWORD}
    assert client.post(reverse("account_signup"), typed).status_code == 404
    assert not User.objects.filter(username="x").exists()


def test_given_a_signed_in_person_when_he_opens_the_security_page_then_a_second_factor_is_offered(client, person):
    client.force_login(person)
    assert reverse("mfa_activate_totp") in client.get(reverse("mfa_index")).content.decode()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8000", "[::1]"])
def test_given_a_request_with_another_host_when_a_new_password_is_asked_for_then_the_link_leads_home(
    client, person, settings, host
):
    settings.KOK_PUBLIC_URL = "https://kok.example.org"
    client.post(reverse("account_reset_password"), {"email": person.email}, HTTP_HOST=host)
    assert mail.outbox == []  # a page waits for no mail server, and shows nobody by waiting that there is an account
    outbox.deliver(now=clock.now())
    [sent] = mail.outbox
    assert sent.to == [person.email]
    links = re.findall(r"https?://\S+", sent.body)
    assert [link.partition("/konto/")[0] for link in links] == ["https://kok.example.org"]
    assert client.get(links[0].removeprefix("https://kok.example.org"), follow=True).status_code == 200
    assert host not in f"{sent.subject} {sent.body} {sent.extra_headers}"


@pytest.mark.parametrize(
    ("change", "to"), [({"is_active": False}, []), ({"email": "neu@example.org"}, ["neu@example.org"])]
)
def test_given_an_account_closed_or_moved_when_a_link_was_asked_for_before_then_it_goes_to_no_address_of_before(
    client, person, change, to
):
    client.post(reverse("account_reset_password"), {"email": person.email})
    User.objects.update(**change)
    outbox.deliver(now=clock.now())
    assert [address for message in mail.outbox for address in message.to] == to


@pytest.mark.parametrize("change", account_mails.CHANGES)
def test_given_a_change_of_the_own_account_when_its_mail_is_built_then_it_says_what_and_whom_to_tell(person, change):
    account_mails.queue(account_mails.CHANGED, person, now=clock.now(), change=change)
    outbox.deliver(now=clock.now())
    [sent] = mail.outbox
    subject, sentence = account_mails.CHANGES[change]
    assert (sent.to, sent.subject) == ([person.email], f"Kooperationskonferenz: {subject}")
    assert sentence in sent.body
    assert "melden Sie sich gleich bei der Stelle Ihres Partners" in sent.body


def test_given_a_moved_clock_when_somebody_signs_in_then_the_last_sign_in_is_of_the_moved_day(client, person, settings):
    settings.KOK_NOW = "2027-03-01T09:00"
    sign_in(client, PASSWORD)
    person.refresh_from_db()
    assert f"{person.last_login:%d.%m.%Y}" == "01.03.2027"


def test_given_nobody_signed_in_when_pages_that_open_an_account_are_shown_then_no_browser_keeps_them(client, person):
    way = account_mails.password_link(person).removeprefix(settings_of_django.KOK_PUBLIC_URL)
    pages = [way, client.get(way)["Location"], reverse("account_login"), reverse("account_reset_password")]
    for page in pages:
        assert "no-store" in client.get(page)["Cache-Control"], page


def test_given_a_closed_account_when_its_page_opens_then_it_uses_the_word_of_the_account_s_own_page(client):
    told = client.get(reverse("account_inactive")).content.decode()
    assert "Das Konto ist gesperrt" in told
    assert "abgeschaltet" not in told
