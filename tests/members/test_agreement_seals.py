"""By SQL as web, without a key: what is agreed and what was fulfilled does not change unseen."""

from datetime import date
from typing import Any

import pytest
from django.db import connection

from kok import seals
from tests.builders import a_user, an_agreement, the_partner

pytestmark = pytest.mark.django_db
TODAY = date(2027, 3, 10)
CLAUSE = """
INSERT INTO members_clause (version_id, position, number, heading, text, reading_note)
SELECT id, 99, '99', '', 'Erfunden.', '' FROM members_agreementversion
"""
DUTY = """
INSERT INTO members_obligationrule (version_id, code, clause, title, strength, recurrence, debtors, creditor,
  responsible_role, month, day, reference, channel, policy, first_year, last_year, note)
SELECT version_id, 'O-99', clause, title, strength, recurrence, debtors, creditor, responsible_role, month, day,
  reference, channel, policy, first_year, last_year, note FROM members_obligationrule WHERE month IS NOT NULL LIMIT 1
"""
ENDED = "UPDATE members_agreementversion SET period = daterange(lower(period), '2027-01-01')"
FULFILLED = """
INSERT INTO reporting_submission (agreement_id, code, due_year, debtor_id, submitted_on, channel, evidence, file_sha256,
  is_nil_report, recorded_at, recorded_by_id, withdrawal_reason)
VALUES (%s, 'O-05', 2026, %s, '2026-04-01', 'LETTER', 'Brief', '', false, now(), %s, '')
"""


def by_sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1


def test_given_an_agreement_as_it_was_loaded_when_the_night_comes_then_nothing_is_found():
    an_agreement()
    assert seals.findings(TODAY) == ()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (CLAUSE, "Punkt der Vereinbarung {}: An der Anwendung vorbei eingefügt"),
        (DUTY, "Pflicht der Vereinbarung {}: An der Anwendung vorbei eingefügt"),
        (ENDED, "Fassung der Vereinbarung {}: An der Anwendung vorbei geändert (gilt)"),
    ],
)
def test_given_what_is_agreed_when_sql_changes_it_then_the_night_names_the_row(statement, told):
    an_agreement()
    by_sql(statement)
    [finding] = seals.findings(TODAY)
    title, _, rest = told.partition(" {}")
    assert finding.startswith(f"{title} Nr. ")
    assert rest in finding


def test_given_a_duty_that_sql_calls_fulfilled_when_the_night_comes_then_it_names_the_entry():
    agreement = an_agreement()
    by_sql(FULFILLED, agreement.pk, the_partner().pk, a_user(role="secretariat").pk)
    [finding] = seals.findings(TODAY)
    assert finding.startswith("Abgabe Nr. ")
    assert "An der Anwendung vorbei eingefügt" in finding
