"""Into the sealed area, for tests of the pages in it."""

import re
from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse

from kok import allauth_adapter, clock, known_devices, same_browser
from kok.models import User
from members.models import Agreement
from tests.builders import a_factor
from transitions.forms.area import reasons_for
from transitions.rules.codes import EntryReason


def spare_codes(user: User) -> Authenticator:
    """New spare codes of this account."""
    made: Authenticator = Authenticator(type=Authenticator.Type.RECOVERY_CODES).wrap().activate(user).instance
    return made


def proven(client: Client, user: User, *, seconds_ago: int = 0) -> Client:
    """Signed in with the second factor, so many seconds ago, in this browser, which is known from then on."""
    client.force_login(user)
    request = HttpRequest()
    request.session, request.user = client.session, user
    request.COOKIES = {name: cookie.value for name, cookie in client.cookies.items()}
    allauth_adapter.note_proof(request, a_factor(user))
    records = request.session["account_authentication_methods"]
    records[-1]["at"] = clock.machine_seconds() - seconds_ago
    request.session.save()
    known = HttpResponse()
    known.set_cookie(same_browser.COOKIE, request.COOKIES[same_browser.COOKIE])
    known_devices.remember(request, known, user.pk)
    client.cookies.update(known.cookies)
    return client


def enter(user: User, reason: EntryReason | None = None, *, agreement: Agreement | None = None) -> Client:
    """A client of this person inside the area: second factor proven, reason given (the first that fits), logged.

    Time runs by the clock of the application: after moving it by more than 15 minutes, enter again.
    """
    return enter_with(proven(Client(), user), user, agreement or Agreement.objects.earliest("pk"), reason)


def enter_with(client: Client, user: Any, agreement: Agreement, reason: EntryReason | None = None) -> Client:
    """Through the door with a client whose second factor was just proven."""
    chosen = reason or reasons_for(User.objects.get(pk=user.pk), agreement)[0]
    somewhere = reverse("transitions:age-limit", args=[agreement.slug])
    address = f"{reverse('transitions:enter', args=[agreement.slug])}?next={somewhere}"
    answer = client.post(address, {"eintritt-reason": str(chosen)})
    assert answer.status_code == 302, answer.content.decode()
    return client


def carried(client: Client, address: str) -> dict[str, str]:
    """The mark that a page carries of what it shows, as its form sends it back."""
    [mark] = re.findall(r'name="seen" value="([^"]*)"', client.get(address).content.decode())
    return {"seen": str(mark)}
