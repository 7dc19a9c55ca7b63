"""Scenario 26: up to the reference day 31.12.2023 the county was responsible, and the number is expected."""

from datetime import date

import pytest

from reporting.figures.actions.importing import check_file
from tests.reporting.figures import a_file

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", ["2022-12-31", "2023-12-31"])
def test_26_given_a_reference_day_before_2024_when_the_total_is_above_0_then_nothing_is_doubtful(day):
    found = check_file(content=a_file("KOK-8C", reference_date=day), today=date(2027, 3, 15))
    assert (found.problems, found.warnings) == ([], [])
