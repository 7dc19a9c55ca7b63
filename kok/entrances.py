"""The pages around signing in that allauth serves, in our words: what such a page says, its button, and the way on.

Most share one template; what needs more has one of its own that extends it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import URLPattern
from django.views import View

Link = tuple[str, str]
"""Its words and the name of its address."""


AllauthView = Callable[..., HttpResponseBase]


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """The words of one page."""

    heading: str
    title: str = ""  # of the tab in the browser, where it is not the heading
    texts: tuple[str, ...] = ()
    submit: str = ""  # what the button of the form says; "" where there is no form
    leave: Link | None = None  # beside the button
    goes_on: bool = False  # to the page that the address names
    way: Link | None = None  # the next step, where there is no form
    back: Link | None = None
    template: str = "account/entrance.html"

    def on(self, view: AllauthView) -> AllauthView:
        """This view of allauth with these words; whoever guards a view guards what this gives back."""
        kind: type[View] = vars(view)["view_class"]
        return kind.as_view(template_name=self.template, extra_context={"entrance": self})


CANCEL = ("Abbrechen", "mfa_index")
SIGN_IN = ("Zurück zur Anmeldung", "account_login")

NO_SIGN_UP = Entrance(
    heading="Konten gibt es auf Einladung",
    texts=(
        (
            "Hier kann sich niemand selbst anmelden. Die Stelle Ihres Partners, die Personen und Konten pflegt, "
            "lädt Sie ein."
        ),
    ),
    back=("Zur Anmeldung", "account_login"),
)
CONFIRM_AGAIN = Entrance(
    heading="Bitte noch einmal bestätigen",
    texts=("Hier geht es um die Sicherheit Ihres Kontos. Deshalb fragen wir noch einmal, ob Sie es sind.",),
    submit="Bestätigen",
    goes_on=True,
    template="account/reauthenticate.html",
)
APP_ON = Entrance(
    heading="Authentifizierungs-App einschalten",
    submit="Einschalten",
    leave=CANCEL,
    template="mfa/totp/activate_form.html",
)
APP_OFF = Entrance(
    title="Authentifizierungs-App ausschalten",
    heading="Authentifizierungs-App ausschalten?",
    texts=(
        (
            "Danach melden Sie sich ohne die App an. Ist sie Ihr einziger zweiter Faktor, gelten auch Ihre Ersatzcodes "
            "nicht mehr, und Rollen, die einen zweiten Faktor brauchen, ruhen."
        ),
    ),
    submit="Ausschalten",
    leave=("Eingeschaltet lassen", "mfa_index"),
)
KEY_OFF = Entrance(
    title="Sicherheitsschlüssel entfernen",
    heading="Sicherheitsschlüssel entfernen?",
    submit="Entfernen",
    leave=("Behalten", "mfa_list_webauthn"),
    template="mfa/webauthn/authenticator_confirm_delete.html",
)
NEW_CODES = Entrance(
    title="Neue Ersatzcodes",
    heading="Neue Ersatzcodes erzeugen?",
    submit="Neue Codes erzeugen",
    leave=CANCEL,
    template="mfa/recovery_codes/generate.html",
)
OF_THE_ACCOUNT = {
    "account_login": Entrance(heading="Anmelden", submit="Anmelden", goes_on=True, template="account/login.html"),
    "account_inactive": Entrance(
        heading="Das Konto ist gesperrt",
        texts=(
            (
                "Mit diesem Konto kann sich zurzeit niemand anmelden. Die Stelle Ihres Partners, die Konten pflegt, "
                "kann es wieder freigeben."
            ),
        ),
    ),
    "account_logout": Entrance(
        title="Abmelden",
        heading="Möchten Sie sich abmelden?",
        texts=("Was gespeichert ist, bleibt gespeichert.",),
        submit="Abmelden",
        goes_on=True,
        leave=("Angemeldet bleiben", "kok:start"),
    ),
    "account_reauthenticate": CONFIRM_AGAIN,
    "account_change_password": Entrance(
        heading="Passwort ändern", submit="Neues Passwort speichern", leave=("Abbrechen", "kok:start")
    ),
    "account_set_password": Entrance(heading="Passwort festlegen", submit="Passwort speichern"),
    "account_reset_password": Entrance(
        heading="Passwort vergessen",
        texts=("Wir schicken Ihnen einen Link, mit dem Sie ein neues Passwort festlegen.",),
        submit="Link anfordern",
        goes_on=True,
        back=SIGN_IN,
    ),
    "account_reset_password_done": Entrance(
        heading="Sehen Sie in Ihr Postfach",
        texts=(
            (
                "Gehört die Adresse zu einem Konto, ist eine Mail mit einem Link unterwegs. Das dauert höchstens "
                "einige Minuten. Der Link gilt einen Tag."
            ),
            (
                "Es kommt nichts an? Sehen Sie im Spam-Ordner nach, oder fragen Sie die Stelle Ihres Partners, die "
                "Konten pflegt."
            ),
        ),
        back=SIGN_IN,
    ),
    "account_reset_password_from_key": Entrance(
        heading="Neues Passwort festlegen",
        submit="Passwort speichern",
        goes_on=True,
        template="account/password_reset_from_key.html",
    ),
    "account_reset_password_from_key_done": Entrance(
        heading="Das neue Passwort gilt",
        texts=("Melden Sie sich jetzt damit an.",),
        way=("Anmelden", "account_login"),
    ),
}


def in_our_words(pattern: URLPattern) -> URLPattern:
    """An address of allauth about the account, with our words on its page."""
    return URLPattern(
        pattern.pattern, OF_THE_ACCOUNT[str(pattern.name)].on(pattern.callback), pattern.default_args, pattern.name
    )
