"""What one reads about oneself: the page of the own roles, and the mails that lead there."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from kok import clock, outbox
from members import actions
from members.models import Person, RoleAssignment
from tests.builders import a_factor, a_person, a_user, an_agreement, give_role, the_partner

pytestmark = pytest.mark.django_db
PAGE = "/konto/rollen/"


@pytest.fixture
def agreement(settings):
    settings.KOK_NOW = "2026-09-01T09:00"
    return an_agreement()


@pytest.fixture
def registrar(agreement):
    return a_user(role="registrar", username="registrar")


@pytest.fixture
def abel(agreement):
    person = Person.objects.get(family_name="Abel")
    person.user = a_user(role="member", username="abel")
    person.save()
    return person


def page_of(user):
    client = Client()
    client.force_login(user)
    response = client.get(PAGE)
    assert response.status_code == 200
    return response.content.decode()


def leave(person, by, last_on):
    agreement = the_partner().agreement
    return actions.enter_departure(person=person, last_on=last_on, by=by, agreement=agreement, now=clock.now())


def mails():
    outbox.deliver(now=clock.now())
    return {sent.to[0]: sent.body for sent in mail.outbox}


def test_given_roles_of_all_kinds_when_one_looks_then_each_is_shown_with_for_whom_where_and_how_long(agreement, abel):
    partner = the_partner()
    for role, period in (
        ("reporter", (date(2026, 1, 1), date(2027, 1, 1))),
        ("approver", (date(2025, 1, 1), date(2026, 1, 1))),
    ):
        RoleAssignment.objects.create(
            user=abel.user, role=role, agreement=agreement, partner=partner, period=period, by_command=True
        )
    page = page_of(abel.user)
    for said in ("Mitglied", "Wetteraukreis", agreement.region, "01.01.2026 bis 31.12.2026", "2 Rollen"):
        assert said in page, said
    assert "Genehmigung für Wetteraukreis: 01.01.2025 bis 31.12.2025" in page
    assert "Für Ihr Konto ist nichts beantragt." in page
    whole = a_user(role="registrar", partner="lwv-hessen", agreement=agreement, everywhere=True)
    assert "LWV Hessen, in allen Vereinbarungen" in page_of(whole)
    assert "die Installation" in page_of(a_user(role="admin"))


def test_given_nothing_when_one_looks_then_the_page_says_so(agreement):
    assert "Ihr Konto hat keine Rolle." in page_of(a_user(role=None))


def test_given_a_request_and_a_planned_leaving_when_one_looks_then_both_are_told(registrar, abel):
    a_factor(registrar)
    actions.ask_role(
        user=abel.user, role="approver", place=the_partner(), by=registrar, now=clock.now(), from_on=clock.today()
    )
    page = page_of(abel.user)
    assert "Rolle Genehmigung für Wetteraukreis: beantragt" in page
    assert "01.09.2026" in page
    assert "15.09.2026" in page
    give_role(a_user(username="zweite"), role="registrar")
    leave(abel, registrar, date(2026, 12, 31))
    assert "dass Sie zum 31.12.2026 ausscheiden" in page_of(abel.user)


@pytest.mark.parametrize(("days", "is_closed"), [(30, False), (-1, True)])
def test_given_somebody_who_leaves_when_told_then_the_mail_names_the_day_and_leads_where_it_is_seen(
    registrar, abel, days, is_closed
):
    last_on = clock.today() + timedelta(days=days)
    leave(abel, registrar, last_on)
    sent = mails()
    own = sent[abel.user.email]
    assert f"zum {last_on:%d.%m.%Y} ausscheiden" in own
    assert (PAGE in own) is not is_closed
    people = reverse("members:people", args=["wetteraukreis"])
    assert people in sent[registrar.email]
    for personal in ("Abel", "abel "):
        assert personal not in sent[registrar.email]


def test_given_a_role_that_ends_when_told_then_everybody_is_led_to_a_page_that_shows_it(registrar, abel):
    role = give_role(abel.user, role="approver")
    technician = a_user(role="admin", username="technik")
    a_user(role="auditor")  # who watches the house, so that Technik need not be told
    actions.end_role(assignment=role, by=registrar, last_on=date(2026, 9, 30), now=clock.now())
    sent = mails()
    assert PAGE in sent[abel.user.email]
    assert reverse("members:accounts", args=["wetteraukreis"]) in sent[registrar.email]
    assert technician.email not in sent
    a_person("Gast", user=technician)
