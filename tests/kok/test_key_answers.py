"""What is sent in place of a security key's answer is refused in words; real keys are tried in a browser."""

import json
from base64 import urlsafe_b64encode

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from kok.factor_forms import KEY_REFUSED
from kok.models import SignInEvent
from tests.builders import PASSWORD, a_factor, a_user, an_agreement, with_mailbox

pytestmark = pytest.mark.django_db


def text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


CLIENT = text(json.dumps({"type": "webauthn.get", "challenge": "eA", "origin": "http://localhost"}).encode())
RAW = {"id": "eA", "rawId": "eA", "type": "public-key", "clientExtensionResults": {}}
ANSWERS = [
    {"id": "x"},
    [1],
    7,
    "x",
    RAW,
    RAW | {"response": {}},
    RAW | {"response": {"clientDataJSON": "!", "authenticatorData": "!", "signature": "!"}},
    RAW | {"response": {"clientDataJSON": CLIENT, "authenticatorData": text(b"x" * 10), "signature": "eA"}},
    RAW | {"response": {"clientDataJSON": CLIENT, "authenticatorData": text(bytes(37)), "signature": "eA"}},
    RAW | {"response": {"clientDataJSON": CLIENT, "attestationObject": text(b"\xff")}},
    RAW | {"response": {"clientDataJSON": CLIENT, "attestationObject": text(b"\xa0")}},
    RAW | {"response": {"clientDataJSON": text(b"{}"), "attestationObject": text(b"\xa0")}},
]


@pytest.mark.parametrize("answer", ANSWERS, ids=repr)
def test_given_an_answer_of_no_key_when_signing_in_then_it_is_refused_and_written_down(answer):
    an_agreement()
    user, client = a_user(role="registrar"), Client()
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    client.get(reverse("mfa_authenticate"))
    page = client.post(reverse("mfa_authenticate"), {"credential": json.dumps(answer)})
    assert page.status_code == 200
    assert "_auth_user_id" not in client.session
    assert SignInEvent.objects.filter(kind=SignInEvent.Kind.WRONG_FACTOR, user=user).count() == 1


@pytest.mark.parametrize("answer", ANSWERS, ids=repr)
def test_given_an_answer_of_no_key_when_one_is_enrolled_then_it_is_refused(answer):
    user, client = a_user(), Client()
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client = with_mailbox(client)
    client.get(reverse("mfa_add_webauthn"))
    page = client.post(reverse("mfa_add_webauthn"), {"name": "Stecker", "credential": json.dumps(answer)})
    assert page.status_code == 200
    assert KEY_REFUSED in page.content.decode()
    assert not Authenticator.objects.exists()


def test_given_an_answer_when_no_key_was_asked_for_then_it_is_refused():
    user, client = a_user(role=None), Client()
    a_factor(user)
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    assert client.post(reverse("mfa_authenticate"), {"credential": json.dumps(ANSWERS[-1])}).status_code == 200
    assert "_auth_user_id" not in client.session
