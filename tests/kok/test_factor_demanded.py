"""Roles that need a second factor allow nothing without one; a page says so, and other roles go on working."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from kok import queries, second_factor
from kok.access import ROLES, Permission, can, grants_of
from kok.models import User
from tests.builders import PASSWORD, a_factor, a_user, an_agreement, app_code, give_role

pytestmark = pytest.mark.django_db
DEMANDED = ["registrar", "auditor", "admin", "case-officer", "case-releaser", "case-receiver"]
MISSING = "/konto/zweiter-faktor/fehlt/"
PAGES = {
    "registrar": "/wetteraukreis/mitglieder/personen/",
    "auditor": "/pruefung/",
    "admin": "/verwaltung/auftraege/",
    "case-officer": "/wetteraukreis/uebergaenge/listen/",
    "case-releaser": "/wetteraukreis/uebergaenge/listen/",
    "case-receiver": "/wetteraukreis/uebergaenge/listen/",
}


@pytest.fixture(autouse=True)
def _agreement(db):
    an_agreement()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def without(role: str) -> User:
    """Somebody with this role and no second factor."""
    return a_user(role=role, with_factor=False, partner="lwv-hessen" if role == "case-receiver" else "wetteraukreis")


def test_given_the_roles_when_looked_at_then_those_with_power_or_names_need_a_factor():
    assert [slug for slug, role in ROLES.items() if role.needs_factor] == DEMANDED[:1] + DEMANDED[3:] + DEMANDED[1:3]


@pytest.mark.parametrize("role", DEMANDED)
def test_given_no_factor_when_a_page_of_the_role_is_asked_for_then_a_page_says_what_is_missing_and_leads_back(role):
    user = without(role)
    client = signed_in(user)
    assert client.get("/")["Location"] == MISSING
    assert client.get(PAGES[role])["Location"] == MISSING
    page = client.get(MISSING).content.decode()
    assert ROLES[role].title in page
    assert f'href="{reverse("mfa_index")}"' in page
    a_factor(user)
    assert client.get(MISSING)["Location"] == PAGES[role]
    assert client.get(PAGES[role]).status_code in (200, 302)
    assert client.get("/").get("Location") != MISSING


@pytest.mark.parametrize("role", DEMANDED)
def test_given_no_factor_when_permissions_are_asked_for_then_the_role_gives_none(role):
    user = without(role)
    assert grants_of(user) == ()
    assert not any(can(user, permission) for permission in Permission)


def test_given_a_second_role_when_it_needs_no_factor_then_it_works_and_the_first_one_waits():
    user = a_user(role="member")
    give_role(user, role="registrar", with_factor=False)
    client = signed_in(user)
    assert client.get("/")["Location"] == MISSING
    assert "Später, mit meinen anderen Rollen weiter" in client.get(MISSING).content.decode()
    assert client.get("/?spaeter")["Location"] == "/wetteraukreis/"
    assert client.get("/wetteraukreis/").status_code == 200
    assert client.get(PAGES["registrar"])["Location"] == MISSING


def test_given_something_sent_when_the_factor_is_missing_then_nothing_is_changed_and_the_page_says_so():
    user = without("admin")
    other = a_user()
    client = signed_in(user)
    answer = client.post(reverse("accounts:close", args=[other.pk]), follow=True)
    assert answer.redirect_chain[-1][0] == MISSING
    assert "Es wurde nichts geändert" in answer.content.decode()
    assert User.objects.get(pk=other.pk).is_active


def test_given_a_page_of_htmx_when_the_factor_is_missing_then_the_whole_window_goes_there():
    answer = signed_in(without("registrar")).get(PAGES["registrar"], headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == MISSING


@pytest.mark.parametrize("role", DEMANDED)
def test_given_a_stranger_when_he_asks_without_the_role_then_he_learns_nothing_of_factors(role):
    assert signed_in(a_user()).get(PAGES[role]).status_code == 404


def test_given_spare_codes_alone_when_a_page_is_asked_for_then_the_role_still_waits():
    user = without("registrar")
    Authenticator(type=Authenticator.Type.RECOVERY_CODES).wrap().activate(user)
    assert signed_in(user).get(PAGES["registrar"])["Location"] == MISSING


def test_given_production_when_the_factor_is_one_of_the_demo_then_the_role_waits(settings):
    user = a_user(role="registrar")
    Authenticator.objects.update(data={"secret": "", "demo": True})
    assert signed_in(user).get(PAGES["registrar"]).status_code == 200
    settings.PRODUCTION = True
    settings.SECURE_SSL_REDIRECT = False
    assert signed_in(user).get(PAGES["registrar"])["Location"] == MISSING


def test_given_a_factor_when_signing_in_then_its_code_is_asked_for_and_then_the_work_begins():
    user, client = a_user(role="registrar"), Client()
    step = client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    assert step["Location"] == reverse("mfa_authenticate")
    assert client.get(PAGES["registrar"])["Location"].startswith(reverse("account_login"))
    assert client.post(step["Location"], {"code": app_code()})["Location"] == "/"
    assert client.get(PAGES["registrar"]).status_code == 200


@pytest.mark.parametrize("is_production", [False, True])
@pytest.mark.parametrize("kind", ["", "totp", "webauthn", "recovery_codes"])
@pytest.mark.parametrize("data", [{}, {"demo": True}, {"demo": False}])
def test_given_any_factor_when_roles_and_pages_ask_then_both_know_the_same(settings, is_production, kind, data):
    settings.PRODUCTION = is_production
    user = without("registrar")
    if kind:
        Authenticator.objects.create(user=user, type=kind, data=data)
    assert bool(grants_of(user)) is second_factor.is_set_up(user)


def test_given_technik_without_a_factor_when_something_happens_then_it_is_told_by_mail_all_the_same():
    technik = without("admin")
    assert queries.operators() == [technik]
    assert not can(technik, Permission.JOBS_MANAGE)
