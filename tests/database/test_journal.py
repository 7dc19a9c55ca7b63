"""A sealed row that is changed by SQL and put back leaves a finding all the same (decision 29)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from kok import clock, erasure_rules, findings, seals
from kok.database import rights
from kok.database.roles import WEB, WORKER
from kok.models import ErasureRequest, RowChange, Seal, User
from kok.models.sealing import sealings
from kok.retention import JOURNAL
from members.models import Authority, Person
from tests.builders import a_user, an_agreement, give_role
from tests.kok.test_account_seals import by_sql
from tests.roles import acting_as, as_owner, as_worker, by_worker

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 30)
CHANGE = "UPDATE members_person SET email = %s WHERE id = %s"


@pytest.fixture(autouse=True)
def _roles() -> None:
    if not rights.is_separate():
        pytest.fail(rights.ONE_ROLE)


def a_person(name: str) -> Person:
    employer = Authority.objects.order_by("pk")[0]
    return Person.objects.create(employer=employer, given_name=name, family_name="Beispiel", email="e@kreis.example")


@pytest.fixture
def person() -> Person:
    an_agreement()
    return a_person("Erika")


def found(title: str) -> list[str]:
    return [each for each in seals.findings(TODAY) if each.startswith(title)]


def test_given_a_row_changed_by_sql_and_put_back_when_looked_at_then_the_night_names_it_with_moment_and_role(person):
    by_sql(CHANGE, "fremd@boese.example", person.pk)
    by_sql(CHANGE, person.email, person.pk)
    assert Person.sealing.stands(Person.objects.get(pk=person.pk))
    [finding] = found("Person")
    assert f"Nr. {person.pk}: Am " in finding
    assert "an der Anwendung vorbei geschrieben (Rolle kok_web) und vor dieser Prüfung zurückgenommen" in finding


def test_given_a_row_put_in_and_taken_away_again_by_sql_when_looked_at_then_the_night_names_it():
    number = uuid4()
    by_sql("INSERT INTO kok_erasurerequest (id, rule, object_ids, is_done) VALUES (%s, 'x', '{}', true)", number)
    with as_worker():
        by_sql("DELETE FROM kok_erasurerequest WHERE id = %s", number)
    [finding] = found("Löschauftrag")
    assert f"Nr. {number}: " in finding
    assert "an der Anwendung vorbei eingefügt (Rolle kok_web) und vor dieser Prüfung wieder gelöscht" in finding


def test_given_a_row_that_the_application_takes_away_when_looked_at_then_nothing_is_found():
    row, other = (ErasureRequest.objects.create(rule="x", object_ids=[]) for _ in range(2))
    by_worker(row.delete)
    by_worker(ErasureRequest.objects.filter(pk=other.pk).delete)
    assert found("Löschauftrag") == []
    assert RowChange.objects.filter(chain="erasure-requests").count() == 4, "it was written down all the same"


def test_given_a_row_that_was_changed_and_is_not_put_back_when_looked_at_then_what_and_when_and_which_role_is_named(
    person,
):
    by_sql(CHANGE, "fremd@boese.example", person.pk)
    changed, written = found("Person")
    assert "An der Anwendung vorbei geändert" in changed
    assert written.startswith(f"Person Nr. {person.pk}: Zuerst am ")
    assert written.endswith(" an der Anwendung vorbei geschrieben (Rolle kok_web).")


SEAL = "INSERT INTO kok_seal (chain, object_id, number, at, salt, is_gone, state, marks, proof, seal) SELECT "
INVENTED = "1, now(), gen_random_uuid(), false, repeat('a', 64), '', repeat('b', 64), ''"
MADE_UP = f"{SEAL} 'people', %s, {INVENTED}"
COPIED = (
    f"{SEAL} chain, object_id, number, at, gen_random_uuid(), is_gone, state, marks, proof, seal FROM kok_seal"
    " WHERE chain = 'people' AND object_id = %s ORDER BY id LIMIT 1"
)
MANY_MADE_UP = (
    f"{SEAL} 'people', translate(each::text, '0123456789', letters), {INVENTED}"
    " FROM generate_series(1, 99) AS each, unnest(ARRAY['0123456789', 'abcdefghij']) AS letters"
)


@pytest.mark.parametrize("made_up", [MADE_UP, COPIED])
def test_given_a_made_up_seal_beside_each_change_when_put_back_then_the_night_names_the_row_with_moment_and_role(
    person, made_up
):
    for address in ("fremd@boese.example", person.email):
        with transaction.atomic():
            by_sql(CHANGE, address, person.pk)
            by_sql(made_up, str(person.pk))
    [finding] = [each for each in found("Person") if "zurückgenommen" in each]
    assert finding.startswith(f"Person Nr. {person.pk}: Am ")
    assert "(Rolle kok_web)" in finding


def test_given_thousands_of_made_up_seals_when_rows_were_changed_then_those_of_before_and_of_now_are_named(
    person, monkeypatch
):
    other = a_person("Max")
    monkeypatch.setattr(findings, "MOST_TOLD", 20)
    by_sql(CHANGE, "fremd@boese.example", person.pk)
    by_sql(CHANGE, person.email, person.pk)
    by_sql(CHANGE, "fremd@boese.example", other.pk)
    with connection.cursor() as cursor:
        cursor.execute(MANY_MADE_UP)
    told = found("Person")
    assert len(told) < 60
    assert [each for each in told if f"Nr. {person.pk}: Am " in each and "zurückgenommen" in each]
    assert [each for each in told if f"Nr. {other.pk}: An der Anwendung vorbei geändert (" in each]


WRITTEN: dict[str, Callable[[Person], object]] = {
    "create": lambda row: a_person("Max"),
    "save": lambda row: row.save(update_fields=["email"]),
    "update": lambda row: Person.objects.filter(pk=row.pk).update(email=row.email),
    "bulk_update": lambda row: Person.objects.bulk_update([row], ["email"]),
    "bulk_create": lambda row: Person.objects.bulk_create([Person(employer=row.employer, family_name="Muster")]),
    "twice_in_one_act": lambda row: [row.save(), Person.objects.filter(pk=row.pk).update(email="x@kreis.example")],
}


@pytest.mark.parametrize("way", WRITTEN)
def test_given_a_row_that_the_application_writes_when_looked_at_then_nothing_is_found(person, way):
    person.email = "neu@kreis.example"
    with transaction.atomic():
        WRITTEN[way](person)
    assert found("Person") == []
    assert RowChange.objects.filter(chain="people").count() > 1, "it was written down all the same"


def test_given_a_change_of_what_is_not_sealed_when_made_by_sql_then_nothing_is_written_down():
    user = User.objects.create_user(username="erika", email="e@kreis.example")
    before = RowChange.objects.count()
    by_sql("UPDATE kok_user SET last_login = now() WHERE id = %s", user.pk)
    assert RowChange.objects.count() == before


def test_given_every_sealed_table_when_migrated_then_each_writes_down_what_is_put_in_changed_and_taken_away():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'kok_journal_%'")
        made = set(cursor.fetchall())
    kept = [sealing.model._meta.db_table for sealing in sealings() if sealing.kept is None]
    assert made == {(table, f"kok_journal_{act}") for table in kept for act in ("insert", "update", "delete")}


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO kok_rowchange (chain, object_id, transaction, role, at) VALUES ('people', '1', 1, 'x', now())",
        "UPDATE kok_rowchange SET transaction = 1",
        "DELETE FROM kok_rowchange",
    ],
)
@pytest.mark.parametrize("role", [WEB, WORKER])
def test_given_a_change_that_stands_there_when_a_role_touches_it_then_the_database_refuses(person, statement, role):
    with acting_as(role), connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute(statement)


def test_given_changes_older_than_forty_days_when_the_night_erases_then_they_go_and_younger_ones_stay(person):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kok_rowchange DISABLE TRIGGER kok_rowchange_guard")
        cursor.execute(
            "UPDATE kok_rowchange SET at = at - make_interval(days => %s) WHERE chain = 'people'", [JOURNAL.days + 2]
        )
        cursor.execute("ALTER TABLE kok_rowchange ENABLE TRIGGER kok_rowchange_guard")
    young = RowChange.objects.exclude(chain="people").count()
    [rule] = [each for each in erasure_rules.RULES if each.slug == "row-changes"]
    with as_worker():
        assert rule.erase
        rule.erase(sorted(set(rule.due(clock.today()))), clock.now())
    assert RowChange.objects.count() == young
    assert Seal.objects.filter(chain="people").exists()


@contextmanager
def unbounded(table: str, column: str) -> Iterator[None]:
    """As a backup of before may have it; what was written there meanwhile goes."""
    name = f"bounded_{column}"
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s AND conrelid = %s::regclass",
            [name, table],
        )
        (rule,) = cursor.fetchone()
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    try:
        yield
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"UPDATE {table} SET {column} = NULL")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}")


def test_given_a_row_made_unreadable_by_sql_when_looked_at_then_nobody_is_told_that_it_was_put_back(person):
    role = give_role(a_user(), role="member")
    with unbounded("members_roleassignment", "ended_at"):
        by_sql("UPDATE members_roleassignment SET ended_at = 'infinity' WHERE id = %s", role.pk)
        unreadable, written = [each for each in seals.findings(TODAY) if f" {role.pk}" in each]
    assert "lässt sich nicht lesen" in unreadable
    assert f"Nr. {role.pk}: Zuerst am " in written
    assert written.endswith("an der Anwendung vorbei geschrieben (Rolle kok_web).")
