"""Whether somebody is named twice: the second case may be named, of what the asker may see, and goes with its data."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from kok import clock
from kok.errors import Refused
from kok.genuine import tampered
from tests.builders import a_second_agreement, a_user, an_agreement, give_role, the_partner
from tests.roles import as_owner, by_worker
from tests.transitions import world
from tests.transitions.inside import enter
from transitions.actions import doubles, questions, subject_requests
from transitions.actions.erasure import erase_cases
from transitions.models import AccessLogEntry, CaseQuestion
from transitions.queries.disclosure import disclosure_of
from transitions.rules.codes import EntryReason, LogAction, QuestionKind, RequestKind
from transitions.rules.questions import NoSecondCase

pytestmark = pytest.mark.django_db
DOUBLE = QuestionKind.DOUBLE


@pytest.fixture(autouse=True)
def _spring(settings: Any) -> None:
    settings.KOK_NOW = "2027-03-10T12:00"
    an_agreement()


@pytest.fixture
def twins() -> Any:
    """Two cases that look like one person, and one that does not."""
    first, second = world.case_data(), world.case_data(date_of_birth=date(2010, 3, 15))
    other = world.case_data(family_name="Quarkstein", given_name="Oda", date_of_birth=date(2010, 1, 2))
    version = world.released(world.a_draft([first, second, other])).version
    by_day = {entry.data.date_of_birth: entry.case for entry in version.entries.select_related("case")}
    return tuple(by_day[each.date_of_birth] for each in (first, second, other))


def url(name: str, thing: Any = None) -> str:
    return reverse(f"transitions:{name}", args=["wetteraukreis", *([thing.pk] if thing else [])])


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()))


def asked(case: Any, other_ref: str = "", kind: QuestionKind = DOUBLE, by: Any = None) -> CaseQuestion:
    receiver = by or world.an_access("case-receiver")
    return questions.ask(case=case, kind=kind, other_ref=other_ref, by=receiver, now=clock.now())


def facts_of(access: Any, case: Any) -> list[str]:
    return [fact.words for fact in disclosure_of(access, case, clock.today()).kept if fact.field == "second_case"]


def test_given_a_possible_double_when_the_receiver_chooses_it_then_the_county_reads_it_with_a_link(twins):
    case, double, other = twins
    receiver, officer = enter(world.an_access("case-receiver").user), enter(a_user(role="case-officer", username="fb"))
    page = text(receiver.get(url("question-ask", case)))
    assert f"Fall {double.case_ref} der Liste 2027. Das Geburtsdatum weicht um einen Tag ab." in page
    assert other.case_ref not in page
    assert "Zirbelnuss" not in page
    receiver.post(url("question-ask", case), {"kind": "DOUBLE", "alike": double.case_ref})
    question = CaseQuestion.objects.get()
    assert question.other_case == double
    link = f'href="{url("case", double)}"'
    for client in (receiver, officer):
        for address in (url("case", case), url("questions")):
            answer = client.get(address)
            assert f"Genannt ist auch Fall {double.case_ref}" in text(answer)
            assert link in answer.content.decode()
    answer = officer.get(url("question-answer", question))
    assert f"Ist die Person doppelt benannt? Genannt ist auch Fall {double.case_ref} ." in text(answer)
    assert link in answer.content.decode()


def test_given_a_fallzeichen_as_people_type_it_when_asked_then_it_is_read_and_none_is_needed(twins):
    case, _, other = twins
    receiver = enter(world.an_access("case-receiver").user)
    typed = other.case_ref.lower().replace("-", " ")
    receiver.post(url("question-ask", case), {"kind": "DOUBLE", "alike": "", "other_ref": typed})
    assert CaseQuestion.objects.get().other_case == other
    assert "Welche" not in text(receiver.post(url("question-ask", other), {"kind": "DOUBLE"}, follow=True))
    assert CaseQuestion.objects.get(case=other).other_case is None


def test_given_a_second_case_that_cannot_be_named_when_asked_then_a_sentence_at_the_field_says_what_to_do(twins):
    case, double, other = twins
    receiver = enter(world.an_access("case-receiver").user)
    for sent, told in (
        ({"kind": "DOUBLE", "other_ref": "UE-2027-ZZZZ"}, "Mit diesem Fallzeichen ist für Sie kein anderer Fall"),
        ({"kind": "DOUBLE", "other_ref": case.case_ref}, "Mit diesem Fallzeichen ist für Sie kein anderer Fall"),
        ({"kind": "FACILITY", "other_ref": other.case_ref}, "nur zur Frage „Ist die Person doppelt benannt?“."),
        ({"kind": "DOUBLE", "alike": double.case_ref, "other_ref": other.case_ref}, "nicht beides."),
    ):
        answer = receiver.post(url("question-ask", case), sent)
        assert told in text(answer)
        assert sent["other_ref"] in answer.content.decode()
    assert not CaseQuestion.objects.exists()


def test_given_cases_that_were_not_transmitted_to_the_asker_when_named_then_refused_as_if_they_were_not_there(twins):
    case = twins[0]
    draft = world.a_draft([world.case_data(expected_end_on=date(2029, 7, 1))], year=2028)
    receiver, both = world.an_access("case-receiver"), a_user(role="case-officer", username="beides")
    give_role(both, role="case-receiver", partner="lwv-hessen")
    page = text(enter(both, EntryReason.RECEIVE).get(url("question-ask", case)))
    assert twins[1].case_ref in page
    assert draft.entries.get().case.case_ref not in page
    theirs = world.released(world.a_draft(by=world.an_access(agreement=a_second_agreement()))).version
    for hidden in (draft, theirs):
        with pytest.raises(NoSecondCase, match="kein anderer Fall dieses Trägers"):
            asked(case, hidden.entries.get().case.case_ref, by=receiver)


def test_given_a_second_case_when_asked_then_log_and_auskunft_of_both_tell_it_without_the_other_fallzeichen(twins):
    case, double, _ = twins
    receiver = world.an_access("case-receiver")
    enter(receiver.user).get(url("question-ask", case))
    asked(case, double.case_ref)
    lines = AccessLogEntry.objects.filter(action=LogAction.ASKED).values_list("case_ref", flat=True)
    assert sorted(lines) == sorted([case.case_ref, double.case_ref])
    for access in (receiver, world.an_access()):
        for one, other in ((case, double), (double, case)):
            assert facts_of(access, one) == ["10.03.2027: ob Sie auch in einem Fall der Liste 2027 stehen"]
            assert other.case_ref not in " ".join(
                [*facts_of(access, one), *(step.words for step in disclosure_of(access, one, clock.today()).steps)]
            )
    looks = {look.action for look in disclosure_of(receiver, double, clock.today()).looks}
    assert {LogAction.ASKED, LogAction.TOLD_ALIKE} <= looks


def test_given_two_people_or_a_restricted_case_when_asked_then_neither_is_offered_nor_the_restricted_one_taken(twins):
    case, double, other = twins
    receiver = enter(world.an_access("case-receiver").user)
    doubles.say_two_people(cases=[case, double], by=world.an_access(), now=clock.now())
    assert "vielleicht dieselbe Person" not in text(receiver.get(url("question-ask", case)))
    subject_requests.register_request(
        partner=the_partner("lwv-hessen"), kind=RequestKind.OBJECTION, case_ref=other.case_ref,
        received_on=clock.today(), identity_checked_on=clock.today(),
        by=world.an_access("case-receiver", reason=EntryReason.SUBJECT_REQUEST), now=clock.now(),
    )  # fmt: skip
    with pytest.raises(Refused, match="Verarbeitung eingeschränkt"):
        asked(case, other.case_ref)


def test_given_a_named_second_case_when_its_data_are_erased_then_the_question_stands_without_it_and_as_sealed(twins):
    case, double, _ = twins
    question = asked(case, double.case_ref)
    by_worker(erase_cases, [str(double.pk)], clock.now())
    question.refresh_from_db()
    assert question.other_case is None
    assert not tampered(question)
    assert facts_of(world.an_access(), case) == []
    with pytest.raises(NoSecondCase, match="gelöscht"):
        asked(twins[2], double.case_ref)


def test_given_the_table_when_a_second_case_is_written_that_makes_no_sense_then_the_database_refuses(twins):
    case, double, _ = twins
    question = asked(case, kind=QuestionKind.FACILITY)
    for wrong in ({"other_case": double}, {"kind": "DOUBLE", "other_case": case}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CaseQuestion.objects.filter(pk=question.pk).update(**wrong)


def test_given_a_second_case_put_in_past_the_application_when_compared_then_the_question_does_not_stand(twins):
    case, double, other = twins
    question = asked(case, double.case_ref)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE transitions_casequestion SET other_case_id = %s", [other.pk])
    assert tampered(CaseQuestion.objects.get(pk=question.pk))
