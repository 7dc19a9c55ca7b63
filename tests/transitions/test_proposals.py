"""Whom the lists of other years let one expect, and who seems to stand there twice (scenario 18, Punkt 8b)."""

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kok.clock import BERLIN
from kok.errors import Refused
from tests.builders import an_agreement
from tests.transitions.inside import enter
from tests.transitions.world import NOW, YEAR, a_draft, an_access, case_data, fresh, people, released
from tests.worlds import built_once
from transitions.actions import entries, lists, proposals
from transitions.models import AccessLogEntry, CaseEntry, TransitionCase, TransitionListVersion
from transitions.queries.disclosure import disclosure_of
from transitions.queries.known import KnownPeople
from transitions.queries.log_check import check_log
from transitions.queries.proposals import proposals_for
from transitions.queries.receiving import end_mark
from transitions.queries.version import alike_elsewhere, rows_of
from transitions.rules.codes import CaseState, EndReason, LogAction

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
NEXT_YEAR = NOW + timedelta(days=365)


@built_once(autouse=True)
def agreement() -> Any:
    return an_agreement()


@built_once
def officer(agreement: Any) -> Any:
    return an_access()


def end(entry: CaseEntry, by: Any, ending: CaseState, reason: EndReason, to: date | None = None) -> CaseEntry:
    return entries.end_case(entry=entry, ending=ending, reason=reason, postponed_to=to, by=by, now=LATER)


def whom(entry: CaseEntry, by: Any) -> list[CaseEntry]:
    """Who else may be the person of an entry."""
    return [other.entry for other in KnownPeople(fresh(entry.version), by).alike(entry.data, entry.case)]


# Duplicates


def test_given_the_same_person_twice_when_the_version_is_read_then_each_points_to_the_other(officer):
    draft = a_draft([case_data(), case_data(family_name="ZIRBELNUß"), *people(3)[1:]], by=officer)
    alike = {row.entry.pk: [other.pk for other in row.duplicates] for row in rows_of(draft) if row.duplicates}
    (one, others), (other, ones) = alike.items()
    assert (others, ones) == ([other], [one])
    assert released(draft).case_count == 4


def test_given_a_person_of_another_current_list_when_added_then_it_is_a_hint(officer):
    before = released(a_draft(by=officer, year=YEAR - 1, data=[case_data(expected_end_on=date(YEAR, 7, 1))])).version
    draft = a_draft(by=officer)
    entry = draft.entries.get()
    assert whom(entry, officer) == [before.entries.get()]
    found = alike_elsewhere(rows_of(draft), KnownPeople(draft, officer))
    assert [(one, other.entry) for one, other in found] == [(entry, before.entries.get())]


def test_given_a_person_erased_from_the_other_list_when_added_then_there_is_no_hint(officer):
    earlier = {"year": YEAR - 1, "by": officer}
    released(a_draft([case_data(expected_end_on=date(YEAR, 7, 1))], **earlier))
    draft = a_draft([], **earlier)
    end(draft.entries.get(), officer, CaseState.WITHDRAWN, EndReason.NAMED_BY_MISTAKE)
    released(draft, now=LATER)
    assert whom(a_draft(by=officer).entries.get(), officer) == []


# Proposals


def all_postponed(by: Any, count: int) -> list[TransitionCase]:
    released(a_draft(people(count), by=by))
    draft = a_draft([], by=by)
    for entry in draft.entries.all():
        end(entry, by, CaseState.POSTPONED, EndReason.SCHOOL_EXTENDED, date(YEAR + 2, 7, 1))
    released(draft, now=LATER)
    return list(TransitionCase.objects.all())


def postponed(by: Any) -> TransitionCase:
    return all_postponed(by, 1)[0]


def test_given_a_proposal_when_accepted_then_it_is_a_new_case_with_the_new_month_and_not_asked_again(officer):
    case = postponed(officer)
    draft = a_draft([], by=officer, year=YEAR + 1, now=NEXT_YEAR)
    entry = proposals.accept_proposal(version=draft, case=case, by=officer, now=NEXT_YEAR)
    assert (entry.case.previous, entry.case.named_at, entry.data.expected_end_on) == (case, None, date(YEAR + 2, 7, 1))
    assert entry.data.family_name == people(1)[0].family_name
    assert entry.data.informed_on is None
    assert proposals_for(draft) == []
    assert whom(entry, officer) == []
    with pytest.raises(Refused, match="nicht mehr offen"):
        proposals.accept_proposal(version=draft, case=case, by=officer, now=NEXT_YEAR)


@pytest.mark.parametrize(
    ("first", "words"),
    [("take", "auf diese Liste genommen"), ("decline", "nicht auf diese Liste genommen")],
    ids=["taken", "declined"],
)
def test_given_two_officers_when_both_decide_about_a_proposal_then_the_second_reads_who_was_quicker_and_how(
    officer, settings, first, words
):
    settings.KOK_NOW = NEXT_YEAR.astimezone(BERLIN).isoformat()
    case = postponed(officer)
    draft = a_draft([], by=officer, year=YEAR + 1, now=NEXT_YEAR)
    address = reverse("transitions:proposals", args=["wetteraukreis", draft.pk])
    (proposal,) = proposals_for(draft)
    sent = {"case": str(case.pk), "is_meant": "on", "seen": end_mark(proposal.data)}
    colleague = an_access()
    enter(officer.user).post(address, sent | {"answer": first})
    client = enter(colleague.user)
    told = unescape(client.post(address, sent | {"answer": "decline"}, follow=True).content.decode())
    assert f"Den Fall {case.case_ref} hat {officer.user.username} am Do 09.03.2028, " in told
    assert f" Uhr {words}." in told
    assert "Ihre Wahl „Nicht auf diese Liste“ ist nicht eingetragen." in told
    assert "Ihre Wahl" not in client.get(address).content.decode()


def test_given_a_proposal_when_declined_then_it_is_not_asked_again(officer):
    case = postponed(officer)
    draft = a_draft([], by=officer, year=YEAR + 1, now=NEXT_YEAR)
    with pytest.raises(Refused, match="wurde inzwischen berichtigt"):
        proposals.decline_proposal(version=draft, case=case, shown="another person", by=officer, now=NEXT_YEAR)
    proposals.decline_proposal(version=draft, case=case, by=officer, now=NEXT_YEAR)
    assert proposals_for(draft) == []
    with pytest.raises(Refused, match="nicht mehr offen"):
        proposals.accept_proposal(version=draft, case=case, by=officer, now=NEXT_YEAR)


def test_given_a_case_that_nobody_proposed_when_accepted_then_refused(officer):
    released(a_draft(by=officer))
    draft = a_draft([], by=officer, year=YEAR + 1, now=NEXT_YEAR)
    with pytest.raises(Refused, match="nicht mehr offen"):
        proposals.accept_proposal(version=draft, case=TransitionCase.objects.get(), by=officer, now=NEXT_YEAR)
    assert not draft.entries.exists()


def test_given_a_draft_with_an_accepted_proposal_when_discarded_then_it_is_proposed_again(officer):
    case = postponed(officer)
    draft = a_draft([], by=officer, year=YEAR + 1, now=NEXT_YEAR)
    proposals.accept_proposal(version=draft, case=case, by=officer, now=NEXT_YEAR)
    lists.discard_draft(version=draft, revision=fresh(draft).revision, by=officer, now=NEXT_YEAR)
    again = a_draft([], by=officer, year=YEAR + 1, now=NEXT_YEAR)
    assert [each.case for each in proposals_for(again)] == [case]


# Who looked


def looked_at(draft: TransitionListVersion, by: Any) -> tuple[str, int]:
    """The page of the proposals, and how many queries it took."""
    client = enter(by.user)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(reverse("transitions:proposals", args=["wetteraukreis", draft.pk]))
    return answer.content.decode(), len(asked)


def test_given_proposals_when_they_are_shown_then_each_case_has_its_line_in_the_log(officer, settings):
    settings.KOK_NOW = NEXT_YEAR.astimezone(BERLIN).isoformat()
    cases = all_postponed(officer, 3)
    draft = a_draft([], by=officer, year=YEAR + 1, now=NEXT_YEAR)
    page, _ = looked_at(draft, officer)
    assert all(person.family_name in page for person in people(3))
    lines = AccessLogEntry.objects.filter(action=LogAction.VIEW_CASE)
    assert {(line.case_ref, line.version, line.list_year) for line in lines} == {
        (case.case_ref, str(draft.pk), YEAR + 1) for case in cases
    }
    told = [
        look for look in disclosure_of(officer, cases[0], NEXT_YEAR.date()).looks if look.action is LogAction.VIEW_CASE
    ]
    assert [(look.day, look.times) for look in told] == [(NEXT_YEAR.date(), 1)]
    assert check_log(NEXT_YEAR.date()).is_intact


def test_given_many_proposals_when_they_are_shown_then_logging_asks_the_database_no_more_often(officer, settings):
    settings.KOK_NOW = NEXT_YEAR.astimezone(BERLIN).isoformat()
    one, *more = all_postponed(officer, 6)[1:]
    draft = a_draft([], by=officer, year=YEAR + 1, now=NEXT_YEAR)
    proposals.decline_proposal(version=draft, case=one, by=officer, now=NEXT_YEAR)
    _, for_five_and_one = looked_at(draft, officer)
    for case in more:
        proposals.decline_proposal(version=draft, case=case, by=officer, now=NEXT_YEAR)
    assert looked_at(draft, officer)[1] == for_five_and_one


def test_given_no_proposals_when_the_page_is_opened_then_no_look_is_logged(officer, settings):
    settings.KOK_NOW = NEXT_YEAR.astimezone(BERLIN).isoformat()
    looked_at(a_draft([], by=officer, year=YEAR + 1, now=NEXT_YEAR), officer)
    assert not AccessLogEntry.objects.filter(action__in=[LogAction.VIEW_CASE, LogAction.VIEW_LIST]).exists()


@pytest.mark.parametrize("count", [1, 2])
def test_given_undecided_proposals_when_a_list_that_names_nobody_is_submitted_then_refused_with_their_number(
    officer, settings, count
):
    settings.KOK_NOW = NEXT_YEAR.astimezone(BERLIN).isoformat()
    before = a_draft(people(2), by=officer)
    released(before)
    late = a_draft([], by=officer)
    for entry in list(late.entries.all())[:count]:
        end(entry, officer, CaseState.POSTPONED, EndReason.SCHOOL_EXTENDED, date(YEAR + 2, 7, 1))
    released(late, now=LATER)
    empty = a_draft([], by=officer, year=YEAR + 1, now=NEXT_YEAR)
    words = (
        f"Über {'einen Vorschlag' if count == 1 else '2 Vorschläge'} aus früheren Listen ist noch nicht entschieden."
    )
    with pytest.raises(Refused, match=words):
        lists.submit(version=empty, revision=empty.revision, by=officer, now=NEXT_YEAR)
    page = enter(officer.user).get(reverse("transitions:submit", args=["wetteraukreis", empty.pk])).content.decode()
    assert words in page
    assert "Nullmeldung zur Freigabe vorlegen" not in page
    for proposal in proposals_for(empty):
        proposals.decline_proposal(version=empty, case=proposal.case, by=officer, now=NEXT_YEAR)
    lists.submit(version=empty, revision=fresh(empty).revision, by=officer, now=NEXT_YEAR)
    assert fresh(empty).submitted_at == NEXT_YEAR
