"""Sending a round of invitations: who may, what is frozen, what happens twice, at the same time and when parts fail."""

from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connection

from kok import documents, outbox
from kok.errors import Forged, Refused
from kok.models import Document, OutboxMessage
from meetings.convening.actions import invitations as actions
from meetings.convening.actions.answers import answer, mark_of_time
from meetings.convening.actions.notice import Consent
from meetings.convening.documents import mails_invitation
from meetings.models import Invitation, InvitationRound, Meeting
from members.models import Person, Seat, SeatAssignment
from tests import builders
from tests.meetings.held import consents, signed_in
from tests.roles import by_worker

NOW = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement():
    return builders.an_agreement()


@pytest.fixture
def secretariat(agreement):
    """Of the Wetteraukreis, in office from 01.03.2026 to 29.02.2028."""
    return builders.a_user(role="secretariat")


@pytest.fixture
def meeting(agreement):
    return builders.a_meeting(items=("Begrüßung", "Verschiedenes"))


@pytest.fixture
def paper(monkeypatch):
    """The worker makes a PDF at once, without WeasyPrint."""
    monkeypatch.setitem(documents._renderers, "agenda", lambda object_id, version: b"%PDF-1.7 agenda")

    def make():
        for document in Document.objects.all():
            documents.render(document.pk, now=NOW)

    return make


def send(meeting, by, *, now=NOW, **consent):
    meeting.refresh_from_db()
    return actions.invite(meeting=meeting, revision=meeting.revision, consent=Consent(**consent), by=by, now=now)


def test_given_a_planned_meeting_when_invited_then_number_recipients_and_agenda_are_frozen(meeting, secretariat):
    sent = send(meeting, secretariat)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.number, meeting.calendar_sequence) == ("INVITED", "KoK-06440-2027-01", 0)
    assert [item["number"] for item in sent.agenda] == ["1", "2"]
    assert sent.invitations.count() == 7
    assert OutboxMessage.objects.filter(kind="invitation").count() == 7
    assert Document.objects.get().kind == "agenda"


def test_given_an_address_changed_by_sql_when_invited_then_nobody_is(meeting, secretariat):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_person SET email = 'fremd@example.org' WHERE family_name = 'Abel'")
    with pytest.raises(Forged, match="vorbei geändert oder eingefügt: Person"):
        send(meeting, secretariat)
    assert not OutboxMessage.objects.exists()


def test_given_the_same_click_twice_when_sent_then_nothing_is_doubled_and_the_second_says_so(meeting, secretariat):
    seen = meeting.revision
    actions.invite(meeting=meeting, revision=seen, by=secretariat, now=NOW)
    with pytest.raises(Refused, match=r"schon am 01\.04\.2027 um 10:00 Uhr versandt"):
        actions.invite(meeting=meeting, revision=seen, by=secretariat, now=NOW)
    assert InvitationRound.objects.count() == 1
    assert OutboxMessage.objects.count() == 7


def test_given_a_change_after_the_preview_when_sent_then_it_is_refused_and_nothing_goes_out(meeting, secretariat):
    seen = meeting.revision
    Meeting.objects.update(place="Gießen", revision=seen + 1)
    with pytest.raises(Refused, match="inzwischen geändert"):
        actions.invite(meeting=meeting, revision=seen, by=secretariat, now=NOW)
    assert not OutboxMessage.objects.exists()


def test_given_the_partner_that_is_not_in_office_when_it_invites_then_the_sentence_says_who_may(meeting):
    lwv = builders.a_user(role="secretariat", partner="lwv-hessen")
    with pytest.raises(Refused, match=r"Wetteraukreis, bis zum 29\.02\.2028"):
        send(meeting, lwv)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.number) == ("PLANNED", None)


def test_given_a_beirat_when_invited_then_its_operator_convenes_whoever_is_in_office(agreement):
    beirat = builders.the_body("psychosozialer-beirat")
    builders.a_seat(body=beirat, person=builders.a_person())
    meeting = builders.a_meeting(body=beirat, on=date(2028, 5, 11), items=("Begrüßung",))
    later = datetime(2028, 4, 3, 8, 0, tzinfo=UTC)  # the LWV is in office
    with pytest.raises(Refused, match="führt der Partner Wetteraukreis"):
        send(meeting, builders.a_user(role="secretariat", partner="lwv-hessen"), now=later)
    sent = send(meeting, builders.a_user(role="secretariat"), now=later)
    assert (sent.convened_by.slug, sent.chaired_by.slug) == ("wetteraukreis", "wetteraukreis")


def test_given_a_short_notice_when_sent_then_reason_and_consent_of_all_partners_are_needed(meeting, secretariat):
    late = datetime(2027, 5, 3, 8, 0, tzinfo=UTC)
    county = builders.the_partner().pk
    with pytest.raises(Refused, match=r"spätestens am 28\.04\.2027"):
        send(meeting, secretariat, now=late)
    given = consents(late.date())
    with pytest.raises(Refused, match="Es fehlt: LWV Hessen"):
        send(
            meeting,
            secretariat,
            now=late,
            urgency_reason="Frist",
            given=[each for each in given if each.partner == county],
        )
    with pytest.raises(Refused, match=r"Die Zustimmung \(.+\) liegt in der Zukunft: 04\.05\.2027"):
        send(meeting, secretariat, now=late, urgency_reason="Frist", given=consents(date(2027, 5, 4)))
    sent = send(meeting, secretariat, now=late, urgency_reason="Frist", given=given)
    assert sent.urgency_reason == "Frist"
    told = sent.consents.values_list("partner__authority__slug", "name", "given_on", "way")
    assert set(told) == {
        ("wetteraukreis", "Kim Wetteraukreis", late.date(), "PHONE"),
        ("lwv-hessen", "Kim LWV Hessen", late.date(), "PHONE"),
    }


def test_given_a_holder_without_address_when_sent_then_it_needs_a_confirmation_and_he_stays_on_the_list(
    meeting, secretariat
):
    Person.objects.filter(family_name="Abel").update(email="")
    with pytest.raises(Refused, match="Ohne E-Mail-Adresse: Leitung, Fachbereich Jugend und Soziales"):
        send(meeting, secretariat)
    assert not OutboxMessage.objects.exists()
    sent = send(meeting, secretariat, without_address=True)
    assert sent.invitations.filter(email="").get().name == "Antonia Abel"
    assert OutboxMessage.objects.count() == 6


def test_given_a_person_in_two_seats_when_sent_then_there_is_one_mail_and_two_invitations(meeting, secretariat):
    builders.a_seat(person=Person.objects.get(family_name="Busch"))
    sent = send(meeting, secretariat)
    assert sent.invitations.count() == 8
    assert OutboxMessage.objects.filter(to="busch@example.org").count() == 1


def test_given_an_empty_agenda_or_nobody_with_an_address_when_sent_then_it_is_refused(agreement, secretariat):
    with pytest.raises(Refused, match="Tagesordnung ist leer"):
        send(builders.a_meeting(), secretariat)
    with pytest.raises(Refused, match="keinen Sitz"):
        send(builders.a_meeting(body=builders.a_body(), items=("Begrüßung",)), secretariat)


def test_given_a_holder_who_left_when_sent_then_the_vacancy_is_left_out_and_the_successor_is_asked(
    meeting, secretariat
):
    """Scenario 33: invitations are built from the seats of the meeting day."""
    seats = list(Seat.objects.filter(body=meeting.body)[:2])
    for seat in seats:
        SeatAssignment.objects.filter(seat=seat).update(period=(date(2022, 3, 1), date(2027, 5, 1)))
    successor = builders.a_person("Neumann", email="neumann@example.org")
    SeatAssignment.objects.create(seat=seats[1], person=successor, period=(date(2027, 5, 1), None))
    sent = send(meeting, secretariat)
    assert sent.invitations.count() == 6
    assert sent.invitations.get(seat=seats[1]).email == "neumann@example.org"


def test_given_a_moved_meeting_when_invited_again_then_number_and_uid_stay_and_the_sequence_rises(
    meeting, secretariat, paper
):
    from meetings.convening.actions import planning

    send(meeting, secretariat)
    meeting.refresh_from_db()
    uid = meeting.calendar_uid
    planning.reschedule(
        meeting=meeting, revision=meeting.revision, by=secretariat, now=NOW, meets_on=date(2027, 6, 9),
        starts_at=meeting.starts_at, ends_at=meeting.ends_at, place=meeting.place, link="",
    )  # fmt: skip
    meeting.refresh_from_db()
    assert (meeting.state, meeting.number) == ("PLANNED", "KoK-06440-2027-01")
    sent = send(meeting, secretariat)
    meeting.refresh_from_db()
    assert (sent.round_no, sent.calendar_sequence, meeting.calendar_uid) == (2, 1, uid)
    assert sent.invitations.filter(answer="OPEN").count() == 7
    message = OutboxMessage.objects.filter(kind="invitation").last()
    paper()
    body = mails_invitation.invitation(message).body
    assert "Seit der letzten Einladung ist neu: Tag (bisher Mi 12.05.2027)." in body
    history = signed_in(secretariat).get(f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/verlauf/")
    assert "Sitzung verlegt vom 12.05.2027 auf den 09.06.2027" in history.content.decode()


def test_given_an_answer_when_only_the_room_changes_then_it_stays_in_the_next_round(meeting, secretariat):
    first = send(meeting, secretariat)
    first.invitations.filter(email="abel@example.org").update(answer="ACCEPTED", answered_at=NOW)
    Meeting.objects.update(place="Gießen")
    second = send(meeting, secretariat)
    assert second.invitations.get(email="abel@example.org").answer == "ACCEPTED"


def test_given_somebody_who_lost_his_seat_when_invited_again_then_he_gets_a_cancellation(meeting, secretariat, paper):
    send(meeting, secretariat)
    SeatAssignment.objects.filter(person__family_name="Abel").update(period=(date(2022, 3, 1), date(2027, 5, 1)))
    send(meeting, secretariat)
    paper()
    by_worker(outbox.deliver, now=NOW)
    cancelled = [sent for sent in mail.outbox if sent.to == ["abel@example.org"]]
    assert [sent.subject for sent in cancelled] == [
        "KoK Wetteraukreis: Ihre Einladung für Mi 12.05.2027 gilt nicht mehr"
    ]
    assert "METHOD:CANCEL" in cancelled[0].attachments[0][1]
    assert "SEQUENCE:1" in cancelled[0].attachments[0][1]


def test_given_a_seat_that_ended_after_the_invitation_when_its_pages_open_then_they_say_who_is_not_invited_any_more(
    meeting, secretariat, client
):
    client.force_login(secretariat)
    send(meeting, secretariat)
    page = f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/"
    assert "Seit der Einladung" not in client.get(page).content.decode()
    assert "Nicht mehr eingeladen" not in client.get(f"{page}einladen").content.decode()
    SeatAssignment.objects.filter(person__family_name="Abel").update(period=(date(2022, 3, 1), date(2027, 5, 1)))
    assert "Seit der Einladung hat sich etwas geändert: Wer eingeladen wird." in client.get(page).content.decode()
    before = client.get(f"{page}einladen").content.decode()
    assert "Neu gegenüber der letzten Einladung:</strong> Wer eingeladen wird." in before
    assert "Nicht mehr eingeladen: Antonia Abel (" in before
    again = send(meeting, secretariat)
    assert "Diese Einladung ersetzt die vorige." in mails_invitation.preview(again).body


def test_given_an_invited_meeting_when_cancelled_then_everybody_is_told_once_and_the_number_stays(
    meeting, secretariat, paper
):
    send(meeting, secretariat)
    paper()
    by_worker(outbox.deliver, now=NOW)
    meeting.refresh_from_db()
    arguments = {"meeting": meeting, "reason": "Erkrankung & Glatteis", "revision": meeting.revision, "by": secretariat}
    actions.cancel(**arguments, now=NOW)
    with pytest.raises(Refused, match="ist abgesagt"):
        actions.cancel(**arguments, now=NOW)
    mail.outbox.clear()
    by_worker(outbox.deliver, now=NOW)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.number) == ("CANCELLED", "KoK-06440-2027-01")
    assert len(mail.outbox) == 7
    sent = mail.outbox[0]
    assert sent.subject == "KoK Wetteraukreis: Sitzung am Mi 12.05.2027 ist abgesagt"
    assert "Grund: Erkrankung & Glatteis" in sent.body
    assert "SEQUENCE:1" in sent.attachments[0][1]


def test_given_a_planned_meeting_when_cancelled_then_nobody_is_told_and_a_reason_is_needed(meeting, secretariat):
    with pytest.raises(Refused, match="Grund der Absage fehlt"):
        actions.cancel(meeting=meeting, reason=" ", revision=1, by=secretariat, now=NOW)
    actions.cancel(meeting=meeting, reason="Kein Raum", revision=1, by=secretariat, now=NOW)
    assert not OutboxMessage.objects.exists()


def test_given_a_cancelled_first_meeting_when_the_next_is_invited_then_its_number_is_not_used_again(
    meeting, secretariat
):
    send(meeting, secretariat)
    meeting.refresh_from_db()
    actions.cancel(meeting=meeting, reason="Kein Raum", revision=meeting.revision, by=secretariat, now=NOW)
    other = builders.a_meeting(on=date(2027, 10, 7), items=("Begrüßung",))
    send(other, secretariat)
    other.refresh_from_db()
    assert other.number == "KoK-06440-2027-02"


def test_given_an_invitation_in_november_for_january_when_sent_then_the_number_has_the_year_of_the_meeting(
    agreement, secretariat
):
    meeting = builders.a_meeting(on=date(2028, 1, 12), items=("Begrüßung",))
    send(meeting, secretariat, now=datetime(2027, 11, 22, 8, 0, tzinfo=UTC))
    meeting.refresh_from_db()
    assert meeting.number == "KoK-06440-2028-01"


@pytest.mark.django_db(transaction=True)
def test_given_two_meetings_when_invited_at_the_same_time_then_they_get_two_numbers():
    builders.an_agreement()
    user = builders.a_user(role="secretariat")
    pair = [builders.a_meeting(on=date(2027, month, 12), items=("Begrüßung",)) for month in (5, 10)]
    together = Barrier(2)

    def one(meeting):
        together.wait()
        actions.invite(meeting=meeting, revision=1, by=user, now=NOW)
        connection.close()

    threads = [Thread(target=one, args=[meeting]) for meeting in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Meeting.objects.values_list("number", flat=True)) == ["KoK-06440-2027-01", "KoK-06440-2027-02"]


@pytest.mark.django_db(transaction=True)
def test_given_two_clicks_at_the_same_time_when_sent_then_one_round_goes_out():
    builders.an_agreement()
    user = builders.a_user(role="secretariat")
    meeting = builders.a_meeting(items=("Begrüßung",))
    together, refusals = Barrier(2), []

    def click():
        together.wait()
        try:
            actions.invite(meeting=meeting, revision=1, by=user, now=NOW)
        except Refused as refused:
            refusals.append(refused.sentence)
        connection.close()

    threads = [Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (InvitationRound.objects.count(), Invitation.objects.count(), OutboxMessage.objects.count()) == (1, 7, 7)
    assert len(refusals) == 1
    assert "schon am" in refusals[0]


@pytest.mark.django_db(transaction=True)
def test_given_a_dead_broker_when_sent_then_the_change_stands_and_the_sweep_delivers(paper):
    """No broker runs here: publishing fails, the person sees nothing of it, and a later sweep finds the rows."""
    builders.an_agreement()
    meeting = builders.a_meeting(items=("Begrüßung",))
    send(meeting, builders.a_user(role="secretariat"))
    meeting.refresh_from_db()
    assert meeting.state == "INVITED"
    paper()
    assert by_worker(outbox.deliver, now=NOW) == 7


def test_given_an_invited_person_when_he_answers_twice_then_the_last_answer_counts(meeting, secretariat):
    guest = builders.a_user(role="member")
    Person.objects.filter(family_name="Abel").update(user=guest)
    send(meeting, secretariat)
    for given in ("ACCEPTED", "DEPUTY"):
        answer(meeting=meeting, answer=given, shown=mark_of_time(meeting.rounds.get()), by=guest, now=NOW)
    assert Invitation.objects.get(person__user=guest).answer == "DEPUTY"


def test_given_no_invitation_or_a_past_meeting_when_answering_then_a_sentence_says_why_not(meeting, secretariat):
    guest = builders.a_user(role="member")
    send(meeting, secretariat)
    given = {"meeting": meeting, "answer": "ACCEPTED", "shown": mark_of_time(meeting.rounds.get()), "by": guest}
    with pytest.raises(Refused, match="liegt keine Einladung"):
        answer(**given, now=NOW)
    with pytest.raises(Refused, match="nicht mehr antworten"):
        answer(**given, now=datetime(2027, 5, 13, 8, tzinfo=UTC))
