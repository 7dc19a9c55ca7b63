"""Seals get their places after the commit: writers at once wait for nobody, and every line stands in the chain."""

import weakref
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from kok import audit, chains, clock, findings, seals
from kok.models import AuditEvent, Seal, StatutoryPage, sealing
from kok.models.sealed import Sealed
from kok.models.sealing import sealings
from tests.builders import a_user, an_agreement, give_role
from tests.roles import as_administrator, as_owner

BEGUN = date(2022, 3, 1)
NOW = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)


def chain() -> chains.Chain:
    return AuditEvent.sealing.chain


@pytest.mark.django_db(transaction=True)
def test_given_writers_at_once_in_long_transactions_when_all_are_through_then_the_chain_has_every_line_in_order():
    def write(number: int) -> None:
        try:
            for _ in range(5):
                with transaction.atomic():
                    audit.record(by=None, action="test", now=NOW)
                    audit.record(by=None, action="test", now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert not Seal.objects.filter(position=None).exists()
    assert list(chain().kept.values_list("position", flat=True)) == [*range(1, 41)]
    assert seals.findings(clock.today()) == ()


@pytest.mark.django_db(transaction=True)
def test_given_somebody_whose_act_lasts_when_others_write_then_they_do_not_wait_for_him():
    def other() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            audit.record(by=None, action="test.other", now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        audit.record(by=None, action="test.long", now=NOW)
        pool.submit(other).result()
    assert list(chain().kept.values_list("position", flat=True)) == [1, 2]
    assert seals.findings(clock.today()) == ()


@pytest.mark.django_db(transaction=True)
def test_given_an_act_that_is_undone_when_looked_up_then_neither_row_nor_seal_is_there():
    with transaction.atomic():
        audit.record(by=None, action="test", now=NOW)
        transaction.set_rollback(True)
    assert not AuditEvent.objects.exists()
    assert not Seal.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kok_seal SET state = ''",
        "DELETE FROM kok_seal",
        "UPDATE kok_sealday SET seal = ''",
        "DELETE FROM kok_sealday",
    ],
)
def test_given_seals_when_somebody_changes_or_deletes_them_then_the_database_refuses(statement):
    audit.record(by=None, action="test", now=NOW)
    chains_in_place()
    with as_owner(), pytest.raises(DatabaseError, match="iegel"), transaction.atomic():
        connection.cursor().execute(statement)


def chains_in_place() -> None:
    from kok.models.seals import give_places

    give_places(chain())


@pytest.mark.django_db
def test_given_roles_when_changed_in_bulk_by_django_then_each_is_sealed_anew():
    an_agreement()
    roles = [give_role(a_user(), role="member") for _ in range(3)]
    model = type(roles[0])
    assert (
        model.objects.filter(pk__in=[role.pk for role in roles]).update(period=DateRange(BEGUN, date(2027, 1, 1))) == 3
    )
    for role in roles:
        role.refresh_from_db()
        role.period = DateRange(BEGUN, date(2027, 6, 1))
    model.objects.bulk_update(roles, ["period"])
    assert seals.findings(clock.today()) == ()
    assert Seal.objects.filter(chain="roles", object_id=str(roles[0].pk)).count() == 3


@pytest.mark.django_db
def test_given_a_role_saved_without_a_change_when_looked_up_then_it_has_no_second_seal():
    an_agreement()
    role = give_role(a_user(), role="member")
    role.save()
    assert Seal.objects.filter(chain="roles", object_id=str(role.pk)).count() == 1


def test_given_sealed_rows_when_what_they_hang_on_is_deleted_then_none_of_them_goes_or_changes_past_its_chain():
    own = [each.model for each in sealings() if issubclass(each.model, Sealed)]  # allauth's go by Django, with signals
    hanging = [field for model in own for field in model._meta.concrete_fields if field.is_relation]
    assert {field.name for field in hanging} > {"case", "previous", "agreement"}
    assert [str(field) for field in hanging if field.remote_field.on_delete is not models.RESTRICT] == []


def trail_of(count: int) -> None:
    for number in range(count):
        audit.record(by=None, action="test", note=f"Zeile {number}", now=NOW)
    chains_in_place()


def alive_at_once(monkeypatch: Any, *models_: type[models.Model]) -> list[int]:
    """How many rows of these models are in memory, each time another one is read."""
    alive: set[int] = set()
    seen = []

    def noted(cls: Any, *arguments: Any) -> Any:
        row = models.Model.from_db.__func__(cls, *arguments)  # type: ignore[attr-defined]
        alive.add(id(row))
        weakref.finalize(row, alive.discard, id(row))
        seen.append(len(alive))
        return row

    for model in models_:
        monkeypatch.setattr(model, "from_db", classmethod(noted))
    return seen


@pytest.mark.django_db
def test_given_a_longer_trail_when_the_night_checks_it_then_it_asks_once_more_for_each_batch_and_forgets_the_last(
    monkeypatch,
):
    monkeypatch.setattr(sealing, "AT_ONCE", 10)
    asked = []
    for count in (20, 100):  # 20 lines in all, then 120
        trail_of(count)
        with monkeypatch.context() as watched, CaptureQueriesContext(connection) as queries:
            seen = alive_at_once(watched, AuditEvent, Seal)
            found = seals.check(clock.today())
        assert found.findings == ()
        assert len(seen) > 3 * found.rows - 10  # each row, and its seal twice: along the chain and beside the row
        assert max(seen) <= 3 * sealing.AT_ONCE + 5  # a batch of seals, their rows, and the next batch of seals
        asked.append(len(queries))
    assert asked[1] - asked[0] == 100 / sealing.AT_ONCE


@pytest.mark.django_db
def test_given_rows_of_long_texts_when_the_night_checks_them_then_it_asks_for_few_at_a_time():
    by, count = a_user(), 3 * sealing.AT_ONCE_OF_LONG
    for number in range(1, count + 1):
        StatutoryPage.objects.create(page="impressum", number=number, text="x", published_at=NOW, published_by=by)
    with CaptureQueriesContext(connection) as queries:
        assert seals.findings(clock.today()) == ()
    chosen = [each["sql"] for each in queries if '"kok_statutorypage"."id" IN (' in each["sql"]]
    assert len(chosen) == count / sealing.AT_ONCE_OF_LONG


@pytest.mark.django_db
def test_given_a_trail_of_which_every_line_was_changed_when_checked_then_the_first_are_named_and_nothing_is_hidden(
    monkeypatch,
):
    monkeypatch.setattr(findings, "MOST_TOLD", 3)
    trail_of(8)
    last = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True)[0]
    with as_administrator(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE kok_auditevent SET note = 'anders'")
        cursor.execute("DELETE FROM kok_auditevent WHERE id = %s", [last])
        cursor.execute("UPDATE kok_seal SET marks = ''")
        cursor.execute("SET LOCAL session_replication_role = origin")
    told = seals.findings(clock.today())
    along, rows = told[:5], told[5:]
    assert [each.split(": ", 1)[1][:11] for each in along] == [*["Diese Zeile"] * 4, "Dazu kommen"]
    assert "Dazu kommen 4 weitere Befunde" in along[-1]
    assert ["vorbei geändert" in each for each in rows] == [True, True, True, False, False]
    assert f"Änderungsprotokoll Nr. {last}: An der Anwendung vorbei gelöscht" in rows[3]
    assert rows[4] == (
        "Änderungsprotokoll: Dazu kommen 4 weitere Befunde; von jeder Art sind nur die ersten 3 genannt."
    )
