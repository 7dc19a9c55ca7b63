"""One case after its release: the county confirms the end of school, the LWV says what became of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from kok import outbox
from kok.clock import BERLIN
from kok.errors import Refused
from kok.models import OutboxMessage
from tests.builders import a_second_agreement, an_agreement
from tests.transitions.inside import enter
from tests.transitions.world import NOW, a_draft, acknowledged, an_access, case_data, fresh, people, released
from transitions.actions import cases, entries, lists
from transitions.models import AccessLogEntry, TransitionCase
from transitions.pages.case import case_page
from transitions.rules.codes import CaseOutcome, CaseState, EndReason

pytestmark = pytest.mark.django_db
SCHOOL_ENDS = datetime(2028, 7, 1, tzinfo=BERLIN)  # the first moment of the month
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def agreement(settings: Any) -> Any:
    settings.KOK_NOW = LATER.isoformat()
    return an_agreement()


@pytest.fixture
def officer(agreement: Any) -> Any:
    return an_access()


@pytest.fixture
def receiver(agreement: Any) -> Any:
    return an_access("case-receiver")


@pytest.fixture
def case(officer: Any, receiver: Any) -> TransitionCase:
    """The only one on a list that the LWV confirmed."""
    acknowledged(released(a_draft(by=officer)), by=receiver)
    return TransitionCase.objects.get()


def record(case: TransitionCase, by: Any, outcome: CaseOutcome = CaseOutcome.NO_LWV_BENEFIT, now: Any = LATER) -> None:
    cases.record_outcome(case=case, outcome=outcome, by=by, now=now)
    case.refresh_from_db()


def confirm(case: TransitionCase, by: Any) -> None:
    """As the page of the case shows it."""
    page = case_page(by, case.pk, LATER.date())
    assert page is not None
    cases.confirm(case=case, shown=page.end_mark, by=by, now=LATER)


def happened(case: TransitionCase) -> list[tuple[str, str]]:
    return list(case.events.values_list("kind", "code"))


@pytest.mark.parametrize("outcome", list(CaseOutcome))
def test_given_a_case_when_the_lwv_records_an_outcome_then_it_ends_and_the_log_says_who(case, receiver, outcome):
    record(case, receiver, outcome, now=SCHOOL_ENDS)
    assert (case.outcome, case.ended_at, case.state) == (outcome, SCHOOL_ENDS, CaseState.NAMED)
    assert happened(case) == [("NAMED", ""), ("OUTCOME", outcome)]
    line = AccessLogEntry.objects.latest("pk")
    assert (line.action, line.case_ref, line.actor_id) == ("CASE_CHANGED", case.case_ref, receiver.user.pk)


@pytest.mark.parametrize("moment", [LATER, SCHOOL_ENDS - timedelta(microseconds=1)])
def test_given_a_case_whose_school_goes_on_when_it_is_called_taken_over_then_refused_with_the_first_day(
    case, receiver, moment
):
    with pytest.raises(Refused, match=r"endet voraussichtlich im Juli 2028.*ab dem 01\.07\.2028"):
        record(case, receiver, CaseOutcome.TAKEN_OVER_BY_LWV, now=moment)
    case.refresh_from_db()
    assert (case.outcome, case.ended_at, happened(case)) == ("", None, [("NAMED", "")])


def test_given_an_outcome_when_revoked_and_recorded_again_then_the_county_gets_one_mail_a_day_as_the_page_says(
    case, officer, receiver
):
    page = enter(receiver.user).get(reverse("transitions:outcome", args=["wetteraukreis", case.pk]))
    assert "höchstens eine am Tag, und keine, wenn Sie ein Ergebnis zurücknehmen" in page.content.decode()
    record(case, receiver)
    cases.revoke_outcome(case=case, by=receiver, now=LATER)
    record(case, receiver)
    assert OutboxMessage.objects.filter(kind="cases.changed", to=officer.user.email).count() == 1


def test_given_an_outcome_when_recorded_again_then_refused_until_it_is_revoked(case, receiver):
    record(case, receiver)
    with pytest.raises(Refused, match="schon ein Ergebnis"):
        record(case, receiver, CaseOutcome.OTHER_CARRIER)
    cases.revoke_outcome(case=case, by=receiver, now=LATER)
    case.refresh_from_db()
    assert (case.outcome, case.ended_at) == ("", None)
    record(case, receiver, CaseOutcome.OTHER_CARRIER)
    assert happened(case)[2:] == [("OUTCOME_REVOKED", "NO_LWV_BENEFIT"), ("OUTCOME", "OTHER_CARRIER")]


def test_given_no_outcome_when_revoked_then_refused(case, receiver):
    with pytest.raises(Refused, match="kein Ergebnis"):
        cases.revoke_outcome(case=case, by=receiver, now=LATER)


def test_given_the_county_or_another_region_when_it_records_an_outcome_then_refused(case, officer):
    elsewhere = an_access("case-receiver", agreement=a_second_agreement())
    for by in (officer, elsewhere):
        with pytest.raises(Refused, match="die empfangende Stelle"):
            record(case, by)
    assert happened(case) == [("NAMED", "")]


def test_given_a_version_not_confirmed_when_an_outcome_is_recorded_then_the_receipt_comes_first(officer, receiver):
    released(a_draft(by=officer))
    with pytest.raises(Refused, match="zuerst den Empfang"):
        record(TransitionCase.objects.get(), receiver)


def test_given_a_case_of_a_draft_when_an_outcome_is_recorded_then_refused_as_it_was_never_transmitted(
    case, officer, receiver
):
    a_draft([people(2)[1]], by=officer)
    with pytest.raises(Refused, match="nicht auf der übermittelten Liste"):
        record(TransitionCase.objects.get(named_at=None), receiver)


def test_given_a_case_that_left_the_list_when_an_outcome_is_recorded_then_refused(case, officer, receiver):
    draft = a_draft([], by=officer)
    entries.end_case(
        entry=draft.entries.get(),
        ending=CaseState.MOVED_AWAY,
        reason=EndReason.MOVED,
        postponed_to=None,
        by=officer,
        now=LATER,
    )
    acknowledged(released(draft, now=LATER), by=receiver)
    with pytest.raises(Refused, match="nicht mehr auf der Liste"):
        record(case, receiver)


def test_given_a_case_when_the_county_confirms_the_end_of_school_then_once_and_before_the_outcome(
    case, officer, receiver
):
    with pytest.raises(Refused):
        confirm(case, receiver)
    confirm(case, officer)
    case.refresh_from_db()
    assert (case.state, happened(case)[-1]) == (CaseState.CONFIRMED, ("CONFIRMED", ""))
    with pytest.raises(Refused, match="nichts zu bestätigen"):
        confirm(case, officer)
    record(case, receiver)
    assert case.state == CaseState.CONFIRMED


def test_given_a_case_of_a_draft_or_with_an_outcome_when_confirmed_then_refused(case, officer, receiver):
    a_draft([people(2)[1]], by=officer)
    record(case, receiver)
    for each in TransitionCase.objects.all():
        with pytest.raises(Refused, match="nichts zu bestätigen"):
            confirm(each, officer)


def test_given_a_confirmed_case_when_the_list_is_corrected_then_it_stays_on_it_as_confirmed(case, officer):
    confirm(case, officer)
    assert released(a_draft([case_data(family_name="Quarkstein")], by=officer), now=LATER).case_count == 2
    case.refresh_from_db()
    assert case.state == CaseState.CONFIRMED


def test_given_two_outcomes_on_one_day_when_told_then_the_county_gets_one_mail_and_the_lwv_none(officer, receiver):
    acknowledged(released(a_draft(people(2), by=officer)), by=receiver)
    outbox.deliver(now=LATER)
    mail.outbox.clear()
    for case in TransitionCase.objects.all():
        record(case, receiver)
    outbox.deliver(now=LATER)
    assert [message.to[0] for message in mail.outbox] == [officer.user.email]
    record_next_day(receiver)
    assert len(mail.outbox) == 2


def record_next_day(receiver: Any) -> None:
    case = TransitionCase.objects.first()
    cases.revoke_outcome(case=case, by=receiver, now=LATER)
    record(case, receiver, CaseOutcome.OTHER_CARRIER, now=LATER + timedelta(days=1))
    outbox.deliver(now=LATER + timedelta(days=1))


def test_given_an_outcome_when_the_draft_beside_it_is_discarded_then_the_mail_still_goes_out(case, officer, receiver):
    outbox.deliver(now=LATER)
    mail.outbox.clear()
    draft = a_draft([], by=officer)
    record(case, receiver)
    lists.discard_draft(version=draft, revision=fresh(draft).revision, by=officer, now=LATER)
    outbox.deliver(now=LATER)
    assert [message.to[0] for message in mail.outbox] == [officer.user.email]


def test_given_a_case_that_stands_in_a_draft_only_when_its_page_opens_then_its_end_is_not_to_be_confirmed(settings):
    settings.KOK_NOW = NOW.isoformat()
    an_agreement()
    officer = an_access()
    a_draft(by=officer)
    page = case_page(officer, TransitionCase.objects.get().pk, NOW.date())
    assert page is not None
    assert page.data is not None
    assert not page.may_be_confirmed
