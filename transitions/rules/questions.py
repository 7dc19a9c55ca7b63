"""What the two units may ask and answer about a case: fixed reasons and fixed answers, no free text (5.3, Punkt 8b).

Details are told by telephone between the units; what is written here names nobody.
"""

from kok.errors import Refused, require
from transitions.rules.codes import QuestionKind

NO_SECOND = (
    "Mit diesem Fallzeichen ist für Sie kein anderer Fall dieses Trägers da, oder seine Angaben sind gelöscht. Es "
    "wurde nichts geändert. Prüfen Sie die Schreibweise."
)
ALREADY_OPEN = "Diese Frage ist schon gestellt und noch nicht beantwortet. Es wurde nichts geändert."
ALREADY_ANSWERED = "Diese Frage ist schon beantwortet. Es wurde nichts geändert."
NOTHING_TO_ASK = (
    "Zu diesem Fall lässt sich nicht mehr nachfragen: Er steht nicht mehr auf der Liste, oder er hat ein Ergebnis. "
    "Es wurde nichts geändert."
)
OVER = "Der Fall ist inzwischen abgeschlossen: Auf diese Frage wartet niemand mehr. Es wurde nichts eingetragen."


class NoSecondCase(Refused):
    """The second case cannot be named."""


def check_asking(*, is_on_newest: bool, is_ended: bool, is_open: bool) -> None:
    """Asked is about a case of the newest version that is not over, and each thing once at a time. Raises Refused."""
    require(is_on_newest and not is_ended, NOTHING_TO_ASK)
    require(not is_open, ALREADY_OPEN)


def check_second(kind: QuestionKind, *, is_there: bool) -> None:
    """Only whoever asks whether somebody is named twice may say in which other case. Raises NoSecondCase."""
    if kind is not QuestionKind.DOUBLE:
        raise NoSecondCase(f"Einen zweiten Fall nennen Sie nur zur Frage „{QuestionKind.DOUBLE.label}“.")
    if not is_there:
        raise NoSecondCase(NO_SECOND)


def check_answering(*, is_answered: bool, is_ended: bool) -> None:
    """An answer is given once; a question about a case that is over needs none. Raises Refused."""
    require(not is_answered, ALREADY_ANSWERED)
    require(not is_ended, OVER)
