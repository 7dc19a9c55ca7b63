"""The mail to the auditors: texts were asked about for names more often than on any honest day. It names nobody."""

from datetime import date

from django.conf import settings
from django.urls import reverse

from kok import clock
from kok.mails import MailText
from kok.models import OutboxMessage
from kok.outbox import Mail
from kok.roles import RoleSlug
from members.documents import ABOUT, about
from members.models import Agreement
from members.queries import RoleHolder, holders_of, user_ids

NAME_LIMIT = "cases.name-limit"
NOTICES = {
    NAME_LIMIT: MailText(
        f"{ABOUT}: Bitte sehen Sie in das Zugriffsprotokoll",
        "bitte sehen Sie in das Zugriffsprotokoll: Heute wurde öfter als fünfmal gefragt, ob ein Protokoll, eine "
        "Einladung oder eine Absage Namen der Übergangslisten nennt. Wer gefragt hat, steht dort unter dem Vorgang "
        "„Text auf Namen geprüft“:",
        "{link}",
        "Es kann ein Versehen sein, oder jemand probiert Namen aus. Die Anwendung antwortet für heute nicht mehr "
        "darauf. Alles kann trotzdem versandt werden.",
        "Sie erhalten diese Nachricht, weil Sie das Zugriffsprotokoll prüfen.",
    )
}


def auditors_of(agreement: Agreement, day: date) -> list[RoleHolder]:
    """Who reads the access log of an agreement."""
    return holders_of([RoleSlug.AUDITOR], agreement.partners.all(), day)


def build(message: OutboxMessage) -> Mail | None:
    """Leads to the access log; None when the person is no auditor there any more."""
    agreement = Agreement.objects.filter(pk=message.context["agreement"]).first()
    if agreement is None or message.context["user"] not in user_ids(auditors_of(agreement, clock.today())):
        return None
    return about(agreement, NAME_LIMIT, {"link": settings.KOK_PUBLIC_URL + reverse("transitions-log:entries")})
