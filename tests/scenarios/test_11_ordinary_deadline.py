"""Scenario 11: on 30.04.2027 nothing moves, and three duties talk about two different years."""

from datetime import date

from kok.workdays import Policy
from members.rules.codes import Reference
from reporting.duties.rules.occurrences import occurrence
from tests.reporting.yearly_rule import AYearlyRule


def yearly(clause, reference):
    return AYearlyRule(
        code=clause,
        clause=clause,
        month=4,
        day=30,
        policy=Policy.ROLL_FORWARD,
        reference=reference,
        first_year=2022,
    )


def test_11_given_friday_30_04_2027_when_due_then_nothing_moves_and_each_duty_names_its_own_year():
    stichtag = Reference.REFERENCE_DATE_PREVIOUS_YEAR_END
    rules = [
        yearly("8b", Reference.LEAVERS_OF_FOLLOWING_YEAR),
        yearly("8c", stichtag),
        yearly("8d", stichtag),
    ]
    found = [occurrence(rule, 2027) for rule in rules]
    assert {each.effective_due_on for each in found} == {date(2027, 4, 30)}
    assert [(each.clause, each.reference) for each in found] == [
        ("8b", "2028"),
        ("8c", "2026-12-31"),
        ("8d", "2026-12-31"),
    ]
