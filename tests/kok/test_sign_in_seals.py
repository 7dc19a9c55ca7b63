"""Sign-ins that vanish or are invented: the night names the line."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from kok import clock, erasure, seals
from kok.models import Seal, SignInEvent
from kok.models.seals import give_places
from tests.builders import PASSWORD, a_user, an_agreement
from tests.roles import as_worker, by_worker

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def event(settings) -> SignInEvent:
    """Somebody typed a wrong password, and the line has its place."""
    settings.KOK_NOW = NOW.isoformat()
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
    ("change", "field"),
    [("kind = 'SIGNED_IN'", "Art"), ("network = ''", "eine Angabe fehlt"), ("at = at - interval '1 day'", "Zeitpunkt")],
)
def test_given_a_sign_in_when_changed_as_web_then_the_night_names_it(event, change, field):
    by_sql(f"UPDATE kok_signinevent SET {change}")
    (told,) = found()
    assert told.startswith(f"Anmeldeereignis Nr. {event.pk}: An der Anwendung vorbei geändert ({field})")


def test_given_a_sign_in_when_invented_as_web_then_the_night_names_it(event):
    by_sql(
        "INSERT INTO kok_signinevent (at, kind, user_id, network, page, number)"
        " SELECT at, 'SIGNED_IN', user_id, network, '', 1 FROM kok_signinevent"
    )
    number = SignInEvent.objects.latest("pk").pk
    assert found() == [f"Anmeldeereignis Nr. {number}: An der Anwendung vorbei eingefügt, ein Siegel fehlt."]


def test_given_a_sign_in_when_it_vanishes_as_worker_then_the_night_names_it(event):
    with as_worker():
        by_sql("DELETE FROM kok_signinevent")
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
    by_worker(erasure.run, now=later)
    assert [each.at for each in SignInEvent.objects.all()] == [young]
    assert [each.at for each in Seal.objects.filter(chain="sign-ins")] == [young]
    assert found() == []


def test_given_a_sign_in_when_sql_makes_it_old_then_it_is_not_erased_and_the_night_names_it(event):
    old = SignInEvent.objects.create(at=NOW - timedelta(days=300), kind="SIGNED_IN")
    by_sql("UPDATE kok_signinevent SET at = %s WHERE id = %s", NOW - timedelta(days=300), event.pk)
    by_worker(erasure.run, now=NOW)
    assert list(SignInEvent.objects.values_list("pk", flat=True)) == [event.pk] != [old.pk]
    assert any(
        each.startswith(f"Anmeldeereignis Nr. {event.pk}: An der Anwendung vorbei geändert (Zeitpunkt)")
        for each in found()
    )
