"""Scenario 20: an LWV officer of another region reaches no 8b data of 06440, also not by URL (5.4)."""

from typing import Any

import pytest
from django.urls import URLPattern, reverse

from members.models import Agreement
from tests.builders import OTHER_COUNTY, a_second_agreement, a_user, an_agreement
from tests.transitions.inside import enter
from tests.transitions.world import a_draft, acknowledged, an_access, case_data, released
from tests.worlds import built_once
from transitions.queries import visibility
from transitions.urls import urlpatterns

pytestmark = pytest.mark.django_db
NAME = "Zitronenfalter"


@built_once(KOK_NOW="2027-04-20T09:00:00+02:00")
def here():
    an_agreement()
    version = acknowledged(released(a_draft([case_data(family_name=NAME)])))
    entry = version.entries.get()
    return {"version": version.pk, "case": entry.case_id, "entry": entry.pk}


@built_once
def elsewhere(here):
    """The neighbour has a list of its own, so that an empty area proves nothing."""
    other = a_second_agreement()
    officer = an_access(agreement=other)
    acknowledged(released(a_draft([case_data(family_name="Nachbar")], by=officer)))
    return other


def with_objects(here: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every address of the area that names a list, a case or an entry."""
    found = []
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        keys = set(pattern.pattern.converters)
        if keys and keys <= here.keys():
            found.append((str(pattern.name), {key: here[key] for key in keys}))
    return found


@pytest.mark.parametrize("role", ["case-receiver", "case-officer", "case-releaser"])
def test_20_given_the_case_unit_of_another_region_when_it_asks_by_url_then_nothing_of_06440_exists(
    here, elsewhere, role
):
    partner = "lwv-hessen" if role == "case-receiver" else OTHER_COUNTY
    client = enter(a_user(role=role, partner=partner, agreement=elsewhere), agreement=elsewhere)
    asked = with_objects(here)
    assert len(asked) > 8
    for name, objects in asked:
        for slug in ("wetteraukreis", OTHER_COUNTY):
            address = reverse(f"transitions:{name}", kwargs={"agreement": slug, **objects})
            answers = {client.get(address).status_code, client.post(address).status_code}
            assert answers <= ({404} if slug == "wetteraukreis" else {403, 404, 405}), address


def test_20_given_the_lwv_of_another_region_when_it_opens_its_own_lists_then_it_finds_its_own_only(here, elsewhere):
    stranger = an_access("case-receiver", agreement=elsewhere)
    client = enter(stranger.user, agreement=elsewhere)
    page = client.get(reverse("transitions:lists", args=[OTHER_COUNTY])).content.decode()
    assert str(here["version"]) not in page
    entries = visibility.entries_visible_to(stranger)
    assert [entry.data.family_name for entry in entries] == ["Nachbar"]
    assert visibility.cases_visible_to(stranger).count() == visibility.lists_visible_to(stranger).count() == 1


def test_20_given_the_lwv_unit_of_06440_when_it_looks_into_the_other_region_then_that_does_not_exist(here, elsewhere):
    wetterau = Agreement.objects.get(slug="wetteraukreis")
    client = enter(a_user(role="case-receiver", partner="lwv-hessen", agreement=wetterau), agreement=wetterau)
    assert client.get(reverse("transitions:lists", args=["wetteraukreis"])).status_code == 200
    assert client.get(reverse("transitions:lists", args=[OTHER_COUNTY])).status_code == 404
