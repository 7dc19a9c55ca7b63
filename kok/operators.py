"""Those who run the installation: told by mail that something happened, never what; that stands on a page."""

import logging
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from kok import outbox, queries
from kok.mails import composed
from kok.models import OutboxMessage

log = logging.getLogger(__name__)


def tell(kind: str, occurrence: str, *, now: datetime, **about: str) -> bool:
    """One mail to each of them, once for an occurrence, in the running transaction; to auditors where none is left.

    Not to whose account was changed past the application. Whether anybody is told.
    The kind names the text `email/KIND.txt`; register `build_mail` for it.
    `about` is for this text: words of our own, never of people.
    """
    if left_out := queries.left_out():
        log.error("Konten, die keine Meldung erhalten, weil sie an der Anwendung vorbei geändert wurden: %s.", left_out)
    told = queries.genuine(queries.operators()) or queries.genuine(queries.auditors())
    for user in told:
        key = f"{kind}:{occurrence}:{user.pk}"
        outbox.enqueue(kind=kind, key=key, to=user.email, context={"user": user.pk, **about}, now=now)
    if not told:
        log.error("Niemand erfährt davon (%s): Kein Konto von Technik oder Prüfung ist zu erreichen.", kind)
    return bool(told)


def build_mail(row: OutboxMessage) -> outbox.Mail | None:
    """Leads to the page *Aufträge*, and says how many are not told; None when the person lost the role.

    It goes to the address of then, whatever somebody made of the account since.
    """
    if not any(user.pk == row.context["user"] for user in (*queries.operators(), *queries.auditors())):
        return None
    link = settings.KOK_PUBLIC_URL + reverse("kok:jobs")
    context = {**row.context, "link": link, "left_out": queries.left_out()}
    return composed(row.kind, context)
