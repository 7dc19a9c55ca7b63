"""How a case leaves the list, and what follows for what is stored about it (5.5)."""

from collections.abc import Sequence
from datetime import date, timedelta

from kok.errors import Refused
from transitions.rules.months import month_words
from transitions.rules.states import DEMANDED, REASONS, CaseState, EndReason, Outcome

CROSSED = (
    "Die empfangende Stelle hat ein Ergebnis eingetragen zu {cases}. Der Entwurf nimmt {these} von der Liste. Es "
    "wurde nichts geändert. Lassen Sie {them} auf der Liste („Doch auf der Liste“) oder fragen Sie dort nach."
)
ERASED_AFTER = timedelta(days=30)  # withdrawn after it was transmitted


def check_ending(
    ending: CaseState, reason: EndReason, postponed_to: date | None, expected_end_on: date, list_year: int
) -> None:
    """Only the four endings with their own reasons; postponing names a later month beyond this list. Raises Refused."""
    if ending not in REASONS or reason not in REASONS[ending]:
        raise Refused("Dieser Grund passt nicht zu dem, was geschehen ist. Wählen Sie beides neu aus.")
    if ending is not CaseState.POSTPONED:
        if postponed_to is not None:
            raise Refused("Ein neues Schulende gehört nur zu einer Verschiebung. Lassen Sie den Monat leer.")
        return
    if postponed_to is None:
        raise Refused("Nennen Sie den Monat, in dem die Schule jetzt voraussichtlich endet.")
    if postponed_to <= expected_end_on:
        raise Refused(
            f"Bisher war {month_words(expected_end_on)} vorgesehen. Eine Verschiebung nennt einen späteren Monat."
        )
    if postponed_to.year <= list_year + 1:
        raise Refused(
            f"Die Schule endet auch dann {postponed_to.year}. Berichtigen Sie den Monat im Fall; er bleibt auf der "
            "Liste."
        )


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
    if outcome and reason not in DEMANDED:
        raise Refused(
            f"Zum Fall {case_ref} hat die empfangende Stelle schon ein Ergebnis eingetragen. Es wurde nichts "
            "geändert. Lassen Sie den Fall auf der Liste oder fragen Sie dort nach."
        )


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


def check_outcome(outcome: Outcome, expected_end_on: date, today: date) -> None:
    """Raises Refused where the outcome cannot be true yet."""
    if outcome is Outcome.TAKEN_OVER_BY_LWV and today < (first := taken_over_from(expected_end_on)):
        raise Refused(
            f"Die Schule endet voraussichtlich im {month_words(expected_end_on)}. Dass der LWV Hessen den Fall "
            f"übernommen hat, lässt sich ab dem {first:%d.%m.%Y} eintragen. Es wurde nichts eingetragen. Endet die "
            "Schule früher, berichtigt zuerst der benennende Träger den Monat."
        )


def erased_after_release(released_on: date) -> date:
    """The day from which a withdrawn case is erased on both sides."""
    return released_on + ERASED_AFTER


def is_erased_soon(state: CaseState, reason: EndReason) -> bool:
    """Withdrawn cases leave no trace of the person; the others are kept as long as a case with an outcome."""
    return state is CaseState.WITHDRAWN or reason in DEMANDED
