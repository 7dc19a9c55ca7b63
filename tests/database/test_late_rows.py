"""By SQL as web: nobody writes into what is about to stay, between the act that makes it stay and its commit."""

from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection

from kok.errors import Refused
from meetings.actions.approval import approve
from meetings.models import MinutesSection
from reporting.actions import datasets
from reporting.models import DataCell
from tests.at_once import while_stands
from tests.builders import a_user, an_agreement
from tests.meetings.held import NOW, a_held_meeting, circulated
from tests.reporting.figures import imported

pytestmark = pytest.mark.django_db(transaction=True)


def put_in(statement: str, *values: Any) -> None:
    """By SQL; what the database refuses is what somebody is told."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
    except IntegrityError as error:
        raise Refused(str(error)) from None


VALUE = "INSERT INTO reporting_datacell SELECT * FROM reporting_datacell WHERE revision_id = %s AND row = 2"
WORDS = "UPDATE meetings_minutessection SET text = 'anders' WHERE minutes_id = %s"


def test_given_a_delivery_that_is_being_submitted_when_a_value_is_put_in_by_sql_then_the_database_refuses_it():
    an_agreement()
    revision, lwv = imported(), a_user(role="reporter", partner="lwv-hessen")
    submit = partial(datasets.submit, revision=revision, by=lwv, now=NOW)
    assert "abgegebene Datenlieferung" in while_stands(submit, partial(put_in, VALUE, revision.pk))
    assert DataCell.objects.filter(revision=revision).count() == revision.row_count


def test_given_minutes_that_are_being_approved_when_a_text_is_changed_by_sql_then_the_database_refuses_it():
    stage = circulated(a_held_meeting())
    first, last = (
        partial(approve, minutes=stage.minutes, partner=role.partner_id, version=1, by=role.user, now=NOW)
        for role in (user.role_assignments.get() for user in stage.approvers.values())
    )
    first()
    assert "Das Protokoll ist genehmigt" in while_stands(last, partial(put_in, WORDS, stage.minutes.pk))
    assert not MinutesSection.objects.filter(minutes=stage.minutes, text="anders").exists()
