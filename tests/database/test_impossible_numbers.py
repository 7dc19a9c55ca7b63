"""Numbers and days that can be read and that no agreement has: the database refuses them, or all goes on."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from kok import clock, outbox, reminders, seals
from kok.models import OutboxMessage
from tests.builders import a_user, an_agreement
from tests.meetings.held import an_invited_meeting, signed_in
from tests.roles import as_worker

pytestmark = pytest.mark.django_db
VERSION = """
INSERT INTO members_agreementversion (agreement_id, number, period, signed_on, reason, title, legal_basis, organs,
  signatories, preamble, preamble_note, meetings_per_year, termination_months, planning_days, proposal_days,
  notice_days, paper_days, draft_days, minutes_days, objection_days, agreed_periods, loaded_at)
SELECT agreement_id, 2, '[2000-01-01,2000-01-02)', signed_on, 'Anlass', title, '[]', '[]', '[]', '', '', {}, '[]', now()
FROM members_agreementversion
"""
DUTY = """
INSERT INTO members_obligationrule (version_id, code, clause, title, strength, recurrence, debtors, creditor,
  responsible_role, month, day, reference, channel, policy, first_year, last_year, note)
SELECT version_id, 'O-99', clause, title, strength, recurrence, debtors, creditor, responsible_role, {}, reference,
  channel, policy, {}, note FROM members_obligationrule WHERE recurrence = 'YEARLY' LIMIT 1
"""
TERM = """
INSERT INTO meetings_deviatingterm (agreement_id, partner_id, period, shift_later, recorded_at)
SELECT agreement_id, min(id), '{}', true, now() FROM members_partner GROUP BY 1
"""
EMPTY_AGREEMENT = """
INSERT INTO members_agreement (slug, number, region, signed_on, in_force_on, introduced_on, rotation_anchor_on,
  rotation_years, municipalities, rules)
SELECT 'neu', 'NEU', 'Anders', signed_on, in_force_on, introduced_on, rotation_anchor_on, 2, '[]', '[]'
FROM members_agreement
"""


def by_web(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE members_agreement SET rotation_years = 0",
        "UPDATE members_agreement SET rotation_years = 21",
        "UPDATE members_agreement SET rotation_anchor_on = '2199-12-31'",
        "UPDATE members_agreement SET rotation_anchor_on = in_force_on - 1",
        "UPDATE members_agreement SET introduced_on = '1900-01-01'",
        "UPDATE members_agreement SET signed_on = '2150-01-01'",
        VERSION.format("53, 1, 1, 1, 1, 1, 1, 1, 1"),
        VERSION.format("2, 13, 1, 1, 1, 1, 1, 1, 1"),
        VERSION.format("2, 1, 1, 1, 367, 1, 1, 1, 1"),
        VERSION.format("2, 1, 1, 1, 1, 1, 1, 2200, 1"),
        DUTY.format("13, 1", "2022, NULL"),
        DUTY.format("0, 1", "2022, NULL"),
        DUTY.format("2, 30", "2022, NULL"),
        DUTY.format("NULL, 30", "2022, NULL"),
        DUTY.format("NULL, NULL", "2022, NULL"),
        DUTY.format("4, 30", "NULL, NULL"),
        DUTY.format("4, 30", "1999, NULL"),
        DUTY.format("4, 30", "2024, 2023"),
        DUTY.format("4, 30", "2022, 2101"),
        TERM.format("[2027-01-01,)"),
        TERM.format("empty"),
        TERM.format("[2027-01-01,2150-01-01)"),
    ],
)
def test_given_a_number_that_no_agreement_has_when_web_writes_it_then_the_database_refuses(statement):
    an_agreement()
    with pytest.raises(IntegrityError):
        by_web(statement)


def test_given_the_last_numbers_that_an_agreement_may_have_when_web_writes_them_then_they_are_taken():
    an_agreement()
    by_web(VERSION.format("52, 12, 366, 366, 366, 366, 366, 366, 366"))
    by_web(DUTY.format("12, 31", "2000, 2100"))
    by_web(TERM.format("[2027-01-01,2100-12-31)"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE members_agreement SET rotation_anchor_on = '2100-12-31'",
        "UPDATE members_agreement SET introduced_on = '2000-01-01'",
        TERM.format("[2020-01-01,2100-12-31)"),
        EMPTY_AGREEMENT,
    ],
    ids=["anchor of later", "introduced long ago", "one term for ever", "an agreement of nothing"],
)
def test_given_an_odd_number_that_an_agreement_could_have_when_people_work_then_pages_and_reminders_go_on(statement):
    agreement, meeting = an_agreement(), an_invited_meeting()
    client = signed_in(a_user(role="secretariat"))
    by_web(statement)
    pages = [reverse(f"reporting:{name}", args=[agreement.slug]) for name in ("overview", "deadlines")]
    pages += [reverse("kok:start"), reverse("meetings:secretariat", args=[agreement.slug])]
    pages += [reverse("meetings:detail", args=[agreement.slug, meeting.body.slug, meeting.pk])]
    assert [page for page in pages if client.get(page, follow=True).status_code != 200] == []
    with as_worker():
        reminders.queue(today=clock.today(), now=clock.now())


def test_given_a_version_that_ends_without_a_next_one_when_deadlines_are_read_then_it_holds_on_and_the_night_tells():
    agreement = an_agreement()
    client = signed_in(a_user(role="secretariat"))

    def rows() -> int:
        return int(client.get(reverse("reporting:deadlines", args=[agreement.slug])).content.decode().count("<tr"))

    before = rows()
    by_web("UPDATE members_agreementversion SET period = daterange(lower(period), '2022-03-02')")
    assert rows() == before
    [finding] = seals.findings(clock.today())
    assert "Fassung der Vereinbarung" in finding


@pytest.mark.logs_errors
def test_given_reminders_of_one_kind_that_break_when_the_morning_comes_then_the_others_are_queued(monkeypatch):
    an_agreement()
    now = clock.now()

    def broken(today):
        raise IndexError

    def good(today):
        yield reminders.Due("x", "thing-1", today, "late", "1", "a@example.org", {})

    monkeypatch.setattr(reminders, "_providers", [broken, good])
    monkeypatch.setitem(outbox._builders, "x", lambda row: outbox.Mail("Betreff", "Text"))
    assert reminders.queue(today=now.date(), now=now) == 1
    assert OutboxMessage.objects.get().kind == "x"
