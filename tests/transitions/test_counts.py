"""The figures of the lists: what the conference sees, and that no small number reaches the page (8.6, 5.4)."""

import re
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from django.urls import reverse

from kok.clock import BERLIN
from tests.builders import OTHER_COUNTY, a_second_agreement, a_user, an_agreement
from tests.transitions.inside import enter
from tests.transitions.numbers import a_counted_list, a_list, a_release, a_version, cases
from tests.transitions.world import a_draft, an_access
from transitions.pages.version import deadline
from transitions.queries.counts import counts_of, released_on, releases_of
from transitions.queries.listing import adds_late, listed_for, years_for

pytestmark = pytest.mark.django_db
PAGE = "/wetteraukreis/uebergaenge/"
LATER = date(2028, 2, 3)
CHANGING = r'csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken[^}]+|nonce="[^"]+"'


@pytest.fixture(autouse=True)
def agreement(settings):
    settings.KOK_NOW = f"{LATER}T09:00"
    return an_agreement()


def line(agreement, year=2027, today=LATER):
    return next(each for each in counts_of(agreement, today).lines if each.year == year)


def words(agreement, **when):
    numbers = line(agreement, **when).numbers
    return numbers and tuple(getattr(numbers, field.name) for field in fields(numbers))


def shown(client, role="member"):
    client.force_login(a_user(role=role))
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return answer


def text(answer):
    main = re.search(r"<main.*?</main>", answer.content.decode(), re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", main.group()).replace("&lt;", "<").replace("&nbsp;", " ").split())


def whole_numbers(value):
    """Every int that a template could reach from a value."""
    if isinstance(value, int):
        return [value]
    if isinstance(value, tuple | list):
        return [number for each in value for number in whole_numbers(each)]
    return [n for f in fields(value) for n in whole_numbers(getattr(value, f.name))] if is_dataclass(value) else []


def test_given_a_large_list_when_counted_then_all_numbers_are_shown(agreement):
    a_counted_list(taken_over=12, ended=6, still_open=7, started=11, involved=5)
    assert words(agreement) == ("25", "12", "6", "7", "11", "5")


def test_given_small_numbers_when_counted_then_they_are_hidden(agreement):
    a_counted_list(taken_over=4, ended=2, still_open=1, started=3, involved=2)
    assert words(agreement) == ("7", "< 5", "< 5", "< 5", "nicht genannt", "< 5")


def test_given_a_nil_report_when_counted_then_zero_is_shown(agreement):
    a_counted_list()
    assert words(agreement) == ("0", "0", "0", "0", "0", "0")


def test_given_a_case_that_was_never_named_when_counted_then_it_does_not_count(agreement):
    found = a_counted_list(still_open=6)
    cases(found, 5, at=None)
    assert words(agreement)[0] == "6"


def test_given_this_month_when_something_happens_then_the_numbers_stay_those_of_the_last_month(agreement):
    found = a_counted_list(taken_over=6, still_open=6, ended_at=datetime(2028, 2, 1, 0, 0, tzinfo=BERLIN))
    cases(found, 5, at=datetime(2028, 2, 2, 9, 0, tzinfo=UTC))
    a_release(found, at=datetime(2028, 2, 2, 9, 0, tzinfo=UTC), started=12, involved=12)
    assert words(agreement) == ("12", "0", "0", "12", "0", "0")
    assert words(agreement, today=date(2028, 3, 1)) == ("17", "6", "0", "11", "12", "12")


@pytest.mark.parametrize(
    ("today", "is_counted"), [(date(2027, 4, 26), False), (date(2027, 4, 30), False), (date(2027, 5, 1), True)]
)
def test_given_a_release_in_april_when_may_begins_then_its_numbers_are_shown(agreement, today, is_counted):
    a_counted_list(still_open=6)
    found = line(agreement, today=today)
    assert (found.released_on, found.is_in_time) == (date(2027, 4, 26), True)
    assert bool(found.numbers) is is_counted


def test_given_several_versions_when_asked_then_the_first_release_counts(agreement):
    found = a_counted_list(still_open=6, at=datetime(2028, 5, 2, 21, 59, 59, tzinfo=UTC), year=2028)
    a_release(found, at=datetime(2028, 9, 1, 8, 0, tzinfo=UTC))
    late = a_list(year=2029)
    a_version(late)
    sender = found.sender_id
    assert releases_of(agreement, 2028, 2029) == {(2028, sender): date(2028, 5, 2), (2029, sender): None}
    assert [released_on(agreement, sender, year) for year in (2027, 2028, 2029)] == [None, date(2028, 5, 2), None]


def test_given_the_first_moment_of_3_may_2028_when_asked_then_it_is_the_day_in_hessen_and_late(agreement):
    a_counted_list(year=2028, at=datetime(2028, 5, 2, 22, 0, tzinfo=UTC))
    found = line(agreement, year=2028, today=date(2028, 6, 1))
    assert (found.released_on, found.due_on, found.is_in_time) == (date(2028, 5, 3), date(2028, 5, 2), False)


def test_given_another_agreement_when_counted_then_its_lists_are_not_among_them(agreement):
    a_counted_list(still_open=9)
    other = a_second_agreement()
    assert all(each.numbers is None for each in counts_of(other, LATER).lines)


def test_given_the_page_when_its_context_is_walked_then_no_small_number_is_in_it(agreement, client):
    a_counted_list(taken_over=4, ended=2, still_open=1, started=3, involved=2)
    a_counted_list(taken_over=1, ended=11, still_open=12, year=2026, at=datetime(2026, 4, 1, tzinfo=UTC))
    found = whole_numbers(shown(client).context["page"])
    assert found
    assert not [number for number in found if 0 < number < 5 and not isinstance(number, bool)]


ALIKE = [((4, 2, 1), (1, 2, 4)), ((3, 10, 0), (1, 12, 0)), ((4, 4, 0), (1, 1, 6)), ((1, 0, 0), (2, 1, 1))]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_given_two_truths_that_must_not_be_told_apart_when_shown_then_the_pages_are_the_same(client, one, other):
    client.force_login(a_user(role="member"))
    pages = []
    for taken_over, ended, still_open in (one, other):
        with transaction.atomic():
            a_counted_list(taken_over=taken_over, ended=ended, still_open=still_open)
            pages.append(client.get(PAGE).content.decode())
            transaction.set_rollback(True)
    assert "2027" in pages[0]
    assert re.sub(CHANGING, "", pages[0]) == re.sub(CHANGING, "", pages[1])


def test_given_a_list_when_the_page_opens_then_it_says_both_years_the_deadline_and_that_it_was_kept(agreement, client):
    a_counted_list(taken_over=12, ended=6, still_open=7)
    found = text(shown(client))
    for sentence in (
        "Die Übergangsliste 2028 (Schulabgänge 2029) ist bis So 30.04.2028 freizugeben, wirksam bis Di 02.05.2028.",
        "2027 Schulabgänge 2028 Fr 30.04.2027 Mo 26.04.2027 fristgerecht 25 12 6 7",
        "Stand vom Mo 31.01.2028",
        "ab Mi 01.03.2028",
    ):
        assert sentence in found


def test_given_no_list_and_a_deadline_before_the_introduction_when_opened_then_the_page_says_so(
    agreement, client, settings
):
    agreement.introduced_on = date(2028, 6, 1)
    agreement.save()
    settings.KOK_NOW = "2028-06-05T09:00"
    assert "Hier ist noch keine Liste freigegeben." in text(shown(client))


def test_given_the_list_of_this_year_is_released_when_opened_then_the_page_names_the_next_deadline(client, settings):
    a_counted_list(taken_over=12, ended=6, still_open=7)
    settings.KOK_NOW = "2027-06-01T09:00"
    assert (
        "(Schulabgänge 2028) ist freigegeben. Die Übergangsliste 2028 ist bis So 30.04.2028 freizugeben, wirksam bis Di"
        in text(shown(client))
    )


def test_given_next_years_list_is_released_early_when_opened_then_the_page_names_the_deadline_of_the_one_after_it(
    client, settings
):
    settings.KOK_NOW = "2026-11-29T09:00"
    for year in (2026, 2027):
        a_counted_list(still_open=6, year=year, at=datetime(2026, 11, 1, tzinfo=UTC))
    assert "ist freigegeben. Die Übergangsliste 2028 ist bis So 30.04.2028 freizugeben, wirksam bis Di" in text(
        shown(client)
    )


def test_given_an_agreement_with_another_day_for_its_lists_when_shown_then_each_place_follows_its_own(
    agreement, settings
):
    other = a_second_agreement(lists_due=(5, 15))
    theirs = a_draft([], by=an_access(agreement=other, partner=OTHER_COUNTY))
    ours = a_draft([], by=an_access(agreement=agreement, partner="wetteraukreis"))
    for place, draft, days in (
        (other, theirs, (date(2027, 5, 15), date(2027, 5, 18))),  # a Saturday before Pfingsten
        (agreement, ours, (date(2027, 4, 30), date(2027, 4, 30))),
    ):
        officer = an_access(agreement=place, partner=draft.transition_list.sender.slug)
        (listed,) = listed_for(officer)
        assert (listed.due_on, listed.effective_on) == days
        found = line(place, today=date(2027, 5, 17))
        assert (found.nominal_due_on, found.due_on) == days
        assert deadline(draft.transition_list, date(2027, 3, 1)).due_on == days[0]
        assert [each.effective_on for each in years_for(officer, [], date(2027, 3, 1)) if each.year == 2027] == [
            days[1]
        ]
        page = enter(officer.user, agreement=place).get(reverse("transitions:lists", args=[place.slug]))
        assert f"Bis zum {days[0]:%d.%m.} jedes Jahres" in page.content.decode()
        draft.number = 2
        assert adds_late(draft, date(2027, 5, 17)) is (place == agreement)


def test_given_a_passed_deadline_when_opened_then_the_page_says_so(client, settings):
    settings.KOK_NOW = "2028-05-03T09:00"
    found = text(shown(client))
    assert "ist hier noch nicht freigegeben. Die Frist endete am Di 02.05.2028." in found


@pytest.mark.parametrize(("role", "is_inside"), [("member", False), ("secretariat", False), ("case-officer", True)])
def test_given_a_role_when_the_page_opens_then_only_the_case_unit_is_led_into_the_sealed_area(client, role, is_inside):
    answer = shown(client, role)
    found = answer.content.decode()
    assert ("/uebergaenge/eintreten" in found) is is_inside
    assert "/uebergaenge/regelaltersgrenze" in found
    assert "/uebergaenge/zustaendigkeit" in found
    assert [entry.label for entry in answer.context["navigation"] if entry.current] == ["Übergänge"]


def test_given_many_lists_when_counted_then_the_queries_stay_the_same(agreement, django_assert_num_queries):
    a_counted_list(still_open=6)
    with django_assert_num_queries(6):
        counts_of(agreement, LATER)
    for year in range(2022, 2027):
        a_counted_list(still_open=6, taken_over=5, year=year, at=datetime(year, 4, 1, tzinfo=UTC))
    with django_assert_num_queries(6):
        counts_of(agreement, LATER)


def test_given_years_that_were_owed_and_never_released_when_opened_then_each_stands_there_as_missing(
    agreement, client, settings
):
    agreement.introduced_on = date(2026, 4, 1)
    agreement.save()
    a_counted_list(taken_over=12, ended=6, still_open=7)
    settings.KOK_NOW = f"{LATER}T09:00"
    found = counts_of(agreement, LATER).lines
    assert [(each.year, each.is_overdue) for each in found] == [(2028, False), (2027, False), (2026, True)]
    told = text(shown(client))
    assert "Die Übergangsliste 2026 (Schulabgänge 2027) ist hier noch nicht freigegeben." in told
    assert "Die Übergangsliste 2028 (Schulabgänge 2029) ist bis So 30.04.2028 freizugeben" in told
    assert "2026 Schulabgänge 2027 Do 30.04.2026 fehlt nach der Freigabe" in told


def test_given_an_agreement_younger_than_a_deadline_when_counted_then_that_year_is_not_missing(agreement):
    agreement.in_force_on = agreement.introduced_on = agreement.rotation_anchor_on = date(2027, 5, 1)
    agreement.save()
    assert [each.year for each in counts_of(agreement, LATER).lines] == [2028]
