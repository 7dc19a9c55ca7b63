"""Scenario 21: no notification of the sealed area holds name, birth date or facility of a case (5.5 E-mail)."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from kok import outbox, reminders
from kok.models import OutboxMessage
from tests.builders import a_user, an_agreement, the_partner
from tests.roles import by_worker
from tests.transitions.world import NOW, a_draft, acknowledged, an_access, case_data, released, submitted
from transitions.actions import cases, lists, questions, subject_requests
from transitions.actions.entries import end_case
from transitions.rules.codes import CaseOutcome, CaseState, EndReason, QuestionAnswer, QuestionKind, RequestKind

pytestmark = pytest.mark.django_db
DATA = case_data(
    family_name="Zitronenfalter", given_name="Malwine", date_of_birth=date(2010, 3, 14),
    facility_name="Internat Haus Lindenhöhe", facility_place="Bad Nauheim",
)  # fmt: skip
FORBIDDEN = re.compile(
    r"Zitronenfalter|Malwine|Lindenhöhe|Nauheim|14\.0?3\.2010|14\. März|2010-03-14|06031 83-0|Soziale Hilfen",
    re.IGNORECASE,
)
KINDS = {
    "cases.submitted", "cases.released", "cases.acknowledged", "cases.changed", "cases.asked", "cases.answered",
    "cases.sent", "reminder.subject-request",
}  # fmt: skip


@pytest.fixture
def told(settings):
    """One list lives: submitted, released, confirmed, an outcome, a withdrawal, a request and its reminder."""
    settings.KOK_PUBLIC_URL = "https://kok.example.org"
    an_agreement()
    for role, partner in (("case-officer", None), ("case-releaser", None), ("case-receiver", "lwv-hessen")):
        a_user(role=role, partner=partner or "wetteraukreis")
    other = case_data(family_name="Admiral", date_of_birth=date(2010, 5, 5))
    draft = submitted(a_draft([DATA, other]))
    deliver(settings, NOW)
    version = acknowledged(released(draft))
    case = next(entry.case for entry in version.entries.all() if entry.data.family_name == "Zitronenfalter")
    receiver = an_access("case-receiver")
    asked = questions.ask(case=case, kind=QuestionKind.FACILITY, by=receiver, now=NOW + timedelta(hours=3))
    deliver(settings, NOW + timedelta(hours=3))
    questions.answer(question=asked, answer=QuestionAnswer.CALL, by=an_access(), now=NOW + timedelta(hours=3))
    cases.record_outcome(case=case, outcome=CaseOutcome.NO_LWV_BENEFIT, by=receiver, now=NOW + timedelta(hours=3))
    deliver(settings, NOW + timedelta(hours=4))
    withdraw(version, next(entry.case for entry in version.entries.all() if entry.case != case))
    deliver(settings, NOW + timedelta(days=1))
    ask(case)
    remind(settings, date(2027, 4, 8))
    return mail.outbox


def deliver(settings, now):
    settings.KOK_NOW = now.isoformat()
    by_worker(outbox.deliver, now=now)


def withdraw(version, case):
    by, now = an_access(), NOW + timedelta(hours=5)
    draft = lists.open_draft(sender=version.transition_list.sender, year=2027, by=by, now=now)
    end_case(
        entry=draft.entries.get(case=case), ending=CaseState.WITHDRAWN, reason=EndReason.NAMED_BY_MISTAKE,
        postponed_to=None, by=by, now=now,
    )  # fmt: skip
    released(draft, now=now)


def ask(case):
    subject_requests.register_request(
        partner=the_partner(), kind=RequestKind.ACCESS, case_ref=case.case_ref, received_on=NOW.date(),
        identity_checked_on=None, by=an_access(), now=NOW + timedelta(days=1),
    )  # fmt: skip


def remind(settings, day):
    now = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
    reminders.queue(today=day, now=now)
    deliver(settings, now)


def test_21_given_every_kind_of_notification_when_sent_then_none_says_who_when_born_or_where(told):
    sent = OutboxMessage.objects.filter(state=OutboxMessage.State.SENT)
    assert set(sent.values_list("kind", flat=True)) >= KINDS
    texts = [f"{message.subject}\n{message.body}\n{message.extra_headers}" for message in told]
    assert [text for text in texts if FORBIDDEN.search(text)] == []
    assert [message for message in told if message.attachments] == []
    rows = OutboxMessage.objects.all()
    assert [row for row in rows if FORBIDDEN.search(f"{row.key} {row.context} {row.error} {row.message_id}")] == []


def test_21_given_the_notifications_when_read_then_subjects_are_neutral_and_links_lead_to_the_door(told):
    ours = OutboxMessage.objects.filter(kind__in=KINDS, state=OutboxMessage.State.SENT)
    ids = set(ours.values_list("message_id", flat=True))
    found = [message for message in told if message.extra_headers["Message-ID"] in ids]
    assert len(found) == len(ids) >= len(KINDS)
    assert {message.subject for message in found} == {"KoK Wetteraukreis: neue Mitteilung liegt vor"}
    for message in found:
        links = re.findall(r"https://\S+", message.body)
        assert links == ["https://kok.example.org/wetteraukreis/uebergaenge/eintreten"]


def test_21_given_words_that_must_not_be_told_when_one_is_then_this_test_would_see_it():
    assert FORBIDDEN.search("geboren am 14.03.2010")
    assert FORBIDDEN.search("Frau ZITRONENFALTER")
