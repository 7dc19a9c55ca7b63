"""Mails about the own account, through the outbox like all others.

So a mail server that refuses breaks no page, quotes nobody in a log and tells no stranger which address has an account.
The link leads to KOK_PUBLIC_URL, whatever Host the request named.
"""

import secrets
from datetime import datetime
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from kok import outbox
from kok.models import OutboxMessage, User
from kok.outbox import Mail

RESET, CHANGED = "account.reset", "account.changed"
# What allauth tells of, by the name of its template: subject and sentence.
CHANGES = {
    "password_changed": ("Ihr Passwort ist geändert", "das Passwort Ihres Kontos ist geändert."),
    "password_reset": ("Ihr neues Passwort ist gesetzt", "für Ihr Konto ist ein neues Passwort gesetzt."),
    "password_set": ("Ihr Passwort ist festgelegt", "für Ihr Konto ist ein Passwort festgelegt."),
    "recovery_codes_generated": (
        "Neue Ersatzcodes",
        "für Ihr Konto sind neue Ersatzcodes erzeugt. Die alten gelten nicht mehr.",
    ),
    "totp_activated": (
        "Zweiter Faktor eingeschaltet",
        "die Authentifizierungs-App Ihres Kontos ist eingeschaltet.",
    ),
    "totp_deactivated": (
        "Zweiter Faktor ausgeschaltet",
        "die Authentifizierungs-App Ihres Kontos ist ausgeschaltet. Jetzt genügt das Passwort allein.",
    ),
}


def password_link(user: User) -> str:
    """Where this person, and nobody else, sets a password once; a secret."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
    return f"{settings.KOK_PUBLIC_URL}{path}"


@transaction.atomic
def queue(kind: str, user: User, *, now: datetime, **context: str) -> None:
    """Puts a mail to this person into the outbox; somebody without an address gets none."""
    if user.email:
        key = f"{kind}:{user.pk}:{secrets.token_hex(8)}"
        outbox.enqueue(kind=kind, key=key, to=user.email, context={"user": user.pk, **context}, now=now)


def owner(message: OutboxMessage) -> User | None:
    """Whose secret link this mail may carry: an open account that still has the address it goes to."""
    return User.objects.filter(pk=message.context["user"], is_active=True, email=message.to).first()


def reset(message: OutboxMessage) -> Mail | None:
    """A link to a new password, made when the mail goes out; nothing for an account that was closed or has moved."""
    user = owner(message)
    return _mail(RESET, {"link": password_link(user)}) if user else None


def changed(message: OutboxMessage) -> Mail:
    """What has changed at the account."""
    subject, sentence = CHANGES[message.context["change"]]
    return _mail(CHANGED, {"subject": subject, "sentence": sentence})


def _mail(kind: str, context: dict[str, Any]) -> Mail:
    subject = render_to_string(f"email/{kind}.subject.txt", context).strip()
    return Mail(subject, render_to_string(f"email/{kind}.txt", context))
