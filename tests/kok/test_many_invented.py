"""Thousands of invented lines and requests: the night ends, holds few of them at once, and says how many there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kok import audit, clock, erasure, seals
from kok.erasure import asked
from kok.models import AuditEvent, ErasureRequest, Seal, User
from kok.models import seals as places
from kok.models.seals import give_places
from tests.builders import a_user
from tests.roles import by_worker, unguarded
from tests.transitions.world import NOW

MANY = 6000
CHAIN = "trail"


@pytest.fixture
def few(monkeypatch):
    """As if the limits were reached by thousands."""
    for module in (seals, places):
        monkeypatch.setattr(module, "MOST_LOOKED_AT", 1000)
    monkeypatch.setattr(places, "AT_ONCE", 500)


def invent():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kok_seal (chain, object_id, number, at, salt, is_gone, state, marks, proof, seal)"
            " SELECT %s, 'f' || each, 1, %s, gen_random_uuid(), false, 'x', '', 'x', ''"
            " FROM generate_series(1, %s) AS each", [CHAIN, NOW, MANY],
        )  # fmt: skip


@pytest.mark.django_db
def test_given_thousands_of_invented_lines_when_the_night_checks_then_it_asks_little_and_tells_how_many(few):
    audit.record(by=None, action="test.before", now=NOW)
    with CaptureQueriesContext(connection) as before:
        assert seals.findings(clock.today()) == ()
    invent()
    audit.record(by=None, action="test.after", now=NOW)
    with CaptureQueriesContext(connection) as after:
        found = seals.check(clock.today())
    assert len(after) < len(before) + 40, "not some for each of them"
    assert found.rows == 2, "what is ours stands, before and behind"
    assert any("5002 Siegel ohne Platz" in sentence for sentence in found.findings)


@pytest.mark.django_db
def test_given_a_row_changed_behind_thousands_of_invented_lines_when_checked_then_it_is_named(few):
    audit.record(by=None, action="test.changed", now=NOW)
    audit.record(by=None, action="test.deleted", now=NOW)
    give_places(AuditEvent.sealing.chain)
    invent()
    changed, deleted = AuditEvent.objects.order_by("pk").values_list("pk", flat=True)
    with unguarded("kok_auditevent") as cursor:
        cursor.execute("UPDATE kok_auditevent SET action = 'test.other' WHERE id = %s", [changed])
        cursor.execute("DELETE FROM kok_auditevent WHERE id = %s", [deleted])
    found = seals.findings(clock.today())
    assert [each for each in found if f"Zeile {changed} " in each and "vorbei geändert" in each]
    assert [each for each in found if f"Nr. {deleted}: An der Anwendung vorbei gelöscht" in each]


@pytest.mark.django_db
def test_given_thousands_of_invented_lines_when_places_are_given_then_few_are_looked_at_and_ours_get_theirs(
    few, monkeypatch
):
    invent()
    audit.record(by=None, action="test", now=NOW)
    looked_at, is_ours = [], Seal.is_ours
    monkeypatch.setattr(Seal, "is_ours", lambda self: looked_at.append(1) or is_ours(self))
    give_places(AuditEvent.sealing.chain)
    assert Seal.objects.get(object_id=str(AuditEvent.objects.get().pk)).position == 1
    assert len(looked_at) <= 1000 + 2 * places.AT_ONCE


@pytest.mark.django_db
def test_given_an_invented_line_over_each_of_many_rows_when_they_are_compared_then_the_queries_do_not_grow_with_them():
    def asked(count):
        for _ in range(count):
            audit.record(by=None, action="test", now=NOW)
        for number in AuditEvent.objects.values_list("pk", flat=True):
            Seal.objects.create(chain=CHAIN, object_id=str(number), number=2, at=NOW, state="x", proof="x")
        with CaptureQueriesContext(connection) as queries:
            assert len(AuditEvent.sealing.standing()) == AuditEvent.objects.count()
        return len(queries)

    assert asked(50) >= asked(5) - 2
    assert asked(1) < 12


@pytest.mark.django_db
def test_given_thousands_of_invented_requests_when_an_act_asks_then_its_own_is_carried_out_and_few_others_are_read(
    monkeypatch,
):
    monkeypatch.setattr(asked, "MOST_LOOKED_AT", 20)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kok_erasurerequest (id, rule, object_ids, is_done)"
            " SELECT gen_random_uuid(), 'x', '{}', false FROM generate_series(1, %s)", [MANY],
        )  # fmt: skip
    rule = next(each.slug for each in erasure.rules() if each.erase)
    erasure.ask(rule, ["0"])
    ours = ErasureRequest.objects.get(rule=rule)
    with CaptureQueriesContext(connection) as queries:
        erasure.asked_since()
    assert len(queries) < 10
    by_worker(erasure.carry_out_what_was_asked, now=NOW, first=str(ours.pk))
    assert not ErasureRequest.objects.filter(pk=ours.pk).exists()
    assert ErasureRequest.objects.count() == MANY


FLOOD = """
INSERT INTO kok_seal (chain,object_id,number,at,salt,is_gone,state,marks,day,position,proof,seal)
  SELECT %s, {number}, 1, now(), gen_random_uuid(), false, repeat('a',64), '', null, null, repeat('b',64), ''
    FROM generate_series(1,2001) g"""
OF_LETTERS = FLOOD.format(number="translate(lpad(g::text,6,'0'),'0123456789','abcdefghij')")
OF_DIGITS = FLOOD.format(number="(g + 9000000)::text")


@pytest.mark.django_db
@pytest.mark.parametrize("flood", [OF_LETTERS, OF_DIGITS], ids=["letters", "digits"])
def test_given_made_up_seals_for_what_is_no_row_when_an_account_is_changed_then_it_is_named(flood):
    changed, deleted = a_user(), a_user()
    give_places(User.sealing.chain)
    with connection.cursor() as cursor:
        cursor.execute(flood, ["accounts"])
        cursor.execute("UPDATE kok_user SET email='angreifer@example.org' WHERE id=%s", [changed.pk])
    with unguarded("kok_user") as cursor:
        cursor.execute("DELETE FROM kok_user WHERE id=%s", [deleted.pk])
    found = seals.findings(clock.today())
    assert [each for each in found if f"Konto Nr. {changed.pk}: An der Anwendung vorbei geändert (E-Mail" in each]
    assert [each[:9] for each in found if "vorbei gelöscht" in each] == [f"Konto Nr. {deleted.pk}"[:9]], (
        "of no other row"
    )
    if flood is OF_LETTERS:
        told = "Konto: 2001 Siegel für Nummern, die keine Zeile haben kann, stammen nicht von der Anwendung. "
        assert [each for each in found if "stammen" in each] == [told + "Sie wurden eingefügt."]
        assert len(found) < 10


@pytest.mark.django_db
def test_given_made_up_seals_of_the_trail_when_an_act_is_invented_then_its_line_is_named():
    with connection.cursor() as cursor:
        cursor.execute(OF_LETTERS, ["trail"])
        cursor.execute(
            "INSERT INTO kok_auditevent (at,actor,action,agreement,object_kind,object_id,note,old,new)"
            " VALUES (now(),'','transition_list.released','','','','erfunden von beat','','') RETURNING id"
        )
        ((invented,),) = cursor.fetchall()
    assert any(
        f"Zeile {invented} " in each and "An der Anwendung vorbei eingefügt" in each
        for each in seals.findings(clock.today())
    )


@pytest.mark.django_db
def test_given_an_account_put_in_with_a_made_up_seal_when_checked_behind_a_flood_then_it_was_put_in(few):
    with connection.cursor() as cursor:
        cursor.execute(OF_DIGITS, ["accounts"])
    account = a_user()
    with unguarded("kok_seal") as cursor:
        cursor.execute("UPDATE kok_seal SET salt=gen_random_uuid() WHERE object_id=%s", [str(account.pk)])
    told = f"Konto Nr. {account.pk}: An der Anwendung vorbei eingefügt, ein Siegel fehlt."
    assert told in seals.findings(clock.today())
