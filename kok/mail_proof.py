"""That somebody reads the mailbox of an account: by the link in a mail, or by a code that a mail brings.

The first second factor of an account asks for it, and another address while it has none: or whoever knows no more than
the password could enrol his own, in the mailbox that counts or in one that he put in its place. The code is made while
the mail is sent and stored nowhere: it follows from a number that the session keeps, and from the key of the
application. It has 40 bits and holds a quarter of an hour; wrong ones are counted as those of an app are.
"""

import hmac
import secrets
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from allauth.account.signals import password_reset
from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.crypto import salted_hmac

from kok import account_mails, clock, same_browser, second_factor, throttle
from kok.access import marked
from kok.errors import Refused
from kok.factor_attempts import counted
from kok.mails import OURS, MailText, composed
from kok.models import OutboxMessage, User
from kok.outbox import Mail
from kok.requests import Request

CODE = "account.code"
NOTICES = {
    CODE: MailText(
        "Kooperationskonferenz: Ihr Code zur Bestätigung",
        "geben Sie diesen Code auf der Seite ein, die ihn angefordert hat. Er gilt {minutes} Minuten:",
        "{code}",
        "Damit bestätigen Sie, dass dieses Postfach zu Ihrem Konto{account} gehört. Danach geht es auf der Seite "
        "weiter.",
        "Sie haben das nicht angefordert? Dann kennt jemand Ihr Passwort. Ändern Sie es gleich, und geben Sie den Code "
        "niemandem weiter.",
        OURS,
    )
}
PROOF_HOLDS = 60 * 60  # seconds; who came by a link chooses a password, signs in and reads on
CODE_HOLDS = 15 * 60
_PROVEN, _ASKED = "mail_proven", "mail_asked"
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs that nobody mistakes for each other


class NotedMailbox(same_browser.Noted):
    """What a session keeps of a proof, or of a code that was asked for."""

    user: int
    at: float


def is_proven(request: HttpRequest) -> bool:
    """Whether this person proved the mailbox of this account in this browser, at most an hour ago."""
    noted: NotedMailbox = request.session.get(_PROVEN, {})
    return _is_own(request, noted, PROOF_HOLDS) and same_browser.is_here(request, noted)


def proven_by_mail(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Asks for the mailbox before a page that would take an account over, while it has no second factor."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        user = request.user
        if not user.is_authenticated or second_factor.is_set_up(user) or is_proven(request):
            return view(request, *args, **kwargs)
        return redirect(f"{reverse('kok:prove-mail')}?{urlencode({'next': request.path})}")

    return marked(guarded, asks_for_mailbox=True)


def is_way_on(address: str) -> bool:
    """Whether this is the path of a page that asks for this proof, so that it may follow."""
    try:
        return hasattr(resolve(address).func, "asks_for_mailbox")
    except Resolver404:
        return False


def send_code(request: Request) -> None:
    """Mails a code to the person of this session; an earlier one ends. Raises Refused."""
    user = request.user
    if not user.email:
        raise Refused(
            "Bei Ihrem Konto fehlt die E-Mail-Adresse. Es wurde nichts gesendet. "
            "Die Stelle Ihres Partners, die Konten pflegt, kann sie eintragen."
        )
    if not throttle.mail_code(user.pk).is_allowed():
        raise Refused("Das waren zu viele Codes. Warten Sie zehn Minuten. Es wurde keiner gesendet.")
    number = secrets.token_hex(8)
    with transaction.atomic():
        account_mails.queue(CODE, user, now=clock.now(), number=number)
    request.session[_ASKED] = {"user": user.pk, "number": number, "at": clock.machine_seconds()}


def is_asked(request: HttpRequest) -> bool:
    """Whether a code is on its way or lies in the mailbox, and still holds."""
    return _is_own(request, request.session.get(_ASKED), CODE_HOLDS)


def check_code(request: Request, typed: str) -> None:
    """Notes the mailbox as proven when the code is right. Raises Refused when it is wrong, old or one of too many."""
    if not is_asked(request):
        raise Refused("Der Code gilt nicht mehr. Lassen Sie sich einen neuen senden.")
    user = request.user
    plain = "".join(typed.upper().replace("-", "").split())
    try:
        with counted(request, user.pk):
            _compare(plain, _code(user, request.session[_ASKED]["number"]))
    except ValidationError as wrong:
        raise Refused(wrong.messages[0]) from None
    del request.session[_ASKED]
    _note(request, user)


def _compare(typed: str, code: str) -> None:
    if not hmac.compare_digest(code.encode(), typed.encode()):
        raise ValidationError("Der Code stimmt nicht. Sehen Sie in der neuesten Mail nach.")


def build_mail(message: OutboxMessage) -> Mail | None:
    """The code, made when the mail goes out; nothing for an account that was closed."""
    user = account_mails.owner(message)
    if user is None:
        return None
    code = _code(user, message.context["number"])
    context = {
        "code": f"{code[:4]}-{code[4:]}",
        "minutes": CODE_HOLDS // 60,
        "account": account_mails.name_among(user, user.email),
    }
    return composed(CODE, context, to=user.email)


@receiver(password_reset)
def _came_by_link(request: HttpRequest, user: User, **_: object) -> None:
    """Who sets a password through the mailed link has read the mailbox; the link dies with the address it went to."""
    _note(request, user)


def _note(request: HttpRequest, user: User) -> None:
    note_address(user)
    proven: NotedMailbox = {"user": user.pk, "at": clock.machine_seconds()}
    same_browser.mark(request, proven)
    request.session[_PROVEN] = proven


def note_address(user: User) -> None:
    """The address of this account, and no other, is its owner's."""
    address = user.email.lower()
    with transaction.atomic():
        EmailAddress.objects.filter(user=user).exclude(email=address).delete()
        EmailAddress.objects.update_or_create(user=user, email=address, defaults={"verified": True, "primary": True})


def _is_own(request: HttpRequest, noted: NotedMailbox | None, seconds: int) -> bool:
    return bool(noted and noted["user"] == request.user.pk and clock.seconds_since(noted["at"]) < seconds)


def _code(user: User, number: str) -> str:
    """It proves the address it went to and no later one."""
    digest = salted_hmac("kok.mail_proof", f"{user.pk}:{user.email}:{number}", algorithm="sha256").digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:8])
