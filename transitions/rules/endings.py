"""How a case leaves the list, and what follows for what is stored about it (5.5)."""

from collections.abc import Sequence
from datetime import date

from kok import words
from kok.errors import require
from transitions.rules.codes import DEMANDED, REASONS, CaseOutcome, CaseState, EndReason
from transitions.rules.months import month_words

CROSSED = (
    "Die empfangende Stelle hat ein Ergebnis eingetragen zu {cases}. Der Entwurf nimmt {these} von der Liste. Es "
    "wurde nichts geändert. Lassen Sie {them} auf der Liste („Doch auf der Liste“) oder fragen Sie dort nach."
)
OTHER_REASON = "Dieser Grund passt nicht zu dem, was geschehen ist. Wählen Sie beides neu aus."
NO_MONTH = "Ein neues Schulende gehört nur zu einer Verschiebung. Lassen Sie den Monat leer."
WHICH_MONTH = "Nennen Sie den Monat, in dem die Schule jetzt voraussichtlich endet."
NOT_LATER = "Bisher war {month} vorgesehen. Eine Verschiebung nennt einen späteren Monat."
SAME_LIST = "Die Schule endet auch dann {year}. Berichtigen Sie den Monat im Fall; er bleibt auf der Liste."
HAS_OUTCOME = (
    "Zum Fall {case_ref} hat die empfangende Stelle schon ein Ergebnis eingetragen. Es wurde nichts geändert. Lassen "
    "Sie den Fall auf der Liste oder fragen Sie dort nach."
)


def check_ending(
    ending: CaseState, reason: EndReason, postponed_to: date | None, expected_end_on: date, list_year: int
) -> None:
    """Only the four endings with their own reasons; postponing names a later month beyond this list. Raises Refused."""
    require(reason in REASONS.get(ending, ()), OTHER_REASON)
    if ending is not CaseState.POSTPONED:
        require(postponed_to is None, NO_MONTH)
        return
    month = require(postponed_to, WHICH_MONTH)
    require(month > expected_end_on, NOT_LATER.format(month=month_words(expected_end_on)))
    require(month.year > list_year + 1, SAME_LIST.format(year=month.year))


def ending_words(state: CaseState, reason: EndReason, postponed_to: date | None) -> str:
    """ "verschoben auf Juli 2029 (Schulzeit verlängert)"; without a colon, because it stands in sentences."""
    to = f" auf {month_words(postponed_to)}" if postponed_to else ""
    return f"{state.label}{to}" if state.label == reason.label else f"{state.label}{to} ({reason.label})"


def check_without_outcome(case_ref: str, outcome: str, reason: EndReason) -> None:
    """What the LWV decided stays its own (Präambel: "eigene Zuständigkeit"), unless the person demands it.

    Proposal, no law: the rule book draws endings before outcomes (0.3), none after one, and says nothing else (5.5 only
    that the LWV may have a procedure of its own). Its price: whoever was named by mistake and has an outcome is kept
    for six months, not for 30 days. Where the outcome was wrong, the LWV takes it back first; then it can be ended.

    Raises Refused.
    """
    require(not outcome or reason in DEMANDED, HAS_OUTCOME.format(case_ref=case_ref))


def crossed_words(case_refs: Sequence[str]) -> str:
    """Why a draft cannot go out that takes these cases off the list, all of them at once; "" where it takes none."""
    if not case_refs:
        return ""
    these, them = ("diesen Fall", "ihn") if len(case_refs) == 1 else ("diese Fälle", "sie")
    return CROSSED.format(cases=", ".join(case_refs), these=these, them=them)


def taken_over_from(expected_end_on: date) -> date:
    """The first day on which the LWV may say that it took a case over.

    Until school ends the local carrier is responsible (§ 2 HAG/SGB IX), so nothing is taken over before. That the first
    day of the month counts is a proposal: the end is known by month only. Said earlier, it would erase the case while
    both sides still need it.
    """
    return expected_end_on.replace(day=1)


def why_not_yet(outcome: CaseOutcome, expected_end_on: date, today: date) -> str:
    """Why the outcome cannot be true yet; empty where it can."""
    first = taken_over_from(expected_end_on)
    if outcome is not CaseOutcome.TAKEN_OVER_BY_LWV or first <= today:
        return ""
    return (
        f"Die Schule endet voraussichtlich im {month_words(expected_end_on)}. Dass der LWV Hessen den Fall "
        f"übernommen hat, lässt sich ab dem {words.day(first)} eintragen. Es wurde nichts eingetragen. Endet die "
        "Schule früher, berichtigt zuerst der benennende Träger den Monat."
    )


def is_erased_soon(state: CaseState, reason: EndReason) -> bool:
    """Withdrawn cases leave no trace of the person; the others are kept as long as a case with an outcome."""
    return state is CaseState.WITHDRAWN or reason in DEMANDED
