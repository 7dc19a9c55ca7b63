"""Sessions: no key stands in the database, what one holds belongs to its row, one's own can be listed and ended."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kok import clock, devices, sessions
from kok.models import AccountSession, AuditEvent
from kok.sessions import SessionStore
from members.actions import close_account, open_account
from tests.builders import PASSWORD, a_user
from tests.transitions.traces import rows, tables

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1"


@pytest.fixture
def person():
    return a_user(username="erika")


def signed_in_with(user_agent: str = FIREFOX, username: str = "erika") -> Client:
    """Through the form, as people do."""
    client = Client(headers={"user-agent": user_agent})
    answer = client.post(reverse("account_login"), {"login": username, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def key_of(client: Client) -> str:
    return client.cookies["sessionid"].value


def is_in(client: Client) -> bool:
    return client.get(reverse("kok:devices")).status_code == 200


# What stands in the database


def test_given_sessions_when_the_whole_database_is_read_then_no_key_stands_there(person):
    client = signed_in_with()
    assert is_in(client)
    everything = " ".join(row for table in tables() for row in rows(table))
    assert key_of(client) not in everything
    assert "django_session" not in tables()


def test_given_what_stands_in_the_table_when_it_is_sent_as_a_key_then_it_opens_nothing(person):
    signed_in_with()
    row = AccountSession.objects.get(user=person)
    for stolen in (row.key_hash, row.key_hash[:32], row.data[:32], str(row.pk).rjust(8, "0")):
        thief = Client()
        thief.cookies["sessionid"] = stolen
        assert not is_in(thief), stolen


def test_given_a_session_of_yesterday_when_sql_puts_it_back_with_another_end_then_its_cookie_opens_nothing(
    person, monkeypatch
):
    client = signed_in_with()
    AccountSession.objects.update(expires_at=datetime(2199, 1, 1, tzinfo=UTC))
    assert is_in(client)
    seconds = clock.machine_seconds
    monkeypatch.setattr(clock, "machine_seconds", lambda: seconds() + 8 * 60 * 60 + 1)
    assert not is_in(client)


def test_given_somebody_who_can_write_when_he_copies_a_session_into_his_own_then_he_is_nobody(person):
    a_user(username="otto")
    signed_in_with()
    thief = signed_in_with(username="otto")
    victim = AccountSession.objects.get(user=person)
    AccountSession.objects.exclude(pk=victim.pk).update(data=victim.data, user=person)
    assert not is_in(thief)


def test_given_data_without_our_signature_when_loaded_then_the_session_is_empty(person):
    client = signed_in_with()
    AccountSession.objects.update(data="gASVJAAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAl0b3VjaCAvdG1wlIWUUpQu")
    assert SessionStore(key_of(client)).load() == {}


# How long


def test_given_a_session_when_it_is_over_then_nobody_is_signed_in_and_it_can_be_erased(person):
    client = signed_in_with()
    AccountSession.objects.update(expires_at=clock.machine_now() - timedelta(seconds=1))
    assert not is_in(client)
    SessionStore.clear_expired()
    assert not AccountSession.objects.filter(user=person).exists()


def test_given_work_when_seven_hours_pass_then_the_next_page_gives_eight_hours_more_and_the_one_after_writes_nothing(
    person,
):
    client = signed_in_with()
    AccountSession.objects.update(expires_at=clock.machine_now() + timedelta(hours=1))
    with CaptureQueriesContext(connection) as first:
        assert is_in(client)
    with CaptureQueriesContext(connection) as second:
        assert is_in(client)
    left = AccountSession.objects.get(user=person).expires_at - clock.machine_now()
    assert timedelta(hours=7, minutes=59) < left <= timedelta(hours=8)
    assert [len([q for q in asked if 'UPDATE "kok_accountsession"' in q["sql"]]) for asked in (first, second)] == [1, 0]


def test_given_a_session_when_only_its_page_asks_by_itself_then_it_ends_as_if_nobody_were_there(person):
    client = signed_in_with()
    ends_at = clock.machine_now() + timedelta(hours=1)
    AccountSession.objects.update(expires_at=ends_at)
    polled = client.get(reverse("kok:devices"), headers={"HX-Request": "true", "Kok-By-Itself": "ja"})
    assert polled.status_code == 200
    assert AccountSession.objects.get(user=person).expires_at == ends_at
    assert is_in(client)
    assert AccountSession.objects.get(user=person).expires_at > ends_at


def test_given_a_request_of_the_page_itself_when_it_writes_into_the_session_then_its_end_stays(person):
    client = signed_in_with()
    before = AccountSession.objects.get(user=person)
    store = SessionStore(key_of(client))
    store.is_used = False
    store["x"] = 1
    store.save()
    after = AccountSession.objects.get(user=person)
    assert SessionStore(key_of(client)).load()["x"] == 1
    assert (after.expires_at, after.used_at) == (before.expires_at, before.used_at)


def test_given_a_page_when_opened_then_the_session_takes_one_statement_as_djangos_does(person):
    client = signed_in_with()
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("kok:start"))
    assert len([q for q in asked if "kok_accountsession" in q["sql"]]) == 1


def test_given_a_session_ended_elsewhere_when_it_is_saved_then_it_does_not_come_back(person):
    client = signed_in_with()
    store = SessionStore(key_of(client))
    store["x"] = 1
    AccountSession.objects.all().delete()
    with pytest.raises(UpdateError):
        store.save()
    assert not AccountSession.objects.exists()


# One's own devices


def test_given_two_devices_when_listed_then_each_says_what_it_is_and_since_when(person):
    signed_in_with(SAFARI)
    page = signed_in_with().get(reverse("kok:devices")).content.decode()
    main = page.split("<main")[1]
    assert "2 Geräte" in main
    assert main.index("Firefox unter Windows") < main.index("dieser Browser") < main.index("Safari unter iOS")
    assert f"{clock.today():%d.%m.%Y}" in main


def test_given_another_device_when_it_is_ended_then_it_is_out_this_one_stays_and_the_trail_knows(person):
    here, there = signed_in_with(), signed_in_with(SAFARI)
    other = AccountSession.objects.get(user=person, device="Safari unter iOS")
    page = here.post(reverse("kok:device-end", args=[other.pk]), follow=True).content.decode()
    assert "Dieses Gerät ist abgemeldet." in page
    assert (is_in(here), is_in(there)) == (True, False)
    assert AuditEvent.objects.get(action="account.session-ended").actor == "erika"
    again = here.post(reverse("kok:device-end", args=[other.pk]), follow=True).content.decode()
    assert "war schon abgemeldet" in again
    assert AuditEvent.objects.filter(action="account.session-ended").count() == 1


def test_given_a_session_of_somebody_else_when_its_number_is_sent_then_it_stays(person):
    a_user(username="otto")
    here, foreign = signed_in_with(), signed_in_with(username="otto")
    other = AccountSession.objects.exclude(user=person).get(user__isnull=False)
    here.post(reverse("kok:device-end", args=[other.pk]))
    assert is_in(foreign)


def test_given_three_devices_when_all_others_are_ended_then_only_this_one_is_left(person):
    here, second, third = signed_in_with(), signed_in_with(SAFARI), signed_in_with(SAFARI)
    here.post(reverse("kok:devices-end"))
    assert [is_in(each) for each in (here, second, third)] == [True, False, False]
    assert "Sie sind nur hier angemeldet" in here.post(reverse("kok:devices-end"), follow=True).content.decode()


def test_given_two_devices_when_the_password_is_changed_on_one_then_the_other_is_out_and_its_row_gone(person):
    here, there = signed_in_with(), signed_in_with(SAFARI)
    new = "ein-anderes-langes-Kennwort"
    here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (is_in(here), is_in(there)) == (True, False)
    assert list(AccountSession.objects.filter(user=person).values_list("device", flat=True)) == [
        "Firefox unter Windows"
    ]


def test_given_a_device_when_the_account_is_locked_then_its_session_is_gone_from_the_database(person):
    there = signed_in_with()
    technik = a_user(role="admin")
    close_account(user=person, by=technik, now=clock.now())
    assert not AccountSession.objects.filter(user=person).exists()
    open_account(user=person, by=technik, now=clock.now())
    assert not is_in(there)


def test_given_a_new_key_in_the_middle_when_listed_then_the_sign_in_keeps_its_beginning_and_its_device(person):
    client = signed_in_with()
    began = AccountSession.objects.get(user=person).began_at
    store = SessionStore(key_of(client))
    store.cycle_key()
    row = AccountSession.objects.get(user=person)
    assert sessions.is_of(row, store.session_key)
    assert not sessions.is_of(row, key_of(client))
    assert (row.began_at, row.device) == (began, "Firefox unter Windows")


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox unter Windows"),
        (SAFARI, "Safari unter iOS"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome unter Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge unter Windows"),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            "Chrome unter Android",
        ),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_given_a_browser_when_described_then_family_and_system_are_named_and_no_version(user_agent, words):
    assert devices.describe(user_agent) == words
