"""Work that one person leaves to another: a draft given back, a new version promised in an answer."""

import re
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from kok import clock, outbox
from kok.errors import Refused
from tests.builders import an_agreement, give_role
from tests.transitions import world
from tests.transitions.inside import enter
from transitions.actions import cases, entries, lists, questions
from transitions.models import AccessLogEntry, TransitionCase, TransitionListVersion
from transitions.pages.case_lines import lines_of
from transitions.queries.open_work import drafts_given_back, versions_promised
from transitions.rules.codes import (
    CaseOutcome,
    CaseState,
    EndReason,
    LogAction,
    QuestionAnswer,
    QuestionKind,
    ReturnReason,
)

pytestmark = pytest.mark.django_db
NAME = "Zirbelnuss"


@pytest.fixture
def agreement(settings: Any) -> Any:
    settings.KOK_NOW = "2027-04-20T09:00:00+02:00"
    return an_agreement()


@pytest.fixture
def author(agreement: Any) -> Any:
    return world.an_access()


@pytest.fixture
def draft(author: Any) -> TransitionListVersion:
    return world.submitted(world.a_draft(world.people(2), by=author), by=author, now=clock.now())


@pytest.fixture
def releaser(draft: Any) -> Any:
    return world.an_access("case-releaser")


def url(name: str, thing: Any) -> str:
    return reverse(f"transitions:{name}", args=["wetteraukreis", thing.pk])


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def given_back(draft: Any, by: Any, *, refs: tuple[str, ...] = ()) -> None:
    shown = world.fresh(draft).revision
    lists.give_back(version=draft, revision=shown, reason=ReturnReason.DATA, case_refs=refs, by=by, now=clock.now())


def test_given_a_submitted_draft_when_the_second_person_gives_it_back_then_the_officer_finds_why_and_where(
    author, draft, releaser, agreement
):
    case = draft.entries.first().case
    client = enter(releaser.user)
    assert url("give-back", draft) in client.get(url("release", draft)).content.decode()
    page = text(client.get(url("give-back", draft)))
    assert all(f"{row.name}, {row.row.case.case_ref}" in page for row in lines_of(draft))
    shown = {"revision": draft.revision}
    assert "Wählen Sie aus, warum." in text(
        client.post(url("give-back", draft), shown | {"case_refs": [case.case_ref]})
    )
    unknown = shown | {"reason": "DATA", "case_refs": ["UE-2027-AAAA"]}
    assert "Ein Fall mit diesem Fallzeichen steht nicht" in text(client.post(url("give-back", draft), unknown))
    assert world.fresh(draft).submitted_at is not None
    mail.outbox.clear()
    sent = shown | {"reason": "DATA", "case_refs": [case.case_ref]}
    told = text(client.post(url("give-back", draft), sent, follow=True))
    assert "Der Entwurf ist zurückgegeben. Die Fallbearbeitung erhält eine Nachricht." in told
    assert drafts_given_back(author.user, agreement) == [world.YEAR]
    assert drafts_given_back(releaser.user, agreement) == []
    shown = text(enter(author.user).get(url("version", draft)))
    assert "zurückgegeben: Angaben zu einem Fall sind fraglich." in shown
    assert f"Gemeint ist: Fall {case.case_ref} ." in shown
    assert AccessLogEntry.objects.get(action=LogAction.GIVEN_BACK).actor_id == releaser.user.pk
    outbox.deliver(now=clock.now())
    (message,) = [each for each in mail.outbox if "zurück in der Bearbeitung" in each.body]
    assert message.to == [author.user.email]
    assert not any(word in f"{message.subject}{message.body}" for word in (NAME, case.case_ref, "fraglich"))


def test_given_a_draft_that_was_given_back_when_submitted_anew_then_nothing_of_it_is_left(
    author, draft, releaser, agreement
):
    given_back(draft, releaser)
    world.submitted(draft, by=author)
    found = world.fresh(draft)
    left = found.returned_at, found.returned_by, found.return_reason, found.returned_cases
    assert left == (None, None, "", [])
    assert drafts_given_back(author.user, agreement) == []
    mail.outbox.clear()
    outbox.deliver(now=clock.now())
    assert not [each for each in mail.outbox if "zurück in der Bearbeitung" in each.body]


def test_given_a_releaser_when_taking_a_draft_back_without_a_reason_or_for_an_unknown_case_then_refused(
    author, draft, releaser
):
    assert enter(releaser.user).post(url("take-back", draft)).status_code == 403
    for act in (
        lambda: lists.take_back(version=draft, by=releaser, now=clock.now()),
        lambda: given_back(draft, author),
        lambda: given_back(draft, releaser, refs=("UE-2027-AAAA",)),
    ):
        with pytest.raises(Refused, match="Es wurde nichts geändert"):
            act()
    assert world.fresh(draft).submitted_at is not None
    lists.take_back(version=draft, by=author, now=clock.now())
    with pytest.raises(Refused, match="liegt nicht zur Freigabe vor"):
        given_back(draft, releaser)


def test_given_somebody_with_both_roles_when_taking_the_own_draft_back_then_no_reason_is_asked(author, draft):
    give_role(author.user, role="case-releaser")
    enter(author.user).post(url("take-back", draft))
    assert world.fresh(draft).submitted_at is None


def test_given_the_table_when_a_return_is_written_by_halves_then_the_database_refuses(draft, releaser):
    given_back(draft, releaser)
    for halves in ({"return_reason": ""}, {"returned_by": None}, {"submitted_at": clock.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TransitionListVersion.objects.filter(pk=draft.pk).update(**halves)


# A promise


@pytest.fixture
def case(author: Any) -> Any:
    return world.released(world.a_draft(by=author), now=clock.now()).version.entries.get().case


def promise(case: Any, given: QuestionAnswer) -> None:
    receiver, by = world.an_access("case-receiver"), world.an_access()
    question = questions.ask(case=case, kind=QuestionKind.FACILITY, by=receiver, now=clock.now())
    questions.answer(question=question, answer=given, by=by, now=clock.now())


def changed(case: Any, by: Any, given: QuestionAnswer) -> Any:
    draft = world.a_draft([], by=by, now=clock.now())
    entry = draft.entries.get(case=case)
    if given is QuestionAnswer.CORRECTION:
        data = world.case_data(facility_place="Butzbach")
        entries.change_entry(entry=entry, data=data, is_late=False, seen=entry.changed_at, by=by, now=clock.now())
    else:
        entries.end_case(
            entry=entry, ending=CaseState.WITHDRAWN, reason=EndReason.NAMED_BY_MISTAKE, postponed_to=None, by=by,
            now=clock.now(),
        )  # fmt: skip
    return draft


@pytest.mark.parametrize("given", [QuestionAnswer.CORRECTION, QuestionAnswer.WITHDRAWAL])
def test_given_an_answer_that_promises_a_new_version_when_it_is_not_released_then_work_is_open_until_it_is(
    author, case, agreement, given, settings
):
    changed_before = versions_promised(author.user, agreement)
    promise(case, given)
    assert (changed_before, versions_promised(author.user, agreement)) == ([], [world.YEAR])
    assert versions_promised(world.an_access("case-receiver").user, agreement) == []
    register = enter(author.user).get(reverse("transitions:questions", args=["wetteraukreis"]))
    assert "die neue Fassung steht noch aus" in text(register)
    settings.KOK_NOW = "2027-04-21T09:00:00+02:00"
    draft = changed(case, author, given)
    assert versions_promised(author.user, agreement) == [world.YEAR]
    world.released(draft, now=clock.now())
    assert versions_promised(author.user, agreement) == []


@pytest.mark.parametrize("given", [QuestionAnswer.RIGHT, QuestionAnswer.CALL, QuestionAnswer.UNKNOWN])
def test_given_an_answer_that_promises_nothing_when_given_then_no_work_is_left(author, case, agreement, given):
    promise(case, given)
    assert versions_promised(author.user, agreement) == []


def test_given_open_work_when_the_overview_opens_then_it_stands_there_without_a_case(author, draft, releaser, client):
    given_back(draft, releaser)
    client.force_login(author.user)
    page = text(client.get("/wetteraukreis/"))
    assert "Ein Entwurf ist zurückgegeben und zu überarbeiten" in page
    assert not any(word in page for word in (NAME, draft.entries.first().case.case_ref, "fraglich"))


def test_given_two_questions_when_the_overview_of_the_county_opens_then_it_says_two(author, case, client):
    lwv = world.an_access("case-receiver")
    client.force_login(author.user)
    for kind, told in (
        (QuestionKind.FACILITY, "Eine Rückfrage der anderen Fachstelle ist zu beantworten"),
        (QuestionKind.END, "Zwei Rückfragen der anderen Fachstelle sind zu beantworten"),
    ):
        questions.ask(case=case, kind=kind, by=lwv, now=clock.now())
        assert told in text(client.get("/wetteraukreis/"))


# What the other side says meanwhile


def test_given_outcomes_of_cases_that_a_draft_takes_off_when_they_arrive_then_the_county_is_told_of_all_at_once(author):
    version = world.acknowledged(world.released(world.a_draft(world.people(3), by=author)))
    draft = world.a_draft([], by=author)
    leaving = list(draft.entries.select_related("case").order_by("case__case_ref"))[:2]
    for entry in leaving:
        end = {"ending": CaseState.DECEASED, "reason": EndReason.DEATH, "postponed_to": None}
        entries.end_case(entry=entry, **end, by=author, now=clock.now())
    receiver = world.an_access("case-receiver")
    outbox.deliver(now=clock.now())
    mail.outbox.clear()
    for entry in leaving:
        act = {"outcome": CaseOutcome.NO_LWV_BENEFIT, "by": receiver, "now": clock.now()}
        cases.record_outcome(case=TransitionCase.objects.get(pk=entry.case_id), **act)
    outbox.deliver(now=clock.now())
    (message,) = [each for each in mail.outbox if "ein Entwurf nicht mehr passt" in each.body]
    assert message.to == [author.user.email]
    refs = [entry.case.case_ref for entry in leaving]
    page = text(enter(author.user).get(url("version", draft)))
    assert "Der Entwurf lässt sich so nicht freigeben" in page
    assert f"Fall {refs[0]} (keine Leistung des LWV Hessen), Fall {refs[1]} (keine" in page
    assert url("submit", draft) not in enter(author.user).get(url("version", draft)).content.decode()
    with pytest.raises(Refused, match=f"{refs[0]}, {refs[1]}"):
        world.submitted(draft, by=author, now=clock.now())
    assert "nicht freigeben" not in text(enter(receiver.user).get(url("version", version)))
