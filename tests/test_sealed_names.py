"""The names of the lists of Punkt 8b, searched for everywhere outside the sealed area: nothing is found.

The demo tells four years of lists with invented people whom nobody else is called like. Searched are every table of the
database as a dump writes it, the mails, the log, what the worker is told, and every page that every other role reaches.
"""

import html
import json
import logging
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client, override_settings

from kok import outbox, reminders, vault
from kok.models import User
from reporting.demo.actions import load_demo
from reporting.demo.actions.leavers import FILE
from tests.meetings.held import signed_in
from tests.roles import by_worker
from tests.test_personal_data import crawl_pages
from tests.transitions.inside import enter
from tests.transitions.traces import opened_token
from transitions.models import CaseEntry, TransitionCase

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PEOPLE = tomllib.loads(FILE.read_text(encoding="utf-8"))
NAMES = [*PEOPLE["family_names"], *PEOPLE["given_names"], *(each["facility_name"] for each in PEOPLE["facility"])]


def spellings(name: str) -> Iterator[str]:
    """As text, as JSON, as an address and as HTML write it."""
    yield from (name, json.dumps(name)[1:-1], html.escape(name))
    yield name.encode().decode("latin-1")


SHORT = 6  # letters; fewer come about by chance in the random ones of keys and tokens, so they count as a word only


def as_pattern(spelling: str) -> str:
    """What finds a name, however its letters are written."""
    wanted = re.escape(spelling)
    return wanted if len(spelling) >= SHORT else f"(?<![0-9A-Za-z]){wanted}(?![0-9A-Za-z])"


SPELLINGS = {each for name in NAMES for each in spellings(name)}
BEGINNINGS = re.escape("".join(sorted({each[0] for each in SPELLINGS})))  # looked at first: most places have no other
FORBIDDEN = re.compile(f"(?=[{BEGINNINGS}])(?:{'|'.join(sorted(map(as_pattern, SPELLINGS)))})", re.IGNORECASE)


def found_in(text: str) -> list[str]:
    return sorted(set(FORBIDDEN.findall(text)))


TOKEN = re.compile(r"gAAAA[\w=-]+|\b[0-9A-Za-z]{64}\b")  # sealed texts and the tokens of forms: random letters


def found_outside_tokens(text: str) -> list[str]:
    return found_in(TOKEN.sub("", text))


def dump() -> Iterator[tuple[str, str]]:
    """Every row of every table as a dump of the database writes it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            with cursor.copy(f'COPY (SELECT t::text FROM "{table}" t) TO STDOUT') as copy:
                for block in copy:
                    yield table, bytes(block).decode()


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[None]:
    """The demo, loaded once inside a transaction around all tests of this file."""
    moved = override_settings(KOK_VAR=tmp_path_factory.mktemp("demo"), KOK_NOW=NOW.isoformat())
    with moved, django_db_blocker.unblock(), transaction.atomic():
        vault.forget_keys()
        by_worker(load_demo, now=NOW)
        yield
        transaction.set_rollback(True)
    vault.forget_keys()


def test_given_the_demo_when_the_database_is_dumped_without_the_key_then_no_name_of_a_list_is_in_it():
    assert CaseEntry.objects.exclude(content="").count() > 10
    found = [(table, found_outside_tokens(text)) for table, text in dump()]
    assert [(table, names) for table, names in found if names] == []


def test_given_the_dump_when_it_is_opened_with_the_key_then_the_same_search_finds_names():
    """The search can find what it looks for."""
    tokens = {token for _, text in dump() for token in re.findall(r"gAAAA[\w=-]+", text)}
    assert any(found_in(opened_token(token)) for token in tokens)
    assert found_in("Zwirnberger, Fenja") == ["Fenja", "Zwirnberger"]
    assert found_in('<b>linh</b> "linh", xLinHy') == ["linh"]


OTHER_ROLES = (
    "wetteraukreis-secretariat", "wetteraukreis-member", "wetteraukreis-approver", "wetteraukreis-registrar",
    "wetteraukreis-reporter", "wetteraukreis-auditor", "lwv-hessen-secretariat", "lwv-hessen-registrar",
    "installation-admin",
)  # fmt: skip


@pytest.mark.parametrize("username", OTHER_ROLES)
def test_given_any_other_role_when_it_looks_at_every_page_it_reaches_then_no_name_is_there(username):
    client = signed_in(User.objects.get(username=username))
    pages = crawl_pages(client)
    assert len(pages) > 3
    found = {address: found_outside_tokens(f"{address}\n{body}") for address, body in pages.items()}
    assert {address: names for address, names in found.items() if names} == {}


def test_given_the_case_roles_when_they_walk_through_the_area_then_addresses_titles_and_the_rest_hold_no_name(
    monkeypatch, caplog
):
    told: list[str] = []
    monkeypatch.setattr(outbox, "publish", lambda task, *args: told.append(f"{task} {args}"))
    caplog.set_level(logging.DEBUG)
    seen = 0
    for role in ("wetteraukreis-case-officer", "wetteraukreis-case-releaser", "lwv-hessen-case-receiver"):
        pages = crawl_pages(enter(User.objects.get(username=role)), alike=8)
        seen += sum(bool(found_in(body)) for body in pages.values())
        titles = [re.findall(r"<title>(.*?)</title>", body, re.DOTALL) for body in pages.values()]
        assert found_in(" ".join([*pages, str(titles)])) == []
    assert seen > 5, "the people of the area do see names"
    reminders.queue(today=NOW.date(), now=NOW)
    by_worker(outbox.deliver, now=NOW)
    assert found_in(" ".join(told)) == []
    assert found_in(" ".join(f"{each.subject} {each.body}" for each in mail.outbox)) == []
    assert found_in(" ".join(record.getMessage() for record in caplog.records)) == []
    found = [(table, found_outside_tokens(text)) for table, text in dump()]
    assert [(table, names) for table, names in found if names] == []


def test_given_a_case_that_exists_when_another_role_asks_for_it_by_its_key_then_no_page_says_a_name():
    client: Client = signed_in(User.objects.get(username="wetteraukreis-member"))
    for case in TransitionCase.objects.all()[:5]:
        answer = client.get(f"/wetteraukreis/uebergaenge/faelle/{case.pk}/")
        assert answer.status_code == 404
        assert found_in(answer.content.decode()) == []
