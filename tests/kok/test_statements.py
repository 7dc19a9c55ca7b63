"""A kept statement gives what the ORM gives, for every value, on every connection."""

from datetime import date
from threading import Thread

import pytest
from django.db import connection, connections
from django.db.models import F

from kok.models import User
from kok.statements import Kept
from members.models import Partner, RoleAssignment
from tests.builders import a_user, an_agreement

pytestmark = pytest.mark.django_db


def _by_slug(agreement: int, slug: str):
    found = Partner.objects.filter(agreement=agreement, authority__slug=slug).select_related("agreement")
    return found.annotate(also=F("authority__slug"))


def _held(user: int, day: date):
    return RoleAssignment.objects.filter(user=user, period__contains=day).order_by("pk")


def test_given_a_kept_statement_when_asked_for_one_value_after_the_other_then_it_is_what_the_orm_finds():
    agreement = an_agreement()
    kept = Kept(_by_slug, int, str)
    for slug in ("lwv-hessen", "wetteraukreis", "nobody", "lwv-hessen"):
        found = kept(agreement.pk, slug)
        assert found == list(_by_slug(agreement.pk, slug))
        assert [(row.also, row.agreement.slug) for row in found] == [(row.slug, "wetteraukreis") for row in found]
    assert kept(agreement.pk + 1, "lwv-hessen") == []


def test_given_days_in_and_after_a_period_when_asked_then_only_what_holds_on_the_day_is_found():
    an_agreement()
    user = a_user(role="member")
    kept = Kept(_held, int, date)
    days = (date(2020, 1, 1), date(2026, 11, 20), date(2026, 11, 20))
    assert [len(kept(user.pk, day)) for day in days] == [_held(user.pk, day).count() for day in days]
    assert kept(user.pk, date(2026, 11, 20))


def test_given_rows_when_one_is_changed_by_its_finder_then_the_next_call_reads_it_anew():
    an_agreement()
    user = a_user(role="member")
    kept = Kept(lambda pk: User.objects.filter(pk=pk), int)
    kept(user.pk)[0].username = "anders"
    assert kept(user.pk)[0].username == user.username


def test_given_a_key_larger_than_any_when_asked_then_there_is_nothing():
    assert Kept(lambda pk: User.objects.filter(pk=pk), int)(10**30) == []


def test_given_a_value_that_the_query_does_not_use_when_asked_then_it_is_told():
    with pytest.raises(ValueError, match="Nicht in der Abfrage"):
        Kept(lambda pk, other: User.objects.filter(pk=pk), int, int)(1, 2)


def test_given_a_column_of_small_numbers_when_asked_then_it_is_what_the_orm_finds():
    agreement = an_agreement()
    kept = Kept(lambda agreement, position: Partner.objects.filter(agreement=agreement, position=position), int, int)
    for position in (*agreement.partners.values_list("position", flat=True), 70_000):
        assert kept(agreement.pk, position) == list(agreement.partners.filter(position=position))


def test_given_rows_that_would_be_read_afterwards_when_asked_then_it_is_told_that_they_would_be_missing():
    with pytest.raises(ValueError, match="prefetch_related"):
        Kept(lambda pk: User.objects.filter(pk=pk).prefetch_related("groups"), int)(1)


def test_given_another_connection_in_the_same_thread_when_asked_then_that_one_answers():
    user = a_user(username="eins")
    kept = Kept(lambda pk: User.objects.filter(pk=pk), int)
    here = connections["default"]
    assert len(kept(user.pk)) == 1
    other = here.copy()
    other.inc_thread_sharing()
    connections["default"] = other
    try:
        assert kept(user.pk) == []  # which sees only what was committed
    finally:
        connections["default"] = here
        other.close()
    assert len(kept(user.pk)) == 1


def test_given_two_threads_when_both_ask_then_each_does_so_on_its_own_connection():
    user = a_user(username="eins")
    kept = Kept(lambda pk: User.objects.filter(pk=pk), int)
    seen = [kept(user.pk)]

    def elsewhere() -> None:
        try:
            seen.append(kept(user.pk))  # another connection does not see what this test has not committed
        finally:
            connection.close()

    thread = Thread(target=elsewhere)
    thread.start()
    thread.join()
    seen.append(kept(user.pk))
    assert [[row.username for row in rows] for rows in seen] == [["eins"], [], ["eins"]]
