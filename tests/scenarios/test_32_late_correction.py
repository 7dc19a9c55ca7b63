"""Scenario 32: 8d r0 is accepted, r1 follows in September; r0 stays readable and in time, r1 counts."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from reporting.figures.actions import datasets
from reporting.figures.pages.datasets import dataset_page
from reporting.figures.pages.differences import comparison_of
from tests.builders import a_user, an_agreement
from tests.reporting.figures import good_rows, imported

pytestmark = pytest.mark.django_db
APRIL = datetime(2027, 4, 12, 9, 0, tzinfo=UTC)
SEPTEMBER = datetime(2027, 9, 14, 9, 0, tzinfo=UTC)


def corrected():
    """Ten persons were counted as IN although they were OUT."""
    rows = good_rows("KOK-8D", revision=1)
    for row in rows:
        row["person_count"] = {"IN": 690, "OUT": 210}.get(row["location"], row["person_count"])
    return imported(rows=rows, reason="Zehn Personen falsch zugeordnet.", now=SEPTEMBER)


def test_32_given_r0_accepted_when_r1_follows_in_september_then_r0_stays_readable_and_in_time(settings):
    settings.KOK_NOW = "2027-09-14T11:00"
    agreement = an_agreement()
    lwv, county = a_user(role="reporter", partner="lwv-hessen"), a_user(role="reporter")
    r0 = datasets.submit(revision=imported(now=APRIL), by=lwv, now=APRIL)
    datasets.accept(revision=r0, by=county, now=APRIL)
    quoted = list(r0.cells.order_by("row").values_list("row", "location", "value"))

    r1 = datasets.submit(revision=corrected(), by=lwv, now=SEPTEMBER)

    page = dataset_page(county, agreement, SEPTEMBER.date(), pk=r0.dataset_id)
    assert page.revision == r1
    assert page.timeliness == "r0 fristgerecht abgegeben am 12.04.2027, r1 berichtigt am 14.09.2027."
    before = dataset_page(county, agreement, SEPTEMBER.date(), pk=r0.dataset_id, number=0)
    assert list(before.revision.cells.order_by("row").values_list("row", "location", "value")) == quoted
    assert (before.revision.state, before.is_newest) == ("ACCEPTED", False)

    found = comparison_of(r0, r1, page.delivery.format)
    changes = [(each.about, change.old, change.new) for each in found.differences for change in each.changes]
    assert changes == [("nur im Landkreis", "700", "690"), ("nur außerhalb", "200", "210")]

    client = Client()
    client.force_login(county)
    for number in (0, 1):
        assert client.get(page_url(r0, number)).status_code == 200


def page_url(revision, number):
    return f"/wetteraukreis/zahlen/lieferungen/{revision.dataset_id}/?revision={number}"
