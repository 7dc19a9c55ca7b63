"""Those who run the installation: told by mail that something happened, never what; that stands on a page."""

import logging
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from kok import outbox, queries
from kok.mails import composed
from kok.models import OutboxMessage

log = logging.getLogger(__name__)
LEFT_OUT = (
    "Ein Konto mit der Rolle Technik oder Prüfung erhält solche Nachrichten nicht: Es wurde an der Anwendung vorbei "
    "geändert, und seine Adresse kann eine fremde sein. Welches es ist, steht auf der Seite „Aufträge“."
)
SOME_LEFT_OUT = (
    "{} Konten mit der Rolle Technik oder Prüfung erhalten solche Nachrichten nicht: Sie wurden an der Anwendung "
    "vorbei geändert, und ihre Adressen können fremde sein. Welche es sind, steht auf der Seite „Aufträge“."
)
WHY = (
    "Sie erhalten diese Nachricht, weil Sie die Anwendung technisch betreiben oder, wo das sonst niemand tut, die "
    "Rolle Prüfung haben."
)


def left_out() -> str:
    """That some accounts are told nothing, in words; "" where all are."""
    number = queries.left_out()
    return {0: "", 1: LEFT_OUT}.get(number, SOME_LEFT_OUT.format(number))


def tell(kind: str, occurrence: str, *, now: datetime, **about: str) -> bool:
    """One mail to each of them, once for an occurrence, in the running transaction; to auditors where none is left.

    Not to whose account was changed past the application. Whether anybody is told.
    Register `build_mail` and its words for the kind; they end with `WHY`.
    `about` is for these words: our own, never of people.
    """
    if number := queries.left_out():
        log.error("Konten, die keine Meldung erhalten, weil sie an der Anwendung vorbei geändert wurden: %s.", number)
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
    return composed(row.kind, {**row.context, "link": link, "left_out": left_out()})
