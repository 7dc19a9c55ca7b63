"""Scenario 23: a request for case X leads to all data, recipients and times within a month (Art. 12 and 15 DSGVO)."""

import re
from datetime import date, timedelta

import pymupdf
import pytest
from django.urls import reverse

from tests.builders import a_user, an_agreement, the_partner
from tests.transitions.inside import carried, enter
from tests.transitions.world import NOW, a_draft, acknowledged, an_access, case_data, released
from tests.worlds import built_once
from transitions.actions import lists
from transitions.actions.entries import change_entry, end_case
from transitions.models import AccessLogEntry, DataSubjectRequest
from transitions.rules.codes import CaseState, EndReason, LogAction

pytestmark = pytest.mark.django_db
DATA = case_data(family_name="Zitronenfalter", facility_place="Bad Nauheim")


@built_once(KOK_NOW="2027-04-20T09:00:00+02:00")
def case():
    """Named, confirmed, corrected in a second version, confirmed again."""
    an_agreement()
    version = acknowledged(released(a_draft([DATA])))
    by, now = an_access(), NOW + timedelta(days=7)
    draft = lists.open_draft(sender=version.transition_list.sender, year=2027, by=by, now=now)
    entry = draft.entries.get()
    mended = case_data(family_name="Zitronenfalter", facility_place="Büdingen")
    change_entry(entry=entry, data=mended, is_late=False, seen=entry.changed_at, by=by, now=now)
    acknowledged(released(draft, now=now), now=now + timedelta(hours=1))
    return entry.case


def url(name, *args):
    return reverse(f"transitions:{name}", args=["wetteraukreis", *args])


def handed_out(client, case):
    page = client.get(url("case-export", case.pk)).content.decode()
    passphrase = re.search(r"<code[^>]*>([a-z2-9-]{29})</code>", page)[1]
    offered = re.search(r'name="passphrase" value="([^"]+)"', page)[1]
    content = client.post(url("case-export", case.pk), {"passphrase": offered}).content
    with pymupdf.open(stream=content, filetype="pdf") as document:
        assert document.needs_pass
        assert document.authenticate(passphrase)
        text = "".join(sheet.get_text() for sheet in document)
        return " ".join(text.replace("-\n", "").split())  # words are hyphenated in narrow cells


def register(client, case, partner="wetteraukreis"):
    form = {
        "kind": "ACCESS", "received_on": "15.04.2027", "case_ref": case.case_ref, "identity_checked_on": "16.04.2027",
        "partner": the_partner(partner).pk,
    }  # fmt: skip
    assert client.post(url("request-new"), form).status_code == 302
    return DataSubjectRequest.objects.get()


def test_23_given_a_request_when_answered_then_all_versions_recipients_and_times_went_out_inside_the_month(case):
    client = enter(a_user(role="case-officer"))
    request = register(client, case)
    page = client.get(url("request", request.pk)).content.decode()
    assert "Antwort bis Sa 15.05.2027" in page
    assert url("case-export", case.pk) in page
    told = handed_out(client, case)
    for words in (
        "Zitronenfalter", "Bad Nauheim", "Büdingen", "Landeswohlfahrtsverband Hessen", "Mi 10.03.2027, 11:00 Uhr",
        "Mi 10.03.2027, 12:00 Uhr", "Mi 17.03.2027, 10:00 Uhr", "Angaben berichtigt", "Beschwerde", "31.12.2029",
    ):  # fmt: skip
        assert words in told, words
    assert AccessLogEntry.objects.filter(action=LogAction.EXPORT, case_ref=case.case_ref).count() == 1
    mark = carried(client, url("request", request.pk))
    client.post(url("request-answer", request.pk), {"answer": "GRANTED", "answered_on": "20.04.2027"} | mark)
    request.refresh_from_db()
    assert (request.answer, request.answered_on) == ("GRANTED", date(2027, 4, 20))


def test_23_given_the_same_person_asks_the_lwv_when_answered_then_it_tells_of_its_own_copy(case):
    client = enter(a_user(role="case-receiver", partner="lwv-hessen"))
    request = register(client, case, "lwv-hessen")
    told = handed_out(client, case)
    assert "Wetteraukreis hat sie übermittelt" in told
    assert "Büdingen" in told
    assert request.partner.slug == "lwv-hessen"


def test_23_given_a_withdrawn_case_whose_time_still_runs_when_asked_then_what_is_held_goes_out(case):
    by, now = an_access(), NOW + timedelta(days=9)
    draft = lists.open_draft(sender=case.transition_list.sender, year=2027, by=by, now=now)
    end_case(
        entry=draft.entries.get(), ending=CaseState.WITHDRAWN, reason=EndReason.SUBJECT_REQUEST, postponed_to=None,
        by=by, now=now,
    )  # fmt: skip
    released(draft, now=now)
    client = enter(a_user(role="case-officer"))
    register(client, case)
    told = handed_out(client, case)
    assert "Zitronenfalter" in told
    assert "von der Liste genommen: zurückgenommen" in told
    assert "Sie werden am 21.04.2027 gelöscht" in told
