"""The day of a meeting and its notice (domain.md 2.7, 7.3)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kok.errors import Refused
from kok.workdays import is_workday
from meetings.convening.rules.notice import check_meeting_day, check_notice, is_short, latest_dispatch_on

TODAY = date(2027, 1, 4)
PARTNERS = ("Wetteraukreis", "LWV Hessen")


@pytest.mark.parametrize(
    ("meets_on", "days", "latest"),
    [
        ("2027-05-20", 14, "2027-05-05"),  # 06.05.2027 is Himmelfahrt: the example of the rule book
        ("2027-05-21", 14, "2027-05-07"),
        ("2027-05-10", 14, "2027-04-26"),
        ("2026-01-15", 14, "2025-12-31"),  # 01.01. is a holiday, 31.12. is none
        ("2026-04-20", 14, "2026-04-02"),  # Ostermontag, weekend, Karfreitag
        ("2027-05-24", 7, "2027-05-14"),  # Pfingstmontag and the weekend before
        ("2027-05-20", 0, "2027-05-20"),
    ],
)
def test_given_a_meeting_when_counting_back_then_the_notice_never_becomes_shorter(meets_on, days, latest):
    assert latest_dispatch_on(date.fromisoformat(meets_on), days) == date.fromisoformat(latest)


def test_given_an_extra_holiday_when_counting_back_then_it_is_passed_over():
    assert latest_dispatch_on(date(2027, 5, 10), 14, [date(2027, 4, 26)]) == date(2027, 4, 23)


@given(st.dates(date(1992, 1, 1), date(2100, 12, 31)), st.integers(0, 60))
def test_given_any_meeting_when_counting_back_then_it_is_a_workday_not_too_late_and_the_last_one(meets_on, days):
    latest = latest_dispatch_on(meets_on, days)
    nominal = meets_on - timedelta(days=days)
    between = [latest + timedelta(days=n) for n in range(1, (nominal - latest).days + 1)]
    assert is_workday(latest)
    assert latest <= nominal
    assert not any(map(is_workday, between))


@pytest.mark.parametrize("day", ["2027-01-04", "2027-05-20", "2027-12-24", "2027-12-31"])
def test_given_a_workday_from_today_on_when_planned_then_there_is_nothing_to_say(day):
    assert check_meeting_day(date.fromisoformat(day), TODAY) is None


def test_given_a_saturday_when_planned_then_it_is_allowed_with_a_warning():
    assert check_meeting_day(date(2027, 5, 22), TODAY).startswith("Der 22.05.2027 ist ein Samstag.")


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2027-01-03", "liegt in der Vergangenheit"),
        ("2027-05-06", r"Feiertag \(Christi Himmelfahrt\)"),
        ("2027-05-23", "ist ein Sonntag"),
        ("2027-05-01", r"Feiertag \(Erster Mai\)"),  # a Saturday as well
        ("2027-09-15", r"Feiertag \(zusätzlicher Feiertag\)"),
        ("2101-01-05", "bis 2100"),
    ],
)
def test_given_a_day_on_which_nobody_can_meet_when_planned_then_the_sentence_says_why(day, says):
    with pytest.raises(Refused, match=says):
        check_meeting_day(date.fromisoformat(day), TODAY, [date(2027, 9, 15)])


@pytest.mark.parametrize("dispatch_on", ["2027-04-01", "2027-05-05"])
def test_given_an_invitation_in_time_when_sent_then_it_may(dispatch_on):
    check_notice(date.fromisoformat(dispatch_on), date(2027, 5, 20), 14, all_partners=PARTNERS)


@pytest.mark.parametrize(
    ("dispatch_on", "reason", "consents", "says"),
    [
        ("2027-05-06", "", (), r"Ladungsfrist von 14 Tagen.*05\.05\.2027.*begründen Sie die Dringlichkeit"),
        ("2027-05-06", " ", PARTNERS, "begründen Sie die Dringlichkeit"),
        ("2027-05-06", "Eilt", (), r"Es fehlt: Wetteraukreis, LWV Hessen\."),
        ("2027-05-20", "Eilt", ("Wetteraukreis",), r"Es fehlt: LWV Hessen\."),
        ("2027-05-21", "Eilt", PARTNERS, r"ist vorbei\. Es wurde nichts versandt"),
    ],
)
def test_given_a_late_invitation_when_sent_then_the_sentence_says_what_is_missing(dispatch_on, reason, consents, says):
    with pytest.raises(Refused, match=says):
        check_notice(
            date.fromisoformat(dispatch_on),
            date(2027, 5, 20),
            14,
            urgency_reason=reason,
            consenting_partners=consents,
            all_partners=PARTNERS,
        )


def test_given_urgency_with_reason_and_all_consents_when_sent_late_then_it_may():
    assert is_short(date(2027, 5, 18), date(2027, 5, 20), 14)
    check_notice(
        date(2027, 5, 18),
        date(2027, 5, 20),
        14,
        urgency_reason="Rücktritt eines Leistungserbringers",
        consenting_partners=PARTNERS,
        all_partners=PARTNERS,
    )
