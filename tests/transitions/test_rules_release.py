"""Four eyes, endings and drawn numbers: the small rules around a release (0.3, 5.5, scenario 15)."""

import random
import re
from datetime import date

import pytest

from kok.errors import Refused
from transitions.rules import endings, numbering, retention
from transitions.rules import release as rules
from transitions.rules.codes import DEMANDED, REASONS, CaseState, EndReason

AUTHOR, SUBMITTER, SECOND = 1, 2, 3
END = date(2028, 7, 1)
DRAFT = {"authors": [AUTHOR], "submitted_by": SUBMITTER, "revision": 4}


def test_given_a_second_person_when_it_releases_what_it_read_then_it_may():
    rules.check_release(person=SECOND, seen_revision=4, **DRAFT)


@pytest.mark.parametrize(
    ("person", "changes", "seen", "sentence"),
    [
        (AUTHOR, {}, 4, rules.OWN_DRAFT),
        (SUBMITTER, {}, 4, rules.OWN_DRAFT),
        (SECOND, {"submitted_by": None}, 4, rules.NOT_SUBMITTED),
        (SECOND, {}, 3, rules.CHANGED.format(done="übermittelt")),
        (SECOND, {}, 5, rules.CHANGED.format(done="übermittelt")),
        (AUTHOR, {"submitted_by": None}, 3, rules.OWN_DRAFT),
    ],
)
def test_given_a_reason_against_it_when_released_then_refused(person, changes, seen, sentence):
    with pytest.raises(Refused) as refused:
        rules.check_release(person=person, seen_revision=seen, **(DRAFT | changes))
    assert refused.value.sentence == sentence


@pytest.mark.parametrize(
    ("ending", "reason"), [(ending, reason) for ending in CaseState for reason in EndReason], ids=str
)
def test_given_an_ending_and_a_reason_when_checked_then_only_the_table_of_reasons_counts(ending, reason):
    to = date(2029, 7, 1) if ending is CaseState.POSTPONED else None
    if reason in REASONS.get(ending, ()):
        endings.check_ending(ending, reason, to, END, 2027)
        return
    with pytest.raises(Refused):
        endings.check_ending(ending, reason, to, END, 2027)


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        (None, "Nennen Sie den Monat"),
        (END, "späteren Monat"),
        (date(2028, 6, 1), "späteren Monat"),
        (date(2028, 12, 1), "er bleibt auf der Liste"),
    ],
)
def test_given_a_month_that_does_not_leave_the_list_when_postponed_then_refused(to, sentence):
    with pytest.raises(Refused, match=sentence):
        endings.check_ending(CaseState.POSTPONED, EndReason.SCHOOL_EXTENDED, to, END, 2027)


def test_given_the_first_month_beyond_the_list_when_postponed_then_it_may():
    endings.check_ending(CaseState.POSTPONED, EndReason.SCHOOL_EXTENDED, date(2029, 1, 1), END, 2027)


def test_given_a_month_when_the_person_died_then_refused():
    with pytest.raises(Refused, match="nur zu einer Verschiebung"):
        endings.check_ending(CaseState.DECEASED, EndReason.DEATH, date(2029, 1, 1), END, 2027)


@pytest.mark.parametrize("reason", list(EndReason))
def test_given_an_outcome_of_the_lwv_when_the_county_ends_the_case_then_only_the_person_may_demand_it(reason):
    endings.check_without_outcome("UE-2027-7F3K", "", reason)
    if reason in DEMANDED:
        endings.check_without_outcome("UE-2027-7F3K", "TAKEN_OVER_BY_LWV", reason)
        return
    with pytest.raises(Refused, match="UE-2027-7F3K"):
        endings.check_without_outcome("UE-2027-7F3K", "TAKEN_OVER_BY_LWV", reason)


def test_given_an_ending_when_asked_how_soon_it_is_erased_then_only_a_withdrawal_is():
    soon = {(ending, reason) for ending, reasons in REASONS.items() for reason in reasons
            if endings.is_erased_soon(ending, reason)}  # fmt: skip
    assert soon == {(CaseState.WITHDRAWN, reason) for reason in REASONS[CaseState.WITHDRAWN]}
    assert retention.erased_after_release(date(2027, 12, 10)) == date(2028, 1, 9)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("UE-2027-7F3K", "UE-2027-7F3K"),
        (" ue 2027 7f3k ", "UE-2027-7F3K"),
        ("ue20277f3k", "UE-2027-7F3K"),
        ("UE – 2027 – 7F3K", "UE-2027-7F3K"),
        ("2027/7f3k", "UE-2027-7F3K"),
        ("UE-2027-7F3", "UE-2027-7F3"),
        ("keines da", "KEINESDA"),
        ("", ""),
    ],
)
def test_given_a_case_ref_as_people_type_it_when_read_then_it_is_the_one_that_is_stored(typed, read):
    assert numbering.read_case_ref(typed) == read


def test_given_many_drawn_numbers_when_read_aloud_then_no_sign_can_be_mistaken():
    draw = random.Random(8).choice
    refs = {numbering.case_ref(2027, draw) for _ in range(2000)}
    assert all(re.fullmatch(r"UE-2027-[2-9A-HJKMNP-TV-Z]{4}", ref) for ref in refs)
    assert len(refs) > 1900
    assert re.fullmatch(r"Q-2027-3-[2-9A-HJKMNP-TV-Z]{4}", numbering.receipt_number(2027, 3, draw))
