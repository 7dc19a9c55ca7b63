"""By SQL as web, without a key: nobody keeps the address of somebody who left, and nobody has one erased early."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from kok import clock, erasure, seals
from kok.models import Dispatch
from members.models import Person, SeatAssignment
from tests.builders import a_user, an_agreement
from tests.roles import by_worker

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 10, 1, 9, 0, tzinfo=UTC)
SEAT = """
INSERT INTO members_seatassignment (seat_id, person_id, capacity, period)
SELECT seat_id, %(left)s, 'DEPUTY', '[2025-01-01,)' FROM members_seatassignment WHERE person_id <> %(left)s LIMIT 1
"""
DEPARTURE = """
INSERT INTO members_departure (person_id, last_on, entered_by_id, entered_at)
SELECT %(left)s, '2100-01-01', min(id), now() FROM kok_user
"""
DELETED = "DELETE FROM members_seatassignment WHERE person_id = %(stays)s AND upper_inf(period)"
MOVED = "UPDATE members_seatassignment SET person_id = %(left)s WHERE person_id = %(stays)s AND upper_inf(period)"


@pytest.fixture(autouse=True)
def now(settings: Any, tmp_path: Any) -> None:
    settings.KOK_NOW = NOW.isoformat()
    settings.KOK_ERASURE_LIST = tmp_path / "erasures.jsonl"
    an_agreement()
    a_user()


@pytest.fixture
def people() -> dict[str, Person]:
    """Somebody who left a year ago, and somebody who then changed from one seat to another."""
    left, stays = Person.objects.filter(assignments__isnull=False).order_by("pk")[:2]
    SeatAssignment.objects.filter(person__in=[left, stays]).update(period=(date(2022, 3, 1), date(2026, 10, 1)))
    seat = left.assignments.get().seat
    SeatAssignment.objects.create(seat=seat, person=stays, period=(date(2026, 10, 1), None))
    for person in (left, stays):
        Dispatch.objects.create(
            key=f"x:{person.pk}", kind="x", subject_kind="x", subject_id=1, version="1", person=person.pk,
            name="Antonia Abel", address=person.email, begun_at=NOW,
        )  # fmt: skip
    return {"left": left, "stays": stays}


def erased(people: dict[str, Person], statement: str) -> dict[str, tuple[bool, bool]]:
    """Of whom the address went, and that in the record of what was sent."""
    if statement:
        with connection.cursor() as cursor:
            cursor.execute(statement, {name: person.pk for name, person in people.items()})
            assert cursor.rowcount == 1
    by_worker(erasure.run, now=NOW)
    return {
        name: (
            Person.objects.get(pk=person.pk).email == "",
            not Dispatch.objects.filter(person=person.pk, address__contains="@").exists(),
        )
        for name, person in people.items()
    }


@pytest.mark.parametrize("statement", ["", SEAT, DEPARTURE], ids=["nothing", "seat", "departure"])
def test_given_somebody_who_left_when_sql_puts_a_row_in_that_would_keep_the_address_then_it_goes(people, statement):
    assert erased(people, statement) == {"left": (True, True), "stays": (False, False)}


@pytest.mark.parametrize("statement", [DELETED, MOVED], ids=["deleted", "given to another"])
def test_given_somebody_on_a_seat_when_sql_takes_it_away_then_the_address_stays_and_the_night_says_so(
    people, statement
):
    assert erased(people, statement)["stays"] == (False, False)
    assert any(
        each.startswith("Besetzung") and "An der Anwendung vorbei" in each for each in seals.findings(clock.today())
    )


def test_given_an_account_in_use_when_sql_empties_and_closes_it_for_the_night_then_what_it_was_sent_keeps_its_address():
    user = a_user(role="approver")
    Dispatch.objects.create(
        key="x:account", kind="x", subject_kind="x", subject_id=1, version="1", account=user.pk, name="Antonia Abel",
        address=user.email, begun_at=NOW,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kok_user SET email = '', is_active = false WHERE id = %s", [user.pk])
    by_worker(erasure.run, now=NOW)
    assert Dispatch.objects.get(account=user.pk).address == user.email
