"""One case as both sides see it, receipt and outcome: who may, who may not, what is logged, what no address says."""

import re
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from kok import clock
from tests.builders import OTHER_COUNTY, a_second_agreement, a_user, an_agreement
from tests.transitions.inside import enter
from tests.transitions.test_stale_pages import hidden
from tests.transitions.world import a_draft, acknowledged, an_access, case_data, released
from tests.worlds import built_once
from transitions.actions import entries, lists
from transitions.models import AccessLogEntry, Acknowledgement, TransitionCase
from transitions.queries.receiving import outcome_mark
from transitions.rules.codes import CaseState, EndReason, LogAction

pytestmark = pytest.mark.django_db
NAME = "Zitronenfalter"
MEANT = {"outcome": "NO_LWV_BENEFIT", "is_meant": "on"}
PEOPLE = [case_data(family_name=NAME, given_name="Ada"), case_data(family_name="Admiral", given_name="Bo")]


@built_once(KOK_NOW="2027-04-20T09:00:00+02:00")
def version():
    an_agreement()
    return released(a_draft(PEOPLE)).version


@built_once
def confirmed(version):
    return acknowledged(version.receipt)


@built_once
def case(version):
    return next(entry.case for entry in version.entries.all() if entry.data.family_name == NAME)


@built_once
def receiver(version):
    return enter(a_user(role="case-receiver", partner="lwv-hessen"))


@built_once
def officer(version):
    return enter(a_user(role="case-officer"))


def url(name, thing, slug="wetteraukreis"):
    return reverse(f"transitions:{name}", args=[slug, getattr(thing, "pk", thing)])


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def looks(case):
    return AccessLogEntry.objects.filter(action=LogAction.VIEW_CASE, case_ref=case.case_ref).count()


@pytest.mark.parametrize("side", ["receiver", "officer"])
def test_given_a_released_case_when_a_side_opens_it_then_it_reads_all_and_the_look_is_logged(side, case, request):
    response = request.getfixturevalue(side).get(url("case", case))
    told = text_of(response)
    assert f"Ada {NAME}" in told
    assert "Fassung 1" in told
    assert "10.03.2027, 11:00 Uhr" in told
    assert "auf die Liste genommen" in told
    assert looks(case) == 1


def test_given_a_case_when_its_page_is_shown_then_title_heading_and_address_say_no_name(receiver, case):
    page = receiver.get(url("case", case)).content.decode()
    assert NAME not in re.search(r"<title>.*?</title>", page, re.DOTALL)[0]
    headings = re.findall(r"<h1[^>]*>(.*?)</h1>", page)
    assert f"Fall {case.case_ref}" in headings
    assert NAME not in " ".join(headings)
    assert NAME not in url("case", case)


def test_given_a_draft_when_the_receiver_asks_for_its_case_then_it_does_not_exist(version, receiver):
    draft = a_draft([case_data(family_name="Entwurf", expected_end_on=date(2027, 7, 1))], year=2026)
    assert receiver.get(url("case", draft.entries.get().case)).status_code == 404


def test_given_a_number_that_nobody_has_when_asked_for_then_nothing_exists_and_nothing_is_logged(receiver):
    before = AccessLogEntry.objects.count()
    for name in ("case", "outcome", "acknowledge"):
        assert receiver.get(url(name, uuid4())).status_code == 404
        assert receiver.post(url(name, uuid4())).status_code in (404, 405)
    assert AccessLogEntry.objects.count() == before


def test_given_the_lwv_of_another_region_when_it_asks_for_a_case_then_it_does_not_exist(version, case):
    other = a_second_agreement()
    stranger = enter(a_user(role="case-receiver", partner="lwv-hessen", agreement=other), agreement=other)
    for name, thing in (("case", case), ("outcome", case), ("acknowledge", version)):
        assert stranger.get(url(name, thing)).status_code == 404
        assert stranger.get(url(name, thing, OTHER_COUNTY)).status_code == 404


def test_given_the_county_when_it_tries_the_acts_of_the_receiver_then_it_is_refused(officer, version, case):
    assert officer.post(url("acknowledge", version)).status_code == 403
    assert officer.post(url("outcome", case), {"outcome": "NO_LWV_BENEFIT"}).status_code == 403
    assert officer.post(url("outcome-revoke", case)).status_code == 403
    assert not Acknowledgement.objects.exists()
    assert TransitionCase.objects.get(pk=case.pk).outcome == ""


def test_given_the_receiver_when_it_tries_the_acts_of_the_county_then_it_is_refused(receiver, case):
    assert receiver.post(url("confirm", case)).status_code == 403
    assert TransitionCase.objects.get(pk=case.pk).state == "NAMED"


def test_given_an_act_when_asked_for_by_get_then_nothing_happens(officer, case):
    assert officer.get(url("confirm", case)).status_code == 405


def test_given_the_county_when_school_ends_as_foreseen_then_it_confirms(officer, case):
    page = officer.get(url("case", case))
    assert "Schulende bestätigen" in text_of(page)
    response = officer.post(url("confirm", case), {"seen": hidden(page, "seen")}, follow=True)
    assert "Schulende bestätigt" in text_of(response)
    assert TransitionCase.objects.get(pk=case.pk).state == "CONFIRMED"


def test_given_a_case_when_the_receiver_records_the_outcome_then_the_deletion_is_six_months_later(
    receiver, confirmed, case
):
    page = text_of(receiver.get(url("outcome", case)))
    assert "Am Mi 20.10.2027 werden die Angaben auf beiden Seiten gelöscht" in page
    assert "„Vom LWV Hessen übernommen“ steht ab Sa 01.07.2028 zur Wahl" in page
    assert 'value="TAKEN_OVER_BY_LWV"' not in receiver.get(url("outcome", case)).content.decode()
    told = text_of(receiver.post(url("outcome", case), {"outcome": "NO_LWV_BENEFIT"}))
    assert "Bestätigen Sie, dass die Angaben an diesem Tag gelöscht werden sollen." in told
    told = text_of(receiver.post(url("outcome", case), MEANT, follow=True))
    assert "20.10.2027 gelöscht" in told
    assert "Ergebnis eingetragen: keine Leistung des LWV Hessen" in told


@pytest.mark.parametrize("is_corrected", [True, False])
def test_given_an_old_page_when_the_case_was_corrected_since_then_no_outcome_is_recorded_for_another_person(
    receiver, version, confirmed, case, is_corrected
):
    old = receiver.get(url("outcome", case))
    by, now = an_access(role="case-officer"), clock.now()
    draft = lists.open_draft(sender=version.transition_list.sender, year=2027, by=by, now=now)
    entry = next(each for each in draft.entries.select_related("case") if (each.case_id == case.pk) is is_corrected)
    data = replace(entry.data, family_name="Ganzanders")
    entries.change_entry(entry=entry, data=data, is_late=False, seen=entry.changed_at, by=by, now=now)
    acknowledged(released(draft, now=now), now=now)
    answer = receiver.post(url("outcome", case), MEANT | {"seen": hidden(old, "seen")})
    if is_corrected:
        assert "wurden inzwischen berichtigt. Es wurde kein Ergebnis eingetragen." in text_of(answer)
        assert "Ganzanders ausgegangen?" in text_of(answer)
        assert TransitionCase.objects.get(pk=case.pk).outcome == ""
        answer = receiver.post(url("outcome", case), MEANT | {"seen": hidden(answer, "seen")})
    assert answer.status_code == 302
    assert TransitionCase.objects.get(pk=case.pk).outcome == "NO_LWV_BENEFIT"


def test_given_a_case_whose_school_ends_this_month_when_the_receiver_opens_it_then_taken_over_can_be_said(
    version, confirmed, case, settings
):
    settings.KOK_NOW = "2028-07-01T00:00:00+02:00"
    client = enter(a_user(role="case-receiver", partner="lwv-hessen"))
    assert "zur Wahl: In diesem Monat" not in text_of(client.get(url("outcome", case)))
    told = text_of(client.post(url("outcome", case), MEANT | {"outcome": "TAKEN_OVER_BY_LWV"}, follow=True))
    assert "Ergebnis eingetragen: vom LWV Hessen übernommen" in told
    assert "01.01.2029 gelöscht" in told


def test_given_an_outcome_when_it_was_wrong_then_the_receiver_takes_it_back_and_the_clock_stops(
    receiver, confirmed, case
):
    receiver.post(url("outcome", case), {"outcome": "OTHER_CARRIER", "is_meant": "on"})
    page = receiver.get(url("outcome-revoke", case))
    assert "Danach ist der Fall wieder offen" in text_of(page)
    assert TransitionCase.objects.get(pk=case.pk).outcome, "one click changes nothing"
    receiver.post(url("outcome-revoke", case), {"seen": outcome_mark(TransitionCase.objects.get(pk=case.pk))})
    now = TransitionCase.objects.get(pk=case.pk)
    assert (now.outcome, now.ended_at) == ("", None)
    assert "Ergebnis zurückgenommen" in text_of(receiver.get(url("case", case)))


def test_given_a_case_taken_off_when_the_version_arrives_then_the_receiver_reads_what_the_application_cannot_erase(
    receiver, version, confirmed, case
):
    by, now = an_access(role="case-officer"), clock.now()
    draft = lists.open_draft(sender=version.transition_list.sender, year=2027, by=by, now=now)
    entries.end_case(
        entry=draft.entries.get(case=case), ending=CaseState.WITHDRAWN, reason=EndReason.SUBJECT_REQUEST,
        postponed_to=None, by=by, now=now,
    )  # fmt: skip
    told = text_of(receiver.get(url("acknowledge", released(draft, now=now).version)))
    why = "zurückgenommen (Löschung auf Verlangen der Person)"
    assert f"Nicht mehr auf der Liste: {case.case_ref}, {why} Die Angaben dazu werden auf beiden Seiten" in told
    assert f"von der Liste genommen: {why}" in text_of(receiver.get(url("case", case)))
    assert "Was Sie davon schon in ein eigenes Verfahren übernommen haben, prüfen Sie dort selbst." in told


def test_given_an_unconfirmed_list_when_an_outcome_is_sent_then_the_receipt_comes_first(receiver, case):
    assert "Zuerst den Empfang bestätigen" in text_of(receiver.get(url("case", case)))
    told = text_of(receiver.post(url("outcome", case), MEANT))
    assert "Bestätigen Sie zuerst den Empfang" in told
    assert "Empfang von Fassung 1 bestätigen (neues Fenster)" in told
    assert TransitionCase.objects.get(pk=case.pk).outcome == ""


@pytest.mark.parametrize("sent", [{}, {"outcome": "GELOGEN"}, {"outcome": "TAKEN_OVER_BY_LWV"}, {"state": "DECEASED"}])
def test_given_a_tampered_form_when_an_outcome_is_sent_then_only_the_three_words_count(receiver, confirmed, case, sent):
    receiver.post(url("outcome", case), (MEANT if "state" in sent else {"is_meant": "on"}) | sent)
    now = TransitionCase.objects.get(pk=case.pk)
    assert now.outcome == ("NO_LWV_BENEFIT" if "state" in sent else "")
    assert now.state == "NAMED"


def test_given_a_released_version_when_the_receiver_confirms_then_the_receipt_says_when_and_names_nobody(
    receiver, version
):
    page = receiver.get(url("acknowledge", version))
    assert "2 Fälle übermittelt" in text_of(page)
    assert NAME not in page.content.decode()
    told = text_of(receiver.post(url("acknowledge", version), follow=True))
    assert "Empfang bestätigt am Di 20.04.2027" in told
    assert Acknowledgement.objects.count() == 1
    receiver.post(url("acknowledge", version))
    assert Acknowledgement.objects.count() == 1


def looks_at(case):
    return AccessLogEntry.objects.filter(action="VIEW_CASE", case_ref=case.case_ref).count()


def test_given_a_second_version_when_it_arrives_then_fallzeichen_and_changed_fields_stand_there(version, case):
    by = an_access(role="case-officer")
    now = version.receipt.released_at
    draft = lists.open_draft(sender=version.transition_list.sender, year=2027, by=by, now=now)
    entry = draft.entries.get(case=case)
    changed = case_data(family_name=NAME, given_name="Ada", facility_place="Büdingen")
    entries.change_entry(entry=entry, data=changed, is_late=False, seen=entry.changed_at, by=by, now=now)
    new = entries.add_entry(version=draft, data=case_data(family_name="Neu"), is_late=False, by=by, now=now)
    released(draft, now=now)
    before = looks_at(case)
    told = text_of(enter(a_user(role="case-receiver", partner="lwv-hessen")).get(url("acknowledge", draft)))
    assert f"Neu: {new.case.case_ref}" in told
    assert f"Berichtigt: {case.case_ref} Ort der Einrichtung: Büdingen, bisher" in told
    assert looks_at(case) == before + 1
    assert "Unverändert: 1" in told
    assert NAME not in told


def test_given_lists_when_every_case_has_its_outcome_or_none_was_named_then_the_receiver_has_nothing_to_do(
    confirmed, receiver
):
    lists_page = reverse("transitions:lists", args=["wetteraukreis"])
    assert "Ergebnisse eintragen" in text_of(receiver.get(lists_page))
    TransitionCase.objects.update(outcome="OTHER_CARRIER", ended_at=clock.now())
    assert "Ergebnisse eintragen" not in text_of(receiver.get(lists_page))
