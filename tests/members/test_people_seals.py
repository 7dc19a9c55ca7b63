"""By SQL as web, without a key: no act and no mail goes by a person whom the application did not write so."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from kok import clock, erasure, outbox, seals
from kok.clock import BERLIN
from kok.errors import Forged
from kok.models import User
from members import actions
from members.actions.leaving import carry_out
from members.models import AccountRequest, Agreement, Departure, Person, RoleAssignment, Seat, SeatAssignment
from tests.builders import a_person, a_seat, a_user, an_agreement
from tests.roles import as_worker, by_worker

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
BASE = "/wetteraukreis/mitglieder"
TOLD = "vorbei geändert oder eingefügt: Person"


@pytest.fixture(autouse=True)
def agreement(settings: Any) -> Agreement:
    settings.KOK_NOW = NOW.astimezone(BERLIN).isoformat()
    return an_agreement()


@pytest.fixture
def registrar() -> User:
    return a_user(role="registrar")


@pytest.fixture
def leaver() -> Person:
    """Who releases lists, and leaves."""
    return a_person("Geht", user=a_user(role="case-releaser"))


@pytest.fixture
def victim() -> Person:
    return a_person("Bleibt", user=a_user(role="member"))


def by_sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0


def swap(one: Person, other: Person) -> None:
    first, second = Person.objects.get(pk=one.pk).user_id, Person.objects.get(pk=other.pk).user_id
    for person, user in ((one, None), (other, first), (one, second)):
        by_sql("UPDATE members_person SET user_id = %s WHERE id = %s", user, person.pk)


def found() -> list[str]:
    return list(seals.findings(clock.today()))


def post(by: User, url: str, **typed: Any) -> str:
    client = Client()
    client.force_login(by)
    return client.post(f"{BASE}/{url}", {"confirmed": "1"} | typed, follow=True).content.decode()


def test_given_two_people_whose_accounts_sql_swapped_when_one_leaves_then_neither_loses_anything(
    registrar, leaver, victim
):
    assert found() == []
    swap(leaver, victim)
    page = post(registrar, f"personen/{leaver.pk}/ausscheiden/", last_on="31.08.2026")
    assert TOLD in page
    assert not Departure.objects.exists()
    assert all(role.period.upper is None for role in RoleAssignment.objects.all())
    assert not User.objects.filter(is_active=False).exists()
    changed = "An der Anwendung vorbei geändert (Konto)"
    assert [each for each in found() if not each.startswith("Person Nr. ")] == []
    assert sum(changed in each for each in found()) == 2
    swap(leaver, victim)
    assert found() == []


def test_given_a_departure_when_accounts_are_swapped_until_its_day_then_nobody_is_locked_out_before_they_are_back(
    registrar, leaver, victim
):
    departure = actions.enter_departure(
        person=leaver, last_on=date(2026, 9, 30), by=registrar, agreement=Agreement.objects.get(), now=NOW
    )
    swap(leaver, victim)
    assert TOLD in post(registrar, f"personen/{leaver.pk}/ausscheiden/zuruecknehmen/")
    later = datetime(2026, 10, 1, 7, 0, tzinfo=UTC)
    by_worker(carry_out, str(departure.pk), later)
    assert not User.objects.filter(is_active=False).exists()
    swap(leaver, victim)
    by_worker(carry_out, str(departure.pk), later)
    assert list(User.objects.filter(is_active=False)) == [leaver.user]


def closing(by: User, person: Person, user: User) -> str:
    return post(by, f"konten/{user.pk}/sperren/")


def giving(by: User, person: Person, user: User) -> str:
    typed = {"role": "reporter", "from_on": "01.09.2026"}
    return post(by, f"konten/{user.pk}/rolle/wetteraukreis/", **typed)


def asking(by: User, person: Person, user: User) -> str:
    typed = {"role": "case-officer", "from_on": "01.09.2026"}
    return post(by, f"konten/{user.pk}/rolle/wetteraukreis/", **typed)


def ending(by: User, person: Person, user: User) -> str:
    role = user.role_assignments.get()
    with pytest.raises(Forged) as refused:
        actions.end_role(assignment=role, by=by, now=NOW)
    return refused.value.sentence


def renaming(by: User, person: Person, user: User) -> str:
    with pytest.raises(Forged) as refused:
        actions.change_person(
            person=person, details=actions.PersonDetails(given_name="Toni", family_name="Anders", email=person.email),
            by=by, agreement=Agreement.objects.get(), now=NOW,
        )  # fmt: skip
    return refused.value.sentence


ACTS: dict[str, Callable[[User, Person, User], str]] = {
    each.__name__: each for each in (closing, giving, asking, ending, renaming)
}
CHANGES = {
    "account": "UPDATE members_person SET user_id = NULL WHERE id = %s",
    "employer": "UPDATE members_person SET employer_id = "
    "(SELECT id FROM members_authority WHERE slug <> 'wetteraukreis' LIMIT 1) WHERE id = %s",
    "name": "UPDATE members_person SET family_name = 'Anders' WHERE id = %s",
}


@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_given_a_person_changed_by_sql_when_somebody_acts_on_the_account_then_it_is_refused(
    registrar, victim, act, statement
):
    user = victim.user
    by_sql(statement, victim.pk)
    assert TOLD in act(registrar, victim, user)
    user.refresh_from_db()
    assert (user.is_active, user.role_assignments.count(), AccountRequest.objects.count()) == (True, 1, 0)
    assert [each.startswith(f"Person Nr. {victim.pk}: ") for each in found()] == [True]


def test_given_a_person_changed_by_sql_when_technik_closes_the_account_then_it_is_closed(victim):
    by_sql(CHANGES["name"], victim.pk)
    actions.close_account(user=victim.user, by=a_user(role="admin", partner=None), now=NOW)
    assert not User.objects.get(pk=victim.user_id).is_active


def test_given_an_address_changed_by_sql_when_somebody_is_invited_then_no_link_is_mailed(registrar):
    guest = a_person("Neu")
    by_sql("UPDATE members_person SET email = 'fremd@example.org' WHERE id = %s", guest.pk)
    page = post(
        registrar, f"personen/{guest.pk}/einladen/", username="neu", role="member", address="fremd@example.org"
    )  # fmt: skip
    assert TOLD in page
    assert not outbox.OutboxMessage.objects.exists()
    assert not User.objects.filter(username="neu").exists()


def test_given_a_request_when_the_person_is_changed_by_sql_then_nobody_confirms_it(registrar, victim):
    request = actions.ask_role(
        user=victim.user, role="case-officer", place=registrar.role_assignments.get().partner,
        from_on=date(2026, 9, 1), by=registrar, now=NOW,
    )  # fmt: skip
    second = a_user(role="registrar")
    by_sql(CHANGES["name"], victim.pk)
    with pytest.raises(Forged, match=TOLD):
        actions.confirm(request=request, by=second, now=NOW)
    assert not victim.user.role_assignments.filter(role="case-officer").exists()


def test_given_seats_when_written_by_sql_then_the_night_names_them():
    seat = a_seat(person=a_person("Sitzt"))
    assert found() == []
    by_sql("UPDATE members_seat SET body_id = (SELECT max(id) FROM members_body) WHERE id = %s", seat.pk)
    by_sql("UPDATE members_seatassignment SET period = '[2022-03-01,2023-01-01)' WHERE seat_id = %s", seat.pk)
    assert sorted(each.split(" Nr.")[0] for each in found()) == ["Besetzung", "Sitz"]
    by_sql("DELETE FROM members_seatassignment WHERE seat_id = %s", seat.pk)
    assert any(each.startswith("Besetzung") and "gelöscht" in each for each in found())
    assert Seat.objects.filter(pk=seat.pk).exists()


def test_given_seats_that_ended_long_ago_when_sql_moved_an_end_then_only_the_other_loses_its_address():
    past, moved = a_person("Vorbei"), a_person("Verlegt")
    for person, until in ((past, date(2023, 1, 1)), (moved, None)):
        SeatAssignment.objects.create(seat=a_seat(), person=person, period=(date(2022, 3, 1), until))
    by_sql("UPDATE members_seatassignment SET period = '[2022-03-01,2023-01-01)' WHERE person_id = %s", moved.pk)
    by_sql(
        "INSERT INTO members_seatassignment (seat_id, person_id, capacity, period) "
        "VALUES (%s, %s, 'HOLDER', '[2022-03-01,2023-01-01)')",
        a_seat().pk, past.pk,
    )  # fmt: skip
    with as_worker():
        erasure.run(now=NOW)
    addresses = dict(Person.objects.filter(pk__in=[past.pk, moved.pk]).values_list("family_name", "email"))
    assert (addresses["Vorbei"], bool(addresses["Verlegt"])) == ("", True)
    assert [each.split(" Nr.")[0] for each in found()] == ["Besetzung"] * 2
