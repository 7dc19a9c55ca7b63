"""Who was sent what of a meeting: the record that pages and counts read, also when the outbox forgot (ADR 28)."""

import re
import smtplib
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kok import documents, mail_server, outbox
from kok.erasure import rules
from kok.models import Dispatch, Document, OutboxMessage, User
from meetings.convening.actions import invitations
from meetings.convening.actions.notice import Consent
from meetings.models import Meeting
from meetings.record.actions.approval import approve, send_file
from meetings.record.actions.circulation import circulate, take_back
from members.models import Person, RoleAssignment, SeatAssignment
from tests.builders import a_meeting, a_user, an_agreement
from tests.meetings.held import NOW, Stage, a_held_meeting, checked, circulated, give_account, signed_in
from tests.roles import by_worker

pytestmark = pytest.mark.django_db
SENT_AT = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDFs without WeasyPrint."""
    for kind in ("agenda", "minutes"):
        monkeypatch.setitem(documents._renderers, kind, lambda object_id, version: b"%PDF-1.7")


@pytest.fixture
def meeting() -> Meeting:
    an_agreement()
    return a_meeting(items=("Begrüßung", "Verschiedenes"))


@pytest.fixture
def secretariat(meeting: Meeting) -> User:
    return a_user(role="secretariat")


def invite(meeting: Meeting, by: User, *, now: datetime = SENT_AT, **consent: Any) -> None:
    meeting.refresh_from_db()
    invitations.invite(meeting=meeting, revision=meeting.revision, consent=Consent(**consent), by=by, now=now)


def deliver(now: datetime = SENT_AT) -> None:
    for pk in Document.objects.values_list("pk", flat=True):
        documents.render(pk, now=now)
    by_worker(outbox.deliver, now=now)


def forget_the_outbox() -> None:
    """What the retention rule does after twelve months, at once."""
    assert by_worker(OutboxMessage.objects.all().delete)[0]


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    main = re.search(r"<main.*</main>", answer.content.decode(), re.S)
    assert main
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main.group())).split())


def url_of(meeting: Meeting, page: str = "") -> str:
    return f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/{page}"


def rows_of(answer: Any) -> list[str]:
    """The lines of the table as text, in their order."""
    body = re.search(r"<tbody>(.*?)</tbody>", answer.content.decode(), re.S)
    found = re.findall(r"<tr>(.*?)</tr>", body.group(1), re.S) if body else []
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in found]


def approved_and_handed_on() -> Stage:
    """Two versions, the second one approved, and the PDF sent to somebody without an account."""
    stage = circulated(a_held_meeting())
    by = stage.approvers["wetteraukreis"]
    approve(minutes=stage.minutes, partner=_partner(by), version=1, by=by, now=NOW)
    take_back(minutes=stage.minutes, version=stage.minutes.version, reason="Ein Satz fehlt.", by=stage.writer, now=NOW)
    circulate(minutes=stage.minutes, version=2, seen=checked(stage), by=stage.writer, now=NOW)
    for each in stage.approvers.values():
        approve(minutes=stage.minutes, partner=_partner(each), version=2, by=each, now=NOW)
    keys = frozenset({f"person-{stage.meeting.attendances.get(name='Antonia Abel').person_id}"})
    send_file(minutes=stage.minutes, keys=keys, by=stage.writer, now=NOW)
    deliver(NOW)
    return stage


def _partner(user: User) -> int:
    return RoleAssignment.objects.get(user=user).partner_id  # type: ignore[return-value]


# The outbox is transport


def test_given_an_invited_meeting_when_the_outbox_forgot_then_pages_and_counts_say_the_same(
    meeting: Meeting, secretariat: User
) -> None:
    Person.objects.filter(family_name="Abel").update(email="")
    invite(meeting, secretariat, without_address=True)
    deliver()
    client = signed_in(secretariat)
    pages = [url_of(meeting, name) for name in ("", "unterlagen/", "versand/", "verlauf/")]
    before = [text_of(client.get(page)) for page in pages]
    assert "6 Mails, davon 6 versandt" in before[1]
    forget_the_outbox()
    assert [text_of(client.get(page)) for page in pages] == before


def test_given_approved_minutes_when_the_outbox_forgot_then_pages_say_the_same_and_nobody_gets_the_file_again() -> None:
    stage = approved_and_handed_on()
    client = signed_in(stage.writer)
    pages = [stage.url + name for name in ("", "zustellen/", "fassung/1/versand/", "fassung/2/versand/")]
    before = [text_of(client.get(page)) for page in pages]
    assert "Schon versandt Antonia Abel" in before[1]
    forget_the_outbox()
    assert [text_of(client.get(page)) for page in pages] == before
    keys = frozenset({f"person-{stage.meeting.attendances.get(name='Antonia Abel').person_id}"})
    assert send_file(minutes=stage.minutes, keys=keys, by=stage.writer, now=NOW) == 0
    assert not OutboxMessage.objects.exists()


# The page


def test_given_nothing_sent_when_the_page_is_opened_then_it_says_what_will_stand_there(
    meeting: Meeting, secretariat: User
) -> None:
    assert "Es ging noch nichts hinaus." in text_of(signed_in(secretariat).get(url_of(meeting, "versand/")))


@pytest.mark.logs_errors
def test_given_a_failed_mail_when_the_secretariat_looks_then_it_stands_first_with_address_and_reason(
    meeting: Meeting, secretariat: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    invite(meeting, secretariat)
    last = Dispatch.objects.latest("pk")
    send = mail_server.Message.send

    def refuse_the_last(self: mail_server.Message) -> int:
        if self.to == [last.address]:
            raise smtplib.SMTPRecipientsRefused({last.address: (550, b"unknown")})
        return send(self)

    monkeypatch.setattr(mail_server.Message, "send", refuse_the_last)
    for hour in range(outbox.MAX_REFUSALS):
        deliver(SENT_AT + timedelta(hours=6 * hour))
    rows = rows_of(signed_in(secretariat).get(url_of(meeting, "versand/")))
    assert len(rows) == 7
    assert rows[0].startswith(last.name)
    assert last.address in rows[0]
    assert "nicht zugestellt Der Mailserver lehnt den Empfänger ab (550)." in rows[0]
    assert "Einladung zur Sitzung Fassung 1" in rows[1]
    assert "01.04.2027" in rows[1]


def test_given_a_filter_when_it_is_chosen_then_only_these_stand_there_and_it_can_be_taken_off(
    meeting: Meeting, secretariat: User
) -> None:
    Person.objects.filter(family_name="Abel").update(email="")
    invite(meeting, secretariat, without_address=True)
    client = signed_in(secretariat)
    rows = rows_of(client.get(url_of(meeting, "versand/?stand=zugesagt")))
    assert len(rows) == 1
    assert "Antonia Abel" in rows[0]
    assert "auf anderem Weg zugesagt" in rows[0]
    nothing = text_of(client.get(url_of(meeting, "versand/?stand=versandt")))
    assert "Zu diesem Filter gibt es keine Sendung." in nothing
    assert "Filter löschen" in nothing
    assert len(rows_of(client.get(url_of(meeting, "versand/?stand=unbekannt")))) == 7


def test_given_a_member_when_he_looks_then_he_sees_what_he_got_and_nobody_else(
    meeting: Meeting, secretariat: User
) -> None:
    member = a_user(role="member")
    give_account(Person.objects.get(family_name="Abel"), member)
    invite(meeting, secretariat)
    page = signed_in(member).get(url_of(meeting, "versand/"))
    assert [row.split(",")[0][:12] for row in rows_of(page)] == ["Antonia Abel"]
    others = Dispatch.objects.exclude(name="Antonia Abel").values_list("name", "address")
    assert len(others) == 6
    assert not [text for row in others for text in row if text in page.content.decode()]
    assert "abel@example.org" not in text_of(page)


def test_given_a_member_to_whom_nothing_went_when_he_looks_then_the_page_says_so(
    meeting: Meeting, secretariat: User
) -> None:
    invite(meeting, secretariat)
    assert "An Sie ging hierzu nichts." in text_of(signed_in(a_user(role="member")).get(url_of(meeting, "versand/")))


def test_given_two_versions_when_one_is_looked_at_then_only_what_went_out_of_it_stands_there() -> None:
    stage = approved_and_handed_on()
    client = signed_in(stage.writer)
    first, second = (rows_of(client.get(f"{stage.url}fassung/{number}/versand/")) for number in (1, 2))
    assert {kind_of(row) for row in first} == {"Protokoll zur Genehmigung", "Hinweis, dass ein Protokoll überarbeitet"}
    assert all("Fassung 1" in row for row in first)
    assert sum("Protokoll als Datei Fassung 2" in row for row in second) == 1
    assert all("Fassung 2" in row for row in second)
    assert len(rows_of(client.get(url_of(stage.meeting, "versand/")))) == len(first) + len(second)
    assert client.get(f"{stage.url}fassung/3/versand/").status_code == 404


def kind_of(row: str) -> str:
    found = re.search(r"Protokoll zur Genehmigung|Hinweis, dass ein Protokoll überarbeitet", row)
    return found.group() if found else row


def test_given_somebody_who_lost_his_seat_when_invited_again_then_each_round_counts_its_own(
    meeting: Meeting, secretariat: User
) -> None:
    invite(meeting, secretariat)
    deliver()
    SeatAssignment.objects.filter(person__family_name="Abel").update(period=(date(2022, 3, 1), date(2027, 5, 1)))
    invite(meeting, secretariat, now=SENT_AT + timedelta(days=1))
    deliver(SENT_AT + timedelta(days=1))
    page = text_of(signed_in(secretariat).get(url_of(meeting, "unterlagen/")))
    assert re.findall(r"(\d) Mails, davon (\d) versandt", page) == [("6", "6"), ("7", "7")]
    rows = rows_of(signed_in(secretariat).get(url_of(meeting, "versand/")))
    [told] = [row for row in rows if row.startswith("Antonia Abel") and "Einladung nicht mehr gilt" in row]
    assert "Fassung 1" in told
    assert not [row for row in rows if "Absage einer Sitzung" in row]
    [body] = [sent.body for sent in mail.outbox if "gilt nicht mehr" in sent.subject]
    assert "gilt nicht mehr, weil für diesen Tag kein Sitz mehr für Sie eingetragen ist. Sie" in " ".join(body.split())


def moved(meeting: Meeting, secretariat: User, day: str = "09.06.2027") -> str:
    """Moves the meeting on its page; what the page then says."""
    meeting.refresh_from_db()
    occasion = {"meets_on": day, "starts_at": "10:00", "ends_at": "12:00", "place": "Friedberg"}
    answer = signed_in(secretariat).post(
        url_of(meeting, "verlegen"), occasion | {"revision": meeting.revision}, follow=True
    )
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def test_given_a_seat_that_ends_before_the_new_day_when_the_moved_meeting_is_invited_to_then_he_reads_that_it_moved(
    meeting: Meeting, secretariat: User
) -> None:
    invite(meeting, secretariat)
    deliver()
    SeatAssignment.objects.filter(person__family_name="Abel").update(period=(date(2022, 3, 1), date(2027, 6, 1)))
    moved(meeting, secretariat)
    mail.outbox.clear()
    invite(meeting, secretariat, now=SENT_AT + timedelta(days=1))
    deliver(SENT_AT + timedelta(days=1))
    [told] = [sent for sent in mail.outbox if "gilt nicht mehr" in sent.subject]
    assert told.to == ["abel@example.org"]
    assert "Einladung für Mi 12.05.2027 gilt nicht mehr" in told.subject
    said = " ".join(told.body.split())
    assert "weil die Sitzung verlegt ist und für den neuen Tag kein Sitz für Sie eingetragen ist. Sie" in said
    assert "METHOD:CANCEL" in str(told.attachments[0][1])


def test_given_people_who_were_told_of_the_old_day_when_the_meeting_moves_then_it_says_how_many_and_of_which_day(
    meeting: Meeting, secretariat: User
) -> None:
    Person.objects.filter(family_name="Abel").update(email="")
    invite(meeting, secretariat, without_address=True)
    deliver()
    page = moved(meeting, secretariat)
    sent, promised = "ging die Einladung an 6 Personen.", "Ohne E-Mail-Adresse, auf anderem Weg zugesagt: eine Person."
    told = f"Für Mi 12.05.2027 {sent} {promised}"
    assert f"Die Sitzung ist verlegt. {told} Vom neuen Tag hat die Anwendung noch niemandem geschrieben." in page
    assert "Noch weiß niemand" not in page
    for user, reads in ((secretariat, True), (a_user(role="member"), False)):
        later = text_of(signed_in(user).get(url_of(meeting)))
        assert (
            "Die Sitzung ist verlegt, von Mi 12.05.2027 auf Mi 09.06.2027. Die neue Einladung ist noch nicht" in later
        )
        assert (told in later) is reads
    overview = text_of(signed_in(secretariat).get("/wetteraukreis/"))
    assert "Es fehlt die neue Einladung." in overview
    assert "Sitzung am Mi 09.06.2027 neu einladen" in overview


def test_given_mails_that_still_wait_when_the_meeting_moves_then_it_says_that_they_do_not_go_out_any_more(
    meeting: Meeting, secretariat: User
) -> None:
    invite(meeting, secretariat)
    page = moved(meeting, secretariat)
    assert "Für Mi 12.05.2027 ging die Einladung an niemanden." in page
    assert "Nicht versandt, und für den alten Tag geht nichts mehr hinaus: an 7 Personen." in page
    assert "wieder für den Tag der letzten Einladung geplant" in moved(meeting, secretariat, "12.05.2027")


def test_given_nobody_invited_when_a_planned_meeting_moves_then_it_says_so(meeting: Meeting, secretariat: User) -> None:
    page = moved(meeting, secretariat)
    assert "Die Sitzung ist verlegt. Noch ist niemand eingeladen." in page
    assert "Die neue Einladung" not in page


@pytest.mark.parametrize("address", ["neu@example.org", ""], ids=["changed", "removed"])
def test_given_another_address_when_invited_again_and_cancelled_then_nothing_goes_to_the_former_one(
    meeting: Meeting, secretariat: User, address: str
) -> None:
    invite(meeting, secretariat)
    deliver()
    Person.objects.filter(family_name="Abel").update(email=address)
    mail.outbox.clear()
    invite(meeting, secretariat, now=SENT_AT + timedelta(days=1), without_address=True)
    meeting.refresh_from_db()
    cancelled = signed_in(secretariat)
    page = text_of(cancelled.get(url_of(meeting, "absagen")))
    assert "7 Personen sind eingeladen" in page
    assert ("Ohne E-Mail-Adresse: Antonia Abel" in page) is (not address)
    deliver(SENT_AT + timedelta(days=1))
    by = {"by": secretariat, "now": SENT_AT + timedelta(days=2)}
    invitations.cancel(meeting=meeting, reason="Kein Raum", revision=meeting.revision, **by)
    deliver(SENT_AT + timedelta(days=2))
    assert "abel@example.org" not in {to for sent in mail.outbox for to in sent.to}
    assert not [sent for sent in mail.outbox if "gilt nicht mehr" in sent.subject]
    rows = rows_of(cancelled.get(url_of(meeting, "versand/")))
    [told] = [row for row in rows if "Antonia Abel" in row and "Absage einer Sitzung" in row]
    assert ("auf anderem Weg zugesagt" in told and "Brief" in told) is (not address)
    assert sum(sent.to == ["neu@example.org"] for sent in mail.outbox) == (2 if address else 0)


def test_given_any_number_of_rounds_when_the_pages_are_opened_then_the_queries_stay_the_same(
    meeting: Meeting, secretariat: User
) -> None:
    client = signed_in(secretariat)

    def queries(page: str) -> int:
        client.get(url_of(meeting, page))  # what is kept in a process is kept now
        with CaptureQueriesContext(connection) as counted:
            client.get(url_of(meeting, page))
        return len(counted)

    invite(meeting, secretariat)
    once = [queries("versand/"), queries("unterlagen/")]
    invite(meeting, secretariat, now=SENT_AT + timedelta(days=1))
    assert [queries("versand/"), queries("unterlagen/")] == once


# Erasure


def erased(slug: str, today: date) -> int:
    rule = next(rule for rule in rules() if rule.slug == slug)
    due = sorted(set(rule.due(today)))
    if due and rule.erase:
        by_worker(rule.erase, due, datetime(today.year, today.month, today.day, 3, tzinfo=UTC))
    return len(due)


@pytest.fixture
def left(meeting: Meeting, secretariat: User) -> Person:
    """Somebody who was invited and left at the end of May 2027."""
    invite(meeting, secretariat)
    deliver()
    person = Person.objects.get(family_name="Abel")
    SeatAssignment.objects.filter(person=person).update(period=(date(2022, 3, 1), date(2027, 6, 1)))
    return person


def test_given_somebody_who_left_when_twelve_months_are_over_then_only_the_domain_of_the_address_stays(
    left: Person,
) -> None:
    assert erased("dispatch-addresses", date(2028, 5, 31)) == 0
    assert erased("dispatch-addresses", date(2028, 6, 1)) == 1
    row = Dispatch.objects.get(person=left.pk)
    assert (row.address, row.name, row.result, row.sent_at) == ("example.org", "Antonia Abel", "SENT", SENT_AT)
    assert Dispatch.objects.exclude(person=left.pk).filter(address__contains="@").count() == 6
    assert erased("dispatch-addresses", date(2028, 6, 2)) == 0


def test_given_an_approver_without_a_person_when_the_account_was_emptied_then_only_the_domain_stays() -> None:
    stage = circulated(a_held_meeting())
    account = stage.approvers["lwv-hessen"]
    User.objects.filter(pk=account.pk).update(is_active=False)
    assert erased("dispatch-addresses", date(2028, 6, 1)) == 0
    User.objects.filter(pk=account.pk).update(email="")
    assert erased("dispatch-addresses", date(2028, 6, 1)) == 1
    assert "@" not in Dispatch.objects.get(account=account.pk).address


def test_given_minutes_of_ten_years_ago_when_the_rules_look_then_what_went_out_is_reported_and_stays() -> None:
    stage = approved_and_handed_on()
    number = Dispatch.objects.count()
    assert erased("dispatches", date(2036, 11, 16)) == 0
    assert erased("dispatches", date(2036, 11, 17)) == number
    assert Dispatch.objects.filter(subject_id=stage.minutes.pk).count() == number
