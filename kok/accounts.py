"""Sign-in in our words. Sign-up is closed: the registrar of a partner invites, nobody registers himself."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from kok import (
    account_mails,
    account_seals,
    audit,
    clock,
    devices,
    known_devices,
    networks,
    queries,
    second_factor,
    sessions,
    sign_ins,
    throttle,
    vault,
)
from kok.models import User
from kok.requests import Request
from kok.sign_ins import Kind

MESSAGES = {  # what allauth says after an act, by the template that it asks for; of signing in nothing
    "account/messages/logged_in.txt": "",
    "account/messages/logged_out.txt": "Sie sind abgemeldet.",
    "account/messages/password_changed.txt": "Das neue Passwort gilt ab jetzt.",
    "account/messages/password_set.txt": "Das neue Passwort gilt ab jetzt.",
    "mfa/messages/recovery_codes_generated.txt": "Die neuen Ersatzcodes gelten ab jetzt, die alten nicht mehr.",
    "mfa/messages/totp_activated.txt": "Die Authentifizierungs-App ist eingeschaltet.",
    "mfa/messages/totp_deactivated.txt": "Die Authentifizierungs-App ist ausgeschaltet.",
    "mfa/messages/webauthn_added.txt": "Der Sicherheitsschlüssel ist eingerichtet.",
    "mfa/messages/webauthn_removed.txt": "Der Sicherheitsschlüssel ist entfernt.",
}


class ClosedSignup(DefaultAccountAdapter):
    """Refuses every self-registration, and says what to do when signing in does not work."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "Benutzername oder Passwort stimmen nicht. Versuchen Sie es noch einmal.",
        "incorrect_password": "Das Passwort stimmt nicht. Versuchen Sie es noch einmal.",
        "enter_current_password": "Das ist nicht Ihr aktuelles Passwort. Versuchen Sie es noch einmal.",
        "too_many_links": (
            "Von hier kamen in den letzten zehn Minuten schon mehrere Anforderungen. Es ist keine weitere Mail "
            "unterwegs. Warten Sie zehn Minuten und versuchen Sie es dann."
        ),
        "too_many_codes": (
            "Für dieses Konto wurden in der letzten Stunde sehr viele falsche Codes eingegeben. Melden Sie sich mit "
            "einem Browser an, in dem Sie schon angemeldet waren, oder warten Sie eine Stunde."
        ),
        "too_many_login_attempts": "Das waren zu viele Versuche. Warten Sie fünf Minuten und versuchen Sie es dann.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, object] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Says it in the words of `MESSAGES`."""
        if message_template and message_template in MESSAGES:
            message = MESSAGES[message_template]
            message_template = None
        super().add_message(request, level, message_template, message_context, extra_tags, message)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        """Who has a second factor confirms with it; the password was typed already, by whoever sits there."""
        methods: list[dict[str, str]] = super().get_reauthentication_methods(user)
        if user.is_authenticated and second_factor.is_set_up(user):
            return [method for method in methods if method["id"].startswith("mfa_reauthenticate")]
        return methods

    def authenticate(self, request: HttpRequest, **credentials: str) -> User | None:
        """Checks a password; how often it was wrong is counted and written down, before one is hashed.

        The right password of an account that was changed past the application is answered as a wrong one.
        """
        name = credentials.get("username", "")
        account = queries.account_named(name)
        device = known_devices.number_of(request, account)
        attempt = throttle.password(name, network=networks.network_of(request), device=device)
        if not attempt.is_allowed():
            sign_ins.brake(request, account=account, is_first=attempt.was_just_closed)
            raise self.validation_error("too_many_login_attempts")
        user: User | None = super().authenticate(request, **credentials)
        if user is None:
            sign_ins.record(Kind.WRONG_PASSWORD, request, account=account, now=clock.now())
        elif not account_seals.stands(user):
            sign_ins.record(Kind.TAMPERED, request, account=user.pk, now=clock.now())
            return None
        elif user.is_active:
            attempt.succeeded()
        return user

    def pre_login(self, request: HttpRequest, user: User, **more: object) -> HttpResponse | None:
        """Opens nothing for a locked account; that somebody knows its password is written down."""
        if not user.is_active:
            sign_ins.record(Kind.LOCKED, request, account=user.pk, now=clock.now())
        response: HttpResponse | None = super().pre_login(request, user, **more)
        return response

    def login(self, request: Request, user: User) -> None:
        """Signs in, and keeps with the session which device that is, for its owner.

        The account may have been locked since the password was typed, or changed past the application.
        """
        if not user.is_active or not account_seals.stands(user):
            kind = Kind.TAMPERED if user.is_active else Kind.LOCKED
            sign_ins.record(kind, request, account=user.pk, now=clock.now())
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)
        user.last_login = clock.now()  # Django asks the clock of the machine
        user.save(update_fields=["last_login"])
        request.session.note_sign_in(devices.describe(self.get_http_user_agent(request)))
        sign_ins.record(Kind.SIGNED_IN, request, account=user.pk, now=clock.now())

    def post_login(self, request: HttpRequest, user: User, **more: object) -> HttpResponse:
        """From now on this device is known, and no guesser elsewhere keeps it out."""
        response: HttpResponse = super().post_login(request, user, **more)
        known_devices.remember(request, response, user.pk)
        return response

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, object] | None = None, email: str | None = None
    ) -> None:
        """Tells the person of a change to the own account, and the trail, which nobody can intercept."""
        change, now = template_prefix.rpartition("/")[2], clock.now()
        with transaction.atomic():
            audit.record(by=user, action=f"account.{change.replace('_', '-')}", obj=user, now=now)
            account_mails.queue(account_mails.CHANGED, user, now=now, change=change)
            if change.startswith("password_"):
                sessions.end_all(user, but=self.request.session.session_key)


class SecondFactor(DefaultMFAAdapter):
    """Says what to do when a code does not fit, and seals the secrets: with a dump alone nobody makes a code."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Der Code stimmt nicht oder ist abgelaufen. Geben Sie den nächsten ein, den die App zeigt.",
        "incorrect_spare_code": (
            "Der Ersatzcode stimmt nicht oder ist schon benutzt. Geben Sie einen anderen Ihrer Ersatzcodes ein."
        ),
    }

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Keys belong to the name of this installation, whatever Host the request named."""
        return {"id": urlsplit(settings.KOK_PUBLIC_URL).hostname or "", "name": settings.MFA_TOTP_ISSUER}

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002  allauth calls it so
        """What a new key is called unless its owner names it."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Sicherheitsschlüssel" if number == 1 else f"Sicherheitsschlüssel {number}"

    def encrypt(self, text: str) -> str:
        return vault.FACTORS.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return vault.FACTORS.unseal(encrypted_text)


class SignIn(LoginForm):
    """allauth's form in our words; the way to a new password stands below it, not between the two fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Benutzername"
        self.fields["password"].help_text = ""
