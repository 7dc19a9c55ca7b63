"""Whether a text names somebody of an open list: kept as keyed marks, asked five times a day, each time logged."""

import hashlib
import hmac
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from kok import outbox, vault
from kok.models import OutboxMessage, TextCheck
from kok.text_checks import CheckedText, Question
from tests.builders import a_second_agreement, a_user, an_agreement
from tests.roles import as_worker
from tests.transitions import world
from transitions.actions import entries, lists, names
from transitions.actions.erasure import erase_cases
from transitions.actions.name_questions import MOST_A_DAY, answer
from transitions.inspections import name_findings
from transitions.models import AccessLogEntry, CaseEntry, NameMarks
from transitions.queries.names import is_anybody_named
from transitions.rules.codes import CaseState, EndReason
from transitions.rules.names import name_words

NOW = world.NOW
State = TextCheck.State
pytestmark = pytest.mark.django_db
OTTO = {"family_name": "Quarkstein", "given_name": "Otto"}


@pytest.fixture(autouse=True)
def _spring(settings):
    settings.KOK_NOW = NOW.isoformat()
    an_agreement()


@pytest.fixture
def officer():
    return world.an_access()


def named(text, agreement="wetteraukreis"):
    return is_anybody_named(text, agreement)


# What is kept, and when it goes


def test_given_a_person_of_a_draft_when_a_text_names_her_then_that_is_found_and_one_name_alone_is_not(officer):
    world.a_draft(by=officer)
    assert named("TOP 3: Malwines Umzug, Familie Zirbelnuss")
    assert not named("Malwine")
    assert not named("Familie Zirbelnuss")
    assert not named("")


def test_given_the_table_of_marks_without_the_key_when_every_name_is_tried_then_none_is_found(officer):
    world.a_draft([world.case_data(), world.case_data(given_name="Otto")], by=officer)
    rows = list(NameMarks.objects.select_related("entry"))
    marks = [each for row in rows for each in (*row.family, *row.given)]
    assert len(marks) == len(set(marks)) == 4, "the same family name of two people has two marks"
    for row in rows:
        owners = [str(row.entry.case_id), str(row.entry_id), ""]
        for word in ("zirbelnuss", "malwine", "otto", *name_words("Zirbelnuss"), "Zirbelnuss"):
            for owner in owners:
                for said in (word, f"{owner}:{word}", f"{owner}:family:{word}", f"{owner}:given:{word}"):
                    assert hashlib.sha256(said.encode()).hexdigest() not in marks
                    assert hmac.digest(b"\0" * 32, said.encode(), "sha256").hex() not in marks


def test_given_another_key_when_asked_then_nobody_is_found_until_the_names_are_marked_anew(officer, settings, capsys):
    world.a_draft([world.case_data(), world.case_data(**OTTO)], by=officer)
    settings.CASE_NAME_KEY = vault.new_hmac_key()
    vault.forget_keys()
    try:
        assert not named("Malwine Zirbelnuss")
        call_command("mark_names")
        assert capsys.readouterr().out.startswith("2 Einträge sind neu gekennzeichnet.")
        assert named("Malwine Zirbelnuss")
        assert named("Otto Quarkstein")
        settings.CASE_NAME_KEY = "zu kurz"
        vault.forget_keys()
        with pytest.raises(vault.KeyLost):
            named("Malwine Zirbelnuss")
    finally:
        vault.forget_keys()


def test_given_a_corrected_name_when_asked_then_the_new_one_is_found_and_the_old_one_not(officer):
    draft = world.a_draft(by=officer)
    entry = draft.entries.get()
    entries.change_entry(
        entry=entry, data=world.case_data(**OTTO), is_late=False, seen=entry.changed_at, by=officer, now=NOW
    )
    assert named("Quarkstein, Otto")
    assert not named("Malwine Zirbelnuss")


def test_given_a_released_list_when_a_draft_corrects_a_name_then_both_are_found_until_it_is_released(officer):
    receipt = world.released(world.a_draft(by=officer))
    assert named("Malwine Zirbelnuss")
    draft = lists.open_draft(sender=receipt.version.transition_list.sender, year=world.YEAR, by=officer, now=NOW)
    assert NameMarks.objects.count() == 2
    entry = draft.entries.get()
    entries.change_entry(
        entry=entry, data=world.case_data(**OTTO), is_late=False, seen=entry.changed_at, by=officer, now=NOW
    )
    assert named("Malwine Zirbelnuss")
    assert named("Otto Quarkstein")
    world.released(world.fresh(draft), now=NOW + timedelta(hours=2))
    assert not named("Malwine Zirbelnuss"), "the replaced version is closed"
    assert named("Otto Quarkstein")
    assert NameMarks.objects.count() == 1


def test_given_somebody_who_leaves_the_list_when_it_is_released_then_the_marks_go(officer):
    receipt = world.released(world.a_draft([world.case_data(), world.case_data(**OTTO)], by=officer))
    draft = lists.open_draft(sender=receipt.version.transition_list.sender, year=world.YEAR, by=officer, now=NOW)
    entry = next(each for each in draft.entries.all() if each.data.given_name == "Otto")
    entries.end_case(
        entry=entry, ending=CaseState.MOVED_AWAY, reason=EndReason.MOVED, postponed_to=None, by=officer, now=NOW
    )
    assert named("Otto Quarkstein")
    world.released(world.fresh(draft), now=NOW + timedelta(hours=2))
    assert not named("Otto Quarkstein")
    assert named("Malwine Zirbelnuss")


def test_given_a_case_that_is_erased_or_removed_when_asked_then_no_mark_is_left(officer):
    draft = world.a_draft([world.case_data(), world.case_data(**OTTO)], by=officer)
    otto = next(each for each in draft.entries.all() if each.data.given_name == "Otto")
    entries.remove_entry(entry=otto, seen=otto.changed_at, by=officer, now=NOW)
    assert not named("Otto Quarkstein")
    receipt = world.released(world.fresh(draft))
    with as_worker():
        erase_cases([str(entry.case_id) for entry in CaseEntry.objects.filter(version=receipt.version)], NOW)
    assert not NameMarks.objects.exists()


def test_given_a_discarded_draft_when_asked_then_no_mark_is_left(officer):
    draft = world.a_draft(by=officer)
    lists.discard_draft(version=draft, revision=draft.revision, by=officer, now=NOW)
    assert not NameMarks.objects.exists()


def test_given_marks_that_somebody_deleted_when_marked_anew_then_open_lists_only_get_them(officer):
    receipt = world.released(world.a_draft(by=officer))
    world.released(world.fresh(_changed_draft(receipt, officer)), now=NOW + timedelta(hours=2))
    NameMarks.objects.all().delete()
    assert names.mark_anew() == 1
    assert named("Otto Quarkstein")
    assert not named("Malwine Zirbelnuss")


def test_given_marks_that_are_gone_or_foreign_when_the_night_comes_then_that_is_a_finding(officer):
    world.a_draft([world.case_data(), world.case_data(**OTTO)], by=officer)
    assert name_findings(NOW.date()) == []
    one, other = NameMarks.objects.all()
    one.delete()
    NameMarks.objects.filter(pk=other.pk).update(family=["0" * 64])
    (finding,) = name_findings(NOW.date())
    assert "Namens: 2." in finding
    assert "mark_names" in finding
    call_command("mark_names")
    assert name_findings(NOW.date()) == []


def _changed_draft(receipt, officer):
    draft = lists.open_draft(sender=receipt.version.transition_list.sender, year=world.YEAR, by=officer, now=NOW)
    entry = draft.entries.get()
    entries.change_entry(
        entry=entry, data=world.case_data(**OTTO), is_late=False, seen=entry.changed_at, by=officer, now=NOW
    )
    return draft


# The question


@pytest.fixture
def secretary():
    return a_user(role="secretariat")


def ask(by, text="Malwine Zirbelnuss", agreement="wetteraukreis", now=NOW):
    return answer(Question(CheckedText(agreement, text), by), now)


def test_given_a_question_when_answered_then_it_says_yes_or_no_and_is_a_line_of_the_log_without_text(
    officer, secretary
):
    world.a_draft(by=officer)
    before = AccessLogEntry.objects.count()
    assert ask(secretary) == State.WARNED
    assert ask(secretary, "Nichts.") == State.CLEAR
    lines = AccessLogEntry.objects.order_by("pk")[before:]
    told = {
        (line.actor, line.role, line.agreement, line.action, line.chain, line.case_ref, line.version) for line in lines
    }
    assert told == {(secretary.username, "secretariat", "wetteraukreis", "NAMES_ASKED", "READ", "", "")}
    assert len(lines) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM transitions_namemarks",
        "UPDATE transitions_namemarks SET family = '{}'",
        "UPDATE transitions_namemarks SET given = family, family = given",
    ],
    ids=["gone", "emptied", "changed"],
)
def test_given_marks_that_sql_took_or_changed_when_asked_then_the_answer_is_not_that_nobody_is_named(
    officer, secretary, statement
):
    world.a_draft(by=officer)
    assert ask(secretary, "Niemand") == State.CLEAR
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert ask(secretary) == State.FAILED


def test_given_the_young_people_of_another_agreement_when_asked_then_they_are_not_looked_at(officer, secretary):
    world.a_draft(by=officer)
    other = a_second_agreement()
    assert not named("Malwine Zirbelnuss", other.slug)
    assert ask(a_user(role="secretariat", agreement=other, partner=_county(other)), agreement=other.slug) == State.CLEAR


COPIES = """
INSERT INTO transitions_transitionlist (id, agreement_id, sender_id, year)
  VALUES (%(id)s, %(agreement)s, %(sender)s, 2027);
INSERT INTO transitions_transitionlistversion
  (id, transition_list_id, number, state, revision, authors, opened_at, changed_at, submitted_content,
   return_reason, returned_cases)
  VALUES (%(id)s, %(id)s, 1, 'DRAFT', 0, '{}', now(), now(), '', '', '{}');
INSERT INTO transitions_caseentry
  (id, version_id, case_id, content, digest, is_changed, ending, ending_reason, changed_at)
  SELECT %(id)s, %(id)s, case_id, '', '', false, '', '', now() FROM transitions_caseentry LIMIT 1;
INSERT INTO transitions_namemarks (entry_id, family, given, proof)
  SELECT %(id)s, family, given, proof FROM transitions_namemarks LIMIT 1;
"""


def test_given_marks_copied_by_sql_to_lists_of_another_agreement_when_put_in_then_the_database_refuses_them(officer):
    world.a_draft(by=officer)
    other = a_second_agreement()
    county = other.partners.exclude(authority__kind="LWV").first()
    said = "Ein Eintrag bleibt in seiner Übergangsliste"
    with pytest.raises(ProgrammingError, match=said), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COPIES, {"id": str(uuid4()), "agreement": other.pk, "sender": county.pk})
    assert named("Malwine Zirbelnuss")
    assert not named("Malwine Zirbelnuss", other.slug)


def test_given_a_list_moved_or_an_agreement_renamed_by_sql_when_asked_then_nobody_is_found_and_the_night_says_so(
    officer,
):
    """The questions of a day are counted by the name of the agreement."""
    world.a_draft(by=officer)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_agreement SET slug = 'noch-nie-gefragt'")
    assert not named("Malwine Zirbelnuss", "noch-nie-gefragt")
    assert "Namens: 1." in name_findings(NOW.date())[0]


def _county(agreement):
    return agreement.partners.exclude(authority__kind="LWV").first().slug


def test_given_five_questions_of_a_day_when_anybody_asks_a_sixth_then_there_is_no_answer_and_auditors_are_told_once(
    officer, secretary
):
    world.a_draft(by=officer)
    auditor = a_user(role="auditor")
    other = a_user(role="secretariat", partner="lwv-hessen")
    assert [ask(by) for by in (secretary, other, secretary, other, secretary)] == [State.WARNED] * MOST_A_DAY
    assert [ask(other), ask(secretary)] == [State.SKIPPED] * 2
    assert AccessLogEntry.objects.filter(action="NAMES_ASKED").count() == MOST_A_DAY
    assert AccessLogEntry.objects.filter(action="NAMES_REFUSED").count() == 2
    assert OutboxMessage.objects.filter(kind="cases.name-limit").count() == 1
    outbox.deliver(now=NOW)
    message = mail.outbox[-1]
    assert message.to == [auditor.email]
    said = message.subject + message.body
    assert "Zugriffsprotokoll" in said
    for word in ("Zirbelnuss", "Malwine", secretary.username, other.username):
        assert word not in said
    assert ask(secretary, now=NOW + timedelta(days=1)) == State.WARNED, "the next day one may ask again"


def test_given_an_auditor_who_is_none_any_more_when_the_mail_is_due_then_it_is_not_sent(officer, secretary):
    auditor = a_user(role="auditor")
    for _ in range(MOST_A_DAY + 1):
        ask(secretary)
    auditor.is_active = False
    auditor.save()
    outbox.deliver(now=NOW)
    assert mail.outbox == []


def test_given_no_key_of_the_log_when_asked_then_nobody_gets_an_answer(officer, secretary, settings):
    world.a_draft(by=officer)
    settings.CASE_KEYS, settings.CASE_LOG_KEY = [vault.new_key()], ""
    vault.forget_keys()
    try:
        with pytest.raises(vault.KeyLost):
            ask(secretary)
    finally:
        vault.forget_keys()


def test_given_a_question_when_answered_then_no_list_is_opened(officer, secretary, monkeypatch):
    world.a_draft(by=officer)
    monkeypatch.setattr(vault, "unseal", lambda *args, **kwargs: pytest.fail("a list was opened"))
    assert ask(secretary) == State.WARNED


def test_given_sixty_people_and_long_minutes_when_asked_then_it_takes_one_query_and_no_minute(officer, secretary):
    world.a_draft(world.people(25), by=officer)
    text = " ".join(f"Wort{number}" for number in range(5000))
    with connection.execute_wrapper(_counted := _Counter()):
        assert not named(text)
    assert _counted.number == 1


class _Counter:
    number = 0

    def __call__(self, execute, sql, params, many, context):
        self.number += sql.startswith(("SELECT", "DECLARE"))
        return execute(sql, params, many, context)
