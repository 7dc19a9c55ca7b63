"""Reminders of 8b, 8c and 8d: the right people, each stage once, caught up, ended by fulfilment (domain.md 2.7)."""

import json
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.mail.backends.smtp import EmailBackend
from django.core.management import call_command
from django.db import transaction

from kok import erasure, outbox, reminders
from kok.models import Dispatch, OutboxMessage, User
from meetings.models import Meeting
from members.models import RoleAssignment
from reporting.duties.actions.submissions import record_submission, withdraw_submission
from tests.builders import a_meeting, a_person, a_user, an_agreement, give_role, the_partner
from tests.roles import by_worker
from tests.transitions.numbers import a_list, a_release, a_version
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
DUTY = "reminder.duty"


@built_once
def agreement():
    """Introduced in 2027: what was over by then is nobody's concern here."""
    found = an_agreement()
    found.introduced_on = date(2027, 1, 4)
    found.save()
    return found


@built_once
def people(agreement):
    """A reporter and a secretariat of each partner, the county's case officer (8b), named by what they are."""
    held = [(partner, role) for partner in ("wetteraukreis", "lwv-hessen") for role in ("reporter", "secretariat")]
    return {
        f"{partner}-{role}": a_user(role=role, partner=partner, username=f"{partner}-{role}")
        for partner, role in [*held, ("wetteraukreis", "case-officer")]
    }


def at(day, hour=8):
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def told(day):
    """(code, stage, recipient without domain) of everything that stands on a day for the deadlines of its year."""
    return {
        (due.context["code"], due.stage, due.to.partition("@")[0])
        for due in reminders.due_on(day)
        if due.kind == DUTY and due.context["due_year"] == day.year
    }


def queue(day):
    return reminders.queue(today=day, now=at(day))


def record(people, agreement, code, partner, on, due_year=2027):
    is_8b = code == "O-04"
    return record_submission(
        agreement=agreement,
        code=code,
        due_year=due_year,
        debtor=the_partner(partner),
        submitted_on=on,
        channel="SECURE_MAIL" if is_8b else "STATEWIDE",
        evidence="Az. 1",
        by=people[f"{partner}-reporter"],
        now=at(on),
    )


BEFORE = {
    ("O-04", "wetteraukreis-case-officer"),
    ("O-05", "wetteraukreis-reporter"),
    ("O-06", "lwv-hessen-reporter"),
}
# From 01.03.2026 the county is in office, from 01.03.2028 the LWV; whoever is does not hear of what he owes himself.
IN_OFFICE = {("O-06", "wetteraukreis-secretariat")}


@pytest.mark.parametrize(
    ("day", "stage", "recipients"),
    [
        (date(2027, 1, 29), None, set()),
        (date(2027, 1, 30), "-90", BEFORE),
        (date(2027, 3, 31), "-30", BEFORE),
        (date(2027, 4, 16), "-14", BEFORE),
        (date(2027, 4, 27), "-3", BEFORE),
        (date(2027, 4, 30), "0", BEFORE),
        (date(2027, 5, 1), "+1", BEFORE | IN_OFFICE),
        (date(2027, 5, 8), "+8", BEFORE | IN_OFFICE),
    ],
)
def test_given_nothing_recorded_when_a_day_comes_then_the_stage_goes_to_these_people(people, day, stage, recipients):
    assert told(day) == {(code, stage, who) for code, who in recipients}


def test_given_the_moved_deadline_of_2028_when_1_may_comes_then_it_is_not_yet_overdue(people):
    assert {stage for _, stage, _ in told(date(2028, 5, 2))} == {"0"}
    assert {stage for _, stage, _ in told(date(2028, 5, 3))} == {"+1"}


def test_given_the_introduction_when_older_deadlines_are_open_then_nobody_is_reminded_of_them(people):
    found = {due.context["due_year"] for due in reminders.due_on(date(2028, 5, 4)) if due.kind == DUTY}
    assert found == {2027, 2028}  # introduced in 2027


def test_given_a_queued_stage_when_the_run_repeats_then_nothing_is_queued_twice(people):
    assert queue(date(2027, 4, 16)) == 3
    assert queue(date(2027, 4, 16)) == 0
    assert queue(date(2027, 4, 17)) == 0


def test_given_a_scheduler_that_slept_from_28_april_to_2_may_when_it_wakes_then_each_is_told_once(people):
    queue(date(2027, 4, 27))
    assert queue(date(2027, 5, 3)) == len(BEFORE | IN_OFFICE)
    stages = Counter(OutboxMessage.objects.values_list("context__stage", flat=True))
    assert stages == {"-3": len(BEFORE), "+1": len(BEFORE | IN_OFFICE)}


def test_given_a_recorded_submission_when_the_day_comes_then_only_the_others_are_reminded(people, agreement):
    entry = record(people, agreement, "O-04", "wetteraukreis", date(2027, 4, 10))
    assert {code for code, _, _ in told(date(2027, 4, 16))} == {"O-05", "O-06"}
    withdraw_submission(
        submission=entry, reason="falsch", by=people["wetteraukreis-reporter"], now=at(date(2027, 4, 12))
    )
    assert {code for code, _, _ in told(date(2027, 4, 16))} == {"O-04", "O-05", "O-06"}


def test_given_one_person_with_all_roles_when_overdue_then_one_mail_per_duty(agreement):
    user = a_user(role="reporter", username="alles")
    give_role(user, role="case-officer")
    give_role(user, role="secretariat")
    assert sorted(due.context["code"] for due in reminders.due_on(date(2027, 5, 3))) == ["O-04", "O-05", "O-06"]


def test_given_another_partner_in_office_when_overdue_then_its_secretariat_is_told_and_not_of_its_own_duties(people):
    found = {(code, who) for code, _, who in told(date(2028, 5, 4)) if who.endswith("secretariat")}
    assert found == {("O-04", "lwv-hessen-secretariat"), ("O-05", "lwv-hessen-secretariat")}


def test_given_a_role_that_ended_or_an_account_without_address_when_due_then_it_is_skipped(people):
    of_county = [people["wetteraukreis-reporter"], people["wetteraukreis-case-officer"]]
    RoleAssignment.objects.filter(user__in=of_county).update(period=(date(2022, 3, 1), date(2027, 4, 1)))
    User.objects.filter(pk=people["lwv-hessen-reporter"].pk).update(email="")
    assert told(date(2027, 4, 16)) == set()


def test_given_a_linked_person_when_reminded_then_the_official_address_is_used(people):
    a_person("Dienstlich", email="dienst@example.org", user=people["wetteraukreis-reporter"])
    assert ("O-05", "-14", "dienst") in told(date(2027, 4, 16))


def sent_on(day, settings):
    """Queues and delivers as the worker does on that day."""
    settings.KOK_NOW = f"{day}T08:00"
    queue(day)
    by_worker(outbox.deliver, now=at(day, 12))
    return mail.outbox


def test_given_a_reminder_when_sent_then_it_says_what_until_when_and_names_nobody(people, settings):
    mails = sent_on(date(2028, 4, 16), settings)
    found = next(each for each in mails if "8c" in each.subject and "bis 30.04.2028" in each.subject)
    assert found.subject == "KoK Wetteraukreis: Punkt 8c: Zahl zum Stichtag 31.12.2027, bis 30.04.2028"
    assert found.body.split("\n")[2].startswith("bitte geben Sie für den Partner Wetteraukreis ab")
    for part in (
        "30.04.2028, wirksam bis Di 02.05.2028",
        "Zahl zum Stichtag 31.12.2027",
        "/wetteraukreis/fristen/O-05/2028/wetteraukreis/",
        "weil Sie für Wetteraukreis Meldungen abgeben",
    ):
        assert part in found.body
    for each in mails:
        text = each.subject + each.body
        assert not any(name in text for name in ("Abel", "Busch", "@", "wetteraukreis-reporter", "&"))


def test_given_8b_when_the_case_unit_is_reminded_then_the_mail_leads_into_the_area_that_it_may_enter(
    people, settings, client
):
    found = next(each for each in sent_on(date(2028, 4, 16), settings) if "Schulabgänge 2029" in each.subject)
    assert found.to == ["wetteraukreis-case-officer@example.org"]
    assert found.subject == "KoK Wetteraukreis: Punkt 8b: Schulabgänge 2029, bis 30.04.2028"
    for part in ("bitte geben Sie", "die Übergangsliste 2028 frei", "wirksam bis Di 02.05.2028"):
        assert part in found.body
    address = re.search(r"https?://[^/]+(/\S+)", found.body).group(1)
    assert address == "/wetteraukreis/uebergaenge/eintreten"
    client.force_login(people["wetteraukreis-case-officer"])
    assert client.get(address).status_code == 200


def test_given_8b_overdue_when_the_secretariat_is_told_then_the_mail_leads_to_the_duty(people, settings):
    mails = sent_on(date(2028, 5, 4), settings)
    of_secretariat = [m for m in mails if "8b" in m.subject and m.to == ["lwv-hessen-secretariat@example.org"]]
    found = next(m for m in of_secretariat if "/2028/" in m.body)
    assert "/wetteraukreis/fristen/O-04/2028/wetteraukreis/" in found.body
    assert "Die Übergangsliste 2028 nach Punkt 8b ist noch nicht freigegeben" in found.body


def test_given_a_released_list_when_the_day_comes_then_nobody_is_reminded_of_it(people):
    a_version(a_list())
    assert "O-04" in {code for code, _, _ in told(date(2027, 4, 30))}
    a_release(a_list(), at=at(date(2027, 4, 20)))
    assert "O-04" not in {code for code, _, _ in told(date(2027, 4, 30))}


def test_given_8c_when_reminded_then_the_note_says_that_a_nil_report_is_expected_and_was_found(people, settings):
    found = next(
        each
        for each in sent_on(date(2028, 4, 16), settings)
        if "bis 30.04.2028" in each.subject and "8c" in each.subject
    )
    assert "Gefunden, nicht Teil der Vereinbarung" in found.body
    assert "landesweiten Datenaustausch" in found.body


def test_given_an_overdue_duty_when_the_secretariat_is_told_then_the_mail_says_why_it_comes(people, settings):
    mails = sent_on(date(2027, 5, 3), settings)
    of_secretariat = [each for each in mails if each.to == ["wetteraukreis-secretariat@example.org"]]
    assert len(of_secretariat) == 1
    assert not [each for each in mails if each.to == ["lwv-hessen-secretariat@example.org"]]
    assert "überfällig seit 30.04.2027" in of_secretariat[0].subject
    assert "bitte fragen Sie beim Partner LWV Hessen nach" in of_secretariat[0].body
    assert "zur Geschäftsstelle im Amt" in of_secretariat[0].body


@pytest.mark.parametrize("change", ["fulfilled", "role ended"])
def test_given_a_queued_reminder_when_it_is_no_longer_due_then_it_is_not_sent(people, agreement, settings, change):
    day = date(2027, 4, 16)
    settings.KOK_NOW = f"{day}T08:00"
    queue(day)
    if change == "fulfilled":
        record(people, agreement, "O-06", "lwv-hessen", day)
    else:
        RoleAssignment.objects.filter(user=people["lwv-hessen-reporter"]).update(period=(date(2022, 3, 1), day))
    by_worker(outbox.deliver, now=at(day, 12))
    of_county = {f"wetteraukreis-{role}@example.org" for role in ("reporter", "case-officer")}
    assert {each.to[0] for each in mail.outbox} == of_county
    assert OutboxMessage.objects.get(context__code="O-06").state == "OBSOLETE"


@pytest.mark.slow
def test_given_a_thousand_reminders_when_delivered_then_one_connection_carries_them(
    people, settings, smtp_sink, monkeypatch
):
    day = date(2027, 4, 16)
    settings.KOK_NOW = f"{day}T08:00"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(smtp_sink.url.rpartition(":")[2])
    user = people["lwv-hessen-reporter"]
    context = {"agreement": "wetteraukreis", "code": "O-06", "due_year": 2027, "debtor": "lwv-hessen", "stage": "-14"}
    with transaction.atomic():
        for n in range(1000):
            outbox.enqueue(
                kind=DUTY, key=f"{DUTY}:{n}", to=user.email, context=context | {"user": user.pk}, now=at(day)
            )
    connections = []
    opened = EmailBackend.open
    monkeypatch.setattr(EmailBackend, "open", lambda self: opened(self) and (connections.append(1) or True))
    assert by_worker(outbox.deliver, now=at(day, 12)) == 1000
    assert (len(smtp_sink.wait_for(1000)), len(connections)) == (1000, 1)


def a_held_meeting(on):
    meeting = a_meeting(on=on, state=Meeting.State.HELD, number=f"KoK-{on:%Y%m%d}")
    for seat in meeting.body.seats.all():
        meeting.attendances.create(seat=seat, partner=seat.partner, kind="HOLDER", status="PRESENT", name="Muster")
    return meeting


def warned(day):
    return {(due.stage, due.to.partition("@")[0]) for due in reminders.due_on(day) if due.kind == "reminder.meetings"}


def test_07_given_one_held_meeting_and_none_planned_when_autumn_comes_then_both_secretariats_are_warned(people):
    a_held_meeting(date(2027, 5, 20))
    both = ("wetteraukreis-secretariat", "lwv-hessen-secretariat")
    assert warned(date(2027, 8, 31)) == set()
    assert warned(date(2027, 9, 1)) == {("YELLOW", who) for who in both}
    assert warned(date(2027, 10, 1)) == {("RED", who) for who in both}
    a_meeting(on=date(2027, 11, 11))
    assert warned(date(2027, 10, 1)) == set()


def test_07_given_a_warning_when_sent_then_it_says_what_is_missing(people, settings):
    a_held_meeting(date(2027, 5, 20))
    found = next(each for each in sent_on(date(2027, 10, 1), settings) if "Sitzungen" in each.subject)
    assert found.subject == "KoK Wetteraukreis: zu wenige Sitzungen 2027, bitte bis 31.12.2027 planen"
    assert "Planen Sie noch eine Sitzung bis zum 31.12.2027." in found.body


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_given_a_day_when_the_command_is_asked_then_it_says_what_would_be_sent_and_sends_nothing(people):
    rows = json.loads(run("reminders", "--on", "2027-04-16", "--json"))
    assert {(row["id"], row["stage"], row["to"], row["due_on"]) for row in rows} == {
        (code, "-14", f"{who}@example.org", "2027-04-30") for code, who in BEFORE
    }
    assert not OutboxMessage.objects.exists()
    queue(date(2027, 4, 16))
    assert json.loads(run("reminders", "--on", "2027-04-16", "--json")) == []
    assert "keine Erinnerung" in run("reminders", "--on", "2027-04-16")


def test_given_a_daily_run_with_gaps_when_weeks_pass_then_each_stage_goes_out_once_per_person(people, agreement):
    record_day = date(2027, 5, 20)
    for n in range(50):
        day = date(2027, 4, 10) + timedelta(days=n)
        if day == record_day:
            for code, who in BEFORE:
                record(people, agreement, code, who.removesuffix("-reporter").removesuffix("-case-officer"), day)
        if day.day % 8:  # the scheduler is down on 16.04. and 08.05., the days of two stages
            queue(day)
    stages = Counter(
        OutboxMessage.objects.filter(kind=DUTY, context__code="O-04", to__startswith="wetteraukreis-c").values_list(
            "context__stage", flat=True
        )
    )
    assert stages == dict.fromkeys(("-30", "-14", "-3", "0", "+1", "+8", "+15"), 1)


def test_given_sent_reminders_when_the_outbox_forgot_then_the_page_says_the_same_and_nobody_is_told_again(
    people, agreement, client, settings
):
    day = date(2027, 4, 16)
    assert len(sent_on(day, settings)) == 3
    client.force_login(people["wetteraukreis-secretariat"])
    url = f"/{agreement.slug}/fristen/O-05/2027/wetteraukreis/"

    def told_of():
        page = client.get(url).content.decode()
        return " ".join(re.search(r"<h2>Erinnerungen</h2>(.*?)</aside>", page, re.S).group(1).split())

    before = told_of()
    assert "14 Tage vorher: an 1 Person" in before
    by_worker(OutboxMessage.objects.all().delete)
    assert told_of() == before
    assert reminders.new_on(day) == []
    assert queue(day) == 0


def test_given_reminders_of_ten_years_ago_when_the_rule_looks_then_they_go_and_younger_ones_stay(people):
    rule = next(rule for rule in erasure.rules() if rule.slug == "dispatched-reminders")
    queue(date(2027, 4, 16))
    queue(date(2027, 4, 27))
    due = list(rule.due(date(2037, 4, 16)))
    assert len(due) == 3
    assert by_worker(rule.erase, due, at(date(2037, 4, 16))) == 3
    assert {row.version for row in Dispatch.objects.all()} == {"-3"}
