"""The values of an authority on any day, whatever was changed before and whatever is planned."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kok.errors import Refused
from members.rules.authorities import FIELDS, check_day, check_free, really_new, take_effect, values_on

FIRST = date(2026, 1, 1)
ON_1_JUNE = {"signed_on": date(2025, 2, 1), "today": date(2026, 6, 1)}
DAYS = st.integers(0, 60).map(lambda n: FIRST + timedelta(days=n))
SOME_VALUES = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from("abc"), min_size=1)


@dataclass
class Change:
    """As the row of the database, without the database."""

    from_on: date
    values: dict[str, str]
    replaced: dict[str, str] | None = None


def told_by_the_days(oldest, changes, day):
    """The plain reading: begin with the oldest values, and let every change happen on its day."""
    found = dict(oldest)
    for change in changes:
        if change.from_on <= day:
            found |= change.values
    return found


@given(
    oldest=st.fixed_dictionaries({name: st.sampled_from("abc") for name in FIELDS}),
    entered=st.dictionaries(DAYS, SOME_VALUES, max_size=6),
    today=DAYS,
    day=DAYS,
)
def test_given_changes_when_some_are_done_and_some_planned_then_every_day_has_the_values_of_its_day(
    oldest, entered, today, day
):
    changes = [Change(from_on, values) for from_on, values in sorted(entered.items())]
    present = dict(oldest)
    for change in changes:
        if change.from_on <= today:
            change.replaced = {name: present[name] for name in change.values}
            present |= change.values
    assert present == told_by_the_days(oldest, changes, today)
    assert values_on(present, changes, day) == told_by_the_days(oldest, changes, day)


@given(
    oldest=st.fixed_dictionaries({name: st.sampled_from("abc") for name in FIELDS}),
    entered=st.lists(st.tuples(DAYS, SOME_VALUES), max_size=6),
    day=DAYS,
)
def test_given_changes_entered_in_any_order_when_each_takes_effect_then_every_day_has_the_values_of_its_day(
    oldest, entered, day
):
    changes, present = [], dict(oldest)
    for from_on, values in entered:
        change = Change(from_on, values)
        present |= take_effect(change, [each for each in changes if each.from_on > from_on], present)
        changes = sorted([*changes, change], key=lambda each: each.from_on)  # of the same day in the order of entry
    assert present == told_by_the_days(oldest, changes, date.max)
    assert values_on(present, changes, day) == told_by_the_days(oldest, changes, day)


def test_given_two_changes_of_the_same_day_when_both_are_done_then_the_second_counts_and_the_day_before_keeps_its_own():
    day = date(2026, 3, 1)
    changes = [Change(day, {"city": "b"}, {"city": "a"}), Change(day, {"city": "c"}, {"city": "b"})]
    assert values_on({"city": "c"}, changes, day)["city"] == "c"
    assert values_on({"city": "c"}, changes, day - timedelta(days=1))["city"] == "a"


@pytest.mark.parametrize(
    ("from_on", "exists", "said"),
    [
        (date(2026, 2, 28), (None, None), "Seit dem 01.03.2026 gelten schon andere Angaben"),
        (date(2025, 2, 1), (None, None), "Am 01.02.2025 ist eine Vereinbarung der Behörde in Kraft getreten."),
        (date(2020, 1, 1), (None, None), "ist unterschrieben und bleibt. Es wurde nichts geändert. Wählen Sie einen"),
        (date(2026, 9, 1), (None, None), "Ab dem 01.09.2026 ist schon eine Änderung vorgesehen"),
        (date(2026, 4, 1), (date(2026, 5, 1), None), "Die Behörde besteht ab dem 01.05.2026."),
        (date(2026, 7, 1), (date(2026, 1, 1), date(2026, 7, 1)), "besteht ab dem 01.01.2026 bis zum 30.06.2026."),
    ],
)
def test_given_a_day_that_cannot_be_when_asked_then_the_sentence_says_why_and_what_to_do(from_on, exists, said):
    changes = [Change(date(2026, 3, 1), {"city": "b"}, {"city": "a"}), Change(date(2026, 9, 1), {"city": "c"})]
    with pytest.raises(Refused) as refused:
        check_day(from_on, changes, exists=exists, **ON_1_JUNE)
    assert said in refused.value.sentence
    assert "Es wurde nichts geändert." in refused.value.sentence


def test_given_the_day_of_a_change_or_a_later_one_when_asked_then_it_is_free_to_correct_what_was_wrong():
    changes = [Change(day, {"city": "b"}, {"city": "a"}) for day in (date(2025, 3, 1), date(2026, 3, 1))]
    for day in (date(2025, 3, 1), date(2026, 3, 1), date(2026, 3, 2)):
        check_day(day, changes, exists=(None, None), **ON_1_JUNE)


def test_given_a_day_more_than_a_year_ago_when_asked_then_it_is_refused_and_the_year_itself_is_free():
    with pytest.raises(Refused, match=r"höchstens ein Jahr zurück.+Wählen Sie den 01.06.2025 oder einen späteren"):
        check_day(date(2025, 5, 31), [], exists=(None, None), **ON_1_JUNE)
    check_day(date(2025, 6, 1), [], exists=(None, None), **ON_1_JUNE)
    on_leap_day = {"exists": (None, None), "signed_on": None, "today": date(2028, 2, 29)}
    check_day(date(2027, 2, 28), [], **on_leap_day)


@pytest.mark.parametrize("name", ["LWV Hessen", "lwv  hessen "])
def test_given_a_name_that_another_authority_bears_when_wanted_then_it_is_refused(name):
    for field in ("name", "short_name"):
        with pytest.raises(Refused, match="heißt schon eine andere Behörde"):
            check_free({field: name}, ["LWV Hessen"])
    check_free({"city": name, "name": "LWV"}, ["LWV Hessen"])


def test_given_values_that_count_already_when_wanted_then_only_the_others_are_new_and_none_is_refused():
    assert really_new({"city": "a", "name": "n"}, {"city": "b", "name": "n"}) == {"city": "b"}
    with pytest.raises(Refused, match="gelten an diesem Tag schon"):
        really_new({"city": "a"}, {"city": "a"})
