"""Asking the other unit back: who may, about what, once at a time, in codes; a neutral mail, a line of the log."""

import re
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from kok import clock, outbox
from kok.errors import Refused
from kok.words import moment
from tests.builders import a_second_agreement, a_user, an_agreement, the_partner
from tests.transitions import world
from tests.transitions.inside import enter
from tests.worlds import built_once
from transitions.actions import cases, entries, lists, questions
from transitions.models import AccessLogEntry, CaseQuestion
from transitions.queries.disclosure import disclosure_of
from transitions.queries.open_work import questions_to_answer
from transitions.rules.codes import CaseOutcome, CaseState, EndReason, LogAction, QuestionAnswer, QuestionKind

pytestmark = pytest.mark.django_db
NAME = "Zirbelnuss"


@built_once(autouse=True, KOK_NOW="2027-03-10T12:00")
def _spring() -> None:
    an_agreement()


@built_once
def version() -> Any:
    return world.released(world.a_draft()).version


@built_once
def case(version: Any) -> Any:
    return version.entries.get().case


@built_once
def receiver(version: Any) -> Any:
    return enter(a_user(role="case-receiver", partner="lwv-hessen"))


@built_once
def officer(version: Any) -> Any:
    return enter(a_user(role="case-officer", username="fallbearbeitung"))


def url(name: str, thing: Any = None) -> str:
    return reverse(f"transitions:{name}", args=["wetteraukreis", *([thing.pk] if thing else [])])


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()))


def asked(case: Any, kind: QuestionKind = QuestionKind.FACILITY) -> CaseQuestion:
    return questions.ask(case=case, kind=kind, by=world.an_access("case-receiver"), now=clock.now())


def test_given_a_case_when_the_receiver_asks_then_the_county_finds_it_answers_and_both_read_it(receiver, officer, case):
    assert "Nachfragen" in text(receiver.get(url("case", case)))
    told = text(receiver.post(url("question-ask", case), {"kind": "FACILITY"}, follow=True))
    assert f"Die Frage zum Fall {case.case_ref} ist gestellt." in told
    assert "Rückfrage: Stimmt die Einrichtung?" in told
    assert "Eine Rückfrage wartet auf Ihre Antwort." in text(officer.get(url("lists")))
    question = CaseQuestion.objects.get()
    assert url("question-answer", question) in officer.get(url("questions")).content.decode()
    assert url("question-answer", question) in officer.get(url("case", case)).content.decode()
    assert url("question-answer", question) not in receiver.get(url("questions")).content.decode()
    done = officer.post(url("question-answer", question), {"answer": "RIGHT"}, follow=True)
    assert "ist beantwortet" in text(done)
    assert "Keine Frage wartet auf eine Antwort." in text(done)
    for client in (receiver, officer):
        page = text(client.get(url("case", case)))
        assert "Antwort auf „Stimmt die Einrichtung?“: Die Angaben stimmen." in page
        assert "Offene Rückfragen" not in page
        register = text(client.get(url("questions")))
        assert "Die Angaben stimmen." in register
        assert NAME not in register


def test_given_question_and_answer_when_told_by_mail_then_each_side_gets_one_neutral_mail_a_day(
    settings, receiver, officer, case
):
    settings.KOK_PUBLIC_URL = "https://kok.example.org"
    for kind in ("FACILITY", "END"):
        receiver.post(url("question-ask", case), {"kind": kind})
    outbox.deliver(now=clock.now())
    theirs = [message for message in mail.outbox if "Rückfrage" in message.body]
    assert len({message.to[0] for message in theirs}) == len(theirs) >= 1
    for question in CaseQuestion.objects.all():
        officer.post(url("question-answer", question), {"answer": "CALL"})
    outbox.deliver(now=clock.now())
    answers = [message for message in mail.outbox if "ist beantwortet" in message.body]
    assert len({message.to[0] for message in answers}) == len(answers) >= 1
    for message in (*theirs, *answers):
        assert message.subject == "KoK Wetteraukreis: neue Mitteilung liegt vor"
        assert not re.search(rf"{NAME}|{case.case_ref}|Einrichtung|anruft", message.body)


def test_given_a_question_answered_before_the_mail_goes_out_when_delivered_then_no_mail_says_that_one_waits(case):
    a_user(role="case-officer", username="fallbearbeitung")
    question = asked(case)
    questions.answer(question=question, answer=QuestionAnswer.RIGHT, by=world.an_access(), now=clock.now())
    outbox.deliver(now=clock.now())
    assert not any("gibt es eine Rückfrage" in message.body for message in mail.outbox)


def test_given_question_and_answer_when_they_are_done_then_the_log_has_a_line_of_each_and_the_auskunft_both(case):
    question = asked(case)
    by = world.an_access()
    questions.answer(question=question, answer=QuestionAnswer.CORRECTION, by=by, now=clock.now())
    lines = AccessLogEntry.objects.filter(action__in=[LogAction.ASKED, LogAction.ANSWERED]).order_by("pk")
    assert [(line.action, line.case_ref, line.chain) for line in lines] == [
        ("ASKED", case.case_ref, "ACT"),
        ("ANSWERED", case.case_ref, "ACT"),
    ]
    for access in (by, world.an_access("case-receiver")):
        steps = [step.words for step in disclosure_of(access, case, clock.today()).steps]
        assert steps[-2:] == [
            "Rückfrage: Stimmt die Einrichtung?",
            "Antwort auf „Stimmt die Einrichtung?“: Die Angaben stimmen nicht, eine neue Fassung berichtigt sie.",
        ]


def test_given_an_open_question_when_asked_again_then_refused_until_it_is_answered_and_others_may_be_asked(case):
    first = asked(case)
    with pytest.raises(Refused, match="schon gestellt"):
        asked(case)
    asked(case, QuestionKind.END)
    questions.answer(question=first, answer=QuestionAnswer.UNKNOWN, by=world.an_access(), now=clock.now())
    with pytest.raises(Refused, match="schon beantwortet"):
        questions.answer(question=first, answer=QuestionAnswer.CALL, by=world.an_access(), now=clock.now())
    assert asked(case).answer == ""
    assert CaseQuestion.objects.get(pk=first.pk).answer == "UNKNOWN"


def test_given_two_officers_when_both_answer_then_the_second_reads_who_was_quicker_and_keeps_what_was_chosen(
    receiver, officer, case
):
    question = asked(case)
    address = url("question-answer", question)
    colleague = enter(a_user(role="case-officer", username="zweite"))
    assert "Rückfrage beantworten" in text(colleague.get(address))
    officer.post(address, {"answer": "RIGHT"})
    told = text(colleague.post(address, {"answer": "CALL"}))
    assert "Diese Frage ist inzwischen beantwortet. Ihre Antwort ist nicht eingetragen." in told
    question.refresh_from_db()
    at = moment(question.answered_at)
    assert f"Eingetragen Die Angaben stimmen. {at}, fallbearbeitung" in told
    assert "Ihre Wahl, nicht eingetragen Die Fallbearbeitung ruft an." in told
    assert question.answer == "RIGHT"
    told = text(officer.get(address))
    assert f"{at}, Sie" in told
    assert "nicht eingetragen" not in told


def test_given_a_carrier_when_a_sentence_begins_with_it_then_it_has_its_article(receiver, case):
    assert "Der Wetteraukreis erfährt durch eine Nachricht" in text(receiver.get(url("question-ask", case)))
    asked(case)
    assert "Wartet auf die Fallbearbeitung vom Wetteraukreis" in text(receiver.get(url("questions")))


def test_given_nothing_chosen_or_an_invented_code_when_sent_then_a_sentence_says_what_to_do(receiver, officer, case):
    assert "Wählen Sie aus, was Sie wissen möchten." in text(receiver.post(url("question-ask", case), {}))
    receiver.post(url("question-ask", case), {"kind": "Diagnose?"})
    assert not CaseQuestion.objects.exists()
    question = asked(case)
    assert "Wählen Sie eine Antwort aus." in text(officer.post(url("question-answer", question), {}))


def test_given_a_case_that_is_over_when_asked_or_answered_then_refused_and_nobody_waits(version, case):
    question = asked(case)
    world.acknowledged(version.receipt)
    assert questions_to_answer(world.an_access().user, the_partner().agreement) == [2027]
    receiver = world.an_access("case-receiver")
    cases.record_outcome(case=case, outcome=CaseOutcome.NO_LWV_BENEFIT, by=receiver, now=clock.now())
    with pytest.raises(Refused, match="nicht mehr nachfragen"):
        asked(case, QuestionKind.END)
    with pytest.raises(Refused, match="wartet niemand mehr"):
        questions.answer(question=question, answer=QuestionAnswer.RIGHT, by=world.an_access(), now=clock.now())
    assert questions_to_answer(world.an_access().user, the_partner().agreement) == []


def test_given_an_open_question_when_an_outcome_is_recorded_then_both_pages_tell_and_an_old_answer_is_kept_in_sight(
    version, receiver, officer, case
):
    question = asked(case)
    world.acknowledged(version.receipt)
    told = "noch offen. Mit dem Ergebnis wartet niemand mehr auf die Antwort."
    assert told in text(receiver.get(url("outcome", case)))
    page = text(receiver.get(url("outcomes", version)))
    assert "Eine Rückfrage ist noch offen. Mit einem Ergebnis wartet niemand mehr auf die Antwort." in page
    lwv = world.an_access("case-receiver")
    cases.record_outcome(case=case, outcome=CaseOutcome.NO_LWV_BENEFIT, by=lwv, now=clock.now())
    day = f"{clock.today():%d.%m.%Y}"
    for page in (
        officer.post(url("question-answer", question), {"answer": "CALL"}),
        officer.get(url("question-answer", question)),
    ):
        assert f"Die empfangende Stelle hat am {day} das Ergebnis „{CaseOutcome.NO_LWV_BENEFIT.label}“" in text(page)
        assert "Antwort geben" not in text(page)
        assert "Bitte prüfen Sie Ihre Angaben" not in text(page)
        assert ("Ihre Wahl, nicht eingetragen Die Fallbearbeitung ruft an." in text(page)) == bool(
            page.request["REQUEST_METHOD"] == "POST"
        )


def test_given_a_case_taken_off_or_not_yet_released_when_asked_then_refused(version, case):
    officer = world.an_access()
    draft = lists.open_draft(sender=version.transition_list.sender, year=2027, by=officer, now=clock.now())
    new = entries.add_entry(
        version=draft, data=world.case_data(given_name="Oda"), is_late=False, by=officer, now=clock.now()
    )
    with pytest.raises(Refused, match="nicht mehr nachfragen"):
        asked(new.case)
    ended = {"ending": CaseState.WITHDRAWN, "reason": EndReason.NAMED_BY_MISTAKE, "postponed_to": None}
    entries.end_case(entry=draft.entries.get(case=case), **ended, by=officer, now=clock.now())
    world.released(draft, now=clock.now())
    with pytest.raises(Refused, match="nicht mehr nachfragen"):
        asked(case)


def test_given_somebody_else_when_he_asks_or_answers_then_he_may_not(officer, case):
    question, lwv = asked(case), world.an_access("case-receiver")
    with pytest.raises(Refused, match="empfangende Stelle"):
        questions.ask(case=case, kind=QuestionKind.END, by=world.an_access(), now=clock.now())
    with pytest.raises(Refused, match="Fallbearbeitung"):
        questions.answer(question=question, answer=QuestionAnswer.RIGHT, by=lwv, now=clock.now())
    assert officer.get(url("question-ask", case)).status_code == 403
    releaser = enter(a_user(role="case-releaser"))
    assert releaser.get(url("question-answer", question)).status_code == 403
    assert "Wartet auf die Fallbearbeitung" in text(releaser.get(url("questions")))
    other = a_second_agreement()
    stranger = enter(a_user(role="case-receiver", partner="lwv-hessen", agreement=other), agreement=other)
    theirs = reverse("transitions:question-ask", args=[other.slug, case.pk])
    assert stranger.post(theirs, {"kind": "END"}).status_code == 404
    county = enter(world.an_access(agreement=other).user, agreement=other)
    assert county.get(reverse("transitions:question-answer", args=[other.slug, question.pk])).status_code == 404
    assert CaseQuestion.objects.get().answer == ""


def test_given_the_table_when_half_an_answer_or_a_second_open_question_is_written_then_the_database_refuses(case):
    question = asked(case)
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseQuestion.objects.filter(pk=question.pk).update(answer="RIGHT")
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseQuestion.objects.create(
            case=case, kind=question.kind, asked_at=question.asked_at, asked_by=question.asked_by
        )
