"""Wrong entries on a seat: taken back before they begin, later mended with a reason that stays.

The agreement says nothing of it (proposal): what was approved or sent meanwhile keeps what it said, and no two hold one
seat at a time.
"""

from collections.abc import Iterable
from datetime import date

from kok import words
from kok.errors import require
from members.rules.codes import CorrectionKind
from members.rules.leaving import NOTHING_CHANGED, Span, cut_after, last_day_before
from members.rules.succession import Holding, check_seat_exists


def removal(span: Span, *, today: date) -> CorrectionKind:
    """What it is to take an entry away: one that has not begun never counted."""
    return CorrectionKind.WITHDRAWN if span.starts_on > today else CorrectionKind.STRUCK


def check_reason(kind: CorrectionKind, reason: str) -> None:
    """Raises Refused without a reason where somebody may have relied on what stood there."""
    require(
        reason.strip() or kind in (CorrectionKind.WITHDRAWN, CorrectionKind.GOES_ON),
        f"Es fehlt der Grund. {NOTHING_CHANGED} Schreiben Sie in einem Satz, was falsch war.",
    )


def span_meant(from_on: date, last_on: date | None, *, seat: Span) -> Span:
    """The period from a first to a last day; without one it lasts as long as the seat.

    Raises Refused when it ends before it begins, and for days on which there is no such seat.
    """
    check_seat_exists(from_on, starts_on=seat.starts_on, ends_before=seat.ends_before)
    if last_on is None:
        return Span(from_on, seat.ends_before)
    require(
        last_on >= from_on,
        f"Der letzte Tag liegt vor dem ersten, dem {words.day(from_on)}. {NOTHING_CHANGED} Prüfen Sie beide Tage.",
    )
    ends_on = last_day_before(seat.ends_before)
    require(
        last_on <= ends_on,
        f"Diesen Sitz gibt es nur bis zum {words.day(ends_on)}. {NOTHING_CHANGED} Wählen Sie einen früheren "
        "letzten Tag.",
    )
    return Span(from_on, seat.ends_before if last_on == ends_on else cut_after(last_on))


def check_free(wanted: Span, others: Iterable[Holding]) -> None:
    """Raises Refused, and names who it is, where one of the `others` has the seat on a day of this period."""
    for other in others:
        there = Span(other.starts_on, other.ends_before)
        last_on = last_day_before(there.ends_before) if there.ends_before else None
        require(
            not there.overlaps(wanted),
            f"In dieser Zeit ist {other.name} eingetragen ({words.between(there.starts_on, last_on)}). "
            f"{NOTHING_CHANGED} Berichtigen Sie zuerst diese Eintragung, oder wählen Sie andere Tage.",
        )


def check_is_other(before: tuple[int, Span], after: tuple[int, Span]) -> None:
    """Raises Refused for a correction that changes neither the person nor a day."""
    require(before != after, f"So steht es schon da. {NOTHING_CHANGED} Ändern Sie, was falsch ist.")


def lost(before: Span, after: Span | None) -> list[Span]:
    """The days that no longer belong to an entry; all of them where it is gone or somebody else's."""
    if after is None or not after.overlaps(before):
        return [before]
    found = []
    if before.starts_on < after.starts_on:
        found.append(Span(before.starts_on, after.starts_on))
    if after.ends_before and before.lasts(after.ends_before):
        found.append(Span(after.ends_before, before.ends_before))
    return found
