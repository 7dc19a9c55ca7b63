"""Somebody named before is named anew: refused where the person is restricted, asked about where it may be meant."""

from typing import Any

import pytest

from kok.clock import BERLIN
from tests.builders import a_user, an_agreement
from tests.transitions.import_files import a_csv
from tests.transitions.inside import enter
from tests.transitions.test_county_pages import TYPED
from tests.transitions.test_entering import sent_by
from tests.transitions.test_import import hand_in
from tests.transitions.test_restriction import LATER, ONE, OTHER, asked, lift, taken_off, text_of, url
from tests.transitions.world import a_draft, an_access, case_data, fresh, released
from tests.transitions.world import seen as rows_seen
from transitions.actions import lists
from transitions.rules.states import CaseState

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(settings: Any, tmp_path: Any) -> Any:
    settings.KOK_ERASURE_LIST = tmp_path / "erasures.jsonl"
    settings.KOK_NOW = LATER.astimezone(BERLIN).isoformat()
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
