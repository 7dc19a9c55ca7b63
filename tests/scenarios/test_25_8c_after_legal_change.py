"""Scenario 25: since 01.01.2024 the LWV is responsible past the Regelaltersgrenze (§ 2 HAG/SGB IX); 8c expects 0."""

from datetime import date

import pytest

from reporting.figures.actions.importing import check_file
from tests.builders import an_agreement
from tests.reporting.figures import a_file, a_row, imported

pytestmark = pytest.mark.django_db
TODAY = date(2027, 3, 15)


@pytest.mark.parametrize("day", ["2024-12-31", "2025-12-31", "2026-12-31"])
def test_25_given_a_reference_day_from_2024_when_the_total_is_above_0_then_a_warning_cites_the_law(day):
    found = check_file(content=a_file("KOK-8C", reference_date=day), today=TODAY)
    (warning,) = found.warnings
    assert (warning.rule, warning.row, warning.is_warning) == ("V-C09", 2, True)
    assert "Seit dem 01.01.2024 ist nach § 2 HAG/SGB IX der LWV zuständig" in warning.sentence
    assert found.problems == []


def test_25_given_a_reference_day_from_2024_when_the_total_is_0_then_it_is_normal():
    an_agreement()
    revision = imported("KOK-8C", rows=[a_row("KOK-8C", person_count=0)], reference_date="2024-12-31")
    assert revision.warnings == []
    assert [cell.value for cell in revision.cells.all()] == [0]
