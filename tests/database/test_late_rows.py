"""By SQL as web: nobody writes into what is about to stay, between the act that makes it stay and its commit."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from kok.errors import Refused
from meetings.models import Attendance, Minutes, MinutesSection
from meetings.record.actions.approval import approve
from reporting.figures.actions import datasets
from reporting.models import DataCell
from tests.at_once import told, while_stands
from tests.builders import a_meeting, a_user, an_agreement
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


AGENDA = """
INSERT INTO meetings_agendaitem (meeting_id, position, number, title, note, code, subject_kind, is_late, is_supplement)
VALUES (%s, 90, '90', 'anders', '', '', '', false, false)
"""
ATTENDANCE = "UPDATE meetings_attendance SET name = 'Anders' WHERE meeting_id = %s"
RESOLUTION = """
INSERT INTO meetings_resolution (body_id, item_id, number, text, decided_on)
SELECT body_id, item.id, '99/2026', 'anders', '2026-11-17' FROM meetings_meeting meeting
JOIN meetings_agendaitem item ON meeting_id = meeting.id WHERE meeting.id = %s LIMIT 1
"""
POSITION = """
INSERT INTO meetings_partnerposition (item_id, partner_id, text)
SELECT id, (SELECT max(id) FROM members_partner), 'anders' FROM meetings_agendaitem WHERE meeting_id = %s LIMIT 1
"""
MOVED = "UPDATE meetings_attendance SET meeting_id = %s WHERE meeting_id <> %s AND kind = 'GUEST'"


def test_given_minutes_that_go_round_when_sql_writes_anything_of_the_meeting_then_nobody_approves_until_it_is_through():
    """Nor does anything move to a meeting whose minutes are approved."""
    stage = circulated(a_held_meeting())
    meeting = stage.meeting.pk
    for statement in (AGENDA, ATTENDANCE, RESOLUTION, POSITION):
        with transaction.atomic():
            put_in(statement, meeting)
            with ThreadPoolExecutor(1) as other:
                assert other.submit(told, partial(take, stage.minutes)).result(), statement
            transaction.set_rollback(True)
    assert told(partial(take, stage.minutes)) == ""
    other_meeting = a_meeting(on=date(2027, 3, 2))
    Attendance.objects.create(meeting=other_meeting, kind="GUEST", status="PRESENT", name="Gast")
    for role in (user.role_assignments.get() for user in stage.approvers.values()):
        approve(minutes=stage.minutes, partner=role.partner_id, version=1, by=role.user, now=NOW)
    for statement in (AGENDA, ATTENDANCE, RESOLUTION, POSITION):
        with pytest.raises(Refused, match="Das Protokoll ist genehmigt"):
            put_in(statement, meeting)
    with pytest.raises(Refused, match="Das Protokoll ist genehmigt"):
        put_in(MOVED, meeting, meeting)


def take(minutes: Minutes) -> None:
    """As whoever approves does first; refused where somebody holds them."""
    try:
        with transaction.atomic():
            Minutes.objects.select_for_update(nowait=True).get(pk=minutes.pk)
    except OperationalError as error:
        raise Refused(str(error)) from None


def test_given_minutes_that_are_being_approved_when_a_text_is_changed_by_sql_then_the_database_refuses_it():
    stage = circulated(a_held_meeting())
    first, last = (
        partial(approve, minutes=stage.minutes, partner=role.partner_id, version=1, by=role.user, now=NOW)
        for role in (user.role_assignments.get() for user in stage.approvers.values())
    )
    first()
    assert "Das Protokoll ist genehmigt" in while_stands(last, partial(put_in, WORDS, stage.minutes.pk))
    assert not MinutesSection.objects.filter(minutes=stage.minutes, text="anders").exists()
