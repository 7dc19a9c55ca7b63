"""What the trail and the pages say about a role that ended: one that was in force a moment never "galt nie"."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from kok.models import AuditEvent
from members import actions
from tests.builders import a_person, a_user, an_agreement, give_role, the_partner

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 1, 5, 8, 20, tzinfo=UTC)
TODAY = date(2027, 1, 5)
TO_THE_MINUTE = "05.01.2027 bis Di 05.01.2027, 09:20 Uhr"
BASE = "/wetteraukreis/mitglieder"


@pytest.fixture
def agreement(settings):
    settings.KOK_NOW = NOW.isoformat()
    return an_agreement()


@pytest.fixture
def registrar(agreement):
    a_user(role="registrar", username="zweite")
    return a_user(role="registrar", username="stammdaten")


@pytest.fixture
def user(agreement):
    user = a_user(username="fachkraft")
    a_person("Fach", "Kim", user=user)
    return user


def given(user, role="case-officer", from_on=TODAY):
    values = {"user": user, "role": role, "agreement": the_partner().agreement, "partner": the_partner()}
    return user.role_assignments.create(**{**values, "period": (from_on, None), "by_command": True})


def of(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("last_on", [date(2027, 1, 4), date(2026, 6, 30)])
@pytest.mark.parametrize("role", ["case-officer", "registrar", "member"])
def test_given_a_role_of_today_when_the_person_left_before_then_it_was_in_force_until_this_moment(
    agreement, registrar, user, role, last_on
):
    given(user, role)
    client, url = of(registrar), f"{BASE}/personen/{user.person.pk}/ausscheiden/"
    page = text_of(client.post(url, {"last_on": f"{last_on:%d.%m.%Y}"}))
    assert "noch nicht begonnen" not in page
    assert "Rollen enden jetzt und galten bis jetzt." in page
    client.post(url, {"last_on": f"{last_on:%d.%m.%Y}", "confirmed": "1"})
    told = AuditEvent.objects.get(action="role.ended")
    assert (told.old, told.new) == ("ab 05.01.2027", TO_THE_MINUTE)
    assert TO_THE_MINUTE in text_of(client.get(f"{BASE}/konten/{user.pk}/"))


def test_given_a_role_when_ended_at_once_then_preview_page_and_trail_say_until_which_minute(registrar, user):
    begun, coming = given(user), given(user, "reporter", TODAY + timedelta(days=1))
    long = give_role(user, role="secretariat")
    client = of(registrar)
    for role, said in ((begun, "Sie galt bis jetzt."), (long, "Sie galt bis jetzt."), (coming, "galt dann nie")):
        url = f"{BASE}/rollen/{role.pk}/beenden/"
        assert said in text_of(client.post(url, {"when": "sofort"}))
        client.post(url, {"when": "sofort", "confirmed": "1"})
    ends = [TO_THE_MINUTE, "01.03.2022 bis Di 05.01.2027, 09:20 Uhr", "galt nie, sollte ab 06.01.2027 gelten"]
    assert list(AuditEvent.objects.filter(action="role.ended").order_by("pk").values_list("new", flat=True)) == ends
    page = text_of(client.get(f"{BASE}/konten/{user.pk}/"))
    assert all(end in page for end in ends)


def test_given_technik_when_ended_at_once_then_the_trail_says_the_minute(agreement):
    first, other = a_user(username="technik-1"), a_user(username="technik-2")
    role = give_role(other, role="admin")
    give_role(first, role="admin")
    actions.end_role(assignment=role, by=first, now=NOW)
    assert AuditEvent.objects.get(action="role.ended").new == "01.03.2022 bis Di 05.01.2027, 09:20 Uhr"


def test_given_a_role_when_ended_on_a_day_then_the_last_day_is_shown_as_before(registrar, user):
    role = given(user, "member")
    actions.end_role(assignment=role, last_on=TODAY, by=registrar, now=NOW)
    assert AuditEvent.objects.get(action="role.ended").new == "05.01.2027 bis 05.01.2027"
