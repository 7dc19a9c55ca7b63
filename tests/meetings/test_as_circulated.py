"""What is read of a meeting beside its minutes is what was circulated, or nobody approves it and the night says so."""

from typing import Any

import pytest
from django.db import connection, transaction

from kok import clock
from kok.errors import Forged
from meetings.models import Minutes, PartnerPosition
from meetings.record.actions.approval import approve
from meetings.record.actions.circulation import take_back
from meetings.record.actions.decisions import mark_of_positions, record_positions, record_resolution
from meetings.record.inspections import minutes_findings
from members.models import Authority, Partner
from tests.meetings.held import NOW, Stage, a_held_meeting, circulated
from tests.roles import unguarded

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    """Goes round, with a resolution and, of another item, what each partner holds."""
    held = a_held_meeting()
    partners = frozenset(Partner.objects.values_list("pk", flat=True))
    common: dict[str, Any] = {"minutes": held.minutes, "by": held.writer, "now": NOW}
    record_resolution(item=held.sections[1].item, text="So soll es sein.", consenting=partners, **common)
    views = {pk: f"Anders gesehen von {pk}." for pk in partners}
    item = held.sections[2].item
    record_positions(item=item, positions=views, shown=mark_of_positions({}), **common)
    return circulated(held)


def approved(stage: Stage) -> None:
    for user in stage.approvers.values():
        partner = user.role_assignments.get().partner_id
        approve(minutes=stage.minutes, version=stage.minutes.version, partner=partner, by=user, now=NOW)


def found() -> list[str]:
    return minutes_findings(clock.today())


ITEM = """
INSERT INTO meetings_agendaitem (meeting_id, position, number, title, note, code, subject_kind, is_late, is_supplement)
SELECT meeting_id, 90, '90', 'anders', '', '', '', false, false FROM meetings_minutes
"""
LATE_RESOLUTION = """
INSERT INTO meetings_resolution (body_id, item_id, number, text, decided_on)
SELECT body_id, item_id, '99/2026', 'anders', decided_on FROM meetings_resolution
"""
CHANGES = {
    "UPDATE meetings_agendaitem SET title = 'anders' WHERE position = 1": "Tagesordnung",
    ITEM: "Tagesordnung",
    "UPDATE meetings_attendance SET status = 'ABSENT'": "Teilnehmende",
    "DELETE FROM meetings_attendance": "Teilnehmende",
    "UPDATE meetings_minutessection SET text = 'anders'": "Texte",
    "UPDATE meetings_resolution SET text = 'anders'": "Beschlüsse",
    "UPDATE meetings_resolution SET decided_on = '2026-11-01'": "Beschlüsse",
    LATE_RESOLUTION: "Beschlüsse",
    "UPDATE meetings_partnerposition SET text = 'anders'": "Auffassungen",
    "DELETE FROM meetings_partnerposition": "Auffassungen",
}


def by_sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_given_minutes_that_go_round_when_sql_changes_the_meeting_then_nobody_approves_and_the_night_names_it(stage):
    """By its part, and nobody in it."""
    assert found() == []
    for statement, part in CHANGES.items():
        with transaction.atomic():
            by_sql(statement)
            told = f"Protokoll {stage.meeting.number}: In der Sitzung steht etwas anderes als in der versandten Fassung"
            assert [each.startswith(f"{told} ({part}).") for each in found()] == [True], (statement, found())
            with pytest.raises(Forged, match="Es wurde nichts genehmigt"), transaction.atomic():
                approved(stage)
            transaction.set_rollback(True)
    assert PartnerPosition.objects.count() == 2
    approved(stage)
    assert (Minutes.objects.get().state, found()) == ("APPROVED", [])


def test_given_approved_minutes_when_the_owner_changes_a_resolution_then_the_night_names_it(stage):
    approved(stage)
    with unguarded("meetings_resolution") as cursor:
        cursor.execute("UPDATE meetings_resolution SET text = 'anders'")
    [sentence] = found()
    assert "(Beschlüsse)" in sentence


def test_given_a_meeting_that_sql_changed_when_the_minutes_are_taken_back_then_they_go_round_and_are_approved(stage):
    by_sql("UPDATE meetings_minutessection SET text = 'anders'")
    take_back(minutes=stage.minutes, version=1, reason="Nicht von uns.", by=stage.writer, now=NOW)
    assert found() == []
    approved(circulated(stage))
    assert found() == []


def test_given_minutes_that_went_round_when_a_partner_is_called_otherwise_then_they_say_the_same(stage):
    authority = Authority.objects.get(slug="lwv-hessen")
    authority.short_name = "Verband"
    authority.save()
    assert found() == []
    approved(stage)
    assert found() == []
