"""The check of names before something goes out, as the pages of invitations, cancellations and minutes show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kok import clock, text_checks
from kok.requests import Request
from meetings.convening.rules.outgoing import Suspicion

if TYPE_CHECKING:
    from kok.models import TextCheck


@dataclass(frozen=True)
class CheckAnswer:
    """What the check of names came to, as the page tells it."""

    tone: str
    title: str
    body: str


FAILED = CheckAnswer(
    "warning",
    "Der Text konnte nicht auf Namen geprüft werden.",
    "Lesen Sie ihn selbst noch einmal. Sie können ihn versenden. Im Änderungsprotokoll steht dann, dass er nicht "
    "geprüft wurde.",
)
SAID = {
    "WARNED": CheckAnswer(
        "warning",
        "Prüfen Sie den Text.",
        "Er nennt vielleicht eine Person, die hier nicht genannt werden darf. Wo und wen, sagt die Prüfung nicht. "
        "Gehen Sie zurück und ändern Sie den Text. Oder versenden Sie ihn trotzdem: Dann steht im Änderungsprotokoll, "
        "dass es diesen Hinweis gab.",
    ),
    "CLEAR": CheckAnswer(
        "success",
        "Die Prüfung auf Namen ergab keinen Hinweis.",
        "Verglichen wurden nur Vor- und Familienname, die nah beieinander stehen. Alles andere sehen nur Sie.",
    ),
    "SKIPPED": CheckAnswer(
        "warning",
        "Der Text wurde heute nicht mehr geprüft.",
        "Heute wurde schon fünfmal auf Namen geprüft. Lesen Sie den Text selbst noch einmal. Sie können ihn versenden. "
        "Wer das Zugriffsprotokoll prüft, erfährt von der Grenze.",
    ),
}


@dataclass(frozen=True)
class Looked:
    """What a worker said of the text as it stands, if somebody asked today, what looks like a date of birth, a
    sentence about anything else to look at, and one for each task that was closed meanwhile, if any."""

    check: "TextCheck | None"
    suspicions: Sequence[Suspicion]
    doubt: str = ""
    reported: Sequence[str] = ()

    @classmethod
    def at(
        cls, kind: str, number: int, suspicions: Sequence[Suspicion], doubt: str = "", reported: Sequence[str] = ()
    ) -> "Looked":
        """The newest answer about the text of an object."""
        return cls(text_checks.found(kind=kind, object_id=number, now=clock.now()), suspicions, doubt, reported)

    @property
    def state(self) -> str:
        """Of the check, "" without one: what a form hands back as seen."""
        return self.check.state if self.check else ""

    @property
    def said(self) -> CheckAnswer:
        """What the check came to."""
        return SAID.get(self.state, FAILED)

    @property
    def has_warnings(self) -> bool:
        """Whether the person confirms that he looked again."""
        return self.check is not None and (
            bool(self.suspicions or self.doubt or self.reported) or self.state == "WARNED"
        )

    @property
    def is_pending(self) -> bool:
        """Whether the page waits for the worker."""
        return self.check is not None and self.check.is_pending(clock.now())

    def submit(self, words: str) -> str:
        """What the button says: that the check is asked for, or after it what is done, with a hint all the same."""
        return words.format(self.nevertheless) if self.check else "Text prüfen"

    @property
    def nevertheless(self) -> str:
        """What the button says after a hint."""
        return "trotzdem " if self.state == "WARNED" else ""


def sending_page(request: Request, template: str, context: dict[str, object]) -> HttpResponse:
    """The page from which something goes out; while it waits for the worker, htmx asks for a part of it."""
    return render(request, "meetings/convening/_sending_check.html" if is_part(request) else template, context)


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for the part of the page that waits."""
    return request.method != "POST" and request.headers.get("HX-Target") == "pruefung"
