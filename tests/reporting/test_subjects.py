"""Standard items of an agenda lead to the numbers they are about."""

import re

import pytest
from django.urls import reverse

from meetings.models import AgendaItem
from reporting.overview.pages.subjects import link_of
from tests.builders import a_meeting, a_user, an_agreement

pytestmark = pytest.mark.django_db


def test_given_standard_items_about_numbers_when_a_member_opens_the_agenda_then_each_leads_to_its_page(client):
    an_agreement()
    meeting = a_meeting(items=("transitions", "figures", "dates"))
    for title in ("transitions", "figures", "dates"):
        AgendaItem.objects.filter(meeting=meeting, title=title).update(code=title)
    client.force_login(a_user(role="member"))
    page = client.get(reverse("meetings:detail", args=["wetteraukreis", "kok", meeting.pk])).content.decode()
    assert re.findall(r'<p class="kok-small"><a href="([^"]*)">([^<]*)', page) == [
        (reverse("transitions:counts", args=["wetteraukreis"]), "Zahlen dazu stehen unter Übergänge"),
        (reverse("reporting:figures", args=["wetteraukreis"]), "Zahlen dazu stehen unter Zahlen"),
    ]


@pytest.mark.parametrize(("role", "offered"), [("member", [True, True]), ("reporter", [False, True])])
def test_given_somebody_who_may_not_read_some_numbers_when_asked_then_there_is_no_link_to_them(role, offered):
    agreement = an_agreement()
    user = a_user(role=role)
    assert [link_of(user, agreement, code) is not None for code in ("transitions", "figures")] == offered
    assert link_of(user, agreement, "dates") is None
