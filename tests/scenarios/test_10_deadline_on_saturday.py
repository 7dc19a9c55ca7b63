"""Scenario 10: given 30.04.2033, a Saturday, then the effective day is Monday 02.05.2033."""

from datetime import date

from kok.workdays import Policy, due


def test_given_a_deadline_on_a_saturday_before_the_first_of_may_when_it_rolls_then_monday_the_second_counts():
    nominal = date(2033, 4, 30)
    assert nominal.strftime("%A") == "Saturday"
    effective = due(nominal, Policy.ROLL_FORWARD)
    assert effective == date(2033, 5, 2)
    assert effective.strftime("%A") == "Monday"
