"""Mails about the own account, through the outbox like all others.

A row holds the number of the account and no address; that is looked up when the mail goes out. So a mail server that
refuses breaks no page and quotes nobody in a log, and a link goes to no address that is not the account's any more. The
link is made then too, stored nowhere, and leads to KOK_PUBLIC_URL, whatever Host the request named.
"""

import secrets
from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from kok import account_seals, outbox, queries, throttle
from kok.mails import OURS, MailText, composed
from kok.models import OutboxMessage, User
from kok.outbox import Mail

RESET, CHANGED = "account.reset", "account.changed"
NOTICES = {
    CHANGED: MailText(
        "Kooperationskonferenz: {subject}",
        "{sentence}{account}",
        "Sie bekommen diese Mail, weil sich an Ihrem Konto etwas geändert hat. Waren Sie das nicht? Dann melden Sie "
        "sich gleich bei der Stelle Ihres Partners, die Konten pflegt.",
        OURS,
    )
}
ABOUT_YOURS = " Es geht um Ihr Konto „{}“."
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
        "die Authentifizierungs-App Ihres Kontos ist ausgeschaltet.",
    ),
    "webauthn_added": (
        "Sicherheitsschlüssel eingerichtet",
        "für Ihr Konto ist ein Sicherheitsschlüssel eingerichtet.",
    ),
    "webauthn_removed": (
        "Sicherheitsschlüssel entfernt",
        "ein Sicherheitsschlüssel Ihres Kontos ist entfernt.",
    ),
}


def password_link(user: User) -> str:
    """Where this person, and nobody else, sets a password once; a secret."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
    return f"{settings.KOK_PUBLIC_URL}{path}"


@transaction.atomic
def queue(kind: str, user: User, *, now: datetime, **context: str) -> None:
    """Puts a mail to this person into the outbox; the worker drops it where the account has no address."""
    key = f"{kind}:{user.pk}:{secrets.token_hex(8)}"
    outbox.enqueue(kind=kind, key=key, to="", context={"user": user.pk, **context}, now=now)


@transaction.atomic
def queue_reset(address: str, *, now: datetime) -> None:
    """Answers the wish for a new password for an address: one row, whether it has an account, several or none.

    Nobody learns which it was, by answer, statements or time; a stranger's address is stored nowhere. When many mails
    went to this address within the hour, the row names no account and the worker drops it.
    """
    key, accounts = f"{RESET}:{secrets.token_hex(8)}", queries.accounts_at(address)
    meant = accounts if throttle.reset_mail(address).is_allowed() else []
    outbox.enqueue(kind=RESET, key=key, to="", context={"accounts": meant}, now=now)


def owner(message: OutboxMessage) -> User | None:
    """Whose secret link this mail may carry: an open account with an address that nobody put there by SQL."""
    found = _reachable(User.objects.filter(pk=message.context["user"]))
    return found[0] if found else None


def _reachable(users: QuerySet[User]) -> list[User]:
    return [
        user for user in users.filter(is_active=True).exclude(email="").order_by("pk") if account_seals.stands(user)
    ]


def name_among(user: User, address: str, words: str = " „{}“") -> str:
    """Words with the user name for a mail about an account, where its mailbox has another one; else nobody is named."""
    others = {*queries.accounts_at(address)} - {user.pk}
    return words.format(user.get_username()) if others else ""


def newer_waits(message: OutboxMessage) -> bool:
    """Whether a later mail of this kind to the same account is on its way too."""
    waiting = OutboxMessage.objects.filter(kind=message.kind, state=OutboxMessage.State.QUEUED, pk__gt=message.pk)
    return waiting.filter(context__user=message.context["user"]).exists()


def reset(message: OutboxMessage) -> Mail | None:
    """Links to a new password; nothing where no account was meant, or it was closed or has moved elsewhere since.

    Nor where the account was changed past the application: the address could be anybody's.
    """
    found = _reachable(User.objects.filter(pk__in=message.context["accounts"]))
    users = [user for user in found if user.email.casefold() == found[0].email.casefold()]
    if not users:
        return None
    links = [(user.get_username() if len(users) > 1 else "", password_link(user)) for user in users]
    hours = settings.KOK_RESET_LINK_SECONDS // 3600
    return composed(RESET, {"links": links, "hours": hours}, to=users[0].email)


def changed(message: OutboxMessage) -> Mail | None:
    """What has changed at the account."""
    user = User.objects.filter(pk=message.context["user"]).first()
    subject, sentence = CHANGES[message.context["change"]]
    if user is None:
        return None
    account = name_among(user, user.email, ABOUT_YOURS)
    return composed(CHANGED, {"subject": subject, "sentence": sentence, "account": account}, to=user.email)
