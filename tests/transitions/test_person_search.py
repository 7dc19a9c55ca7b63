"""Finding the person who asks: exactly, for a request, written down, braked, and nothing for who only guesses."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from kok.clock import BERLIN
from tests.builders import a_user, an_agreement, the_partner
from tests.transitions.inside import enter
from tests.transitions.world import NOW, YEAR, a_draft, acknowledged, an_access, case_data, released
from transitions.actions import entries, importing
from transitions.actions import subject_requests as actions
from transitions.models import AccessLogEntry, DataSubjectRequest, TransitionCase
from transitions.rules.codes import CaseState, EndReason, EntryReason, LogAction, RequestAnswer, RequestKind
from transitions.rules.people import is_exactly

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
MEANT = case_data(family_name="Groß-Übermut", given_name="Anna Lena", date_of_birth=date(2010, 5, 9))
TYPED = {"family_name": "Groß-Übermut", "given_name": "Anna Lena", "date_of_birth": "09.05.2010"}
SUBJECT = EntryReason.SUBJECT_REQUEST


@pytest.fixture(autouse=True)
def _agreement(settings: Any) -> None:
    settings.KOK_NOW = LATER.astimezone(BERLIN).isoformat()
    an_agreement()


def a_request(role: str = "case-officer", partner: str = "wetteraukreis") -> DataSubjectRequest:
    return actions.register_request(
        partner=the_partner(partner), kind=RequestKind.ACCESS, case_ref="", received_on=LATER.date(),
        identity_checked_on=None, by=an_access(role), now=LATER,
    )  # fmt: skip


def url(request: DataSubjectRequest, name: str = "request-search") -> str:
    return reverse(f"transitions:{name}", args=["wetteraukreis", request.pk])


def text_of(answer: Any) -> str:
    page = answer.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") :]).split())


def searches() -> list[tuple[str, str]]:
    found = AccessLogEntry.objects.filter(action=LogAction.SEARCH).order_by("pk")
    return list(found.values_list("case_ref", "reason"))


@pytest.fixture
def officer() -> Any:
    return enter(a_user(role="case-officer"), SUBJECT)


@pytest.mark.parametrize(
    ("family", "given", "day", "is_meant"),
    [
        ("Groß-Übermut", "Anna Lena", date(2010, 5, 9), True),
        ("  groß-übermut ", "ANNA  LENA", date(2010, 5, 9), True),
        ("Gross-Uebermut", "Anna Lena", date(2010, 5, 9), False),
        ("Groß", "Anna Lena", date(2010, 5, 9), False),
        ("Groß-Übermut", "Anna", date(2010, 5, 9), False),
        ("Groß-Übermut", "Anna Lena", date(2010, 9, 5), False),
        ("", "", date(2010, 5, 9), False),
    ],
)
def test_given_a_name_and_a_day_when_compared_then_only_the_very_same_are_meant(family, given, day, is_meant):
    assert is_exactly(MEANT, family, given, day) is is_meant


def test_given_a_person_on_a_list_when_searched_exactly_then_the_fallzeichen_and_a_line_in_the_log(officer):
    a_draft([case_data(), MEANT])
    case = next(each for each in TransitionCase.objects.all() if each.entries.get().data == MEANT)
    request = a_request()
    page = officer.post(url(request), TYPED)
    assert f"Fall {case.case_ref} , Übergangsliste 2027" in text_of(page)
    assert searches() == [(case.case_ref, SUBJECT)]
    sent = {"case_ref": case.case_ref, "identity_checked_on": ""}
    officer.post(url(request, "request-complete"), sent)
    request.refresh_from_db()
    assert request.case_ref == case.case_ref


@pytest.mark.parametrize("field", list(TYPED))
def test_given_a_near_miss_when_searched_then_nothing_is_said_and_the_log_holds_that_somebody_looked(officer, field):
    a_draft([MEANT])
    near = {"family_name": "Groß-Übermuth", "given_name": "Anna", "date_of_birth": "10.05.2010"}[field]
    page = officer.post(url(a_request()), TYPED | {field: near})
    assert "steht niemand auf einer Liste" in text_of(page)
    assert "UE-" not in text_of(page)
    assert searches() == [("", SUBJECT)]
    assert not any(word in str(AccessLogEntry.objects.values()) for word in ("Übermut", "Anna"))


def test_given_a_person_of_several_versions_and_lists_when_searched_then_each_case_once_also_one_off_the_list(officer):
    by = an_access()
    acknowledged(released(a_draft([MEANT], by=by)))
    draft = a_draft([], by=by, now=LATER)
    entry = draft.entries.get()
    entries.end_case(
        entry=entry, ending=CaseState.POSTPONED, reason=EndReason.SCHOOL_EXTENDED, postponed_to=date(YEAR + 2, 7, 1),
        by=by, now=LATER,
    )  # fmt: skip
    released(draft, now=LATER)
    a_draft([replace(MEANT, expected_end_on=date(YEAR + 2, 7, 1))], by=by, year=YEAR + 1, now=LATER)
    found = officer.post(url(a_request()), TYPED).context["found"]
    assert [case.transition_list.year for case in found.cases] == [YEAR + 1, YEAR]


def test_given_rows_of_a_file_when_searched_then_the_page_says_that_they_wait(officer):
    by = an_access()
    draft = a_draft([], by=by)
    importing.hold_rows(version=draft, rows=[(MEANT, False)], by=by, now=LATER)
    assert "beim Entwurf der Übergangsliste 2027 wartet" in text_of(officer.post(url(a_request()), TYPED))


def test_given_the_lwv_when_it_searches_then_it_finds_what_was_transmitted_to_it_and_no_draft():
    by = an_access()
    released(a_draft([MEANT], by=by))
    a_draft([replace(MEANT, given_name="Berta")], by=by, now=LATER)
    request = a_request("case-receiver", "lwv-hessen")
    client = enter(a_user(role="case-receiver", partner="lwv-hessen"), SUBJECT)
    assert "Gefunden" in text_of(client.post(url(request), TYPED))
    assert "Nicht gefunden" in text_of(client.post(url(request), TYPED | {"given_name": "Berta"}))
    assert client.get(url(a_request())).status_code == 404


def test_given_another_reason_or_an_answered_request_when_searched_then_nothing_is_looked_for(officer):
    a_draft([MEANT])
    request = a_request()
    other = enter(a_user(role="case-officer"), EntryReason.PREPARE)
    assert "Gesucht wird nur für die Anfrage einer betroffenen Person." in text_of(other.post(url(request), TYPED))
    actions.answer_request(
        request=request, answer=RequestAnswer.REFUSED, answered_on=LATER.date(), by=an_access(), now=LATER
    )
    assert "schon beantwortet" in text_of(officer.post(url(request), TYPED))
    assert searches() == []


def test_given_another_reason_when_the_person_changes_it_on_the_page_then_what_was_typed_is_searched_and_logged():
    a_draft([MEANT])
    request = a_request()
    client = enter(a_user(role="case-officer"), EntryReason.PREPARE)
    page = client.get(url(request))
    assert "Grund ändern und suchen" in text_of(page)
    assert "Es wurde nicht gesucht" not in text_of(page)
    half = client.post(url(request), TYPED | {"date_of_birth": "", "grund": "anfrage"})
    assert f'value="{TYPED["family_name"]}"' in half.content.decode()
    assert "Gefunden" in text_of(client.post(url(request), TYPED))
    lines = AccessLogEntry.objects.order_by("pk").values_list("action", "reason", "request")
    assert list(lines)[-2:] == [("ENTER", SUBJECT, str(request.pk)), ("SEARCH", SUBJECT, str(request.pk))]
    assert "Grund ändern und suchen" not in text_of(client.get(url(request)))


def test_given_an_answered_request_when_somebody_would_come_because_of_it_then_the_reason_stays():
    request = a_request()
    actions.answer_request(
        request=request, answer=RequestAnswer.REFUSED, answered_on=LATER.date(), by=an_access(), now=LATER
    )
    client = enter(a_user(role="case-officer"), EntryReason.PREPARE)
    assert "schon beantwortet" in text_of(client.post(url(request), TYPED | {"grund": "anfrage"}))
    assert AccessLogEntry.objects.filter(action=LogAction.ENTER).count() == 1
    assert searches() == []


def test_given_ten_searches_in_an_hour_when_an_eleventh_comes_then_it_is_refused_even_for_who_is_there(
    officer,
):
    a_draft([MEANT])
    request = a_request()
    for number in range(10):
        officer.post(url(request), TYPED | {"given_name": f"Anna {chr(65 + number)}"})
    page = officer.post(url(request), TYPED)
    assert "zehnmal gesucht" in text_of(page)
    assert page.context["found"] is None
    assert len(searches()) == 10
