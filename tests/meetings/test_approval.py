"""Circulating, taking back, approving: everybody is told once, both partners approve, then nothing changes."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from kok import clock, documents, outbox
from kok.errors import Refused
from kok.models import AuditEvent, Document, OutboxMessage
from meetings.models import Meeting, Minutes, MinutesApproval
from meetings.record.actions.approval import approve, request_file, send_file
from meetings.record.actions.circulation import circulate, take_back
from meetings.record.actions.decisions import record_resolution
from meetings.record.actions.holding import AttendanceMark, save_attendance
from meetings.record.queries.versions import DRAFT_FILE
from members.actions import load_agreement
from members.models import SeatAssignment
from tests.builders import a_user, amended, renamed
from tests.meetings.held import (
    MEETS_ON,
    NOW,
    Stage,
    a_held_meeting,
    checked,
    circulated,
    complete,
    give_account,
    shown_on,
    signed_in,
    typed,
    write,
)
from tests.roles import as_owner
from tests.worlds import built_once

LATER = NOW + timedelta(days=3)
pytestmark = pytest.mark.django_db


def _partner(stage: Stage, slug: str) -> int:
    return stage.meeting.body.agreement.partners.get(authority__slug=slug).pk


def _approve(stage: Stage, slug: str, *, version: int = 1, by: str | None = None) -> bool:
    return approve(
        minutes=stage.minutes, partner=_partner(stage, slug), version=version, by=stage.approvers[by or slug], now=LATER
    )


def _approved(stage: Stage) -> Stage:
    circulated(stage)
    _approve(stage, "wetteraukreis")
    _approve(stage, "lwv-hessen")
    stage.minutes.refresh_from_db()
    stage.meeting.refresh_from_db()
    return stage


def _approver(stage: Stage) -> str:
    return str(stage.approvers["wetteraukreis"].email)


def _built(kind: str, **to: str) -> outbox.Mail:
    mail = outbox._builders[kind](OutboxMessage.objects.filter(kind=kind, **to)[0])
    assert mail is not None
    return mail


def _told(kind: str) -> list[str]:
    return sorted(OutboxMessage.objects.filter(kind=kind).values_list("to", flat=True))


def _leaves_after_the_meeting(email: str) -> None:
    assignments = SeatAssignment.objects.filter(person__email=email)
    assignments.update(period=(date(2022, 3, 1), MEETS_ON + timedelta(days=1)))


def _member_account(stage: Stage, name: str) -> str:
    """Gives the holder of a seat an account that may read; his address."""
    row = stage.meeting.attendances.select_related("person").get(name=name)
    assert row.person is not None
    give_account(row.person, a_user(role="member", partner=row.partner.slug))  # type: ignore[union-attr]
    return row.person.email


@built_once
def held():
    return a_held_meeting()


@built_once
def completed(held):
    return complete(held)


@built_once
def stage(completed):
    return circulated(completed)


@built_once
def approved_stage(held):
    return _approved(held)


def test_given_an_incomplete_draft_when_circulated_then_it_says_what_is_missing_and_nothing_goes_out(held) -> None:
    with pytest.raises(Refused, match="Tragen Sie ein, wer die Sitzung geleitet hat"):
        circulate(minutes=held.minutes, version=1, seen=checked(held, NOW), by=held.writer, now=NOW)
    assert not OutboxMessage.objects.exists()
    page = signed_in(held.writer).get(held.url + "versenden/").content.decode()
    assert re.search(r'protokoll/#top-\d+">TOP 3: Schreiben Sie einen Text', page)
    assert 'protokoll/#angaben">Tragen Sie ein, wer die Sitzung geleitet hat.' in page


def test_given_a_complete_draft_when_circulated_then_members_with_an_account_and_approvers_get_one_mail_each(
    completed,
) -> None:
    member = _member_account(completed, "Antonia Abel")
    told = circulate(minutes=completed.minutes, version=1, seen=checked(completed, NOW), by=completed.writer, now=NOW)
    assert told == 3
    assert _told("minutes.circulated") == sorted([member, *(user.email for user in completed.approvers.values())])


def test_given_an_approver_who_is_a_member_when_circulated_then_he_gets_one_mail(completed) -> None:
    row = completed.meeting.attendances.select_related("person").get(name="Antonia Abel")
    assert row.person is not None
    give_account(row.person, completed.approvers["wetteraukreis"])
    row.person.email = completed.approvers["wetteraukreis"].email
    row.person.save()
    assert (
        circulate(minutes=completed.minutes, version=1, seen=checked(completed, NOW), by=completed.writer, now=NOW) == 2
    )


def test_given_a_member_who_left_since_when_circulated_then_he_gets_nothing(completed) -> None:
    email = _member_account(completed, "Antonia Abel")
    _leaves_after_the_meeting(email)
    circulate(minutes=completed.minutes, version=1, seen=checked(completed, LATER), by=completed.writer, now=LATER)
    assert email not in _told("minutes.circulated")


def test_given_a_double_click_when_circulated_again_then_nobody_is_told_twice(stage) -> None:
    before = OutboxMessage.objects.count()
    with pytest.raises(Refused, match="schon versandt"):
        circulate(minutes=stage.minutes, version=1, seen=checked(stage, NOW), by=stage.writer, now=NOW)
    assert OutboxMessage.objects.count() == before


def test_given_the_mail_when_built_then_it_holds_the_link_and_no_content(held) -> None:
    write(held, held.sections[0], "Ganz vertraulich.")
    circulated(held)
    mail = _built("minutes.circulated")
    assert held.url in mail.body
    assert "vertraulich" not in mail.body + mail.subject


def test_given_readers_and_approvers_when_told_of_a_draft_then_each_learns_what_to_do(completed) -> None:
    member = _member_account(completed, "Antonia Abel")
    circulate(minutes=completed.minutes, version=1, seen=checked(completed, NOW), by=completed.writer, now=NOW)
    reads, approves = _built("minutes.circulated", to=member), _built("minutes.circulated", to=_approver(completed))
    assert reads.subject == "KoK Wetteraukreis: Protokoll vom 17.11.2026, bitte lesen"
    assert approves.subject == "KoK Wetteraukreis: Protokoll vom 17.11.2026, bitte genehmigen"
    assert "genehmigen Sie es für Ihren Partner" in approves.body
    assert "Ihren Partner" not in reads.body


def test_given_an_approver_on_a_seat_when_told_of_a_draft_then_the_one_mail_asks_for_the_approval(completed) -> None:
    row = completed.meeting.attendances.select_related("person").get(name="Antonia Abel")
    assert row.person is not None
    give_account(row.person, completed.approvers["wetteraukreis"])
    row.person.email = _approver(completed)
    row.person.save()
    circulate(minutes=completed.minutes, version=1, seen=checked(completed, NOW), by=completed.writer, now=NOW)
    assert _built("minutes.circulated", to=_approver(completed)).subject.endswith("bitte genehmigen")


def test_given_a_text_taken_back_when_the_mail_is_sent_later_then_it_is_no_longer_sent(stage) -> None:
    row = OutboxMessage.objects.filter(kind="minutes.circulated")[0]
    take_back(minutes=stage.minutes, version=stage.minutes.version, reason="Ein Fehler.", by=stage.writer, now=NOW)
    assert outbox._builders["minutes.circulated"](row) is None


def test_given_a_text_taken_back_when_its_file_is_asked_for_again_then_it_is_that_of_what_was_circulated(stage) -> None:
    take_back(minutes=stage.minutes, version=stage.minutes.version, reason="Ein Fehler.", by=stage.writer, now=NOW)
    assert request_file(version=stage.minutes.versions.get(), by=stage.member, now=NOW).version == DRAFT_FILE
    assert Document.objects.filter(kind="minutes").count() == 1


def test_given_a_name_with_a_sign_of_html_when_told_of_minutes_then_the_mail_shows_it_as_it_is(held) -> None:
    bodies = renamed("kok", name="Beirat A & B", short_name="Beirat A & B")
    load_agreement(file=amended(on=date(2022, 4, 1), annex="1", bodies=bodies), by=None, now=clock.now())
    circulated(held)
    assert _built("minutes.circulated").subject.startswith("Beirat A & B Wetteraukreis:")


def test_given_a_birth_date_in_the_text_when_circulated_then_the_page_warns_and_asks(completed) -> None:
    write(completed, completed.sections[2], "Frau X, geb. 03.04.1987, zieht um.")
    client = signed_in(completed.writer)
    page = client.get(completed.url + "versenden/").content.decode()
    assert "TOP 3: „geb. 03.04.1987“ sieht aus wie ein Geburtsdatum." in page
    seen = checked(completed, clock.now())
    url = completed.url + "versenden/"
    sent = {"version": 1, "seen": seen} | shown_on(client, url)
    client.post(url, sent)
    completed.minutes.refresh_from_db()
    assert completed.minutes.state == "DRAFT"
    client.post(url, sent | {"checked": "on"})
    completed.minutes.refresh_from_db()
    assert completed.minutes.state == "CIRCULATED"


def test_given_circulated_minutes_when_taken_back_then_a_new_version_begins_and_approvals_drop(stage) -> None:
    _approve(stage, "lwv-hessen")
    take_back(minutes=stage.minutes, version=1, reason="TOP 3 war falsch.", by=stage.writer, now=NOW)
    stage.minutes.refresh_from_db()
    assert (stage.minutes.state, stage.minutes.version) == ("DRAFT", 2)
    assert stage.minutes.partners_that_approved() == frozenset()
    assert AuditEvent.objects.get(action="minutes.taken_back").note == "TOP 3 war falsch."
    write(stage, stage.sections[2], "Richtig.")
    circulate(minutes=stage.minutes, version=2, seen=checked(stage, NOW), by=stage.writer, now=NOW)
    row = OutboxMessage.objects.filter(kind="minutes.circulated", key__contains=":v2:")[0]
    mail = outbox._builders["minutes.circulated"](row)
    assert mail is not None
    assert "Sie ersetzt die Fassung 1." in mail.body


def test_given_a_text_that_changed_when_the_old_version_is_approved_then_it_is_refused(stage) -> None:
    take_back(minutes=stage.minutes, version=stage.minutes.version, reason="Neu.", by=stage.writer, now=NOW)
    circulate(minutes=stage.minutes, version=2, seen=checked(stage, NOW), by=stage.writer, now=NOW)
    with pytest.raises(Refused, match="jetzt ist es die Fassung 2"):
        _approve(stage, "lwv-hessen", version=1)


def test_given_no_reason_when_taken_back_then_it_is_refused(stage) -> None:
    with pytest.raises(Refused, match="Der Grund fehlt"):
        take_back(minutes=stage.minutes, version=stage.minutes.version, reason=" ", by=stage.writer, now=NOW)


def test_given_a_draft_when_approved_then_it_is_refused(completed) -> None:
    with pytest.raises(Refused, match="noch ein Entwurf"):
        _approve(completed, "lwv-hessen")


def test_given_circulated_minutes_when_somebody_approves_for_the_other_partner_then_it_is_refused(stage) -> None:
    with pytest.raises(Refused, match="nur für Ihren eigenen Partner"):
        _approve(stage, "lwv-hessen", by="wetteraukreis")
    assert not MinutesApproval.objects.exists()


def test_given_one_approval_when_the_same_partner_approves_again_then_it_counts_once(stage) -> None:
    assert _approve(stage, "lwv-hessen") is False
    with pytest.raises(Refused, match="schon eingetragen"):
        _approve(stage, "lwv-hessen")
    assert MinutesApproval.objects.count() == 1


def test_given_both_approvals_when_the_last_is_given_then_the_meeting_is_closed_and_the_list_is_told(completed) -> None:
    attended = _member_account(completed, "Emma Ehlers")
    absent = _member_account(completed, "Farid Fuchs")
    row = completed.meeting.attendances.get(name="Farid Fuchs")
    save_attendance(minutes=completed.minutes, marks={row.pk: AttendanceMark("EXCUSED")}, by=completed.writer, now=NOW)
    circulate(minutes=completed.minutes, version=1, seen=checked(completed, NOW), by=completed.writer, now=NOW)
    _leaves_after_the_meeting(attended)
    _leaves_after_the_meeting(absent)
    _approve(completed, "wetteraukreis")
    assert _approve(completed, "lwv-hessen") is True
    completed.minutes.refresh_from_db()
    completed.meeting.refresh_from_db()
    assert (completed.minutes.state, completed.meeting.state) == ("APPROVED", Meeting.State.CLOSED)
    assert attended in _told("minutes.approved")  # has left since, but was there
    assert absent not in _told("minutes.approved")
    assert Document.objects.get(version=2).filename == "KoK-06440-2026-11-Protokoll.pdf"


@pytest.mark.parametrize("path", ["zurueck/", "versenden/"])
def test_given_approved_minutes_when_changed_by_url_then_it_is_refused(approved_stage, path: str) -> None:
    client = signed_in(approved_stage.writer)
    answer = client.post(approved_stage.url + path, {"reason": "Doch anders", "version": 1}, follow=True)
    assert "genehmigt" in answer.content.decode()
    section = approved_stage.sections[0]
    saved = client.post(f"{approved_stage.url}abschnitt/{section.pk}", typed(section, "Neu."))
    assert saved.status_code == 409
    approved_stage.minutes.refresh_from_db()
    assert (approved_stage.minutes.state, approved_stage.sections[0].text) == ("APPROVED", "Text zu Begrüßung.")


def test_given_approved_minutes_when_changed_by_the_orm_then_the_database_refuses(held) -> None:
    everybody = frozenset(held.meeting.body.agreement.partners.values_list("pk", flat=True))
    resolution = record_resolution(
        minutes=held.minutes, item=held.sections[2].item, text="So.", consenting=everybody, by=held.writer, now=NOW
    )
    _approved(held)
    held.minutes.chair_name = "Jemand anderes"
    section = held.sections[0]
    section.text = "Neu."
    for row in (held.minutes, section, resolution, held.meeting.attendances.first()):
        with pytest.raises(IntegrityError, match="genehmigt"), transaction.atomic():
            row.save()  # type: ignore[union-attr]
        with as_owner(), pytest.raises(IntegrityError, match=r"genehmigt|restricted"), transaction.atomic():
            row.delete()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE meetings_minutes SET state = 'DRAFT'",
        "UPDATE meetings_minutessection SET text = 'x'",
        "DELETE FROM meetings_minutessection",
        "UPDATE meetings_attendance SET name = 'x'",
        "UPDATE meetings_agendaitem SET title = 'x'",
    ],
)
def test_given_approved_minutes_when_changed_by_raw_sql_then_the_database_refuses(
    approved_stage: Stage, sql: str
) -> None:
    with as_owner(), pytest.raises(IntegrityError, match="genehmigt"), transaction.atomic():
        connection.cursor().execute(sql)


def _render_all() -> None:
    for pk in Document.objects.values_list("pk", flat=True):
        documents.render(pk, now=NOW)


def test_given_approved_minutes_when_the_worker_is_done_then_the_page_offers_the_file_with_its_checksum(
    approved_stage,
) -> None:
    client = signed_in(approved_stage.member)
    assert "wartet auf die Erstellung" in client.get(approved_stage.url + "fassung/1/pdf/stand").content.decode()
    assert client.get(approved_stage.url + "fassung/1/pdf").status_code == 404
    _render_all()
    page = client.get(approved_stage.url).content.decode()
    document = Document.objects.get(version=2)
    assert document.sha256 in page
    answer = client.get(approved_stage.url + "fassung/1/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="KoK-06440-2026-11-Protokoll.pdf"'
    assert answer.content.startswith(b"%PDF")


def test_given_a_finished_file_when_somebody_without_the_right_asks_then_it_does_not_exist(approved_stage) -> None:
    _render_all()
    assert signed_in(a_user(role="registrar")).get(approved_stage.url + "fassung/1/pdf").status_code == 404
    assert signed_in(a_user()).get(approved_stage.url + "fassung/1/pdf").status_code == 404


def test_given_a_renderer_that_fails_when_the_page_is_opened_then_it_says_so_offers_a_retry_and_the_text_stands(
    stage, monkeypatch: pytest.MonkeyPatch
) -> None:

    def broken(object_id: int, version: int) -> bytes:
        raise RuntimeError("no fonts")

    with monkeypatch.context() as patch:
        patch.setitem(documents._renderers, "minutes", broken)
        _render_all()
    client = signed_in(stage.writer)
    page = client.get(stage.url).content.decode()
    assert "konnte nicht erstellt werden" in page
    assert "Text zu Planung." in page
    client.post(stage.url + "fassung/1/pdf/erneut")
    _render_all()
    assert "ist fertig" in client.get(stage.url).content.decode()


def test_given_a_circulated_file_when_read_then_it_is_marked_as_a_draft_and_the_approved_one_is_not(stage) -> None:
    client = signed_in(stage.member)
    assert "Dieses Protokoll gilt erst" in client.get(stage.url + "lesen/").content.decode()
    _approve(stage, "wetteraukreis")
    _approve(stage, "lwv-hessen")
    assert "Dieses Protokoll gilt erst" not in client.get(stage.url + "lesen/").content.decode()


def test_given_people_without_an_account_when_the_file_is_sent_then_each_chosen_one_gets_it_once(
    approved_stage,
) -> None:
    url = approved_stage.url + "zustellen/"
    client = signed_in(approved_stage.writer)
    chosen = f"person-{approved_stage.meeting.attendances.get(name='Antonia Abel').person_id}"
    assert chosen in client.get(url).content.decode()
    for _ in range(2):
        client.post(url, {"recipients": [chosen]})
    row = OutboxMessage.objects.get(kind="minutes.file")
    assert row.to == "abel@example.org"
    with pytest.raises(outbox.NotReady):
        outbox._builders["minutes.file"](row)
    _render_all()
    mail = outbox._builders["minutes.file"](row)
    assert mail is not None
    assert mail.attachments[0].filename == "KoK-06440-2026-11-Protokoll.pdf"


def test_given_nobody_chosen_when_the_file_is_sent_then_it_is_refused(approved_stage) -> None:
    with pytest.raises(Refused, match="niemand ausgewählt"):
        send_file(minutes=approved_stage.minutes, keys=frozenset(), by=approved_stage.writer, now=NOW)


def test_given_a_number_when_the_command_runs_then_it_writes_the_pdf(approved_stage, tmp_path: Any) -> None:
    output = tmp_path / "p.pdf"
    call_command("minutes_pdf", approved_stage.meeting.number, output=output)
    assert output.read_bytes().startswith(b"%PDF")
    _render_all()
    call_command("minutes_pdf", approved_stage.meeting.number, output=output)
    assert output.read_bytes() == bytes(Document.objects.get(version=2).content or b"")


def test_given_an_unknown_number_when_the_command_runs_then_it_says_so_and_ends_with_1(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("minutes_pdf", "KoK-00000-2026-01", output=tmp_path / "p.pdf")
    assert ended.value.code == 1
    assert "KoK-00000-2026-01" in capsys.readouterr().err


def test_given_the_pages_of_the_way_when_opened_then_the_number_of_queries_is_small(
    django_assert_max_num_queries: Any,
) -> None:
    stage = _approved(a_held_meeting(items=tuple(f"Punkt {n}" for n in range(30))))
    client = signed_in(stage.member)
    with django_assert_max_num_queries(12):
        assert client.get(stage.url).status_code == 200


def test_given_a_member_when_approving_by_url_then_it_is_forbidden(stage) -> None:
    assert signed_in(stage.member).get(stage.url + "genehmigen/").status_code == 403


def test_given_the_page_of_approval_when_confirmed_by_both_then_it_is_approved(stage) -> None:
    for slug, user in stage.approvers.items():
        client = signed_in(user)
        assert "Text zu Planung." in client.get(stage.url + "genehmigen/").content.decode()
        client.post(stage.url + "genehmigen/", {"version": 1, "partner": _partner(stage, slug)})
    assert Minutes.objects.get().state == "APPROVED"
