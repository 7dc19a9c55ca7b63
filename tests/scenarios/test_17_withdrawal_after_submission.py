"""Scenario 17: a case that was released and acknowledged is withdrawn (5.5)."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from kok import outbox
from tests.builders import an_agreement
from tests.transitions.inside import enter
from tests.transitions.world import NOW, a_draft, acknowledged, an_access, fresh, people, released
from transitions.actions import entries
from transitions.models import CaseEntry, TransitionCase, TransmissionReceipt
from transitions.queries.visibility import entries_visible_to
from transitions.rules.codes import CaseState, EndReason
from transitions.rules.sizes import part_words, size_words

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
X, Y = people(2)


@pytest.fixture
def withdrawal(settings):
    """The case X, the first receipt, and the one of the version that withdraws it."""
    settings.KOK_NOW = LATER.isoformat()
    an_agreement()
    officer = an_access()
    receiver = an_access("case-receiver")
    first = released(a_draft([X, Y], by=officer))
    acknowledged(first, by=receiver)
    draft = a_draft([], by=officer)
    entry = next(each for each in draft.entries.all() if each.data == X)
    entries.end_case(
        entry=entry,
        ending=CaseState.WITHDRAWN,
        reason=EndReason.NAMED_BY_MISTAKE,
        postponed_to=None,
        by=officer,
        now=LATER,
    )
    outbox.deliver(now=LATER)
    mail.outbox.clear()
    second = released(draft, now=LATER)
    outbox.deliver(now=LATER)
    return TransitionCase.objects.get(pk=entry.case_id), receiver, first, second


def test_17_given_x_acknowledged_when_withdrawn_then_the_lwv_is_notified_without_name(withdrawal):
    case, receiver, _, _ = withdrawal
    (notice,) = [message for message in mail.outbox if message.to == [receiver.user.email]]
    told = f"{notice.subject} {notice.body}"
    assert all(word not in told for word in (X.family_name, X.given_name, Y.family_name, case.case_ref))


def test_17_given_x_withdrawn_when_the_next_version_is_read_then_x_is_invisible_on_both_sides(withdrawal):
    case, receiver, first, second = withdrawal
    for side in (receiver, an_access(), an_access("case-releaser")):
        seen = entries_visible_to(side)
        assert [entry.data for entry in seen if entry.content] == [Y]
        assert not seen.filter(version=first.version).exists()
    assert second.case_count == 1
    assert case.state == CaseState.WITHDRAWN


def test_17_given_x_withdrawn_when_released_then_the_erasure_clock_runs_and_the_receipt_stays(withdrawal):
    case, _, first, _ = withdrawal
    assert (case.erase_on, case.erased_at) == (date(2027, 4, 10), None)  # 11.03.2027 and 30 days
    assert CaseEntry.objects.get(version=first.version, case=case).data == X
    kept = TransmissionReceipt.objects.get(pk=first.pk)
    assert (kept.case_count, kept.sha256, kept.acknowledged_at) == (2, first.sha256, NOW + timedelta(hours=2))
    assert fresh(first.version).number == 1


def test_17_given_x_withdrawn_when_list_and_print_are_opened_then_they_count_as_the_receipt_does(withdrawal):
    _, receiver, _, second = withdrawal
    for user in (receiver.user, an_access("case-releaser").user):
        client = enter(user)
        for name in ("version", "print"):
            page = client.get(reverse(f"transitions:{name}", args=["wetteraukreis", second.version.pk]))
            assert "1 Fall, dazu 1, der nicht mehr auf der Liste steht" in page.content.decode()


@pytest.mark.parametrize(
    ("endings", "words"),
    [
        ([], "Kein Fall"),
        ([""], "1 Fall"),
        (["", ""], "2 Fälle"),
        (["WITHDRAWN"], "Kein Fall, dazu 1, der nicht mehr auf der Liste steht"),
        (["", "", "MOVED", "DIED"], "2 Fälle, dazu 2, die nicht mehr auf der Liste stehen"),
    ],
)
def test_17_given_rows_when_counted_then_who_left_is_no_case(endings, words):
    assert size_words(endings, is_draft=False) == words


def test_17_given_a_draft_when_counted_then_nobody_left_who_is_only_marked_for_leaving():
    leave = ["", "WITHDRAWN"]
    assert size_words(leave, is_draft=True) == "1 Fall, dazu 1, der mit der Freigabe von der Liste kommt"
    assert part_words([], [*leave, "MOVED"], is_draft=True) == (
        "0 von 1 Fall, dazu 0 von 2, die mit der Freigabe von der Liste kommen"
    )


@pytest.mark.parametrize(
    ("shown", "of", "words"),
    [
        ([""], ["", ""], "1 von 2 Fällen"),
        ([""], ["", "", "MOVED"], "1 von 2 Fällen, dazu 0 von 1, der nicht mehr auf der Liste steht"),
        (["MOVED"], ["", "MOVED", "DIED"], "0 von 1 Fall, dazu 1 von 2, die nicht mehr auf der Liste stehen"),
    ],
    ids=["nobody left", "one left", "two left"],
)
def test_17_given_a_part_of_the_rows_when_counted_then_who_left_is_no_case(shown, of, words):
    assert part_words(shown, of, is_draft=False) == words


def test_17_given_a_filter_when_the_list_or_the_draft_is_read_then_sentence_and_table_count_alike(withdrawal, settings):
    settings.KOK_NOW = "2027-03-12T12:00"
    _, receiver, _, second = withdrawal
    page = enter(receiver.user).get(
        reverse("transitions:version", args=["wetteraukreis", second.version.pk]) + "?stand=nicht-mehr-auf-der-liste"
    )
    told = page.content.decode()
    part = "0 von 1 Fall, dazu 1 von 1, der nicht mehr auf der Liste steht"
    assert f"Sie sehen {part}." in told
    assert f'<caption class="kern-sr-only">{part}</caption>' in told
    assert ">1 Fall, dazu 1, der nicht mehr auf der Liste steht</h2>" in told
