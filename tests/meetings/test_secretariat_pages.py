"""The secretariat: who, until when, what comes after; deviating terms only by an approved resolution (R-SEC-6)."""

import json
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from kok.errors import Refused
from kok.models import AuditEvent
from meetings.convening.queries.secretariat import secretariat_of
from meetings.convening.rules.secretariat import Deviation
from meetings.desk.actions.secretariat import record_deviating_term
from meetings.models import DeviatingTerm, Resolution
from tests import builders
from tests.meetings.held import sent_minutes

NOW = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
PAGE = "/wetteraukreis/geschaeftsfuehrung/"
EXTENSION = Deviation("wetteraukreis", date(2028, 3, 1), date(2029, 3, 1))
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _spring(settings):
    settings.KOK_NOW = "2027-04-01T09:00"


@pytest.fixture
def agreement():
    return builders.an_agreement()


@pytest.fixture
def user(agreement, client):
    user = builders.a_user(role="secretariat")
    client.force_login(user)
    return user


@pytest.fixture
def resolution(user):
    """Found and approved in the autumn of 2026."""
    return a_resolution(user, state="APPROVED")


def a_resolution(user, state) -> Resolution:
    meeting = builders.a_meeting(on=date(2026, 10, 7), items=("Termine",), state="HELD", number="KoK-06440-2026-02")
    resolution = Resolution.objects.create(
        body=meeting.body, item=meeting.items.get(), number="B-2026-01", text="Verlängerung um ein Jahr",
        decided_on=meeting.meets_on,
    )  # fmt: skip
    sent_minutes(meeting, owner=builders.the_partner(), due_on=date(2026, 10, 21), by=user, at=NOW, state=state)
    return resolution


def test_given_the_rotation_when_the_page_is_read_then_it_says_who_until_when_and_who_follows(client, user):
    page = " ".join(client.get(PAGE).content.decode().split())
    assert (
        "Heute hat der Wetteraukreis die Geschäftsführung, bis zum Di 29.02.2028. Danach folgt der LWV Hessen." in page
    )
    assert '<svg role="img"' in page
    assert "28.02.2030" in page


def test_given_every_role_that_reads_the_agreement_when_it_asks_then_it_sees_the_page_without_the_button(
    client, agreement
):
    client.force_login(builders.a_user(role="registrar", partner="lwv-hessen"))
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert "Abweichung eintragen" not in answer.content.decode()


def deviate(agreement, resolution, user, deviation=EXTENSION):
    return record_deviating_term(agreement=agreement, deviation=deviation, resolution=resolution, by=user, now=NOW)


def test_given_an_approved_resolution_when_a_term_deviates_then_later_terms_stay(agreement, resolution, user):
    deviate(agreement, resolution, user)
    found = secretariat_of(agreement)
    assert [found.partner_on(day).slug for day in (date(2029, 2, 28), date(2029, 3, 1))] == [
        "wetteraukreis", "lwv-hessen",
    ]  # fmt: skip
    assert found.term_on(date(2029, 3, 1)).last_day == date(2030, 2, 28)
    assert AuditEvent.objects.get(action="secretariat.deviation-recorded").note == "B-2026-01"


def test_given_the_choice_to_shift_when_a_term_deviates_then_the_rotation_begins_anew(agreement, resolution, user):
    deviate(agreement, resolution, user, Deviation("wetteraukreis", date(2028, 3, 1), date(2029, 3, 1), True))
    assert secretariat_of(agreement).term_on(date(2029, 3, 1)).last_day == date(2031, 2, 28)


def test_given_a_resolution_that_one_partner_has_not_approved_when_recorded_then_it_is_refused(agreement, user):
    with pytest.raises(Refused, match="B-2026-01 ist noch nicht von allen Partnern genehmigt"):
        deviate(agreement, a_resolution(user, state="CIRCULATED"), user)


def test_given_an_overlap_when_recorded_then_it_is_refused_with_the_sentence_of_the_rule(agreement, resolution, user):
    deviate(agreement, resolution, user)
    with pytest.raises(Refused, match="schon eine abweichende Geschäftsführung"):
        deviate(agreement, resolution, user, Deviation("lwv-hessen", date(2028, 6, 1), date(2028, 7, 1)))
    assert DeviatingTerm.objects.count() == 1


def test_given_the_form_when_sent_then_a_page_shows_before_and_after_and_only_the_second_click_records(
    client, resolution, user
):
    entries = {
        "resolution": resolution.pk, "partner": "wetteraukreis", "starts_on": "01.03.2028", "last_day": "28.02.2029",
        "shift_later": "nein",
    }  # fmt: skip
    page = " ".join(client.post(f"{PAGE}abweichung", entries).content.decode().split())
    assert "Noch ist nichts gespeichert." in page
    assert "01.03.2028 bis 28.02.2029: Wetteraukreis (Abweichung)" in page
    assert not DeviatingTerm.objects.exists()
    client.post(f"{PAGE}abweichung", entries | {"confirmed": "1"})
    assert DeviatingTerm.objects.get().period.upper == date(2029, 3, 1)
    assert "B-2026-01 vom 07.10.2026" in client.get(PAGE).content.decode()


def test_given_no_choice_about_later_terms_when_sent_then_it_is_asked_for(client, resolution, user):
    page = " ".join(client.post(f"{PAGE}abweichung", {"confirmed": "1"}).content.decode().split())
    assert "Hier fehlt noch eine Angabe." in page


def test_given_no_approved_resolution_when_the_form_is_opened_then_it_says_what_is_missing(client, user):
    assert "Es gibt noch keinen genehmigten Beschluss." in client.get(f"{PAGE}abweichung").content.decode()


def command(*arguments) -> str:
    output = StringIO()
    call_command("secretariat", "--agreement", "wetteraukreis", *arguments, stdout=output)
    return output.getvalue()


def test_given_a_day_when_the_command_asks_then_the_last_day_is_inclusive(agreement):
    assert json.loads(command("--on", "2027-05-01", "--json")) == {
        "partner": "wetteraukreis", "term": 3, "starts_on": "2026-03-01", "ends_on": "2028-02-29",
    }  # fmt: skip


def test_given_no_day_when_the_command_asks_then_it_answers_for_today_in_german(agreement):
    assert "vom 01.03.2026 bis zum 29.02.2028 (3. Zeitraum)" in command()


def test_given_a_day_before_the_anchor_when_the_command_asks_then_it_ends_with_a_sentence(agreement, capsys):
    with pytest.raises(SystemExit) as stopped:
        command("--on", "2021-05-01")
    assert stopped.value.code == 1
    assert "Vor dem 01.03.2022" in capsys.readouterr().err
