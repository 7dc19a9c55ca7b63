"""Devices that signed in before: a signed cookie, so that a guesser elsewhere locks nobody out of his own.

It holds random numbers, one for each of the last accounts, each signed for its account. It opens nothing: whoever
guesses with a stolen one is counted like everybody, only for himself.
"""

import secrets
from collections.abc import Iterator

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponseBase

COOKIE = "kok_geraet"
LASTS = 180 * 24 * 60 * 60  # seconds
ACCOUNTS = 5  # who shares a machine; the account that signed in longest ago is forgotten first


def number_of(request: HttpRequest, account: int | None) -> str:
    """The number of this device for an account; "" where it never signed in there."""
    if account is None:
        return ""
    return next((number for number, _ in _own(request, account)), "")


def remember(request: HttpRequest, response: HttpResponseBase, account: int) -> None:
    """Makes the device known to the account, from now on for half a year."""
    own = list(_own(request, account))
    number = own[0][0] if own else secrets.token_urlsafe(16)
    others = [each for each in _all(request) if each not in {entry for _, entry in own}]
    response.set_cookie(
        COOKIE,
        ".".join([_signer(account).sign(number), *others][:ACCOUNTS]),
        max_age=LASTS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _all(request: HttpRequest) -> list[str]:
    return [entry for entry in request.COOKIES.get(COOKIE, "").split(".") if entry]


def _own(request: HttpRequest, account: int) -> Iterator[tuple[str, str]]:
    for entry in _all(request):
        try:
            yield _signer(account).unsign(entry, max_age=LASTS), entry
        except BadSignature:
            continue


def _signer(account: int) -> TimestampSigner:
    return TimestampSigner(salt=f"kok.known_devices.{account}")
