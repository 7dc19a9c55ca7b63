"""What the LWV learns of the next list while the county prepares it: nothing (Punkt 8b, scenario 18)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kok import erasure
from kok.clock import BERLIN
from tests.builders import an_agreement, give_role, the_partner
from tests.roles import as_worker, by_worker
from tests.transitions.inside import enter
from tests.transitions.world import NOW, YEAR, a_draft, acknowledged, an_access, fresh, people, released, seen
from tests.worlds import built_once
from transitions.actions import doubles, entries, importing, lists, proposals, subject_requests
from transitions.actions.erasure import erase_cases
from transitions.actions.log import record_access
from transitions.documents import case_export
from transitions.models import CaseEntry, TransitionCase, TransitionListVersion
from transitions.pages.case import case_page
from transitions.queries.disclosure import disclosure_of
from transitions.rules.codes import CaseState, EndReason, EventKind, LogAction, RequestAnswer, RequestKind

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
NEXT_YEAR = datetime(2028, 2, 1, 9, tzinfo=UTC)
RELEASED = NEXT_YEAR + timedelta(days=3)
TODAY = NEXT_YEAR.date()
WAITS_UNTIL, COMING_NIGHT = date(YEAR + 1, 12, 31), date(2028, 2, 2)  # six months were over on 11.09.2027
TAKEN_OVER = "auf die nächste Liste genommen"


@pytest.fixture(autouse=True)
def _list(settings: Any, tmp_path: Any) -> None:
    settings.KOK_ERASURE_LIST = tmp_path / "erasures.jsonl"


@built_once(autouse=True, KOK_NOW=NEXT_YEAR.astimezone(BERLIN).isoformat())
def _agreement() -> None:
    an_agreement()


@built_once
def officer() -> Any:
    return an_access()


@built_once
def case(officer: Any) -> TransitionCase:
    """Named on list 2027 and postponed to 2029 on 11.03.2027."""
    acknowledged(released(a_draft(people(1), by=officer)))
    draft = a_draft([], by=officer)
    entries.end_case(
        entry=draft.entries.get(), ending=CaseState.POSTPONED, reason=EndReason.SCHOOL_EXTENDED,
        postponed_to=date(YEAR + 2, 7, 1), by=officer, now=LATER,
    )  # fmt: skip
    released(draft, now=LATER)
    return TransitionCase.objects.get()


@built_once
def draft(case: TransitionCase, officer: Any) -> TransitionListVersion:
    """List 2028, just begun."""
    return a_draft([], by=officer, year=YEAR + 1, now=NEXT_YEAR)


@built_once
def receiver() -> Any:
    return an_access("case-receiver")


def take_over(draft: TransitionListVersion, case: TransitionCase, by: Any) -> CaseEntry:
    return proposals.accept_proposal(version=draft, case=case, by=by, now=NEXT_YEAR)


def complete(entry: CaseEntry, by: Any) -> None:
    entries.change_entry(
        entry=entry, data=replace(entry.data, informed_on=date(2028, 1, 20)), is_late=False, seen=entry.changed_at,
        by=by, now=NEXT_YEAR,
    )  # fmt: skip


def told(by: Any, case: TransitionCase) -> tuple[list[str], date, str]:
    """The history of a case and the day on which it goes, the same on the page and in the Auskunft; and its words."""
    page, disclosed = case_page(by, case.pk, TODAY), disclosure_of(by, TransitionCase.objects.get(pk=case.pk), TODAY)
    assert page is not None
    assert (page.steps, page.erased_on) == (disclosed.steps, disclosed.erased_on)
    answer = enter(by.user).get(f"/wetteraukreis/uebergaenge/faelle/{case.pk}/").content.decode()
    words = answer + case_export.html(disclosed, now=NEXT_YEAR)
    return [step.words for step in page.steps], page.erased_on, words


def test_given_a_case_taken_into_the_next_draft_when_the_receiver_asks_then_nothing_tells_of_it(
    case, draft, officer, receiver
):
    before = told(receiver, case)[:2]
    take_over(draft, case, officer)
    steps, day, words = told(receiver, case)
    assert (steps, day) == before
    assert day == WAITS_UNTIL
    assert TAKEN_OVER not in words
    assert officer.user.get_username() not in words


def test_given_a_case_taken_into_the_next_draft_when_the_county_asks_then_it_reads_that_and_by_whom(
    case, draft, officer
):
    take_over(draft, case, officer)
    step = case_page(officer, case.pk, TODAY).steps[-1]
    assert (step.words, step.at, step.version) == (TAKEN_OVER, NEXT_YEAR, draft)
    assert step.who


def test_given_the_next_list_when_released_then_the_receiver_reads_of_it_as_of_that_moment(
    case, draft, officer, receiver
):
    complete(take_over(draft, case, officer), officer)
    released(draft, now=RELEASED)
    steps, day, _ = told(receiver, case)
    assert steps[-1] == TAKEN_OVER
    assert case_page(receiver, case.pk, TODAY).steps[-1].at == RELEASED
    assert day == COMING_NIGHT
    assert TAKEN_OVER in told(officer, case)[0]


def test_given_a_taken_over_case_when_removed_again_before_the_release_then_the_receiver_never_reads_of_it(
    case, draft, officer, receiver
):
    entry = take_over(draft, case, officer)
    entries.remove_entry(entry=entry, seen=entry.changed_at, by=officer, now=NEXT_YEAR)
    proposals.decline_proposal(version=draft, case=case, by=officer, now=NEXT_YEAR)  # else nobody could release nobody
    released(draft, now=RELEASED)
    assert TAKEN_OVER not in told(receiver, case)[0]


def test_given_a_draft_with_a_taken_over_case_when_discarded_then_the_receiver_never_reads_of_it(
    case, draft, officer, receiver
):
    take_over(draft, case, officer)
    lists.discard_draft(version=draft, revision=fresh(draft).revision, by=officer, now=NEXT_YEAR)
    assert TAKEN_OVER not in told(receiver, case)[0]


def test_given_a_declined_proposal_when_asked_then_only_the_county_knows_the_earlier_day(
    case, draft, officer, receiver
):
    proposals.decline_proposal(version=draft, case=case, by=officer, now=NEXT_YEAR)
    assert (told(officer, case)[1], told(receiver, case)[1]) == (COMING_NIGHT, WAITS_UNTIL)
    assert "spätestens am 31.12.2028 gelöscht" in told(receiver, case)[2]


def test_given_a_case_taken_into_a_draft_when_six_months_are_over_then_it_stays_until_the_release(case, draft, officer):
    def cases_erased(day: date) -> int:
        run = by_worker(erasure.run, now=datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=2))
        return sum(line["erased"] for line in run.report if line["rule"].startswith("cases-"))

    complete(take_over(draft, case, officer), officer)
    assert cases_erased(NEXT_YEAR.date()) == 0
    released(draft, now=RELEASED)
    assert cases_erased(RELEASED.date()) == 1
    assert case.events.filter(kind=EventKind.ERASED).count() == 1


def test_given_one_person_on_both_sides_when_the_lwv_discloses_then_no_look_at_a_draft_is_told():
    both = an_access()
    give_role(both.user, role="case-receiver", partner="lwv-hessen")
    lwv = an_access("case-receiver")
    draft = a_draft(people(1), by=both)
    record_access(by=both, action=LogAction.VIEW_LIST, version=draft, now=NOW)
    acknowledged(released(draft), by=lwv)
    case = TransitionCase.objects.get()
    a_draft([people(2)[1]], by=both, now=LATER)  # a second version: this person works on the county's draft again
    second = TransitionListVersion.objects.get(state="DRAFT")
    record_access(by=both, action=LogAction.VIEW_CASE, version=second, case=case, now=LATER)
    record_access(by=lwv, action=LogAction.VIEW_CASE, version=fresh(draft), case=case, now=LATER)
    looks = [(look.action, look.day, look.times) for look in disclosure_of(lwv, case, TODAY).looks]
    assert looks == [(LogAction.ACKNOWLEDGE, NOW.date(), 1), (LogAction.VIEW_CASE, LATER.date(), 1)]
    ours = {look.action for look in disclosure_of(both, case, TODAY).looks}
    assert {LogAction.DRAFT, LogAction.VIEW_LIST, LogAction.VIEW_CASE} <= ours


# Right to the line: nothing from before the person was there, nothing of a version without the person


def disclosed(by: Any, case: TransitionCase) -> Any:
    case.refresh_from_db()
    return disclosure_of(by, case, TODAY)


def looks_at(by: Any, case: TransitionCase) -> list[tuple[LogAction, int]]:
    return [(look.action, look.times) for look in disclosed(by, case).looks]


def view(by: Any, version: TransitionListVersion, minutes: int, action: LogAction = LogAction.VIEW_LIST) -> None:
    record_access(by=by, action=action, version=version, now=NOW + timedelta(minutes=minutes))


def test_given_a_list_looked_at_before_somebody_stood_on_it_when_disclosed_then_only_later_looks_are_told(officer):
    draft = a_draft([], by=officer)
    entries.add_entry(version=draft, data=people(1)[0], is_late=False, by=officer, now=NOW + timedelta(minutes=1))
    view(officer, draft, 5)
    view(officer, draft, 6, LogAction.PRINT)
    added = entries.add_entry(
        version=draft, data=people(2)[1], is_late=False, by=officer, now=NOW + timedelta(minutes=10)
    )
    view(officer, draft, 15)
    first = TransitionCase.objects.exclude(pk=added.case_id).get()
    assert looks_at(officer, added.case) == [(LogAction.DRAFT, 1), (LogAction.VIEW_LIST, 1)]
    assert looks_at(officer, first) == [(LogAction.DRAFT, 1), (LogAction.VIEW_LIST, 2), (LogAction.PRINT, 1)]


def test_given_rows_of_a_file_when_disclosed_then_looks_at_the_file_until_taken_over_and_at_the_list_after_it(officer):
    draft = a_draft(people(1), by=officer)
    hold, take = NOW + timedelta(minutes=10), NOW + timedelta(minutes=20)
    view(officer, draft, 5, LogAction.VIEW_FILE)  # an earlier file
    importing.hold_rows(version=draft, rows=[(people(2)[1], False)], by=officer, now=hold)
    view(officer, draft, 12, LogAction.VIEW_FILE)
    view(officer, draft, 15)  # the list, on which the rows do not stand yet
    importing.take_over(version=draft, **seen(draft), by=officer, now=take)
    importing.hold_rows(version=draft, rows=[(people(3)[2], False)], by=officer, now=take + timedelta(minutes=1))
    view(officer, draft, 25)
    by_file = TransitionCase.objects.get(read_in_at=hold)
    told = looks_at(officer, by_file)
    assert told == [(LogAction.IMPORT, 1), (LogAction.VIEW_FILE, 1), (LogAction.DRAFT, 1), (LogAction.VIEW_LIST, 1)]


def test_given_a_version_that_takes_somebody_off_when_disclosed_then_it_is_no_transmission_and_no_look(
    officer, receiver
):
    acknowledged(released(a_draft(people(2), by=officer)), by=receiver)
    draft = a_draft([], by=officer, now=LATER)
    entry = draft.entries.select_related("case").first()
    entries.end_case(
        entry=entry, ending=CaseState.MOVED_AWAY, reason=EndReason.MOVED, postponed_to=None, by=officer, now=LATER
    )
    view(officer, draft, 24 * 60 + 5)  # with the person still in it
    before = {by: looks_at(by, entry.case) for by in (officer, receiver)}
    second = released(draft, now=LATER + timedelta(hours=1))
    acknowledged(second, by=receiver, now=LATER + timedelta(hours=2))
    for by in (officer, receiver):
        view(by, fresh(second.version), 24 * 60 + 180)
        found = disclosed(by, entry.case)
        assert [receipt.version.number for receipt in found.receipts] == [1]
        page = case_page(by, entry.case_id, TODAY)
        assert page is not None
        assert page.receipts == found.receipts
    assert dict(looks_at(receiver, entry.case)) == dict(before[receiver])
    assert dict(looks_at(officer, entry.case)).get(LogAction.VIEW_LIST) == 1
    stays = TransitionCase.objects.exclude(pk=entry.case_id).get()
    assert [receipt.version.number for receipt in disclosed(receiver, stays).receipts] == [1, 2]


def test_given_an_erased_case_when_its_list_is_looked_at_later_then_that_is_no_look_at_it(officer, receiver):
    version = acknowledged(released(a_draft(people(2), by=officer)), by=receiver)
    case = TransitionCase.objects.first()
    with as_worker():
        erase_cases([str(case.pk)], LATER)
    before = looks_at(receiver, case)
    record_access(by=receiver, action=LogAction.VIEW_LIST, version=version, now=LATER + timedelta(minutes=1))
    assert looks_at(receiver, case) == before


def test_given_a_request_about_a_case_when_disclosed_then_it_stands_there_for_the_side_that_answers_it(
    officer, receiver
):
    released(a_draft(people(1), by=officer))
    case = TransitionCase.objects.get()
    asked = subject_requests.register_request(
        partner=the_partner(), kind=RequestKind.CORRECTION, case_ref=case.case_ref, received_on=TODAY,
        identity_checked_on=None, by=officer, now=NEXT_YEAR,
    )  # fmt: skip
    assert [line.request for line in disclosed(officer, case).requests] == [asked]
    assert disclosed(receiver, case).requests == ()
    assert "Berichtigung (Art. 16" in case_export.html(disclosed(officer, case), now=NEXT_YEAR)
    assert "Der Empfänger erfährt es." in case_export.html(disclosed(officer, case), now=NEXT_YEAR)
    assert "Berichtigt wird sie beim Wetteraukreis" in case_export.html(disclosed(receiver, case), now=NEXT_YEAR)


def test_given_a_wrong_answer_without_fallzeichen_when_taken_up_anew_then_the_auskunft_tells_both_as_one_request(
    officer,
):
    released(a_draft(people(1), by=officer))
    case = TransitionCase.objects.get()
    asked = subject_requests.register_request(
        partner=the_partner(), kind=RequestKind.ACCESS, case_ref="", received_on=TODAY, identity_checked_on=None,
        by=officer, now=NEXT_YEAR,
    )  # fmt: skip
    subject_requests.answer_request(
        request=asked, answer=RequestAnswer.REFUSED, answered_on=NEXT_YEAR.date(), by=officer, now=NEXT_YEAR
    )
    assert disclosed(officer, case).requests == ()
    anew = subject_requests.correct_answer(request=asked, by=officer, now=NEXT_YEAR + timedelta(minutes=1))
    subject_requests.complete_request(
        request=anew, touched={"case_ref": case.case_ref}, shown={"case_ref": ""}, by=officer, now=NEXT_YEAR
    )
    assert [line.request.pk for line in disclosed(officer, case).requests] == [asked.pk, anew.pk]
    auskunft = " ".join(case_export.html(disclosed(officer, case), now=NEXT_YEAR).split())  # without its line breaks
    assert "abgelehnt, mit Gründen; diese Antwort war falsch und gilt nicht mehr" in auskunft
    assert "§ 83 SGB X), dieselbe Anfrage neu aufgenommen" in auskunft


def test_given_two_cases_said_to_be_two_people_when_disclosed_then_the_county_says_so_without_naming_the_other(
    officer, receiver
):
    released(a_draft(people(2), by=officer))
    case, other = TransitionCase.objects.all()
    doubles.say_two_people(cases=[case, other], by=officer, now=NEXT_YEAR)
    words = "01.02.2028: nicht dieselbe Person wie in einem Fall der Liste 2027"
    for one in (case, other):
        assert ("Als andere Person vermerkt", words) in kept(officer, one)
    page = case_export.html(disclosed(officer, case), now=NEXT_YEAR)
    assert words in page
    assert other.case_ref not in page
    entries.end_case(
        entry=a_draft([], by=officer, now=NEXT_YEAR).entries.get(case=case), ending=CaseState.MOVED_AWAY,
        reason=EndReason.MOVED, postponed_to=None, by=officer, now=NEXT_YEAR,
    )  # fmt: skip
    ending = ("Vorgesehen mit der nächsten Freigabe", "verzogen (Zuständigkeit eines anderen Trägers)")
    assert ending in kept(officer, case)
    assert kept(receiver, case) == []


def test_given_a_case_taken_over_from_the_list_before_when_disclosed_then_each_side_says_what_it_knows_of_it(
    case, draft, officer, receiver
):
    complete(entry := take_over(draft, case, officer), officer)
    before = ("Ihr Fall auf der Liste davor", f"Fall {case.case_ref} der Übergangsliste 2027")
    assert [fact for fact in kept(officer, entry.case) if fact[0] != "Kennwerte Ihres Namens"] == [
        before, ("In den Entwurf gekommen", "01.02.2028"),
    ]  # fmt: skip
    assert "ob ein Protokoll ihn nennt" in dict(kept(officer, entry.case))["Kennwerte Ihres Namens"]
    released(draft, now=RELEASED)
    assert kept(receiver, entry.case) == [before]


def kept(by: Any, case: TransitionCase) -> list[tuple[str, str]]:
    return [(fact.label, fact.words) for fact in disclosed(by, case).kept]
