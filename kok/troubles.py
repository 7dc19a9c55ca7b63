"""The pages that say what went wrong, that nothing was lost, and what to do; each brings its words, and no layout.

They need neither session nor database, and without a request they ask for none of what a page knows of a person.
"""

from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """The words of such a page, and the status that programs read."""

    status: HTTPStatus
    heading: str
    texts: tuple[str, ...]
    title: str = ""  # of the tab in the browser, where it is not the heading
    way: str = "Zur Startseite"  # what the one button says; "" where there is none
    address: str = "/"


UNREADABLE = Trouble(
    status=HTTPStatus.BAD_REQUEST,
    heading="Die Anfrage war nicht zu verstehen",
    texts=(
        "Ihr Browser hat etwas geschickt, das wir nicht lesen können. Es wurde nichts geändert.",
        "Gehen Sie eine Seite zurück, laden Sie sie neu und versuchen Sie es noch einmal.",
    ),
)
NO_ROLE = Trouble(
    status=HTTPStatus.FORBIDDEN,
    heading="Dafür fehlt Ihrem Konto die Rolle",
    texts=(
        "Diese Seite gehört zu einer Aufgabe, die Ihrem Konto nicht zugewiesen ist. Es wurde nichts geändert.",
        "Brauchen Sie den Zugang? Die Stelle Ihres Partners, die Konten und Rollen pflegt, kann ihn einrichten.",
    ),
)
OPEN_TOO_LONG = Trouble(
    status=HTTPStatus.FORBIDDEN,
    heading="Die Seite war zu lange offen",
    texts=(
        "Zu Ihrer Sicherheit haben wir die Eingabe nicht angenommen. Es wurde nichts gespeichert.",
        (
            "Gehen Sie eine Seite zurück, sichern Sie Ihren Text, laden Sie die Seite neu und schicken Sie sie noch "
            "einmal ab. Ihr Browser muss dafür Cookies dieser Seite annehmen."
        ),
    ),
)
NO_PAGE = Trouble(
    status=HTTPStatus.NOT_FOUND,
    heading="Diese Seite gibt es nicht",
    texts=(
        (
            "Vielleicht ist die Adresse nicht vollständig, oder die Seite gehört zu einer Aufgabe, die Ihrem Konto "
            "nicht zugewiesen ist, oder zu einer Vereinbarung, an der Sie nicht beteiligt sind."
        ),
        "Von der Startseite aus finden Sie alles, was zu Ihren Aufgaben gehört.",
    ),
)
TOO_MANY = Trouble(
    status=HTTPStatus.TOO_MANY_REQUESTS,
    heading="Das waren zu viele Versuche",
    texts=(
        "Zum Schutz der Konten machen wir jetzt eine kurze Pause. Es ist nichts verloren.",
        "Warten Sie fünf Minuten und versuchen Sie es dann noch einmal.",
    ),
)
DEFECT = Trouble(
    status=HTTPStatus.INTERNAL_SERVER_ERROR,
    heading="Da ist uns ein Fehler passiert",
    texts=(
        (
            "Es liegt nicht an Ihnen. Was vorher gespeichert war, ist noch da. Der Fehler ist für den technischen "
            "Betrieb aufgezeichnet."
        ),
        (
            "Haben Sie gerade etwas geschrieben? Gehen Sie eine Seite zurück, sichern Sie den Text und versuchen Sie "
            "es noch einmal."
        ),
    ),
)


def away(*, was_sent: bool) -> Trouble:
    """The database cannot work now; what was sent to it can be sent once more by the browser alone."""
    return Trouble(
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        title="Gleich wieder da",
        heading="Wir sind gleich wieder da",
        texts=(
            (
                "Die Datenbank antwortet gerade nicht oder nimmt nichts an. Es liegt nicht an Ihnen. Was vorher "
                "gespeichert war, ist noch da."
            ),
            _SEND_AGAIN if was_sent else "Warten Sie eine Minute und laden Sie die Seite neu.",
            "Bleibt es länger so, geben Sie bitte dem technischen Betrieb Bescheid: „Die Datenbank antwortet nicht.“",
        ),
        way="" if was_sent else "Noch einmal versuchen",
        address="",
    )


_SEND_AGAIN = (
    "Was Sie eben abgeschickt haben, ist wahrscheinlich nicht gespeichert. Ihr Browser hat es noch: Schließen Sie "
    "diese Seite nicht, warten Sie eine Minute, laden Sie sie neu (Taste F5) und bestätigen Sie, dass noch einmal "
    "gesendet wird. Ist es dann schon getan, oder gilt ein neues Passwort schon, war es doch gespeichert."
)


def stands_already(what: str) -> Trouble:
    """What an act was to write stands there; `what` a row of this kind is, where that is known."""
    which = f" ({what})" if what else ""
    return Trouble(
        status=HTTPStatus.CONFLICT,
        title="Das steht schon da",
        heading="Was hier entstehen sollte, steht schon da",
        texts=(
            (
                f"In der Datenbank steht schon eine Zeile, die erst mit diesem Schritt entstehen sollte{which}. Es "
                "wurde nichts geändert."
            ),
            (
                "Vielleicht war jemand schneller: Gehen Sie zurück, laden Sie die Seite neu und sehen Sie nach. Kommt"
                " dieser Satz wieder, sagen Sie es der Technik und der Prüfung. Dann hat jemand die Zeile an der "
                "Anwendung vorbei eingefügt, und die Technik entfernt sie."
            ),
        ),
    )


def forged(sentence: str) -> Trouble:
    """What is stored is not what the application wrote."""
    return Trouble(
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        title="An der Anwendung vorbei geändert",
        heading="Hier wurde an der Anwendung vorbei geändert",
        texts=(sentence,),
    )


def key_lost(setting: str) -> Trouble:
    """What is sealed does not open: this setting holds no key that fits."""
    return Trouble(
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        title="Der Schlüssel passt nicht",
        heading="Diese Angaben lassen sich gerade nicht öffnen",
        texts=(
            (
                "Sie liegen verschlüsselt in der Datenbank, und der Schlüssel dieser Anwendung fehlt oder passt "
                "nicht. Es liegt nicht an Ihnen. Es wurde nichts geändert und nichts gelöscht."
            ),
            (
                "Der technische Betrieb muss den richtigen Schlüssel aus der Sicherung einsetzen. Geben Sie dort "
                f"bitte Bescheid: „{setting} fehlt oder passt nicht.“ Danach arbeiten Sie weiter wie gewohnt."
            ),
        ),
    )


def answer(trouble: Trouble, request: HttpRequest | None = None) -> HttpResponse:
    """The page; with a request it knows who reads it."""
    return HttpResponse(render_to_string("trouble.html", {"trouble": trouble}, request), status=trouble.status)


def open_too_long(request: HttpRequest, reason: str = "") -> HttpResponse:
    """`CSRF_FAILURE_VIEW`: the token of a form is missing or another one's."""
    return answer(OPEN_TOO_LONG, request)


def too_many(request: HttpRequest) -> HttpResponse:
    """`handler429`, which allauth asks for."""
    return answer(TOO_MANY, request)
