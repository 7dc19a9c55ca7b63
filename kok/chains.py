"""Chains of sealed lines, which shrink by whole days: made here, walked along in `kok.chain_walk`.

Each line is sealed over the line before it, with a key outside the database; each day of a chain ends in a closing
seal, sealed over the day before, that stays when the lines of the day are erased. Who has the database but no key can
neither change, insert nor remove a line unseen, but at the very end. The ends are told outside (`kok.chain_ends`).

Who writes to the database adds lines and days as he likes. They are findings, and nothing else: nobody goes on from a
day that is not ours, and a line that somebody put in the next place is passed over.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain as chained
from operator import itemgetter
from typing import Any, Protocol, TypeVar

from django.db import IntegrityError, models, transaction

from kok import clock, turns, vault
from kok.clock import BERLIN
from kok.readable import by_number

NO_KEY = (
    "CASE_LOG_KEY fehlt oder ist kein Schlüssel dieser Anwendung (64 Zeichen, 0 bis 9 und a bis f). Es wurde nichts "
    "geprüft. Setzen Sie den Schlüssel aus der Sicherung ein."
)
TRIES = 5  # to find a place behind what somebody else puts there at the same moment
OWN = 32  # digits of a proof that are over the day alone


class ChainDay(models.Model):
    """The closing seal of one day of one chain, and how many lines it had; it stays when the lines go.

    The first half of `proof` is sealed over the day, so that one that was made up is known by itself, whatever stands
    around it; the second half over the day before it in this chain too, so that none can be cut off in front.
    """

    chain = models.CharField("Kette", max_length=20)
    day = models.DateField("Tag in Hessen")
    entries = models.PositiveIntegerField("Einträge")
    seal = models.CharField("Siegel der letzten Zeile", max_length=64)
    proof = models.CharField("Siegel des Tages", max_length=64)

    class Meta:
        abstract = True


class ChainLine(Protocol):
    """A line of a chain, of whatever table; where it may wait for its place, day and position are empty until then."""

    day: Any
    position: Any
    seal: Any


LineT = TypeVar("LineT", bound=ChainLine)


@dataclass(frozen=True)
class Chain:
    """One chain of lines.

    `slug` names it outside the database, `code` in the column `chain` of its tables. `words` are all that the seal of
    a line covers, with the seal before it. `is_expired`: whether the lines of a day may be gone on another.
    """

    slug: str
    title: str
    code: str
    lines: type[models.Model]
    days: type[ChainDay]
    words: Callable[..., str]
    is_expired: Callable[[date, date], bool]

    @property
    def kept(self) -> models.QuerySet[Any]:
        """Its lines in order, without those that wait for their place."""
        found = self.lines._default_manager.filter(chain=self.code, position__isnull=False)
        return found.order_by("day", "position")

    @property
    def closings(self) -> models.QuerySet[ChainDay]:
        """Its days in order."""
        return self.days._default_manager.filter(chain=self.code).order_by("day")


_chains: list[Chain] = []


def register(*chains: Chain) -> None:
    """Called by apps in `ready()`."""
    _chains.extend(chains)


def registered() -> tuple[Chain, ...]:
    """All chains, in the order of their apps."""
    return tuple(_chains)


@transaction.atomic
def append(
    chain: Chain, find: Callable[[], Sequence[LineT]], keep: Callable[[Sequence[LineT]], object], at: datetime
) -> None:
    """Gives lines of one moment their places and seals, each over the one before it, and `keep` stores them.

    Only one appends at a time, the others wait until his transaction ends; `find` is asked when it is one's turn.
    """
    turns.wait(f"chain:{chain.slug}")
    if lines := find():
        _append(chain, lines, keep, at)


def _append(chain: Chain, lines: Sequence[LineT], keep: Callable[[Sequence[LineT]], object], at: datetime) -> None:
    """Somebody who asks nobody may put a line there just now; then the place behind it is ours."""
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                _put(chain, lines, keep, at.astimezone(BERLIN).date())
        except IntegrityError:
            if not left:
                raise
        else:
            return


def _put(chain: Chain, lines: Sequence[LineT], keep: Callable[[Sequence[LineT]], object], today: date) -> None:
    day, before = _place_in_time(chain, today)
    closing = chain.days._default_manager.filter(chain=chain.code, day=day).first()
    last, seal = _end_of_day(chain, day, closing) or (0, before.seal)
    for position, line in enumerate(lines, last + 1):
        line.day, line.position = day, position
        line.seal = seal = vault.signature(chain.words(line, seal))
    keep(lines)
    closing = closing or chain.days(chain=chain.code, day=day)
    closing.entries, closing.seal = last + len(lines), seal
    closing.proof = proof_of(closing, before.proof)
    closing.save()


def _place_in_time(chain: Chain, today: date) -> tuple[date, ChainDay]:
    """The day of new lines, and the last of ours before it; one that says nothing where it is the first.

    A clock set back over midnight must not break the chain: then they go to its newest day.
    """
    days, nothing = _own_days(chain), chain.days(day=date.min)
    newest = next(days, nothing)
    day = max(today, newest.day)
    return day, next(days, nothing) if newest.day == day else newest


def _own_days(chain: Chain) -> Iterator[ChainDay]:
    """Its days that are ours, the newest first. Others are a finding, and nothing goes on from them.

    Of the days ahead of the clock only the last few are looked at: who makes up a hundred years of them delays nobody.
    """
    rows = chain.closings.order_by("-day")
    last = list(rows.values_list("pk", flat=True)[:10])
    past = rows.filter(day__lte=clock.today() + timedelta(days=1)).exclude(pk__in=last)
    for numbers in chained([last], _in_growing_batches(past)):
        yield from filter(is_ours, by_number(rows, numbers).values())


def _in_growing_batches(rows: models.QuerySet[ChainDay]) -> Iterator[list[int]]:
    start, size = 0, 100
    while numbers := list(rows.values_list("pk", flat=True)[start : start + size]):
        yield numbers
        start, size = start + size, size * 10


def _end_of_day(chain: Chain, day: date, closing: ChainDay | None) -> tuple[int, str] | None:
    """The last place of a day that is taken, by whomever, and its seal; None where none is."""
    last: tuple[int, str] | None
    last = chain.kept.filter(day=day).order_by("-position").values_list("position", "seal").first()
    closed = (closing.entries, closing.seal) if closing and closing.entries else None
    # Where lines were cut off, the closing seal is behind the last; their places stay empty, which is found.
    return max(filter(None, (last, closed)), key=itemgetter(0), default=None)


def proof_of(closing: ChainDay, before: str) -> str:
    """The proof of a day, with the proof of the day before it in its chain, "" at the first. Raises KeyLost."""
    words = _words_of(closing) | {"day before": before}
    return _own(closing) + vault.signature(json.dumps(words, sort_keys=True))[OWN:]


def is_ours(closing: ChainDay) -> bool:
    """Whether the application wrote this day as it is. Raises KeyLost."""
    return closing.proof[:OWN] == _own(closing)


def _own(closing: ChainDay) -> str:
    return vault.signature(json.dumps(_words_of(closing), sort_keys=True))[:OWN]


def _words_of(closing: ChainDay) -> dict[str, object]:
    return {"chain": closing.chain, "day": closing.day.isoformat(), "entries": closing.entries, "seal": closing.seal}


@dataclass(frozen=True)
class End:
    """The newest line of a chain. Lines cut off the end are seen by comparing it with an earlier one only."""

    chain: Chain
    day: date
    position: int
    seal: str


def end_of(chain: Chain) -> End | None:
    """The newest line as its day says; None where nothing was ever written. Raises KeyLost."""
    last = next(_own_days(chain), None)
    return End(chain, last.day, last.entries, last.seal) if last else None
