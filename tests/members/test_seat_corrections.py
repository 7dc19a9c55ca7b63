"""Wrong clicks on a seat made good: taken back, struck, corrected, filled in; what stood there stays readable."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from kok.errors import Forged, Refused
from kok.models import AuditEvent
from members import actions
from members.actions import Mender, SeatEntry
from members.models import Person, Seat, SeatAssignment, SeatCorrection
from members.queries import recipients_on
from members.queries.corrections import mark_of
from tests.builders import a_person, a_user, an_agreement, the_body
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TODAY, FIRST, LONG_AGO = date(2026, 9, 1), date(2026, 10, 1), date(2022, 3, 1)
BECAUSE = "Der Tag war falsch."


@built_once(KOK_NOW="2026-09-01T09:00")
def seat():
    an_agreement()
    return Seat.objects.get(position=1)


@built_once
def registrar(seat):
    return a_user(role="registrar")


@built_once
def nora(seat):
    return a_person("Neu", "Nora")


@pytest.fixture
def mender(registrar):
    return Mender(by=registrar, now=NOW, reason=BECAUSE)


@pytest.fixture
def planned(seat, nora, registrar):
    """Nora Neu follows Antonia Abel on 01.10.2026."""
    return actions.assign_seat(seat=seat, person=nora, capacity="HOLDER", from_on=FIRST, by=registrar, now=NOW)


def by_sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def holdings(seat):
    rows = seat.assignments.select_related("person").order_by("period")
    return [(row.person.family_name, row.period.lower, row.period.upper) for row in rows]


def abel(seat):
    return seat.assignments.get(person__family_name="Abel")


def invited(day):
    return recipients_on(the_body(), day)[0].person


def test_given_an_entry_about_the_future_when_withdrawn_then_who_was_there_stays_and_what_it_was_stands_beside(
    seat, planned, mender, nora
):
    kind = actions.remove_assignment(assignment=planned, goes_on=True, mender=Mender(by=mender.by, now=NOW))
    assert kind.label == "zurückgenommen, bevor es begann"
    assert holdings(seat) == [("Abel", LONG_AGO, None)]
    assert invited(FIRST) == Person.objects.get(family_name="Abel")
    lines = [(row.kind, row.was_person.family_name, row.reason, row.made_by) for row in seat.corrections.all()]
    assert lines == [("GOES_ON", "Abel", "", mender.by), ("WITHDRAWN", "Neu", "", mender.by)]
    event = AuditEvent.objects.get(action="seat.withdrawn")
    assert (event.actor_id, event.old, event.new) == (mender.by.pk, f"Person {nora.pk} ab 01.10.2026", "")


def test_given_an_entry_about_the_future_when_withdrawn_without_successor_then_the_seat_is_vacant_then(
    seat, planned, mender
):
    actions.remove_assignment(assignment=planned, mender=mender)
    assert holdings(seat) == [("Abel", LONG_AGO, FIRST)]
    assert invited(FIRST) is None


def test_given_an_entry_that_began_when_struck_then_it_takes_a_reason(seat, mender):
    with pytest.raises(Refused, match="Es fehlt der Grund"):
        actions.remove_assignment(assignment=abel(seat), mender=Mender(by=mender.by, now=NOW, reason="  "))
    assert holdings(seat) == [("Abel", LONG_AGO, None)]
    actions.remove_assignment(assignment=abel(seat), mender=mender)
    assert holdings(seat) == []
    line = seat.corrections.get()
    assert (line.kind, line.reason, line.was.lower, line.became) == ("STRUCK", BECAUSE, LONG_AGO, None)


@pytest.mark.parametrize(
    ("who", "from_on", "last_on", "then"),
    [
        ("Abel", LONG_AGO, date(2026, 8, 31), ("Abel", LONG_AGO, TODAY)),
        ("Abel", date(2022, 5, 2), None, ("Abel", date(2022, 5, 2), None)),
        ("Neu", LONG_AGO, None, ("Neu", LONG_AGO, None)),
    ],
)
def test_given_a_wrong_day_or_person_when_corrected_then_invitations_follow_and_both_stand_in_the_history(
    seat, nora, mender, who, from_on, last_on, then
):
    meant = SeatEntry(person=Person.objects.get(family_name=who), from_on=from_on, last_on=last_on)
    actions.correct_assignment(assignment=abel(seat), meant=meant, mender=mender)
    assert holdings(seat) == [then]
    assert getattr(invited(FIRST), "family_name", None) == (None if last_on else who)
    line = seat.corrections.get()
    assert (line.was_person.family_name, line.was.lower, line.was.upper) == ("Abel", LONG_AGO, None)
    assert (line.became_person.family_name, line.became.lower, line.became.upper) == then
    assert (line.reason, line.made_by, line.made_at) == (BECAUSE, mender.by, NOW)
    event = AuditEvent.objects.get(action="seat.corrected")
    assert (event.object_id, event.actor_id) == (str(seat.pk), mender.by.pk)
    assert "ab 01.03.2022" in event.old
    assert BECAUSE not in f"{event.note}{event.old}{event.new}"


def test_given_an_end_that_was_wrong_when_corrected_then_it_goes_on_and_the_seals_hold(seat, mender):
    actions.end_assignment(assignment=abel(seat), last_on=date(2026, 6, 30), by=None, now=NOW)
    meant = SeatEntry(person=abel(seat).person, from_on=LONG_AGO, last_on=None)
    row = actions.correct_assignment(assignment=abel(seat), meant=meant, mender=mender)
    assert holdings(seat) == [("Abel", LONG_AGO, None)]
    assert set(SeatAssignment.sealing.standing([row.pk])) == {str(row.pk)}
    line = seat.corrections.get()
    assert set(SeatCorrection.sealing.standing([line.pk])) == {str(line.pk)}


def test_given_a_gap_when_somebody_forgotten_is_filled_in_then_it_stands_between_and_says_why(seat, planned, mender):
    actions.end_assignment(assignment=abel(seat), last_on=date(2026, 6, 30), by=None, now=NOW)
    between = SeatEntry(person=a_person("Vogt", "Vera"), from_on=date(2026, 7, 1), last_on=date(2026, 9, 30))
    actions.fill_in(seat=seat, capacity="HOLDER", meant=between, mender=mender)
    assert holdings(seat)[1] == ("Vogt", date(2026, 7, 1), FIRST)
    line = seat.corrections.get()
    assert (line.kind, line.was, line.became.upper, line.reason) == ("FILLED_IN", None, FIRST, BECAUSE)
    assert AuditEvent.objects.filter(action="seat.filled-in", object_id=str(seat.pk)).count() == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"from_on": date(2026, 9, 15)}, r"In dieser Zeit ist Antonia Abel eingetragen \(01.03.2022 bis 30.09.2026\)"),
        ({"last_on": date(2026, 9, 30)}, "Der letzte Tag liegt vor dem ersten"),
        ({"from_on": date(2022, 2, 1)}, r"Diesen Sitz gibt es erst seit dem 01\.03\.2022"),
        ({}, "So steht es schon da"),
        ({"person": "lwv-hessen"}, "anderen Partner"),
    ],
)
def test_given_a_correction_that_cannot_be_when_asked_then_it_is_refused_and_nothing_changes(
    seat, planned, nora, mender, changed, sentence
):
    before = holdings(seat)
    if "person" in changed:
        changed = {"person": a_person(employer=changed["person"])}
    meant = SeatEntry(**{"person": nora, "from_on": FIRST, **changed})
    for act in (actions.check_correction, actions.correct_assignment):
        with pytest.raises(Refused, match=sentence):
            act(assignment=planned, meant=meant, mender=mender)
    assert (holdings(seat), SeatCorrection.objects.count()) == (before, 0)


def test_given_the_own_deputy_when_filled_in_at_the_same_time_then_it_is_refused(seat, mender):
    meant = SeatEntry(person=abel(seat).person, from_on=date(2023, 1, 1), last_on=date(2023, 12, 31))
    with pytest.raises(Refused, match="nicht zugleich Mitglied und eigene Stellvertretung"):
        actions.fill_in(seat=seat, capacity="DEPUTY", meant=meant, mender=mender)


def test_given_a_page_of_before_when_somebody_else_was_quicker_then_nothing_is_overwritten(seat, planned, nora, mender):
    shown = mark_of(planned)
    later = SeatEntry(person=nora, from_on=date(2026, 11, 1))
    actions.correct_assignment(assignment=planned, meant=later, mender=mender, shown=shown)
    for act, more in ((actions.remove_assignment, {}), (actions.correct_assignment, {"meant": later})):
        with pytest.raises(Refused, match="Jemand anderes hat diese Eintragung inzwischen geändert"):
            act(assignment=planned, mender=mender, shown=shown, **more)
    actions.remove_assignment(assignment=planned, mender=mender)
    with pytest.raises(Refused, match="gibt es nicht mehr"):
        actions.correct_assignment(assignment=planned, meant=later, mender=mender)


def test_given_an_entry_changed_past_the_application_when_corrected_then_its_words_get_no_seal(seat, planned, mender):
    by_sql("UPDATE members_seatassignment SET period = '[2026-12-01,)' WHERE id = %s", planned.pk)
    with pytest.raises(Forged):
        actions.remove_assignment(assignment=planned, mender=mender)
    assert SeatCorrection.objects.count() == 0


def test_given_a_leaving_that_is_entered_when_the_last_day_is_corrected_beyond_then_it_is_refused(seat, mender):
    other = a_user(role="registrar", username="andere")
    person = abel(seat).person
    actions.enter_departure(person=person, last_on=FIRST, by=other, agreement=seat.body.agreement, now=NOW)
    with pytest.raises(Refused, match=r"scheidet zum 01\.10\.2026 aus"):
        actions.correct_assignment(
            assignment=abel(seat), meant=SeatEntry(person=person, from_on=date(2023, 1, 1)), mender=mender
        )


@pytest.mark.parametrize("values", [{"kind": "STRUCK"}, {"kind": "FILLED_IN", "reason": "x"}])
def test_given_a_correction_without_reason_or_other_half_when_written_then_the_database_refuses(seat, nora, values):
    with pytest.raises(IntegrityError, match="seat_correction"), transaction.atomic():
        SeatCorrection.objects.create(
            seat=seat, capacity="HOLDER", was_person=nora, was=(FIRST, None), made_at=NOW, **values
        )
