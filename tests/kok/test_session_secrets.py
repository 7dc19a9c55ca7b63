"""What waits in a session, a live link or the secret of an app, is read by nobody who has only the database."""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from kok import clock, outbox
from kok.models import AccountSession, User
from kok.sessions import SessionStore, is_of
from tests.builders import FACTOR_SECRET, PASSWORD, a_user, app_code, with_mailbox
from tests.transitions.traces import rows, tables

pytestmark = pytest.mark.django_db
PACKED = re.compile(r"[\w+/-]{16,}={0,2}", re.ASCII)
LINK = re.compile(r"https?://[^/]+(/konto/\S+)")


@pytest.fixture
def invited() -> User:
    person = a_user(username="erika")
    person.set_unusable_password()
    person.save()
    return person


def layers(text: str) -> Iterator[str]:
    """The text, and whatever stands in it as Base64, compressed or not."""
    yield text
    for run in PACKED.findall(text):
        try:
            plain = base64.urlsafe_b64decode(run.rstrip("=") + "=" * (-len(run.rstrip("=")) % 4))
        except binascii.Error:
            continue
        yield plain.decode("latin-1")
        try:
            yield zlib.decompress(plain).decode("latin-1")
        except zlib.error:
            continue


def where(*secrets: str) -> list[str]:
    """The tables in which one of them stands, in whatever layer."""
    texts = {table: " ".join(rows(table)) for table in tables()}
    return [table for table, text in texts.items() if any(each in layer for layer in layers(text) for each in secrets)]


def link_of_the_mail() -> str:
    outbox.deliver(now=clock.now())
    found = LINK.search(mail.outbox[-1].body)
    assert found is not None
    return found[1]


def test_given_an_invitation_link_when_opened_then_neither_its_row_nor_any_table_holds_the_key_and_it_still_works(
    invited,
):
    client = Client()
    client.post(reverse("account_reset_password"), {"email": invited.email})
    path = link_of_the_mail()
    key = path.rstrip("/").rpartition("/")[2].partition("-")[2]
    assert re.fullmatch(r"\w+-\w{32}", key)
    assert where(key, key.partition("-")[2], path) == []
    form = client.get(path, follow=True).redirect_chain[-1][0]
    assert "_password_reset_key" in client.session, "this is where allauth keeps it"
    assert AccountSession.objects.count() == 1
    assert where(key, key.partition("-")[2], path, "_password_reset_key") == []
    client.post(form, {"password1": PASSWORD + "x", "password2": PASSWORD + "x"})
    invited.refresh_from_db()
    assert invited.check_password(PASSWORD + "x")


def test_given_an_app_on_its_way_when_the_database_is_read_then_its_secret_stands_nowhere_then_or_later():
    person = a_user(username="otto")
    client = Client()
    client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = with_mailbox(client).get(reverse("mfa_activate_totp")).context["form"].secret
    assert secret in str(dict(client.session.items())), "this is where allauth keeps it"
    assert where(secret, "mfa.totp.secret") == []
    assert client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)}).status_code == 302
    assert where(secret) == []


def test_given_the_row_of_a_session_when_moved_under_another_key_or_opened_with_another_secret_then_it_holds_nothing(
    settings,
):
    mine, other = SessionStore(), SessionStore()
    mine["x"], other["x"] = FACTOR_SECRET, "anderes"
    mine.create()
    other.create()
    assert SessionStore(mine.session_key)["x"] == FACTOR_SECRET
    stolen = next(row for row in AccountSession.objects.all() if is_of(row, mine.session_key))
    AccountSession.objects.exclude(pk=stolen.pk).update(data=stolen.data)
    assert SessionStore(other.session_key).load() == {}
    settings.SECRET_KEY = "z" * 60
    assert SessionStore(mine.session_key).load() == {}


def test_given_a_secret_packed_as_django_packs_when_searched_then_the_search_finds_it():
    packed = base64.urlsafe_b64encode(zlib.compress(FACTOR_SECRET.encode())).decode().rstrip("=")
    assert any(FACTOR_SECRET in each for each in layers(f".{packed}:1abcde:{'x' * 43}"))
