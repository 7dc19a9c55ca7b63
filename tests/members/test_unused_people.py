"""Whoever was entered in vain goes by a click; of whoever was anywhere the page says why he stays."""

from datetime import UTC, date, datetime

import pytest

from kok.errors import Refused
from kok.models import AuditEvent, Dispatch
from members import actions
from members.actions import Mender
from members.models import Agreement, Person, Seat, SeatCorrection
from tests.builders import a_person, a_user, an_agreement
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
BASE = "/wetteraukreis/mitglieder/personen"


@built_once(KOK_NOW="2026-09-01T09:00")
def registrar():
    an_agreement()
    return a_user(role="registrar")


@pytest.fixture
def nora(registrar):
    return a_person("Neu", "Nora")


@pytest.fixture
def pages(registrar, client):
    client.force_login(registrar)
    return client


def delete(person, by):
    actions.delete_person(person=person, by=by, agreement=Agreement.objects.get(), now=NOW)


def test_given_somebody_entered_in_vain_when_deleted_by_the_page_then_only_the_number_stays_in_the_trail(pages, nora):
    assert "Person löschen" in pages.get(f"{BASE}/{nora.pk}/").content.decode()
    url = f"{BASE}/{nora.pk}/loeschen/"
    assert "Das wird geschehen" in pages.get(url).content.decode()
    assert Person.objects.filter(pk=nora.pk).exists()
    assert pages.post(url, {"confirmed": "1"}).url == f"{BASE}/"
    assert not Person.objects.filter(pk=nora.pk).exists()
    event = AuditEvent.objects.get(action="person.deleted")
    assert (event.object_id, event.note) == (str(nora.pk), "")
    assert "Neu" not in pages.get("/wetteraukreis/mitglieder/personen/").content.decode()


def test_given_an_entry_that_never_began_when_withdrawn_and_the_person_deleted_then_the_seat_forgets_the_name(
    registrar, nora, pages
):
    seat = Seat.objects.get(position=1)
    row = actions.assign_seat(
        seat=seat, person=nora, capacity="HOLDER", from_on=date(2026, 10, 1), by=registrar, now=NOW
    )
    with pytest.raises(Refused, match="Eintragungen der Art „Besetzung“"):
        delete(nora, registrar)
    actions.remove_assignment(assignment=row, mender=Mender(by=registrar, now=NOW))
    delete(nora, registrar)
    page = pages.get(f"/wetteraukreis/mitglieder/sitze/{seat.pk}/").content.decode()
    assert "eine Person, die gelöscht wurde, Mitglied, ab 01.10.2026" in page
    line = SeatCorrection.objects.get()
    assert set(SeatCorrection.sealing.standing([line.pk])) == {str(line.pk)}


def a_seat_once(person, by):
    seat = Seat.objects.get(position=2)
    mender = Mender(by=by, now=NOW, reason="Vergessen.")
    actions.remove_assignment(assignment=seat.assignments.get(), mender=mender)
    meant = actions.SeatEntry(person=person, from_on=date(2023, 1, 1), last_on=date(2023, 6, 30))
    row = actions.fill_in(seat=seat, capacity="HOLDER", meant=meant, mender=mender)
    actions.remove_assignment(assignment=row, mender=mender)


def an_account(person, by):
    person.user = a_user(username="neu")
    person.save()


def a_dispatch(person, by):
    Dispatch.objects.create(
        key="x", kind="meeting.invited", subject_kind="meeting", subject_id=1, version="1", person=person.pk,
        name="Nora Neu", begun_at=NOW, address="neu@example.org",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("use", "said"),
    [
        (a_seat_once, "eine berichtigte Besetzung, die schon begonnen hatte"),
        (an_account, "ein Konto"),
        (a_dispatch, "ein Versand"),
    ],
)
def test_given_somebody_who_was_somewhere_when_looked_at_then_the_page_says_why_he_stays_and_no_way_deletes(
    registrar, pages, nora, use, said
):
    use(nora, registrar)
    page = pages.get(f"{BASE}/{nora.pk}/").content.decode()
    assert said in page
    assert "Person löschen" not in page
    for method in (pages.get, pages.post):
        page = method(f"{BASE}/{nora.pk}/loeschen/", follow=True).content.decode()
        assert "Nora Neu kann nicht gelöscht werden" in page
        assert "Das wird geschehen" not in page
    with pytest.raises(Refused, match=said):
        delete(nora, registrar)
    assert Person.objects.filter(pk=nora.pk).exists()


def test_given_the_form_of_a_person_when_refused_then_the_error_names_the_field_and_all_that_was_typed_stays(
    pages, nora
):
    typed = {"given_name": "Nora-Maria", "family_name": "", "email": "keine adresse", "phone": "06031 83-0"}
    page = pages.post(f"{BASE}/{nora.pk}/", typed).content.decode()
    for name, value in typed.items():
        assert f'name="{name}"' in page
        assert value in page
    assert 'id="id_email_error"' in page
    assert 'id="id_family_name_error"' in page
    nora.refresh_from_db()
    assert nora.given_name == "Nora"
