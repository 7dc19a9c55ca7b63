"""The pages on which roles get an end, somebody leaves, and roles without a seat are found."""

from datetime import date

import pytest
from django.test import Client

from kok import clock
from kok.models import AddressChange, User
from members.models import Departure, Person, Seat, SeatAssignment
from tests.builders import PASSWORD, a_person, a_seat, a_user, an_agreement, give_role, the_partner

pytestmark = pytest.mark.django_db
BASE = "/wetteraukreis/mitglieder"


@pytest.fixture
def agreement(settings):
    settings.KOK_NOW = "2026-09-01T09:00"
    return an_agreement()


@pytest.fixture
def registrar(agreement):
    client = Client()
    client.force_login(a_user(role="registrar", username="registrar"))
    return client


@pytest.fixture
def abel(agreement):
    person = Person.objects.get(family_name="Abel")
    person.user = a_user(role="member", username="abel")
    person.save()
    return person


def text_of(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def confirm(client, url, typed):
    """Both steps: what the first shows, and where the second leads."""
    shown = text_of(client.post(url, typed))
    return shown, text_of(client.post(url, {**typed, "confirmed": "1"}, follow=True))


def test_given_a_role_until_a_day_when_given_then_pages_say_until_when(registrar, abel):
    url = f"{BASE}/konten/{abel.user.pk}/rolle/wetteraukreis/"
    wrong = {"role": "reporter", "from_on": "01.09.2026", "last_on": "31.08.2026"}
    assert "Der letzte Tag liegt vor dem Beginn." in text_of(registrar.post(url, wrong))
    shown, done = confirm(registrar, url, wrong | {"last_on": "30.06.2027"})
    assert "„abel“ hat vom 01.09.2026 bis zum 30.06.2027 die Rolle Meldungen" in shown
    assert "01.09.2026 bis 30.06.2027" in done
    assert abel.user.role_assignments.get(role="reporter").period.upper == date(2027, 7, 1)
    assert "Meldungen bis 30.06.2027" in text_of(registrar.get(f"{BASE}/konten/"))
    assert "01.09.2026 bis 30.06.2027" in text_of(registrar.get(f"{BASE}/personen/{abel.pk}/"))


def test_given_an_invitation_with_a_role_until_a_day_when_sent_then_it_ends_then(registrar):
    person = Person.objects.get(family_name="Busch")
    url = f"{BASE}/personen/{person.pk}/einladen/"
    typed = {"username": "busch", "role": "member", "last_on": "30.06.2027", "address": person.email}
    late = text_of(registrar.post(url, {**typed, "last_on": "31.08.2026", "confirmed": "1"}))
    assert "Der letzte Tag liegt vor dem Beginn am 01.09.2026. Es wurde nichts geändert." in late
    shown, _ = confirm(registrar, url, typed)
    assert "mit der Rolle Mitglied bis zum 30.06.2027." in shown
    person.refresh_from_db()
    assert person.user.role_assignments.get().period.upper == date(2027, 7, 1)


def test_given_a_running_role_when_it_gets_an_end_then_one_person_moves_it_and_takes_it_back(registrar, abel):
    role = abel.user.role_assignments.get()
    url = f"{BASE}/rollen/{role.pk}/beenden/"
    assert "Das eingetragene Ende entfällt" not in text_of(registrar.get(url))
    assert "Nennen Sie den letzten Tag." in text_of(registrar.post(url, {"when": "tag"}))
    assert "ist schon vorbei" in text_of(
        registrar.post(url, {"when": "tag", "last_on": "31.08.2026", "confirmed": "1"})
    )
    for last_on in ("30.06.2027", "31.12.2027", "31.10.2026"):
        shown, done = confirm(registrar, url, {"when": "tag", "last_on": last_on})
        assert f"„abel“ hat die Rolle Mitglied bis zum {last_on}" in shown
        assert f"bis {last_on}" in done
    page = text_of(registrar.get(url))
    assert "Diese Rolle gilt bis zum 31.10.2026." in page
    assert "Länger gilt sie nur" not in page
    confirm(registrar, url, {"when": "nie"})
    role.refresh_from_db()
    assert role.period.upper is None


def test_given_a_role_of_two_people_with_an_end_when_it_should_last_longer_then_it_is_asked_for(registrar, abel):
    role = give_role(abel.user, role="approver")
    url = f"{BASE}/rollen/{role.pk}/beenden/"
    confirm(registrar, url, {"when": "tag", "last_on": "31.12.2026"})
    page = text_of(registrar.get(url))
    assert "Länger gilt sie nur, wenn Sie sie für die Zeit danach beantragen" in page
    assert 'value="nie"' not in page
    later = {"when": "tag", "last_on": "31.12.2027", "confirmed": "1"}
    assert "Das endet schon am 31.12.2026." in text_of(registrar.post(url, later))
    typed = {"role": "approver", "from_on": "01.01.2027", "last_on": "31.12.2027"}
    _, done = confirm(registrar, f"{BASE}/konten/{abel.user.pk}/rolle/wetteraukreis/", typed)
    assert "beantragt" in done
    assert abel.user.requests.get().period.upper == date(2028, 1, 1)


def test_given_somebody_who_leaves_when_entered_then_the_second_step_says_what_ends_and_what_remains(registrar, abel):
    give_role(abel.user, role="reporter")
    page = text_of(registrar.get(f"{BASE}/personen/{abel.pk}/"))
    url = f"{BASE}/personen/{abel.pk}/ausscheiden/"
    assert f'href="{url}"' in page
    shown, done = confirm(registrar, url, {"last_on": "31.12.2026"})
    for said in (
        "Letzter Tag von Antonia Abel ist der 31.12.2026.",
        "Der Sitz endet: KoK:",
        "Die Rolle endet: Mitglied für Wetteraukreis",
        "Das Konto „abel“ wird danach gesperrt.",
        "Bis zum 31.12.2026 können Sie das zurücknehmen.",
        "Was offen bleibt",
        "danach nicht besetzt",
        "niemand sonst hat die Rolle Meldungen",
        "bitte eintragen",
    ):
        assert said in shown, said
    assert "Das Ausscheiden von Antonia Abel zum 31.12.2026 ist eingetragen." in done
    assert "Scheidet zum 31.12.2026 aus." in done
    assert "scheidet zum 31.12.2026 aus" in text_of(registrar.get(f"{BASE}/personen/"))
    back = f"{url}zuruecknehmen/"
    assert "Antonia Abel scheidet nicht zum 31.12.2026 aus." in text_of(registrar.get(back))
    done = text_of(registrar.post(back, {"confirmed": "1"}, follow=True))
    assert "Das Ausscheiden von Antonia Abel ist zurückgenommen." in done
    assert registrar.get(back).status_code == 404
    assert abel.assignments.get().period.upper is None


def test_given_a_day_that_is_past_when_somebody_left_then_the_page_says_that_it_is_final(registrar, abel):
    shown, done = confirm(registrar, f"{BASE}/personen/{abel.pk}/ausscheiden/", {"last_on": "31.07.2026"})
    assert "Das Konto „abel“ wird jetzt gesperrt." in shown
    assert "deshalb können Sie das nicht zurücknehmen" in shown
    assert "Ist zum 31.07.2026 ausgeschieden." in done
    client = Client()
    client.post("/konto/login/", {"login": "abel", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_given_the_last_registrar_or_oneself_when_leaving_is_entered_then_the_page_says_why_not(registrar, agreement):
    own = a_person("Selbst")
    own.user = text_user = a_user(role="registrar", username="selbst")
    own.save()
    client = Client()
    client.force_login(text_user)
    assert "trägt eine andere Person ein" in text_of(client.get(f"{BASE}/personen/{own.pk}/"))
    page = text_of(client.post(f"{BASE}/personen/{own.pk}/ausscheiden/", {"last_on": "31.12.2026"}))
    assert "Ihr eigenes Ausscheiden trägt eine andere Person ein" in page
    assert not Departure.objects.exists()


def test_given_people_of_another_house_when_their_address_is_typed_then_they_do_not_exist(registrar):
    stranger = a_person("Fremd", employer="lwv-hessen")
    for name in ("ausscheiden/", "ausscheiden/zuruecknehmen/"):
        assert registrar.get(f"{BASE}/personen/{stranger.pk}/{name}").status_code == 404


def test_given_roles_without_a_seat_when_accounts_are_listed_then_they_are_marked_counted_and_found(registrar, abel):
    gone = a_person("Gegangen")
    gone.user = a_user(role="reporter", username="gegangen")
    gone.save()
    SeatAssignment.objects.create(seat=a_seat(), person=gone, period=(date(2022, 3, 1), date(2025, 1, 1)))
    a_user(role="member", username="ohne-sitz")
    page = text_of(registrar.get(f"{BASE}/konten/"))
    assert page.count("ohne Sitz</span>") == 1
    assert "Eine Person hat keinen Sitz mehr, aber noch Rollen." in page
    assert "Rollen ohne Sitz (2 Konten)" in page
    found = text_of(registrar.get(f"{BASE}/konten/?ohne-sitz"))
    for name, is_there in (("ohne-sitz", True), ("gegangen", True), ("abel", False), ("registrar", False)):
        assert (f">{name}</a>" in found) == is_there, name
    person = a_person("Mit")
    person.user = a_user(role="approver", username="mit")
    person.save()
    assert "ohne Sitz" in text_of(registrar.get(f"{BASE}/personen/{person.pk}/"))
    assert "ohne Sitz" in text_of(registrar.get(f"{BASE}/konten/{person.user.pk}/"))
    a_seat(person=person)
    assert "ohne Sitz" not in text_of(registrar.get(f"{BASE}/personen/{person.pk}/"))
    assert the_partner().seats.filter(assignments__person=person).exists()


def test_given_somebody_who_left_when_seated_then_one_is_told_before_and_then_the_page_says_that_he_is_back(
    registrar, abel
):
    confirm(registrar, f"{BASE}/personen/{abel.pk}/ausscheiden/", {"last_on": "31.07.2026"})
    seat = a_seat()
    typed = {"person": abel.pk, "capacity": "HOLDER", "from_on": "01.09.2026"}
    shown, _ = confirm(registrar, f"{BASE}/sitze/{seat.pk}/besetzen/", typed)
    assert "Antonia Abel ist zum 31.07.2026 ausgeschieden und wäre damit wieder da." in shown
    page = text_of(registrar.get(f"{BASE}/personen/{abel.pk}/"))
    assert "War zum 31.07.2026 ausgeschieden und ist wieder da." in page
    assert "Ist zum" not in page
    again = text_of(registrar.post(f"{BASE}/sitze/{a_seat().pk}/besetzen/", typed))
    assert "ausgeschieden" not in again


def test_given_a_closed_account_when_a_new_address_waits_then_the_page_says_that_it_cannot_be_confirmed(
    registrar, abel
):
    AddressChange.objects.create(user=abel.user, email="neu@example.org", asked_at=clock.now(), asked_by=abel.user)
    url, said = f"{BASE}/personen/{abel.pk}/", "Bestätigen kann die Person erst, wenn es wieder freigegeben ist."
    assert said not in text_of(registrar.get(url))
    User.objects.filter(pk=abel.user.pk).update(is_active=False)
    assert said in text_of(registrar.get(url))


def test_given_a_partner_without_a_seat_when_the_conference_is_shown_then_the_first_sentence_names_it(registrar):
    assert "Keinen Sitz" not in text_of(registrar.get(f"{BASE}/"))
    Seat.objects.filter(partner=the_partner()).update(period=(date(2022, 3, 1), date(2026, 1, 1)))
    assert "Keinen Sitz hat: Wetteraukreis." in text_of(registrar.get(f"{BASE}/"))


def test_given_two_people_of_one_name_when_a_seat_is_filled_then_the_list_tells_them_apart(registrar):
    for email in ("neu@example.org", ""):
        a_person("Neu", "Jana", email=email)
    page = text_of(registrar.get(f"{BASE}/sitze/{a_seat().pk}/besetzen/"))
    for label in ("Jana Neu (neu@example.org)", "Jana Neu (ohne E-Mail-Adresse)", ">Antonia Abel<"):
        assert label in page, label
