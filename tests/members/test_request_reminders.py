"""A request that waits for a second person: who may confirm is reminded before its end, who asked is told after it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from kok import jobs, outbox, reminders
from kok.models import OutboxMessage
from members import actions
from members.actions import lapsing
from tests.builders import a_user, an_agreement, give_role, the_partner
from tests.roles import as_owner, by_worker, emptied

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)


@pytest.fixture
def people():
    """Who asks, the two who may confirm, and for whom it is; one more is registrar of the other partner."""
    an_agreement()
    a_user(role="registrar", partner="lwv-hessen", username="fremd")
    names = ("geberin", "zweiter", "dritte")
    return {name: a_user(role="registrar", username=name) for name in names} | {
        "fachkraft": a_user(role="member", username="fachkraft")
    }


def ask(people):
    request = actions.ask_role(
        user=people["fachkraft"], role="case-officer", place=the_partner(), from_on=TODAY, by=people["geberin"], now=NOW
    )
    emptied(OutboxMessage)
    return request


def sweep(now):
    """What the sweep finds and a worker does."""
    for number in lapsing.WORK.left():
        jobs.run(lapsing.TASK, number, now=now)
        jobs.run(lapsing.TASK, number, now=now)


def morning(settings, days):
    """What goes out on the morning so many days after the request was made."""
    now = datetime(2026, 9, 1, 6, 0, tzinfo=UTC) + timedelta(days=days)
    settings.KOK_NOW = now.isoformat()
    reminders.queue(today=now.date(), now=now)
    sweep(now)
    by_worker(outbox.deliver, now=now)
    messages, mail.outbox[:] = list(mail.outbox), []
    return messages


def test_given_a_request_when_its_days_go_by_then_confirmers_are_reminded_once_and_the_giver_is_told_of_the_end(
    people, settings
):
    ask(people)
    told = [(days, each) for days in range(40) for each in morning(settings, days)]
    assert [(days, each.to[0].partition("@")[0]) for days, each in told] == [
        (11, "zweiter"), (11, "dritte"), (15, "geberin"),
    ]  # fmt: skip
    for days, each in told:
        for name in ("fachkraft", "geberin", "Fallbearbeitung"):
            assert name not in each.subject + each.body
        assert reverse("members:requests", args=["wetteraukreis"]) in each.body
        assert ("15.09.2026" in each.body) is (days == 11)
    assert "hat in 14 Tagen niemand bestätigt" in told[-1][1].body


@pytest.mark.parametrize("act", ["confirm", "refuse", "withdraw"])
def test_given_a_request_that_is_decided_when_its_end_comes_then_nobody_is_told_of_an_end(people, settings, act):
    request = ask(people)
    now = NOW + timedelta(days=2)
    if act == "confirm":
        actions.confirm(request=request, by=people["zweiter"], now=now)
    elif act == "refuse":
        actions.refuse(request=request, reason="Nein.", by=people["zweiter"], now=now)
    else:
        actions.withdraw(request=request, by=people["geberin"], now=now)
    emptied(OutboxMessage)
    for days in range(3, 40):
        morning(settings, days)
    assert not OutboxMessage.objects.filter(key__contains="request-").exists()


def test_given_a_waiting_reminder_when_the_request_is_decided_or_the_role_is_lost_then_it_is_not_sent(people, settings):
    request = ask(people)
    now = NOW + timedelta(days=11)
    settings.KOK_NOW = now.isoformat()
    reminders.queue(today=now.date(), now=now)
    people["dritte"].role_assignments.update(period=(date(2022, 3, 1), now.date()))
    outbox.deliver(now=now)
    assert [each.to for each in mail.outbox] == [[people["zweiter"].email]]
    mail.outbox.clear()
    for row in OutboxMessage.objects.all():
        row.state, row.sent_at = "QUEUED", None
        row.put_mark()
        row.save()
    actions.refuse(request=request, reason="Nein.", by=people["zweiter"], now=now)
    with as_owner():
        OutboxMessage.objects.exclude(kind="reminder.request").delete()
    outbox.deliver(now=now)
    assert mail.outbox == []


def test_given_beat_off_at_the_end_when_it_comes_back_then_only_the_giver_is_told_and_not_after_weeks(people, settings):
    ask(people)
    assert [each.to for each in morning(settings, 20)] == [[people["geberin"].email]]
    emptied(OutboxMessage)
    assert morning(settings, 29) == []


def test_given_a_giver_who_may_not_ask_any_more_when_the_end_is_near_then_nobody_is_asked_in_vain_but_told(
    people, settings
):
    ask(people)
    people["geberin"].role_assignments.update(period=(date(2022, 3, 1), TODAY + timedelta(days=1)))
    told = morning(settings, 12)
    assert [each.to[0].partition("@")[0] for each in told] == ["geberin", "zweiter", "dritte"]
    assert all("ist verfallen" in each.body for each in told)
    assert morning(settings, 13) == []


def test_given_no_other_registrar_when_the_end_is_near_then_technik_is_reminded(people, settings):
    ask(people)
    for name in ("zweiter", "dritte"):
        people[name].role_assignments.update(period=(date(2022, 3, 1), TODAY + timedelta(days=1)))
    technik = a_user(username="technik")
    give_role(technik, role="admin")
    assert [each.to for each in morning(settings, 12)] == [[technik.email]]
