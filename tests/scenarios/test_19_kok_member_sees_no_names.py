"""Scenario 19: a standing member from Sozialplanung sees numbers, never a name (Punkt 8b, finding 11)."""

import re
from datetime import UTC, date, datetime, time
from urllib.parse import urljoin

import pytest
from django.urls import reverse

from meetings.convening.actions.planning import plan_meeting
from tests.builders import a_person, a_seat, a_user, an_agreement, the_body
from tests.transitions import world
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
SECRET = ("Überall-Nirgends", "Wilhelmine", "12.11.2009", "Internat Zum Wispernden Farn", "Farnhausen")
COUNTS = "/wetteraukreis/uebergaenge/"


@built_once(KOK_NOW="2027-05-20T09:00")
def agreement():
    return an_agreement()


@pytest.fixture
def member(agreement, client):
    user = a_user(role="member")
    a_seat(person=a_person("Planung", user=user), function="Sozialplanung")
    client.force_login(user)
    return client


@built_once
def released(agreement):
    """Two people named on 20.04.2027, one of whom is nobody else."""
    person = world.case_data(
        family_name=SECRET[0],
        given_name=SECRET[1],
        date_of_birth=date(2009, 11, 12),
        facility_name=SECRET[3],
        facility_place=SECRET[4],
    )
    moment = datetime(2027, 4, 20, 8, 0, tzinfo=UTC)
    return world.released(world.a_draft([person, world.case_data()], now=moment), now=moment)


@built_once
def conference(agreement):
    """The address of a meeting of the KoK with the standard agenda."""
    planner = a_user(role="secretariat")
    meeting = plan_meeting(
        body=the_body(),
        meets_on=date(2027, 6, 9),
        starts_at=time(10),
        ends_at=time(12),
        place="Friedberg",
        by=planner,
        now=datetime(2027, 5, 3, tzinfo=UTC),
    )
    return reverse("meetings:detail", args=["wetteraukreis", "kok", meeting.pk])


def links(page, answer):
    found = re.findall(r'href="([^"#]+)"', answer.content.decode())
    return {urljoin(page, each) for each in found if urljoin(page, each).startswith("/wetteraukreis/")}


def pages_of(client, start):
    """Every page that can be reached by clicking, with what it shows."""
    waiting, seen = [start], {}
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        answer = client.get(page)
        seen[page] = b"".join(answer) if answer.streaming else answer.content
        if answer["Content-Type"].startswith("text/html") and answer.status_code == 200:
            waiting += links(page, answer)
    return seen


def test_19_given_a_standing_member_when_top_7_is_opened_then_only_counts_are_shown(member, released, conference):
    item = re.search(r"<tr>(?:(?!</tr>).)*<strong>7</strong>.*?</tr>", member.get(conference).content.decode(), re.S)
    assert f'href="{COUNTS}"' in item.group()
    assert "Zahlen dazu stehen unter Übergänge" in item.group()
    numbers = [line.numbers for line in member.get(COUNTS).context["page"].lines if line.year == 2027]
    assert [(each.named, each.taken_over) for each in numbers] == [("< 5", "nicht genannt")]
    text = " ".join(re.sub(r"<[^>]+>", " ", member.get(COUNTS).content.decode()).split())
    assert "2027 Schulabgänge 2028 Fr 30.04.2027 Di 20.04.2027 fristgerecht &lt; 5 nicht genannt" in text


def test_19_given_a_standing_member_when_every_page_is_visited_then_no_name_is_anywhere(member, released, conference):
    seen = pages_of(member, "/wetteraukreis/")
    assert {COUNTS, conference} <= seen.keys()
    for page, content in seen.items():
        for secret in SECRET:
            assert secret.encode() not in content, page


def test_19_given_a_standing_member_when_addresses_of_the_area_are_guessed_then_there_is_nothing(member, released):
    version = released.version
    case = version.entries.first().case
    for name, args in (("lists", []), ("version", [version.pk]), ("case", [case.pk]), ("print", [version.pk])):
        answer = member.get(reverse(f"transitions:{name}", args=["wetteraukreis", *args]))
        assert answer.status_code == 404
        assert SECRET[0] not in answer.content.decode()
