"""No value in any row stops a check or shuts the area: what somebody puts in by SQL, without the key, is a finding."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from kok import audit, chain_ends, chains, inspections, seals
from kok.database import bounds
from kok.models import AuditEvent, Seal
from kok.models.sealing import sealings
from kok.models.seals import give_places
from tests.builders import a_user, an_agreement
from tests.meetings.held import an_invited_meeting, signed_in
from tests.roles import as_owner, as_worker
from tests.transitions.checking import checked
from tests.transitions.inside import enter
from tests.transitions.test_receipts import two_versions
from tests.transitions.world import a_draft, an_access, people, released
from tests.worlds import built_once
from transitions.actions.log import record_access
from transitions.inspections import receipt_findings, whole_check
from transitions.models import AccessLogEntry, TransmissionReceipt
from transitions.queries.access import Access
from transitions.queries.log_check import READ, check_log
from transitions.rules.codes import LogAction

pytestmark = [pytest.mark.django_db, pytest.mark.logs_errors]
NOW = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)
TODAY = date(2027, 3, 10)


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.KOK_NOW = NOW.isoformat()


def by_web(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def a_line(day: date, position: int, *, at: datetime = NOW, version: str = "") -> None:
    by_web(
        "INSERT INTO transitions_accesslogentry (chain, day, position, at, actor_id, actor, role, agreement, action,"
        " reason, version, case_ref, request, seal) VALUES ('READ', %s, %s, %s, NULL, 'niemand', '', 'wetteraukreis',"
        " 'VIEW_LIST', '', %s, '', '', repeat('a', 64))", day, position, at, version,
    )  # fmt: skip


def a_day(day: date, entries: int) -> None:
    by_web(
        "INSERT INTO transitions_accesslogday (chain, day, entries, seal, proof)"
        " VALUES ('READ', %s, %s, repeat('a', 64), repeat('b', 64))", day, entries,
    )  # fmt: skip


@built_once(KOK_NOW=NOW.isoformat())
def a_bit_of_everything() -> None:
    """A draft, a meeting to which people are invited, a look at the list; all seals have their places."""
    an_agreement()
    a_draft(people(1))
    an_invited_meeting()
    record_access(by=an_access(), action=LogAction.VIEW_LIST, now=NOW)
    _give_places()


@built_once(KOK_NOW=NOW.isoformat())
def two_lists() -> int:
    """Two released versions and a line of the trail; all seals have their places. How many rows and lines are right."""
    an_agreement()
    two_versions()
    audit.record(by=None, action="test", now=NOW)
    _give_places()
    assert chain_ends.findings(TODAY) == ()
    check = whole_check(TODAY, ())
    assert check.is_intact
    return check.rows + check.log.lines


@built_once(KOK_NOW=NOW.isoformat())
def looked_twice() -> Access:
    """Whoever looked at the list twice."""
    by = an_access(agreement=an_agreement())
    for _ in range(2):
        record_access(by=by, action=LogAction.VIEW_LIST, now=NOW)
    return by


def _give_places() -> None:
    for sealing in sealings():
        give_places(sealing.chain)


def places() -> list[tuple[date, int, str]]:
    rows = AccessLogEntry.objects.filter(chain="READ").order_by("day", "position")
    return [(row.day, row.position, row.action) for row in rows]


# Chains.


DAY = "INSERT INTO transitions_accesslogday (chain, day, entries, seal, proof) VALUES "
SEAL = (
    "INSERT INTO kok_seal (chain, object_id, number, proof, at, salt, is_gone, state, marks, day, position, seal)"
    " VALUES "
)
EVENT = "INSERT INTO kok_auditevent (at, actor, action, agreement, object_kind, object_id, note, old, new) VALUES "


@pytest.mark.parametrize(
    "statement",
    [
        f"{DAY} ('READ', '9999-12-31', 1, '', '')",
        f"{DAY} ('READ', '2027-03-11', 2147483647, '', '')",
        "UPDATE transitions_accesslogday SET entries = 2147483647",
        "UPDATE kok_sealday SET entries = 2147483647",
        "INSERT INTO kok_sealday (chain, day, entries, seal, proof) VALUES ('trail', '2027-03-11', 1, '', '')",
        f"{SEAL} ('trail', '1', 1, '', now(), gen_random_uuid(), false, '', '', '2027-03-10', 2000000000, '')",
        f"{SEAL} ('trail', '1', 2147483647, '', now(), gen_random_uuid(), false, '', '', NULL, NULL, '')",
        f"{EVENT} ('infinity', '', 'x', '', '', '', '', '', '')",
        "UPDATE transitions_transitioncase SET erase_on = 'infinity'",
        "UPDATE members_roleassignment SET period = '[2022-03-01,infinity)'",
        "UPDATE members_roleassignment SET period = '[2022-03-01,12000-01-01)'",
        f"UPDATE members_agreement SET municipalities = '{'[' * 3000}{']' * 3000}'",
        f"UPDATE members_agreement SET municipalities = '{'[' * 21}{']' * 21}'",
        """UPDATE members_agreement SET municipalities = '[{"a": 1e5000}]'""",
        """UPDATE members_agreement SET municipalities = '[[-1e19]]'""",
        "UPDATE meetings_meeting SET ends_at = '24:00'",
        "UPDATE members_agreement SET rotation_years = 32767",
        "INSERT INTO transitions_transitionlist SELECT gen_random_uuid(), 32767, 1, 1",
        "UPDATE transitions_transitionlistversion SET authors = '{{1,2},{3,4}}'",
        "UPDATE transitions_transitionlistversion SET authors = '[5:6]={1,2}'",
        "UPDATE transitions_transitionlistversion SET authors = '{NULL}'",
        """INSERT INTO kok_outboxmessage (kind, key, "to", context, state, next_try_at, attempts, message_id, error,
           mark) VALUES ('x', 'x', '', '{"a": 1e5000}', 'QUEUED', now(), 0, '', '', '')""",
    ],
)
@pytest.mark.usefixtures("a_bit_of_everything")
def test_given_values_that_no_program_can_read_when_web_writes_them_then_the_database_refuses(statement):
    with pytest.raises(IntegrityError), transaction.atomic():
        by_web(statement)


def test_given_every_table_when_looked_up_then_each_day_and_moment_is_bounded_and_the_night_would_say_else():
    assert bounds.problems() == []
    with as_owner():
        by_web("ALTER TABLE kok_auditevent DROP CONSTRAINT bounded_at")
    told = "In der Tabelle kok_auditevent ist die Spalte at nicht begrenzt."
    assert told in inspections.RIGHTS.look(TODAY)


@pytest.mark.parametrize(
    "put_in",
    [
        lambda: a_line(TODAY, 3),
        lambda: [a_line(TODAY, 3), a_line(TODAY, 4)],
        lambda: [a_line(TODAY + timedelta(days=400), 1), a_day(TODAY + timedelta(days=400), 1)],
        lambda: [a_line(TODAY, 3), by_web("UPDATE transitions_accesslogday SET entries = 3, seal = '', proof = ''")],
        lambda: [a_line(TODAY + timedelta(days=1), 1), a_day(TODAY + timedelta(days=1), 1)],
        lambda: a_line(TODAY + timedelta(days=1), 1),
        lambda: a_line(TODAY, 3, version="keine Nummer"),
    ],
    ids=["line", "lines", "day ahead", "today overwritten", "tomorrow", "line of tomorrow", "version"],
)
def test_given_made_up_lines_and_days_when_somebody_enters_then_he_can_and_only_these_are_found(
    looked_twice, settings, put_in
):
    by = looked_twice
    assert check_log(TODAY).is_intact
    put_in()
    made_up = {(row.day, row.position) for row in AccessLogEntry.objects.filter(actor="niemand")}
    enter(by.user)
    settings.KOK_NOW = (NOW + timedelta(days=1)).isoformat()
    record_access(by=by, action=LogAction.VIEW_LIST, now=NOW + timedelta(days=1))
    record_access(by=by, action=LogAction.VIEW_LIST, now=NOW + timedelta(days=1))
    found = check_log(TODAY).findings
    assert {(each.day, each.position) for each in found if each.position} == made_up
    days = {each.day for each in found if not each.position}
    assert days <= {day for day, _ in made_up}
    assert AccessLogEntry.objects.filter(chain="READ", day__lte=TODAY + timedelta(days=1)).count() >= 5
    assert chains.end_of(READ).day == TODAY + timedelta(days=1)
    assert check_log(TODAY).ends[0].day == TODAY + timedelta(days=1)
    auditor = a_user(role="auditor", partner=None)
    assert signed_in(auditor).get(reverse("transitions-log:entries")).status_code == 200
    assert checked(signed_in(auditor))


def test_given_somebody_quicker_when_a_line_is_written_then_it_goes_behind_his(monkeypatch):
    by = an_access(agreement=an_agreement())
    record_access(by=by, action=LogAction.VIEW_LIST, now=NOW)
    look, quick = chains._end_of_day, [2]

    def looked(*arguments: Any) -> Any:
        found = look(*arguments)
        if quick:
            a_line(TODAY, quick.pop())
        return found

    monkeypatch.setattr(chains, "_end_of_day", looked)
    record_access(by=by, action=LogAction.ENTER, now=NOW)
    assert quick == []
    assert [action for _, _, action in places()] == ["VIEW_LIST", "ENTER"]


def test_given_many_invented_seals_when_somebody_writes_then_only_those_of_his_rows_are_looked_at(monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kok_seal (chain, object_id, number, proof, at, salt, is_gone, state, marks, seal)"
            " SELECT 'trail', 'x' || number, 1, '', %s, gen_random_uuid(), false, '', '', ''"
            " FROM generate_series(1, 3000) AS number", [NOW],
        )  # fmt: skip
    looked_at = []
    is_ours = Seal.is_ours
    monkeypatch.setattr(Seal, "is_ours", lambda self: looked_at.append(self.object_id) or is_ours(self))
    audit.record(by=None, action="test", now=NOW)
    event = AuditEvent.objects.get()
    give_places(AuditEvent.sealing.chain, [Seal.objects.get(object_id=str(event.pk)).pk])
    assert looked_at == [str(event.pk)]
    assert Seal.objects.get(object_id=str(event.pk)).position == 1
    auditor = a_user(role="auditor", partner=None, agreement=an_agreement())
    page = checked(signed_in(auditor))
    assert "stammen nicht von der Anwendung" in page
    assert len(page) < 200_000


ODD = ("x", "a.b.c", "kok.Nirgends", "'; --", "")


def test_given_odd_words_in_the_trail_and_in_seals_when_an_auditor_looks_then_every_page_opens():
    auditor = a_user(role="auditor", partner=None, agreement=an_agreement())
    for word in ODD:
        by_web(
            f"{EVENT} (%s, %s, %s, '', %s, %s, 'Konto 999999999', %s, %s)", NOW, *[word] * 6,
        )  # fmt: skip
        by_web(f"{SEAL} ('roles', %s, 1, '', %s, gen_random_uuid(), false, '', '', NULL, NULL, '')", word, NOW)
    by_web(f"{SEAL} ('roles', repeat('9', 36), 1, '', %s, gen_random_uuid(), true, '', '', NULL, NULL, '')", NOW)
    by_web(f"{SEAL} ('versions', repeat('9', 36), 1, '', %s, gen_random_uuid(), true, '', '', NULL, NULL, '')", NOW)
    client = signed_in(auditor)
    for address in ("kok:audit", "kok:sign-ins", "transitions-log:entries"):
        assert client.get(reverse(address)).status_code == 200
    assert client.get(reverse("kok:audit-download", args=["csv"])).status_code == 200
    page = checked(client)
    assert "stammt nicht von der Anwendung" in page


# What cannot be read.


@contextmanager
def unbounded(table: str, column: str) -> Iterator[Any]:
    """As the owner of the database may do it, or a backup of before."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT bounded_{column}")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


UNREADABLE = [
    ("transitions_accesslogday", "day", "SELECT min(id) FROM {table}", "lässt sich nicht lesen", "infinity"),
    ("transitions_accesslogentry", "at", "SELECT min(id) FROM {table}", "lässt sich nicht lesen", "12000-01-01"),
    ("transitions_accesslogentry", "day", "SELECT min(id) FROM {table}", "lässt sich nicht lesen", "infinity"),
    ("kok_auditevent", "at", "SELECT min(id) FROM {table}", "lässt sich nicht lesen", "12000-01-01"),
    ("kok_seal", "at", "SELECT min(id) FROM {table}", "lässt sich nicht lesen", "infinity"),
    ("kok_seal", "day", "SELECT min(id) FROM {table} WHERE position = 1", "lässt sich nicht lesen", "12000-01-01"),
    ("kok_sealday", "day", "SELECT min(id) FROM {table}", "lässt sich nicht lesen", "infinity"),
    (
        "transitions_transitioncase",
        "erase_on",
        "SELECT id FROM {table} ORDER BY case_ref LIMIT 1",
        "nicht lesen",
        "12000-01-01",
    ),
    ("transitions_transmissionreceipt", "released_at", "SELECT min(id) FROM {table}", "nicht lesen", "infinity"),
    (
        "transitions_transitionlistversion",
        "opened_at",
        "SELECT min(id::text)::uuid FROM {table}",
        "nicht lesen",
        "12000-01-01",
    ),
]


def made_unreadable(table: str, column: str, number: str, value: str) -> str:
    """The number of the row in which this value stands now."""
    with unbounded(table, column) as cursor:
        cursor.execute(number.format(table=table))
        (pk,) = cursor.fetchone()
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, pk])
    return str(pk)


@pytest.mark.parametrize(("table", "column", "number", "sentence", "value"), UNREADABLE)
def test_given_a_row_that_cannot_be_read_when_all_is_checked_then_it_is_named_and_the_others_are_checked(
    two_lists, table, column, number, sentence, value
):
    pk = made_unreadable(table, column, number, value)
    with as_worker():
        found = whole_check(TODAY, ())
        receipts = receipt_findings(TODAY)
    told = [*(each.words for each in found.log.findings), *found.others]
    assert any(sentence in each and pk in each for each in told), told
    assert found.rows + found.log.lines >= two_lists - 4
    if table == "transitions_transmissionreceipt":
        assert any(f"Nr. {pk}" in each for each in receipts)


@pytest.mark.parametrize("is_of_seals", [False, True], ids=["rows", "their seals"])
@pytest.mark.usefixtures("two_lists")
def test_given_rows_of_all_kinds_that_cannot_be_read_when_an_auditor_checks_then_the_page_opens_and_names_each(
    is_of_seals,
):
    kinds = [each for each in UNREADABLE if each[0].startswith("kok_seal") is is_of_seals]
    made = [(made_unreadable(table, column, number, value), told) for table, column, number, told, value in kinds]
    page = html.unescape(checked(signed_in(a_user(role="auditor", partner=None))))
    assert [(pk, told) for pk, told in made if not re.search(rf"Nr\. {pk}\b[^<]*{told}", page)] == []


def test_given_many_made_up_rows_when_checked_then_a_page_shows_the_first_of_each_kind_and_counts_the_rest():
    an_agreement()
    released(a_draft(people(1)))
    by_web(
        "INSERT INTO kok_auditevent (at, actor, action, agreement, object_kind, object_id, note, old, new) "
        "SELECT %s, '', 'x', '', '', '', '', '', '' FROM generate_series(1, 300)", NOW,
    )  # fmt: skip
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE transitions_transmissionreceipt DISABLE TRIGGER USER")
        cursor.execute("UPDATE transitions_transmissionreceipt SET late_count = 1")
        cursor.execute("ALTER TABLE transitions_transmissionreceipt ENABLE TRIGGER USER")
    assert len(seals.findings(TODAY)) > 300
    number = TransmissionReceipt.objects.get().number
    auditor = a_user(role="auditor", partner=None)
    page = checked(signed_in(auditor))
    assert f"Quittung {number}: An der Anwendung vorbei geändert" in page
    assert page.count("An der Anwendung vorbei eingefügt") <= 100
    assert "weitere Befunde" in page
