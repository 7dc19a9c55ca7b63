"""By SQL, as the role of the pages: an alarm goes to no address that somebody put into an account."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from kok import inspections, outbox, queries, reminders, vault
from kok.inspections import Inspection
from kok.models import AuditEvent, User
from kok.models.seals import give_places
from members.models import RoleAssignment
from tests.builders import a_user, an_agreement
from tests.night import inspected, inspected_and_told
from tests.roles import unguarded

pytestmark = [pytest.mark.django_db, pytest.mark.logs_errors]
NOW = datetime(2027, 3, 10, 3, 0, tzinfo=UTC)
ATTACKER = "angreifer@example.com"
ONE_LEFT_OUT = "Ein Konto mit der Rolle Technik oder Prüfung erhält solche Nachrichten nicht"


@pytest.fixture(autouse=True)
def a_finding(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(inspections, "_inspections", [Inspection("probe", "Probe", lambda today: ["Zeile 1 fehlt."])])
    settings.KOK_NOW = NOW.isoformat()


def readdressed(*users: User) -> None:
    """Past the application."""
    give_places(User.sealing.chain)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kok_user SET email = %s WHERE id = ANY(%s)", [ATTACKER, [user.pk for user in users]])
        assert cursor.rowcount == len(users)


def receivers() -> list[str]:
    return [address for message in mail.outbox for address in message.to]


def test_given_the_address_of_technik_changed_by_sql_when_the_night_finds_something_then_only_the_others_are_told(
    caplog,
):
    changed, other = a_user(role="admin"), a_user(role="admin")
    readdressed(changed)
    inspected_and_told()
    assert receivers() == [other.email]
    assert ONE_LEFT_OUT in mail.outbox[0].body
    assert "keine Meldung erhalten, weil sie an der Anwendung vorbei geändert wurden: 1." in caplog.text


def test_given_nobody_of_technik_whose_account_stands_when_the_night_finds_something_then_auditors_are_told():
    readdressed(a_user(role="admin"))
    auditor = a_user(role="auditor", partner=None, agreement=an_agreement())
    inspected_and_told()
    assert receivers() == [auditor.email]


def test_given_an_alarm_on_its_way_when_the_account_is_changed_then_it_goes_to_the_address_of_before():
    technik = a_user(role="admin")
    inspected(NOW)
    readdressed(technik)
    outbox.deliver(now=NOW)
    assert receivers() == [technik.email]


def test_given_the_address_of_an_auditor_changed_by_sql_when_the_week_begins_then_only_the_others_get_the_ends():
    agreement = an_agreement()
    changed, other = (a_user(role="auditor", partner=None, agreement=agreement) for _ in range(2))
    readdressed(changed)
    reminders.queue(today=date(2027, 3, 10), now=NOW)
    outbox.deliver(now=NOW)
    ends = [message for message in mail.outbox if "Enden der Ketten" in message.subject]
    assert [message.to for message in ends] == [[other.email]]
    assert ONE_LEFT_OUT in ends[0].body


@pytest.mark.parametrize("key", ["", vault.new_hmac_key()], ids=["none", "another"])
def test_given_no_key_or_another_one_when_the_night_finds_something_then_all_of_technik_are_told_all_the_same(
    settings, key
):
    several = [a_user(role="admin").email for _ in range(2)]
    give_places(User.sealing.chain)
    settings.CASE_KEYS, settings.CASE_LOG_KEY = [vault.new_key()], key
    vault.forget_keys()
    try:
        inspected(NOW)
        outbox.deliver(now=NOW)
    finally:
        vault.forget_keys()
    assert receivers() == several


CLOSE = "UPDATE kok_user SET is_active=false WHERE id = ANY(%s)"
WITHOUT_ADDRESS = "UPDATE kok_user SET email='' WHERE id = ANY(%s)"
ROLE_OVER = (
    "UPDATE members_roleassignment SET period='[2027-03-10,2027-03-10)', ended_at=now(), void_from_on='2027-03-10'"
    " WHERE user_id = ANY(%s)"
)

OF_ACCOUNTS = "SELECT id, is_active, email FROM kok_user", "UPDATE kok_user SET is_active=%s, email=%s WHERE id=%s"
OF_ROLES = (
    "SELECT id, period, ended_at, void_from_on FROM members_roleassignment",
    "UPDATE members_roleassignment SET period=%s, ended_at=%s, void_from_on=%s WHERE id=%s",
)


def by_sql(statement: str, *users: User) -> None:
    for sealing in (User.sealing, RoleAssignment.sealing):
        give_places(sealing.chain)
    with connection.cursor() as cursor:
        cursor.execute(statement, [[user.pk for user in users]])
        assert cursor.rowcount == len(users)


def everybody() -> tuple[User, ...]:
    agreement = an_agreement()
    auditors = [a_user(role="auditor", partner=None, agreement=agreement) for _ in range(2)]
    return a_user(role="admin"), *auditors


@pytest.mark.parametrize("statement", [CLOSE, WITHOUT_ADDRESS, ROLE_OVER])
def test_given_everybody_locked_by_sql_when_the_night_finds_something_then_it_says_so_and_the_next_one_tells(
    statement, caplog
):
    users = everybody()
    read, put_back = OF_ACCOUNTS if statement in (CLOSE, WITHOUT_ADDRESS) else OF_ROLES
    with connection.cursor() as cursor:
        cursor.execute(read)
        before = cursor.fetchall()
    by_sql(statement, *users)
    assert queries.left_out() == 3
    inspected_and_told()
    assert receivers() == []
    assert AuditEvent.objects.get(action="inspection.probe-failed").note.endswith(inspections.NOT_TOLD)
    assert "Niemand erfährt davon (inspection.failed)" in caplog.text
    with unguarded("members_roleassignment") as cursor:  # who writes as web prolongs none
        cursor.executemany(put_back, [[*values, number] for number, *values in before])
    assert queries.left_out() == 0
    inspected(NOW + timedelta(days=1))
    outbox.deliver(now=NOW + timedelta(days=1))
    assert receivers() == [users[0].email]


def test_given_one_of_technik_closed_by_sql_when_the_night_finds_something_then_the_other_reads_of_it():
    closed, other = a_user(role="admin"), a_user(role="admin")
    by_sql(CLOSE, closed)
    inspected_and_told()
    assert receivers() == [other.email]
    assert ONE_LEFT_OUT in mail.outbox[0].body


def test_given_accounts_and_roles_that_ended_honestly_when_asked_then_nobody_is_left_out():
    closed, ended = a_user(role="admin"), a_user(role="admin")
    closed.is_active = False
    closed.save()
    role = ended.role_assignments.get()
    role.period, role.ended_at, role.void_from_on = DateRange(NOW.date(), NOW.date()), NOW, NOW.date()
    role.save()
    assert queries.left_out() == 0


def test_given_all_auditors_locked_by_sql_when_the_week_begins_then_the_log_says_so_and_the_next_day_tells(caplog):
    *_, one, other = everybody()
    by_sql(CLOSE, one, other)
    reminders.queue(today=date(2027, 3, 10), now=NOW)
    assert "Niemand erhält die Enden der Ketten; an der Anwendung vorbei geändert: 2 Konten." in caplog.text
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kok_user SET is_active=true")
    reminders.queue(today=date(2027, 3, 11), now=NOW)
    outbox.deliver(now=NOW)
    assert {one.email, other.email} <= set(receivers())
