"""The longest text that people can write has its place; a longer one that web writes by SQL the database refuses."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from kok import statutory
from kok.models import StatutoryPage
from kok.models.footer import LONGEST
from meetings.record.models.minutes import LONGEST_TEXT
from tests.builders import a_user, an_agreement
from tests.meetings.held import a_held_meeting, write
from tests.transitions.world import NOW, a_draft, an_access, case_data
from transitions.actions import importing
from transitions.models import CaseEntry, PendingImport
from transitions.queries.imports import MOST_ROWS

pytestmark = pytest.mark.django_db


def longest_person() -> Any:
    """Each line as long as the form lets it be, of letters that take two bytes."""
    line = "ä"
    return case_data(
        family_name=line * 100, given_name=line * 100, facility_name=line * 150, facility_place=line * 100,
        contact_unit=line * 150,
    )  # fmt: skip


def refused(statement: str) -> None:
    with pytest.raises(IntegrityError, match="bounded_"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_given_the_longest_text_of_a_punkt_when_saved_then_it_stands_and_one_letter_more_by_sql_is_refused():
    stage = a_held_meeting()
    section = write(stage, stage.sections[0], "ü" * LONGEST_TEXT)
    section.refresh_from_db()
    assert len(section.text) == LONGEST_TEXT
    for table in ("meetings_minutessection", "meetings_sectionrevision"):
        refused(f"UPDATE {table} SET text = text || 'ü'")


def test_given_the_longest_page_when_published_then_it_stands_and_one_letter_more_by_sql_is_refused():
    by = a_user(role="admin")
    statutory.publish(page=statutory.PAGES["impressum"], text="ü" * LONGEST, base=0, by=by, now=NOW)
    assert len(StatutoryPage.objects.get().text) == LONGEST
    refused(
        "INSERT INTO kok_statutorypage (page, number, text, is_reviewed, published_at, published_by_id) "
        "SELECT page, 2, text || 'ü', false, now(), published_by_id FROM kok_statutorypage"
    )


def test_given_the_longest_person_when_entered_then_the_entry_stands_and_a_long_one_by_sql_is_refused():
    an_agreement()
    a_draft([longest_person()])
    assert CaseEntry.objects.get().data == longest_person()
    refused("UPDATE transitions_caseentry SET content = content || repeat('A', 20000)")


def test_given_a_file_full_of_the_longest_people_when_its_rows_wait_then_they_stand_and_more_by_sql_is_refused():
    an_agreement()
    officer = an_access()
    rows = [(longest_person(), False)] * MOST_ROWS
    importing.hold_rows(version=a_draft([], by=officer), rows=rows, by=officer, now=NOW)
    assert PendingImport.objects.get().row_count == MOST_ROWS
    refused("UPDATE transitions_pendingimport SET content = content || repeat('A', 20000000)")
