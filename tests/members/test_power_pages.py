"""The pages on which one person asks for power and another confirms, and what everybody sees there."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from kok import clock
from kok.models import OutboxMessage, User
from members import actions
from members.models import AccountRequest
from members.queries.power import PowerRegister
from members.rules.power import WATCHES_HIMSELF
from tests.builders import a_person, a_second_agreement, a_user, an_agreement, confirm_as_shown, give_role, the_partner

pytestmark = pytest.mark.django_db
BASE = "/wetteraukreis/mitglieder"
DESK = f"{BASE}/bestaetigen/"
TECHNIK = "/verwaltung/konten/"


@pytest.fixture
def agreement(settings):
    settings.KOK_NOW = "2026-09-01T09:00"
    return an_agreement()


def of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def giver(agreement):
    return of(a_user(role="registrar", username="geberin"))


@pytest.fixture
def second(agreement):
    return of(a_user(role="registrar", username="zweiter"))


@pytest.fixture
def member(agreement):
    return a_user(role="member", username="fachkraft")


def text_of(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def ask(client, user, role="case-officer"):
    url = f"{BASE}/konten/{user.pk}/rolle/wetteraukreis/"
    typed = {"role": role, "from_on": "01.09.2026"}
    page = text_of(client.post(url, typed))
    assert "Diese Rolle geben zwei Personen" in page
    done = client.post(url, {**typed, "confirmed": "1"}, follow=True)
    assert "beantragt" in text_of(done)
    return user.requests.latest("pk")


def test_given_a_role_of_power_when_asked_for_by_click_then_the_other_finds_it_on_the_overview_and_confirms(
    giver, second, member
):
    request = ask(giver, member)
    own = text_of(giver.get(DESK))
    assert "Bestätigen kann: zweiter." in own
    assert "Zurücknehmen" in own
    overview = text_of(second.get("/wetteraukreis/"))
    assert "Ein Antrag zu einem Konto wartet auf Ihre Bestätigung" in overview
    assert f'href="{DESK}"' in overview
    assert "wartet auf Ihre Bestätigung" not in text_of(giver.get("/wetteraukreis/"))
    page = text_of(second.get(DESK))
    assert "Rolle Fallbearbeitung" in page
    assert "Benannte Fachkräfte der Stelle des Trägers, die diese Aufgabe hat (Punkt 8b, § 67 Abs. 4 SGB X)" in page
    assert "Di 15.09.2026" in page
    asked = text_of(second.get(f"{DESK}{request.pk}/"))
    mails = f"Mails für dieses Konto gehen an {member.email}."
    for said in ("bekommt die Rolle Fallbearbeitung", "ab dem 01.09.2026", "Beantragt hat es geberin", mails):
        assert said in asked
    assert not member.role_assignments.filter(role="case-officer").exists()
    done = text_of(confirm_as_shown(second, f"{DESK}{request.pk}/"))
    assert "Rolle Fallbearbeitung für „fachkraft“ ist bestätigt." in done
    assert member.role_assignments.get(role="case-officer").confirmed_by.username == "zweiter"
    again = text_of(second.post(f"{DESK}{request.pk}/", {"confirmed": "1"}))
    assert "Dieser Antrag ist schon bestätigt. Es wurde nichts geändert." in again


def test_given_an_invitation_to_power_when_the_second_person_looks_then_the_pages_show_the_address_it_went_to(
    agreement, giver, second
):
    person, place = a_person(employer="wetteraukreis", email="prim@kreis.example.org"), the_partner()
    by = User.objects.get(username="geberin")
    actions.invite_account(person=person, username="prim", role="registrar", place=place, by=by, now=clock.now())
    assert "prim, prim@kreis.example.org" in text_of(second.get(DESK))
    page = text_of(second.get(f"{DESK}{AccountRequest.objects.get().pk}/"))
    assert "Die Einladung ging oder geht an prim@kreis.example.org." in page


def test_given_one_s_own_request_when_its_address_is_typed_then_the_page_says_why_not(giver, second, member):
    request = ask(giver, member)
    page = text_of(giver.post(f"{DESK}{request.pk}/", {"confirmed": "1"}))
    assert "Das haben Sie selbst beantragt." in page
    assert AccountRequest.objects.get().state == "OPEN"
    asked = text_of(giver.get(f"{DESK}{request.pk}/zuruecknehmen/"))
    assert "Der Antrag endet und kann nicht mehr bestätigt werden." in asked
    assert "Es geschieht nichts" not in asked
    page = text_of(giver.post(f"{DESK}{request.pk}/zuruecknehmen/", {"confirmed": "1"}, follow=True))
    assert "1 Antrag, den Sie gestellt oder entschieden haben</caption>" in page
    assert "nicht mehr beantragt" in page
    assert "zurückgenommen" in page


def test_given_a_request_when_refused_with_a_reason_then_the_giver_reads_it(giver, second, member):
    request = ask(giver, member)
    url = f"{DESK}{request.pk}/ablehnen/"
    assert "Warum?" in text_of(second.get(url))
    assert "Der Antrag endet" in text_of(second.post(url, {"reason": "Zwei Fachkräfte reichen."}))
    text_of(second.post(url, {"reason": "Zwei Fachkräfte reichen."}))
    second.post(url, {"reason": "Zwei Fachkräfte reichen.", "confirmed": "1"})
    page = text_of(giver.get(DESK))
    assert "Zwei Fachkräfte reichen." in page
    assert "abgelehnt" in page


def test_given_a_request_of_another_house_when_a_registrar_types_its_number_then_it_does_not_exist(
    agreement, giver, second, member
):
    request = ask(giver, member)
    stranger = of(a_user(role="registrar", partner="lwv-hessen"))
    assert "fachkraft" not in text_of(stranger.get(DESK))
    for address in ("", "ablehnen/", "zuruecknehmen/"):
        assert stranger.get(f"{DESK}{request.pk}/{address}").status_code == 404


def test_given_the_only_registrar_when_he_asks_then_it_falls_to_technik(agreement, giver, member):
    technik = of(a_user(role="admin"))
    request = ask(giver, member)
    assert "Zu bestätigen (1)" in text_of(technik.get(TECHNIK))
    assert "Rolle Fallbearbeitung" in text_of(technik.get(f"{TECHNIK}bestaetigen/"))
    confirm_as_shown(technik, f"{TECHNIK}bestaetigen/{request.pk}/")
    assert member.role_assignments.filter(role="case-officer").exists()


def test_given_technik_when_it_invites_and_asks_then_the_role_waits_and_is_shown(agreement, giver):
    first = of(a_user(role="admin", username="technik-1"))
    typed = {"username": "technik-2", "email": "technik-2@example.org"}
    assert "zweite Person" in text_of(first.post(f"{TECHNIK}technik-einladen/", typed))
    page = text_of(first.post(f"{TECHNIK}technik-einladen/", {**typed, "confirmed": "1"}, follow=True))
    assert "Rolle Technik" in page
    request = User.objects.get(username="technik-2").requests.get()
    confirm_as_shown(giver, f"{DESK}{request.pk}/")
    page = text_of(first.get(TECHNIK))
    role = User.objects.get(username="technik-2").role_assignments.get()
    assert f"{TECHNIK}rollen/{role.pk}/beenden/" in page
    first.post(f"{TECHNIK}rollen/{role.pk}/beenden/", {"when": "sofort", "confirmed": "1"})
    role.refresh_from_db()
    assert role.ended_at is not None


def test_given_an_invitation_with_power_when_confirmed_by_click_then_the_page_says_that_the_role_waits(giver, second):
    person = a_person("Abt")
    typed = {"username": "abt", "role": "registrar", "address": person.email}
    url = f"{BASE}/personen/{person.pk}/einladen/"
    assert "gilt erst, wenn eine andere Person sie bestätigt hat" in text_of(giver.post(url, typed))
    giver.post(url, {**typed, "confirmed": "1"})
    user = User.objects.get(username="abt")
    page = text_of(giver.get(f"{BASE}/konten/{user.pk}/"))
    assert "Beantragt ist die Rolle Stammdaten" in page
    assert "Dieses Konto hat keine Rolle." not in page
    assert user.requests.get().role == "registrar"


def test_given_an_open_invitation_when_power_is_confirmed_then_the_page_says_that_the_person_gets_no_mail(
    giver, second, member
):
    person = a_person("Abt")
    typed = {"username": "abt", "role": "registrar", "address": person.email, "confirmed": "1"}
    giver.post(f"{BASE}/personen/{person.pk}/einladen/", typed)
    wanted = User.objects.get(username="abt").requests.get()
    page = text_of(second.get(f"{DESK}{wanted.pk}/"))
    assert "bekommen eine Mail, die Person selbst keine. Sie hat noch kein Passwort gewählt." in page
    other = text_of(second.get(f"{DESK}{ask(giver, member).pk}/"))
    assert "Die Person und alle, die in ihrem Haus Konten pflegen" in other


def test_given_a_closed_account_when_a_role_is_to_be_given_then_it_is_not_offered_and_refused(giver, member):
    User.objects.filter(pk=member.pk).update(is_active=False)
    page = text_of(giver.get(f"{BASE}/konten/{member.pk}/"))
    assert "/rolle/wetteraukreis/" not in page
    assert "Dieses Konto ist gesperrt." in page
    for role in ("reporter", "case-officer"):
        typed = {"role": role, "from_on": "01.09.2026", "confirmed": "1"}
        answer = giver.post(f"{BASE}/konten/{member.pk}/rolle/wetteraukreis/", typed)
        assert "Eine Rolle bekommt es erst, wenn es wieder freigegeben ist." in text_of(answer)
    assert not member.requests.exists()
    assert member.role_assignments.count() == 1


def test_given_a_lost_factor_of_a_case_role_when_it_is_taken_off_then_who_holds_the_others_is_told(agreement):
    officer, colleague = a_user(role="case-officer"), a_user(role="case-releaser")
    request = actions.ask_factor(user=officer, by=a_user(role="registrar"), now=clock.now())
    actions.confirm(request=request, by=a_user(role="registrar"), now=clock.now())
    told = OutboxMessage.objects.filter(kind="power.told", context__user=colleague.pk)
    assert [row.context["what"] for row in told] == ["factor-removed"]


def test_given_a_lost_factor_when_reported_by_click_then_a_second_person_takes_it_off(giver, second, member):
    Authenticator.objects.create(user=member, type=Authenticator.Type.TOTP, data={})
    url = f"{BASE}/konten/{member.pk}/zweiter-faktor/"
    assert "eine zweite Person bestätigt es" in text_of(giver.get(url))
    giver.post(url, {"confirmed": "1"})
    request = member.requests.get()
    assert "Fragen Sie die Person vorher selbst" in text_of(second.get(f"{DESK}{request.pk}/"))
    confirm_as_shown(second, f"{DESK}{request.pk}/")
    assert not Authenticator.objects.filter(user=member).exists()


def test_given_a_colleague_of_another_region_when_opened_then_the_page_says_who_administers_the_account(agreement):
    other = a_second_agreement()
    there = a_user(role="registrar", partner="lwv-hessen", agreement=other, username="dort")
    user = a_user(role="member", partner="lwv-hessen", agreement=other, username="kollegin")
    person = a_person("Kollegin", employer="lwv-hessen", email="kollegin@example.org", user=user)
    here = of(a_user(role="registrar", partner="lwv-hessen", agreement=agreement, username="hier"))
    page = text_of(here.get(f"{BASE}/konten/{user.pk}/"))
    assert "Dieses Konto verwaltet: dort." in page
    assert "Konto sperren" not in page
    typed = {"given_name": "Toni", "family_name": "Kollegin", "email": "meine@example.org"}
    page = text_of(here.post(f"{BASE}/personen/{person.pk}/", typed))
    assert "pflegen Sie nicht alle. Es wurde nichts geändert. Das kann: dort." in page
    page = text_of(here.post(f"{BASE}/konten/{user.pk}/sperren/", {"confirmed": "1"}))
    assert "Dieses Konto verwaltet: dort." in page
    base = f"/{other.slug}/mitglieder"
    assert "Konto sperren" in text_of(of(there).get(f"{base}/konten/{user.pk}/"))


def test_given_a_registrar_of_the_whole_authority_when_he_gives_a_role_then_he_may_choose_all_agreements(agreement):
    a_second_agreement()
    spanning = of(a_user(role="registrar", partner="lwv-hessen", everywhere=True))
    user = a_user()
    give_role(user, role="member", partner="lwv-hessen", agreement=agreement)
    url = f"{BASE}/konten/{user.pk}/rolle/lwv-hessen/"
    assert "Meldungen, in allen Vereinbarungen Ihres Hauses" in text_of(spanning.get(url))
    typed = {"role": "reporter-ueberall", "from_on": "01.09.2026", "confirmed": "1"}
    spanning.post(url, typed)
    assert user.role_assignments.get(role="reporter").authority.slug == "lwv-hessen"
    here = of(a_user(role="registrar", partner="lwv-hessen", agreement=agreement))
    assert "in allen Vereinbarungen Ihres Hauses" not in text_of(here.get(url))
    here.post(url, typed | {"role": "secretariat-ueberall"})
    assert not user.role_assignments.filter(role="secretariat").exists()
    here.post(url, typed | {"role": "secretariat"})
    given = user.role_assignments.get(role="secretariat")
    assert (given.authority, given.partner) == (None, the_partner("lwv-hessen", agreement))


@pytest.mark.parametrize("number", [1, 12])
def test_given_few_or_many_requests_when_the_overview_opens_then_it_counts_them(giver, second, number):
    registrar = User.objects.get(username="geberin")
    for _ in range(number):
        actions.ask_role(
            user=a_user(), role="approver", place=the_partner(), from_on=clock.today(), by=registrar, now=clock.now()
        )
    said = "Ein Antrag zu einem Konto wartet" if number == 1 else "12 Anträge zu Konten warten"
    assert said in text_of(second.get("/wetteraukreis/"))


def test_given_who_audits_the_own_house_elsewhere_when_its_records_are_to_be_his_then_both_are_told_of_it():
    first, second = an_agreement(), a_second_agreement()
    giver = a_user(role="registrar", partner="lwv-hessen", agreement=second)
    auditor = a_user(role="auditor", partner="lwv-hessen", agreement=first)
    request = actions.ask_role(
        user=auditor, role="registrar", place=the_partner("lwv-hessen", second), from_on=clock.today(), by=giver,
        now=clock.now(),
    )  # fmt: skip
    assert PowerRegister(clock.now()).warnings(request) == [WATCHES_HIMSELF]
