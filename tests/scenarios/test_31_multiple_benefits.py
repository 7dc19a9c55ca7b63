"""Scenario 31: WfbM inside the county and housing outside are one person, at the place BOTH, once in the total."""

from datetime import date

import pytest

from reporting.figures.actions.importing import check_file
from tests.builders import an_agreement
from tests.reporting.figures import a_file, a_row, imported

pytestmark = pytest.mark.django_db
PLACES = ("IN", "OUT", "BOTH", "UNK")


def one_person(*, inside, outside, both):
    """The rows of a county with one person who works inside and lives outside."""
    counts = (inside, outside, both, 0)
    return [
        a_row("KOK-8D", person_count=1),
        *(a_row("KOK-8D", location=place, person_count=count) for place, count in zip(PLACES, counts, strict=True)),
        a_row("KOK-8D", service="S02", person_count=1),
        a_row("KOK-8D", service="S08", person_count=1),
    ]


def test_31_given_benefits_inside_and_outside_when_counted_at_both_then_the_totals_match():
    an_agreement()
    revision = imported("KOK-8D", rows=one_person(inside=0, outside=0, both=1))
    assert revision.cells.get(location="BOTH").value == 1
    assert revision.cells.get(location="T", service="T").value == 1
    assert sum(cell.value for cell in revision.cells.exclude(service="T")) == 2  # services may exceed the persons


def test_31_given_benefits_inside_and_outside_when_counted_at_each_place_then_refused():
    content = a_file("KOK-8D", one_person(inside=1, outside=1, both=0))
    (problem,) = check_file(content=content, today=date(2027, 3, 15)).problems
    assert (problem.rule, problem.row) == ("V-D02", 2)
    assert "ergeben zusammen 2, hier steht 1. Jede Person zählt genau einmal." in problem.sentence
