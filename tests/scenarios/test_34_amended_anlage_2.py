"""Scenario 34: a body of Anlage 2 is renamed on 05.10.2023 (Punkt 11, Anlage 2)."""

from datetime import date

import pytest
from django.urls import reverse

from members.actions import load_agreement
from members.models import Agreement
from members.queries import bodies_on
from tests.builders import INTRODUCED_AT, a_meeting, a_user, amended, an_agreement, renamed, the_body

BOARD, RENAMED_ON = "psychosozialer-beirat", date(2023, 10, 5)
OLD, NEW = "Psychosozialer Beirat des Wetteraukreises", "Beirat für seelische Gesundheit des Wetteraukreises"


@pytest.fixture
def agreement():
    an_agreement()
    bodies = renamed(BOARD, name=NEW, short_name="Gesundheitsbeirat")
    load_agreement(file=amended(on=RENAMED_ON, annex="2", bodies=bodies), by=None, now=INTRODUCED_AT)
    return Agreement.objects.get()


@pytest.mark.django_db
def test_34_given_a_body_renamed_when_its_annex_is_asked_then_a_new_version_began_and_the_agreement_stays(agreement):
    before, now = agreement.annexes.filter(annex="2")
    assert (before.period.lower, before.period.upper) == (date(2022, 3, 1), RENAMED_ON)
    assert (now.period.lower, now.period.upper) == (RENAMED_ON, None)
    assert agreement.annexes.filter(annex="1").count() == 1
    assert agreement.versions.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "name"), [(date(2023, 10, 4), OLD), (RENAMED_ON, NEW), (date(2026, 1, 1), NEW)])
def test_34_given_a_body_renamed_when_it_is_named_then_the_day_decides(agreement, client, day, name):
    (board,) = [body for body in bodies_on(agreement, day) if body.slug == BOARD]
    assert board.called_on(day).name == name
    client.force_login(a_user(role="member"))
    page = client.get(reverse("members:bodies", args=["wetteraukreis"]), {"am": day.isoformat()}).content.decode()
    assert (OLD in page, NEW in page) == (name == OLD, name == NEW)


@pytest.mark.django_db
def test_34_given_meetings_before_and_after_when_shown_then_each_bears_the_name_of_its_day(agreement, client):
    earlier, later = (a_meeting(body=the_body(BOARD), on=day) for day in (date(2023, 5, 10), date(2024, 5, 15)))
    assert (str(earlier), str(later)) == (
        "Psychosozialer Beirat am 10.05.2023",
        "Gesundheitsbeirat am 15.05.2024",
    )
    client.force_login(a_user(role="member"))
    for meeting, name, other in ((earlier, OLD, NEW), (later, NEW, OLD)):
        page = client.get(reverse("meetings:detail", args=["wetteraukreis", BOARD, meeting.pk])).content.decode()
        assert f"<h1>{name} am" in page
        assert other not in page


@pytest.mark.django_db
def test_34_given_the_page_of_the_agreement_when_read_then_it_says_what_changed_on_that_day(agreement, client):
    client.force_login(a_user(role="member"))
    page = client.get(reverse("members:agreement", args=["wetteraukreis"])).content.decode()
    changed = page[page.index("Anlage 2: was sich am 05.10.2023 geändert hat") :]
    row = changed[changed.index("Gremium Psychosozialer Beirat, Name") :]
    assert row.index(OLD) < row.index(NEW) < row.index("</tr>")
