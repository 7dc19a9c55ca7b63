"""The second factor of an account: is there one, was it just proven, and the codes that the demo shows."""

import secrets
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import wraps

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import authentication_step_completed
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from kok import allauth_adapter, audit, clock, same_browser, sessions
from kok.access import View
from kok.models import User
from kok.requests import Request

PROOF_LASTS = 5 * 60  # seconds; as long as allauth trusts a proof
_TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class Record(same_browser.Noted, total=False):
    """What allauth keeps in the session of a proof."""

    method: str
    id: int
    at: float
    reauthenticated: bool


@dataclass(frozen=True)
class DemoCode:
    """The code that the app of this account would show now, and for how many seconds it is good."""

    username: str
    code: str
    seconds_left: int


def is_set_up(user: User | AnonymousUser) -> bool:
    """Whether this account has an authenticator app or a security key; spare codes alone are none."""
    return factors(user.pk).exists()


def is_only(authenticator: Authenticator) -> bool:
    """Whether this app or security key is the only one of its account; spare codes are neither."""
    return list(factors(authenticator.user_id)) == [authenticator]


def has_key(user: User) -> bool:
    """Whether a security key is among them: a page then offers to confirm with it."""
    return factors(user.pk).filter(type=Authenticator.Type.WEBAUTHN).exists()


def has_app(user: User) -> bool:
    """Whether an authenticator app is among them: only then a page may speak of its code."""
    return factors(user.pk).filter(type=Authenticator.Type.TOTP).exists()


def is_proven(request: HttpRequest) -> bool:
    """Whether this person proved, in this browser and at most five minutes ago, a second factor that still exists."""
    if not is_set_up(request.user):
        return False  # spare codes alone prove nothing
    return any(_is_of_own_factor(request, record) for record in _fresh(request))


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the second factor was asked for again so lately and here, or the password where there is none."""
    again = [record for record in _fresh(request) if record.get("reauthenticated")]
    if is_set_up(request.user):
        return any(_is_of_own_factor(request, record) for record in again)
    return bool(again)


def _fresh(request: HttpRequest) -> list[Record]:
    """What was proven in this browser in the last five minutes."""
    records: list[Record] = get_authentication_records(request, request.user)
    return [
        record
        for record in records
        if same_browser.is_here(request, record) and clock.seconds_since(record["at"]) < PROOF_LASTS
    ]


def _is_of_own_factor(request: HttpRequest, record: Record) -> bool:
    own = _with_spare_codes(request.user.pk).values_list("pk", flat=True)
    return record["method"] == "mfa" and record.get("id") in own


def confirmed_first(view: View) -> View:
    """Asks for the second factor, or the password where there is none, before a page that moves an account.

    So before what changes the factor or shows spare codes: otherwise a running session would be enough to read them,
    and with one of them to enter. The first factor asks for the mailbox as well (kok.mail_proof). Then the page goes on
    as it was. This wraps the view itself and is no middleware: allauth calls a form that it kept meanwhile past each.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.user.is_authenticated and not is_confirmed(request):
            page = "mfa_reauthenticate" if is_set_up(request.user) else "account_reauthenticate"
            return allauth_adapter.ask_first(request, reverse(page))
        return view(request, *args, **kwargs)

    return guarded


def proven_first(view: View) -> View:
    """`confirmed_first` for a page of a factor that is there already; 404 where there is none."""
    confirmed = confirmed_first(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.user.is_authenticated and not is_set_up(request.user):
            raise Http404
        return confirmed(request, *args, **kwargs)

    return guarded


@receiver(authentication_step_completed)
def _bind_to_browser(request: HttpRequest, user: User, **_: object) -> None:
    """What was just proven counts here, and carries out no form that was sent from elsewhere."""
    same_browser.mark(request, get_authentication_records(request, user)[-1])
    request.session.modified = True
    allauth_adapter.forget_foreign_form(request)


@receiver(authenticator_added)
def _note_first_proof(request: Request, authenticator: Authenticator, **_: object) -> None:
    """Who sets up an app types a code of it, and a key answers: the spare codes that follow need no other proof."""
    if authenticator.type not in _TYPES:
        return
    allauth_adapter.note_proof(request, authenticator)
    if is_only(authenticator):  # whoever is signed in elsewhere has typed a password, no more
        sessions.end_all(request.user, but=request.session.session_key)


def showing_noted(view: View) -> View:
    """Writes into the trail that spare codes were shown, which happens once for each set of them."""

    @wraps(view)
    def told(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        unseen = _unseen_codes(request.user)
        answer = view(request, *args, **kwargs)
        if unseen and not _unseen_codes(request.user):
            audit.record(by=request.user, action="account.recovery-codes-shown", obj=unseen, now=clock.now())
        return answer

    return told


def _unseen_codes(user: User | AnonymousUser) -> Authenticator | None:
    codes = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    return codes if codes and not codes.wrap().did_view else None


def give_demo_factor(user: User) -> None:
    """Gives an account of the demo a second factor whose codes a page shows, unless it has one. Never in production."""
    _only_in_demo()
    if not is_set_up(user):
        factor = allauth_adapter.add_app(user, b32encode(secrets.token_bytes(20)).decode("ascii"))
        factor.data["demo"] = True
        factor.save()


def demo_codes() -> list[DemoCode]:
    """The codes of the accounts that `give_demo_factor` served, by name. Never in production."""
    _only_in_demo()
    counter, passed = divmod(int(clock.machine_seconds()), app_settings.TOTP_PERIOD)
    factors = Authenticator.objects.filter(data__demo=True).select_related("user").order_by("user__username")
    return [
        DemoCode(
            factor.user.get_username(),
            allauth_adapter.app_code(decrypt(factor.data["secret"]), counter),
            app_settings.TOTP_PERIOD - passed,
        )
        for factor in factors
    ]


def factors(user: int | None) -> QuerySet[Authenticator]:
    """The second factors of the account with this number, without spare codes."""
    return _with_spare_codes(user).filter(type__in=_TYPES)


def holders(users: Iterable[int]) -> set[int]:
    """Who of these accounts has a second factor; spare codes alone are none."""
    found = _earnest(Authenticator.objects.filter(user__in=list(users), type__in=_TYPES))
    return set(found.values_list("user", flat=True))


def _with_spare_codes(user: int | None) -> QuerySet[Authenticator]:
    return _earnest(Authenticator.objects.filter(user_id=user))


def _earnest(found: QuerySet[Authenticator]) -> QuerySet[Authenticator]:
    """Nothing that a page once showed, when the demo became earnest."""
    # `exclude(data__demo=True)` would drop every factor without that key: SQL compares it with NULL.
    return found.exclude(data__contains={"demo": True}) if settings.PRODUCTION else found


def _only_in_demo() -> None:
    if settings.PRODUCTION:
        raise RuntimeError("Codes für den zweiten Faktor zeigt nur die Vorführung.")
