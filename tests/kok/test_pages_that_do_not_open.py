"""Who asks for what is not his stands among the sign-ins, whether the answer is 403 or 404: counted by kind of page."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from kok import clock
from kok.models import SignInEvent, User
from tests.builders import OTHER_COUNTY, a_second_agreement, a_user, an_agreement
from tests.roles import unguarded

pytestmark = pytest.mark.django_db
Kind = SignInEvent.Kind


@pytest.fixture
def agreement():
    return an_agreement()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def lines() -> list[tuple[str, str, int]]:
    return list(SignInEvent.objects.order_by("pk").values_list("kind", "page", "number"))


def test_given_a_case_officer_of_another_region_when_she_guesses_lists_then_each_kind_of_page_is_a_line_with_its_number(
    agreement,
):
    there = a_second_agreement()
    stranger = signed_in(a_user(role="case-officer", agreement=there, partner=OTHER_COUNTY))
    guessed = [uuid4() for _ in range(5)]
    for version in guessed:
        assert stranger.get(reverse("transitions:version", args=["wetteraukreis", version])).status_code == 404
        assert stranger.post(reverse("transitions:release", args=["wetteraukreis", version])).status_code == 404
    pages = lines()
    assert [(kind, number) for kind, _, number in pages] == [(Kind.NOT_FOUND, 5), (Kind.NOT_FOUND, 5)]
    assert not any(str(version) in page or "wetteraukreis" in page for _, page, _ in pages for version in guessed)


@pytest.mark.parametrize("name", ["kok:audit", "kok:sign-ins", "transitions-log:entries", "accounts:list", "kok:jobs"])
def test_given_a_member_when_pages_of_the_installation_are_asked_for_then_that_is_written_down(agreement, name):
    assert signed_in(a_user(role="member")).get(reverse(name)).status_code == 404
    assert lines() == [(Kind.NOT_FOUND, reverse(name), 1)]


def test_given_a_registrar_when_an_account_of_the_other_partner_is_asked_for_then_that_is_written_down(agreement):
    other = a_user(role="member", partner="lwv-hessen")
    answer = signed_in(a_user(role="registrar")).get(reverse("members:account", args=["wetteraukreis", other.pk]))
    assert answer.status_code == 404
    assert [(kind, str(other.pk) in page) for kind, page, _ in lines()] == [(Kind.NOT_FOUND, False)]


def test_given_a_missing_role_when_the_page_is_refused_many_times_then_it_is_one_line_an_hour(agreement):
    client, page = signed_in(a_user(role="member")), reverse("meetings:plan", args=["wetteraukreis"])
    for _ in range(3):
        assert client.get(page).status_code == 403
    assert [(kind, number) for kind, _, number in lines()] == [(Kind.REFUSED, 3)]
    with unguarded("kok_signinevent"):
        SignInEvent.objects.update(at=clock.now() - timedelta(hours=1))
    client.get(page)
    assert [number for _, _, number in lines()] == [3, 1]


def test_given_an_address_that_no_page_has_or_nobody_signed_in_then_nothing_is_written(agreement):
    assert signed_in(a_user(role="member")).get("/kein/solcher/ort/hier").status_code == 404
    Client().get(reverse("transitions:lists", args=["wetteraukreis"]))
    assert lines() == []


def test_given_lines_when_the_auditor_reads_them_then_the_number_stands_there_and_in_the_file(agreement):
    client = signed_in(a_user(role="member"))
    for _ in range(4):
        client.get(reverse("kok:audit"))
    auditor = signed_in(a_user(role="auditor"))
    page = auditor.get(reverse("kok:sign-ins")).content.decode()
    assert "Seite fremd oder nicht da" in page
    assert "4-mal in einer Stunde" in page
    file = auditor.get(reverse("kok:sign-ins-download", args=["csv"])).content.decode("utf-8-sig")
    assert "wie oft" in file.splitlines()[0]
    assert file.splitlines()[1].endswith("4")
