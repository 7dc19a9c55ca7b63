"""Nobody gets rid of who watches him unseen, nobody gives himself a role, and no page asks what it must refuse."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from kok import outbox
from kok.errors import Refused
from kok.models import OutboxMessage, User
from members import actions
from members.documents import power
from tests.builders import a_factor, a_user, an_agreement, give_role, the_partner
from tests.roles import emptied

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)
BASE = "/wetteraukreis/mitglieder"
TECHNIK = "/verwaltung/konten/"


@pytest.fixture
def registrar(settings):
    settings.KOK_NOW = "2026-09-01T10:00"
    an_agreement()
    return a_user(role="registrar", username="geberin")


def of(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def told(what):
    rows = OutboxMessage.objects.filter(kind="power.told", context__what=what)
    return set(User.objects.filter(pk__in=[row.context["user"] for row in rows]).values_list("username", flat=True))


# Closing and opening


@pytest.mark.parametrize("role", ["case-officer", "approver", "registrar"])
def test_given_an_account_with_power_when_closed_and_opened_then_person_unit_auditors_and_technik_are_told(
    registrar, role
):
    user = a_user(role=role, username="betroffen")
    a_user(role="auditor", username="revision")
    a_user(role="admin", username="technik")
    a_user(role="registrar", partner="lwv-hessen", username="nebenan")
    everybody = {"betroffen", "geberin", "revision", "technik"}
    for later in (NOW, NOW + timedelta(days=1)):  # each time anew
        emptied(OutboxMessage)
        actions.close_account(user=user, by=registrar, now=later)
        assert told("account-closed") == everybody
        actions.open_account(user=user, by=registrar, now=later)
        assert told("account-opened") == everybody


def test_given_an_account_without_power_when_closed_then_its_house_is_told_and_technik_is_not(registrar):
    technik = a_user(role="admin")
    user = a_user(role="member")
    ended = give_role(user, role="approver")
    actions.end_role(assignment=ended, by=registrar, now=NOW - timedelta(days=1))
    emptied(OutboxMessage)
    actions.close_account(user=user, by=technik, now=NOW)
    assert told("account-closed") == {user.username, registrar.username}


def test_given_a_closed_account_when_the_mails_go_out_then_its_owner_gets_one_too_and_none_names_anybody(registrar):
    user = a_user(role="case-officer", username="betroffen")
    colleague = a_user(role="case-releaser", username="freigabe")
    actions.close_account(user=user, by=registrar, now=NOW)
    outbox.deliver(now=NOW)
    sent = {message.to[0]: message.body for message in mail.outbox}
    assert set(sent) == {user.email, registrar.email, colleague.email}
    assert "Ihr Konto ist gesperrt." in sent[user.email]
    assert "http" not in sent[user.email]
    assert "ein Konto ist gesperrt." in sent[registrar.email]
    assert f"{BASE}/konten/" in sent[registrar.email]
    assert not any("betroffen" in body or "Fallbearbeitung" in body for body in sent.values())


def test_given_somebody_who_sees_no_requests_when_told_of_a_role_then_the_mail_names_the_office_and_no_page(registrar):
    watching = a_user(role="case-releaser")
    actions.end_role(assignment=give_role(a_user(), role="case-officer"), by=registrar, now=NOW)
    outbox.deliver(now=NOW)
    body = next(message.body for message in mail.outbox if message.to == [watching.email])
    assert "http" not in body
    assert "fragen Sie gleich die Stelle Ihres Partners, die Konten pflegt" in body


def test_given_an_auditor_when_a_registrar_would_close_the_account_then_only_technik_does(registrar):
    auditor = a_user(role="auditor", username="revision")
    with pytest.raises(Refused, match="Sperren kann es nur die Technik"):
        actions.close_account(user=auditor, by=registrar, now=NOW)
    auditor.refresh_from_db()
    assert auditor.is_active
    page = text_of(of(registrar).get(f"{BASE}/konten/{auditor.pk}/"))
    assert "Sperren kann es nur die Technik." in page
    assert "Konto sperren" not in page
    asked = of(registrar).get(f"{BASE}/konten/{auditor.pk}/sperren/", follow=True)
    assert "Das wird geschehen" not in text_of(asked)
    actions.close_account(user=auditor, by=a_user(role="admin", username="technik"), now=NOW)
    assert told("account-closed") == {"revision", "geberin", "technik"}


def test_given_a_closed_account_when_closed_again_then_it_is_refused_and_nobody_is_told_twice(registrar):
    user = a_user(role="approver")
    actions.close_account(user=user, by=registrar, now=NOW)
    count = OutboxMessage.objects.count()
    with pytest.raises(Refused, match="schon gesperrt"):
        actions.close_account(user=user, by=registrar, now=NOW + timedelta(minutes=1))
    assert OutboxMessage.objects.count() == count


# Roles


@pytest.mark.parametrize("role", ["member", "secretariat", "reporter"])
def test_given_a_registrar_when_he_gives_himself_a_role_then_it_is_refused(registrar, role):
    given = {"user": registrar, "role": role, "place": the_partner(), "from_on": TODAY}
    with pytest.raises(Refused, match="Für Ihr eigenes Konto"):
        actions.give_role(**given, by=registrar, now=NOW)
    assert registrar.role_assignments.count() == 1
    actions.give_role(**given, by=None, now=NOW)  # the command
    ends = registrar.role_assignments.get(role=role)
    actions.end_role(assignment=ends, last_on=date(2026, 9, 30), by=registrar, now=NOW)
    with pytest.raises(Refused, match="Für Ihr eigenes Konto"):
        actions.extend_role(assignment=ends, last_on=None, by=registrar, now=NOW)


@pytest.mark.parametrize("role", ["reporter", "case-officer"])
def test_given_a_day_that_is_past_when_typed_as_the_first_of_a_role_then_the_form_says_so(registrar, role):
    user = a_user(role="member")
    url = f"{BASE}/konten/{user.pk}/rolle/wetteraukreis/"
    page = text_of(of(registrar).post(url, {"role": role, "from_on": "31.08.2026", "confirmed": "1"}))
    assert "Eine Rolle beginnt frühestens heute." in page
    assert (user.role_assignments.count(), user.requests.count()) == (1, 0)
    of(registrar).post(url, {"role": role, "from_on": "01.09.2026", "confirmed": "1"})
    assert user.role_assignments.count() + user.requests.count() == 2


# No form for what can only be refused


def test_given_the_own_account_when_opened_then_no_page_offers_what_others_must_do(registrar):
    client, here = of(registrar), f"{BASE}/konten/{registrar.pk}/"
    page = text_of(client.get(here))
    assert "Rollen für Ihr eigenes Konto gibt eine andere Person" in page
    for absent in ("Rolle geben", "Konto sperren", "Verlorenen zweiten Faktor"):
        assert absent not in page
    for address in ("rolle/wetteraukreis/", "sperren/", "freigeben/", "zweiter-faktor/"):
        answer = client.get(f"{here}{address}", follow=True)
        assert answer.redirect_chain == [(here, 302)], address
        assert "eigenes Konto" in text_of(answer)
    typed = {"role": "reporter", "from_on": "01.09.2026", "confirmed": "1"}
    client.post(f"{here}rolle/wetteraukreis/", typed)
    assert registrar.role_assignments.count() == 1


def test_given_an_account_without_factor_when_opened_then_no_page_offers_to_take_one_off(registrar):
    user = a_user(role="member", username="fachkraft")
    technik = of(a_user(role="admin"))
    for client, page, address in (
        (of(registrar), f"{BASE}/konten/{user.pk}/", f"{BASE}/konten/{user.pk}/zweiter-faktor/"),
        (technik, TECHNIK, f"{TECHNIK}{user.pk}/zweiter-faktor/"),
    ):
        Authenticator.objects.filter(user=user).delete()
        assert f'href="{address}"' not in text_of(client.get(page))
        answer = text_of(client.get(address, follow=True))
        assert "Dieses Konto hat keinen zweiten Faktor." in answer
        assert "Das wird geschehen" not in answer
        a_factor(user)
        assert f'href="{address}"' in text_of(client.get(page))
        assert "Das wird geschehen" in text_of(client.get(address))


def test_given_technik_when_it_types_the_address_to_ask_for_itself_then_the_list_says_who_can(registrar):
    technik = a_user(role="admin")
    answer = of(technik).get(f"{TECHNIK}{technik.pk}/technik/", follow=True)
    assert "gibt eine andere Person der Technik" in text_of(answer)


# Both hands on a list


@pytest.mark.parametrize(("held", "wanted"), [("case-officer", "case-releaser"), ("case-releaser", "case-officer")])
@pytest.mark.parametrize("is_held", [True, False], ids=["held", "asked for"])
def test_given_one_hand_on_the_list_when_the_other_is_asked_for_then_both_pages_warn(registrar, held, wanted, is_held):
    user = a_user(role="member", username="fachkraft")
    common = {"user": user, "place": the_partner(), "from_on": TODAY, "by": registrar, "now": NOW}
    if is_held:
        give_role(user, role=held)
    else:
        actions.ask_role(role=held, **common)
    typed = {"role": wanted, "from_on": "01.09.2026"}
    said = "Fallbearbeitung und Freigabe liegen dann in einer Hand"
    assert said in text_of(of(registrar).post(f"{BASE}/konten/{user.pk}/rolle/wetteraukreis/", typed))
    request = actions.ask_role(role=wanted, **common)
    second = of(a_user(role="registrar"))
    assert said in text_of(second.get(f"{BASE}/bestaetigen/{request.pk}/"))


def test_given_the_other_hand_elsewhere_or_in_another_time_when_asked_for_then_no_page_warns(registrar):
    user = a_user(role="member")
    over = give_role(user, role="case-releaser")
    actions.end_role(assignment=over, last_on=date(2026, 9, 30), by=registrar, now=NOW)
    url = f"{BASE}/konten/{user.pk}/rolle/wetteraukreis/"
    client = of(registrar)
    assert "in einer Hand" in text_of(client.post(url, {"role": "case-officer", "from_on": "30.09.2026"}))
    assert "in einer Hand" not in text_of(client.post(url, {"role": "case-officer", "from_on": "01.10.2026"}))
    assert "in einer Hand" not in text_of(client.post(url, {"role": "approver", "from_on": "01.09.2026"}))


def test_given_the_sentences_of_power_when_a_mail_says_them_after_the_greeting_then_each_goes_on_in_small_letters():
    sentences = [sentence for told in power.TOLD.values() for sentence in (told.own, told.watching) if sentence]
    assert [sentence for sentence in sentences if not re.match(r"[a-zäöü]|Ihr\b", sentence)] == []
