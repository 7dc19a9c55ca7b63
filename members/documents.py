"""The mail that opens an account."""

from django.conf import settings
from django.template.loader import render_to_string

from kok.account_mails import owner, password_link
from kok.models import OutboxMessage
from kok.outbox import Mail


def invited(message: OutboxMessage) -> Mail | None:
    """A link to choose a password, made when the mail goes out; nothing for one that is open, closed or has moved."""
    user = owner(message)
    if user is None or user.has_usable_password():
        return None
    context = {
        "link": password_link(user),
        "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
    }
    subject = render_to_string("email/account.invited.subject.txt", context).strip()
    return Mail(subject, render_to_string("email/account.invited.txt", context))
