"""What was circulated and approved, changed past the application: the night names the row."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from kok import clock, erasure, seals
from meetings.actions.approval import approve, take_back
from meetings.models import MinutesApproval, MinutesVersion
from tests.meetings.held import NOW, Stage, a_held_meeting, circulated
from tests.roles import by_worker, unguarded

pytestmark = pytest.mark.django_db
VERSION, APPROVAL = "meetings_minutesversion", "meetings_minutesapproval"


@pytest.fixture
def stage() -> Stage:
    """Circulated, and approved by the county."""
    held = circulated(a_held_meeting())
    approved(held, "wetteraukreis")
    return held


def approved(stage: Stage, partner: str) -> None:
    by = stage.approvers[partner]
    role = by.role_assignments.get()
    approve(minutes=stage.minutes, version=stage.minutes.version, partner=role.partner_id, by=by, now=NOW)


def found() -> list[str]:
    return list(seals.findings(clock.today()))


CHANGES: dict[str, tuple[str, Callable[[Any, Any], str]]] = {
    "another text": (
        f"UPDATE {VERSION} SET content = 'x', sha256 = encode(sha256('x'), 'hex')",
        lambda version, _: (
            f"{version.called}: An der Anwendung vorbei geändert (Text, wie er versandt wurde, Prüfsumme)"
        ),
    ),
    "circulated earlier": (
        f"UPDATE {VERSION} SET circulated_at = circulated_at - interval '9 days'",
        lambda version, _: f"Protokollfassung {version.called}: An der Anwendung vorbei geändert (versandt am)",
    ),
    "deleted": (
        f"DELETE FROM {APPROVAL}; DELETE FROM {VERSION}",
        lambda version, _: f"Protokollfassung Nr. {version.pk}: An der Anwendung vorbei gelöscht",
    ),
    "approved by another": (
        f"UPDATE {APPROVAL} SET name = 'Niemand'",
        lambda _, approval: f"Genehmigung eines Protokolls Nr. {approval.pk}: An der Anwendung vorbei geändert (Name)",
    ),
    "approval deleted": (
        f"DELETE FROM {APPROVAL}",
        lambda _, approval: f"Genehmigung eines Protokolls Nr. {approval.pk}: An der Anwendung vorbei gelöscht",
    ),
}


@pytest.mark.parametrize(("statement", "sentence"), CHANGES.values(), ids=CHANGES)
def test_given_minutes_that_went_out_when_changed_by_sql_then_the_night_names_them(stage, statement, sentence):
    told = sentence(MinutesVersion.objects.get(), MinutesApproval.objects.get())
    assert found() == []
    with unguarded(VERSION, APPROVAL) as cursor:
        cursor.execute(statement)
    assert any(told in each for each in found()), found()


def test_given_an_approval_put_in_as_web_when_the_night_comes_then_it_is_named(stage):
    other = stage.approvers["lwv-hessen"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {APPROVAL} (version_id, partner_id, approved_at, approved_by_id, name, function) "
            f"SELECT version_id, %s, now(), %s, 'Erfunden', '' FROM {APPROVAL}",
            [other.role_assignments.get().partner_id, other.pk],
        )
    number = MinutesApproval.objects.latest("pk").pk
    told = f"Genehmigung eines Protokolls Nr. {number}: An der Anwendung vorbei eingefügt, ein Siegel fehlt."
    assert found() == [told]


def test_given_the_life_of_minutes_when_taken_back_approved_and_old_texts_erased_then_nothing_is_found(stage):
    take_back(minutes=stage.minutes, reason="Der Ort fehlt.", by=stage.writer, now=NOW, withhold=True)
    assert found() == []
    again = circulated(stage)
    for partner in again.approvers:
        approved(again, partner)
    assert found() == []
    by_worker(erasure.run, now=NOW)
    assert MinutesVersion.objects.get(number=1).content == ""
    assert found() == []
