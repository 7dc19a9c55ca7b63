"""The only door to allauth's private modules. Each release may change them, so a test holds the version they are of.

Whoever lifts the version reads these functions against the new release, runs the tests, and changes VERSION.
"""

from typing import TYPE_CHECKING

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY, suspend_request
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.http import HttpRequest, HttpResponseBase

from kok import same_browser

if TYPE_CHECKING:  # by name only, as in `kok.requests`
    from kok.models import User

VERSION = "65.21"  # the minor version whose private modules were read


def ask_first(request: HttpRequest, address: str) -> HttpResponseBase:
    """Leads to a page that asks for a proof; then the page that was wanted goes on as it was, in this browser."""
    answer: HttpResponseBase = suspend_request(request, address)
    if request.method == "POST":
        same_browser.mark(request, request.session[STATE_SESSION_KEY])
    return answer


def forget_foreign_form(request: HttpRequest) -> None:
    """Forgets a form that waits for a proof and was sent from another browser, which only copied this session."""
    if not same_browser.is_here(request, request.session.get(STATE_SESSION_KEY, {})):
        request.session.pop(STATE_SESSION_KEY, None)


def note_proof(request: HttpRequest, factor: Authenticator) -> None:
    """Notes in the session that this factor was proven now, for somebody who is signed in."""
    post_authentication(request, factor, reauthenticated=True)


def add_app(user: "User", secret: str) -> Authenticator:
    """Makes an authenticator app with this secret (base 32) the second factor of an account."""
    factor: Authenticator = TOTP.activate(user, secret).instance
    return factor


def app_code(secret: str, counter: int) -> str:
    """What an app with this secret shows in the period with this number."""
    code: str = format_hotp_value(hotp_value(secret, counter))
    return code


def key_request(user: "User") -> dict[str, object]:
    """What a browser needs to ask for a security key of this account; the challenge waits in the session."""
    options: dict[str, object] = begin_authentication(user)
    return options
