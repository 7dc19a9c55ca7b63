"""What is looked at before a text goes out, and what may be done about one that went (domain.md 5.5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kok import words
from kok.articles import der
from kok.birth_dates import ADULT_YEARS, birth_dates
from kok.errors import first_problem, refuse, require

OWN_ENDS = (".", "!", "?", "…")
INVITATION, CANCELLATION = "invitation", "cancellation"  # what goes out
# What the parts of it are called where somebody is told that one changed, or where something stands.
TIME, OFFICE, LINK, PLACE = "Tag und Uhrzeit", "Wer einlädt und leitet", "Link zur Videokonferenz", "Ort"
RECIPIENTS, INVITED = "Wer eingeladen wird", "Wer eingeladen ist"
URGENCY, CANCELLING = "Grund der Dringlichkeit", "Grund der Absage"


def item_name(number: str) -> str:
    """`TOP 3.1`."""
    return f"TOP {number}"


def ended(text: str) -> str:
    """A sentence with one full stop: none is added where what somebody typed, quoted or not, ends it by itself."""
    text = text.rstrip()
    return text if text.rstrip("“").endswith(OWN_ENDS) else f"{text}."


def check_as_shown(changed: Sequence[str]) -> None:
    """Nobody sends what his page did not show, whatever the check of another page said of it. Raises Refused."""
    require(
        not changed,
        f"Seit Sie diese Seite geöffnet haben, wurde geändert: {', '.join(changed)}. Es ist noch nichts "
        "geschehen. Sie sehen jetzt den neuen Stand. Lesen Sie ihn, bevor Sie senden.",
    )


# What the trail says of the check of names before a text went out; keys are the states of `kok.models.TextCheck`.
CHECKED = {
    "CLEAR": "Prüfung auf Namen: kein Hinweis",
    "WARNED": "trotz Hinweis der Prüfung auf Namen",
    "SKIPPED": "an diesem Tag nicht mehr auf Namen geprüft",
    "FAILED": "auf Namen nicht geprüft",
    "WAITING": "auf Namen nicht geprüft, der Worker schwieg",
}


def check_looked_at(*, state: str, is_pending: bool, seen: str) -> None:
    """Nobody sends before the text was checked for names and he saw the answer, or that none comes (5.5).

    Whatever the answer is, he may. Raises Refused.
    """
    refuse(first_problem((not state, NOT_ASKED), (is_pending, NOT_ANSWERED), (state != seen, ANSWERED_MEANWHILE)))


NOT_ASKED = "Der Text wurde heute noch nicht auf Namen geprüft. Es wurde nichts versandt. Lassen Sie ihn zuerst prüfen."
NOT_ANSWERED = "Der Text wird noch auf Namen geprüft. Es wurde nichts versandt. Warten Sie einen Augenblick."
ANSWERED_MEANWHILE = (
    "Die Prüfung auf Namen ist inzwischen fertig. Es wurde nichts versandt. Lesen Sie, was sie ergeben hat."
)


def check_withhold(reason: str, *, is_withheld: bool, may: bool, sender: str) -> None:
    """Who sent an invitation withholds it, once and with a reason. Raises Refused."""
    other = f"Das hat {der(sender)} versandt. Es wurde nichts gesperrt. Bitten Sie die dortige Geschäftsstelle darum."
    refuse(
        first_problem(
            (not may, other),
            (is_withheld, "Das ist schon gesperrt. Sie müssen nichts weiter tun."),
            (not reason.strip(), "Der Grund fehlt. Es wurde nichts gesperrt. Schreiben Sie einen kurzen Grund."),
        )
    )


def check_letter(*, sent_on: date, from_on: date, today: date) -> None:
    """A letter is noted when it was posted, and not before there was something to send. Raises Refused."""
    early = f"Versandt wurde erst am {words.day(from_on)}. Es wurde nichts vermerkt. Prüfen Sie den Tag des Briefs."
    refuse(first_problem((sent_on > today, AHEAD), (sent_on < from_on, early)))


AHEAD = "Der Tag liegt in der Zukunft. Es wurde nichts vermerkt. Vermerken Sie den Brief, wenn er aufgegeben ist."


@dataclass(frozen=True)
class Suspicion:
    """What looks like a date of birth, and where it stands ("TOP 3", "Ort")."""

    place: str
    found: str

    @property
    def sentence(self) -> str:
        """What the secretariat reads before the text goes out."""
        return f"{self.place}: „{self.found}“ sieht aus wie ein Geburtsdatum."


def birth_date_like(texts: Iterable[tuple[str, str]], *, year: int) -> tuple[Suspicion, ...]:
    """What looks like a date of birth in pairs of place and text (5.5, Minutes check).

    A date counts when birth is named beside it, or when its year lies ten or more years before the meeting. The
    agreement is from 2022, so older dates are rare in minutes. A warning only: a person decides.
    """
    until = year - ADULT_YEARS
    return tuple(Suspicion(place, found) for place, text in texts for found in birth_dates(text, until_year=until))
