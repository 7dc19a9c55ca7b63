"""Mails that open an account or give it another address."""

from django.conf import settings
from django.urls import reverse

from kok.account_mails import name_among, newer_waits, owner, password_link
from kok.mails import OURS, MailText, composed
from kok.models import OutboxMessage, User
from kok.outbox import Mail
from members.models import Person
from members.queries.addresses import LASTS, key_of, waiting_change

NOTICES = {
    "account.invited": MailText(
        "Kooperationskonferenz: bitte innerhalb von {days} Tagen ein Passwort festlegen",
        "bitte legen Sie für Ihr neues Konto ein Passwort fest. Dieser Link gilt {days} Tage und nur einmal:",
        "{link}",
        "Auf derselben Seite steht Ihr Benutzername. Danach melden Sie sich mit beiden an. Ist der Link abgelaufen, "
        "bitten Sie die Stelle, die Sie eingeladen hat, um einen neuen.",
        "Sie erhalten diese Nachricht, weil Ihr Haus an einer Kooperationskonferenz teilnimmt und für Sie ein Konto "
        "eingerichtet hat.",
    ),
    "account.address": MailText(
        "Kooperationskonferenz: bitte innerhalb von {days} Tagen Ihre neue E-Mail-Adresse bestätigen",
        "bitte bestätigen Sie, dass Ihr Konto diese E-Mail-Adresse bekommt. Sie melden sich dazu mit Ihrem Konto an. "
        "Der Link gilt {days} Tage:",
        "{link}",
        "Bis dahin gilt die alte Adresse. Haben Sie kein Konto bei einer Kooperationskonferenz oder wollen Sie das "
        "nicht, dann brauchen Sie nichts zu tun.",
        OURS,
    ),
    "account.address-asked": MailText(
        "Kooperationskonferenz: Ihr Konto soll eine andere E-Mail-Adresse bekommen",
        "für Ihr Konto{account} in der Anwendung der Kooperationskonferenz ({site}) ist eine andere E-Mail-Adresse "
        "eingetragen. Sie gilt erst, wenn Sie selbst sich anmelden und sie über den Link bestätigen, den wir dorthin "
        "gesendet haben, innerhalb von {days} Tagen. Bis dahin gilt diese Adresse.",
        "Wollen Sie das nicht? Dann bestätigen Sie nichts, melden Sie sich an und nehmen Sie es zurück, unter Ihrem "
        "Namen bei „E-Mail-Adresse“. Sagen Sie es auch der Stelle Ihres Partners, die Konten pflegt.",
        OURS,
    ),
    "account.address-changed": MailText(
        "Kooperationskonferenz: Ihr Konto hat jetzt eine andere E-Mail-Adresse",
        "für Ihr Konto{account} in der Anwendung der Kooperationskonferenz ({site}) gilt jetzt eine andere "
        "E-Mail-Adresse. Sie ist bestätigt, angemeldet mit Ihrem Konto. An diese Adresse hier geht keine Mail mehr.",
        "Waren Sie das nicht? Dann melden Sie sich gleich bei der Stelle Ihres Partners, die Konten pflegt.",
        OURS,
    ),
}


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
    return composed(message.kind, context, to=user.email)


def new_address(message: OutboxMessage) -> Mail | None:
    """The link that confirms a new address, to that address; nothing when it waits no more, or was put in by SQL."""
    change = waiting_change(message.context["change"])
    if change is None:
        return None
    path = reverse("address:confirm", args=[change.pk, key_of(change)])
    return composed(message.kind, {"link": f"{settings.KOK_PUBLIC_URL}{path}", "days": LASTS.days}, to=change.email)


def address_told(message: OutboxMessage) -> Mail:
    """Tells the old address that another one waits or counts now, and not which; it says whose account that is."""
    person = Person.objects.filter(user=message.context["user"]).select_related("employer").first()
    user = User.objects.get(pk=message.context["user"])
    context = {
        "days": LASTS.days,
        "site": ", ".join(filter(None, (settings.KOK_PUBLIC_URL, person.employer.short_name if person else ""))),
        "account": name_among(user, message.to),
    }
    return composed(message.kind, context, to=message.to)
