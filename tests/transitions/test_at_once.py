"""Two people act on a list in the same moment: row locks let one win, and the other reads why not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from kok.errors import Refused
from tests.builders import an_agreement, the_partner
from tests.transitions.world import (
    NOW,
    a_draft,
    acknowledged,
    an_access,
    case_data,
    fresh,
    people,
    released,
    seen,
    submitted,
)
from transitions.actions import cases, entries, importing, lists, releasing, subject_requests
from transitions.actions.recall import after_recall
from transitions.models import (
    Acknowledgement,
    CaseEntry,
    DataSubjectRequest,
    TransitionCase,
    TransitionListVersion,
    TransmissionReceipt,
)
from transitions.rules.codes import CaseOutcome, CaseState, EndReason, RequestAnswer, RequestKind, VersionState

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def agreement() -> Any:
    return an_agreement()


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Runs each act in a connection of its own, and says what each was told; "" where it went through."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            act()
        except Refused as refused:
            return refused.sentence
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_given_two_releasers_when_both_release_then_one_wins_and_one_receipt_is_there():
    draft = submitted(a_draft(people(3)))
    releasers = [an_access("case-releaser") for _ in range(2)]
    told = at_once(
        *(lambda by=by: releasing.release(version=draft, revision=draft.revision, by=by, now=NOW) for by in releasers)
    )
    assert sorted(bool(sentence) for sentence in told) == [False, True]
    assert "schon freigegeben" in "".join(told)
    assert TransmissionReceipt.objects.count() == 1


def test_given_a_release_when_the_draft_is_changed_in_the_same_moment_then_only_what_was_read_goes_out():
    officer = an_access()
    draft = submitted(a_draft(by=officer))
    releaser = an_access("case-releaser")
    more = people(2)[1]
    told = at_once(
        lambda: releasing.release(version=draft, revision=draft.revision, by=releaser, now=NOW),
        lambda: after_recall(
            partial(entries.add_entry, version=draft, data=more, is_late=False, by=officer, now=NOW),
            version=draft,
            recall=draft.submitted_at.isoformat(),
            by=officer,
            now=NOW,
        ),
    )
    assert sorted(bool(sentence) for sentence in told) == [False, True]
    released_now = TransmissionReceipt.objects.count()
    assert CaseEntry.objects.count() == (1 if released_now else 2)


def test_given_two_officers_when_both_begin_the_list_then_there_is_one_draft():
    officers = [an_access() for _ in range(2)]
    sender = officers[0].agreement.partners.get(authority__slug="wetteraukreis")
    told = at_once(*(lambda by=by: lists.open_draft(sender=sender, year=2027, by=by, now=NOW) for by in officers))
    assert told == ["", ""]
    assert TransitionListVersion.objects.count() == 1


def test_given_two_receivers_when_both_confirm_then_one_confirmation_is_there():
    version = released(a_draft()).version
    receivers = [an_access("case-receiver") for _ in range(2)]
    told = at_once(*(lambda by=by: releasing.acknowledge(version=version, by=by, now=NOW) for by in receivers))
    assert sorted(bool(sentence) for sentence in told) == [False, True]
    assert Acknowledgement.objects.count() == 1


def test_given_two_pages_of_a_case_when_both_save_then_nothing_is_overwritten():
    officers = [an_access() for _ in range(2)]
    entry = a_draft(by=officers[0]).entries.get()
    told = at_once(
        *(
            lambda by=by, name=name: entries.change_entry(
                entry=entry, data=case_data(given_name=name), is_late=False, seen=entry.changed_at, by=by, now=LATER
            )
            for by, name in zip(officers, ("Ida", "Uta"), strict=True)
        )
    )
    assert sorted("nichts überschrieben" in sentence for sentence in told) == [False, True]
    winner = ("Ida", "Uta")[told.index("")]
    assert CaseEntry.objects.get().data.given_name == winner


def test_given_a_release_that_ends_a_case_when_its_outcome_is_recorded_then_only_one_of_them_holds():
    officer, receiver = an_access(), an_access("case-receiver")
    acknowledged(released(a_draft(by=officer)), by=receiver)
    draft = a_draft([], by=officer)
    entries.end_case(
        entry=draft.entries.get(),
        ending=CaseState.MOVED_AWAY,
        reason=EndReason.MOVED,
        postponed_to=None,
        by=officer,
        now=LATER,
    )
    ready, releaser, case = submitted(draft, by=officer), an_access("case-releaser"), TransitionCase.objects.get()
    told = at_once(
        lambda: releasing.release(version=ready, revision=ready.revision, by=releaser, now=LATER),
        lambda: cases.record_outcome(case=case, outcome=CaseOutcome.OTHER_CARRIER, by=receiver, now=LATER),
    )
    case.refresh_from_db()
    assert sorted(bool(sentence) for sentence in told) == [False, True]
    assert (case.state, case.outcome) in [(CaseState.MOVED_AWAY, ""), (CaseState.NAMED, CaseOutcome.OTHER_CARRIER)]
    assert case.events.filter(kind="OUTCOME").exists() == bool(case.outcome)


def test_given_a_withdrawal_when_the_older_version_is_confirmed_in_the_same_moment_then_the_clock_fits_it():
    officer, receiver = an_access(), an_access("case-receiver")
    first = released(a_draft(by=officer)).version
    draft = a_draft([], by=officer)
    entries.end_case(
        entry=draft.entries.get(),
        ending=CaseState.WITHDRAWN,
        reason=EndReason.NAMED_BY_MISTAKE,
        postponed_to=None,
        by=officer,
        now=LATER,
    )
    ready, releaser = submitted(draft, by=officer), an_access("case-releaser")
    at_once(
        lambda: releasing.release(version=ready, revision=ready.revision, by=releaser, now=LATER),
        lambda: releasing.acknowledge(version=first, by=receiver, now=LATER),
    )
    case = TransitionCase.objects.get()
    assert (case.erase_on is not None) == Acknowledgement.objects.exists()
    assert (case.erased_at is None) == Acknowledgement.objects.exists()
    assert TransitionListVersion.objects.filter(state=VersionState.RELEASED).count() == 1


def test_given_two_officers_when_both_add_somebody_then_both_stand_there_and_neither_may_release():
    officers = [an_access() for _ in range(2)]
    draft = a_draft([], by=officers[0])
    told = at_once(
        *(
            lambda by=by, data=data: entries.add_entry(version=draft, data=data, is_late=False, by=by, now=NOW)
            for by, data in zip(officers, people(2), strict=True)
        )
    )
    assert told == ["", ""]
    found = fresh(draft)
    assert (found.revision, sorted(found.authors)) == (2, sorted(by.user.pk for by in officers))
    assert CaseEntry.objects.count() == 2


def test_given_waiting_rows_when_two_take_them_over_then_nobody_stands_there_twice():
    officers = [an_access() for _ in range(2)]
    draft = a_draft([], by=officers[0])
    importing.hold_rows(version=draft, rows=[(each, False) for each in people(3)], by=officers[0], now=NOW)
    told = at_once(
        *(lambda by=by: importing.take_over(version=draft, **seen(draft), by=by, now=NOW) for by in officers)
    )
    assert sorted("warten keine Zeilen mehr" in sentence for sentence in told) == [False, True]
    assert CaseEntry.objects.count() == 3


def test_given_two_receivers_when_both_record_an_outcome_then_one_holds_and_one_event_is_there():
    receivers = [an_access("case-receiver") for _ in range(2)]
    acknowledged(released(a_draft()), by=receivers[0])
    case = TransitionCase.objects.get()
    outcomes = (CaseOutcome.NO_LWV_BENEFIT, CaseOutcome.OTHER_CARRIER)
    told = at_once(
        *(
            lambda by=by, outcome=outcome: cases.record_outcome(case=case, outcome=outcome, by=by, now=LATER)
            for by, outcome in zip(receivers, outcomes, strict=True)
        )
    )
    case.refresh_from_db()
    assert sorted("schon ein Ergebnis" in sentence for sentence in told) == [False, True]
    assert case.outcome == outcomes[told.index("")]
    assert case.events.filter(kind="OUTCOME").count() == 1


def test_given_the_same_new_person_when_saved_twice_at_once_then_the_second_page_asks_first():
    by = an_access()
    draft = a_draft([], by=by)
    add = partial(entries.add_entry, version=draft, data=case_data(), is_late=False, told_of=(), by=by, now=LATER)
    assert sorted(at_once(add, add)) == ["", entries.OTHERS_ALIKE]
    assert CaseEntry.objects.count() == 1


def test_given_two_cases_when_both_become_the_same_person_at_once_then_the_second_page_asks_first():
    by = an_access()
    draft = a_draft(people(2), by=by)
    acts = [
        partial(
            entries.change_entry, entry=entry, data=case_data(family_name="Doppelstein"), is_late=False,
            seen=entry.changed_at, told_of=(), by=by, now=LATER,
        )
        for entry in draft.entries.all()
    ]  # fmt: skip
    assert sorted(at_once(*acts)) == ["", entries.OTHERS_ALIKE]


def test_given_a_request_when_entered_and_taken_up_anew_by_a_double_click_then_each_is_done_once():
    case, by = a_draft().entries.get().case, an_access()
    day = LATER.date()
    ask = partial(
        subject_requests.register_request, partner=the_partner(), kind=RequestKind.CORRECTION, case_ref=case.case_ref,
        received_on=day, identity_checked_on=day, by=by, now=LATER,
    )  # fmt: skip
    assert sorted(at_once(ask, ask)) == ["", subject_requests.ENTERED]
    request = DataSubjectRequest.objects.get()
    subject_requests.answer_request(request=request, answer=RequestAnswer.REFUSED, answered_on=day, by=by, now=LATER)
    anew = partial(subject_requests.correct_answer, request=request, by=by, now=LATER)
    assert ["schon neu aufgenommen" in told for told in sorted(at_once(anew, anew))] == [False, True]
    assert DataSubjectRequest.objects.count() == 2
