"""Figures come in: all of it is right, or nothing is stored."""

import pytest

from tests.builders import an_agreement
from tests.reporting.figures import HEADERS, good_rows, imported

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("format_id", HEADERS)
def test_given_a_good_file_when_imported_then_every_value_is_stored(format_id):
    an_agreement()
    revision = imported(format_id)
    assert (revision.number, revision.row_count, revision.state) == (0, len(good_rows(format_id)), "VALIDATED")
    assert revision.cells.count() == revision.row_count
    assert revision.metadata["format_id"] == format_id
    assert revision.dataset.region_kgs == "06440"
