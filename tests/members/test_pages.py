"""The pages of members: what everybody reads, what registrars change, and what does not exist for the others."""

from datetime import date

import pytest
from django.core import checks
from django.urls import reverse

from kok.models import AuditEvent, OutboxMessage, User
from members.models import Person, Seat, SeatAssignment
from tests.builders import a_person, a_seat, a_user, an_agreement, the_body, the_partner, wetterau
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
BASE = "/wetteraukreis"


@built_once(KOK_NOW="2026-09-01T09:00")
def agreement():
    return an_agreement()


@pytest.fixture
def reader(agreement, client):
    client.force_login(a_user(role="member"))
    return client


@pytest.fixture
def registrar(agreement, client):
    client.force_login(a_user(role="registrar", username="registrar"))
    return client


@built_once
def seat(agreement):
    return Seat.objects.get(position=1)


def text_of(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_given_the_declarations_when_checked_then_every_view_and_model_has_one():
    assert checks.run_checks() == []


def test_given_a_reader_when_the_agreement_is_opened_then_every_punkt_party_and_note_is_there(reader):
    page = text_of(reader.get(f"{BASE}/vereinbarung/"))
    for clause in wetterau().clauses:
        assert f'id="punkt-{clause.number}"' in page
    for said in (
        "Ständeplatz 6 – 10",
        "Verwaltungsausschuss",
        "gez. Dr. Andreas Jürgens",
        "Im Original steht „von ihm/ihr“ statt „von ihm“.",
        "§ 5 HAG/SGB IX in der Fassung vom 13.09.2018",
        "Ladungsfrist",
        "Vorschlag",
    ):
        assert said in page
    assert "herunterladen" not in page


def test_given_no_original_when_asked_for_then_it_does_not_exist(reader):
    assert reader.get(f"{BASE}/vereinbarung/wortlaut/").status_code == 404


def test_given_the_printed_line_when_seats_are_shown_then_leiter_is_a_surname(agreement, reader):
    seat = Seat.objects.get(unit__startswith="205.6")
    seat.assignments.all().delete()
    person = a_person("Leiter", "Stefan", employer="lwv-hessen")
    SeatAssignment.objects.create(seat=seat, person=person, period=(date(2022, 3, 1), None))
    assert "Stefan Leiter" in text_of(reader.get(f"{BASE}/mitglieder/"))
    page = text_of(reader.get(f"{BASE}/mitglieder/sitze/{seat.pk}/"))
    assert "Stefan Leiter hat diesen Sitz seit dem 01.03.2022." in page
    assert "Leiter, Stefan (Teamleiter 205.6" in page


@pytest.mark.parametrize(
    ("day", "holder", "said"),
    [
        ("2025-12-31", "Antonia Abel", "alle 7 Sitze besetzt"),
        ("31.12.2025", "Antonia Abel", "alle 7 Sitze besetzt"),
        ("2026-01-01", "nicht besetzt", "ist einer von 7 Sitzen nicht besetzt"),
        ("2022-02-28", None, "keine Sitze eingetragen"),
    ],
)
def test_given_a_day_in_the_address_when_seats_are_shown_then_they_stand_as_of_that_day(
    reader, seat, day, holder, said
):
    seat.assignments.update(period=(date(2022, 3, 1), date(2026, 1, 1)))
    page = text_of(reader.get(f"{BASE}/mitglieder/", {"am": day}))
    assert said in page
    assert holder is None or holder in page


@pytest.mark.parametrize("path", ["mitglieder/", "gremien/", "gremien/psychosozialer-beirat/"])
@pytest.mark.parametrize("day", ["gestern", "2026-02-30", "0026-01-01"])
def test_given_a_day_that_does_not_exist_when_shown_then_the_page_says_so_and_shows_today(reader, path, day):
    page = text_of(reader.get(f"{BASE}/{path}", {"am": day}))
    assert "01.09.2026" in page
    assert "30.04.2027" in page or "Prüfen Sie das Jahr" in page


def test_given_anlage_2_when_bodies_are_shown_then_both_categories_stand_there_though_one_is_empty(reader):
    page = text_of(reader.get(f"{BASE}/gremien/"))
    assert "Psychosozialer Beirat des Wetteraukreises" in page
    assert "Zielgruppenspezifisch" in page
    assert "kein Gremium genannt" in page


def test_given_a_registrar_when_people_are_listed_then_the_fassung_that_holds_is_one_click_away(registrar):
    page = registrar.get(f"{BASE}/mitglieder/personen/").content.decode()
    assert 'href="/wetteraukreis/vereinbarung/">Vereinbarung in der Fassung vom 01.03.2022</a>' in page


def test_given_the_seats_of_the_conference_when_shown_then_the_tab_names_it_as_the_agreement_does(reader):
    page = reader.get(f"{BASE}/mitglieder/").content.decode()
    assert "<title>Mitglieder, Kooperationskonferenz · Kooperationskonferenz</title>" in page


@pytest.mark.parametrize("seats", [3, 93])
def test_given_ten_or_a_hundred_seats_when_shown_then_the_queries_stay_the_same(
    reader, seats, django_assert_num_queries
):
    for _ in range(seats):
        a_seat(person=a_person())
    with django_assert_num_queries(8):
        page = text_of(reader.get(f"{BASE}/mitglieder/"))
    assert page.count("Muster") == seats


@pytest.mark.parametrize("people", [3, 93])
def test_given_few_or_many_people_when_shown_then_the_queries_stay_the_same(
    registrar, people, django_assert_num_queries
):
    for _ in range(people):
        person = a_person()
        person.user = a_user(role="member")
        person.save()
    for path, queries in (("personen/", 8), ("konten/", 8)):
        with django_assert_num_queries(queries):
            text_of(registrar.get(f"{BASE}/mitglieder/{path}"))


# What the registrar of one partner can open does not exist for the registrar of the other.
OWN_PAGES = {
    "assign": lambda: Seat.objects.get(position=1).pk,
    "seat-end": lambda: Seat.objects.get(position=1).pk,
    "assignment-end": lambda: Seat.objects.get(position=1).assignments.get().pk,
    "person": lambda: Person.objects.get(family_name="Abel").pk,
    "invite": lambda: Person.objects.get(family_name="Abel").pk,
    "account": lambda: User.objects.get(username="fremd").pk,
    "invite-again": lambda: User.objects.get(username="fremd").pk,
    "account-close": lambda: User.objects.get(username="fremd").pk,
    "account-factor": lambda: User.objects.get(username="fremd").pk,
    "role-end": lambda: User.objects.get(username="fremd").role_assignments.get().pk,
}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", OWN_PAGES)
@pytest.mark.parametrize(("partner", "status"), [("wetteraukreis", 200), ("lwv-hessen", 404)])
def test_given_what_belongs_to_the_wetteraukreis_when_a_registrar_comes_then_only_its_own_finds_it(
    agreement, client, name, method, partner, status
):
    a_user(role="member", username="fremd")
    a_user(role="registrar", username="spare")
    client.force_login(a_user(role="registrar", partner=partner, username="self"))
    before = AuditEvent.objects.count()
    response = getattr(client, method)(reverse(f"members:{name}", args=["wetteraukreis", OWN_PAGES[name]()]))
    assert (response.status_code in (200, 302)) is (status == 200 and (name, method) != ("account", "post"))
    if status == 404:
        assert response.status_code in (404, 405)
        assert AuditEvent.objects.count() == before


def test_given_the_other_partner_when_a_role_is_given_for_it_then_it_does_not_exist(registrar):
    user = a_user(role="member")
    assert registrar.get(f"{BASE}/mitglieder/konten/{user.pk}/rolle/lwv-hessen/").status_code == 404
    assert registrar.get(f"{BASE}/mitglieder/konten/{user.pk}/rolle/wetteraukreis/").status_code == 200


@pytest.mark.parametrize("path", ["sitze/neu/", "personen/", "personen/neu/", "konten/"])
def test_given_a_member_without_that_role_when_he_comes_then_it_does_not_exist(reader, path):
    assert reader.get(f"{BASE}/mitglieder/{path}").status_code == 404


def test_given_a_seat_when_a_registrar_assigns_it_then_the_consequences_are_shown_before_anything_happens(
    registrar, seat
):
    person = a_person("Neu", "Nora")
    url = f"{BASE}/mitglieder/sitze/{seat.pk}/besetzen/"
    typed = {"person": person.pk, "capacity": "HOLDER", "from_on": "01.10.2026"}
    page = text_of(registrar.post(url, typed))
    assert "Antonia Abel scheidet aus. Der letzte Tag ist der 30.09.2026." in page
    assert "Nora Neu ist ab dem 01.10.2026 Mitglied." in page
    assert seat.assignments.count() == 1
    assert 'value="01.10.2026"' in text_of(registrar.post(url, {**typed, "change": "1"}))
    assert registrar.post(url, {**typed, "confirmed": "1"}).status_code == 302
    assert seat.assignments.count() == 2
    again = text_of(registrar.post(url, {**typed, "confirmed": "1"}))
    assert "schon eingetragen" in again
    assert seat.assignments.count() == 2


def test_given_overlapping_periods_when_typed_then_the_form_says_so_and_keeps_what_was_typed(registrar, seat):
    SeatAssignment.objects.create(
        seat=seat, person=a_person("Vogt", "Vera"), capacity="DEPUTY", period=(date(2027, 1, 1), None)
    )
    person = a_person("Neu", "Nora")
    typed = {"person": person.pk, "capacity": "DEPUTY", "from_on": "01.10.2026"}
    page = text_of(registrar.post(f"{BASE}/mitglieder/sitze/{seat.pk}/besetzen/", {**typed, "confirmed": "1"}))
    assert "Ab dem 01.01.2027 ist schon Vera Vogt eingetragen. Es wurde nichts geändert." in page
    assert 'value="01.10.2026"' in page
    assert f'<option value="{person.pk}" selected>' in page
    assert seat.assignments.filter(capacity="DEPUTY").count() == 1


def test_given_nobody_in_the_list_when_a_person_is_added_from_a_seat_then_it_goes_on_with_that_person(registrar, seat):
    url = f"{BASE}/mitglieder/personen/neu/?sitz={seat.pk}"
    typed = {"partner": the_partner().pk, "given_name": "Nora", "family_name": "Neu"}
    response = registrar.post(url, typed)
    person = Person.objects.get(family_name="Neu")
    assert response.url == f"{BASE}/mitglieder/sitze/{seat.pk}/besetzen/?person={person.pk}"
    page = text_of(registrar.get(response.url))
    assert f'<option value="{person.pk}" selected>' in page


@pytest.mark.parametrize(
    "typed",
    [
        {"given_name": "antonia", "family_name": "ABEL"},
        {"given_name": "Neu", "family_name": "Person", "email": "Abel+KoK@example.org"},
    ],
)
@pytest.mark.parametrize("from_seat", [True, False])
def test_given_somebody_who_reads_like_a_person_of_the_house_when_added_then_the_page_asks_first(
    registrar, seat, typed, from_seat
):
    url = f"{BASE}/mitglieder/personen/neu/{f'?sitz={seat.pk}' if from_seat else ''}"
    typed = {"partner": the_partner().pk} | typed
    abel, before = Person.objects.get(family_name="Abel"), Person.objects.count()
    page = registrar.post(url, typed).content.decode()
    assert "Gibt es diese Person schon?" in page
    known = f"sitze/{seat.pk}/besetzen/?person={abel.pk}" if from_seat else f"personen/{abel.pk}/"
    assert f'href="{BASE}/mitglieder/{known}">Antonia Abel</a>, abel@example.org' in page
    assert Person.objects.count() == before
    registrar.post(url, typed | {"confirmed": "1"})
    assert Person.objects.count() == before + 1


def test_given_a_namesake_in_another_house_when_a_person_is_added_then_nobody_is_asked(registrar):
    a_person("Anders", "Ada", employer="lwv-hessen", email="anders@example.org")
    typed = {"partner": the_partner().pk, "given_name": "Ada", "family_name": "Anders", "email": "anders@example.org"}
    registrar.post(f"{BASE}/mitglieder/personen/neu/", typed)
    assert Person.objects.filter(family_name="Anders").count() == 2


def test_given_the_other_partner_when_a_person_is_added_for_it_then_the_form_refuses(registrar):
    typed = {"partner": the_partner("lwv-hessen").pk, "given_name": "Nora", "family_name": "Neu"}
    text_of(registrar.post(f"{BASE}/mitglieder/personen/neu/", typed))
    assert not Person.objects.filter(family_name="Neu").exists()


def test_given_a_foreign_seat_in_the_address_when_a_person_is_added_then_it_is_ignored(registrar):
    foreign = Seat.objects.filter(partner__authority__slug="lwv-hessen").first()
    page = text_of(registrar.get(f"{BASE}/mitglieder/personen/neu/?sitz={foreign.pk}"))
    assert f"sitze/{foreign.pk}" not in page


def test_given_a_holder_when_the_assignment_is_ended_then_the_vacancy_is_announced_first(registrar, seat):
    url = f"{BASE}/mitglieder/besetzungen/{seat.assignments.get().pk}/beenden/"
    page = text_of(registrar.post(url, {"last_on": "30.09.2026"}))
    assert "Danach ist der Sitz nicht besetzt" in page
    registrar.post(url, {"last_on": "30.09.2026", "confirmed": "1"})
    assert seat.assignments.get().period.upper == date(2026, 10, 1)


def test_given_a_seat_form_when_confirmed_then_the_seat_stands_in_the_body_chosen(registrar):
    beirat = the_body("psychosozialer-beirat")
    typed = {"partner": the_partner().pk, "body": beirat.pk, "function": "Vorsitz", "from_on": "01.10.2026"}
    url = f"{BASE}/mitglieder/sitze/neu/"
    assert "„Vorsitz“" in text_of(registrar.post(url, typed))
    registrar.post(url, {**typed, "confirmed": "1"})
    page = text_of(registrar.get(f"{BASE}/gremien/psychosozialer-beirat/?am=2026-10-01"))
    assert "Vorsitz" in page
    seat = beirat.seats.get()
    end = f"{BASE}/mitglieder/sitze/{seat.pk}/beenden/"
    registrar.post(end, {"last_on": "31.12.2026", "confirmed": "1"})
    assert "Diesen Sitz gab es" not in text_of(registrar.get(f"{BASE}/mitglieder/sitze/{seat.pk}/"))
    seat.refresh_from_db()
    assert seat.period.upper == date(2027, 1, 1)


def test_given_a_person_when_changed_then_the_name_is_mended(registrar):
    person = Person.objects.get(family_name="Abel")
    url = f"{BASE}/mitglieder/personen/{person.pk}/"
    wrong = text_of(registrar.post(url, {"given_name": "A", "family_name": "Abel", "email": "abel@"}))
    assert "Schreiben Sie sie wie name@example.org" in wrong
    registrar.post(url, {"given_name": "Toni", "family_name": "Abel", "email": "toni@example.org"})
    person.refresh_from_db()
    assert (str(person), person.email) == ("Toni Abel", "toni@example.org")


def test_given_a_person_when_invited_by_form_then_mail_and_account_come_after_the_confirmation(registrar):
    person = Person.objects.get(family_name="Abel")
    url = f"{BASE}/mitglieder/personen/{person.pk}/einladen/"
    typed = {"username": "abel", "role": "member", "address": "abel@example.org"}
    assert "An abel@example.org geht eine Mail" in text_of(registrar.post(url, typed))
    assert not User.objects.filter(username="abel").exists()
    registrar.post(url, {**typed, "confirmed": "1"})
    user = User.objects.get(username="abel")
    assert OutboxMessage.objects.get().context == {"user": user.pk}
    page = text_of(registrar.get(f"{BASE}/mitglieder/konten/{user.pk}/"))
    assert "noch ohne Passwort" in page
    assert "Mitglied" in page


def test_given_an_account_when_a_role_is_given_and_ended_then_each_is_confirmed(registrar):
    user = a_user(role="member", username="fremd")
    url = f"{BASE}/mitglieder/konten/{user.pk}/rolle/wetteraukreis/"
    typed = {"role": "reporter", "from_on": "01.09.2026"}
    assert "Wer für einen Partner Mitteilungen nach Punkt 8" in text_of(registrar.post(url, typed))
    registrar.post(url, {**typed, "confirmed": "1"})
    role = user.role_assignments.get(role="reporter")
    end = f"{BASE}/mitglieder/rollen/{role.pk}/beenden/"
    assert "verliert sofort die Rolle Meldungen" in text_of(registrar.post(end, {"when": "sofort"}))
    registrar.post(end, {"when": "sofort", "confirmed": "1"})
    assert user.role_assignments.get(role="reporter").has_ended(date(2026, 9, 1))
    assert "01.09.2026 bis Di 01.09.2026, " in text_of(registrar.get(f"{BASE}/mitglieder/konten/{user.pk}/"))


def test_given_the_last_registrar_when_he_ends_his_own_role_then_the_page_says_why_not(registrar):
    role = User.objects.get(username="registrar").role_assignments.get()
    page = text_of(registrar.post(f"{BASE}/mitglieder/rollen/{role.pk}/beenden/", {"when": "sofort", "confirmed": "1"}))
    assert "das letzte Konto" in page
    assert User.objects.get(username="registrar").role_assignments.get().period.upper is None


def test_given_the_administration_when_an_account_is_closed_then_it_is_confirmed_and_shown(agreement, client):
    client.force_login(a_user(role="admin", partner=None))
    other = a_user(role="member", username="fremd")
    assert "fremd" in text_of(client.get("/verwaltung/konten/"))
    close = f"/verwaltung/konten/{other.pk}/sperren/"
    assert "kommt mit dem nächsten Klick nicht weiter" in text_of(client.get(close))
    assert "gesperrt" in text_of(client.post(close, {"confirmed": "1"}, follow=True))
    other.refresh_from_db()
    assert not other.is_active
    page = text_of(client.post(f"/verwaltung/konten/{other.pk}/freigeben/", {"confirmed": "1"}, follow=True))
    assert "Die Freigabe von „fremd“ ist beantragt." in page
    other.refresh_from_db()
    assert not other.is_active


def test_given_a_registrar_when_he_opens_the_administration_then_it_does_not_exist(registrar):
    assert registrar.get("/verwaltung/konten/").status_code == 404
