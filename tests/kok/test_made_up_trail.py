"""By SQL, without a key: a line of the trail that somebody makes up leads to nothing, however many he makes up."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from kok import audit
from kok.models import User
from kok.password_links import LinkKeys
from members.models import Person
from members.queries import addresses, identities
from tests.builders import a_user, an_agreement
from tests.meetings.held import give_account

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 4, 16, 8, 0, tzinfo=UTC)


def made_up(action: str, kind: str, number: int, *, at: datetime = NOW, times: int = 60) -> None:
    """As web and beat may write it, with a seal that is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH l AS (INSERT INTO kok_auditevent"
            " (at, actor, action, agreement, object_kind, object_id, note, old, new)"
            " SELECT %s, 'niemand', %s, '', %s, %s, '', '', '' FROM generate_series(1, %s) RETURNING id)"
            " INSERT INTO kok_seal (chain, object_id, number, proof, at, salt, is_gone, state, marks, seal)"
            " SELECT 'trail', id, 1, '', %s, gen_random_uuid(), false, '', '', '' FROM l",
            [at, action, kind, str(number), times, NOW],
        )


@pytest.fixture
def person() -> User:
    an_agreement()
    return a_user(role="secretariat")


def test_given_a_link_to_a_password_when_locks_are_made_up_then_it_works_and_dies_by_a_true_one(person):
    keys = LinkKeys()
    token = keys.make_token(person)
    made_up("account.closed", "kok.User", person.pk)
    assert keys.check_token(person, token)
    audit.record(by=None, action="account.closed", obj=person, now=NOW - timedelta(days=1))
    assert not keys.check_token(person, token)
    token = keys.make_token(person)
    made_up("account.closed", "kok.User", person.pk, times=2000)
    assert keys.check_token(person, token)


def test_given_new_addresses_that_are_made_up_when_counted_then_only_true_ones_are(person):
    audit.record(by=None, action="account.address-asked", obj=person, now=NOW)
    audit.record(by=None, action="account.address-changed", obj=person, now=NOW - timedelta(days=3))
    made_up("account.address-asked", "kok.User", person.pk)
    made_up("account.address-changed", "kok.User", person.pk)
    assert addresses.addresses_asked_lately(person, NOW + timedelta(hours=1)) == 1
    assert addresses.addresses_asked_lately(person, NOW + timedelta(hours=25)) == 0
    assert addresses.counts_since(person) == NOW - timedelta(days=3)


def test_given_a_new_name_that_is_made_up_when_somebody_confirms_power_then_he_reads_of_the_true_one_only(person):
    named = Person.objects.first()
    give_account(named, person)
    person = User.objects.get(pk=person.pk)
    made_up(identities.RENAMED, Person._meta.label, named.pk)
    assert identities._somebody(person, {}, NOW).renamed_at is None
    audit.record(by=None, action=identities.RENAMED, obj=named, now=NOW - timedelta(days=1))
    made_up(identities.RENAMED, Person._meta.label, named.pk)
    assert identities._somebody(person, {}, NOW).renamed_at == NOW - timedelta(days=1)
