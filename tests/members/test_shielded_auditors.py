"""Nobody who is watched locks out who watches: the account of an auditor is closed by Technik, by every way."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from kok import jobs
from kok.errors import Refused
from kok.models import OutboxMessage, User
from members import actions
from members.actions import leaving as leaving_actions
from members.models import Departure
from members.queries import grants_on
from tests.builders import a_person, a_user, an_agreement, give_role, the_partner

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)
BASE = "/wetteraukreis/mitglieder"
SAID = "Sperren kann es nur die Technik"


@pytest.fixture
def agreement(settings):
    settings.KOK_NOW = NOW.isoformat()
    return an_agreement()


@pytest.fixture
def registrar(agreement):
    a_user(role="registrar", username="zweite")
    return a_user(role="registrar", username="stammdaten")


@pytest.fixture
def technik(agreement):
    return a_user(role="admin", username="technik")


@pytest.fixture
def auditor(agreement):
    user = a_user(role="auditor", username="pruefung")
    a_person("Prüf", "Kim", user=user)
    return user


def of(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def leave(user, by, last_on, now=NOW):
    return actions.enter_departure(
        person=user.person, last_on=last_on, by=by, agreement=the_partner().agreement, now=now
    )


def sweep(settings, now):
    settings.KOK_NOW = now.isoformat()
    for number in leaving_actions.WORK.left():
        jobs.run(leaving_actions.TASK, number, now=now)


def is_open(user):
    return User.objects.get(pk=user.pk).is_active


def told(what):
    rows = OutboxMessage.objects.filter(kind="power.told", context__what=what)
    return set(User.objects.filter(pk__in=[row.context["user"] for row in rows]).values_list("username", flat=True))


@pytest.mark.parametrize("days", [-300, -1, 0, 40])
def test_given_an_auditor_when_a_registrar_enters_leaving_then_the_account_waits_for_technik_who_is_told(
    registrar, technik, auditor, settings, days
):
    other = a_user(role="auditor", username="zweite-pruefung")
    client, url = of(registrar), f"{BASE}/personen/{auditor.person.pk}/ausscheiden/"
    last_on = TODAY + timedelta(days=days)
    typed = {"last_on": f"{last_on:%d.%m.%Y}"}
    page = text_of(client.post(url, typed))
    assert "Es bleibt offen, bis die Technik es sperrt" in page
    assert "wird jetzt gesperrt" not in page
    client.post(url, {**typed, "confirmed": "1"})
    assert told("departure") == {"stammdaten", "zweite", "pruefung", other.username, "technik"}
    over = max(NOW, datetime(last_on.year, last_on.month, last_on.day, 8, tzinfo=UTC) + timedelta(days=1))
    for hours in range(3):
        sweep(settings, over + timedelta(hours=hours))
    assert is_open(auditor)
    assert list(grants_on(auditor.pk, over.date())) == []
    assert "technik" in told("departure-waits")
    assert OutboxMessage.objects.filter(context__what="departure-waits", context__user=technik.pk).count() == 1
    assert "Ausgeschieden und noch nicht gesperrt" in text_of(of(technik).get("/verwaltung/konten/"))
    assert SAID in text_of(of(registrar).get(f"{BASE}/personen/{auditor.person.pk}/"))
    with pytest.raises(Refused, match=SAID):
        actions.close_account(user=auditor, by=registrar, now=over)
    actions.close_account(user=auditor, by=technik, now=over)
    sweep(settings, over + timedelta(hours=4))
    assert Departure.objects.get().carried_out_at is not None
    assert "Ausgeschieden und noch nicht gesperrt" not in text_of(of(technik).get("/verwaltung/konten/"))


@pytest.mark.parametrize("last_on", [None, TODAY + timedelta(days=2)])
def test_given_the_role_pruefung_when_a_registrar_ends_it_first_then_the_account_stays_shielded_for_thirty_days(
    registrar, technik, auditor, last_on
):
    [role] = auditor.role_assignments.all()
    actions.end_role(assignment=role, last_on=last_on, by=registrar, now=NOW)
    later = NOW + timedelta(days=29)
    with pytest.raises(Refused, match=SAID):
        actions.close_account(user=auditor, by=registrar, now=later)
    leave(auditor, registrar, later.date() - timedelta(days=1), now=later)
    assert is_open(auditor)
    actions.close_account(user=auditor, by=registrar, now=NOW + timedelta(days=34))
    assert not is_open(auditor)


def test_given_a_role_pruefung_of_one_morning_when_ended_then_the_account_is_shielded_all_the_same(
    registrar, technik, agreement
):
    user = a_user(role="member", username="morgen")
    a_person("Morgen", "Kim", user=user)
    place = {"agreement": agreement, "partner": the_partner()}
    role = user.role_assignments.create(role="auditor", period=(TODAY, None), by_command=True, **place)
    actions.end_role(assignment=role, by=registrar, now=NOW)
    with pytest.raises(Refused, match=SAID):
        actions.close_account(user=user, by=registrar, now=NOW)


def test_given_technik_who_does_nothing_when_thirty_days_are_over_then_no_key_is_left(
    registrar, technik, auditor, settings
):
    leave(auditor, registrar, TODAY - timedelta(days=1))
    sweep(settings, NOW + timedelta(days=29))
    assert is_open(auditor)
    sweep(settings, NOW + timedelta(days=32))
    assert not is_open(auditor)


def test_given_a_past_day_by_mistake_when_the_role_is_asked_for_again_then_two_people_mend_it(
    registrar, technik, auditor, settings
):
    leave(auditor, registrar, TODAY - timedelta(days=1))
    request = actions.ask_role(user=auditor, role="auditor", place=the_partner(), from_on=TODAY, by=registrar, now=NOW)
    actions.confirm(request=request, by=User.objects.get(username="zweite"), now=NOW)
    sweep(settings, NOW + timedelta(days=40))
    assert is_open(auditor)


def test_given_somebody_without_that_role_when_leaving_is_entered_then_the_account_is_closed_as_before(
    registrar, technik, agreement
):
    user = a_user(role="member", username="fachkraft")
    a_person("Fach", "Kim", user=user)
    leave(user, registrar, TODAY - timedelta(days=1))
    assert not is_open(user)
    assert "technik" not in told("departure")


def test_given_technik_with_seats_when_a_registrar_enters_leaving_then_technik_ends_its_role_first(
    registrar, technik, agreement
):
    user = a_user(role="member", username="beides")
    a_person("Beide", "Kim", user=user)
    give_role(user, role="admin")
    with pytest.raises(Refused, match="Zuerst beendet die Technik diese Rolle"):
        leave(user, registrar, TODAY - timedelta(days=1))


def test_given_the_only_auditor_of_a_house_when_a_registrar_ends_the_role_then_the_other_house_and_technik_are_told(
    registrar, technik, auditor
):
    a_user(role="auditor", partner="lwv-hessen", username="pruefung-lwv")
    [role] = auditor.role_assignments.all()
    actions.end_role(assignment=role, by=registrar, now=NOW)
    assert told("role-ended") == {"stammdaten", "zweite", "pruefung", "pruefung-lwv", "technik"}


def test_given_a_house_where_nobody_watches_when_a_case_role_is_given_then_the_other_house_and_technik_are_told(
    registrar, technik, agreement
):
    a_user(role="auditor", partner="lwv-hessen", username="pruefung-lwv")
    user = a_user(role="member", username="fachkraft")
    request = actions.ask_role(
        user=user, role="case-officer", place=the_partner(), from_on=TODAY, by=registrar, now=NOW
    )
    actions.confirm(request=request, by=User.objects.get(username="zweite"), now=NOW)
    assert {"pruefung-lwv", "technik"} <= told("role-given")


def test_given_another_auditor_in_the_house_when_one_role_ends_then_nobody_outside_is_told(registrar, technik, auditor):
    a_user(role="auditor", partner="lwv-hessen", username="pruefung-lwv")
    a_user(role="auditor", username="pruefung-zwei")
    [role] = auditor.role_assignments.all()
    actions.end_role(assignment=role, by=registrar, now=NOW)
    assert told("role-ended") == {"stammdaten", "zweite", "pruefung", "pruefung-zwei"}
