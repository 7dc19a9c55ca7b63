"""Seals get their places after the commit: writers at once wait for nobody, and every line stands in the chain."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from kok import audit, chains, clock, seals
from kok.models import AuditEvent, Seal
from tests.builders import a_user, an_agreement, give_role
from tests.roles import as_owner

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
                    audit.record(by=None, action=f"test.{number}", now=NOW)
                    audit.record(by=None, action=f"test.{number}", now=NOW)
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
