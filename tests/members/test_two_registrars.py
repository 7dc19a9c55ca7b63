"""Two registrars with the same page open: nobody overwrites what he has not seen."""

import re

import pytest
from django.test import Client

from kok import clock
from members.models import Authority, AuthorityChange, Person
from tests.builders import a_user, an_agreement

pytestmark = pytest.mark.django_db
BASE = "/wetteraukreis"
SAVED = "Die Angaben sind gespeichert."
OVERTAKEN = "Jemand anderes hat die Angaben inzwischen geändert. Es wurde noch nichts gespeichert."


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
    Person.objects.filter(pk=person.pk).update(email="alt@example.org", phone="06031 1")
    return person


def opened(client, url):
    """The fields of the page as a browser would send them back."""
    return typed_in(client.get(url))


def typed_in(response):
    form = response.context["form"]
    return {bound.html_name: str(bound.value() or "") for bound in form} | {
        found[0]: found[1] for found in re.findall(r'name="(opened_with)" value="([^"]*)"', response.content.decode())
    }


def details_of(person):
    person.refresh_from_db()
    return person.family_name, person.email, person.phone


def test_given_a_page_opened_twice_when_both_save_then_the_second_sees_what_the_first_saved_and_nothing_is_lost(
    registrar, abel
):
    url = f"{BASE}/mitglieder/personen/{abel.pk}/"
    first, second = opened(registrar, url), opened(registrar, url)
    saved = registrar.post(url, first | {"email": "neu@example.org", "phone": "06031 2"}, follow=True)
    assert SAVED in saved.content.decode()
    shown = registrar.post(url, second | {"family_name": "Abel-Neu"})
    text = shown.content.decode()
    assert OVERTAKEN in text
    assert details_of(abel) == ("Abel", "neu@example.org", "06031 2")
    assert "Soll Ihre Eingabe gelten, wählen Sie den Knopf, der mit „Trotzdem“ beginnt." in text
    assert "Trotzdem speichern</span></button>" in text
    again = typed_in(shown)
    assert (again["family_name"], again["email"], again["phone"]) == ("Abel-Neu", "neu@example.org", "06031 2")
    assert SAVED in registrar.post(url, again, follow=True).content.decode()
    assert details_of(abel) == ("Abel-Neu", "neu@example.org", "06031 2")


def test_given_the_same_field_changed_by_both_when_the_second_saves_then_both_values_are_shown(registrar, abel):
    url = f"{BASE}/mitglieder/personen/{abel.pk}/"
    first, second = opened(registrar, url), opened(registrar, url)
    registrar.post(url, first | {"phone": "06031 2"})
    shown = registrar.post(url, second | {"phone": "06031 3"})
    assert shown.context["form"].overtaken == (("Dienstliches Telefon", "06031 2", "06031 3"),)
    assert typed_in(shown)["phone"] == "06031 3"
    assert details_of(abel)[2] == "06031 2"


def test_given_a_double_click_when_the_same_is_sent_twice_then_the_second_is_no_conflict(registrar, abel):
    url = f"{BASE}/mitglieder/personen/{abel.pk}/"
    typed = opened(registrar, url) | {"phone": "06031 2"}
    for _ in range(2):
        assert SAVED in registrar.post(url, typed, follow=True).content.decode()


@pytest.mark.parametrize("token", ["", "kein Siegel"])
def test_given_a_form_that_does_not_tell_what_it_was_opened_with_when_saved_then_it_counts_as_opened_now(
    registrar, abel, token
):
    url = f"{BASE}/mitglieder/personen/{abel.pk}/"
    typed = opened(registrar, url) | {"phone": "06031 2", "opened_with": token}
    assert SAVED in registrar.post(url, typed, follow=True).content.decode()


def test_given_an_authority_opened_twice_when_both_change_it_then_the_second_does_not_restore_what_was(registrar, abel):
    url = f"{BASE}/behoerden/wetteraukreis/aendern/"
    first, second = opened(registrar, url), opened(registrar, url)
    day = {"from_on": f"{clock.today():%d.%m.%Y}", "confirmed": "1"}
    registrar.post(url, first | day | {"office_phone": "06031 2"})
    assert Authority.objects.get(slug="wetteraukreis").office_phone == "06031 2"
    registrar.post(url, second | day | {"office_name": "Neue Stelle"})
    found = Authority.objects.get(slug="wetteraukreis")
    assert AuthorityChange.objects.count() == 2
    assert (found.office_name, found.office_phone) == ("Neue Stelle", "06031 2")
