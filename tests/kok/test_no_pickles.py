"""Who can write to the database makes no process run his code: nothing that stands in a table is ever unpickled."""

import base64
import contextlib
import io
import json
import pickle
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse

from kok import clock, documents, outbox, throttle
from kok.models import User
from tests.builders import PASSWORD, a_factor, a_user, an_agreement, app_code
from tests.roles import as_owner

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]
FITS = 100  # shorter columns hold no pickle that does harm
# What every process of ours reads back as an object; the others hold what people read.
OPAQUE = ("bytea", "jsonb", "json", "text", "character varying")


class _Trap:
    """Whoever unpickles it makes a file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.file,))


def columns() -> list[tuple[str, str, str]]:
    """Table, column and type of everything that could hold a pickle."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type = ANY(%s)"
            " AND coalesce(character_maximum_length, %s) >= %s ORDER BY 1, 2",
            [list(OPAQUE), FITS, FITS],
        )
        return cursor.fetchall()


def put(trap: bytes, table: str, column: str, kind: str) -> bool:
    """Puts it into every row, as whoever reads it back would find it; False where no row took it."""
    plain = base64.b64encode(trap).decode()
    value = {"bytea": trap, "jsonb": json.dumps(plain), "json": json.dumps(plain)}.get(kind, plain)
    with as_owner(), contextlib.suppress(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{table}" SET "{column}" = %s', [value])
        return cursor.rowcount > 0
    return False


def walk(known: Client) -> None:
    """Signing in wrongly and rightly, with a code, and what one sees then; whatever fails on such data fails."""
    client = Client(raise_request_exception=False)
    code = app_code()
    client.post(reverse("account_login"), {"login": "erika", "password": "falsch"})
    client.post(reverse("account_login"), {"login": "erika", "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code})
    client.post(reverse("account_reset_password"), {"email": "erika@example.org"})
    client.post(reverse("kok:barrier-report"), {"text": "Kein Ring."})
    for each in (client, known):
        for name in ("kok:start", "kok:devices", "kok:jobs", "kok:audit", "kok:pages", "mfa_index"):
            each.get(reverse(name))
        each.get("/wetteraukreis/")
    with contextlib.suppress(Exception), transaction.atomic():
        outbox.deliver(now=clock.now())


def a_house() -> Client:
    """Rows in the tables through which people sign in, and what the pages show."""
    an_agreement()
    person = a_user(username="erika", role="secretariat")
    a_user(username="otto", role="admin")
    a_factor(person)
    known = Client(raise_request_exception=False)
    known.post(reverse("account_login"), {"login": "otto", "password": PASSWORD})
    walk(known)
    documents.request(kind="minutes", object_id=1, version=1, filename="x.pdf", now=clock.now())
    throttle.is_first_use(person.pk, "123456")
    return known


@pytest.mark.logs_errors
def test_given_a_pickle_in_any_column_when_people_sign_in_and_read_pages_then_nobody_unpickles_it(
    tmp_path, monkeypatch, caplog
):
    caplog.set_level("CRITICAL")
    mark = tmp_path / "unpickled"
    trap = pickle.dumps(_Trap(mark))
    known = a_house()

    def refuse(*args: Any, **kwargs: Any) -> Any:
        mark.touch()
        raise AssertionError("unpickled")

    monkeypatch.setattr(pickle, "loads", refuse)
    monkeypatch.setattr(pickle, "load", refuse)
    filled = set()
    for table, chosen in groupby(columns(), key=lambda each: each[0]):
        with contextlib.suppress(_Undo), transaction.atomic():
            if sum(put(trap, *each) for each in chosen):
                filled.add(table)
                walk(known)
            raise _Undo
        assert not mark.exists(), f"something in {table} was unpickled"
    assert {"kok_accountsession", "kok_document", "kok_outboxmessage", "kok_user", "mfa_authenticator"} <= filled


class _Undo(Exception):
    """Ends a walk, so that the next one finds the tables as they were."""


def test_given_the_trap_when_unpickled_then_it_makes_its_file(tmp_path):
    mark = tmp_path / "unpickled"
    pickle.load(io.BytesIO(pickle.dumps(_Trap(mark))))
    assert mark.exists()


def test_given_the_caches_when_read_then_none_keeps_anything():
    assert [type(each) for each in caches.all()] in ([], [DummyCache])
    assert User.objects.count() == 0
