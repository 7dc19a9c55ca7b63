"""The page of an authority: what everybody reads there, and how its registrar changes it from a day on."""

import pytest
from django.urls import reverse

from members.models import AccountRequest, Authority, AuthorityChange
from tests.builders import OTHER_COUNTY, a_second_agreement, a_user, an_agreement, confirm_as_shown, give_role

pytestmark = pytest.mark.django_db
PAGE = "/wetteraukreis/behoerden/wetteraukreis/"
LWV = "/wetteraukreis/behoerden/lwv-hessen/"
FIELDS = (
    "name", "short_name", "street", "postal_code", "city", "office_name", "office_email", "office_phone",
)  # fmt: skip


@pytest.fixture(autouse=True)
def agreement(settings):
    settings.KOK_NOW = "2026-09-01T09:00"
    return an_agreement()


@pytest.fixture
def registrar(client, agreement):
    client.force_login(a_user(role="registrar"))
    return client


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def typed(slug="wetteraukreis", from_on="01.01.2027", **values):
    authority = Authority.objects.get(slug=slug)
    return {name: getattr(authority, name) for name in FIELDS} | {"from_on": from_on} | values


def test_given_a_member_when_he_clicks_from_the_seats_then_he_reads_the_authority_and_who_may_change_it(client):
    client.force_login(a_user(role="member"))
    assert f'href="{PAGE}"' in text_of(client.get("/wetteraukreis/mitglieder/"))
    told = text_of(client.get(PAGE))
    for words in ("Europaplatz", "61169 Friedberg/Hessen", "06440", "Es ist keine Änderung vorgesehen."):
        assert words in told
    assert "in allen ihren Vereinbarungen pflegt" in told
    assert f"{PAGE}aendern/" not in told
    assert client.get(f"{PAGE}aendern/").status_code == 404


def test_given_a_registrar_when_he_changes_name_and_office_then_he_sees_both_values_before_and_the_plan_after(
    registrar,
):
    fields = typed(name="Kreis Wetterau", office_name="Stabsstelle Teilhabe", office_email="teilhabe@example.org")
    preview = text_of(registrar.post(f"{PAGE}aendern/", fields))
    assert "Ab dem 01.01.2027 gilt in allen Vereinbarungen der Behörde" in preview
    assert "Name: Kreis Wetterau (bisher: Wetteraukreis)" in preview
    assert "Geschäftsstelle: Stabsstelle Teilhabe (bisher: keine Angabe)" in preview
    assert "Straße" not in preview
    assert not AuthorityChange.objects.exists()
    told = text_of(registrar.post(f"{PAGE}aendern/", fields | {"confirmed": "1"}, follow=True))
    assert "Die Änderung ab dem 01.01.2027 ist eingetragen." in told
    assert "Name: Kreis Wetterau (bisher: Wetteraukreis)" in told
    assert AuthorityChange.objects.get().values.keys() == {"name", "office_name", "office_email"}
    assert Authority.objects.get(slug="wetteraukreis").name == "Wetteraukreis"


def test_given_a_planned_change_when_withdrawn_in_two_steps_then_it_is_gone(registrar):
    registrar.post(f"{PAGE}aendern/", typed(city="Butzbach", confirmed="1"))
    change = AuthorityChange.objects.get()
    address = reverse("members:authority-withdraw", args=["wetteraukreis", "wetteraukreis", change.pk])
    assert f'href="{address}"' in text_of(registrar.get(PAGE))
    assert "Ort: Butzbach (bisher: Friedberg/Hessen)" in text_of(registrar.get(address))
    assert AuthorityChange.objects.exists()
    assert "ist zurückgezogen" in text_of(registrar.post(address, follow=True))
    assert not AuthorityChange.objects.exists()
    assert registrar.post(address).status_code == 404


def test_given_a_change_of_today_when_confirmed_then_the_page_shows_the_old_values_as_past(registrar):
    told = text_of(
        registrar.post(f"{PAGE}aendern/", typed(from_on="01.09.2026", city="Butzbach", confirmed="1"), follow=True)
    )
    assert "61169 Butzbach" in told
    assert "Bis zum Tag vor dem 01.09.2026" in told
    assert "Ort: Friedberg/Hessen (danach: Butzbach)" in told


def test_given_an_authority_renamed_later_when_the_agreement_is_read_then_it_names_the_partner_as_it_was_signed(
    registrar,
):
    registrar.post(
        f"{PAGE}aendern/", typed(from_on="01.09.2026", name="Kreis Wetterau", city="Butzbach", confirmed="1")
    )
    told = text_of(registrar.get("/wetteraukreis/vereinbarung/"))
    assert "<h3>Wetteraukreis</h3>" in told
    assert "61169 Friedberg/Hessen" in told
    assert "Butzbach" not in told
    assert f'href="{PAGE}"' in told


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Diese Angaben gelten an diesem Tag schon. Es wurde nichts geändert."),
        ({"postal_code": "6116"}, "Eine Postleitzahl hat genau fünf Ziffern."),
        ({"name": ""}, "Hier fehlt noch eine Angabe."),
        ({"from_on": "01.01.0207", "city": "Butzbach"}, "Prüfen Sie das Jahr."),
        ({"office_email": "keine", "city": "Butzbach"}, "Diese Adresse ist nicht vollständig."),
    ],
)
def test_given_something_wrong_when_sent_then_the_page_says_so_and_nothing_changes(registrar, values, said):
    for step in ({}, {"confirmed": "1"}):
        assert said in text_of(registrar.post(f"{PAGE}aendern/", typed(**values) | step))
    assert not AuthorityChange.objects.exists()


def test_given_a_registrar_of_the_lwv_in_one_of_two_regions_when_he_asks_then_he_reads_and_may_not_change(
    client, agreement
):
    a_second_agreement()
    client.force_login(a_user(role="registrar", partner="lwv-hessen", agreement=agreement))
    told = text_of(client.get(LWV))
    assert told.count("Wetteraukreis") > 1
    assert f"{LWV}aendern/" not in told
    assert client.post(f"{LWV}aendern/", typed("lwv-hessen", city="Darmstadt", confirmed="1")).status_code == 403
    client.force_login(a_user(role="registrar", partner="lwv-hessen", everywhere=True))
    client.post(f"{LWV}aendern/", typed("lwv-hessen", from_on="01.09.2026", city="Darmstadt", confirmed="1"))
    for slug in ("wetteraukreis", OTHER_COUNTY):
        assert "Darmstadt" in text_of(client.get(f"/{slug}/behoerden/lwv-hessen/"))


def test_given_registrars_of_one_region_each_when_the_page_opens_then_it_names_the_ways_to_somebody_who_may(
    client, agreement
):
    other = a_second_agreement()
    here = a_user(role="registrar", partner="lwv-hessen", agreement=agreement, username="hier")
    client.force_login(here)
    alone = text_of(client.get(LWV))
    assert f"In {other.region} hat auch niemand die Rolle Stammdaten der Behörde." in alone
    assert "Die Technik gibt sie auf dem Server" in alone
    assert "Dort beantragt sie die Person" not in alone
    a_user(role="registrar", partner="lwv-hessen", agreement=other, username="dort")
    told = text_of(client.get(LWV))
    assert "Das ist heute niemand. Zwei Wege führen dahin:" in told
    assert "Dort beantragt sie die Person, die sie pflegt, unter „Konten und Rollen“" in told
    for slug in ("wetteraukreis", OTHER_COUNTY):
        assert f"<code>first_account --agreement {slug} --partner lwv-hessen</code>" in told
    give_role(here, role="registrar", partner="lwv-hessen", agreement=other)
    told = text_of(client.get(LWV))
    assert "Heute ist das: hier." in told
    assert "niemand" not in told


def test_given_two_who_cover_the_authority_when_one_asks_for_the_whole_and_the_other_confirms_then_the_third_may(
    client, agreement
):
    other = a_second_agreement()
    one, two, third = (a_user(username=name) for name in ("eins", "zwei", "drei"))
    for user in (one, two):
        for place in (agreement, other):
            give_role(user, role="registrar", partner="lwv-hessen", agreement=place)
    give_role(third, role="member", partner="lwv-hessen", agreement=agreement)
    client.force_login(one)
    url = f"/wetteraukreis/mitglieder/konten/{third.pk}/rolle/lwv-hessen/"
    offered = text_of(client.get(url))
    assert "Stammdaten, in allen Vereinbarungen Ihres Hauses" in offered
    assert "Meldungen, in allen Vereinbarungen" not in offered  # one person gives it, and who has not the whole may not
    typed = {"role": "registrar-ueberall", "from_on": "01.09.2026"}
    client.post(url, typed | {"role": "reporter-ueberall", "confirmed": "1"})
    assert not third.role_assignments.filter(role="reporter").exists()
    assert "in allen Vereinbarungen" in text_of(client.post(url, typed))
    client.post(url, typed | {"confirmed": "1"})
    request = AccountRequest.objects.get()
    client.force_login(two)
    confirm_as_shown(client, reverse("members:request-confirm", args=["wetteraukreis", request.pk]))
    assert [role.role for role in third.role_assignments.filter(authority__slug="lwv-hessen")] == ["registrar"]
    client.force_login(one)
    assert "Heute sind das: drei, eins, zwei." in text_of(client.get(LWV))


def test_given_an_authority_that_is_no_partner_here_when_asked_for_then_it_does_not_exist(client, agreement):
    a_second_agreement()
    client.force_login(a_user(role="registrar", agreement=agreement))
    assert client.get(f"/wetteraukreis/behoerden/{OTHER_COUNTY}/").status_code == 404
    assert client.get(f"/wetteraukreis/behoerden/{OTHER_COUNTY}/aendern/").status_code == 404
