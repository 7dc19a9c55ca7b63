"""By SQL as web: a key that can be foreseen is taken. The act says so in words, and the night names the row."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from kok import clock, seals
from kok.errors import Refused
from meetings.models import SectionRevision
from members.actions import invite_account
from members.models import Person
from tests.builders import a_user, an_agreement, the_partner
from tests.meetings.held import a_held_meeting, checked, complete, shown_on, signed_in, typed
from tests.roles import as_owner, unguarded
from tests.transitions.inside import enter
from tests.transitions.world import NOW, a_draft, an_access, released
from transitions.models import TransitionList, TransitionListVersion

pytestmark = [pytest.mark.django_db, pytest.mark.logs_errors]
TAKEN = "In der Datenbank steht schon eine Zeile, die erst mit diesem Schritt entstehen sollte"


@pytest.fixture(autouse=True)
def now(settings: Any) -> None:
    settings.KOK_NOW = "2027-03-10T12:00"
    an_agreement()


def by_sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1


def put_in() -> list[str]:
    return [each for each in seals.findings(clock.today()) if "An der Anwendung vorbei eingefügt" in each]


LIST = """
INSERT INTO transitions_transitionlist (id, agreement_id, sender_id, year)
SELECT gen_random_uuid(), agreement_id, id, 2027 FROM members_partner WHERE id = %s
"""
VERSION = """
INSERT INTO transitions_transitionlistversion (id, transition_list_id, number, state, revision, authors, opened_at,
  changed_at, submitted_content, return_reason, returned_cases)
SELECT gen_random_uuid(), transition_list_id, number + 1, %s, 0, '{}', now(), now(), '', '', '{}'
FROM transitions_transitionlistversion
"""
REVISION = """
INSERT INTO meetings_sectionrevision (section_id, revision, text, result, saved_at, saved_by_id)
SELECT id, revision + 1, '', '', now(), %s FROM meetings_minutessection WHERE id = %s
"""

MINUTES = """
INSERT INTO meetings_minutesversion (minutes_id, number, content, sha256, numbers, circulated_at, circulated_by_id,
  reason, is_withheld)
SELECT id, 1, 'x', encode(sha256('x'), 'hex'), '{}', now(), %s, '', false FROM meetings_minutes WHERE id = %s
"""


def begin(officer: Any) -> str:
    return officer.post(reverse("transitions:list-begin", args=["wetteraukreis", 2027]), follow=True).content.decode()


def test_given_the_list_of_a_year_put_in_by_sql_when_it_is_begun_then_it_is_refused_and_begun_once_the_row_is_gone():
    officer = enter(an_access().user)
    by_sql(LIST, the_partner().pk)
    assert "vorbei geändert oder eingefügt: Übergangsliste 2027 (Wetteraukreis)" in begin(officer)
    assert not TransitionListVersion.objects.exists()
    assert [each.startswith("Übergangsliste 2027") for each in put_in()] == [True]
    with as_owner():
        TransitionList.objects.all().delete()
    assert "Entwurf von Fassung 1" in begin(officer)


@pytest.mark.parametrize("state", ["DRAFT", "RELEASED"])
def test_given_the_next_version_put_in_by_sql_when_it_is_begun_then_a_sentence_says_who_must_look(state):
    author = an_access()
    released(a_draft(by=author))
    by_sql(VERSION, state)
    page = begin(enter(author.user))
    assert "der Technik und der Prüfung" in page
    assert ("verwerfen Sie ihn" in page) == (state == "DRAFT")
    assert [each.startswith("Fassung 2 der Liste 2027") for each in put_in()] == [True]


def test_given_a_user_name_put_in_by_sql_when_somebody_is_invited_under_it_then_another_name_serves():
    by_sql(
        "INSERT INTO kok_user (username, password, first_name, last_name, email, is_active, is_staff, is_superuser, "
        "date_joined) VALUES ('abel', '', '', '', '', true, false, false, now())"
    )
    wanted = {
        "person": Person.objects.get(family_name="Abel"), "role": "member", "place": the_partner(),
        "by": a_user(role="registrar"), "now": NOW,
    }  # fmt: skip
    with pytest.raises(Refused, match="Wählen Sie einen anderen"):
        invite_account(username="abel", **wanted)
    assert invite_account(username="a.abel", **wanted).username == "a.abel"
    assert [each.startswith("Konto") for each in put_in()] == [True]


def test_given_a_text_when_its_next_revision_is_put_in_by_sql_then_the_database_refuses_and_whoever_writes_goes_on():
    stage = a_held_meeting()
    section = stage.sections[0]
    client = signed_in(stage.writer)
    sent = typed(section, "Neu.")
    moved = "UPDATE meetings_sectionrevision SET revision = revision + 1"
    for number, statement in enumerate((REVISION, REVISION, moved, f"{moved}, section_id = section_id")):
        values = (stage.writer.pk, section.pk) if statement == REVISION else ()
        with pytest.raises(IntegrityError, match="Eine Textfassung hält fest"), transaction.atomic():
            by_sql(statement, *values)
        if number == 0:
            assert client.post(f"{stage.url}abschnitt/{section.pk}", sent).status_code < 400
    sent = typed(section, "Neuer.", revision=section.revision + 1)
    assert client.post(f"{stage.url}abschnitt/{section.pk}", sent).status_code < 400
    assert list(SectionRevision.objects.values_list("revision", "text")) == [(2, "Neuer."), (1, "Neu.")]


def test_given_the_version_of_minutes_put_in_by_sql_when_they_go_out_then_the_page_says_what_to_do(caplog):
    stage = complete(a_held_meeting())
    client, url = signed_in(stage.writer), f"{stage.url}versenden/"
    sent = {"version": 1, "seen": checked(stage, clock.now())} | shown_on(client, url)
    by_sql(MINUTES, stage.writer.pk, stage.minutes.pk)
    answer = client.post(url, sent)
    assert answer.status_code == 409
    assert TAKEN in answer.content.decode()
    assert "Eine Zeile steht schon in meetings_minutesversion (" in caplog.text
    assert len(put_in()) == 1
    with unguarded("meetings_minutesversion") as cursor:
        cursor.execute("DELETE FROM meetings_minutesversion")
    assert client.post(url, sent).status_code == 302
