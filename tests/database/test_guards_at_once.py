"""By SQL as web: a guard that asks about another row holds it, so that nobody writes past it under what he saw before.

Each is tried twice: in REPEATABLE READ, by a transaction that began before what the guard asks about was changed; and
by an ordinary one that wrote before, for which whoever changes it has to wait.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from meetings.models import Meeting
from meetings.record.actions.approval import approve
from meetings.record.actions.circulation import take_back
from members.actions import enter_departure
from members.models import AgreementVersion, AnnexVersion, Body, Person
from members.rules.codes import BodyKind
from tests.builders import a_meeting, a_user, an_agreement, the_partner
from tests.database.test_late_rows import AGENDA, ATTENDANCE, POSITION, RESOLUTION, VALUE, WORDS
from tests.meetings.held import NOW, Stage, a_held_meeting, an_invited_meeting, circulated, sent_minutes
from tests.reporting.figures import imported
from tests.roles import as_worker

pytestmark = pytest.mark.django_db(transaction=True)
Statement = tuple[str, tuple[Any, ...]]


@dataclass
class Scene:
    """What somebody writes by SQL, and what somebody else does, after which that may not be written any more."""

    written: list[Statement]
    then: Callable[[], Any]


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def approved_by(stage: Stage, *partners: str) -> None:
    for slug in partners:
        by = stage.approvers[slug]
        approve(minutes=stage.minutes, partner=the_partner(slug).pk, version=1, by=by, now=NOW)


TAKEN_BACK = """
UPDATE meetings_minutesversion SET taken_back_at = now(), taken_back_by_id = circulated_by_id, reason = 'x'
WHERE minutes_id = %s
"""
APPROVAL = """
INSERT INTO meetings_minutesapproval (version_id, partner_id, approved_at, approved_by_id, name, function)
SELECT id, %s, now(), circulated_by_id, 'x', '' FROM meetings_minutesversion WHERE minutes_id = %s
"""


def minutes_that_are_approved() -> Scene:
    stage = circulated(a_held_meeting())
    approved_by(stage, "wetteraukreis")
    meeting, minutes = (stage.meeting.pk,), (stage.minutes.pk,)
    of_meeting = [(each, meeting) for each in (AGENDA, ATTENDANCE, RESOLUTION, POSITION)]
    return Scene([*of_meeting, (WORDS, minutes), (TAKEN_BACK, minutes)], partial(approved_by, stage, "lwv-hessen"))


def minutes_that_are_begun_and_approved() -> Scene:
    """There are none yet that could be locked."""
    an_agreement()
    meeting, by = an_invited_meeting(), a_user(role="secretariat")

    def then() -> None:
        sent_minutes(meeting, owner=the_partner(), by=by, due_on=date(2026, 12, 1), state="APPROVED")
        Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.State.CLOSED)

    return Scene([(AGENDA, (meeting.pk,)), (RESOLUTION, (meeting.pk,)), (POSITION, (meeting.pk,))], then)


def minutes_that_are_taken_back() -> Scene:
    stage = circulated(a_held_meeting())
    back = partial(take_back, minutes=stage.minutes, version=1, reason="Ein Fehler.", by=stage.writer, now=NOW)
    state = "UPDATE meetings_minutes SET chair_name = 'Anders' WHERE id = %s"
    of_minutes = (stage.minutes.pk,)
    return Scene([(APPROVAL, (the_partner().pk, *of_minutes)), (state, of_minutes)], back)


def an_item_that_moves() -> Scene:
    an_agreement()
    one, other = an_invited_meeting(), a_meeting(on=date(2027, 3, 2))
    moved = "UPDATE meetings_agendaitem SET meeting_id = %s, position = position + 50 WHERE meeting_id = %s"
    return Scene([(RESOLUTION, (one.pk,)), (POSITION, (one.pk,))], partial(run, moved, other.pk, one.pk))


def a_text_that_is_saved() -> Scene:
    section = a_held_meeting().sections[0]
    revision = """
    INSERT INTO meetings_sectionrevision (section_id, revision, text, result, saved_at)
    SELECT id, revision, text, result, now() FROM meetings_minutessection WHERE id = %s
    """
    saved = "UPDATE meetings_minutessection SET revision = revision + 1, text = 'Neu.' WHERE id = %s"
    return Scene([(revision, (section.pk,))], partial(run, saved, section.pk))


SUBMITTED = """
UPDATE reporting_datasetrevision SET state = 'SUBMITTED', submitted_at = now(), submitted_by_id = %s
WHERE dataset_id = %s
"""
MOVED_DAY = "UPDATE reporting_dataset SET reference_date = '2002-12-31' WHERE id = %s"


def figures_that_are_submitted() -> Scene:
    an_agreement()
    revision, by = imported(), a_user(role="reporter", partner="lwv-hessen")
    written = [(MOVED_DAY, (revision.dataset_id,)), (VALUE, (revision.pk,))]
    return Scene(written, partial(run, SUBMITTED, by.pk, revision.dataset_id))


def figures_that_come_again_and_are_submitted() -> Scene:
    """Of a dataset whose delivery was put away: there is none yet that could be locked."""
    an_agreement()
    revision, by = imported(), a_user(role="reporter", partner="lwv-hessen")
    revision.delete()

    def then() -> None:
        imported()
        run(SUBMITTED, by.pk, revision.dataset_id)

    return Scene([(MOVED_DAY, (revision.dataset_id,))], then)


CLAUSE = """
INSERT INTO members_clause (version_id, position, number, heading, text, reading_note)
VALUES (%s, 90, '90', '', 'x', '')
"""
NAME = """
INSERT INTO members_annexbody (version_id, body_id, position, name, short_name, scope)
VALUES (%s, %s, 90, 'x', 'x', 'CROSS')
"""
ENDED = "UPDATE {} SET period = daterange(lower(period), '2040-01-01') WHERE id = %s"


def a_version_that_ends() -> Scene:
    an_agreement()
    version = AgreementVersion.objects.get().pk
    return Scene([(CLAUSE, (version,))], partial(run, ENDED.format("members_agreementversion"), version))


def an_annex_that_ends() -> Scene:
    agreement = an_agreement()
    version = AnnexVersion.objects.get(annex="2").pk
    body = Body.objects.create(agreement=agreement, slug="neu", kind=BodyKind.QUALITY_CIRCLE, number_prefix="QZ").pk
    return Scene([(NAME, (version, body))], partial(run, ENDED.format("members_annexversion"), version))


def a_departure_that_is_erased() -> Scene:
    agreement, by = an_agreement(), a_user(role="registrar")
    person = Person.objects.get(family_name="Abel")
    person.user = a_user(role="approver", username="abel")
    person.save()
    role = person.user.role_assignments.get()
    enter_departure(person=person, last_on=date(2026, 12, 31), by=by, agreement=agreement, now=NOW)
    longer = "UPDATE members_roleassignment SET period = daterange(%s, %s) WHERE id = %s"

    def then() -> None:
        with as_worker():
            run("DELETE FROM members_departureline")

    return Scene([(longer, (role.period.lower, role.period.upper, role.pk))], then)


SCENES = (
    minutes_that_are_approved,
    minutes_that_are_begun_and_approved,
    minutes_that_are_taken_back,
    an_item_that_moves,
    a_text_that_is_saved,
    figures_that_are_submitted,
    figures_that_come_again_and_are_submitted,
    a_version_that_ends,
    an_annex_that_ends,
    a_departure_that_is_erased,
)


def close() -> None:
    """The connection of the thread in which this runs."""
    connection.close()


def tried(statement: str, values: tuple[Any, ...]) -> str:
    """What the database says, "" where it is written."""
    run("SAVEPOINT here")
    try:
        run(statement, *values)
    except DatabaseError as error:
        run("ROLLBACK TO here")
        return str(error)
    return ""


@pytest.mark.parametrize("scene", SCENES)
def test_given_a_transaction_that_saw_what_was_before_when_it_writes_then_the_database_refuses(scene):
    stage = scene()
    with ThreadPoolExecutor(1) as other:
        try:
            other.submit(run, "BEGIN ISOLATION LEVEL REPEATABLE READ").result()
            other.submit(run, "SELECT 1").result()
            stage.then()
            answers = [other.submit(tried, *each).result() for each in stage.written]
        finally:
            other.submit(close).result()
    for each in answers:
        assert each.startswith("could not serialize access")


def has_to_wait(act: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            run("SET LOCAL lock_timeout = '50ms'")
            act()
            transaction.set_rollback(True)
    except OperationalError as error:
        return "lock timeout" in str(error)
    finally:
        connection.close()
    return False


@pytest.mark.parametrize("scene", SCENES)
def test_given_a_transaction_that_wrote_when_it_has_not_committed_then_whoever_changes_what_it_asked_about_waits(scene):
    stage = scene()
    for statement, values in stage.written:
        with transaction.atomic():
            run(statement, *values)
            with ThreadPoolExecutor(1) as other:
                assert other.submit(has_to_wait, stage.then).result(), statement
            transaction.set_rollback(True)
    stage.then()
