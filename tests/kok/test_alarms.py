"""By SQL, as the role of the pages: an alarm goes to no address that somebody put into an account."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from kok import inspections, outbox, reminders, vault
from kok.inspections import Inspection
from kok.models import User
from kok.models.seals import give_places
from tests.builders import a_user, an_agreement
from tests.night import inspected, inspected_and_told

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
