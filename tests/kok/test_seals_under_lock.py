"""Who holds a row by SQL, and commits while an act waits for it, gets no seal for what he wrote (ADR 23)."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from kok import clock, seals
from members.actions.leaving import lock_person
from members.models import Authority, AuthorityChange, Person
from tests.at_once import while_stands
from tests.builders import a_person, an_agreement
from tests.kok.test_account_seals import by_sql
from tests.worlds import built_once

pytestmark = pytest.mark.django_db(transaction=True)
BY_SQL = "UPDATE members_authoritychange SET from_on = '2035-06-01' WHERE id = %s"
WRITTEN: dict[str, Callable[[AuthorityChange], Any]] = {
    "save": lambda row: row.save(update_fields=["values"]),
    "update": lambda row: AuthorityChange.objects.filter(pk=row.pk).update(values=row.values),
    "bulk_update": lambda row: AuthorityChange.objects.bulk_update([row], ["values"]),
    "delete": lambda row: row.delete(),
    "delete_many": lambda row: AuthorityChange.objects.filter(pk=row.pk).delete(),
}


@built_once
def change() -> AuthorityChange:
    an_agreement()
    return AuthorityChange.objects.create(
        authority=Authority.objects.first(), from_on=date(2026, 12, 1), values={"name": "Kreis neu"}
    )


@pytest.mark.parametrize("way", WRITTEN)
def test_given_a_row_held_and_changed_by_sql_when_an_act_that_waited_writes_it_then_the_night_names_it(change, way):
    """The way by which the act writes it."""
    change.values = {"name": "Kreis anders"}
    while_stands(partial(by_sql, BY_SQL, change.pk), partial(WRITTEN[way], change))
    named = [each for each in seals.findings(clock.today()) if "Änderung einer Behörde" in each]
    assert any("An der Anwendung vorbei" in each for each in named)


def test_given_two_acts_at_the_same_moment_when_the_second_waited_then_the_row_stands(change):
    one = partial(AuthorityChange.objects.filter(pk=change.pk).update, from_on=date(2027, 1, 1))
    other = partial(AuthorityChange.objects.filter(pk=change.pk).update, values={"name": "Kreis anders"})
    while_stands(one, other)
    assert AuthorityChange.sealing.stands(AuthorityChange.objects.get())
    assert not [each for each in seals.findings(clock.today()) if "Behörde" in each]


def test_given_a_colleague_who_changes_a_person_when_an_act_waits_for_it_then_nobody_is_told_of_tampering():
    an_agreement()
    person = a_person("Weiß", employer="wetteraukreis")

    def changed() -> None:
        held = Person.objects.select_for_update().get(pk=person.pk)
        held.phone = "06031 1"
        held.save()

    def locked() -> None:
        with transaction.atomic():
            assert lock_person(Person.objects.get(pk=person.pk), None).phone == "06031 1"

    assert while_stands(changed, locked) == ""


def test_given_a_person_held_and_changed_by_sql_when_an_act_waits_for_it_then_it_is_refused():
    an_agreement()
    person = a_person("Weiß", employer="wetteraukreis")

    def locked() -> None:
        with transaction.atomic():
            lock_person(Person.objects.get(pk=person.pk), None)

    held = partial(by_sql, "UPDATE members_person SET phone = '0900 1' WHERE id = %s", person.pk)
    assert "an der Anwendung vorbei geändert" in while_stands(held, locked)
