"""Deliveries: who may do what, in which order, what the database keeps, and which day counts."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from kok.errors import Refused
from reporting.figures.actions import datasets as actions
from reporting.figures.actions.importing.checking import check_sender
from reporting.figures.pages.datasets import dataset_page
from reporting.figures.pages.differences import comparison_of
from reporting.figures.queries.datasets import deliveries_of, parts_of
from reporting.figures.queries.formats import format_of
from reporting.figures.rules import revisions as rules
from reporting.figures.rules.checks_header import Header
from reporting.figures.rules.codes import DeliveryPart
from reporting.models import DataCell, Dataset, DatasetRevision
from tests.builders import a_user, an_agreement, give_role
from tests.reporting.figures import good_rows, imported
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
LATER = datetime(2027, 9, 14, 9, 0, tzinfo=UTC)
WARNINGS = [{"rule": "V-D07"}, {"rule": "V-D09"}, {"rule": "V-D09"}]


@built_once
def agreement():
    return an_agreement()


@built_once
def lwv(agreement):
    return a_user(role="reporter", partner="lwv-hessen")


@built_once
def county(agreement):
    return a_user(role="reporter")


# Pure rules.


@pytest.mark.parametrize(
    ("remarks", "missing"),
    [
        ({}, ("V-D07", "V-D09")),
        ({"V-D07": "Zwei Ausnahmen."}, ("V-D09",)),
        ({"V-D07": "Zwei.", "V-D09": "  "}, ("V-D09",)),
        ({"V-D07": "Zwei.", "V-D09": "Neubau."}, ()),
    ],
)
def test_given_warnings_when_some_are_remarked_upon_then_the_others_are_open_once_each(remarks, missing):
    assert rules.open_rules(WARNINGS, remarks) == missing


DUE = date(2027, 4, 30)


@pytest.mark.parametrize(
    ("submissions", "due_on", "sentence"),
    [
        ([], DUE, "Noch nicht abgegeben."),
        ([(0, date(2027, 4, 12))], DUE, "r0 fristgerecht abgegeben am 12.04.2027."),
        ([(0, DUE)], DUE, "r0 fristgerecht abgegeben am 30.04.2027."),
        ([(0, date(2027, 5, 1))], DUE, "r0 nach dem Ende der Frist abgegeben am 01.05.2027."),
        ([(0, date(2027, 5, 1))], None, "r0 abgegeben am 01.05.2027."),
        (
            [(0, date(2027, 4, 12)), (1, date(2027, 9, 14))],
            DUE,
            "r0 fristgerecht abgegeben am 12.04.2027, r1 berichtigt am 14.09.2027.",
        ),
    ],
)
def test_given_deliveries_when_their_timeliness_is_told_then_it_is_that_of_the_first(submissions, due_on, sentence):
    assert rules.timeliness(submissions, due_on) == sentence


def submitting(**values: Any) -> None:
    rules.check_submission(**{"state": "VALIDATED", "without_remark": (), "waiting_before": ()} | values)


def remarking(**values: Any) -> None:
    rules.check_remark(**{"state": "VALIDATED", "rule": "V-D07", "warnings": WARNINGS, "text": "x"} | values)


@pytest.mark.parametrize(
    ("check", "values", "part"),
    [
        (submitting, {"state": "SUBMITTED"}, "schon abgegeben"),
        (submitting, {"without_remark": ("V-D07", "V-D09")}, "Zu V-D07 und V-D09 fehlt"),
        (submitting, {"waiting_before": (1, 0)}, "r0 abzugeben"),
        (rules.check_acceptance, {"state": "VALIDATED"}, "noch nicht abgegeben"),
        (rules.check_acceptance, {"state": "ACCEPTED"}, "schon angenommen"),
        (rules.check_discard, {"state": "ACCEPTED", "is_newest": True}, "schon abgegeben"),
        (rules.check_discard, {"state": "VALIDATED", "is_newest": False}, "neuere Lieferung"),
        (remarking, {"text": " "}, "fehlt"),
        (remarking, {"rule": "V-X01"}, "keinen Hinweis"),
        (remarking, {"state": "SUBMITTED"}, "schon abgegeben"),
        (remarking, {"text": "x" * 501}, "Kürzen"),
    ],
)
def test_given_a_step_that_is_not_possible_when_tried_then_the_sentence_says_what_to_do(check, values, part):
    with pytest.raises(Refused, match=part):
        check(**values)


# Who may.


def test_given_8d_when_asked_who_acts_then_the_lwv_delivers_and_the_county_receives(agreement, lwv, county):
    revision = imported()
    both = give_role(a_user(role="reporter"), role="reporter", partner="lwv-hessen").user
    assert parts_of(lwv, revision) == {DeliveryPart.DELIVERS}
    assert parts_of(county, revision) == {DeliveryPart.RECEIVES}
    assert parts_of(both, revision) == {DeliveryPart.DELIVERS, DeliveryPart.RECEIVES}
    assert parts_of(a_user(role="member", partner="lwv-hessen"), revision) == set()


def test_given_8c_when_asked_who_acts_then_the_county_delivers_and_the_lwv_receives(agreement, lwv, county):
    revision = imported("KOK-8C")
    assert parts_of(county, revision) == {DeliveryPart.DELIVERS}
    assert parts_of(lwv, revision) == {DeliveryPart.RECEIVES}


def test_given_a_delivery_when_the_wrong_side_acts_then_it_is_refused_and_nothing_changes(agreement, lwv, county):
    revision = imported()
    for act in (actions.submit, actions.discard):
        with pytest.raises(Refused, match="wer sie liefert"):
            act(revision=revision, by=county, now=NOW)
    actions.submit(revision=revision, by=lwv, now=NOW)
    with pytest.raises(Refused, match="ein anderer Partner"):
        actions.accept(revision=revision, by=lwv, now=NOW)
    revision.refresh_from_db()
    assert revision.state == "SUBMITTED"


def test_given_figures_of_another_region_when_read_in_by_the_lwv_then_only_a_role_for_the_whole_lwv_reaches_them(
    agreement, lwv, county
):
    revision = imported(region_kgs="06531")
    whole = a_user(role="reporter", partner="lwv-hessen", everywhere=True)
    for somebody in (lwv, county):
        assert deliveries_of(somebody, agreement) == []
        assert parts_of(somebody, revision) == set()
        with pytest.raises(Refused, match="wer sie liefert"):
            actions.submit(revision=revision, by=somebody, now=NOW)
    actions.submit(revision=revision, by=whole, now=NOW)
    assert [each.region for each in deliveries_of(whole, agreement)] == ["Landkreis Gießen"]
    assert deliveries_of(county, agreement) == deliveries_of(lwv, agreement) == []


def test_given_a_file_of_another_region_when_somebody_of_the_lwv_reads_it_in_then_the_role_must_be_for_the_whole(
    agreement, lwv
):
    found = format_of("KOK-8D", "1.0.0")
    header = Header({}, region_kgs="06531", reference_date=date(2026, 12, 31), revision=0)
    with pytest.raises(Refused, match="Die Datei gehört zu 06531, Ihre Rolle zur Vereinbarung Wetteraukreis"):
        check_sender(found, header, agreement, lwv)
    check_sender(found, replace(header, region_kgs="06440"), agreement, lwv)
    check_sender(found, header, agreement, a_user(role="reporter", partner="lwv-hessen", everywhere=True))


# Order.


def a_correction(number: int = 1, **values: Any) -> DatasetRevision:
    rows = good_rows("KOK-8D", revision=number)
    for row in rows:
        row["person_count"] = {"A40_49": 190, "A50_59": 220}.get(row["age_group"], row["person_count"])
    return imported(rows=rows, reason="Altersgruppen vertauscht.", now=LATER, **values)


def test_given_r0_that_waits_when_r1_is_submitted_then_r0_comes_first(agreement, lwv):
    r0, r1 = imported(), a_correction()
    with pytest.raises(Refused, match="r0 abzugeben"):
        actions.submit(revision=r1, by=lwv, now=LATER)
    actions.submit(revision=r0, by=lwv, now=NOW)
    assert actions.submit(revision=r1, by=lwv, now=LATER).state == "SUBMITTED"


def test_given_two_that_wait_when_discarded_then_the_newest_goes_first_and_in_the_end_nothing_is_left(agreement, lwv):
    r0, r1 = imported(), a_correction()
    with pytest.raises(Refused, match="neuere"):
        actions.discard(revision=r0, by=lwv, now=NOW)
    actions.discard(revision=r1, by=lwv, now=NOW)
    actions.discard(revision=r0, by=lwv, now=NOW)
    assert not Dataset.objects.exists()
    assert not DataCell.objects.exists()


# What the database keeps.


FORBIDDEN = {
    "the number of rows": lambda r: DatasetRevision.objects.filter(pk=r.pk).update(row_count=1),
    "a remark": lambda r: DatasetRevision.objects.filter(pk=r.pk).update(remarks={"V-D07": "doch"}),
    "back to checked": lambda r: DatasetRevision.objects.filter(pk=r.pk).update(
        state="VALIDATED", submitted_at=None, submitted_by=None, accepted_at=None, accepted_by=None
    ),
    "the revision goes": lambda r: r.delete(),
    "the dataset goes": lambda r: r.dataset.delete(),
    "another region": lambda r: Dataset.objects.filter(pk=r.dataset_id).update(region_kgs="06531"),
    "a value": lambda r: DataCell.objects.filter(revision=r, row=2).update(value=7),
    "all values": lambda r: DataCell.objects.filter(revision=r).update(flag="r"),
    "a value goes": lambda r: DataCell.objects.filter(revision=r, row=2).delete(),
    "a value comes": lambda r: DataCell.objects.create(revision=r, row=999, value=1),
    "a value comes from elsewhere": lambda r: DataCell.objects.exclude(revision=r).update(
        revision=r, row=F("row") + 500
    ),
}


@pytest.mark.parametrize("state", ["SUBMITTED", "ACCEPTED"])
@pytest.mark.parametrize("change", FORBIDDEN)
def test_given_a_submitted_revision_when_anything_is_changed_then_the_database_refuses(
    agreement, lwv, county, change, state
):
    revision = imported()
    a_correction()
    actions.submit(revision=revision, by=lwv, now=NOW)
    if state == "ACCEPTED":
        actions.accept(revision=revision, by=county, now=NOW)
    revision.refresh_from_db()
    with pytest.raises(IntegrityError, match="abgegebene Datenlieferung"), transaction.atomic():
        FORBIDDEN[change](revision)


def test_given_a_checked_revision_when_changed_then_the_database_lets_it_pass(agreement):
    revision = imported()
    assert DataCell.objects.filter(revision=revision).update(flag="p") == revision.row_count
    assert DatasetRevision.objects.filter(pk=revision.pk).update(remarks={"V-D07": "x"}) == 1


def test_given_an_acceptance_when_it_also_changes_something_else_then_the_database_refuses(agreement, lwv, county):
    revision = actions.submit(revision=imported(), by=lwv, now=NOW)
    with pytest.raises(IntegrityError, match="abgegebene"), transaction.atomic():
        DatasetRevision.objects.filter(pk=revision.pk).update(
            state="ACCEPTED", accepted_at=NOW, accepted_by=county, correction_reason="untergeschoben"
        )


# Reading.


def test_given_two_revisions_when_compared_then_one_query_finds_the_changed_ones(agreement):
    r0 = imported(rows=[*good_rows("KOK-8D")])
    r1 = a_correction()
    with CaptureQueriesContext(connection) as queries:
        found = comparison_of(r0, r1, format_of("KOK-8D", "1.0.0"))
    assert len(queries) == 1
    assert found.count == len(found.differences) == 2
    assert {each.about for each in found.differences} == {"40 bis 49 Jahre", "50 bis 59 Jahre"}


def test_given_no_change_when_compared_then_there_is_nothing(agreement):
    r0 = imported()
    assert comparison_of(r0, imported(revision=1, reason="Nur das Deckblatt."), None).differences == ()


def test_given_a_page_when_revisions_are_added_then_the_number_of_queries_stays(agreement, lwv):
    r0 = imported()
    today = date(2027, 3, 15)

    def asked():
        user = type(lwv).objects.get(pk=lwv.pk)
        with CaptureQueriesContext(connection) as queries:
            page = dataset_page(user, agreement, today, pk=r0.dataset_id)
        assert page is not None
        return len(queries)

    before = asked()
    for number in (1, 2, 3):
        a_correction(number)
    assert asked() == before
