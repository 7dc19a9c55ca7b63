"""Deadlines keep the rule of their day when the agreement is amended (domain.md, Punkt 11)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kok.errors import Refused
from members.actions import load_agreement
from members.models import Agreement
from reporting.duties.actions.submissions import record_submission
from reporting.duties.queries.duties import duties_of
from reporting.duties.queries.ledger import ledger_of
from tests.builders import a_meeting, a_user, amended, an_agreement, the_partner, wetterau

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def obligations(code, **values):
    """The obligations of the shipped file, one of them otherwise."""
    return tuple(replace(each, **values) if each.code == code else each for each in wetterau().obligations)


def amend(**parts):
    an_agreement()
    load_agreement(file=amended(**parts), by=None, now=NOW)
    return Agreement.objects.get()


def due_on(agreement, code, years):
    ledger = ledger_of(agreement, min(years), max(years))
    return [each.occurrence.nominal_due_on for each in duties_of(ledger, years, TODAY) if each.rule.code == code]


def test_given_another_day_for_8b_when_asked_then_each_year_has_one_deadline_and_what_was_due_stays():
    agreement = amend(on=date(2025, 5, 1), obligations=obligations("O-04", month=5, day=15))
    days = due_on(agreement, "O-04", [2024, 2025, 2026])
    assert days == [date(2024, 4, 30), date(2025, 4, 30), date(2026, 5, 15)]


def test_given_another_day_for_8d_when_asked_then_the_stichtag_decides():
    agreement = amend(on=date(2025, 1, 1), obligations=obligations("O-06", month=5, day=15))
    days = due_on(agreement, "O-06", [2025, 2026])
    assert days == [date(2025, 4, 30), date(2026, 5, 15)]  # that of 31.12.2024 was still asked by the old rule


def test_given_a_duty_that_is_dropped_when_asked_then_only_what_was_due_before_remains():
    left = tuple(each for each in wetterau().obligations if each.code != "O-05")
    agreement = amend(on=date(2025, 1, 1), obligations=left)
    assert due_on(agreement, "O-05", [2024, 2025, 2026]) == [date(2024, 4, 30), date(2025, 4, 30)]


def test_given_three_meetings_from_2026_on_when_asked_then_the_years_before_still_need_two():
    agreement = amend(on=date(2026, 1, 1), meetings=replace(wetterau().meetings, minimum_per_year=3))
    duties = duties_of(ledger_of(agreement, 2025, 2026), [2025, 2026], TODAY)
    assert [each.name for each in duties if each.rule.code == "O-02"] == [
        "2 Sitzungen im Jahr 2025",
        "3 Sitzungen im Jahr 2026",
    ]


def test_given_a_longer_notice_when_meetings_are_asked_then_each_invitation_keeps_the_rule_of_its_day():
    agreement = amend(on=date(2026, 1, 1), periods=replace(wetterau().periods, notice_days=21))
    a_meeting(on=date(2026, 1, 14))
    a_meeting(on=date(2026, 3, 18))
    assert due_on(agreement, "O-01", [2025, 2026]) == [date(2025, 12, 31), date(2026, 2, 25)]


def test_given_a_dropped_duty_when_it_is_recorded_then_only_for_the_years_in_which_it_was_owed():
    left = tuple(each for each in wetterau().obligations if each.code != "O-05")
    agreement = amend(on=date(2025, 1, 1), obligations=left)
    by = a_user(role="reporter")

    def record(year):
        return record_submission(
            agreement=agreement, code="O-05", due_year=year, debtor=the_partner(), submitted_on=date(year, 4, 2),
            channel="STATEWIDE", evidence="Nachweis", by=by, now=NOW,
        )  # fmt: skip

    assert record(2025).code == "O-05"
    with pytest.raises(Refused, match="gibt es im Jahr 2026 keine solche Frist"):
        record(2026)


@pytest.mark.parametrize("amendments", [0, 4])
def test_given_more_versions_when_the_ledger_is_read_then_the_queries_stay_the_same(
    django_assert_num_queries, amendments
):
    agreement = an_agreement()
    for n in range(amendments):
        changed = obligations("O-04", day=20 + n)
        load_agreement(file=amended(on=date(2025, 6, 1 + n), obligations=changed), by=None, now=NOW)
    agreement = Agreement.objects.get()
    with django_assert_num_queries(6):
        duties_of(ledger_of(agreement, 2025, 2027), [2025, 2026, 2027], TODAY)
