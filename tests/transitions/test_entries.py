"""The cases of a draft: who gets on it, who corrects it, who leaves it, and whom it proposes (Punkt 8b)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kok import erasure
from kok.errors import Refused
from kok.models import ErasedObject
from tests.builders import a_second_agreement, an_agreement
from tests.roles import by_worker
from tests.transitions.world import (
    NOW,
    YEAR,
    a_draft,
    acknowledged,
    an_access,
    case_data,
    fresh,
    people,
    released,
    submitted,
)
from transitions.actions import cases, entries, lists
from transitions.models import AccessLogEntry, CaseEntry, CaseEvent, TransitionCase
from transitions.pages.arrival import changes_in
from transitions.queries.disclosure import people_of
from transitions.queries.known import KnownPeople
from transitions.queries.listing import listed_for
from transitions.queries.version import alike_elsewhere, rows_of
from transitions.rules.codes import CaseOutcome, CaseState, Certainty, EndReason, EventKind
from transitions.rules.year import NoNachmeldung, WrongYear

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
NEXT_YEAR = NOW + timedelta(days=365)


@pytest.fixture(autouse=True)
def agreement() -> Any:
    return an_agreement()


@pytest.fixture
def officer(agreement: Any) -> Any:
    return an_access()


def add(draft: Any, by: Any, *, is_late: bool = False, now: Any = NOW, **changes: Any) -> CaseEntry:
    return entries.add_entry(version=draft, data=case_data(**changes), is_late=is_late, by=by, now=now)


def change(entry: CaseEntry, by: Any, *, is_late: bool = False, seen: Any = None, **changes: Any) -> CaseEntry:
    seen = seen or CaseEntry.objects.get(pk=entry.pk).changed_at
    return entries.change_entry(entry=entry, data=case_data(**changes), is_late=is_late, seen=seen, by=by, now=LATER)


def end(entry: CaseEntry, by: Any, ending: CaseState, reason: EndReason, to: date | None = None) -> CaseEntry:
    return entries.end_case(entry=entry, ending=ending, reason=reason, postponed_to=to, by=by, now=LATER)


def correction(by: Any, count: int = 1) -> Any:
    """The draft of a second version of a list that was released with so many people."""
    released(a_draft(people(count), by=by))
    return a_draft([], by=by)


# Adding and changing


def test_given_names_with_umlauts_when_a_version_is_shown_or_printed_then_they_stand_as_in_a_dictionary(officer):
    named = [("Zander", "Ida"), ("Özdemir", "Can"), ("Opitz", "Änne"), ("Opitz", "Anton"), ("Ältermann", "Bo")]
    data = [case_data(family_name=family, given_name=given) for family, given in named]
    draft = a_draft(data, by=officer)
    ordered = ["Ältermann, Bo", "Opitz, Änne", "Opitz, Anton", "Özdemir, Can", "Zander, Ida"]
    assert [f"{row.data.family_name}, {row.data.given_name}" for row in rows_of(draft)] == ordered
    assert [line.name for line in people_of(officer, draft)] == ordered


def test_given_a_person_when_added_then_only_the_opened_seal_says_who_and_the_log_says_that(officer):
    entry = add(a_draft([], by=officer), officer)
    stored = CaseEntry.objects.get(pk=entry.pk)
    assert stored.data == case_data()
    assert "Zirbelnuss" not in stored.content
    line = AccessLogEntry.objects.latest("pk")
    assert (line.action, line.case_ref, line.actor_id) == ("DRAFT", entry.case.case_ref, officer.user.pk)


def test_given_a_person_who_cannot_be_when_added_then_refused_and_nothing_is_stored(officer):
    draft = a_draft([], by=officer)
    with pytest.raises(Refused, match="acht Ziffern"):
        add(draft, officer, ga_municipality="1234")
    assert not TransitionCase.objects.exists()
    assert fresh(draft).revision == 0


def test_given_several_people_when_one_cannot_be_then_nobody_is_added(officer):
    draft = a_draft([], by=officer)
    rows = [(case_data(), False), (case_data(expected_end_on=date(YEAR + 3, 7, 1)), False)]
    with pytest.raises(WrongYear):
        entries.add_entries(version=draft, rows=rows, by=officer, now=NOW)
    assert not TransitionCase.objects.exists()


@pytest.mark.parametrize("role", ["case-releaser", "case-receiver"])
def test_given_somebody_who_does_not_prepare_lists_when_adding_then_refused(officer, role):
    draft = a_draft([], by=officer)
    with pytest.raises(Refused, match="Fallbearbeitung"):
        add(draft, an_access(role))


def test_given_the_case_unit_of_another_region_when_it_adds_or_changes_then_refused(officer):
    draft = a_draft(by=officer)
    other = an_access(agreement=a_second_agreement())
    for act in (lambda: add(draft, other), lambda: change(draft.entries.get(), other, given_name="Ida")):
        with pytest.raises(Refused):
            act()
    assert draft.entries.get().data == case_data()


def test_given_two_officers_when_the_second_saves_on_an_old_page_then_refused_and_the_first_stays(officer):
    entry = a_draft(by=officer).entries.get()
    seen = entry.changed_at
    change(entry, an_access(), given_name="Ida")
    with pytest.raises(Refused, match="nichts überschrieben"):
        change(entry, officer, seen=seen, given_name="Uta")
    assert CaseEntry.objects.get().data.given_name == "Ida"


def test_given_a_change_when_saved_then_its_author_is_noted_and_the_revision_counts(officer):
    draft = a_draft(by=officer)
    second = an_access()
    change(draft.entries.get(), second, given_name="Ida")
    assert fresh(draft).authors == [officer.user.pk, second.user.pk]
    assert fresh(draft).revision == draft.revision + 1


def test_given_a_released_version_when_a_case_of_it_is_changed_then_refused(officer):
    entry = released(a_draft(by=officer)).version.entries.get()
    for act in (
        lambda: change(entry, officer, given_name="Ida"),
        lambda: entries.remove_entry(entry=entry, seen=entry.changed_at, by=officer, now=NOW),
        lambda: end(entry, officer, CaseState.DECEASED, EndReason.DEATH),
        lambda: add(entry.version, officer),
    ):
        with pytest.raises(Refused, match="schon freigegeben"):
            act()


def test_given_a_nachmeldung_when_the_mark_is_taken_away_then_its_year_is_judged_again(officer):
    entry = add(a_draft([], by=officer), officer, is_late=True, expected_end_on=date(YEAR, 9, 1))
    with pytest.raises(WrongYear):
        change(entry, officer, expected_end_on=date(YEAR, 9, 1))
    for act in (change, lambda entry, by, **told: add(entry.version, by, **told)):
        with pytest.raises(NoNachmeldung):
            act(entry, officer, is_late=True, expected_end_on=date(YEAR + 1, 9, 1))
    change(entry, officer, expected_end_on=date(YEAR + 1, 9, 1))
    assert not TransitionCase.objects.get().is_late


def test_given_a_named_person_when_school_ends_a_year_earlier_than_told_then_it_can_be_corrected_and_released(officer):
    draft = correction(officer)
    change(draft.entries.get(), officer, expected_end_on=date(YEAR, 12, 1))
    assert released(draft).late_count == 0
    assert TransitionCase.objects.get().events.filter(kind="CORRECTED").count() == 1


# Leaving the draft


def test_given_a_person_who_was_never_named_when_removed_then_no_trace_is_left(officer):
    draft = a_draft(people(2), by=officer)
    entry = draft.entries.first()
    entries.remove_entry(entry=entry, seen=entry.changed_at, by=officer, now=NOW)
    assert (CaseEntry.objects.count(), TransitionCase.objects.count()) == (1, 1)


@pytest.mark.parametrize("is_whole_draft", [False, True])
def test_given_people_never_named_when_they_leave_a_draft_then_they_stand_on_the_list_of_the_erased(
    officer, is_whole_draft
):
    draft = a_draft(people(2), by=officer)
    before = [(str(entry.case_id), entry.pk) for entry in draft.entries.order_by("pk")]
    entry = draft.entries.order_by("pk").first()
    entries.remove_entry(entry=entry, seen=entry.changed_at, by=officer, now=NOW)
    gone = before[:1]
    if is_whole_draft:
        lists.discard_draft(version=draft, revision=fresh(draft).revision, by=officer, now=NOW)
        gone = before
    by_worker(erasure.carry_out_what_was_asked, now=NOW)
    listed = ErasedObject.objects.filter(rule="cases-removed").values_list("object_id", flat=True)
    assert set(listed) == {pk for pk, _ in gone}


def test_given_a_restored_backup_when_the_list_is_applied_again_then_the_removed_person_goes_again(
    officer, settings, tmp_path
):
    settings.KOK_ERASURE_LIST = tmp_path / "erased.jsonl"
    draft = a_draft(people(2), by=officer)
    entry = draft.entries.select_related("case").first()
    content, case = entry.content, TransitionCase.objects.get(pk=entry.case_id)
    entries.remove_entry(entry=entry, seen=entry.changed_at, by=officer, now=NOW)
    by_worker(erasure.carry_out_what_was_asked, now=NOW)
    case.save_base(raw=True, force_insert=True)  # past the seals, as a backup does
    CaseEntry.objects.create(version=draft, case=case, content=content, changed_at=NOW, changed_by=officer.user)
    by_worker(erasure.reapply, settings.KOK_ERASURE_LIST.read_text().splitlines(), now=NOW)
    assert not TransitionCase.objects.filter(pk=case.pk).exists()
    assert draft.entries.count() == 1


def test_given_a_person_who_was_named_when_removed_then_refused(officer):
    entry = correction(officer).entries.get()
    with pytest.raises(Refused, match="schon übermittelt"):
        entries.remove_entry(entry=entry, seen=entry.changed_at, by=officer, now=NOW)


def test_given_a_person_who_was_never_named_when_ended_then_refused(officer):
    with pytest.raises(Refused, match="noch nicht übermittelt"):
        end(a_draft(by=officer).entries.get(), officer, CaseState.DECEASED, EndReason.DEATH)


def test_given_an_ending_when_undone_before_the_release_then_the_person_stays(officer):
    draft = correction(officer)
    entry = end(draft.entries.get(), officer, CaseState.MOVED_AWAY, EndReason.MOVED)
    entries.undo_end(entry=entry, by=officer, now=LATER)
    a_draft([case_data(family_name="Quarkstein")], by=officer)
    assert released(draft).case_count == 2
    assert set(TransitionCase.objects.values_list("state", flat=True)) == {CaseState.NAMED}
    with pytest.raises(Refused):
        entries.undo_end(entry=entry, by=officer, now=LATER)


def test_given_an_undone_ending_when_nothing_else_changed_then_the_entry_is_as_it_was(officer):
    draft = correction(officer)
    before = draft.entries.values(
        "content", "is_changed", "ending", "ending_reason", "postponed_to", "changed_by"
    ).get()
    other = an_access()
    entry = end(draft.entries.get(), other, CaseState.POSTPONED, EndReason.SCHOOL_EXTENDED, date(YEAR + 2, 7, 1))
    entries.undo_end(entry=entry, by=other, now=LATER)
    assert draft.entries.values(*before).get() == before
    changes = changes_in(fresh(draft))
    assert (changes.corrected, changes.unchanged_count) == ((), 1)
    a_draft([case_data(family_name="Quarkstein")], by=officer)
    released(draft, by=an_access("case-releaser"), now=LATER)
    assert not CaseEvent.objects.filter(kind=EventKind.CORRECTED).exists()


def test_given_a_corrected_person_when_an_ending_is_undone_then_the_correction_still_counts(officer):
    draft = correction(officer)
    change(draft.entries.get(), officer, certainty=Certainty.OPEN)
    entry = end(draft.entries.get(), officer, CaseState.MOVED_AWAY, EndReason.MOVED)
    entries.undo_end(entry=entry, by=officer, now=LATER)
    released(draft, now=LATER)
    assert TransitionCase.objects.get().events.filter(kind=EventKind.CORRECTED).count() == 1


@pytest.mark.parametrize(
    ("ending", "reason", "to"),
    [
        (CaseState.POSTPONED, EndReason.SCHOOL_EXTENDED, date(YEAR + 2, 7, 1)),
        (CaseState.MOVED_AWAY, EndReason.MOVED, None),
        (CaseState.DECEASED, EndReason.DEATH, None),
        (CaseState.WITHDRAWN, EndReason.NAMED_BY_MISTAKE, None),
    ],
)
def test_given_an_ending_when_released_then_the_case_says_so_and_the_new_version_has_no_name_of_it(
    officer, ending, reason, to
):
    draft = correction(officer, 2)
    entry = end(draft.entries.first(), officer, ending, reason, to)
    receipt = released(draft, now=LATER)
    case = TransitionCase.objects.get(pk=entry.case_id)
    assert (case.state, case.end_reason, case.postponed_to, case.ended_at) == (ending, reason, to, LATER)
    assert receipt.case_count == 1
    assert CaseEntry.objects.get(pk=entry.pk).content == ""
    assert case.entries.count() == 2


def test_given_an_outcome_of_the_lwv_when_the_county_ends_the_case_then_refused_and_the_outcome_stays(officer):
    acknowledged(released(a_draft(by=officer)))
    draft = a_draft([], by=officer)
    case = TransitionCase.objects.get()
    receiver = an_access("case-receiver")
    cases.record_outcome(case=case, outcome=CaseOutcome.NO_LWV_BENEFIT, by=receiver, now=LATER)
    with pytest.raises(Refused, match=case.case_ref):
        end(draft.entries.get(), officer, CaseState.MOVED_AWAY, EndReason.MOVED)
    cases.revoke_outcome(case=case, by=receiver, now=LATER)
    end(draft.entries.get(), officer, CaseState.MOVED_AWAY, EndReason.MOVED)
    cases.record_outcome(case=case, outcome=CaseOutcome.OTHER_CARRIER, by=receiver, now=LATER)
    with pytest.raises(Refused, match=case.case_ref):
        released(draft, now=LATER)
    case.refresh_from_db()
    assert (case.state, case.outcome) == (CaseState.NAMED, CaseOutcome.OTHER_CARRIER)


# As many queries for ten people as for sixty


def test_given_ten_or_sixty_people_when_read_or_submitted_then_the_number_of_queries_is_the_same(officer):
    def counted(draft: Any) -> list[int]:
        numbers = []
        for act in (
            lambda: rows_of(draft),
            lambda: alike_elsewhere(rows_of(draft), KnownPeople(draft, replace(officer))),
            lambda: listed_for(replace(officer)),  # as the next request does
            lambda: submitted(draft, by=officer),
        ):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                act()
            numbers.append(len(queries))
        return numbers

    draft = a_draft([], by=officer)
    entries.add_entries(version=draft, rows=[(each, False) for each in people(10)], by=officer, now=NOW)
    few = counted(draft)
    more = [(case_data(given_name=f"Uta{'a' * n}"), False) for n in range(50)]
    lists.take_back(version=draft, by=officer, now=NOW)
    entries.add_entries(version=draft, rows=more, by=officer, now=NOW)
    assert counted(draft) == few
