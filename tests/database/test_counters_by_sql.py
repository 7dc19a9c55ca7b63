"""What counts changes goes up by one: by SQL nobody puts it where an act could not count on."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from kok.database import bounds
from kok.models import SignInEvent, StatutoryPage
from meetings.models import InvitationRound
from tests.builders import a_user
from tests.meetings.held import a_held_meeting
from tests.transitions.world import NOW, a_draft, people
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
PAGE = """INSERT INTO kok_statutorypage (page, number, text, is_reviewed, published_at, published_by_id)
SELECT page, {}, text, is_reviewed, published_at, published_by_id FROM kok_statutorypage LIMIT 1"""
EVENT = "INSERT INTO kok_signinevent (at, kind, network, page, number) VALUES (now(), 'NOT_FOUND', '', '', {})"
ROUND = "UPDATE meetings_invitationround SET {} = {{}}"
COUNTED = (
    "UPDATE transitions_transitionlistversion SET revision = {}",
    "UPDATE meetings_meeting SET revision = {}",
    "UPDATE meetings_minutessection SET revision = {}",
    "UPDATE kok_signinevent SET number = {}",
    ROUND.format("round_no"),
    ROUND.format("calendar_sequence"),
    PAGE,
    EVENT,
)


@built_once
def rows() -> Callable[[str], int]:
    stage = a_held_meeting()
    a_draft(people(1))
    InvitationRound.objects.create(
        meeting=stage.meeting, kind="INVITATION", round_no=1, convened_by=stage.minutes.owner,
        chaired_by=stage.minutes.owner, agenda=[], meets_on=NOW.date(), starts_at=NOW.time(), calendar_sequence=0,
        dispatched_at=NOW, dispatched_by=stage.writer,
    )  # fmt: skip
    by = a_user()
    SignInEvent.objects.create(at=NOW, kind="NOT_FOUND", user=by)
    StatutoryPage.objects.create(page="impressum", number=1, text="x", published_at=NOW, published_by=by)

    def run(statement: str) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            return int(cursor.rowcount)

    return run


@pytest.mark.parametrize("statement", COUNTED)
@pytest.mark.parametrize("number", [2147483647, bounds.MOST_COUNTED, 1000, 30])
def test_given_what_counts_changes_when_sql_puts_it_ahead_then_the_database_refuses(
    rows: Any, statement: str, number: int
) -> None:
    with pytest.raises((IntegrityError, DataError)):
        rows(statement.format(number))


def test_given_every_counted_column_when_looked_up_then_an_act_can_add_to_whatever_stands_there(rows: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped"
            " AND atttypid = 'int4'::regtype AND NOT EXISTS (SELECT FROM pg_constraint"
            " WHERE conrelid = attrelid AND conname = 'bounded_' || attname)"
        )
        assert cursor.fetchall() == []
