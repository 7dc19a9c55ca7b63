"""The mail that opens an account."""

from django.conf import settings
from django.template.loader import render_to_string

from kok.account_mails import newer_waits, owner, password_link
from kok.models import OutboxMessage
from kok.outbox import Mail


def invited(message: OutboxMessage) -> Mail | None:
    """A link to choose a password, made when the mail goes out to the address of then.

    Nothing for an account that is open already or closed, nor where a newer invitation waits.
    """
    user = owner(message)
    if user is None or user.has_usable_password() or newer_waits(message):
        return None
    context = {
        "link": password_link(user),
        "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
    }
    subject = render_to_string("email/account.invited.subject.txt", context).strip()
    return Mail(subject, render_to_string("email/account.invited.txt", context), to=user.email)
