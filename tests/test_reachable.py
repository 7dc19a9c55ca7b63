"""Everything can be reached by clicking from the start page: the demo is walked through as each of its people."""

import re
from collections import Counter, deque
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import Resolver404, resolve

from kok import clock
from kok.models import User
from reporting.demo import actions as demo
from tests.roles import by_worker
from tests.test_access import NEEDS
from tests.transitions.inside import enter

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PER_PAGE = 3  # addresses with the same name that are opened
ACCOUNTS = (
    "wetteraukreis-secretariat", "wetteraukreis-approver", "wetteraukreis-registrar", "wetteraukreis-reporter",
    "wetteraukreis-case-officer", "wetteraukreis-case-releaser", "wetteraukreis-auditor", "lwv-hessen-secretariat",
    "lwv-hessen-approver", "lwv-hessen-reporter", "lwv-hessen-case-receiver", "installation-admin",
)  # fmt: skip
ELSEWHERE = {
    "kok:live",  # for machines
    "kok:ready",
    "kok:security-txt",  # for programs and for people who know where it lies
    "kok:barrier-reported",  # where the form leads that is sent
    "members:original",  # the demo has no scanned agreement
    "kok:devices-end",  # while one is signed in on two devices
    "kok:factor",  # for a role that waits for a second factor, which nobody in the demo lacks
    "address:confirm",  # from the mail to the new address
    "address:withdraw",  # while a new address waits
    "members:address-withdraw",
    "members:person-stay",  # while somebody is about to leave
    "transitions:stay-on",  # asked by the browser while somebody types
    "kok:prove-mail",  # before the first factor of an account
    "mfa_list_webauthn",  # nobody in the demo has a security key
    "mfa_remove_webauthn",
    "mfa_reauthenticate_webauthn",
}
LINK = re.compile(r'(?:href|action|hx-get|hx-post)="([^"]*)"')


def name_of(address: str) -> str:
    """The name of an address of this application, else nothing."""
    parts = urlsplit(address)
    try:
        return "" if parts.scheme else resolve(parts.path).view_name
    except Resolver404:
        return ""


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def crawl(client: Client) -> set[str]:
    """The names of all addresses that pages link or send forms to, from the start page on. Nothing is sent."""
    waiting, opened, named = deque(["/"]), Counter(), {"kok:start"}
    seen = set()
    while waiting:
        address = waiting.popleft()
        name = name_of(address)
        if address in seen or opened[name] >= PER_PAGE or name in ("", "account_logout"):
            continue
        seen.add(address)
        opened[name] += 1
        answer = client.get(address, follow=True)
        assert answer.status_code in (200, 405), f"{address} answers {answer.status_code}"
        if answer.get("Content-Type", "").startswith("text/html"):
            end = answer.request["PATH_INFO"]
            links = [urljoin(end, unescape(link)).partition("#")[0] for link in LINK.findall(answer.content.decode())]
            named |= {name_of(link) for link in links}
            waiting.extend(links)
    return named


@time_machine.travel("2026-11-23T09:00:00Z", tick=False)
def test_given_the_demo_when_its_people_click_wherever_they_can_then_every_page_is_offered_to_somebody(
    settings, tmp_path
):
    """Pages of single things depend on what there is; those of an agreement or of all are there at any time."""
    settings.KOK_VAR = tmp_path
    by_worker(demo.load_demo, now=clock.now())
    offered: set[str] = set()
    for username in ACCOUNTS:
        user = User.objects.get(username=username)
        offered |= crawl(enter(user) if "-case-" in username else signed_in(user))
    pages = {name for name, needs in NEEDS.items() if set(needs) <= {"agreement"}}
    assert sorted(name for name in pages - offered - ELSEWHERE if not name.startswith(("account_", "mfa_"))) == []
