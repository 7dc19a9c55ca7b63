"""Who is responsible for whom since when (domain.md 3.5)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from kok.errors import Refused
from transitions.rules.codes import Carrier, Evidence, PeopleGroup
from transitions.rules.responsibility import (
    EXAMPLES,
    REFORM,
    RULES,
    START,
    ResponsibilityChange,
    changes,
    history,
    responsible,
    rules_on,
    since,
)

LAST_OLD_DAY = date(2023, 12, 31)


@pytest.mark.parametrize(
    ("group", "old", "new"),
    [
        (PeopleGroup.SCHOOL, Carrier.LOCAL, Carrier.LOCAL),
        (PeopleGroup.AFTER_SCHOOL, Carrier.LWV, Carrier.LWV),
        (PeopleGroup.CONTINUED, Carrier.LWV, Carrier.LWV),
        (PeopleGroup.AFTER_LIMIT, Carrier.LOCAL, Carrier.LWV),
    ],
)
def test_given_a_group_when_asked_before_and_after_the_reform_then_the_carrier_is_that_of_the_rule_book(
    group, old, new
):
    assert [responsible(group, day).carrier for day in (START, LAST_OLD_DAY)] == [old, old]
    assert [responsible(group, day).carrier for day in (REFORM, date(2026, 11, 22))] == [new, new]


def test_given_any_day_when_asked_then_each_group_has_exactly_one_rule():
    for days in range(0, 4000, 7):
        assert sorted(rule.group for rule in rules_on(START + timedelta(days=days))) == sorted(PeopleGroup)


def test_given_a_group_when_its_history_is_read_then_it_begins_in_2020_and_has_neither_gap_nor_end():
    for group in PeopleGroup:
        rules = history(group)
        assert (rules[0].valid_from, rules[-1].valid_to) == (START, None)
        assert all(before.valid_to == after.valid_from for before, after in pairwise(rules))


@pytest.mark.parametrize(
    ("group", "on", "first_day"),
    [
        (PeopleGroup.AFTER_LIMIT, LAST_OLD_DAY, START),
        (PeopleGroup.AFTER_LIMIT, REFORM, REFORM),
        (PeopleGroup.AFTER_LIMIT, date(2030, 1, 1), REFORM),
        (PeopleGroup.AFTER_SCHOOL, date(2026, 11, 22), START),  # a new version of the law, the same carrier
        (PeopleGroup.SCHOOL, LAST_OLD_DAY, START),
    ],
)
def test_given_a_day_when_asked_since_when_then_versions_of_the_law_with_the_same_carrier_count_together(
    group, on, first_day
):
    assert since(group, on) == first_day


def test_given_the_table_when_asked_what_changed_then_it_is_one_group_on_1_january_2024():
    assert changes() == (ResponsibilityChange(PeopleGroup.AFTER_LIMIT, date(2024, 1, 1), Carrier.LOCAL, Carrier.LWV),)


def test_given_the_examples_when_asked_then_20_in_school_stays_with_the_county_and_17_after_school_is_with_the_lwv():
    today = date(2026, 11, 22)
    twenty, seventeen = ((text, responsible(group, today).carrier) for text, group in EXAMPLES)
    assert "20 Jahren" in twenty[0]
    assert "17 Jahren" in seventeen[0]
    assert (twenty[1], seventeen[1]) == (Carrier.LOCAL, Carrier.LWV)


def test_given_a_day_before_the_law_when_asked_then_a_sentence_says_from_when_on():
    with pytest.raises(Refused, match=r"beginnen am 01\.01\.2020"):
        rules_on(date(2019, 12, 31))


def test_given_the_rules_when_shown_then_what_was_not_read_in_the_law_is_called_an_own_reading():
    assert {rule.group for rule in RULES if rule.mark == Evidence.OWN} == {PeopleGroup.CONTINUED}
    assert responsible(PeopleGroup.CONTINUED, REFORM).proof.startswith("eigene Lesart, zu prüfen")
    assert responsible(PeopleGroup.SCHOOL, REFORM).proof.startswith("gefunden in: Änderungsgesetz")


def test_given_the_rules_when_cited_then_the_version_of_the_law_is_that_of_their_time():
    assert {(rule.valid_from, rule.legal_basis.version_of) for rule in RULES} == {
        (START, date(2018, 9, 13)),
        (REFORM, date(2023, 5, 24)),
    }
