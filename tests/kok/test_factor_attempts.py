"""Wherever a code or a key proves something it is counted, written down when wrong, and works once."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from kok import clock, outbox
from kok.models import SignInEvent, User
from tests.builders import PASSWORD, a_factor, a_user, app_code, with_mailbox

pytestmark = pytest.mark.django_db
Kind = SignInEvent.Kind
TOO_MANY = "Das waren zu viele Versuche."
MAILBOX, APP, SECOND_STEP = "kok:prove-mail", "mfa_activate_totp", "mfa_authenticate"


@pytest.fixture
def person() -> User:
    return a_user(username="erika")


def with_password(person: User) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def written(kind: str) -> int:
    return SignInEvent.objects.filter(kind=kind, user__username="erika").count()


def guess_six_times(client: Client, name: str, values: dict[str, str]) -> str:
    """The last page, after the try that was one too many."""
    answers = [client.post(reverse(name), values) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert (written(Kind.WRONG_FACTOR), written(Kind.TOO_MANY)) == (5, 1)
    return answers[-1].content.decode()


def test_given_a_code_of_the_mailbox_when_guessed_then_it_is_counted_and_written_down_and_the_right_one_waits(person):
    client = with_password(person)
    client.post(reverse(MAILBOX))
    outbox.deliver(now=clock.now())
    assert TOO_MANY in guess_six_times(client, MAILBOX, {"code": "ABCD-EFGH"})
    with pytest.raises(AssertionError):
        with_mailbox(client)


def test_given_an_app_on_its_way_when_its_code_is_guessed_then_it_is_counted_and_written_down(person):
    client = with_mailbox(with_password(person))
    secret = client.get(reverse(APP)).context["form"].secret
    assert TOO_MANY in guess_six_times(client, APP, {"code": "x"})
    client.post(reverse(APP), {"code": app_code(secret)})
    assert not Authenticator.objects.exists()


def test_given_an_answer_of_no_key_when_sent_again_and_again_then_it_is_counted_and_written_down(person):
    a_factor(person)
    client = Client()
    client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    guess_six_times(client, SECOND_STEP, {"credential": json.dumps({"id": "x"})})


def test_given_right_codes_when_many_are_typed_then_none_counts(person):
    client = with_password(person)
    for _ in range(4):
        with_mailbox(client)
    secret = client.get(reverse(APP)).context["form"].secret
    client.post(reverse(APP), {"code": app_code(secret)})
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()
    assert (written(Kind.WRONG_FACTOR), written(Kind.TOO_MANY)) == (0, 0)


def test_given_the_code_that_enrolled_an_app_when_typed_at_sign_in_then_it_is_used_up(person):
    client = with_mailbox(with_password(person))
    secret = client.get(reverse(APP)).context["form"].secret
    code = app_code(secret)
    assert client.post(reverse(APP), {"code": code}).status_code == 302
    elsewhere = Client()
    elsewhere.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    assert elsewhere.post(reverse(SECOND_STEP), {"code": code}).status_code == 200
    assert "_auth_user_id" not in elsewhere.session


@pytest.mark.parametrize(("kinds", "has_app"), [("webauthn", False), ("totp", True), ("totp webauthn", True)])
def test_given_the_factors_of_an_account_when_signing_in_then_only_who_has_an_app_reads_of_its_code(
    person, monkeypatch, kinds, has_app
):
    monkeypatch.setattr("allauth.mfa.base.views.webauthn_auth.begin_authentication", lambda user: {"publicKey": {}})
    for kind in kinds.split():
        Authenticator.objects.create(user=person, type=kind, data={"secret": "x"})
    client = Client()
    client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    page = client.get(reverse(SECOND_STEP)).content.decode()
    assert ("sechsstelligen Code" in page, "einen Ihrer Ersatzcodes ein." in page) == (has_app, not has_app)
    helps = "Dann sagen Sie es der Stelle Ihres Partners, die Konten pflegt."
    for told in (page, Client().get(reverse("kok:page", args=["hilfe"])).content.decode()):
        assert helps in told
        assert "technische Betrieb" not in told


@pytest.mark.parametrize(
    ("kind", "words"), [("webauthn", "Geben Sie einen anderen Ihrer Ersatzcodes ein."), ("totp", "den die App zeigt")]
)
def test_given_the_factor_of_an_account_when_a_code_is_wrong_then_the_sentence_speaks_of_what_it_has(
    person, monkeypatch, kind, words
):
    monkeypatch.setattr("allauth.mfa.base.views.webauthn_auth.begin_authentication", lambda user: {"publicKey": {}})
    if kind == "totp":
        a_factor(person)
    else:
        Authenticator.objects.create(user=person, type=kind, data={})
    client = Client()
    client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    page = client.post(reverse(SECOND_STEP), {"code": "000000"}).content.decode()
    assert words in page
    assert ("App" in words) is ("den die App zeigt" in page)
