"""The Hessian calendar against the tables of the rule book (2.2, 2.6, 2.7)."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kok.errors import Refused
from kok.workdays import FIRST_YEAR, LAST_YEAR, Policy, due, holiday_name, holidays_of, is_workday

EFFECTIVE_END_OF_30_APRIL = [
    (2022, "02.05."), (2023, "02.05."), (2024, "30.04."), (2025, "30.04."), (2026, "30.04."), (2027, "30.04."),
    (2028, "02.05."), (2029, "30.04."), (2030, "30.04."), (2031, "30.04."), (2032, "30.04."), (2033, "02.05."),
    (2034, "02.05."), (2035, "30.04."), (2036, "30.04."), (2037, "30.04."), (2038, "30.04."), (2039, "02.05."),
    (2040, "30.04."),
]  # fmt: skip

FEASTS = ("Karfreitag", "Ostermontag", "Christi Himmelfahrt", "Pfingstmontag", "Fronleichnam")
MOVABLE_FEASTS = """
2022 15.04. 18.04. 26.05. 06.06. 16.06.
2023 07.04. 10.04. 18.05. 29.05. 08.06.
2024 29.03. 01.04. 09.05. 20.05. 30.05.
2025 18.04. 21.04. 29.05. 09.06. 19.06.
2026 03.04. 06.04. 14.05. 25.05. 04.06.
2027 26.03. 29.03. 06.05. 17.05. 27.05.
2028 14.04. 17.04. 25.05. 05.06. 15.06.
2029 30.03. 02.04. 10.05. 21.05. 31.05.
2030 19.04. 22.04. 30.05. 10.06. 20.06.
2031 11.04. 14.04. 22.05. 02.06. 12.06.
2032 26.03. 29.03. 06.05. 17.05. 27.05.
2033 15.04. 18.04. 26.05. 06.06. 16.06.
2034 07.04. 10.04. 18.05. 29.05. 08.06.
2035 23.03. 26.03. 03.05. 14.05. 24.05.
2036 11.04. 14.04. 22.05. 02.06. 12.06.
2037 03.04. 06.04. 14.05. 25.05. 04.06.
2038 23.04. 26.04. 03.06. 14.06. 24.06.
2039 08.04. 11.04. 19.05. 30.05. 09.06.
2040 30.03. 02.04. 10.05. 21.05. 31.05.
"""
FIXED_FEASTS = {
    "01.01.": "Neujahr",
    "01.05.": "Erster Mai",
    "03.10.": "Tag der Deutschen Einheit",
    "25.12.": "Erster Weihnachtstag",
    "26.12.": "Zweiter Weihnachtstag",
}
NO_HOLIDAYS = ["06.01.", "15.08.", "31.10.", "01.11.", "24.12.", "31.12."]

days = st.dates(date(FIRST_YEAR, 2, 1), date(LAST_YEAR, 11, 30))


def on(year: int, day_and_month: str) -> date:
    day, month, _ = day_and_month.split(".")
    return date(year, int(month), int(day))


@pytest.mark.parametrize(("year", "effective"), EFFECTIVE_END_OF_30_APRIL)
def test_given_a_year_when_a_deadline_ends_on_30_april_then_its_effective_day_is_that_of_the_table(year, effective):
    assert due(date(year, 4, 30), Policy.ROLL_FORWARD) == on(year, effective)


@pytest.mark.parametrize("row", MOVABLE_FEASTS.split("\n")[1:-1], ids=lambda row: row[:4])
def test_given_a_year_when_its_holidays_are_listed_then_they_are_those_of_the_table_and_no_others(row):
    year, *feasts = row.split()
    expected = {on(int(year), day): name for day, name in zip(feasts, FEASTS, strict=True)}
    expected |= {on(int(year), day): name for day, name in FIXED_FEASTS.items()}
    assert dict(holidays_of(int(year))) == expected
    assert list(holidays_of(int(year))) == sorted(expected)


@pytest.mark.parametrize("day", NO_HOLIDAYS)
def test_given_a_feast_of_other_states_when_it_falls_on_a_wednesday_then_it_is_a_workday_in_hessen(day):
    year = next(year for year in range(2024, 2040) if on(year, day).weekday() == 2)
    assert is_workday(on(year, day))
    assert holiday_name(on(year, day)) is None


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 5, 16)], ids=["Ostersonntag", "Pfingstsonntag"])
def test_given_easter_or_whit_sunday_when_asked_then_it_is_no_workday_although_it_is_only_a_sunday_by_law(day):
    assert not is_workday(day)
    assert day not in holidays_of(2027)


@pytest.mark.parametrize(
    ("nominal", "policy", "effective"),
    [
        (date(2027, 5, 6), Policy.ROLL_BACK, date(2027, 5, 5)),  # Ladungsfrist on Himmelfahrt
        (date(2026, 12, 24), Policy.ROLL_FORWARD, date(2026, 12, 24)),  # minutes on Christmas Eve, a Werktag
        (date(2027, 12, 31), Policy.FIXED, date(2027, 12, 31)),  # Stichtag
        (date(2028, 12, 31), Policy.FIXED, date(2028, 12, 31)),  # Stichtag on a Sunday
        (date(2027, 3, 26), Policy.ROLL_FORWARD, date(2027, 3, 30)),  # Karfreitag to after Ostermontag
        (date(2027, 3, 29), Policy.ROLL_BACK, date(2027, 3, 25)),  # Ostermontag to Gründonnerstag
    ],
)
def test_given_a_policy_when_a_day_is_no_workday_then_it_moves_only_the_way_of_the_policy(nominal, policy, effective):
    assert due(nominal, policy) == effective


@settings(deadline=None)  # the first question loads the calendar
@given(st.integers(FIRST_YEAR, LAST_YEAR))
def test_given_any_year_when_a_deadline_ends_on_30_april_then_it_ends_on_30_april_or_2_may(year):
    assert due(date(year, 4, 30), Policy.ROLL_FORWARD) in {date(year, 4, 30), date(year, 5, 2)}


@settings(deadline=None)  # the first question loads the calendar
@given(days)
def test_given_any_day_when_it_rolls_then_it_reaches_the_nearest_workday_within_four_days(day):
    forward, back = due(day, Policy.ROLL_FORWARD), due(day, Policy.ROLL_BACK)
    assert day - timedelta(days=4) <= back <= day <= forward <= day + timedelta(days=4)
    assert is_workday(back)
    assert is_workday(forward)
    between = [back + timedelta(days=n) for n in range(1, (forward - back).days)]
    assert not any(is_workday(skipped) for skipped in between)
    assert due(day, Policy.FIXED) == day


@settings(deadline=None)  # the first question loads the calendar
@given(days)
def test_given_an_extra_holiday_on_a_workday_when_a_deadline_ends_there_then_it_moves_on(day):
    assume(is_workday(day))
    assert not is_workday(day, [day])
    assert holiday_name(day, [day]) == "zusätzlicher Feiertag"
    assert due(day, Policy.ROLL_FORWARD, [day]) == due(day + timedelta(days=1), Policy.ROLL_FORWARD)
    assert due(day, Policy.ROLL_BACK, [day]) == due(day - timedelta(days=1), Policy.ROLL_BACK)


def test_given_extra_holidays_from_a_generator_when_several_days_are_skipped_then_each_of_them_counts():
    extra = (day for day in [date(2027, 4, 30), date(2027, 5, 3), date(2027, 5, 4)])
    assert due(date(2027, 4, 30), Policy.ROLL_FORWARD, extra) == date(2027, 5, 5)


@pytest.mark.parametrize("year", [FIRST_YEAR - 1, LAST_YEAR + 1, 1, 9999])
def test_given_a_year_without_known_holidays_when_asked_then_it_is_refused_instead_of_guessed(year):
    with pytest.raises(Refused, match=rf"{year}.*1991 bis 2100"):
        holidays_of(year)
    assert due(date(year, 6, 5), Policy.FIXED) == date(year, 6, 5)
