"""What went out with a name in it is withheld: nobody reads it any more, and the worker erases it at once."""

import re
from datetime import UTC, date, datetime, time
from hashlib import sha256

import pytest
from django.db import connection

from kok import erasure
from kok.errors import Refused
from kok.models import AuditEvent, Dispatch, Document, ErasureRequest, OutboxMessage
from meetings.convening.actions import invitations, outgoing
from meetings.convening.actions.notice import Consent
from meetings.convening.documents import mails_invitation
from meetings.models import AgendaItem, InvitationRound, Meeting
from members.models import Partner, Person
from tests import builders
from tests.meetings.held import a_held_meeting, consents, signed_in
from tests.roles import by_worker

NOW = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
PUT_IN = """
INSERT INTO members_roleassignment (user_id, role, agreement_id, partner_id, period, by_command)
SELECT user_id, 'reporter', agreement_id, partner_id, period, true FROM members_roleassignment
WHERE user_id = %s LIMIT 1
"""
WITHHELD_BY_SQL = """
UPDATE meetings_invitationround SET withheld_at = '2027-04-01 08:00+00', withheld_by_id = %(by)s, withheld_reason = 'x'
"""
TRAIL = """
INSERT INTO kok_auditevent (at, actor, action, agreement, object_kind, object_id, note, old, new)
SELECT '2027-04-01 08:00+00', %(by)s, 'meeting.withheld', '', 'meetings.Meeting', id::text, 'Fassung 1: x', '', ''
FROM meetings_meeting
"""
REASON = "Ein Name gehört nicht hinein."
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _spring(settings):
    settings.KOK_NOW = NOW.isoformat()


@pytest.fixture
def user():
    builders.an_agreement()
    return builders.a_user(role="secretariat")


@pytest.fixture
def sent(user) -> InvitationRound:
    meeting = builders.a_meeting(on=date(2027, 4, 13), items=("Fall Malou Quastenhagen", "Verschiedenes"))
    consent = Consent(urgency_reason="Eilig wegen Malou Quastenhagen", given=consents(NOW.date()))
    round_ = invitations.invite(meeting=meeting, revision=1, consent=consent, by=user, now=NOW)
    made = {"content": b"%PDF-1.7", "sha256": sha256(b"%PDF-1.7").hexdigest(), "finished_at": NOW}
    Document.objects.filter(kind="agenda").update(state="DONE", **made)
    return round_


def url(sent, page):
    return f"/wetteraukreis/gremien/kok/sitzungen/{sent.meeting_id}/{page}"


def papers(client, sent):
    return client.get(url(sent, "unterlagen/")).content.decode()


def test_given_an_invitation_that_names_somebody_when_withheld_then_nobody_reads_it_and_the_worker_erases_it(
    user, sent, client
):
    client.force_login(user)
    path = url(sent, "unterlagen/einladung/1/sperren")
    assert path in papers(client, sent)
    file = url(sent, f"unterlagen/{Document.objects.get(kind='agenda').pk}/")
    assert client.get(file).status_code == 200
    client.post(path, {"reason": REASON})
    client.force_login(builders.a_user(role="member"))
    for part in ("", "stand"):
        assert client.get(file + part).status_code == 404, part
    page = papers(client, sent)
    assert f"Grund: {REASON}" in page
    assert file not in page
    assert path not in page
    message = OutboxMessage.objects.filter(kind="invitation").first()
    assert mails_invitation.invitation(message) is None, "a mail that waits does not go out"
    by_worker(erasure.carry_out_what_was_asked, now=NOW)
    sent.refresh_from_db()
    assert (sent.agenda, sent.urgency_reason, sent.withheld_by) == ([], "", user)
    assert not Document.objects.filter(kind="agenda").exists()
    assert sent.invitations.count() == 7
    assert AuditEvent.objects.get(action="meeting.withheld").note == f"Fassung 1: {REASON}"


@pytest.mark.parametrize("kind", ["INVITATION", "CANCELLATION"])
def test_given_people_without_an_address_when_a_round_is_to_be_withheld_then_they_are_named_with_their_way(
    user, client, kind, settings
):
    Person.objects.filter(family_name__in=("Abel", "Busch")).update(email="")
    meeting = builders.a_meeting(items=("Fall Malou Quastenhagen",))
    consent = Consent(without_address=True)
    sent = invitations.invite(meeting=meeting, revision=1, consent=consent, by=user, now=NOW)
    if kind == "CANCELLATION":
        meeting.refresh_from_db()
        invitations.cancel(meeting=meeting, reason="Malou ist krank", revision=meeting.revision, by=user, now=NOW)
        sent = InvitationRound.objects.get(kind=kind)
    rows = Dispatch.objects.filter(name="Antonia Abel", kind=kind.lower())
    client.force_login(user)
    client.post(url(sent, f"versand/{rows.get().pk}/brief"), {"sent_on": "01.04.2027"})
    page = client.get(url(sent, f"unterlagen/einladung/{sent.round_no}/sperren")).content.decode()
    told = re.findall(r"<li>([^<]+): ((?:Brief|auf anderem Weg)[^<]*)</li>", page)
    assert [(name.split(" (")[0], way) for name, way in told] == [
        ("Antonia Abel", "Brief vom 01.04.2027"), ("Bernd Busch", "auf anderem Weg, kein Brief vermerkt"),
    ]  # fmt: skip


def test_given_only_mails_when_a_round_is_to_be_withheld_then_nobody_is_named(user, sent, client):
    client.force_login(user)
    assert "Ohne Mail erhalten" not in client.get(url(sent, "unterlagen/einladung/1/sperren")).content.decode()


def test_given_a_newer_invitation_when_the_older_is_withheld_then_only_its_words_go(user, sent):
    AgendaItem.objects.filter(position=1).update(title="Ein Fall")
    Meeting.objects.update(starts_at=time(11))
    meeting = Meeting.objects.get()
    newer = invitations.invite(meeting=meeting, revision=meeting.revision, by=user, now=NOW)
    outgoing.withhold(round_=sent, reason=REASON, by=user, now=NOW)
    by_worker(erasure.carry_out_what_was_asked, now=NOW)
    sent.refresh_from_db()
    newer.refresh_from_db()
    assert (sent.agenda, sent.urgency_reason) == ([], "")
    assert newer.agenda[0]["title"] == "Ein Fall"


def test_given_a_cancellation_that_names_somebody_when_withheld_then_its_reason_goes(user, sent, client):
    meeting = Meeting.objects.get()
    invitations.cancel(meeting=meeting, reason="Malou ist krank", revision=meeting.revision, by=user, now=NOW)
    outgoing.withhold(round_=InvitationRound.objects.get(kind="CANCELLATION"), reason=REASON, by=user, now=NOW)
    by_worker(erasure.carry_out_what_was_asked, now=NOW)
    client.force_login(user)
    page = client.get(url(sent, "")).content.decode()
    assert "Der Grund ist gesperrt." in page
    assert "Malou ist krank" not in page


def test_given_another_partner_no_reason_or_a_second_time_when_withheld_then_it_is_refused(user, sent):
    stranger = builders.a_user(role="secretariat", partner="lwv-hessen")
    for by, reason, words in ((stranger, REASON, "Das hat der Wetteraukreis versandt"), (user, " ", "Der Grund fehlt")):
        with pytest.raises(Refused, match=words):
            outgoing.withhold(round_=sent, reason=reason, by=by, now=NOW)
    outgoing.withhold(round_=sent, reason=REASON, by=user, now=NOW)
    with pytest.raises(Refused, match="schon gesperrt"):
        outgoing.withhold(round_=sent, reason=REASON, by=user, now=NOW)


def test_given_a_withheld_cancellation_when_its_mails_wait_then_they_and_the_page_do_without_the_reason(
    user, sent, client
):
    meeting = Meeting.objects.get()
    invitations.cancel(meeting=meeting, reason="Malou ist krank", revision=meeting.revision, by=user, now=NOW)
    message = OutboxMessage.objects.filter(kind="cancellation").first()
    assert "Grund: Malou ist krank" in mails_invitation.cancellation(message).body
    outgoing.withhold(round_=InvitationRound.objects.get(kind="CANCELLATION"), reason=REASON, by=user, now=NOW)
    body = mails_invitation.cancellation(message).body
    assert "findet nicht statt" in body
    assert "Grund" not in body
    client.force_login(user)
    page = client.get(url(sent, "")).content.decode()
    assert "Der Grund ist gesperrt. Niemand darf ihn mehr lesen." in page
    assert "Malou ist krank" not in page


def test_given_a_withheld_invitation_when_the_next_goes_out_then_no_change_against_its_agenda_is_named(
    user, sent, client
):
    outgoing.withhold(round_=sent, reason=REASON, by=user, now=NOW)
    client.force_login(user)
    assert "Die übrigen gehen hinaus" not in papers(client, sent)
    by_worker(erasure.carry_out_what_was_asked, now=NOW)
    Meeting.objects.update(place="Gießen")
    meeting = Meeting.objects.get()
    newer = invitations.invite(meeting=meeting, revision=meeting.revision, by=user, now=NOW)
    made = {"state": "DONE", "content": b"%PDF-1.7", "sha256": sha256(b"%PDF-1.7").hexdigest(), "finished_at": NOW}
    Document.objects.filter(kind="agenda", object_id=newer.pk).update(**made)
    for row in Document.objects.all():
        row.save()
    message = OutboxMessage.objects.filter(kind="invitation").latest("pk")
    assert "Seit der letzten Einladung ist neu: Ort." in mails_invitation.invitation(message).body


def test_given_a_withheld_reason_of_urgency_when_minutes_say_who_invited_then_no_reason_stands_there():
    stage = a_held_meeting()
    meeting = stage.meeting
    by = Partner.objects.get(authority__slug="wetteraukreis")
    InvitationRound.objects.create(
        meeting=meeting, round_no=1, convened_by=by, chaired_by=by, meets_on=meeting.meets_on,
        starts_at=meeting.starts_at, calendar_sequence=0, dispatched_at=datetime(2026, 11, 16, 8, 0, tzinfo=UTC),
        urgency_reason="Eilig wegen Malou", withheld_at=NOW, withheld_by=stage.writer, withheld_reason=REASON,
    )  # fmt: skip
    page = signed_in(stage.writer).get(stage.url + "lesen/").content.decode()
    sentence = "am 16.11.2026. Die Ladungsfrist von 14 Tagen wurde wegen Dringlichkeit verkürzt."
    assert sentence in page
    assert "Malou" not in page
    assert "Geschäftsführung der Kooperationskonferenz" in page


def test_given_a_round_that_sql_calls_withheld_when_the_night_erases_then_words_and_file_stay(user, sent):
    with connection.cursor() as cursor:
        cursor.execute(WITHHELD_BY_SQL, {"by": user.pk})
        cursor.execute(TRAIL, {"by": user.username})
    by_worker(erasure.run, now=NOW)
    sent.refresh_from_db()
    assert sent.agenda
    assert Document.objects.filter(kind="agenda", state="DONE").exists()
    assert sent.urgency_reason.startswith("Eilig")


def test_given_a_role_that_was_put_in_when_its_holder_withholds_an_invitation_then_it_stays_readable(user, sent):
    with connection.cursor() as cursor:
        cursor.execute(PUT_IN, [user.pk])
    with pytest.raises(Refused, match="an der Anwendung vorbei geändert"):
        outgoing.withhold(round_=sent, reason=REASON, by=user, now=NOW)
    sent.refresh_from_db()
    assert (sent.withheld_at, bool(sent.agenda)) == (None, True)
    assert not ErasureRequest.objects.exists()
