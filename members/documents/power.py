"""Mails about the power of accounts: what waits for a second person, and what happened."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from kok import clock, words
from kok.access import Permission, can, grants_with
from kok.account_mails import ABOUT_YOURS, name_among, owner
from kok.mails import MailText, composed
from kok.models import OutboxMessage, User
from kok.outbox import Mail
from members.models import AccountRequest, Departure
from members.queries.power import PowerRegister
from members.rules.codes import AccountRequestState
from members.rules.power import WAITS, ends_at


@dataclass(frozen=True)
class PowerNotice:
    """What happened: the sentence for the person whose account it is, and the one for those who watch."""

    own: str
    watching: str


CLOSED, DEPARTURE = "account-closed", "departure"
PAGES = {  # where a registrar sees it; else at the accounts
    DEPARTURE: "members:people",
    "departure-withdrawn": "members:people",
    "person-renamed": "members:people",
    "authority-changed": "members:seats",
    "authority-withdrawn": "members:seats",
    "request-refused": "members:requests",
    "request-ended": "members:requests",
}
TOLD = {
    "role-given": PowerNotice(
        "Ihr Konto hat eine Rolle bekommen, die nicht eine Person allein gibt.",
        "ein Konto hat eine Rolle bekommen, die nicht eine Person allein gibt, oder jemand hat sie auf dem Server "
        "gegeben.",
    ),
    "role-ended": PowerNotice("eine Rolle Ihres Kontos ist beendet.", "eine Rolle eines Kontos ist beendet."),
    "role-limited": PowerNotice(
        "für eine Rolle Ihres Kontos ist ein letzter Tag eingetragen.",
        "für eine Rolle eines Kontos ist ein letzter Tag eingetragen.",
    ),
    DEPARTURE: PowerNotice(
        "für Sie ist eingetragen, dass Sie zum {last_on} ausscheiden: Nach diesem Tag sind Ihre Sitze und "
        "Rollen beendet, und Ihr Konto ist gesperrt.",
        "für eine Person ist eingetragen, dass sie ausscheidet. Ihre Sitze und Rollen enden.",
    ),
    "departure-waits": PowerNotice(
        "Ihr letzter Tag ist vorbei, Ihre Sitze und Rollen sind beendet. Ihr Konto hatte die Rolle Prüfung und bleibt "
        "offen, bis die Technik es sperrt.",
        "eine Person, die geprüft hat, ist ausgeschieden. Ihr Konto ist noch offen: Sperren kann es nur die Technik.",
    ),
    "departure-withdrawn": PowerNotice(
        "Ihr Ausscheiden ist zurückgenommen. Ihre Sitze und Rollen gelten weiter.",
        "das Ausscheiden einer Person ist zurückgenommen.",
    ),
    "factor-removed": PowerNotice(
        "der zweite Faktor Ihres Kontos ist entfernt. Richten Sie nach der nächsten Anmeldung einen neuen ein.",
        "bei einem Konto ist der zweite Faktor entfernt, damit die Person einen neuen einrichten kann.",
    ),
    "factor-added": PowerNotice(
        "",
        "für ein Konto mit einer Rolle, die nicht eine Person allein gibt, ist der erste zweite Faktor eingerichtet.",
    ),
    "address-changed": PowerNotice(
        "", "für ein Konto mit einer Rolle, die nicht eine Person allein gibt, gilt eine andere E-Mail-Adresse."
    ),
    "person-renamed": PowerNotice(
        "der Name, unter dem Sie in der Anwendung stehen, ist geändert.",
        "der Name einer Person, die ein Konto hat, ist geändert.",
    ),
    "authority-changed": PowerNotice(
        "", "für Ihre Behörde sind andere Angaben eingetragen, etwa Name, Adresse oder Geschäftsstelle."
    ),
    "authority-withdrawn": PowerNotice(
        "", "geänderte Angaben Ihrer Behörde, die erst noch gelten sollten, sind zurückgezogen."
    ),
    CLOSED: PowerNotice(
        "Ihr Konto ist gesperrt. Anmelden können Sie sich damit nicht mehr.",
        "ein Konto ist gesperrt.",
    ),
    "account-opened": PowerNotice("Ihr Konto ist wieder freigegeben.", "ein gesperrtes Konto ist wieder freigegeben."),
    "request-refused": PowerNotice("", "was Sie für ein Konto beantragt haben, ist abgelehnt."),
    "request-ended": PowerNotice(
        "",
        f"was Sie für ein Konto beantragt haben, hat in {WAITS.days} Tagen niemand bestätigt. Der Antrag gilt nicht "
        "mehr. Sie können ihn neu stellen.",
    ),
    "request-lapsed": PowerNotice(
        "",
        "ein Antrag zu einem Konto, der auf Bestätigung wartete, ist verfallen. Wer ihn noch braucht und stellen darf, "
        "kann ihn neu stellen.",
    ),
}


def _asks(still: str = "") -> MailText:
    return MailText(
        f"Kooperationskonferenz: eine Bestätigung steht {still}aus",
        f"ein Antrag zu einem Konto wartet {still}auf eine zweite Person. Sie können ihn bestätigen oder ablehnen, bis "
        "{ends_at}:",
        "{link}",
        "Ohne Bestätigung geschieht nichts, danach verfällt der Antrag. Aus Gründen des Datenschutzes steht hier nicht "
        "mehr.",
        "Sie erhalten diese Nachricht, weil Sie Konten verwalten.",
    )


NOTICES = {"power.waiting": _asks(), "reminder.request": _asks("noch ")}


def waiting(message: OutboxMessage) -> Mail | None:
    """Something waits for a second person; nothing when it is decided meanwhile."""
    user = owner(message)
    request = AccountRequest.objects.filter(pk=message.context["object"], state=AccountRequestState.OPEN).first()
    if user is None or request is None:
        return None
    context = {"link": _link(user, "members:requests"), "ends_at": words.moment(ends_at(request.given_at))}
    return composed(message.kind, context, to=user.email)


def ending(message: OutboxMessage) -> Mail | None:
    """A request ends soon; nothing when it is decided or over, or this person may not confirm it any more."""
    request = AccountRequest.objects.filter(pk=message.context["object"], state=AccountRequestState.OPEN).first()
    now = clock.now()
    if request is None or now >= ends_at(request.given_at):
        return None
    return waiting(message) if message.context["user"] in PowerRegister(now).confirmers(request) else None


def told(message: OutboxMessage) -> Mail | None:
    """What has happened to the power of an account: told to its person, or to those who watch."""
    if message.context["is_own"]:
        return _told_own(message)
    what, user = message.context["what"], owner(message)
    if user is None:
        return None
    return _of_power(message, user, TOLD[what].watching, _link(user, PAGES.get(what, "members:accounts")))


def _told_own(message: OutboxMessage) -> Mail | None:
    """Whom it locked out is told as well, without a link."""
    what = message.context["what"]
    user = TOLD_ANYWAY.get(what, owner)(message)
    if user is None:
        return None
    sentence = TOLD[what].own
    if what == DEPARTURE:
        sentence = sentence.format(last_on=words.day(Departure.objects.get(pk=message.context["object"]).last_on))
    is_out = what == CLOSED or not user.is_active
    return _of_power(message, user, sentence, "" if is_out else _url("own:roles"))


def _of_power(message: OutboxMessage, user: User, sentence: str, link: str) -> Mail:
    account = name_among(user, user.email, ABOUT_YOURS)
    context = {"link": link, "sentence": sentence, "own": message.context["is_own"], "account": account}
    return composed(message.kind, context, to=user.email)


def _addressee(message: OutboxMessage) -> User | None:
    """The account of a mail that opens nothing, closed or not, where it has an address."""
    return User.objects.filter(pk=message.context["user"]).exclude(email="").first()


TOLD_ANYWAY = dict.fromkeys((CLOSED, DEPARTURE), _addressee)


def _link(user: User, page: str) -> str:
    """Where this person sees it: on a page of the house, at the accounts of the installation, or in the trail.

    "" where nowhere.
    """
    for grant in grants_with(user, Permission.ACCOUNTS_MANAGE):
        if grant.agreement:
            return _url(page, grant.agreement.slug)
    if can(user, Permission.ACCOUNTS_ADMIN):
        return _url("accounts:requests" if page == "members:requests" else "accounts:list")
    return _url("kok:audit") if grants_with(user, Permission.AUDIT_READ) else ""


def _url(name: str, *args: str) -> str:
    return f"{settings.KOK_PUBLIC_URL}{reverse(name, args=args)}"
