"""What became of many cases, said on one page: by whom, line by line, and where two say it at once."""

import re
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from kok import clock, outbox, reminders
from kok.models import OutboxMessage
from members.queries import people_with_role
from tests.builders import a_second_agreement, a_user, an_agreement, the_partner
from tests.roles import by_worker
from tests.transitions.inside import enter
from tests.transitions.world import a_draft, acknowledged, an_access, case_data, released
from tests.worlds import built_once
from transitions.actions import cases, entries, lists, subject_requests
from transitions.models import AccessLogEntry, TransitionCase
from transitions.queries.outcomes import without_outcomes
from transitions.rules.asked_outcomes import asked_on
from transitions.rules.codes import CaseOutcome, CaseState, EndReason, LogAction, RequestKind

pytestmark = pytest.mark.django_db
MEANT = {"is_meant": "on"}
PEOPLE = [
    case_data(family_name="Admiral", given_name="Bo", date_of_birth=date(2010, 1, 1)),
    case_data(family_name="Bläuling", date_of_birth=date(2010, 1, 2), ga_municipality="06440016"),
    case_data(family_name="Zitronenfalter", date_of_birth=date(2010, 1, 3), expected_end_on=date(2028, 10, 1)),
]
LATE = case_data(
    family_name="Spätling", facility_name="Haus am Berg", facility_place="Nidda", expected_end_on=date(2027, 7, 1)
)


@built_once(KOK_NOW="2028-07-03T09:00:00+02:00")
def version() -> Any:
    """Three cases, received; for two of them school ends this month."""
    an_agreement()
    return acknowledged(released(a_draft(PEOPLE)))


@built_once
def receiver(version: Any) -> Any:
    return enter(a_user(role="case-receiver", partner="lwv-hessen"))


def url(name: str, thing: Any, slug: str = "wetteraukreis") -> str:
    return reverse(f"transitions:{name}", args=[slug, getattr(thing, "pk", thing)])


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def case_of(version: Any, name: str) -> TransitionCase:
    return next(entry.case for entry in version.entries.all() if entry.data.family_name == name)


def three(version: Any) -> list[TransitionCase]:
    return [case_of(version, person.family_name) for person in PEOPLE]


def stored(*found: TransitionCase) -> list[str]:
    return [TransitionCase.objects.get(pk=case.pk).outcome for case in found]


def is_chosen(response: Any, case: TransitionCase, outcome: str) -> bool:
    field = rf'<input[^>]*name="{case.pk}" value="{outcome}"[^>]* checked'
    return re.search(field, response.content.decode()) is not None


def test_given_a_received_list_when_many_are_answered_then_each_is_recorded_and_logged_and_the_county_told_once(
    version, receiver
):
    officer = a_user(role="case-officer")
    admiral, blue, lemon = three(version)
    page = text_of(receiver.get(url("outcomes", version)))
    assert "3 Fälle haben noch kein Ergebnis" in page
    assert "Am Mi 03.01.2029 werden die Angaben auf beiden Seiten gelöscht" in page
    assert "„Vom LWV Hessen übernommen“ ab 01.10.2028" in page
    sent = {str(admiral.pk): "TAKEN_OVER_BY_LWV", str(blue.pk): "NO_LWV_BENEFIT", str(lemon.pk): ""}
    told = text_of(receiver.post(url("outcomes", version), sent | MEANT, follow=True))
    assert "2 Ergebnisse sind eingetragen." in told
    assert stored(admiral, blue, lemon) == ["TAKEN_OVER_BY_LWV", "NO_LWV_BENEFIT", ""]
    changed = AccessLogEntry.objects.filter(action=LogAction.CASE_CHANGED).values_list("case_ref", flat=True)
    assert sorted(changed) == sorted([admiral.case_ref, blue.case_ref])
    assert OutboxMessage.objects.filter(kind="cases.changed", to=officer.email).count() == 1


def test_given_the_page_when_looked_at_then_the_look_is_logged_as_one_at_the_list(version, receiver):
    receiver.get(url("outcomes", version))
    line = AccessLogEntry.objects.latest("pk")
    assert (line.action, line.version) == (LogAction.VIEW_LIST, str(version.pk))


def test_given_nothing_chosen_and_nothing_confirmed_when_saved_then_both_are_said_at_once(version, receiver):
    told = text_of(receiver.post(url("outcomes", version)))
    assert "Wählen Sie bei mindestens einem Fall aus, wie er ausgegangen ist." in told
    assert "Bestätigen Sie das, oder wählen Sie bei diesen Fällen „noch offen“." in told


def test_given_no_confirmation_when_saved_then_nothing_is_recorded_and_every_choice_is_kept(version, receiver):
    admiral, blue, _ = three(version)
    sent = {str(admiral.pk): "TAKEN_OVER_BY_LWV", str(blue.pk): "OTHER_CARRIER"}
    page = receiver.post(url("outcomes", version), sent)
    assert stored(admiral, blue) == ["", ""]
    assert is_chosen(page, admiral, "TAKEN_OVER_BY_LWV")
    assert is_chosen(page, blue, "OTHER_CARRIER")


@pytest.mark.parametrize("wrong", ["TAKEN_OVER_BY_LWV", "GELOGEN"])
def test_given_a_line_that_cannot_be_so_when_saved_then_its_error_stands_there_and_the_others_are_kept(
    version, receiver, wrong
):
    admiral, blue, lemon = three(version)
    sent = {str(admiral.pk): "TAKEN_OVER_BY_LWV", str(blue.pk): "OTHER_CARRIER", str(lemon.pk): wrong}
    page = receiver.post(url("outcomes", version), sent | MEANT)
    assert f"Fall {lemon.case_ref}: Dieses Ergebnis steht jetzt nicht zur Wahl." in text_of(page)
    assert is_chosen(page, admiral, "TAKEN_OVER_BY_LWV")
    assert is_chosen(page, blue, "OTHER_CARRIER")
    assert stored(admiral, blue, lemon) == ["", "", ""]


def test_given_a_colleague_who_was_faster_when_saved_then_one_sees_what_he_said_and_the_rest_is_recorded(
    version, receiver
):
    admiral, blue, _ = three(version)
    colleague = an_access("case-receiver")
    cases.record_outcome(case=admiral, outcome=CaseOutcome.OTHER_CARRIER, by=colleague, now=clock.now())
    sent = {str(admiral.pk): "TAKEN_OVER_BY_LWV", str(blue.pk): "NO_LWV_BENEFIT"}
    told = text_of(receiver.post(url("outcomes", version), sent | MEANT))
    assert "Ein Ergebnis ist eingetragen." in told
    note = "Hier steht inzwischen „anderer Träger zuständig“, Mo 03.07.2028, 09:00 Uhr"
    assert f"Fall {admiral.case_ref}: {note}" in told
    assert "Ihre Auswahl „vom LWV Hessen übernommen“ wurde nicht eingetragen." in told
    assert stored(admiral, blue) == ["OTHER_CARRIER", "NO_LWV_BENEFIT"]
    assert "Ein Fall hat noch kein Ergebnis." in told
    assert "1 Fall, dazu 1, der inzwischen ein Ergebnis hat" in told  # the table counts as the lead does


def test_given_a_colleague_who_is_faster_by_a_moment_when_saved_then_one_sees_the_same(version, receiver, monkeypatch):
    admiral, blue, _ = three(version)
    colleague = an_access("case-receiver")
    record = cases.record_outcomes

    def late(**told: Any) -> Any:
        record(outcomes={admiral: CaseOutcome.OTHER_CARRIER}, by=colleague, now=clock.now())
        return record(**told)

    monkeypatch.setattr(cases, "record_outcomes", late)
    sent = {str(admiral.pk): "TAKEN_OVER_BY_LWV", str(blue.pk): "NO_LWV_BENEFIT"}
    told = text_of(receiver.post(url("outcomes", version), sent | MEANT))
    assert f"Fall {admiral.case_ref}: Hier steht inzwischen „anderer Träger zuständig“" in told
    assert "Wählen Sie bei mindestens einem Fall" not in told
    assert stored(admiral, blue) == ["OTHER_CARRIER", "NO_LWV_BENEFIT"]


def test_given_a_line_that_is_refused_in_the_act_when_saved_then_it_says_why_and_the_others_are_recorded(
    version, receiver, monkeypatch
):
    admiral, blue, _ = three(version)
    record = cases.record_outcomes

    def late(**told: Any) -> Any:
        by = an_access("case-receiver")
        subject_requests.register_request(
            partner=the_partner("lwv-hessen"), kind=RequestKind.OBJECTION, case_ref=blue.case_ref,
            received_on=clock.today(), identity_checked_on=clock.today(), by=by, now=clock.now(),
        )  # fmt: skip
        return record(**told)

    monkeypatch.setattr(cases, "record_outcomes", late)
    sent = {str(admiral.pk): "NO_LWV_BENEFIT", str(blue.pk): "NO_LWV_BENEFIT"}
    told = text_of(receiver.post(url("outcomes", version), sent | MEANT))
    assert "Ein Ergebnis ist eingetragen." in told
    assert f"Fall {blue.case_ref}: Hier steht inzwischen „Verarbeitung eingeschränkt“" in told
    assert stored(admiral, blue) == ["NO_LWV_BENEFIT", ""]


def test_given_a_new_version_meanwhile_when_saved_then_nothing_is_recorded_until_it_was_received_and_seen(
    version, receiver
):
    admiral, blue, _ = three(version)
    officer, now = an_access(), clock.now()
    draft = lists.open_draft(sender=version.transition_list.sender, year=2027, by=officer, now=now)
    gone = {"ending": CaseState.MOVED_AWAY, "reason": EndReason.MOVED, "postponed_to": None}
    entries.end_case(entry=draft.entries.get(case=blue), **gone, by=officer, now=now)
    receipt = released(draft, now=now)
    sent = {str(admiral.pk): "NO_LWV_BENEFIT", str(blue.pk): "NO_LWV_BENEFIT"} | MEANT
    page = receiver.post(url("outcomes", version), sent)
    assert "Bestätigen Sie zuerst den Empfang der Liste." in text_of(page)
    assert is_chosen(page, admiral, "NO_LWV_BENEFIT")
    acknowledged(receipt, now=now)
    page = receiver.post(url("outcomes", version), sent)
    assert "Inzwischen ist Fassung 2 dieser Liste übermittelt." in text_of(page)
    assert f"Fall {blue.case_ref}: Hier steht inzwischen „nicht mehr auf der Liste“" in text_of(page)
    assert is_chosen(page, admiral, "NO_LWV_BENEFIT")
    assert stored(admiral, blue) == ["", ""]
    assert f'action="{url("outcomes", draft)}"' in page.content.decode()
    receiver.post(url("outcomes", draft), {str(admiral.pk): "NO_LWV_BENEFIT"} | MEANT)
    assert stored(admiral) == ["NO_LWV_BENEFIT"]


def test_given_a_version_that_is_not_the_one_to_answer_when_asked_for_then_one_is_led_to_what_comes_first(
    version, receiver
):
    now = clock.now()
    draft = lists.open_draft(sender=version.transition_list.sender, year=2027, by=an_access(), now=now)
    entries.add_entry(version=draft, data=case_data(given_name="Oda"), is_late=False, by=an_access(), now=now)
    assert receiver.get(url("outcomes", draft)).status_code == 404
    released(draft, now=now)
    assert receiver.get(url("outcomes", version))["Location"] == url("outcomes", draft)
    answer = receiver.get(url("outcomes", draft), follow=True)
    assert answer.redirect_chain[-1][0] == url("acknowledge", draft)
    assert "Bestätigen Sie zuerst den Empfang der Liste." in text_of(answer)


def test_given_a_restricted_case_when_the_page_is_opened_then_it_is_not_asked_about_and_its_absence_is_said(
    version, receiver
):
    admiral = case_of(version, "Admiral")
    subject_requests.register_request(
        partner=the_partner("lwv-hessen"), kind=RequestKind.OBJECTION, case_ref=admiral.case_ref,
        received_on=clock.today(), identity_checked_on=clock.today(), by=an_access("case-receiver"), now=clock.now(),
    )  # fmt: skip
    page = receiver.get(url("outcomes", version))
    assert "Admiral" not in text_of(page)
    assert "Ein Fall steht hier nicht, weil seine Verarbeitung eingeschränkt ist" in text_of(page)
    receiver.post(url("outcomes", version), {str(admiral.pk): "NO_LWV_BENEFIT"} | MEANT)
    assert stored(admiral) == [""]


def test_given_every_case_answered_when_the_page_is_opened_then_it_says_so(version, receiver):
    TransitionCase.objects.update(outcome="OTHER_CARRIER", ended_at=clock.now())
    page = receiver.get(url("outcomes", version))
    assert "Jeder Fall hat sein Ergebnis." in text_of(page)
    assert "<table" not in page.content.decode()


def test_given_who_may_not_answer_when_asked_for_then_the_page_is_not_there(version):
    assert enter(a_user(role="case-receiver", partner="lwv-hessen")).get(url("outcomes", uuid4())).status_code == 404
    assert enter(a_user(role="case-officer")).post(url("outcomes", version), MEANT).status_code == 403
    other = a_second_agreement()
    stranger = enter(a_user(role="case-receiver", partner="lwv-hessen", agreement=other), agreement=other)
    assert stranger.get(url("outcomes", version)).status_code == 404


def test_given_a_filter_when_answers_are_saved_then_it_is_kept_and_what_it_leaves_out_stays_open(version, receiver):
    admiral, blue, lemon = three(version)
    address = f"{url('outcomes', version)}?gemeinde=06440008"
    page = receiver.get(address)
    assert "Sie sehen 2 von 3 Fällen." in text_of(page)
    assert "Bläuling" not in text_of(page)
    assert f'action="{address}"' in page.content.decode()
    told = text_of(receiver.post(address, {str(admiral.pk): "OTHER_CARRIER"} | MEANT, follow=True))
    assert "Ein Ergebnis ist eingetragen." in told
    assert stored(admiral, blue, lemon) == ["OTHER_CARRIER", "", ""]


def filtered(client: Any, version: Any, query: str) -> set[str]:
    page = client.get(f"{url('version', version)}?{query}").content.decode()
    table = page.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in page else ""
    return {person.family_name for person in (*PEOPLE, LATE) if person.family_name in table}


def test_given_a_received_list_when_filtered_then_only_what_fits_stands_there_and_an_unknown_filter_shows_all(
    version, receiver
):
    now = clock.now()
    draft = lists.open_draft(sender=version.transition_list.sender, year=2027, by=an_access(), now=now)
    entries.add_entry(version=draft, data=LATE, is_late=True, by=an_access(), now=now)
    newest = acknowledged(released(draft, now=now), now=now)
    cases.record_outcome(
        case=case_of(newest, "Admiral"), outcome=CaseOutcome.OTHER_CARRIER, by=an_access("case-receiver"), now=now
    )
    everybody = {"Admiral", "Bläuling", "Zitronenfalter", "Spätling"}
    page = receiver.get(url("version", newest)).content.decode()
    options = dict(re.findall(r'<option value="([^"]*)"[^>]*>\s*([^<]+?)\s*</option>', page))
    berg = next(key for key, words in options.items() if words == "Haus am Berg, Nidda (1)")
    assert "Berg" not in berg
    assert berg != sha256(b"Haus am Berg\nNidda").hexdigest()[:12]  # nobody tries out names without the key
    assert "ohne Ergebnis (3)" in options.values()
    assert "benannt (3)" not in options.values()  # the same three under another word
    assert "Nidda (06440016)" in page
    assert filtered(receiver, newest, "") == everybody
    assert filtered(receiver, newest, "gemeinde=06440016") == {"Bläuling"}
    assert filtered(receiver, newest, f"einrichtung={berg}") == {"Spätling"}
    assert filtered(receiver, newest, "stand=ohne-ergebnis") == everybody - {"Admiral"}
    assert filtered(receiver, newest, "stand=anderer-trager-zustandig") == {"Admiral"}
    assert filtered(receiver, newest, "meldung=nachmeldungen") == {"Spätling"}
    assert filtered(receiver, newest, "gemeinde=06440016&meldung=nachmeldungen") == set()
    assert "Kein Fall passt" in text_of(
        receiver.get(f"{url('version', newest)}?gemeinde=06440016&meldung=nachmeldungen")
    )
    assert filtered(receiver, newest, "gemeinde=erfunden&stand=x") == everybody
    link = f'{url("outcomes", newest)}?gemeinde=06440016"'
    assert link in receiver.get(f"{url('version', newest)}?gemeinde=06440016&egal=1").content.decode()


# Outcomes that are missing

TODAY = date(2028, 7, 3)


def reminded(settings: Any, day: date) -> list[str]:
    """To whom the reminders of this day go out."""
    settings.KOK_NOW = f"{day}T09:00:00+02:00"
    mail.outbox.clear()
    by_worker(reminders.queue, today=day, now=clock.now())
    by_worker(outbox.deliver, now=clock.now())
    return sorted(message.to[0] for message in mail.outbox if "fehlen noch Ergebnisse" in message.body)


def asked_for(user: Any) -> list[str]:
    client = Client()
    client.force_login(user)
    page = client.get(reverse("reporting:overview", args=["wetteraukreis"]))
    return [todo.note for todo in page.context["overview"].todos if todo.what.startswith("Ergebnisse fehlen")]


def test_given_outcomes_that_are_missing_when_the_school_year_is_over_then_the_receiver_is_asked_until_all_are_said(
    version: Any, settings: Any
) -> None:
    receiver = a_user(role="case-receiver", partner="lwv-hessen")
    everybody = sorted(each.email for each in people_with_role("case-receiver", the_partner("lwv-hessen"), TODAY))
    assert reminded(settings, date(2028, 7, 31)) == asked_for(receiver) == []
    assert reminded(settings, date(2028, 8, 1)) == everybody
    assert reminded(settings, date(2028, 8, 2)) == []
    assert asked_for(receiver) == ["Übergangsliste 2027"]
    assert asked_for(a_user(role="case-officer")) == []
    by = an_access("case-receiver", user=receiver)
    for case in three(version)[:2]:
        cases.record_outcome(case=case, outcome=CaseOutcome.NO_LWV_BENEFIT, by=by, now=clock.now())
    assert reminded(settings, date(2029, 1, 1)) == []  # a holiday
    assert reminded(settings, date(2029, 1, 2)) == everybody
    cases.record_outcome(case=three(version)[2], outcome=CaseOutcome.NO_LWV_BENEFIT, by=by, now=clock.now())
    assert reminded(settings, date(2029, 7, 2)) == asked_for(receiver) == []


def test_given_a_case_that_may_only_be_kept_when_its_outcome_is_missing_then_nobody_is_asked_for_it(
    version: Any, settings: Any
) -> None:
    first, *others = three(version)
    for case in others:
        cases.record_outcome(
            case=case, outcome=CaseOutcome.NO_LWV_BENEFIT, by=an_access("case-receiver"), now=clock.now()
        )
    assert [each.pk for each in without_outcomes(date(2028, 8, 1))] == [version.pk]
    subject_requests.register_request(
        partner=the_partner("lwv-hessen"), kind=RequestKind.OBJECTION, case_ref=first.case_ref,
        received_on=date(2028, 7, 1), identity_checked_on=date(2028, 7, 1), by=an_access("case-receiver"),
        now=clock.now(),
    )  # fmt: skip
    assert without_outcomes(date(2028, 8, 1)) == []


@pytest.mark.parametrize(
    ("today", "name"),
    [
        (date(2028, 7, 31), None),
        (date(2028, 8, 1), "school-year"),
        (date(2029, 1, 1), "school-year"),  # a holiday
        (date(2029, 1, 2), "calendar-year"),
        (date(2029, 7, 1), "calendar-year"),  # a Sunday
        (date(2029, 7, 2), "last-half-year"),
        (date(2029, 12, 31), "last-half-year"),
        (date(2030, 1, 1), None),  # everybody is erased
    ],
)
def test_given_a_list_when_days_pass_then_a_reminder_stands_from_its_workday_on(today: date, name: str | None) -> None:
    found = asked_on(2027, today)
    assert (found and found.name) == name
