"""A sealed row that is saved whole writes only what was changed since it was read."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kok import clock, seals
from kok.models import User
from members.models import Agreement, Person, SeatAssignment
from tests.builders import a_user, an_agreement

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    an_agreement()
    return Person.objects.earliest("pk")


def by_sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1


def test_given_a_row_that_somebody_else_saved_when_it_is_saved_as_it_was_read_then_nothing_of_that_is_lost(person):
    other = Person.objects.get(pk=person.pk)
    other.email = "neu@example.org"
    other.save()
    person.phone = "06031 83-1"
    person.save()
    person.refresh_from_db()
    assert (person.email, person.phone) == ("neu@example.org", "06031 83-1")
    assert seals.findings(clock.today()) == ()


def test_given_a_row_that_sql_changed_when_it_is_saved_as_it_was_read_then_the_night_still_says_so(person):
    by_sql("UPDATE members_person SET email = 'fremd@example.org' WHERE id = %s", person.pk)
    person.phone = "06031 83-1"
    person.save()
    assert Person.objects.get(pk=person.pk).email == "fremd@example.org"
    [finding] = seals.findings(clock.today())
    assert "An der Anwendung vorbei geändert" in finding


def test_given_an_account_when_its_password_is_set_as_a_library_does_then_nothing_else_is_written():
    user = User.objects.get(pk=a_user().pk)
    by_sql("UPDATE kok_user SET is_active = false WHERE id = %s", user.pk)
    user.set_password("sehr geheim und lang")
    with CaptureQueriesContext(connection) as queries:
        user.save()
    [update] = [each["sql"] for each in queries if each["sql"].startswith("UPDATE")]
    assert update.count(" = ") == 2, update  # the password, and which row
    assert not User.objects.get(pk=user.pk).is_active


def test_given_a_list_that_is_changed_in_place_when_saved_then_it_is_written():
    agreement = an_agreement()
    agreement = Agreement.objects.get(pk=agreement.pk)
    agreement.municipalities.append({"ags": "06440099", "name": "Neustadt"})
    agreement.save()
    assert Agreement.objects.get(pk=agreement.pk).municipalities[-1]["name"] == "Neustadt"
    assert seals.findings(clock.today()) == ()


def test_given_fields_saved_one_after_the_other_when_the_rest_is_saved_then_it_is_written(person):
    person = Person.objects.only("pk").get(pk=person.pk)
    person.phone, person.email = "06031 83-1", "neu@example.org"
    person.save(update_fields=["phone"])
    person.save()
    person.refresh_from_db()
    assert (person.email, person.phone) == ("neu@example.org", "06031 83-1")
    assert person.family_name
    person.family_name = "Neu"
    person.save()
    assert Person.objects.get(pk=person.pk).family_name == "Neu"


def test_given_a_seat_that_was_taken_away_when_it_is_saved_as_it_was_read_then_it_does_not_come_back(person):
    stale = SeatAssignment.objects.earliest("pk")
    SeatAssignment.objects.get(pk=stale.pk).delete()
    stale.capacity = "DEPUTY"
    with pytest.raises(DatabaseError), transaction.atomic():
        stale.save()
    assert not SeatAssignment.objects.filter(pk=stale.pk).exists()


@pytest.mark.parametrize("fields", [None, ["phone"]], ids=["whole", "named"])
def test_given_a_save_that_was_rolled_back_when_the_row_is_saved_again_then_it_is_written(person, fields):
    was = person.phone
    person.email = "davor@example.org"
    person.save()
    with transaction.atomic():
        person.phone = "06031 83-1"
        person.save(update_fields=fields)
        with transaction.atomic():
            person.email = "neu@example.org"
            person.save()
        transaction.set_rollback(True)
    stored = Person.objects.get(pk=person.pk)
    assert (stored.phone, stored.email) == (was, "davor@example.org")
    person.save()
    stored.refresh_from_db()
    assert (stored.phone, stored.email) == ("06031 83-1", "neu@example.org")
    assert seals.findings(clock.today()) == ()


def test_given_a_save_within_one_that_was_rolled_back_when_saved_again_then_only_that_is_written_once_more(person):
    with transaction.atomic():
        person.phone = "06031 83-1"
        person.save()
        with transaction.atomic():
            person.email = "neu@example.org"
            person.save()
            transaction.set_rollback(True)
        with CaptureQueriesContext(connection) as queries:
            person.save()
    [update] = [each["sql"] for each in queries if each["sql"].startswith("UPDATE")]
    assert update.count(" = ") == 2, update  # the address, and which row
    person.refresh_from_db()
    assert (person.phone, person.email) == ("06031 83-1", "neu@example.org")


@pytest.mark.django_db(transaction=True)
def test_given_a_transaction_that_was_rolled_back_as_a_whole_when_saved_again_then_it_is_written_and_once():
    an_agreement()
    person = Person.objects.earliest("pk")
    with transaction.atomic():
        person.phone = "06031 83-1"
        person.save()
        transaction.set_rollback(True)
    person.save()
    assert Person.objects.get(pk=person.pk).phone == "06031 83-1"
    Person.objects.filter(pk=person.pk).update(phone="06031 83-2")
    person.save()
    assert Person.objects.get(pk=person.pk).phone == "06031 83-2"
