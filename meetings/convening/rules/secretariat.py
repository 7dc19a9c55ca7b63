"""R-SEC: which partner holds the secretariat (Geschäftsführung) on a day (Punkt 5; domain.md 2.1).

"Die Geschäftsführung wechselt alle zwei Jahre", the first partner of the order begins on the anchor day. Terms are
computed, never stored: a term ends the day before the next one starts (§ 187 Abs. 2, § 188 Abs. 2 BGB), so its last
day is a 28.02. or a 29.02. by itself. Only deviations from the rotation are stored (R-SEC-6).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

from kok import words
from kok.errors import require
from kok.months import months_over

LAST_DAY = date(2100, 12, 31)  # as far as the calendar of holidays reaches
_HORIZON = date(2200, 1, 1)  # terms are computed past LAST_DAY, so that the last of them is whole
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rotation:
    """The secretariat passes every `years` years through `order`, which begins on `anchor_on` (R-SEC-7).

    `order` holds slugs of partners. `ended_on` is the last day of an agreement that ends: then nothing rotates
    further, and the term of that day ends with it.
    """

    anchor_on: date
    years: int
    order: tuple[str, ...]
    ended_on: date | None = None


@dataclass(frozen=True)
class Term:
    """The period `[starts_on, ends_on)` of one partner; people are shown `last_day`. Counted from 1."""

    number: int
    partner: str
    starts_on: date
    ends_on: date

    @property
    def last_day(self) -> date:
        """The last day in office."""
        return self.ends_on - ONE_DAY


@dataclass(frozen=True)
class Deviation:
    """R-SEC-6: `partner` is in office in `[starts_on, ends_before)`, whatever the rotation says.

    With `shift_later` the rotation begins anew on `ends_before`, with the partner that follows this one in the
    order; without it, the regular terms before and after stay where they are.
    """

    partner: str
    starts_on: date
    ends_before: date
    shift_later: bool = False

    def overlaps(self, other: "Deviation") -> bool:
        """Whether both hold on some day."""
        return self.starts_on < other.ends_before and other.starts_on < self.ends_before


def term_on(rotation: Rotation, day: date, deviations: Iterable[Deviation] = ()) -> Term:
    """The term in which a day lies (R-SEC-1). `deviations` do not overlap.

    Raises Refused before the anchor, after the end of the agreement and after 2100.
    """
    _check_day(rotation, day)
    return next(term for term in _terms(rotation, deviations) if day < term.ends_on)


def terms_between(
    rotation: Rotation, first_day: date, last_day: date, deviations: Iterable[Deviation] = ()
) -> tuple[Term, ...]:
    """All terms that touch the days from `first_day` to `last_day`, both inclusive, each of them whole.

    Days outside the rotation simply have no term.
    """
    return tuple(
        term for term in _terms(rotation, deviations) if term.starts_on <= last_day and first_day < term.ends_on
    )


def convening_partner(rotation: Rotation, dispatch_on: date, deviations: Iterable[Deviation] = ()) -> str:
    """R-SEC-3: who invites is in office on the day on which the invitation is sent. Raises Refused as `term_on`."""
    return term_on(rotation, dispatch_on, deviations).partner


def chairing_partner(rotation: Rotation, meets_on: date, deviations: Iterable[Deviation] = ()) -> str:
    """R-SEC-2, R-SEC-4: who chairs is in office on the day of the meeting, wherever it was moved to.

    The minutes are that partner's too, also if they are due in the next term. Raises Refused as `term_on`.
    """
    return term_on(rotation, meets_on, deviations).partner


def check_deviation(rotation: Rotation, new: Deviation, existing: Iterable[Deviation] = ()) -> None:
    """Whether a deviating term can be entered (R-SEC-6). That all partners resolved it is the caller's to show.

    Raises Refused for an unknown partner, an empty period, a start outside the rotation and an overlap.
    """
    require(
        new.partner in rotation.order,
        "Die Geschäftsführung kann nur ein Partner der Vereinbarung haben. Es wurde nichts geändert. "
        "Wählen Sie einen der Partner aus.",
    )
    require(
        new.starts_on < new.ends_before,
        "Das Ende der Geschäftsführung liegt vor ihrem Beginn. Es wurde nichts geändert. Prüfen Sie die beiden Tage.",
    )
    _check_day(rotation, new.starts_on)
    _check_calendar(new.ends_before)
    require(
        not any(map(new.overlaps, existing)),
        "In diesem Zeitraum ist schon eine abweichende Geschäftsführung eingetragen. "
        "Es wurde nichts geändert. Wählen Sie einen anderen Zeitraum.",
    )


def _check_day(rotation: Rotation, day: date) -> None:
    require(
        day >= rotation.anchor_on,
        f"Vor dem {words.day(rotation.anchor_on)} gab es keine Geschäftsführung: An diesem Tag beginnt der erste "
        "Partner. Wählen Sie einen späteren Tag.",
    )
    require(
        day <= (rotation.ended_on or day),
        f"Die Vereinbarung endet am {words.day(rotation.ended_on)}. Danach wechselt die Geschäftsführung nicht "
        "mehr. Wählen Sie einen früheren Tag.",
    )
    _check_calendar(day)


def _check_calendar(day: date) -> None:
    require(
        day <= LAST_DAY,
        f"Die Geschäftsführung wird nur bis zum {words.day(LAST_DAY)} berechnet. Prüfen Sie die Jahreszahl.",
    )


def _terms(rotation: Rotation, deviations: Iterable[Deviation]) -> Iterator[Term]:
    for number, (partner, starts_on, ends_on) in enumerate(_periods(rotation, deviations), 1):
        yield Term(number, partner, starts_on, ends_on)


def _periods(rotation: Rotation, deviations: Iterable[Deviation]) -> Iterator[tuple[str, date, date]]:
    """Regular periods with the deviations cut in, up to the end of the agreement."""
    end = rotation.ended_on + ONE_DAY if rotation.ended_on else _HORIZON
    open_from = rotation.anchor_on
    for deviation in sorted(deviations, key=lambda each: each.starts_on):
        yield from _regular(rotation, open_from, min(deviation.starts_on, end))
        if deviation.starts_on < end:
            yield deviation.partner, deviation.starts_on, min(deviation.ends_before, end)
        open_from = deviation.ends_before
        if deviation.shift_later:
            rotation = _restarted(rotation, deviation)
    yield from _regular(rotation, open_from, end)


def _regular(rotation: Rotation, first_day: date, end: date) -> Iterator[tuple[str, date, date]]:
    """The parts of the regular terms that lie in `[first_day, end)`."""
    for n in count():
        starts_on = max(months_over(rotation.anchor_on, 12 * n * rotation.years), first_day)
        ends_on = min(months_over(rotation.anchor_on, 12 * (n + 1) * rotation.years), end)
        if starts_on < ends_on:
            yield rotation.order[n % len(rotation.order)], starts_on, ends_on
        elif starts_on >= end:
            return


def _restarted(rotation: Rotation, deviation: Deviation) -> Rotation:
    """The rotation that begins after a deviation which shifts later terms."""
    after = rotation.order.index(deviation.partner) + 1
    order = rotation.order[after:] + rotation.order[:after]
    return replace(rotation, anchor_on=deviation.ends_before, order=order)
