"""The mail of an invitation as it arrives: words, calendar file, agenda; and what happens when the PDF fails."""

import email
import email.policy
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from kok import documents, outbox
from kok.models import Document, OutboxMessage
from meetings.convening.actions import invitations as actions
from tests import builders
from tests.roles import by_worker

NOW = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    builders.an_agreement()
    meeting = builders.a_meeting(items=("Begrüßung", "Verschiedenes"), place="Kreishaus Friedberg & Saal", link="")
    actions.invite(meeting=meeting, revision=1, by=builders.a_user(role="secretariat"), now=NOW)
    return meeting


def render(monkeypatch, renderer=lambda object_id, version: b"%PDF-1.7 agenda"):
    monkeypatch.setitem(documents._renderers, "agenda", renderer)
    documents.render(Document.objects.get().pk, now=NOW)


def delivered(monkeypatch) -> email.message.EmailMessage:
    """The first mail, read back from its bytes."""
    render(monkeypatch)
    by_worker(outbox.deliver, now=NOW)
    sent = mail.outbox[0].message().as_bytes()
    return email.message_from_bytes(sent, policy=email.policy.default)


def test_given_an_invitation_when_it_arrives_then_the_text_says_what_when_where_and_what_to_do(meeting, monkeypatch):
    message = delivered(monkeypatch)
    body = message.get_body(("plain",)).get_content()
    assert message["subject"] == "KoK Wetteraukreis: Einladung zur Sitzung am Mi 12.05.2027, Antwort bis Mi 05.05.2027"
    assert body.startswith("Guten Tag,\n\nbitte antworten Sie bis Mi 05.05.2027")
    for line in (
        "Tag: Mi 12.05.2027",
        "Beginn: 10:00 Uhr",
        "Ort: Kreishaus Friedberg & Saal",
        "Es lädt ein: Wetteraukreis",
        "Es leitet und führt das Protokoll: Wetteraukreis",
        f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/antwort",
    ):
        assert line in body
    calendar, paper = message.iter_attachments()
    for told in (message["subject"], body, calendar.get_content().replace(message["to"], ""), paper.get_filename()):
        assert "Abel" not in told  # in the words: the letters of an attachment on its way are random


def test_given_an_invitation_when_it_arrives_then_calendar_and_agenda_are_attached(meeting, monkeypatch):
    calendar, paper = delivered(monkeypatch).iter_attachments()
    assert calendar.get_content_type() == "text/calendar"
    assert calendar.get_params()[1:] == [("charset", "utf-8"), ("method", "REQUEST")]
    lines = calendar.get_content().replace("\r\n ", "").splitlines()
    assert "METHOD:REQUEST" in lines
    assert f"UID:{meeting.calendar_uid}" in lines
    assert "DTSTART;TZID=Europe/Berlin:20270512T100000" in lines
    assert sum(line.startswith("ATTENDEE") for line in lines) == 1
    assert (paper.get_content_type(), paper.get_filename()) == (
        "application/pdf",
        "Einladung KoK-06440-2027-01.pdf",
    )


def test_given_a_meeting_without_a_planned_end_when_invited_then_mail_and_calendar_say_that_the_end_is_none(
    monkeypatch,
):
    builders.an_agreement()
    meeting = builders.a_meeting(items=("Begrüßung", "Verschiedenes"), ends_at=None)
    actions.invite(meeting=meeting, revision=1, by=builders.a_user(role="secretariat"), now=NOW)
    message = delivered(monkeypatch)
    assert "Ende: nicht geplant; die Kalenderdatei trägt zwei Stunden ein" in message.get_body(("plain",)).get_content()
    calendar, _ = message.iter_attachments()
    lines = re.sub(r"\r?\n ", "", calendar.get_content()).splitlines()
    assert "DTEND;TZID=Europe/Berlin:20270512T120000" in lines
    (said,) = (line for line in lines if line.startswith("DESCRIPTION"))
    assert "Ein Ende ist nicht geplant. Im Kalender sind zwei Stunden eingetragen." in said


def test_given_a_meeting_with_a_planned_end_when_invited_then_nothing_is_said_of_an_open_one(meeting, monkeypatch):
    message = delivered(monkeypatch)
    assert "Ende: 12:00 Uhr" in message.get_body(("plain",)).get_content()
    calendar, _ = message.iter_attachments()
    assert "nicht geplant" not in re.sub(r"\r?\n ", "", calendar.get_content())


def test_given_a_pdf_in_work_when_mails_are_delivered_then_they_wait_and_go_out_once_it_is_there(meeting, monkeypatch):
    assert by_worker(outbox.deliver, now=NOW) == 0
    assert set(OutboxMessage.objects.values_list("state", "attempts")) == {("QUEUED", 0)}
    render(monkeypatch)
    assert by_worker(outbox.deliver, now=NOW + timedelta(minutes=5)) == 7
    assert by_worker(outbox.deliver, now=NOW + timedelta(minutes=10)) == 0


def test_given_a_pdf_that_fails_when_it_is_tried_again_then_the_mails_still_go_out(meeting, monkeypatch, client):
    def broken(object_id, version):
        raise ValueError

    render(monkeypatch, broken)
    by_worker(outbox.deliver, now=NOW)
    assert mail.outbox == []
    client.force_login(builders.a_user(role="secretariat"))
    papers = f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/unterlagen/"
    page = client.get(papers).content.decode()
    assert "konnte nicht erstellt werden" in page
    assert "7 Mails, davon 0 versandt" in page
    client.post(f"{papers}{Document.objects.get().pk}/erneut")
    render(monkeypatch)
    assert by_worker(outbox.deliver, now=NOW + timedelta(minutes=5)) == 7
    page = client.get(papers).content.decode()
    assert "7 Mails, davon 7 versandt" in page
    assert "herunterladen" in page


def test_given_a_meeting_cancelled_before_the_mail_left_when_delivered_then_no_invitation_goes_out(
    meeting, monkeypatch
):
    meeting.refresh_from_db()
    user = builders.a_user(role="secretariat")
    actions.cancel(meeting=meeting, reason="Kein Raum", revision=meeting.revision, by=user, now=NOW)
    render(monkeypatch)
    by_worker(outbox.deliver, now=NOW)
    assert {sent.subject.split(": ")[1].split(" ")[0] for sent in mail.outbox} == {"Sitzung"}


def test_given_an_invitation_when_the_worker_makes_the_pdf_then_it_is_a_pdf(meeting):
    document = Document.objects.get()
    documents.render(document.pk, now=NOW)
    document.refresh_from_db()
    assert (document.state, bytes(document.content[:5])) == ("DONE", b"%PDF-")
