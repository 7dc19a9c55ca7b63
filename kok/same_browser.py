"""What somebody proved counts in the browser in which he proved it, and what waits for a proof goes on there only.

A session is one cookie, which can be copied. So what it keeps of a proof carries the checksum of a secret that stands
in a second cookie of the browser. It opens nothing by itself, and goes when the browser is closed.
"""

import hashlib
import secrets
from collections.abc import Callable
from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

COOKIE = "kok_nachweis"


class Noted(TypedDict, total=False):
    """What a session notes, with the checksum that binds it to a browser."""

    browser: str


def mark(request: HttpRequest, noted: Noted) -> None:
    """Binds what a session notes to this browser; one without a secret gets it with the answer (`hand_over`)."""
    if not request.COOKIES.get(COOKIE):
        vars(request)["browser_secret"] = request.COOKIES[COOKIE] = secrets.token_urlsafe(32)
    noted["browser"] = _checksum(request)


def is_here(request: HttpRequest, noted: Noted) -> bool:
    """Whether this browser is the one that was noted."""
    return bool(request.COOKIES.get(COOKIE)) and constant_time_compare(noted.get("browser", ""), _checksum(request))


def hand_over(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: gives the browser that has just proved something what only it shall have."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if secret := getattr(request, "browser_secret", ""):
            response.set_cookie(COOKIE, secret, httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
        return response

    return middleware


def _checksum(request: HttpRequest) -> str:
    """Without a key: nobody guesses 32 random bytes."""
    return hashlib.sha256(request.COOKIES[COOKIE].encode()).hexdigest()
