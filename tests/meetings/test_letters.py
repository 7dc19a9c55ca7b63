"""Who should have got an invitation or minutes and was not reached stands there, and a letter is noted by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from kok import outbox
from kok.models import AuditEvent, Dispatch, OutboxMessage
from meetings.convening.actions import invitations
from meetings.convening.actions.notice import Consent
from meetings.convening.pages.rounds import told_of
from meetings.models import Attendance
from meetings.record.actions.approval import approve, send_file
from meetings.record.actions.circulation import circulate, take_back
from members.models import Person
from tests.builders import a_meeting, a_user, an_agreement
from tests.meetings.held import NOW, Stage, a_held_meeting, checked, circulated, signed_in
from tests.meetings.test_dispatches import _partner as partner_of
from tests.meetings.test_dispatches import rows_of, text_of, url_of

pytestmark = pytest.mark.django_db
SENT_AT = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=2)


@pytest.fixture
def stage() -> Stage:
    """Minutes that went out; Antonia Abel has no address, the other members none of an account."""
    stage = a_held_meeting()
    Person.objects.filter(family_name="Abel").update(email="")
    return circulated(stage)


def page_of(stage: Stage) -> list[str]:
    return rows_of(signed_in(stage.writer).get(url_of(stage.meeting, "versand/")))


def line_of(stage: Stage, name: str, kind: str) -> str:
    found = [row for row in page_of(stage) if row.startswith(name) and kind in row]
    assert len(found) == 1, found
    return found[0]


def letter_url(row: Dispatch, meeting) -> str:
    return url_of(meeting, f"versand/{row.pk}/brief")


def test_given_members_without_address_or_account_when_minutes_go_out_then_the_page_says_that_nothing_reached_them(
    stage,
):
    line = line_of(stage, "Antonia Abel", "Protokoll zur Genehmigung")
    assert "Fassung 1" in line
    assert "keiner nicht zugestellt keine Adresse" in line
    other = Attendance.objects.filter(person__isnull=False).exclude(name="Antonia Abel").first().name
    assert "keiner nicht zugestellt kein Konto" in line_of(stage, other, "Protokoll zur Genehmigung")
    assert page_of(stage)[0].count("nicht zugestellt") == 1


def test_given_somebody_without_an_address_when_a_letter_is_noted_then_it_stands_there_with_its_day_once(
    stage, settings
):
    settings.KOK_NOW = (NOW + timedelta(days=2)).isoformat()
    row = Dispatch.objects.get(name="Antonia Abel", kind="minutes.circulated")
    client = signed_in(stage.writer)
    assert "Antonia Abel" in text_of(client.get(letter_url(row, stage.meeting)))
    answer = client.post(letter_url(row, stage.meeting), {"sent_on": "18.11.2026"}, follow=True)
    done = answer.content.decode()
    assert "Der Brief vom 18.11.2026 ist vermerkt." in done
    line = line_of(stage, "Antonia Abel", "Protokoll zur Genehmigung")
    assert "18.11.2026 vermerkt am 19.11.2026 Brief versandt" in line
    assert "nicht zugestellt" not in line
    back = text_of(client.get(f"{stage.url}zurueck/"))
    assert "Einen Brief mit dieser Fassung hat erhalten: Antonia Abel. Dorthin geht keine Mail." in back
    again = text_of(client.post(letter_url(row, stage.meeting), {"sent_on": "19.11.2026"}))
    assert "Zu dieser Sendung ist schon ein Brief vermerkt." in again
    assert AuditEvent.objects.filter(action="dispatch.letter-noted").count() == 1
    take_back(minutes=stage.minutes, version=1, reason="Satz fehlt.", by=stage.writer, now=NOW + timedelta(days=2))
    line = line_of(stage, "Antonia Abel", "Hinweis, dass ein Protokoll überarbeitet wird")
    assert "nicht zugestellt erhielt einen Brief Brief vermerken" in line


def test_given_an_earlier_version_withheld_with_the_newest_when_told_then_whoever_has_it_is_asked_to_destroy_it(
    stage, settings
):
    settings.KOK_NOW = (NOW + timedelta(days=2)).isoformat()
    client, by = signed_in(stage.writer), stage.approvers["lwv-hessen"]
    row = Dispatch.objects.get(name="Antonia Abel", kind="minutes.circulated")
    client.post(letter_url(row, stage.meeting), {"sent_on": "18.11.2026"})
    approve(minutes=stage.minutes, partner=partner_of(by), version=1, by=by, now=NOW)
    take_back(minutes=stage.minutes, version=1, reason="Satz fehlt.", by=stage.writer, now=NOW + timedelta(days=2))
    stage.minutes.refresh_from_db()
    Person.objects.filter(family_name="Abel").update(email="abel@example.org")
    circulate(minutes=stage.minutes, version=2, seen=checked(stage, LATER), by=stage.writer, now=LATER)
    back = text_of(client.get(f"{stage.url}zurueck/"))
    assert "Einen Brief mit der Fassung 1 hat erhalten: Antonia Abel. Dorthin geht keine Mail. Wenn Sie auch" in back
    client.post(f"{stage.url}zurueck/", {"version": 2, "reason": "Ein Name.", "withhold": "on", "also": "1"})
    line = line_of(stage, "Antonia Abel", "Bitte, eine gesperrte Fassung zu vernichten")
    assert "Fassung 1" in line
    assert "nicht zugestellt erhielt einen Brief Brief vermerken" in line
    mail = outbox._builders["minutes.withheld"](OutboxMessage.objects.get(kind="minutes.withheld", to=by.email))
    assert mail is not None
    assert "die Fassung 1 schon seit 19.11.2026 zurückgeholt. Jetzt ist sie auch gesperrt" in mail.body
    assert "vernichten Sie das bitte" in mail.body
    assert mail.subject == "KoK Wetteraukreis: Fassung 1 des Protokolls vom 17.11.2026 ist gesperrt"


@pytest.mark.parametrize(
    ("day", "sentence"),
    [("16.11.2026", "Versandt wurde erst am 17.11.2026."), ("20.11.2026", "Der Tag liegt in der Zukunft.")],
    ids=["before", "future"],
)
def test_given_a_day_that_cannot_be_when_a_letter_is_noted_then_it_is_refused(stage, settings, day, sentence):
    settings.KOK_NOW = (NOW + timedelta(days=2)).isoformat()
    row = Dispatch.objects.get(name="Antonia Abel", kind="minutes.circulated")
    answer = signed_in(stage.writer).post(letter_url(row, stage.meeting), {"sent_on": day})
    assert sentence in text_of(answer)
    assert not Dispatch.objects.filter(way="LETTER").exists()


def test_given_a_mail_that_waits_or_another_meeting_when_a_letter_is_asked_for_then_there_is_no_such_page(stage):
    client = signed_in(stage.writer)
    waiting = Dispatch.objects.filter(result="WAITING").first()
    assert client.get(letter_url(waiting, stage.meeting)).status_code == 404
    missed = Dispatch.objects.get(name="Antonia Abel")
    other = a_meeting(items=("Begrüßung",))
    assert client.get(letter_url(missed, other)).status_code == 404


def test_given_a_person_without_an_account_when_the_approved_file_went_out_then_only_the_file_stands_there(stage):
    for user in stage.approvers.values():
        approve(minutes=stage.minutes, partner=partner_of(user), version=1, by=user, now=NOW)
    other = Attendance.objects.filter(person__isnull=False).exclude(name="Antonia Abel").first()
    assert "kein Konto" in line_of(stage, other.name, "Genehmigtes Protokoll")
    send_file(minutes=stage.minutes, keys=frozenset({f"person-{other.person_id}"}), by=stage.writer, now=NOW)
    rows = [row for row in page_of(stage) if row.startswith(other.name)]
    assert not [row for row in rows if "Genehmigtes Protokoll" in row]
    assert [row for row in rows if "Protokoll als Datei" in row]
    assert "keine Adresse" in line_of(stage, "Antonia Abel", "Genehmigtes Protokoll")


def test_given_somebody_invited_in_another_way_when_the_letter_is_noted_then_counts_say_so_instead(settings):
    settings.KOK_NOW = SENT_AT.isoformat()
    an_agreement()
    meeting = a_meeting(items=("Begrüßung", "Verschiedenes"))
    Person.objects.filter(family_name="Abel").update(email="")
    by = a_user(role="secretariat")
    invitations.invite(meeting=meeting, revision=1, consent=Consent(without_address=True), by=by, now=SENT_AT)
    client = signed_in(by)
    before = text_of(client.get(url_of(meeting, "unterlagen/")))
    row = Dispatch.objects.get(result="PROMISED")
    client.post(letter_url(row, meeting), {"sent_on": "01.04.2027"})
    said = "Eine Person ohne E-Mail-Adresse: Einladung auf anderem Weg zugesagt."
    after = text_of(client.get(url_of(meeting, "unterlagen/")))
    assert after == before.replace(said, "Eine Person per Brief benachrichtigt.")
    assert said in before
    told = told_of(meeting.rounds.get())
    assert "Per Brief: eine Person." in told
    assert "zugesagt" not in told
    line = next(line for line in rows_of(client.get(url_of(meeting, "versand/"))) if line.startswith("Antonia Abel"))
    assert "01.04.2027 vermerkt am 01.04.2027 Brief versandt" in line


FORGED = (
    "UPDATE kok_dispatch SET sent_at = sent_at - interval '1 day' WHERE way = 'LETTER'",
    "UPDATE kok_dispatch SET result = 'OBSOLETE', reason = '' WHERE way = 'NONE'",
)


@pytest.mark.parametrize("statement", FORGED, ids=["letter", "unreached"])
def test_given_a_letter_or_somebody_unreached_when_the_web_part_rewrites_it_then_the_database_refuses(
    stage, settings, statement
):
    settings.KOK_NOW = (NOW + timedelta(days=2)).isoformat()
    row = Dispatch.objects.get(name="Antonia Abel", kind="minutes.circulated")
    signed_in(stage.writer).post(letter_url(row, stage.meeting), {"sent_on": "18.11.2026"})
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
