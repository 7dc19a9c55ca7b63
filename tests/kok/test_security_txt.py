"""The address that says where to report holes: RFC 9116."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client, override_settings

ADDRESS = "/.well-known/security.txt"
NOW = datetime(2027, 3, 12, 9, 30, 15, tzinfo=UTC)


def fields(client: Client) -> dict[str, str]:
    answer = client.get(ADDRESS, secure=True)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    return dict(re.findall(r"^([A-Z][A-Za-z-]+): (.+)$", answer.content.decode(), re.MULTILINE))


@override_settings(KOK_SECURITY_CONTACT="mailto:meldung@amt.example.org", KOK_PUBLIC_URL="https://kok.example.org")
@time_machine.travel(NOW, tick=False)
def test_given_a_contact_when_asked_then_the_file_names_it_its_end_and_its_own_address(client: Client) -> None:
    assert fields(client) == {
        "Contact": "mailto:meldung@amt.example.org",
        "Expires": "2027-06-10T09:30:15Z",
        "Preferred-Languages": "de, en",
        "Canonical": f"https://kok.example.org{ADDRESS}",
    }


@pytest.mark.parametrize("days", [0, 200, 4000])
def test_given_any_day_when_asked_then_the_file_holds_for_some_weeks_and_for_less_than_a_year(
    client: Client, days: int
) -> None:
    now = NOW + timedelta(days=days)
    with time_machine.travel(now, tick=False):
        end = datetime.fromisoformat(fields(client)["Expires"])
    assert timedelta(weeks=4) < end - now < timedelta(days=365)


@override_settings(KOK_SECURITY_CONTACT="")
def test_given_no_contact_when_asked_then_the_file_does_not_exist(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 404
