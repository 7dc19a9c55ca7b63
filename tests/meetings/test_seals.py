"""What was circulated and approved, changed past the application: nobody approves it, and the night names the row."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from kok import clock, erasure, seals
from kok.database.roles import WEB, WORKER
from kok.errors import Forged, Refused
from kok.models import OutboxMessage
from meetings.convening.documents import agenda
from meetings.models import InvitationRound, Minutes, MinutesApproval, MinutesVersion, SectionRevision
from meetings.record.actions.approval import approve, send_file
from meetings.record.actions.circulation import take_back
from meetings.record.inspections import minutes_findings
from members.models import Partner, Person
from tests.builders import a_body, a_person, a_seat, a_second_agreement, an_authority, the_partner
from tests.meetings.held import NOW, Stage, a_held_meeting, circulated, signed_in
from tests.meetings.test_versions import _approve
from tests.roles import acting_as, by_worker, unguarded
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
VERSION, APPROVAL = "meetings_minutesversion", "meetings_minutesapproval"


@built_once
def held() -> Stage:
    return a_held_meeting()


@built_once
def going_round(held: Stage) -> Stage:
    """Nobody has approved it yet."""
    return circulated(held)


@built_once
def stage(going_round: Stage) -> Stage:
    """Circulated, and approved by the county."""
    approved(going_round, "wetteraukreis")
    return going_round


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
    take_back(
        minutes=stage.minutes,
        version=1,
        reason="Der Ort fehlt.",
        by=stage.writer,
        now=NOW,
        withhold=True,
    )
    assert found() == []
    again = circulated(stage)
    assert moved() == []
    for partner in again.approvers:
        approved(again, partner)
    assert [*found(), *moved()] == []
    by_worker(erasure.run, now=NOW)
    assert MinutesVersion.objects.get(number=1).content == ""
    assert found() == []


# What sql puts in, before the last partner approves on the page


def a_version(stage: Stage) -> None:
    take_back(minutes=stage.minutes, version=1, reason="Der Ort fehlt.", by=stage.writer, now=NOW)
    by_sql(
        f"INSERT INTO {VERSION} (minutes_id, number, content, sha256, numbers, circulated_at, circulated_by_id, "
        "reason, is_withheld) "
        "SELECT minutes_id, 2, content, sha256, numbers, circulated_at, circulated_by_id, '', false "
        f"FROM {VERSION}"
    )
    by_sql("UPDATE meetings_minutes SET state = 'CIRCULATED'")
    an_approval(stage)


def an_approval(stage: Stage) -> None:
    county = stage.approvers["wetteraukreis"]
    by_sql(
        f"INSERT INTO {APPROVAL} (version_id, partner_id, approved_at, approved_by_id, name, function) "
        f"SELECT id, %s, now(), %s, 'Erfunden', '' FROM {VERSION} WHERE taken_back_at IS NULL",
        county.role_assignments.get().partner_id,
        county.pk,
    )


def a_partner(stage: Stage) -> None:
    by_sql(
        "INSERT INTO members_partner (agreement_id, authority_id, position, organs) VALUES (%s, %s, 9, '[]')",
        stage.meeting.body.agreement_id,
        an_authority("fremdstadt").pk,
    )


def a_role(stage: Stage) -> None:
    by_sql(
        "INSERT INTO members_roleassignment (user_id, role, agreement_id, partner_id, period, by_command) "
        "SELECT %s, role, agreement_id, partner_id, period, true FROM members_roleassignment WHERE user_id = %s",
        stage.member.pk,
        stage.approvers["lwv-hessen"].pk,
    )


def by_sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1


FORGED: dict[str, tuple[Callable[[Stage], None], str]] = {
    "version": (a_version, "geändert oder eingefügt: Protokollfassung."),
    "approval": (an_approval, "geändert oder eingefügt: Genehmigung eines Protokolls."),
    "partner": (a_partner, "geändert oder eingefügt: Kooperationspartner."),
    "role": (a_role, "Ein Konto oder eine Rolle der Beteiligten wurde an der Anwendung vorbei geändert."),
}


@pytest.mark.parametrize(("forge", "told"), FORGED.values(), ids=FORGED)
def test_given_minutes_that_go_round_when_sql_forges_then_the_last_partner_does_not_close_them(
    going_round, forge, told
):
    stage = going_round
    forge(stage)
    by = stage.member if forge is a_role else stage.approvers["lwv-hessen"]
    partner = stage.approvers["lwv-hessen"].role_assignments.get().partner_id
    before = MinutesApproval.objects.count()
    version = Minutes.objects.get().version
    page = signed_in(by).post(f"{stage.url}genehmigen/", {"version": version, "partner": partner})
    assert told in page.content.decode()
    assert (Minutes.objects.get().state, MinutesApproval.objects.count()) == ("CIRCULATED", before)
    assert any("An der Anwendung vorbei eingefügt" in each for each in found())


def test_given_a_version_put_in_by_sql_when_taken_back_then_the_next_one_is_approved(going_round):
    stage = going_round
    a_version(stage)
    take_back(minutes=stage.minutes, version=2, reason="Nicht von uns.", by=stage.writer, now=NOW)
    again = circulated(stage)
    for partner in again.approvers:
        approved(again, partner)
    assert Minutes.objects.get().state == "APPROVED"


@pytest.mark.parametrize("number", [1, 2], ids=["of a version that was taken back", "of the version that counts"])
def test_given_a_later_approval_put_in_by_sql_when_approved_for_a_year_then_old_texts_go_all_the_same(stage, number):
    take_back(minutes=stage.minutes, version=1, reason="Der Ort fehlt.", by=stage.writer, now=NOW)
    again = circulated(stage)
    for partner in again.approvers:
        approved(again, partner)
    a_partner(stage)
    with unguarded(APPROVAL) as cursor:
        cursor.execute(
            f"INSERT INTO {APPROVAL} (version_id, partner_id, approved_at, approved_by_id, name, function) "
            "SELECT v.id, p.id, '2199-01-01', circulated_by_id, 'Erfunden', '' "
            f"FROM {VERSION} v, members_partner p WHERE v.number = %s AND p.position = 9",
            [number],
        )
    assert SectionRevision.objects.exists()
    by_worker(erasure.run, now=NOW + timedelta(days=370))
    assert MinutesVersion.objects.get(number=1).content == ""
    assert not SectionRevision.objects.exists()
    assert MinutesVersion.objects.get(number=2).content


# Where minutes stand follows from what is sealed


def moved() -> list[str]:
    """What the night says of minutes that stand where nothing sealed led them."""
    return minutes_findings(clock.today())


APPROVED = "state = 'APPROVED', approved_at = now(), approved_by_id = circulated_by_id"
MOVES = {
    "approved": (APPROVED, "erst genehmigt, wenn jeder Partner"),
    "a draft": ("state = 'DRAFT'", "nur mit seinen Fassungen"),
    "a later draft": ("state = 'DRAFT', version = version + 1", "nur mit seinen Fassungen"),
    "never circulated": ("state = 'DRAFT', circulated_at = NULL, circulated_by_id = NULL", "nur mit seinen Fassungen"),
    "earlier": ("circulated_at = circulated_at - interval '9 days'", "nur mit seinen Fassungen"),
}


@pytest.mark.parametrize(("move", "told"), MOVES.values(), ids=MOVES)
def test_given_minutes_that_go_round_when_sql_moves_them_then_the_database_refuses_and_else_the_night_says_so(
    stage, move, told
):
    assert moved() == []
    with pytest.raises(IntegrityError, match=told), transaction.atomic():
        by_sql(f"UPDATE meetings_minutes SET {move}")
    with unguarded("meetings_minutes") as cursor:
        cursor.execute(f"UPDATE meetings_minutes SET {move}")
    [sentence] = moved()
    assert f"Protokoll {stage.meeting.number}: Stand, Fassung oder Tage folgen nicht" in sentence


def test_given_a_draft_when_sql_gives_it_another_number_then_the_database_refuses(held):
    with pytest.raises(IntegrityError, match="nur mit seinen Fassungen"), transaction.atomic():
        by_sql("UPDATE meetings_minutes SET version = 2")


def test_given_minutes_that_go_round_when_sql_closes_the_meeting_then_the_night_names_them(stage):
    by_sql("UPDATE meetings_meeting SET state = 'CLOSED'")
    assert len(moved()) == 1


def test_given_approvals_and_state_put_in_when_the_secretariat_sends_the_file_then_nothing_goes_out(stage):
    other = stage.approvers["lwv-hessen"]
    by_sql(
        f"INSERT INTO {APPROVAL} (version_id, partner_id, approved_at, approved_by_id, name, function) "
        f"SELECT version_id, %s, now(), %s, 'Erfunden', '' FROM {APPROVAL}",
        other.role_assignments.get().partner_id,
        other.pk,
    )
    by_sql(f"UPDATE meetings_minutes SET {APPROVED}")
    assert len(moved()) == 1
    with pytest.raises(Forged, match="Es wurde nichts versandt"):
        send_file(minutes=stage.minutes, keys=frozenset(["x"]), by=stage.writer, now=NOW)


# Who gets it

READER = "UPDATE members_person SET email = 'fremd@example.org' WHERE family_name = 'Abel'"
SEATED = (
    "INSERT INTO members_seatassignment (seat_id, person_id, capacity, period) "
    "SELECT seat_id, %s, 'DEPUTY', period FROM members_seatassignment LIMIT 1"
)
MOVED = (
    "UPDATE members_seat SET body_id = (SELECT id FROM members_body WHERE kind = 'CONFERENCE' LIMIT 1) WHERE id = %s"
)


def an_address(stage: Stage) -> str:
    by_sql(READER)
    return "Person"


def a_holder(stage: Stage) -> str:
    by_sql(SEATED, a_person("Fremd").pk)
    return "Besetzung"


def another_seat(stage: Stage) -> str:
    by_sql(MOVED, a_seat(body=a_body(), person=a_person("Fremd")).pk)
    return "Sitz"


@pytest.mark.parametrize("forge", [an_address, a_holder, another_seat], ids=lambda each: each.__name__)
def test_given_recipients_that_sql_changed_when_minutes_are_circulated_then_no_mail_is_written(held, forge):
    title = forge(held)
    before = OutboxMessage.objects.count()
    with pytest.raises(Forged, match=f"vorbei geändert oder eingefügt: {title}"):
        circulated(held)
    assert OutboxMessage.objects.count() == before
    assert [each.startswith(f"{title} Nr.") for each in found()] == [True]


def test_given_approved_minutes_when_sql_changes_an_address_then_the_file_is_mailed_to_nobody(stage):
    approved(stage, "lwv-hessen")
    by_sql(READER)
    keys = frozenset({f"person-{Person.objects.get(family_name='Abel').pk}"})
    before = OutboxMessage.objects.count()
    with pytest.raises(Forged, match="Person"):
        send_file(minutes=Minutes.objects.get(), keys=keys, by=stage.writer, now=NOW)
    assert OutboxMessage.objects.count() == before


def test_given_a_role_that_was_put_in_when_its_holder_takes_minutes_back_for_good_then_it_is_refused(stage):
    by_sql(
        "INSERT INTO members_roleassignment (user_id, role, agreement_id, partner_id, period, by_command)"
        " SELECT user_id, 'reporter', agreement_id, partner_id, period, true FROM members_roleassignment"
        " WHERE user_id = %s LIMIT 1",
        stage.writer.pk,
    )
    with pytest.raises(Refused, match="an der Anwendung vorbei geändert"):
        take_back(minutes=stage.minutes, version=1, reason="Ein Name.", by=stage.writer, now=NOW, withhold=True)
    assert not MinutesVersion.objects.get().is_withheld


def a_round(stage):
    return InvitationRound.objects.create(
        meeting=stage.meeting, round_no=1, convened_by=the_partner(), chaired_by=the_partner(), agenda=[{"title": "x"}],
        meets_on=stage.meeting.meets_on, starts_at=stage.meeting.starts_at, calendar_sequence=0, dispatched_at=NOW,
    )  # fmt: skip


STAY = {
    "owner": ("meetings_minutes SET owner_id", "nur mit seinen Fassungen"),
    "sender": ("meetings_invitationround SET convened_by_id", "bleibt"),
}


@pytest.mark.parametrize(("what", "told"), STAY.values(), ids=STAY)
def test_given_what_went_out_when_sql_says_that_another_partner_sent_it_then_the_database_refuses(stage, what, told):
    a_round(stage)
    with pytest.raises(IntegrityError, match=told), transaction.atomic():
        by_sql(f"UPDATE {what} = %s", the_partner("lwv-hessen").pk)


ROUND = {
    "agenda": """agenda = '[{"title": "Wahl (gefälscht)"}]'""",
    "nothing left of it": "agenda = '[]'",
    "place": "place = 'Hinterzimmer, Kassel'",
    "day": "meets_on = meets_on + 1",
    "withheld too": "place = 'Kassel', withheld_at = now(), withheld_by_id = %(by)s, withheld_reason = 'x'",
}


@pytest.mark.parametrize("values", ROUND.values(), ids=ROUND)
@pytest.mark.parametrize("role", [WEB, WORKER])
def test_given_an_invitation_that_went_out_when_sql_gives_it_other_words_then_the_database_refuses(stage, role, values):
    a_round(stage)
    with acting_as(role), connection.cursor() as cursor, pytest.raises(IntegrityError, match="bleibt"):
        cursor.execute(f"UPDATE meetings_invitationround SET {values}", {"by": stage.writer.pk})


def test_given_an_invitation_that_was_withheld_when_sql_lifts_that_then_the_database_refuses(stage):
    a_round(stage)
    by_sql(
        "UPDATE meetings_invitationround SET withheld_at = now(), withheld_by_id = %s, withheld_reason = 'x'",
        stage.writer.pk,
    )
    with pytest.raises(IntegrityError, match="bleibt"), transaction.atomic():
        by_sql("UPDATE meetings_invitationround SET withheld_at = NULL, withheld_by_id = NULL, withheld_reason = ''")


def test_given_the_authority_of_a_partner_changed_by_sql_when_the_agenda_is_drawn_then_it_fails_with_the_sentence(
    stage,
):
    sent = a_round(stage)
    by_sql("UPDATE members_authority SET kind = 'LWV' WHERE id = %s", sent.convened_by.authority_id)
    with pytest.raises(Forged, match="an der Anwendung vorbei geändert"):
        agenda.render(sent.pk, 1)


def test_given_minutes_of_another_when_sql_would_name_one_as_owner_then_the_text_is_not_erased(stage):
    other = stage.other_secretariat
    with pytest.raises(IntegrityError), transaction.atomic():
        by_sql("UPDATE meetings_minutes SET owner_id = %s", other.role_assignments.get().partner_id)
    with pytest.raises(Refused, match="Leitung und Protokoll dieser Sitzung"):
        take_back(minutes=stage.minutes, version=1, reason="Ein Name.", by=other, now=NOW, withhold=True)
    assert MinutesVersion.objects.get().content


def test_given_a_meeting_when_sql_hangs_it_or_its_body_elsewhere_then_the_database_refuses(stage):
    a_second_agreement()
    with pytest.raises(IntegrityError, match="ihres Gremiums"), transaction.atomic():
        by_sql("UPDATE meetings_meeting SET body_id = (SELECT max(id) FROM members_body)")
    with pytest.raises(DatabaseError, match="seiner Vereinbarung"), transaction.atomic():
        by_sql("UPDATE members_body SET agreement_id = (SELECT max(id) FROM members_agreement)")


def test_given_a_partner_that_joined_later_when_those_asked_have_approved_then_the_minutes_still_go_round(
    going_round,
) -> None:
    stage = going_round
    joined = an_authority("fremdstadt")
    Partner.objects.create(agreement=stage.meeting.body.agreement, authority=joined, position=9, organs=[])
    for slug in ("wetteraukreis", "lwv-hessen"):
        _approve(stage, slug)
    assert Minutes.objects.get().state == Minutes.State.CIRCULATED
    assert moved() == []
