"""When minutes are due, when they are complete, who approves them (domain.md 7)."""

from dataclasses import replace
from datetime import date

import pytest

from kok.codes import choices
from kok.errors import Refused
from meetings.convening.rules.codes import MeetingState
from meetings.models import Meeting, Minutes, MinutesSection
from meetings.record.rules.codes import MinutesState, ResultKind
from meetings.record.rules.consensus import check_resolution, disagreeing
from meetings.record.rules.minutes import (
    Draft,
    Section,
    check_approve,
    check_circulate,
    check_edit,
    check_reopen,
    circulation_due_on,
    contradiction,
    is_approved,
    missing_for_circulation,
)

COUNTY, LWV = PARTNERS = ("wetteraukreis", "lwv-hessen")
COMPLETE = Draft("A. Beispiel", "B. Beispiel", 7, True, (Section("1", text="Begrüßung."), Section("2", result="NOTED")))


@pytest.mark.parametrize(
    ("meets_on", "due_on"),
    [
        ("2026-12-10", "2026-12-24"),  # a workday by law
        ("2026-02-20", "2026-03-06"),
        ("2027-04-22", "2027-05-07"),  # 06.05.2027 is Himmelfahrt
        ("2027-05-03", "2027-05-18"),  # 17.05.2027 is Pfingstmontag
        ("2026-12-18", "2027-01-04"),  # Neujahr and a weekend
    ],
)
def test_given_a_meeting_when_minutes_are_due_then_the_day_moves_forward_to_a_workday(meets_on, due_on):
    assert circulation_due_on(date.fromisoformat(meets_on), 14) == date.fromisoformat(due_on)


def test_given_another_period_and_an_extra_holiday_when_minutes_are_due_then_they_are_kept():
    assert circulation_due_on(date(2026, 2, 20), 3, extra_holidays=[date(2026, 2, 23)]) == date(2026, 2, 24)


def with_section(**content):
    return replace(COMPLETE, sections=(Section("4", **content),))


@pytest.mark.parametrize(
    ("draft", "missing"),
    [
        (COMPLETE, []),
        (replace(COMPLETE, chair_name=" "), ["Tragen Sie ein, wer die Sitzung geleitet hat."]),
        (replace(COMPLETE, taker_name=""), ["Tragen Sie ein, wer das Protokoll geschrieben hat."]),
        (replace(COMPLETE, attendances=0), ["Tragen Sie ein, wer teilgenommen hat."]),
        (with_section(text=" "), ["TOP 4: Schreiben Sie einen Text oder wählen Sie ein Ergebnis."]),
        (with_section(is_heading=True), []),
        (with_section(resolutions=1), []),
        (with_section(action_items=1), []),
        (with_section(result="RESOLUTION"), ["TOP 4: Das Ergebnis ist ein Beschluss, aber sein Wortlaut fehlt."]),
        (with_section(result="RESOLUTION", resolutions=1), []),
        (with_section(result="", resolutions=1), []),
        (with_section(result="TASK", resolutions=1, action_items=1), []),
        (
            with_section(result="INFORMATION", resolutions=1),
            [f"TOP 4: {contradiction('INFORMATION')}"],
        ),
        (with_section(result="TASK", text="x"), ["TOP 4: Das Ergebnis ist ein Auftrag, aber die Aufgabe fehlt."]),
        (with_section(result="TASK", action_items=2), []),
    ],
)
def test_given_a_draft_when_asked_then_everything_that_is_missing_is_named(draft, missing):
    assert [gap.sentence for gap in missing_for_circulation(draft)] == missing


def test_given_an_incomplete_draft_when_circulated_then_the_refusal_lists_all_of_it():
    check_circulate(MinutesState.DRAFT, COMPLETE)
    with pytest.raises(Refused, match=r"nicht versandt\. .*geleitet hat\. .*teilgenommen hat\."):
        check_circulate(MinutesState.DRAFT, replace(COMPLETE, chair_name="", attendances=0))


@pytest.mark.parametrize(("state", "says"), [("CIRCULATED", "schon versandt"), ("APPROVED", "schon genehmigt")])
def test_given_minutes_that_went_out_when_circulated_again_then_nothing_is_sent_twice(state, says):
    with pytest.raises(Refused, match=says):
        check_circulate(MinutesState(state), COMPLETE)


@pytest.mark.parametrize(
    ("state", "editing", "reopening"),
    [
        ("DRAFT", None, "schon ein Entwurf"),
        ("CIRCULATED", "alle Partner die neue Fassung genehmigen", None),
        ("APPROVED", "genehmigt und bleibt, wie es ist", "genehmigt und bleibt, wie es ist"),
    ],
)
def test_given_a_state_when_text_is_changed_then_only_a_draft_takes_it(state, editing, reopening):
    for check, says in ((check_edit, editing), (check_reopen, reopening)):
        if says is None:
            check(MinutesState(state))
            continue
        with pytest.raises(Refused, match=says):
            check(MinutesState(state))


@pytest.mark.parametrize(
    ("state", "partner", "approved", "says"),
    [
        ("CIRCULATED", COUNTY, (), None),
        ("CIRCULATED", COUNTY, (LWV,), None),
        ("CIRCULATED", COUNTY, (COUNTY,), "schon eingetragen und gilt"),
        ("CIRCULATED", "fremd", (), "Nur Partner der Vereinbarung"),
        ("DRAFT", COUNTY, (), "noch ein Entwurf"),
        ("APPROVED", COUNTY, PARTNERS, "schon von allen Partnern genehmigt"),
    ],
)
def test_given_minutes_when_a_partner_approves_then_only_circulated_ones_and_once(state, partner, approved, says):
    if says is None:
        check_approve(MinutesState(state), partner, PARTNERS, approved)
        return
    with pytest.raises(Refused, match=says):
        check_approve(MinutesState(state), partner, PARTNERS, approved)


@pytest.mark.parametrize(
    ("partners", "approved", "result"),
    [(PARTNERS, (), False), (PARTNERS, (LWV,), False), (PARTNERS, (LWV, COUNTY), True), ((), (), False)],
)
def test_given_approvals_when_all_partners_are_among_them_then_the_minutes_are_approved(partners, approved, result):
    assert is_approved(partners, approved) is result


@pytest.mark.parametrize(
    ("positions", "missing"),
    [
        ({COUNTY: True, LWV: True}, ()),
        ({COUNTY: True, LWV: False}, (LWV,)),
        ({COUNTY: True}, (LWV,)),
        ({}, PARTNERS),
    ],
)
def test_given_positions_when_all_partners_agree_then_only_then_a_resolution_arises(positions, missing):
    assert disagreeing(positions, PARTNERS) == missing
    if not missing:
        check_resolution(positions, PARTNERS)
        return
    with pytest.raises(Refused, match="Ohne Einvernehmen entsteht kein Beschluss"):
        check_resolution(positions, PARTNERS)


def test_given_verschiedenes_when_all_agree_then_nothing_is_resolved_there():
    with pytest.raises(Refused, match="Unter Verschiedenes wird nichts beschlossen"):
        check_resolution({COUNTY: True, LWV: True}, PARTNERS, decides=False)


def test_given_rules_and_columns_when_compared_then_they_know_the_same_values_and_words():
    assert choices(ResultKind) == MinutesSection._meta.get_field("result").choices
    assert [*choices(MeetingState)] == Meeting._meta.get_field("state").choices
    assert choices(MinutesState) == Minutes._meta.get_field("state").choices
