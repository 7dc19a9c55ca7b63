"""The mail that opens an account."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from kok.models import OutboxMessage, User
from kok.outbox import Mail


def invited(message: OutboxMessage) -> Mail | None:
    """A link to choose a password, made when the mail goes out; nothing for an account that is open or closed."""
    user = User.objects.filter(pk=message.context["user"], is_active=True).first()
    if user is None or user.has_usable_password():
        return None
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
    context = {
        "link": settings.KOK_PUBLIC_URL + path,
        "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
    }
    subject = render_to_string("email/account.invited.subject.txt", context).strip()
    return Mail(subject, render_to_string("email/account.invited.txt", context))
