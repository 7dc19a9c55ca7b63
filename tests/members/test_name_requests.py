"""Another name of the only registrar of a house: Technik asks, a registrar of another partner confirms."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from kok.errors import Refused
from kok.models import AuditEvent, OutboxMessage, User
from members import actions
from members.models import AccountRequest
from tests.builders import a_person, a_user, an_agreement, confirm_as_shown, the_partner

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TECHNIK = "/verwaltung/konten/"
NEW = {"given_name": "Renate", "family_name": "Neu"}


@pytest.fixture
def agreement(settings):
    settings.KOK_NOW = "2026-09-01T10:00"
    return an_agreement()


@pytest.fixture
def renate(agreement) -> User:
    """The only registrar of the county."""
    user = a_user(role="registrar", username="renate")
    a_person("Alt", "Renate", user=user, email=user.email)
    return user


@pytest.fixture
def technik(agreement) -> User:
    return a_user(role="admin", username="technik")


@pytest.fixture
def neighbour(agreement) -> User:
    return a_user(role="registrar", partner="lwv-hessen", username="nebenan")


def ask(user: User, by: User, **values) -> AccountRequest:
    return actions.ask_name(user=user, by=by, now=NOW, **{**NEW, **values})


def of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response) -> str:
    return response.content.decode()


def test_given_the_only_registrar_when_technik_asks_and_a_neighbour_confirms_then_the_name_is_new_and_told(
    renate, technik, neighbour
):
    row = ask(renate, technik)
    assert str(renate.person) == "Renate Alt"
    with pytest.raises(Refused, match="selbst beantragt"):
        actions.confirm(request=row, by=technik, now=NOW)
    with pytest.raises(Refused, match="Ihr eigenes Konto"):
        actions.confirm(request=row, by=renate, now=NOW)
    actions.confirm(request=row, by=neighbour, now=NOW)
    renate.refresh_from_db()
    assert (str(renate.person), renate.get_full_name()) == ("Renate Neu", "Renate Neu")
    line = AuditEvent.objects.get(action="person.renamed")
    assert (line.actor_id, line.agreement) == (neighbour.pk, "wetteraukreis")
    assert line.note == f"beantragt von Konto {technik.pk}"
    assert "Neu" not in f"{line.old}{line.new}{line.note}"
    told = OutboxMessage.objects.filter(context__what="person-renamed")
    assert {row.context["user"] for row in told} == {renate.pk}


def test_given_a_house_with_another_registrar_when_technik_asks_then_it_is_told_who_renames(renate, technik):
    a_person("Zweit", "Zoe", user=a_user(role="registrar", username="zoe"))
    with pytest.raises(Refused, match="Dieses Konto verwaltet: Zoe Zweit"):
        ask(renate, technik)


def test_given_oneself_the_same_name_or_nobody_when_asked_then_a_sentence_says_so(renate, technik):
    with pytest.raises(Refused, match="Für Ihr eigenes Konto"):
        ask(renate, renate)
    with pytest.raises(Refused, match="So heißt die Person schon"):
        ask(renate, technik, family_name="Alt")
    with pytest.raises(Refused, match="keine Person eingetragen"):
        ask(a_user(role="registrar", partner="lwv-hessen"), technik)


def test_given_another_request_of_the_account_when_the_name_is_asked_for_or_confirmed_then_it_stays(
    renate, technik, neighbour
):
    asked: dict = {"user": a_user(), "role": "approver", "place": the_partner(), "from_on": NOW.date()}
    first = actions.ask_role(**asked, by=renate, now=NOW)
    with pytest.raises(Refused, match="wartet ein Antrag"):
        ask(renate, technik)
    actions.withdraw(request=first, by=renate, now=NOW)
    row = ask(renate, technik)
    actions.ask_role(**asked, by=renate, now=NOW)
    with pytest.raises(Refused, match="wartet ein Antrag"):
        actions.confirm(request=row, by=neighbour, now=NOW)
    renate.refresh_from_db()
    assert str(renate.person) == "Renate Alt"


@pytest.mark.parametrize(
    "change", ["new_family_name = 'Anders'", "new_family_name = ''", "kind = 'FACTOR'", "new_given_name = ''"]
)
def test_given_a_name_that_waits_when_it_is_changed_by_sql_then_the_database_refuses(renate, technik, change):
    row = ask(renate, technik)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE members_accountrequest SET {change} WHERE id = %s", [row.pk])


def test_given_the_pages_when_technik_asks_and_the_neighbour_confirms_then_each_step_says_what_happens(
    renate, technik, neighbour
):
    desk, path = of(technik), f"{TECHNIK}{renate.pk}/name/"
    assert path in text_of(desk.get(TECHNIK))
    assert 'value="Alt"' in text_of(desk.get(path))
    assert "eine zweite Person" in text_of(desk.post(path, NEW))
    desk.post(path, {**NEW, "confirmed": "1"})
    row = AccountRequest.objects.get()
    page = text_of(desk.get(f"{TECHNIK}bestaetigen/"))
    assert "Anderer Name: Renate Neu" in page
    assert "Bestätigen kann: nebenan." in page
    client, confirming = of(neighbour), f"/wetteraukreis/mitglieder/bestaetigen/{row.pk}/"
    assert "„renate“ (Renate Alt) heißt in der Anwendung dann Renate Neu." in text_of(client.get(confirming))
    confirm_as_shown(client, confirming)
    renate.person.refresh_from_db()
    assert str(renate.person) == "Renate Neu"


def test_given_an_account_that_others_administer_when_technik_looks_then_no_name_is_offered_nor_asked_for(
    renate, technik
):
    a_person("Zweit", "Zoe", user=a_user(role="registrar", username="zoe"))
    desk, path = of(technik), f"{TECHNIK}{renate.pk}/name/"
    assert path not in text_of(desk.get(TECHNIK))
    assert "Dieses Konto verwaltet: Zoe Zweit." in text_of(desk.get(path, follow=True))
