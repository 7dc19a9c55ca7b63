"""Restriction and objection (Art. 18, 21 DSGVO): what may still be done with a case, for whom, and until when."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from kok import erasure, outbox
from kok.clock import BERLIN
from kok.errors import Refused
from tests.builders import a_user, an_agreement, the_partner
from tests.roles import by_worker
from tests.transitions.inside import enter
from tests.transitions.world import NOW, YEAR, a_draft, acknowledged, an_access, fresh, people, released
from tests.worlds import built_once
from transitions.actions import cases, entries, lists
from transitions.actions import subject_requests as actions
from transitions.actions.log import record_access
from transitions.documents import case_export, list_print
from transitions.models import AccessLogEntry, DataSubjectRequest, TransitionCase
from transitions.queries.disclosure import disclosure_of, people_of
from transitions.queries.open_work import requests_to_answer
from transitions.queries.receiving import end_mark
from transitions.queries.requests import RequestLine, standing_of
from transitions.queries.retention import due_of, with_naming
from transitions.queries.visibility import entries_visible_to
from transitions.rules.codes import (
    CaseOutcome,
    CaseState,
    EndReason,
    EntryReason,
    LogAction,
    RequestAnswer,
    RequestKind,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
TODAY = LATER.date()
ONE, OTHER = people(2)
COUNTY, LWV = "wetteraukreis", "lwv-hessen"


@pytest.fixture(autouse=True)
def _list(settings: Any, tmp_path: Any) -> None:
    settings.KOK_ERASURE_LIST = tmp_path / "erasures.jsonl"


@built_once(autouse=True, KOK_NOW=LATER.astimezone(BERLIN).isoformat())
def _agreement() -> None:
    an_agreement()


@built_once
def officer() -> Any:
    return an_access()


@built_once
def receiver() -> Any:
    return an_access("case-receiver")


@built_once
def case(officer: Any, receiver: Any) -> TransitionCase:
    """One of two people on a list that the LWV confirmed."""
    version = acknowledged(released(a_draft([ONE, OTHER], by=officer)), by=receiver)
    return next(entry.case for entry in version.entries.select_related("case") if entry.data == ONE)


def asked(
    case: TransitionCase, kind: RequestKind = RequestKind.RESTRICTION, *, partner: str = COUNTY, is_granted: bool = True
) -> DataSubjectRequest:
    """A request whose identity was checked; a restriction that was granted."""
    by = an_access("case-officer" if partner == COUNTY else "case-receiver")
    request = actions.register_request(
        partner=the_partner(partner), kind=kind, case_ref=case.case_ref, received_on=TODAY, identity_checked_on=TODAY,
        by=by, now=LATER,
    )  # fmt: skip
    if kind is RequestKind.RESTRICTION and is_granted:
        answer(request, RequestAnswer.GRANTED)
    return request


def answer(request: DataSubjectRequest, given: RequestAnswer) -> None:
    by = an_access("case-officer" if request.partner.slug == COUNTY else "case-receiver")
    actions.answer_request(request=request, answer=given, answered_on=TODAY, by=by, now=LATER)


def lift(request: DataSubjectRequest, by: Any) -> None:
    actions.lift_restriction(request=request, lifted_on=TODAY, by=by, now=LATER)


def seen(by: Any) -> set[str]:
    return {entry.data.family_name for entry in entries_visible_to(by)}


def url(name: str, thing: Any) -> str:
    return reverse(f"transitions:{name}", args=[COUNTY, thing.pk])


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def erased_cases(day: date) -> int:
    run = by_worker(erasure.run, now=datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=2))
    return sum(line["erased"] for line in run.report if line["rule"].startswith("cases-"))


def test_given_a_restriction_at_the_lwv_when_the_case_is_withdrawn_before_the_receipt_then_it_stays_until_lifted(
    officer,
):
    case = released(a_draft([ONE, OTHER], by=officer)).version.entries.order_by("pk").first().case
    request = asked(case, partner=LWV)
    draft = a_draft([], by=officer, now=LATER)
    entries.end_case(
        entry=draft.entries.get(case=case), ending=CaseState.WITHDRAWN, reason=EndReason.SUBJECT_REQUEST,
        postponed_to=None, by=officer, now=LATER,
    )  # fmt: skip
    released(draft, now=LATER)
    assert case.entries.exclude(content="").exists()
    lift(request, an_access("case-receiver"))
    assert erased_cases(TODAY + timedelta(days=1)) == 1
    assert not case.entries.exclude(content="").exists()


@pytest.mark.parametrize(("partner", "hidden_from"), [(COUNTY, {"county", "lwv"}), (LWV, {"lwv"})])
def test_given_a_restriction_when_granted_then_it_binds_the_own_side_and_the_countys_also_its_recipient(
    case, officer, receiver, partner, hidden_from
):
    asked(case, partner=partner)
    for name, by in (("county", officer), ("lwv", receiver)):
        assert seen(by) == ({OTHER.family_name} if name in hidden_from else {ONE.family_name, OTHER.family_name})


def test_given_a_restriction_when_somebody_came_for_a_request_then_the_data_are_open(case, officer):
    asked(case)
    here = an_access(user=officer.user, reason=EntryReason.SUBJECT_REQUEST)
    assert seen(here) == {ONE.family_name, OTHER.family_name}


@pytest.mark.parametrize("has_outcome", [False, True])
def test_given_an_objection_when_the_draft_is_open_then_the_case_leads_to_taking_it_off_also_with_an_outcome(
    case, officer, receiver, has_outcome
):
    if has_outcome:
        cases.record_outcome(case=case, outcome=CaseOutcome.NO_LWV_BENEFIT, by=receiver, now=LATER)
    asked(case, RequestKind.OBJECTION)
    entry = a_draft([], by=officer, now=LATER).entries.get(case=case)
    page = enter(officer.user, EntryReason.SUBJECT_REQUEST).get(url("case", case)).content.decode()
    assert f'href="{url("entry-end", entry)}">dem Entwurf</a> von der Liste' in page


def test_given_an_objection_when_it_is_open_then_restricted_and_with_its_answer_no_longer(case, officer):
    request = asked(case, RequestKind.OBJECTION)
    assert seen(officer) == {OTHER.family_name}
    answer(request, RequestAnswer.REFUSED)
    assert seen(officer) == {ONE.family_name, OTHER.family_name}


@pytest.mark.parametrize("kind", [RequestKind.RESTRICTION, RequestKind.OBJECTION])
def test_given_a_request_not_yet_answered_or_not_yet_checked_when_asked_then_nothing_is_restricted(case, officer, kind):
    request = asked(case, kind, is_granted=False)
    if kind is RequestKind.OBJECTION:
        DataSubjectRequest.objects.filter(pk=request.pk).update(identity_checked_on=None)
    assert seen(officer) == {ONE.family_name, OTHER.family_name}


def test_given_a_restricted_case_when_the_pages_open_then_they_show_that_and_no_name(case, officer, receiver):
    asked(case)
    version = fresh(case.entries.get().version)
    draft = a_draft([], by=officer)
    for by, role in ((officer, "case-officer"), (receiver, "case-receiver")):
        client = enter(by.user)
        pages = [client.get(url("version", version)), client.get(url("print", version))]
        pages += [client.get(url("version", draft))] if role == "case-officer" else []
        for page in pages:
            assert ONE.family_name not in page.content.decode()
            assert OTHER.family_name in page.content.decode()
            assert "erarbeitung eingeschränkt" in text_of(page)
        page = client.get(url("case", case))
        assert ONE.family_name not in page.content.decode()
        assert "Solange wird nichts gelöscht." in text_of(page)
        assert client.get(url("case-export", case)).status_code == 302
    entry = draft.entries.get(case=case)
    assert enter(officer.user).get(url("entry", entry)).status_code == 404
    assert [line.name for line in people_of(receiver, version)][-1] == ""


def test_given_a_restricted_case_when_another_is_corrected_then_the_list_goes_out_with_it_unseen_and_unchanged(
    case, officer
):
    asked(case)
    before = case.entries.get().opened
    draft = a_draft([people(3)[2]], by=officer, now=LATER)
    lists.submit(version=draft, revision=fresh(draft).revision, by=officer, now=LATER)
    page = enter(a_user(role="case-releaser")).get(url("release", draft))
    assert ONE.family_name not in page.content.decode()
    assert f"Fall {case.case_ref} " in text_of(page)
    receipt = released(draft, now=LATER)
    assert receipt.case_count == 3
    assert receipt.version.entries.get(case=case).opened == before


def test_given_a_restricted_case_when_a_version_goes_out_then_both_sides_read_that_only_its_fallzeichen_went(
    case, officer, receiver
):
    request = asked(case)
    receipt = released(a_draft([people(3)[2]], by=officer, now=LATER), now=LATER)
    lift(request, officer)
    for by in (officer, receiver):
        told = text_of(enter(by.user).get(url("case", case)))
        assert "Fassung 2 nur das Fallzeichen, Verarbeitung eingeschränkt" in told
        assert "Fassung 1 nur das Fallzeichen" not in told
        assert "nur das Fallzeichen übermittelt, Verarbeitung eingeschränkt, Fassung 2" in told
        auskunft = text_of_html(case_export.html(disclosure_of(by, case, TODAY), now=LATER))
        assert f"Quittung {receipt.number}: nur das Fallzeichen, Verarbeitung eingeschränkt" in auskunft
    other = TransitionCase.objects.exclude(pk=case.pk).first()
    assert "nur das Fallzeichen" not in text_of(enter(officer.user).get(url("case", other)))


def test_given_a_case_that_was_never_named_when_restricted_then_it_does_not_go_out(officer):
    draft = a_draft([ONE], by=officer)
    asked(draft.entries.get().case)
    with pytest.raises(Refused, match="nicht zum ersten Mal übermittelt"):
        lists.submit(version=draft, revision=draft.revision, by=officer, now=LATER)


def test_given_a_restricted_case_when_anybody_would_use_it_then_refused_and_nothing_changes(case, officer, receiver):
    draft = a_draft([], by=officer, now=LATER)
    entry = draft.entries.get(case=case)
    asked(case)
    away = {"ending": CaseState.MOVED_AWAY, "reason": EndReason.MOVED, "postponed_to": None}
    for act in (
        lambda: cases.record_outcome(case=case, outcome=CaseOutcome.OTHER_CARRIER, by=receiver, now=LATER),
        lambda: cases.confirm(case=case, shown=end_mark(ONE), by=officer, now=LATER),
        lambda: entries.end_case(entry=entry, **away, by=officer, now=LATER),
        lambda: entries.change_entry(
            entry=entry, data=ONE, is_late=False, seen=entry.changed_at, by=officer, now=LATER
        ),
    ):
        with pytest.raises(Refused, match="Verarbeitung eingeschränkt"):
            act()
    case.refresh_from_db()
    assert (case.state, case.outcome) == (CaseState.NAMED, "")


def test_given_an_objection_when_the_county_follows_it_then_the_case_leaves_the_list_and_is_erased_after_the_answer(
    case, officer
):
    request = asked(case, RequestKind.OBJECTION)
    draft = a_draft([], by=officer, now=LATER)
    entries.end_case(
        entry=draft.entries.get(case=case), ending=CaseState.WITHDRAWN, reason=EndReason.OBJECTION, postponed_to=None,
        by=officer, now=LATER,
    )  # fmt: skip
    released(draft, now=LATER)
    due_on = TODAY + timedelta(days=30)
    assert erased_cases(due_on) == 0
    answer(request, RequestAnswer.GRANTED)
    assert erased_cases(due_on) == 1


def test_given_a_restriction_when_every_period_is_over_then_nothing_is_erased_until_it_is_lifted(case, officer):
    request = asked(case)
    end = date(YEAR + 9, 1, 1)
    assert erased_cases(end) == 1  # the other one
    assert case.entries.exclude(content="").exists()
    assert DataSubjectRequest.objects.filter(pk=request.pk).exists()
    lift(request, officer)
    assert erased_cases(end) == 1
    assert not case.entries.exclude(content="").exists()


def test_given_a_restriction_when_lifted_then_once_after_its_answer_and_by_the_own_side_only(case, officer, receiver):
    request = asked(case)
    with pytest.raises(Refused, match="schon aufgehoben"):
        lift(request, receiver)
    with pytest.raises(Refused, match="vor der Antwort"):
        actions.lift_restriction(request=request, lifted_on=TODAY - timedelta(days=1), by=officer, now=LATER)
    lift(request, officer)
    assert seen(officer) == {ONE.family_name, OTHER.family_name}
    with pytest.raises(Refused, match="schon aufgehoben"):
        lift(request, officer)


def test_given_the_page_of_a_restriction_when_lifted_by_hand_then_only_after_the_person_was_told(case, officer):
    request = asked(case)
    client = enter(officer.user)
    assert "In diesem Fall ist die Verarbeitung eingeschränkt" in text_of(client.get(url("request", request)))
    assert "Eine Einschränkung gilt." in text_of(client.get(reverse("transitions:requests", args=[COUNTY])))
    told = text_of(client.post(url("request-lift", request), {"lifted_on": f"{TODAY:%d.%m.%Y}"}))
    assert "Unterrichten Sie zuerst die Person" in told
    sent = {"lifted_on": f"{TODAY:%d.%m.%Y}", "is_told": "on"}
    assert "Die Einschränkung ist aufgehoben." in text_of(client.post(url("request-lift", request), sent, follow=True))


@pytest.mark.parametrize(("partner", "mails"), [(COUNTY, 1), (LWV, 0)])
def test_given_a_restriction_of_the_county_when_it_begins_then_the_recipient_gets_a_neutral_mail(
    case, receiver, partner, mails
):
    outbox.deliver(now=LATER)
    mail.outbox.clear()
    asked(case, partner=partner)
    outbox.deliver(now=LATER)
    got = [message for message in mail.outbox if message.to == [receiver.user.email]]
    assert len(got) == mails
    assert not any(word in f"{m.subject} {m.body}" for m in got for word in (case.case_ref, ONE.family_name))


# What is answered is done


def corrected(case: TransitionCase, by: Any) -> None:
    draft = a_draft([], by=by, now=LATER)
    entry = draft.entries.get(case=case)
    entries.change_entry(
        entry=entry, data=replace(ONE, facility_place="Butzbach"), is_late=False, seen=entry.changed_at, by=by,
        now=LATER,
    )  # fmt: skip
    released(draft, now=LATER)


def taken_off(case: TransitionCase, by: Any, *, ending: CaseState = CaseState.WITHDRAWN) -> Any:
    draft = a_draft([], by=by, now=LATER)
    reason = EndReason.OBJECTION if ending is CaseState.WITHDRAWN else EndReason.MOVED
    entry = draft.entries.get(case=case)
    entries.end_case(entry=entry, ending=ending, reason=reason, postponed_to=None, by=by, now=LATER)
    return draft


@pytest.mark.parametrize("partner", [COUNTY, LWV])
@pytest.mark.parametrize("given", [RequestAnswer.GRANTED, RequestAnswer.PARTLY])
@pytest.mark.parametrize("kind", [RequestKind.OBJECTION, RequestKind.ERASURE, RequestKind.CORRECTION])
def test_given_a_demand_that_nobody_followed_when_answered_as_followed_then_refused_and_it_stays_as_it_is(
    case, officer, receiver, kind, given, partner
):
    request = asked(case, kind, partner=partner)
    before = seen(officer), seen(receiver)
    with pytest.raises(Refused, match="nicht entsprochen"):
        answer(request, given)
    request.refresh_from_db()
    assert (request.answer, request.answered_on) == ("", None)
    assert (seen(officer), seen(receiver)) == before
    if kind is RequestKind.OBJECTION:
        assert seen(receiver) == {OTHER.family_name}
        assert not enter(receiver.user).get(url("outcome", case)).content.count(ONE.family_name.encode())


@pytest.mark.parametrize("kind", [RequestKind.OBJECTION, RequestKind.ERASURE])
def test_given_a_case_that_leaves_the_list_in_a_draft_only_when_answered_as_followed_then_refused_until_its_release(
    case, officer, kind
):
    request = asked(case, kind)
    draft = taken_off(case, officer)
    with pytest.raises(Refused, match="steht noch auf der Liste"):
        answer(request, RequestAnswer.GRANTED)
    released(draft, now=LATER)
    answer(request, RequestAnswer.GRANTED)
    assert erased_cases(TODAY + timedelta(days=30)) == 1


def test_given_a_correction_when_released_then_it_is_followed_and_an_older_one_does_not_count(case, officer):
    corrected(case, officer)
    request = asked(case, RequestKind.CORRECTION)
    answer(request, RequestAnswer.GRANTED)
    DataSubjectRequest.objects.filter(pk=request.pk).update(
        answer="", answered_on=None, received_on=TODAY + timedelta(days=1)
    )
    request.refresh_from_db()
    assert not standing_of(request).is_corrected


def test_given_a_person_of_a_draft_only_when_removed_or_corrected_there_then_the_demand_is_followed(officer):
    draft = a_draft([ONE, OTHER], by=officer)
    first, second = draft.entries.select_related("case").order_by("case__case_ref")
    erasure_, correction = asked(first.case, RequestKind.ERASURE), asked(second.case, RequestKind.CORRECTION)
    for request in (erasure_, correction):
        with pytest.raises(Refused, match="nicht entsprochen"):
            answer(request, RequestAnswer.GRANTED)
    by_worker_removed(first, officer)
    data = replace(second.data, facility_place="Butzbach")
    entries.change_entry(entry=second, data=data, is_late=False, seen=second.changed_at, by=officer, now=LATER)
    for request in (erasure_, correction):
        answer(request, RequestAnswer.GRANTED)


@pytest.mark.parametrize("reason", [EntryReason.PREPARE, EntryReason.SUBJECT_REQUEST])
def test_given_a_restricted_person_of_a_draft_when_removed_or_discarded_then_both_are_refused_until_it_is_lifted(
    officer, reason
):
    draft = a_draft([ONE, OTHER], by=officer)
    entry = draft.entries.select_related("case").order_by("case__case_ref").first()
    request = asked(entry.case)
    here = an_access(user=officer.user, reason=reason)
    discard = partial(lists.discard_draft, version=draft, revision=draft.revision, by=here, now=LATER)
    for act in (partial(entries.remove_entry, entry=entry, seen=entry.changed_at, by=here, now=LATER), discard):
        with pytest.raises(Refused, match=f"Im Fall {entry.case.case_ref} ist die Verarbeitung eingeschränkt"):
            act()
    assert draft.entries.exclude(content="").count() == 2
    lift(request, officer)
    discard()
    assert not TransitionCase.objects.exists()


def test_given_a_restricted_person_when_the_pages_that_erase_are_opened_then_they_say_why_not_and_have_no_button(
    officer,
):
    draft = a_draft([ONE], by=officer)
    entry = draft.entries.select_related("case").get()
    asked(entry.case)
    pages = {EntryReason.SUBJECT_REQUEST: url("entry-remove", entry), EntryReason.PREPARE: url("discard", draft)}
    for reason, page in pages.items():
        shown = enter(officer.user, reason).get(page)
        assert f"Im Fall {entry.case.case_ref} ist die Verarbeitung eingeschränkt" in text_of(shown)
        assert 'type="submit" class="kern-btn kern-btn--primary"' not in shown.content.decode()


def test_given_an_objection_when_its_person_is_removed_then_only_by_who_came_for_it_and_not_with_the_whole_draft(
    officer,
):
    draft = a_draft([ONE, OTHER], by=officer)
    entry = draft.entries.select_related("case").order_by("case__case_ref").first()
    request = asked(entry.case, RequestKind.OBJECTION)
    remove = partial(entries.remove_entry, entry=entry, seen=entry.changed_at, now=LATER)
    for_it = an_access(user=officer.user, reason=EntryReason.SUBJECT_REQUEST)
    with pytest.raises(Refused, match="eingeschränkt"):
        remove(by=officer)
    with pytest.raises(Refused, match="eingeschränkt"):
        lists.discard_draft(version=draft, revision=draft.revision, by=for_it, now=LATER)
    restriction = asked(entry.case)
    with pytest.raises(Refused, match="eingeschränkt"):
        remove(by=for_it)
    lift(restriction, officer)
    remove(by=for_it)
    answer(request, RequestAnswer.GRANTED)
    assert TransitionCase.objects.count() == 1


def test_given_an_auskunft_that_is_owed_when_its_person_is_removed_or_the_draft_discarded_then_both_are_refused(
    officer,
):
    draft = a_draft([ONE], by=officer)
    entry = draft.entries.select_related("case").get()
    request = asked(entry.case, RequestKind.ACCESS)
    remove = partial(entries.remove_entry, entry=entry, seen=entry.changed_at, by=officer, now=LATER)
    discard = partial(lists.discard_draft, version=draft, revision=draft.revision, by=officer, now=LATER)
    for act in (remove, discard):
        with pytest.raises(Refused, match="Auskunft verlangt und noch nicht erteilt"):
            act()
    with pytest.raises(Refused, match="noch keine Auskunft erstellt"):
        answer(request, RequestAnswer.GRANTED)
    hand_out(entry.case, request)
    answer(request, RequestAnswer.GRANTED)
    remove()


def hand_out(case: TransitionCase, request: DataSubjectRequest) -> None:
    record_access(by=an_access(), action=LogAction.EXPORT, case=case, request=request, now=LATER)


def test_given_an_auskunft_that_is_owed_when_a_release_would_erase_its_person_at_once_then_refused_until_it_went_out(
    officer,
):
    released(a_draft([ONE, OTHER], by=officer))  # nobody confirmed the receipt
    case = TransitionCase.objects.earliest("case_ref")
    draft, request = taken_off(case, officer), asked(case, RequestKind.ACCESS)
    with pytest.raises(Refused, match=f"noch nicht erteilt zu {case.case_ref}"):
        released(draft, now=LATER)
    hand_out(case, request)
    answer(request, RequestAnswer.GRANTED)
    anew = actions.correct_answer(request=request, by=officer, now=LATER)
    answer(anew, RequestAnswer.GRANTED)  # the file that went out was for the same request
    released(draft, now=LATER)
    assert TransitionCase.objects.get(pk=case.pk).erase_on == TODAY


def test_given_a_person_who_was_removed_meanwhile_when_the_restriction_is_granted_then_it_is_refused(officer):
    draft = a_draft([ONE], by=officer)
    entry = draft.entries.select_related("case").get()
    request = asked(entry.case, is_granted=False)
    entries.remove_entry(entry=entry, seen=entry.changed_at, by=officer, now=LATER)
    with pytest.raises(Refused, match="nichts mehr gespeichert"):
        answer(request, RequestAnswer.GRANTED)
    answer(request, RequestAnswer.REFUSED)


def by_worker_removed(entry: Any, by: Any) -> None:
    entries.remove_entry(entry=entry, seen=entry.changed_at, by=by, now=LATER)
    by_worker(erasure.carry_out_what_was_asked, now=LATER)


def test_given_somebody_who_moved_away_when_erasure_is_granted_then_the_data_go_after_30_days_and_not_after_months(
    case, officer, receiver
):
    released(taken_off(case, officer, ending=CaseState.MOVED_AWAY), now=LATER)
    theirs = asked(case, RequestKind.ERASURE, partner=LWV)
    with pytest.raises(Refused, match="Der benennende Träger nimmt"):
        answer(theirs, RequestAnswer.GRANTED)
    answer(asked(case, RequestKind.ERASURE), RequestAnswer.GRANTED)
    answer(theirs, RequestAnswer.GRANTED)
    assert (erased_cases(TODAY + timedelta(days=29)), erased_cases(TODAY + timedelta(days=30))) == (0, 1)


def test_given_an_open_demand_when_the_officer_opens_the_overview_then_it_stands_there_from_the_first_day_until_done(
    case, officer
):
    request = asked(case, RequestKind.OBJECTION)
    where = officer.user, officer.agreement, TODAY
    assert requests_to_answer(*where) == [RequestLine(request, TODAY).due_on]
    released(taken_off(case, officer), now=LATER)
    assert len(requests_to_answer(*where)) == 1
    answer(request, RequestAnswer.GRANTED)
    assert requests_to_answer(*where) == []


def test_given_a_restricted_case_when_somebody_came_for_the_request_then_no_page_offers_to_change_it(case, officer):
    asked(case, RequestKind.OBJECTION)
    client = enter(officer.user, EntryReason.SUBJECT_REQUEST)
    shown = text_of(client.get(url("case", case)))
    assert ONE.family_name in shown
    assert "lässt sich an den Angaben nichts ändern" in shown
    assert "oder ist eine Angabe falsch?" not in shown
    entry = a_draft([], by=officer, now=LATER).entries.get(case=case)
    assert "Im Entwurf ändern" not in text_of(client.get(url("case", case)))
    answer_ = client.get(url("entry", entry))
    assert (answer_.status_code, answer_["Location"]) == (302, url("case", case))
    assert "Verarbeitung eingeschränkt (Art. 18 DSGVO). Es wurde nichts geändert." in text_of(
        client.get(url("case", case))
    )


# A wrong answer


def test_given_a_wrong_answer_when_corrected_then_a_new_line_is_open_under_the_old_clock_and_restricts_again(
    case, officer, receiver
):
    request = asked(case, RequestKind.OBJECTION)
    answer(request, RequestAnswer.REFUSED)
    assert ONE.family_name in seen(receiver)
    before = DataSubjectRequest.objects.filter(pk=request.pk).values().get()
    client = enter(officer.user)
    told = text_of(client.post(url("request-correct", request), follow=True))
    anew = DataSubjectRequest.objects.get(corrects=request.pk)
    assert "Die Anfrage ist neu aufgenommen und wieder offen." in told
    assert (anew.answer, anew.received_on, anew.case_ref) == ("", TODAY, case.case_ref)
    assert DataSubjectRequest.objects.filter(pk=request.pk).values().get() == before
    assert seen(receiver) == {OTHER.family_name}
    assert "Diese Antwort war falsch und gilt nicht mehr." in text_of(client.get(url("request", request)))
    with pytest.raises(Refused, match="lässt sich nicht berichtigen"):
        actions.correct_answer(request=request, by=officer, now=LATER)


def test_given_a_line_that_is_open_of_others_or_a_restriction_in_force_when_corrected_then_refused(
    case, officer, receiver
):
    restriction = asked(case)
    for request, by in (
        (asked(case, RequestKind.ACCESS), officer),
        (restriction, officer),
        (asked(case, partner=LWV), officer),
    ):
        with pytest.raises(Refused, match="lässt sich nicht berichtigen"):
            actions.correct_answer(request=request, by=by, now=LATER)
    assert not DataSubjectRequest.objects.filter(corrects__isnull=False).exists()


def moved_away(case: TransitionCase, by: Any) -> TransitionCase:
    released(taken_off(case, by, ending=CaseState.MOVED_AWAY), now=LATER)
    return TransitionCase.objects.get(pk=case.pk)


def test_given_a_granted_erasure_of_somebody_moved_away_when_the_answer_is_corrected_then_everything_is_as_before(
    case, officer
):
    before = moved_away(case, officer)
    request, client = asked(case, RequestKind.ERASURE), enter(officer.user)
    day = f"{TODAY + timedelta(days=30):%d.%m.%Y}"
    assert f"werden ihre Angaben auf beiden Seiten am {day} gelöscht" in text_of(client.get(url("request", request)))
    answer(request, RequestAnswer.GRANTED)
    assert f"Löschung vorgezogen: {day}" in text_of(client.get(url("case", case)))
    assert f"Die Löschung am {day} entfällt damit" in text_of(client.get(url("request", request)))
    anew = actions.correct_answer(request=request, by=officer, now=LATER)
    answer(anew, RequestAnswer.REFUSED)
    after = TransitionCase.objects.get(pk=case.pk)
    assert (
        (after.erase_on, after.proposal_declined_at) == (before.erase_on, before.proposal_declined_at) == (None, None)
    )
    assert f"vorgezogene Löschung zurückgenommen: {day}" in text_of(client.get(url("case", case)))
    lines = AccessLogEntry.objects.filter(action=LogAction.CASE_CHANGED, case_ref=case.case_ref)
    assert set(lines.values_list("request", flat=True)) == {str(request.pk)}
    assert lines.count() == 2
    assert erased_cases(TODAY + timedelta(days=60)) == 0


def test_given_two_granted_erasures_when_one_answer_is_corrected_then_the_day_stays_until_the_other_is_too(
    case, officer, receiver
):
    moved_away(case, officer)
    ours, theirs = asked(case, RequestKind.ERASURE), asked(case, RequestKind.ERASURE, partner=LWV)
    for request in (ours, theirs):
        answer(request, RequestAnswer.GRANTED)
    actions.correct_answer(request=ours, by=officer, now=LATER)
    assert TransitionCase.objects.get(pk=case.pk).erase_on == TODAY + timedelta(days=30)
    actions.correct_answer(request=theirs, by=receiver, now=LATER)
    assert TransitionCase.objects.get(pk=case.pk).erase_on is None


def test_given_a_case_whose_period_ends_within_30_days_when_erasure_is_granted_then_it_goes_no_later(case, officer):
    ended = moved_away(case, officer)
    TransitionCase.objects.filter(pk=case.pk).update(ended_at=ended.ended_at - timedelta(days=170))
    before = due_of(with_naming(TransitionCase.objects.filter(pk=case.pk)).get())[0]
    answer(asked(case, RequestKind.ERASURE), RequestAnswer.GRANTED)
    assert TransitionCase.objects.get(pk=case.pk).erase_on == before < TODAY + timedelta(days=30)


def test_given_a_withdrawn_or_declined_case_when_the_answer_is_corrected_then_what_others_decided_stays(case, officer):
    released(taken_off(case, officer), now=LATER)
    request = asked(case, RequestKind.ERASURE)
    answer(request, RequestAnswer.GRANTED)
    actions.correct_answer(request=request, by=officer, now=LATER)
    assert TransitionCase.objects.get(pk=case.pk).erase_on == TODAY + timedelta(days=30)
    other = moved_away(TransitionCase.objects.exclude(pk=case.pk).get(), officer)
    TransitionCase.objects.filter(pk=other.pk).update(proposal_declined_at=NOW)
    request = asked(other, RequestKind.ERASURE)
    answer(request, RequestAnswer.GRANTED)
    actions.correct_answer(request=request, by=officer, now=LATER)
    assert TransitionCase.objects.get(pk=other.pk).proposal_declined_at == NOW


@pytest.mark.parametrize("kind", [RequestKind.ERASURE, RequestKind.OBJECTION])
def test_given_a_withdrawn_case_when_answered_otherwise_then_the_page_says_before_and_after_that_its_data_go(
    case, officer, kind
):
    request = asked(case, kind)
    released(taken_off(case, officer), now=LATER)
    day = TODAY + timedelta(days=30)
    goes = f"werden die Angaben auf beiden Seiten am {day:%d.%m.%Y} gelöscht"
    answer(request, RequestAnswer.GRANTED)
    anew = actions.correct_answer(request=request, by=officer, now=LATER)
    client = enter(officer.user)
    before = text_of(client.get(url("request", anew)))
    assert f"ist zurückgenommen. Wie auch immer die Antwort lautet, {goes}" in before
    assert ("solange die Verarbeitung eingeschränkt ist" in before) == (kind is RequestKind.OBJECTION)
    answer(anew, RequestAnswer.REFUSED)
    after = text_of(client.get(url("request", anew)))
    assert f"{goes}. Soll die Person wieder auf die Liste, benennen Sie sie neu" in after
    assert goes not in text_of(client.get(url("request", request)))


# A restricted case that leaves the list


def test_given_a_restricted_case_taken_off_when_read_and_released_then_every_place_counts_and_names_it_without_its_name(
    case, officer, receiver
):
    asked(case, RequestKind.OBJECTION)
    draft = taken_off(case, officer)
    lists.submit(version=draft, revision=fresh(draft).revision, by=officer, now=LATER)
    releaser = an_access("case-releaser")
    shown = text_of(enter(releaser.user).get(url("release", draft)))
    assert "0 neu, 0 berichtigt, 1 von der Liste genommen" in shown
    assert "Einen Fall freigeben" in shown
    assert f"Fall {case.case_ref} wird von der Liste genommen Zurückgenommen (Widerspruch der" in shown
    assert ONE.family_name not in shown
    receipt = released(draft, by=releaser, now=LATER)
    assert receipt.case_count == 1
    for by in (officer, receiver):
        lines = people_of(by, fresh(receipt.version))
        assert [(line.name, line.ending) for line in lines] == [
            (f"{OTHER.family_name}, {OTHER.given_name}", ""), ("", "zurückgenommen (Widerspruch der Person)"),
        ]  # fmt: skip
        paper = " ".join(list_print.html(receipt.version, lines, now=LATER).split())  # without the breaks of its lines
        assert re.search(rf"<td>{case.case_ref}</td><td>Zurückgenommen \(Widerspruch der Person\)</td>", paper)
        assert "Dieselben Fälle liegen dieser Datei als Tabelle bei" in paper
        table = list_print.table(receipt.version, lines).content.decode("utf-8-sig")
        assert (len(table.splitlines()), ONE.family_name in paper + table) == (2, False)


def test_given_a_restricted_case_on_the_list_when_handed_out_then_the_page_says_which_one_the_table_leaves_out(
    case, receiver
):
    asked(case)
    version = fresh(case.entries.get().version)
    lines = people_of(receiver, version)
    paper = text_of_html(list_print.html(version, lines, now=LATER))
    assert "Einer dieser Fälle liegt dieser Datei als Tabelle bei" in paper
    assert f"weil die Verarbeitung eingeschränkt ist: {case.case_ref}." in paper
    assert case.case_ref not in list_print.table(version, lines).content.decode("utf-8-sig")


def text_of_html(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
