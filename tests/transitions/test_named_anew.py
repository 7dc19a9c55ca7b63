"""Somebody named before is named anew: refused where the person is restricted, asked about where it may be meant."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kok.clock import BERLIN
from tests.builders import a_second_agreement, a_user, an_agreement
from tests.transitions.import_files import a_csv
from tests.transitions.inside import enter
from tests.transitions.test_county_pages import TYPED
from tests.transitions.test_entering import sent_by
from tests.transitions.test_import import hand_in
from tests.transitions.test_restriction import LATER, ONE, OTHER, asked, lift, taken_off, text_of, url
from tests.transitions.world import (
    NOW,
    YEAR,
    a_draft,
    acknowledged,
    an_access,
    case_data,
    fresh,
    released,
    submitted,
)
from tests.transitions.world import seen as rows_seen
from tests.worlds import built_once
from transitions.actions import cases, entries, importing, lists, proposals
from transitions.models import AccessLogEntry, CaseEntry, TransitionCase
from transitions.rules.codes import CaseOutcome, CaseState, EndReason, LogAction

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _list(settings: Any, tmp_path: Any) -> None:
    settings.KOK_ERASURE_LIST = tmp_path / "erasures.jsonl"


@built_once(KOK_NOW=LATER.astimezone(BERLIN).isoformat())
def officer() -> Any:
    an_agreement()
    return an_access()


def test_given_a_restricted_person_when_named_anew_by_page_then_refused_also_by_changing_somebody_else(officer):
    case = released(a_draft([case_data()], by=officer)).version.entries.get().case
    asked(case)
    draft = a_draft([OTHER], by=officer, now=LATER)
    client = enter(officer.user)
    entry = draft.entries.exclude(case=case).get()
    for address, typed in (
        (url("entry-new", draft), TYPED),
        (url("entry", entry), TYPED | {"seen": entry.changed_at.isoformat()}),
    ):
        page = client.post(address, typed)
        page = client.post(address, typed | {"trotzdem": sent_by(page, "trotzdem")})
        assert f"Für diese Person ist im Fall {case.case_ref} die Verarbeitung eingeschränkt" in text_of(page)
    assert draft.entries.count() == 2
    assert draft.entries.get(pk=entry.pk).data == OTHER


def test_given_a_person_who_waits_for_release_when_restricted_under_another_case_then_it_is_not_released(officer):
    case = released(a_draft([ONE], by=officer)).version.entries.get().case
    draft = a_draft([ONE], by=officer, now=LATER)
    lists.submit(version=draft, revision=fresh(draft).revision, by=officer, now=LATER)
    client = enter(a_user(role="case-releaser"))
    open_page = client.get(url("release", draft))
    request = asked(case)
    told = f"Für diese Person ist im Fall {case.case_ref} die Verarbeitung eingeschränkt"
    assert told in text_of(client.get(url("release", draft)))
    sent = {name: sent_by(open_page, name)[0] for name in ("revision", "shown")} | {"is_read": "on"}
    assert told in text_of(client.post(url("release", draft), sent))
    assert fresh(draft).is_draft
    lift(request, officer)
    assert client.post(url("release", draft), sent).status_code == 302


def test_given_a_restricted_person_of_another_list_when_a_file_names_it_then_only_the_others_are_taken(officer):
    case = released(a_draft([case_data()], by=officer)).version.entries.get().case
    draft = taken_off(case, officer, ending=CaseState.MOVED_AWAY)
    released(draft, now=LATER)
    asked(case)
    draft = a_draft([], by=officer, now=LATER)
    client = enter(officer.user)
    hand_in(client, draft, a_csv({}, {"Familienname": "Brandmeister"}))
    assert "1 neu, 0 weichen vom Entwurf ab, 0 stehen genauso darin, 1 bleibt" in text_of(
        client.get(url("import", draft))
    )
    client.post(url("import-take-over", draft), rows_seen(draft))
    assert [entry.data.family_name for entry in draft.entries.all()] == ["Brandmeister"]


# Whoever left a list, or was not taken over from one, and may be meant again


ONE_DAY_OFF = {"date_of_birth": "15.03.2010", "facility_name": "Haus am See"}
WAYS_OUT: dict[CaseState, tuple[EndReason, date | None, str]] = {
    CaseState.WITHDRAWN: (EndReason.NAMED_BY_MISTAKE, None, "zurückgenommen (irrtümlich benannt)"),
    CaseState.POSTPONED: (
        EndReason.SCHOOL_EXTENDED, date(YEAR + 2, 7, 1), "verschoben auf Juli 2029 (Schulzeit verlängert)",
    ),
    CaseState.MOVED_AWAY: (EndReason.MOVED, None, "verzogen (Zuständigkeit eines anderen Trägers)"),
}  # fmt: skip


def left(by: Any, ending: CaseState) -> TransitionCase:
    """Somebody of this very list whom the version that holds now does not name any more."""
    acknowledged(released(a_draft([case_data(), OTHER], by=by)))
    draft = a_draft([], by=by, now=LATER)
    entry = next(each for each in draft.entries.all() if each.data == case_data())
    reason, to, _ = WAYS_OUT[ending]
    entries.end_case(entry=entry, ending=ending, reason=reason, postponed_to=to, by=by, now=LATER)
    acknowledged(released(draft, now=LATER), by=an_access("case-receiver"))
    return TransitionCase.objects.get(pk=entry.case_id)


@pytest.mark.parametrize("ending", list(WAYS_OUT), ids=str)
def test_given_somebody_who_left_this_list_when_named_anew_then_page_file_draft_and_release_ask_and_tell_how_it_ended(
    officer, ending
):
    case = left(officer, ending)
    fate = f"Übergangsliste 2027: {WAYS_OUT[ending][2]}, von der Liste genommen am 11.03.2027."
    question = f"? {fate} Das Geburtsdatum weicht um einen Tag ab."
    link = f'<a href="{url("case", case)}"'
    name = f"Ist das dieselbe Person wie Zirbelnuss, Malwine (Fall {case.case_ref})"

    def asks(page: Any) -> bool:
        return question in text_of(page) and name in text_of(page) and link in page.content.decode()

    draft = a_draft([], by=officer, now=LATER)
    client = enter(officer.user)
    hand_in(client, draft, a_csv({"Geburtsdatum": "13.03.2010", "Einrichtung": "Haus am See"}))
    assert asks(client.get(url("import", draft)))
    client.post(url("import-discard", draft), rows_seen(draft))

    page = client.post(url("entry-new", draft), TYPED | ONE_DAY_OFF)
    assert asks(page)
    assert draft.entries.count() == 1
    again = {"trotzdem": sent_by(page, "trotzdem"), "weiter": "liste"}
    page = client.post(url("entry-new", draft), TYPED | ONE_DAY_OFF | again, follow=True)
    assert asks(page)
    assert "Das ist eine andere Person" in text_of(page)
    entry = draft.entries.exclude(case__named_at__isnull=False).get()
    beside = client.get(url("entry", entry))
    assert asks(beside)
    assert f"Das ist eine andere Person : Fall {entry.case.case_ref} und Fall {case.case_ref}" in text_of(beside)

    submitted(draft, by=officer, now=LATER)
    releaser = enter(a_user(role="case-releaser"))
    assert asks(releaser.get(f"{url('release', draft)}?zeigen=doppelt"))
    both = {"one": entry.case_id, "other": case.pk, "page": "release", "query": ""}
    assert releaser.post(url("two-people", draft), both).status_code == 302
    told = text_of(releaser.get(url("release", draft)))
    assert "vielleicht doppelt" not in told
    assert f"Als andere Person vermerkt als Zirbelnuss, Malwine (Fall {case.case_ref}) der Übergangsliste 2027." in told
    releaser.post(url("two-people", draft), both | {"again": "ja"})
    assert asks(releaser.get(url("release", draft)))
    looked = AccessLogEntry.objects.filter(case_ref=case.case_ref, action=LogAction.TOLD_ALIKE)
    assert not AccessLogEntry.objects.filter(case_ref=case.case_ref, action=LogAction.VIEW_CASE).exists()
    assert {line.actor_id for line in looked} == {officer.user.pk, int(releaser.session["_auth_user_id"])}


def test_given_somebody_who_leaves_with_this_draft_when_named_anew_in_it_then_it_is_asked(officer):
    acknowledged(released(a_draft([case_data(), OTHER], by=officer)))
    draft = a_draft([], by=officer, now=LATER)
    entry = next(each for each in draft.entries.all() if each.data == case_data())
    entries.end_case(
        entry=entry, ending=CaseState.MOVED_AWAY, reason=EndReason.MOVED, postponed_to=None, by=officer, now=LATER
    )
    page = text_of(enter(officer.user).post(url("entry-new", draft), TYPED | ONE_DAY_OFF))
    assert f"wie Zirbelnuss, Malwine (Fall {entry.case.case_ref})" in page
    assert "verzogen (Zuständigkeit eines anderen Trägers), kommt mit der nächsten Freigabe von der Liste." in page


def test_given_a_declined_proposal_or_an_outcome_when_the_person_is_named_anew_then_it_says_when_and_what(officer):
    draft = a_draft([replace(OTHER, expected_end_on=date(YEAR, 7, 1))], by=officer, year=YEAR - 1)
    case = acknowledged(released(draft)).entries.get().case
    cases.record_outcome(
        case=case, outcome=CaseOutcome.NO_LWV_BENEFIT, by=an_access("case-receiver"), now=NOW + timedelta(hours=3)
    )
    gone = left_for_next_year(officer)
    draft = a_draft([], by=officer, year=YEAR + 1, now=LATER)
    proposals.decline_proposal(version=draft, case=gone, by=officer, now=LATER)
    client = enter(officer.user)
    in_two_years = TYPED | ONE_DAY_OFF | {"expected_end_on": "7.2029"}
    assert "als Vorschlag für eine spätere Liste abgelehnt am 11.03.2027." in text_of(
        client.post(url("entry-new", draft), in_two_years)
    )
    typed = in_two_years | {
        "family_name": OTHER.family_name, "given_name": OTHER.given_name, "date_of_birth": "03.01.2010",
    }  # fmt: skip
    told = text_of(client.post(url("entry-new", draft), typed))
    assert (
        f"(Fall {case.case_ref}) (neues Fenster) ? Übergangsliste 2026: keine Leistung des LWV Hessen, "
        "eingetragen am 10.03.2027." in told
    )


def left_for_next_year(by: Any) -> TransitionCase:
    """Somebody who is postponed and proposed on the list of the year after."""
    return left(by, CaseState.POSTPONED)


def test_given_a_proposal_that_is_taken_over_when_the_draft_is_read_then_nobody_asks_whether_it_is_the_same_person(
    officer,
):
    gone = left_for_next_year(officer)
    draft = a_draft([], by=officer, year=YEAR + 1, now=LATER)
    entry = proposals.accept_proposal(version=draft, case=gone, by=officer, now=LATER)
    client = enter(officer.user)
    assert "Ist das dieselbe Person" not in text_of(client.get(url("version", draft)))
    assert "Vielleicht doppelt" not in text_of(client.get(url("entry", entry)))
    twin = replace(case_data(expected_end_on=date(YEAR + 2, 7, 1)), date_of_birth=date(2010, 3, 15))
    entries.add_entry(version=draft, data=twin, is_late=False, by=officer, now=LATER)
    assert f"wie Zirbelnuss, Malwine (Fall {gone.case_ref})" in text_of(client.get(url("version", draft)))


def test_given_a_case_that_somebody_may_not_see_when_its_person_is_named_anew_then_nothing_is_told_of_it(officer):
    case = left(officer, CaseState.POSTPONED)
    draft = a_draft([], by=officer, now=LATER)
    request = asked(case)
    client = enter(officer.user)
    assert case.case_ref not in text_of(client.post(url("entry-new", draft), TYPED | ONE_DAY_OFF | {"weiter": "liste"}))
    entry = draft.entries.exclude(case__named_at__isnull=False).get()  # saved, because there was nothing to ask
    assert case.case_ref not in text_of(client.get(url("version", draft)))
    lift(request, officer)
    assert case.case_ref in text_of(client.get(url("version", draft)))
    elsewhere = an_access(agreement=(second := a_second_agreement()))
    theirs = a_draft([], by=elsewhere, now=LATER)
    address = reverse("transitions:entry-new", args=[second.slug, theirs.pk])
    typed = TYPED | {"ga_municipality": entry.data.ga_municipality}
    page = enter(elsewhere.user, agreement=second).post(address, typed)
    assert case.case_ref not in page.content.decode()


def test_given_two_or_sixty_rows_of_people_who_left_when_previewed_then_the_queries_are_as_many(officer):
    sixty = [
        case_data(date_of_birth=date(2010, 1, 1) + timedelta(3 * n), facility_name=f"Haus {'a' * n}") for n in range(60)
    ]
    draft = a_draft([], by=officer)
    entries.add_entries(version=draft, rows=[(each, False) for each in sixty], by=officer, now=NOW)
    acknowledged(released(draft))
    draft = a_draft([], by=officer, now=LATER)
    CaseEntry.objects.filter(version=draft).update(ending="MOVED_AWAY", ending_reason="MOVED")
    released(draft, now=LATER)
    draft = a_draft([], by=officer, now=LATER)
    client = enter(officer.user)

    def queries(count: int) -> int:
        rows = [(replace(each, date_of_birth=each.date_of_birth + timedelta(1)), False) for each in sixty[:count]]
        importing.hold_rows(version=draft, rows=rows, by=officer, now=LATER)
        with CaptureQueriesContext(connection) as found:
            page = text_of(client.get(url("import", draft)))
        assert page.count("Ist das dieselbe Person") == count
        return len(found)

    assert queries(2) == queries(60)
