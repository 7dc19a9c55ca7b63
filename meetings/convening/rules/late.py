"""A meeting that took place without the application is entered later, and counts (Punkt 5; domain.md 2.4).

How an office does that is a proposal: with a reason, and with the word of whoever enters it that all partners were
there.
"""

from datetime import date

from kok import words
from kok.errors import require

KEPT = "Die Sitzung ist noch nicht eingetragen, Ihre Angaben sind noch da."


def check_past(meets_on: date, today: date) -> None:
    """Only what is over is entered later. Raises Refused."""
    require(
        meets_on < today,
        f"Der {words.day(meets_on)} ist noch nicht vorbei. {KEPT} Planen Sie die Sitzung, und laden Sie dazu ein.",
    )


def check_reason(reason: str) -> None:
    """It says why it is entered only now. Raises Refused."""
    require(reason.strip(), f"Der Grund des Nachtrags fehlt. {KEPT} Ein kurzer Satz genügt.")


def check_all_present(*, is_conference: bool, is_confirmed: bool) -> None:
    """A meeting of the conference counts only where all partners were there. Raises Refused."""
    require(
        is_confirmed or not is_conference,
        f"Es fehlt die Bestätigung, dass alle Partner vertreten waren. {KEPT} Ohne alle Partner zählt die Sitzung "
        "nicht zu den vorgeschriebenen und wird nicht nachgetragen.",
    )


def check_by_mistake(*, is_entered_later: bool, is_cancelled: bool) -> None:
    """Only a meeting that was entered later is taken out again, once. Raises Refused."""
    require(
        is_entered_later and not is_cancelled,
        "Diese Sitzung ist nicht nachgetragen, oder der Nachtrag ist schon zurückgenommen. Es wurde nichts geändert.",
    )
