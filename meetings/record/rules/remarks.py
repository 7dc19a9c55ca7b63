"""An approver asks for a change instead of approving (Änderung erbitten): who may, when, and how it ends.

The rule book knows objections with periods of their own (7.3, a proposal); this is less: a word to the
Geschäftsführung, which answers it or circulates a new version.
"""

from collections.abc import Collection

from kok.errors import require
from meetings.record.rules.codes import MinutesState, RemarkState

LONGEST = 2000  # characters of a request and of its answer


def check_remark(
    state: MinutesState, text: str, *, partner: int, mine: Collection[int], approved: Collection[int]
) -> None:
    """Only while the minutes go round, for one's own partner, and before it approved. Raises Refused."""
    require(
        state == MinutesState.CIRCULATED,
        f"Das Protokoll ist {state.label}. Ihr Änderungswunsch ist nicht gesendet, Ihr Text steht noch hier. "
        "Wenden Sie sich an die Geschäftsführung.",
    )
    require(
        partner in mine,
        "Sie können nur für Ihren eigenen Partner um eine Änderung bitten. Es wurde nichts gesendet. "
        "Für die übrigen Partner tun das deren Stellen.",
    )
    require(
        partner not in approved,
        "Ihr Partner hat diese Fassung schon genehmigt. Ihr Änderungswunsch ist nicht gesendet, Ihr Text steht noch "
        "hier. Wenden Sie sich an die Geschäftsführung.",
    )
    require(text.strip(), "Der Text fehlt. Es wurde nichts gesendet. Schreiben Sie, was geändert werden soll.")


def check_answer(answer: str, *, is_open: bool) -> None:
    """An open request is answered once, in words. Raises Refused."""
    require(
        is_open,
        "Dieser Änderungswunsch ist schon erledigt. Ihre Antwort ist nicht gesendet. Auf der Seite des Protokolls "
        "steht, was daraus wurde.",
    )
    require(answer.strip(), "Die Antwort fehlt. Es wurde nichts gesendet. Schreiben Sie einen kurzen Text.")


def remark_state(*, is_answered: bool, counts: bool) -> RemarkState:
    """What became of it: answered in words, by a new version, or not yet. `counts`: its version was not taken back."""
    if is_answered:
        return RemarkState.ANSWERED
    return RemarkState.OPEN if counts else RemarkState.REPLACED
