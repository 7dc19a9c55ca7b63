"""The register of requests of the people concerned: one month, own partner only, no name."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse

from kok import outbox, reminders
from kok.clock import now
from kok.errors import Refused
from kok.models import AuditEvent
from tests.builders import OTHER_COUNTY, a_second_agreement, a_user, an_agreement, the_partner
from tests.roles import by_worker
from tests.transitions.inside import carried, enter
from tests.transitions.world import a_draft, an_access, case_data, released
from tests.worlds import built_once
from transitions.actions import entries
from transitions.actions import subject_requests as actions
from transitions.actions.log import record_access
from transitions.models import DataSubjectRequest
from transitions.queries.requests import RequestLine
from transitions.rules.codes import CaseState, EndReason, ExtensionReason, LogAction, RequestAnswer, RequestKind
from transitions.rules.subject_requests import answer_due_on

pytestmark = pytest.mark.django_db
NAME = "Zitronenfalter"
RECEIVED_ON = date(2027, 4, 20)


@built_once(KOK_NOW="2027-04-20T09:00:00+02:00")
def case():
    an_agreement()
    return released(a_draft([case_data(family_name=NAME)])).version.entries.get().case


@built_once
def officer(case):
    return enter(a_user(role="case-officer"))


def url(name, *args, slug="wetteraukreis"):
    return reverse(f"transitions:{name}", args=[slug, *args])


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def a_request(case=None, *, partner="wetteraukreis", role="case-officer", kind=RequestKind.ACCESS, **values):
    given = {"case_ref": case.case_ref if case else "", "received_on": RECEIVED_ON, "identity_checked_on": None}
    by = an_access(role=role, partner=partner)
    return actions.register_request(partner=the_partner(partner), kind=kind, by=by, now=now(), **given | values)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2027-04-20", "2027-05-20"),
        ("2027-01-31", "2027-02-28"),
        ("2028-01-30", "2028-02-29"),
        ("2027-12-15", "2028-01-15"),
    ],
)
def test_given_a_request_when_received_then_the_answer_is_due_one_month_later(received, due):
    assert answer_due_on(date.fromisoformat(received)) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("today", "overdue", "urgent"),
    [((5, 12), False, False), ((5, 13), False, True), ((5, 20), False, True), ((5, 21), True, False)],
)
def test_given_an_open_request_when_days_pass_then_it_becomes_urgent_and_overdue(case, today, overdue, urgent):
    line = RequestLine(a_request(case), date(2027, *today))
    assert (line.is_overdue, line.is_urgent) == (overdue, urgent)


def test_given_a_request_when_entered_by_hand_then_the_register_shows_its_clock_and_no_name(officer, case, settings):
    form = {
        "kind": "ACCESS", "received_on": "20.04.2027", "case_ref": case.case_ref.lower().replace("-", " - "),
        "identity_checked_on": "", "partner": the_partner().pk,
    }  # fmt: skip
    told = text_of(officer.post(url("request-new"), form, follow=True))
    assert f"Auskunft zum Fall {case.case_ref}" in told
    assert "Antwort bis Do 20.05.2027" in told
    settings.KOK_NOW = "2027-05-22T09:00:00+02:00"
    page = enter(a_user(role="case-releaser")).get(url("requests"))
    assert "Eine Anfrage ist offen und überfällig." in text_of(page)
    assert "seit 2 Tagen überfällig" in text_of(page)
    assert NAME not in page.content.decode()
    assert NAME not in str(DataSubjectRequest.objects.values().get())
    assert list(AuditEvent.objects.filter(action__startswith="subject_request.").values_list("note", flat=True)) == [""]


def test_given_the_page_of_a_case_when_a_request_is_entered_from_there_then_its_fallzeichen_is_filled_in(officer, case):
    assert f'value="{case.case_ref}"' in officer.get(f"{url('request-new')}?fall={case.pk}").content.decode()
    for wrong in (uuid4(), "unfug", ""):
        assert (
            "UE-"
            not in re.findall(
                r'name="case_ref"[^>]*', officer.get(f"{url('request-new')}?fall={wrong}").content.decode()
            )[0]
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"received_on": date(2027, 4, 21)},
        {"received_on": date(2026, 4, 1)},
        {"identity_checked_on": date(2027, 4, 19)},
        {"identity_checked_on": date(2027, 4, 21)},
        {"case_ref": "UE-2027-AAAA"},
    ],
)
def test_given_a_slip_when_a_request_is_entered_then_a_sentence_says_so_and_nothing_is_stored(case, wrong):
    with pytest.raises(Refused):
        a_request(case, **wrong)
    assert not DataSubjectRequest.objects.exists()


def test_given_three_slips_when_a_request_is_entered_then_all_are_said_at_once(case):
    wrong = {
        "received_on": date(2020, 1, 1), "identity_checked_on": date(2019, 1, 1), "case_ref": "UE-2027-ZZZZ",
    }  # fmt: skip
    with pytest.raises(Refused, match=r"Der Eingang liegt.*Die Identität wurde.*Ein Fall mit diesem Fallzeichen"):
        a_request(**wrong)
    assert not DataSubjectRequest.objects.exists()


def test_given_a_partner_of_others_when_a_form_is_tampered_with_then_nothing_is_stored(officer):
    form = {"kind": "ACCESS", "received_on": "20.04.2027", "partner": the_partner("lwv-hessen").pk}
    assert officer.post(url("request-new"), form).status_code == 200
    assert not DataSubjectRequest.objects.exists()
    with pytest.raises(Refused):
        actions.register_request(
            partner=the_partner("lwv-hessen"), kind=RequestKind.ACCESS, case_ref="", received_on=RECEIVED_ON,
            identity_checked_on=None, by=an_access(role="case-officer"), now=now(),
        )  # fmt: skip


def test_given_two_partners_when_each_opens_the_register_then_it_sees_its_own_requests_only(officer, case):
    theirs = a_request(case, partner="lwv-hessen", role="case-receiver")
    assert "Es gibt noch keine Anfragen." in text_of(officer.get(url("requests")))
    sent = {"answer": "NO_DATA", "answered_on": "20.04.2027"}
    for name in ("request", "request-complete", "request-answer"):
        get, post = officer.get(url(name, theirs.pk)), officer.post(url(name, theirs.pk), sent)
        assert {get.status_code, post.status_code} <= {404, 405}
    theirs.refresh_from_db()
    assert theirs.answer == ""
    with pytest.raises(Refused):
        actions.answer_request(
            request=theirs, answer=RequestAnswer.REFUSED, answered_on=RECEIVED_ON,
            by=an_access(role="case-officer"), now=now(),
        )  # fmt: skip


def test_given_another_region_when_it_asks_for_a_request_then_it_does_not_exist(case):
    stored = a_request(case)
    other = a_second_agreement()
    stranger = enter(a_user(role="case-officer", partner="nachbarkreis", agreement=other), agreement=other)
    for slug in ("wetteraukreis", OTHER_COUNTY):
        assert stranger.get(url("request", stored.pk, slug=slug)).status_code == 404
    form = {"kind": "ACCESS", "received_on": "20.04.2027", "case_ref": case.case_ref}
    form["partner"] = the_partner("nachbarkreis", other).pk
    assert "ist für Sie nicht da" in text_of(stranger.post(url("request-new", slug=OTHER_COUNTY), form))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (RequestKind.ACCESS, "Erstellen Sie die Auskunft als verschlüsselte Datei"),
        (RequestKind.CORRECTION, "und ändern Sie dort die Angaben"),
        (RequestKind.ERASURE, "„Löschung auf Verlangen der Person“"),
        (RequestKind.RESTRICTION, "gilt die Einschränkung, bis Sie sie hier aufheben"),
        (RequestKind.OBJECTION, "mit dem Grund „Widerspruch der Person“"),
    ],
)
def test_given_a_kind_of_request_when_opened_then_the_page_says_what_to_do(officer, case, kind, words):
    told = text_of(officer.get(url("request", a_request(case, kind=kind).pk)))
    assert words in told
    assert "Ab dem 15. Geburtstag kann die Person selbst fragen" in told
    assert "So lesen wir § 36 SGB I" in told


def test_given_the_receiver_when_asked_to_correct_then_the_page_sends_to_the_county_which_answers_for_the_list(case):
    stored = a_request(case, partner="lwv-hessen", role="case-receiver", kind=RequestKind.CORRECTION)
    client = enter(a_user(role="case-receiver", partner="lwv-hessen"))
    assert "Geben Sie ihm das Verlangen mit dem Fallzeichen weiter" in text_of(client.get(url("request", stored.pk)))


def test_given_a_request_without_identity_when_answered_then_refused_until_it_was_checked(officer, case):
    stored = a_request(case)
    sent = {"answer": "GRANTED", "answered_on": "20.04.2027"}
    assert "an dem die Identität geprüft wurde" in text_of(
        officer.post(url("request-answer", stored.pk), sent | carried(officer, url("request", stored.pk)))
    )
    found = {"case_ref": case.case_ref, "identity_checked_on": "20.04.2027"}
    officer.post(url("request-complete", stored.pk), found)
    record_access(by=an_access(), action=LogAction.EXPORT, case=case, request=stored, now=now())
    officer.post(url("request-answer", stored.pk), sent | carried(officer, url("request", stored.pk)))
    stored.refresh_from_db()
    assert (stored.answer, stored.answered_on) == ("GRANTED", date(2027, 4, 20))


@pytest.mark.parametrize(
    ("with_case", "answer", "answered_on"),
    [
        (True, "NO_DATA", "20.04.2027"),
        (False, "GRANTED", "20.04.2027"),
        (False, "NO_DATA", "20.04.2027"),
        (False, "REFUSED", "21.04.2027"),
        (False, "REFUSED", "19.04.2027"),
    ],
)
def test_given_an_answer_that_does_not_fit_when_entered_then_the_request_stays_open(
    officer, case, with_case, answer, answered_on
):
    stored = a_request(case if with_case else None)
    sent = {"answer": answer, "answered_on": answered_on} | carried(officer, url("request", stored.pk))
    officer.post(url("request-answer", stored.pk), sent)
    stored.refresh_from_db()
    assert stored.answer == ""


def test_given_an_answered_request_when_answered_again_then_it_stays_as_it_was(officer, case):
    stored = a_request()
    mark = carried(officer, url("request", stored.pk))
    for answer in ("REFUSED", "PARTLY"):
        officer.post(url("request-answer", stored.pk), {"answer": answer, "answered_on": "20.04.2027"} | mark)
    stored.refresh_from_db()
    assert stored.answer == "REFUSED"


def test_given_a_request_without_a_case_when_nobody_looked_for_the_person_then_no_data_is_no_answer(officer, case):
    stored, other = a_request(), a_request(kind=RequestKind.ERASURE)
    record_access(by=an_access(), action=LogAction.SEARCH, request=other, now=now())

    def answered():
        sent = {"answer": "NO_DATA", "answered_on": "20.04.2027"} | carried(officer, url("request", stored.pk))
        told = text_of(officer.post(url("request-answer", stored.pk), sent))
        stored.refresh_from_db()
        return told

    assert "hat noch niemand die Person gesucht" in answered()
    assert stored.answer == ""
    record_access(by=an_access(), action=LogAction.SEARCH, request=stored, now=now())
    answered()
    assert stored.answer == "NO_DATA"


def test_given_a_week_before_the_end_when_the_morning_comes_then_the_own_case_unit_is_reminded_once_and_neutrally(
    case, settings, django_capture_on_commit_callbacks
):
    people = [a_user(role="case-officer"), a_user(role="case-releaser")]
    a_user(role="case-receiver", partner="lwv-hessen")
    a_request(case)
    mail.outbox.clear()
    for day in ("2027-05-12", "2027-05-13", "2027-05-14", "2027-05-21"):
        settings.KOK_NOW = f"{day}T06:00:00+02:00"
        with django_capture_on_commit_callbacks(execute=True):
            reminders.queue(today=date.fromisoformat(day), now=now())
        by_worker(outbox.deliver, now=now())
        got = {message.to[0] for message in mail.outbox if "Anfrage" in message.body}
        assert not got if day == "2027-05-12" else {user.email for user in people} <= got
        assert not any(address.startswith("lwv-hessen") for address in got)
    ours = [message for message in mail.outbox if people[0].email in message.to and "Anfrage" in message.body]
    assert len(ours) == 2
    assert {message.subject for message in ours} == {"KoK Wetteraukreis: neue Mitteilung liegt vor"}
    assert not any(word in f"{m.subject} {m.body}" for m in ours for word in (NAME, case.case_ref))


def test_given_an_answered_request_when_the_day_comes_then_nobody_is_reminded(case):
    a_request()
    actions.answer_request(
        request=DataSubjectRequest.objects.get(), answer=RequestAnswer.REFUSED, answered_on=RECEIVED_ON,
        by=an_access(role="case-officer"), now=now(),
    )  # fmt: skip
    assert [due for due in reminders.due_on(date(2027, 5, 21)) if due.kind == "reminder.subject-request"] == []


def test_given_a_demand_for_erasure_when_the_case_is_off_the_list_then_the_page_no_longer_asks_for_it(case, officer):
    asked = a_request(case, kind=RequestKind.ERASURE)
    page = url("request", asked.pk)
    assert "Wählen Sie auf der Seite der Liste „Ergänzen oder ändern“" in text_of(officer.get(page))
    by = an_access()
    draft = a_draft([], by=by, now=now())
    entry = draft.entries.get()
    assert reverse("transitions:entry-end", args=["wetteraukreis", entry.pk]) in officer.get(page).content.decode()
    reason = EndReason.SUBJECT_REQUEST
    entries.end_case(entry=entry, ending=CaseState.WITHDRAWN, reason=reason, postponed_to=None, by=by, now=now())
    released(draft, now=now())
    shown = text_of(officer.get(page))
    assert "Erledigt: Der Fall ist von der Liste genommen" in shown
    assert "Beginnen Sie auf der Seite der Liste" not in shown


# More than a month (Art. 12 Abs. 3 DSGVO)


def extended(request, *, months=2, told_on=RECEIVED_ON, by=None):
    by = by or an_access(role="case-officer")
    actions.extend_request(
        request=request, months=months, reason=ExtensionReason.COMPLEX, told_on=told_on, by=by, now=now()
    )


@pytest.mark.parametrize(
    ("received", "months", "due"),
    [("2027-01-31", 1, "2027-03-31"), ("2027-11-30", 2, "2028-02-29"), ("2027-04-20", 2, "2027-07-20")],
)
def test_given_an_extension_when_counted_then_the_months_follow_the_day_of_receipt(received, months, due):
    assert answer_due_on(date.fromisoformat(received), months) == date.fromisoformat(due)


def test_given_a_running_month_when_extended_by_hand_then_the_page_says_until_when_and_why(officer, case):
    stored = a_request(case)
    assert "Bis Do 20.05.2027 müssen Sie die Person" in text_of(officer.get(url("request", stored.pk)))
    sent = {"months": "2", "reason": "COMPLEX", "told_on": "20.04.2027"}
    told = text_of(officer.post(url("request-extend", stored.pk), sent, follow=True))
    assert "Antwort bis Di 20.07.2027" in told
    assert "um zwei Monate: die Anfrage ist schwierig oder umfangreich; die Person weiß es seit 20.04.2027" in told
    assert "Wenn ein Monat nicht reicht" not in told
    assert AuditEvent.objects.filter(action="subject_request.extended").count() == 1


@pytest.mark.parametrize(
    ("changes", "today", "sentence"),
    [
        ({"months": 3}, "2027-04-20", "um einen oder um zwei Monate"),
        ({"told_on": date(2027, 4, 19)}, "2027-04-20", "frühestens am Tag des Eingangs"),
        ({"told_on": date(2027, 4, 21)}, "2027-04-20", "spätestens heute"),
        ({"told_on": date(2027, 5, 21)}, "2027-05-21", "bis 20.05.2027"),
    ],
)
def test_given_an_extension_against_the_law_when_entered_then_refused_and_the_month_stays(
    case, settings, changes, today, sentence
):
    stored = a_request(case)
    settings.KOK_NOW = f"{today}T09:00:00+02:00"
    with pytest.raises(Refused, match=sentence):
        extended(stored, **changes)
    stored.refresh_from_db()
    assert stored.extension_months == 0


def test_given_an_extension_when_asked_again_or_by_another_partner_or_after_the_answer_then_refused(case):
    stored = a_request()
    with pytest.raises(Refused):
        extended(stored, by=an_access(role="case-receiver"))
    extended(stored, months=1)
    with pytest.raises(Refused, match="schon verlängert"):
        extended(stored, months=2)
    other = a_request()
    actions.answer_request(
        request=other, answer=RequestAnswer.REFUSED, answered_on=RECEIVED_ON, by=an_access(role="case-officer"),
        now=now(),
    )  # fmt: skip
    with pytest.raises(Refused, match="schon beantwortet"):
        extended(other)


def test_given_an_extended_request_when_its_first_month_ends_then_nobody_is_reminded_before_the_last_week(case):
    a_user(role="case-officer")
    extended(a_request(case))
    days = [date(2027, 5, 20), date(2027, 7, 12), date(2027, 7, 13)]
    found = [[each for each in reminders.due_on(day) if each.kind == "reminder.subject-request"] for day in days]
    assert [bool(each) for each in found] == [False, False, True]


def test_given_an_answer_after_its_last_day_when_it_was_corrected_then_only_the_answer_that_counts_was_late():
    row = DataSubjectRequest(
        kind=RequestKind.ACCESS,
        answer=RequestAnswer.GRANTED,
        received_on=date(2027, 4, 20),
        answered_on=date(2027, 6, 20),
    )
    assert RequestLine(row, date(2027, 7, 1)).was_late
    assert not RequestLine(row, date(2027, 7, 1), corrected_by=uuid4()).was_late
