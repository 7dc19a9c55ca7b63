"""Papers about a past day bear the names and addresses that the authorities had on it."""

from datetime import UTC, date, datetime

import pytest

from meetings.convening.actions import invitations
from meetings.convening.documents import agenda
from meetings.record.actions.approval import approve
from meetings.record.actions.tasks import record_task
from meetings.record.documents import minutes
from members.actions import change_authority, load_agreement
from members.models import Authority
from reporting.yearly.actions import make_report
from reporting.yearly.queries.reports import frozen_facts
from tests.builders import a_meeting, a_user, amended, renamed, the_partner
from tests.meetings.held import NOW, a_held_meeting, circulated, signed_in
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
RENAMED_AT = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)


def rename(slug):
    authority = Authority.objects.get(slug=slug)
    change_authority(
        authority=authority,
        values={"name": "Neu", "short_name": "Neu", "street": "Ring 1"},
        from_on=date(2027, 1, 1),
        by=a_user(role="registrar", partner=slug),
        agreement=authority.partners.get().agreement,
        now=RENAMED_AT,
    )


@built_once
def stage():
    return a_held_meeting()


def test_given_an_authority_renamed_later_when_the_minutes_are_printed_again_then_they_say_what_they_said():
    stage = circulated(a_held_meeting())
    version = stage.minutes.versions.get()
    before = minutes.html(version, is_draft=True)
    assert "Europaplatz" in before
    rename("wetteraukreis")
    version.refresh_from_db()
    again = minutes.html(version, is_draft=True)
    assert again == before
    assert "Ring 1" not in again


def test_given_an_authority_renamed_later_when_an_invitation_is_printed_again_then_it_says_what_it_said(stage):
    meeting = a_meeting(on=date(2026, 12, 18), items=("Begrüßung",))
    sent = invitations.invite(meeting=meeting, revision=meeting.revision, by=stage.writer, now=NOW)
    before = agenda.html(agenda.round_by_id(sent.pk))
    assert "Europaplatz" in before
    rename("wetteraukreis")
    assert agenda.html(agenda.round_by_id(sent.pk)) == before
    later = a_meeting(on=date(2027, 3, 18), items=("Begrüßung",))
    sent = invitations.invite(meeting=later, revision=later.revision, by=stage.writer, now=RENAMED_AT)
    assert "Ring 1" in agenda.html(agenda.round_by_id(sent.pk))


def pages_of(meeting, user):
    """What the pages of a meeting say above the tabs and below them, by page."""
    address = f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/"
    client = signed_in(user)
    return {name: client.get(f"{address}{name}").content.decode() for name in ("", "teilnehmende/", "unterlagen/")}


def test_given_an_authority_renamed_later_when_a_past_meeting_is_read_then_its_pages_bear_the_name_of_the_day(
    stage, settings
):
    coming = a_meeting(on=date(2026, 12, 18), items=("Begrüßung",))
    invitations.invite(meeting=coming, revision=coming.revision, by=stage.writer, now=NOW)
    later = a_meeting(on=date(2027, 3, 18), items=("Begrüßung",))
    rename("wetteraukreis")
    settings.KOK_NOW = RENAMED_AT.isoformat()
    for meeting in (circulated(stage).meeting, coming):
        for text in pages_of(meeting, stage.member).values():
            assert "Einladung: Wetteraukreis, Leitung und Protokoll: Wetteraukreis" in text
    assert ">Wetteraukreis</td>" in pages_of(stage.meeting, stage.member)["teilnehmende/"]
    assert ">Wetteraukreis</td>" in pages_of(coming, stage.member)["teilnehmende/"]
    assert "Versandt vom Wetteraukreis" in pages_of(coming, stage.member)["unterlagen/"]
    assert "Einladung: Neu, Leitung und Protokoll: Neu" in pages_of(later, stage.member)[""]
    settings.KOK_NOW = "2026-12-30T09:00:00+00:00"  # a coming meeting too: one day for all names on its pages
    assert "Einladung: Neu, Leitung und Protokoll: Neu" in pages_of(later, stage.member)[""]


def test_given_names_that_changed_later_when_tasks_and_the_report_are_read_then_they_bear_those_of_the_day(
    stage, settings
):
    record_task(
        minutes=stage.minutes, item=stage.sections[2].item, what="Zahlen vorlegen", who="Planung",
        partner=the_partner("wetteraukreis"), by=stage.writer, now=NOW,
    )  # fmt: skip
    circulated(stage)
    for partner, by in stage.approvers.items():
        approve(minutes=stage.minutes, partner=the_partner(partner).pk, version=1, by=by, now=NOW)
    bodies = renamed("kok", name="Regionalkonferenz", short_name="RK")
    load_agreement(file=amended(on=date(2027, 1, 1), annex="1", bodies=bodies), by=None, now=RENAMED_AT)
    rename("wetteraukreis")
    settings.KOK_NOW = RENAMED_AT.isoformat()
    listed = signed_in(stage.member).get("/wetteraukreis/aufgaben/")
    row = listed.content.decode().partition("<tbody>")[2]
    assert ("<small>KoK</small>" in row, "<small>RK</small>" in row) == (True, False)
    agreement = stage.meeting.body.agreement
    made = {
        year: frozen_facts(make_report(agreement=agreement, year=year, latest=0, by=stage.writer, now=RENAMED_AT))
        for year in (2026, 2027)
    }
    assert [(task.body, task.partner) for task in made[2026].tasks] == [("KoK", "Wetteraukreis")]
    assert [(task.body, task.partner) for task in made[2027].tasks] == [("KoK", "Neu")]
    assert {term.partner for term in made[2026].terms} == {"Wetteraukreis", "LWV Hessen"}
    assert "Neu" not in {duty.who for duty in made[2026].duties}
    assert "Neu" in {duty.who for duty in made[2027].duties}
    assert made[2026].sender.name == "Neu"  # who writes today writes under the name of today
