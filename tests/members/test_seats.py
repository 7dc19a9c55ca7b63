"""Seats through time: as of a day, who is invited, and what the database refuses whoever asks."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from kok.errors import Refused
from kok.models import AuditEvent
from members import actions
from members.models import Person, Seat, SeatAssignment
from members.queries import bodies_on, recipients_on, seats_on
from tests.builders import a_person, a_seat, a_user, amended, an_agreement, the_body, the_partner, wetterau

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def agreement():
    return an_agreement()


@pytest.fixture
def seat(agreement):
    return Seat.objects.get(position=1)


def assign(seat, person, from_on, capacity="HOLDER"):
    return actions.assign_seat(seat=seat, person=person, capacity=capacity, from_on=from_on, by=None, now=NOW)


def test_given_a_successor_when_assigned_then_the_predecessor_ends_the_day_before(seat):
    successor = a_person("Neu", "Nora")
    assign(seat, successor, date(2026, 10, 1))
    periods = {str(a.person): (a.period.lower, a.period.upper) for a in seat.assignments.select_related("person")}
    assert periods == {
        "Antonia Abel": (date(2022, 3, 1), date(2026, 10, 1)),
        "Nora Neu": (date(2026, 10, 1), None),
    }
    event = AuditEvent.objects.get(action="seat.assigned")
    assert (event.object_id, event.note) == (str(seat.pk), f"Person {successor.pk}, Mitglied ab 01.10.2026")


def test_given_a_holder_when_a_deputy_is_named_then_both_stand_side_by_side(seat):
    assign(seat, a_person("Vogt", "Vera"), date(2026, 1, 1), capacity="DEPUTY")
    line = seats_on(the_body(), date(2026, 1, 1))[0]
    assert (str(line.holder), str(line.deputy), line.deputy_since) == ("Antonia Abel", "Vera Vogt", date(2026, 1, 1))
    assert seats_on(the_body(), date(2025, 12, 31))[0].deputy is None


def test_given_a_holder_when_he_should_stand_in_for_himself_then_it_is_refused(seat):
    holder = Person.objects.get(family_name="Abel")
    with pytest.raises(Refused, match="nicht zugleich Mitglied und eigene Stellvertretung"):
        assign(seat, holder, date(2026, 1, 1), capacity="DEPUTY")
    assert seat.assignments.count() == 1


def test_given_a_person_of_the_other_partner_when_put_on_a_seat_then_it_is_refused(seat):
    with pytest.raises(Refused, match="anderen Partner"):
        assign(seat, a_person(employer="lwv-hessen"), date(2026, 10, 1))


def test_given_a_refusal_when_a_seat_is_assigned_then_the_predecessor_is_untouched(seat):
    assign(seat, a_person("Neu", "Nora"), date(2026, 10, 1))
    with pytest.raises(Refused):
        assign(seat, a_person("Eilig", "Edda"), date(2026, 5, 1))
    assert seats_on(the_body(), date(2026, 5, 1))[0].holder.family_name == "Abel"
    assert seat.assignments.count() == 2


@pytest.mark.parametrize(
    ("lower", "upper"),
    [(date(2026, 1, 1), None), (date(2020, 1, 1), date(2022, 3, 2)), (date(2026, 1, 1), date(2026, 1, 2))],
)
def test_given_a_holder_when_a_second_one_is_written_past_the_rules_then_the_database_refuses(seat, lower, upper):
    with pytest.raises(IntegrityError, match="seat_one_holder_at_a_time"), transaction.atomic():
        SeatAssignment.objects.create(seat=seat, person=a_person(), period=(lower, upper))


def test_given_an_empty_period_when_written_then_the_database_refuses(seat):
    day = date(2021, 1, 1)
    with pytest.raises(IntegrityError, match="seat_assignment_lasts"), transaction.atomic():
        SeatAssignment.objects.create(seat=seat, person=a_person(), period=(day, day))


def test_given_an_ended_assignment_when_asked_for_the_next_day_then_the_seat_is_vacant(seat):
    actions.end_assignment(assignment=seat.assignments.get(), last_on=date(2026, 9, 30), by=None, now=NOW)
    on_last, after = (recipients_on(the_body(), day)[0] for day in (date(2026, 9, 30), date(2026, 10, 1)))
    assert (str(on_last.person), on_last.email) == ("Antonia Abel", "abel@example.org")
    assert (after.person, after.email, after.lacks_address) == (None, "", False)
    assert after.function == "Leitung, Fachbereich Jugend und Soziales"


def test_given_a_holder_without_address_when_recipients_are_asked_then_the_gap_is_named(agreement):
    Person.objects.filter(family_name="Abel").update(email="")
    first, second = recipients_on(the_body(), date(2026, 5, 1))[:2]
    assert (first.lacks_address, first.partner.slug) == (True, "wetteraukreis")
    assert not second.lacks_address


def test_given_a_seat_with_holder_and_deputy_when_it_ends_then_both_end_with_it(seat):
    assign(seat, a_person("Vogt", "Vera"), date(2026, 1, 1), capacity="DEPUTY")
    actions.end_seat(seat=seat, last_on=date(2026, 12, 31), by=None, now=NOW)
    assert {a.period.upper for a in seat.assignments.all()} == {date(2027, 1, 1)}
    assert seat not in [line.seat for line in seats_on(the_body(), date(2027, 1, 1))]
    assert seat in [line.seat for line in seats_on(the_body(), date(2026, 12, 31))]
    with pytest.raises(Refused, match=r"nur bis zum 31\.12\.2026"):
        assign(Seat.objects.get(pk=seat.pk), a_person(), date(2027, 5, 1))


def test_given_a_successor_in_future_when_the_seat_ends_before_then_it_is_refused(seat):
    assign(seat, a_person("Neu", "Nora"), date(2027, 1, 1))
    with pytest.raises(Refused, match=r"Nora Neu ist für diesen Sitz ab dem 01\.01\.2027 eingetragen"):
        actions.end_seat(seat=seat, last_on=date(2026, 10, 1), by=None, now=NOW)
    assert seats_on(the_body(), date(2026, 12, 1))[0].holder.family_name == "Abel"


def test_given_a_body_when_a_seat_is_added_then_it_is_last_of_its_partner_and_vacant(agreement):
    seat = actions.create_seat(
        body=the_body(),
        partner=the_partner("lwv-hessen"),
        function="Widerspruchsstelle",
        unit="",
        from_on=date(2026, 10, 1),
        by=a_user(role="registrar", partner="lwv-hessen"),
        now=NOW,
    )
    lines = seats_on(the_body(), date(2026, 10, 1))
    assert (lines[-1].seat, lines[-1].is_vacant, len(lines)) == (seat, True, 8)
    assert len(seats_on(the_body(), date(2026, 9, 30))) == 7


def test_given_a_day_before_the_body_when_a_seat_is_added_then_it_is_refused(agreement):
    with pytest.raises(Refused, match="besteht das Gremium nicht"):
        actions.create_seat(
            body=the_body(), partner=the_partner(), function="x", unit="", from_on=date(2022, 2, 28), by=None, now=NOW
        )


def test_given_a_body_that_ended_when_bodies_are_asked_then_the_day_decides(agreement):
    file = amended(on=date(2023, 10, 5), annex="2", bodies=wetterau().bodies[:-1])
    actions.load_agreement(file=file, by=None, now=NOW)
    ended = the_body("psychosozialer-beirat")
    assert ended in bodies_on(agreement, date(2023, 10, 4))
    assert ended not in bodies_on(agreement, date(2023, 10, 5))
    assert bodies_on(agreement, date(2026, 1, 1))[0].slug == "kok"


@pytest.mark.parametrize("seats", [3, 93])
def test_given_ten_or_a_hundred_seats_when_asked_then_it_takes_two_queries(agreement, django_assert_num_queries, seats):
    for _ in range(seats):
        a_seat(person=a_person())
    body = the_body()
    with django_assert_num_queries(2):
        lines = seats_on(body, date(2026, 5, 1))
        assert [str(line.holder) + line.seat.partner.short_name for line in lines]
    assert len(lines) == seats + 7
