"""Sign-ins that vanish or are invented: the night names the line."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from kok import clock, erasure, seals
from kok.database.roles import WEB, WORKER
from kok.models import Seal, SignInEvent
from kok.models.seals import give_places
from tests.builders import PASSWORD, a_user, an_agreement
from tests.roles import acting_as, as_worker, by_worker, on_the_database, unguarded
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)


@built_once(autouse=True, KOK_NOW=NOW.isoformat())
def event() -> SignInEvent:
    """Somebody typed a wrong password, and the line has its place."""
    on_the_database(NOW.date())
    an_agreement()
    user = a_user(role="member")
    Client().post(reverse("account_login"), {"login": user.username, "password": PASSWORD + "x"})
    give_places(SignInEvent.sealing.chain)
    assert found() == []
    return SignInEvent.objects.get()


def found() -> list[str]:
    return list(seals.findings(clock.today()))


def by_sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kok_signinevent SET kind = 'SIGNED_IN'",
        "UPDATE kok_signinevent SET user_id = NULL",
        "UPDATE kok_signinevent SET network = '', number = number + 1",
        "UPDATE kok_signinevent SET at = at - interval '1 day'",
        "DELETE FROM kok_signinevent",
    ],
)
@pytest.mark.parametrize("role", [WEB, WORKER])
def test_given_a_sign_in_when_a_role_changes_it_or_takes_it_away_then_the_database_refuses(event, role, statement):
    with acting_as(role), pytest.raises(DatabaseError), transaction.atomic():
        by_sql(statement)
    assert found() == []


@pytest.mark.parametrize(
    ("change", "field"),
    [("kind = 'SIGNED_IN'", "Art"), ("network = ''", "eine Angabe fehlt"), ("at = at - interval '1 day'", "Zeitpunkt")],
)
def test_given_a_sign_in_when_the_owner_changes_it_then_the_night_names_it(event, change, field):
    with unguarded("kok_signinevent") as cursor:
        cursor.execute(f"UPDATE kok_signinevent SET {change}")
    (told,) = found()
    assert told.startswith(f"Anmeldeereignis Nr. {event.pk}: An der Anwendung vorbei geändert ({field})")


def test_given_a_sign_in_when_invented_as_web_then_the_night_names_it(event):
    by_sql(
        "INSERT INTO kok_signinevent (at, kind, user_id, network, page, number)"
        " SELECT at, 'SIGNED_IN', user_id, network, '', 1 FROM kok_signinevent"
    )
    number = SignInEvent.objects.latest("pk").pk
    assert found() == [f"Anmeldeereignis Nr. {number}: An der Anwendung vorbei eingefügt, ein Siegel fehlt."]


def test_given_a_sign_in_that_the_worker_puts_in_when_it_takes_it_away_again_then_the_database_refuses(event):
    with as_worker():
        by_sql("INSERT INTO kok_signinevent (at, kind, network, page, number) VALUES (now(), 'SIGNED_IN', '', '', 1)")
        number = SignInEvent.objects.latest("pk").pk
        with pytest.raises(DatabaseError, match="Anmeldungen können nicht"), transaction.atomic():
            by_sql("DELETE FROM kok_signinevent WHERE id = %s", number)
    assert found() == [f"Anmeldeereignis Nr. {number}: An der Anwendung vorbei eingefügt, ein Siegel fehlt."]


def test_given_a_sign_in_when_it_vanishes_as_owner_then_the_night_names_it(event):
    with unguarded("kok_signinevent") as cursor:
        cursor.execute("DELETE FROM kok_signinevent")
    (told,) = found()
    assert told.startswith(f"Anmeldeereignis Nr. {event.pk}: An der Anwendung vorbei gelöscht")


def test_given_sign_ins_when_they_count_along_and_grow_old_then_they_go_with_their_seals_and_nothing_is_found(settings):
    SignInEvent.objects.update(number=2)
    assert found() == []
    young = NOW + timedelta(days=150)
    SignInEvent.objects.create(at=young, kind="SIGNED_IN")
    later = NOW + timedelta(days=190)
    settings.KOK_NOW = later.isoformat()
    give_places(SignInEvent.sealing.chain)
    on_the_database(NOW.date())
    by_worker(erasure.run, now=later)
    assert SignInEvent.objects.count() == 2, "the clock of the database is behind"
    assert found() == []
    on_the_database(later.date())
    by_worker(erasure.run, now=later)
    assert [each.at for each in SignInEvent.objects.all()] == [young]
    assert [each.at for each in Seal.objects.filter(chain="sign-ins")] == [young]
    assert found() == []


def test_given_a_sign_in_when_the_owner_makes_it_old_then_it_is_not_erased_and_the_night_names_it(event):
    old = SignInEvent.objects.create(at=NOW - timedelta(days=300), kind="SIGNED_IN")
    with unguarded("kok_signinevent") as cursor:
        cursor.execute("UPDATE kok_signinevent SET at = %s WHERE id = %s", [NOW - timedelta(days=300), event.pk])
    on_the_database(NOW.date())
    by_worker(erasure.run, now=NOW)
    assert list(SignInEvent.objects.values_list("pk", flat=True)) == [event.pk] != [old.pk]
    assert any(
        each.startswith(f"Anmeldeereignis Nr. {event.pk}: An der Anwendung vorbei geändert (Zeitpunkt)")
        for each in found()
    )
