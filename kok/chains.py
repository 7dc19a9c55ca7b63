"""Chains of sealed lines, which shrink by whole days: made here, and walked along to find what was changed.

Each line is sealed over the line before it, with a key outside the database; each day of a chain ends in a closing
seal, sealed over the day before, that stays when the lines of the day are erased. Who has the database but no key can
neither change, insert nor remove a line unseen, but at the very end. The ends are told outside (`kok.chain_ends`).

Who writes to the database adds lines and days as he likes. They are findings, and nothing else: nobody goes on from a
day that is not ours, and a line that somebody put in the next place is passed over.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain as chained
from itertools import groupby
from typing import Any

from django.db import IntegrityError, models, transaction

from kok import clock, findings, turns, vault
from kok.clock import BERLIN
from kok.readable import UNREADABLE, by_number, readable

CHANGED = "Diese Zeile passt nicht zu ihrem Siegel: Sie wurde geändert, eingefügt oder umgestellt."
FIRST_CHANGED = (
    "Diese Zeile passt nicht zu ihrem Siegel oder nicht zum Tag davor: Sie wurde geändert, eingefügt oder umgestellt, "
    "oder davor fehlt ein Tag."
)
NO_DAY_SEAL = "Das Tagessiegel fehlt: Der Tag wurde gelöscht oder eingefügt."
DAY_CHANGED = (
    "Das Tagessiegel passt nicht zu diesem Tag oder nicht zum Tag davor: Es wurde geändert oder erfunden, oder davor "
    "fehlt ein Tag."
)
DAY_ENDS_ELSEWHERE = "Das Tagessiegel passt nicht zur letzten Zeile."
OTHER_KEY = (
    "Kein einziges Siegel passt. Wahrscheinlich ist CASE_LOG_KEY ein anderer als beim Schreiben; sonst wurden alle "
    "Zeilen geändert. Setzen Sie den Schlüssel aus der Sicherung ein und prüfen Sie noch einmal."
)
NO_KEY = (
    "CASE_LOG_KEY fehlt oder ist kein Schlüssel dieser Anwendung (64 Zeichen, 0 bis 9 und a bis f). Es wurde nichts "
    "geprüft. Setzen Sie den Schlüssel aus der Sicherung ein."
)
NOT_READABLE = "Die Zeile Nr. {number} lässt sich nicht lesen: Sie wurde an der Anwendung vorbei geschrieben."
DAY_NOT_READABLE = "Das Tagessiegel Nr. {number} lässt sich nicht lesen: Es wurde an der Anwendung vorbei geschrieben."
DAY_GONE = "Alle Zeilen dieses Tages fehlen, obwohl ihre Frist noch läuft."
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
    words: Callable[[Any, str], str]
    is_expired: Callable[[date, date], bool]

    @property
    def kept(self) -> models.QuerySet[Any]:
        """Its lines in order, without those that wait for their place."""
        found = self.lines._default_manager.filter(chain=self.code, position__isnull=False)
        return found.order_by("day", "position")

    @property
    def closings(self) -> models.QuerySet[Any]:
        """Its days in order."""
        return self.days._default_manager.filter(chain=self.code).order_by("day")


_chains: list[Chain] = []


def register(*chains: Chain) -> None:
    """Called by apps in `ready()`."""
    _chains.extend(chains)


def registered() -> tuple[Chain, ...]:
    """All chains, in the order of their apps."""
    return tuple(_chains)


# Writing.


@transaction.atomic
def append(
    chain: Chain, find: Callable[[], Sequence[Any]], keep: Callable[[Sequence[Any]], object], at: datetime
) -> None:
    """Gives lines of one moment their places and seals, each over the one before it, and `keep` stores them.

    Only one appends at a time, the others wait until his transaction ends; `find` is asked when it is one's turn.
    """
    turns.wait(f"chain:{chain.slug}")
    if lines := find():
        _append(chain, lines, keep, at)


def _append(chain: Chain, lines: Sequence[Any], keep: Callable[[Sequence[Any]], object], at: datetime) -> None:
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


def _put(chain: Chain, lines: Sequence[Any], keep: Callable[[Sequence[Any]], object], day: date) -> None:
    days = _own_days(chain)
    newest = next(days, None)
    if newest:
        day = max(day, newest.day)  # a clock set back over midnight must not break the chain
    earlier = next(days, None) if newest and newest.day == day else newest
    closing = chain.days._default_manager.filter(chain=chain.code, day=day).first()
    last, seal = _end_of_day(chain, day, closing)
    if not last:
        seal = earlier.seal if earlier else ""
    for position, line in enumerate(lines, last + 1):
        line.day, line.position = day, position
        line.seal = seal = vault.signature(chain.words(line, seal))
    keep(lines)
    closing = closing or chain.days(chain=chain.code, day=day)
    closing.entries, closing.seal = last + len(lines), seal
    closing.proof = proof_of(closing, earlier.proof if earlier else "")
    closing.save()


def _own_days(chain: Chain) -> Iterator[Any]:
    """Its days that are ours, the newest first. Others are a finding, and nothing goes on from them.

    Of the days ahead of the clock only the last few are looked at: who makes up a hundred years of them delays nobody.
    """
    rows = chain.closings.order_by("-day")
    last = list(rows.values_list("pk", flat=True)[:10])
    past = rows.filter(day__lte=clock.today() + timedelta(days=1)).exclude(pk__in=last)
    for numbers in chained([last], _in_growing_batches(past)):
        found = by_number(rows, numbers, lambda number: None)
        yield from (found[number] for number in numbers if number in found and is_ours(found[number]))


def _in_growing_batches(rows: models.QuerySet[Any]) -> Iterator[list[Any]]:
    start, size = 0, 100
    while numbers := list(rows.values_list("pk", flat=True)[start : start + size]):
        yield numbers
        start, size = start + size, size * 10


def _end_of_day(chain: Chain, day: date, closing: ChainDay | None) -> tuple[int, str]:
    """The last place of a day that is taken, by whomever, and its seal; 0 where none is."""
    last = chain.kept.filter(day=day).order_by("-position").values_list("position", "seal").first()
    position, seal = last or (0, "")
    if closing and closing.entries > position:  # lines were cut off; their places stay empty, which is found
        return closing.entries, closing.seal
    return position, seal


def proof_of(closing: ChainDay, before: str) -> str:
    """The proof of a day, with the proof of the day before it in its chain, "" at the first. Raises KeyLost."""
    words = _words_of(closing) | {"day before": before}
    return _own(closing) + vault.signature(json.dumps(words, sort_keys=True))[OWN:]


def is_ours(closing: ChainDay) -> bool:
    """Whether the application wrote this day as it is. Raises KeyLost."""
    return closing.proof[:OWN] == _own(closing)


def _own(closing: ChainDay) -> str:
    return vault.signature(json.dumps(_words_of(closing), sort_keys=True))[:OWN]


def _words_of(closing: ChainDay) -> dict[str, Any]:
    return {"chain": closing.chain, "day": closing.day.isoformat(), "entries": closing.entries, "seal": closing.seal}


# Checking.


@dataclass(frozen=True)
class Finding:
    """A place where a chain is not as it was written; position None concerns the whole day, day None one unknown."""

    chain: Chain
    day: date | None
    position: int | None
    sentence: str

    @property
    def words(self) -> str:
        """`Zugriffsprotokoll, Lesen am 18.11.2026, Zeile 2: Diese Zeile fehlt.`"""
        day = f" am {self.day:%d.%m.%Y}" if self.day else ""
        place = f", Zeile {self.position}" if self.position else ""
        return f"{self.chain.title}{day}{place}: {self.sentence}"


@dataclass(frozen=True)
class End:
    """The newest line of a chain. Lines cut off the end are seen by comparing it with an earlier one only."""

    chain: Chain
    day: date
    position: int
    seal: str


@dataclass
class Walk:
    """What was found along one chain. `fitting` counts the seals that are right: with another key none is.

    `untold` counts the findings behind the first `findings.MOST_TOLD` of their kind; they are one finding at the end.
    """

    chain: Chain
    today: date
    findings: list[Finding] = field(default_factory=list)
    end: End | None = None
    lines: int = 0
    days: int = 0
    deleted_days: int = 0
    fitting: int = 0
    untold: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, day: date | None, position: int | None, sentence: str) -> None:
        """One more finding."""
        kind = findings.kind_of(sentence)
        self.kinds[kind] += 1
        if self.kinds[kind] <= findings.MOST_TOLD:
            self.findings.append(Finding(self.chain, day, position, sentence))
        else:
            self.untold += 1


def end_of(chain: Chain) -> End | None:
    """The newest line as its day says; None where nothing was ever written. Raises KeyLost."""
    last = next(_own_days(chain), None)
    return End(chain, last.day, last.entries, last.seal) if last else None


def walk(chain: Chain, today: date) -> Walk:
    """Computes every seal of a chain anew, each day linked to the one before. Nothing is written. Raises KeyLost.

    Lines that were erased after their period are no finding: the closing seals of their days stay and link the chain.
    """
    found = Walk(chain, today)
    rows = readable(chain.closings, lambda number: found.add(None, None, DAY_NOT_READABLE.format(number=number)))
    closings = {row.day: row for row in rows}
    ours = _proofs(found, closings)
    before: Before = ("",)
    lines = readable(chain.kept, lambda number: found.add(None, None, NOT_READABLE.format(number=number)))
    for day, of_day in _by_day(lines, closings):
        found.days += 1
        before = _day(found, day, of_day, closings.get(day), before, ours)
    if ours:
        last = closings[max(ours)]
        found.end = End(chain, last.day, last.entries, last.seal)
    if found.untold:
        more = findings.more(found.untold)
        found.findings.append(Finding(chain, found.findings[-1].day, None, more))
    return found


Before = tuple[str, ...]  # the seals to which the next line may be linked; behind a day that is not ours some


def _proofs(found: Walk, closings: dict[date, ChainDay]) -> set[date]:
    """Every day by itself and against the day before it: none can be made up, and none cut off in front.

    Which days are ours. One that was put in is a finding of its own; the days around it hang together without it.
    """
    own: set[date] = set()
    before = of_last = ""
    for day in sorted(closings):
        closing = closings[day]
        if is_ours(closing):
            own.add(day)
            found.fitting += 1
            if closing.proof not in (proof_of(closing, before), proof_of(closing, of_last)):
                found.add(day, None, DAY_CHANGED)
            before = closing.proof
        else:
            found.add(day, None, DAY_CHANGED)
        of_last = closing.proof
    return own


def _day(
    found: Walk, day: date, rows: Iterator[Any], closing: ChainDay | None, before: Before, ours: set[date]
) -> Before:
    """One day of one chain; the seals to which the next day may be linked."""
    last, is_empty, ahead = 0, True, before
    for line in rows:
        is_empty = False
        _line(found, line, ahead, last)
        if line.position > last:
            ahead, last = (line.seal,), line.position
    if closing is None:
        found.add(day, None, NO_DAY_SEAL)
        return (before[0], *ahead)
    if is_empty and day in ours:
        return _empty_day(found, day, closing)
    if is_empty:
        return (before[0], closing.seal)
    _gap(found, day, last, closing.entries + 1)
    if closing.seal not in ahead:
        found.add(day, None, DAY_ENDS_ELSEWHERE)
    return (closing.seal,) if day in ours else (before[0], *ahead, closing.seal)


def _empty_day(found: Walk, day: date, closing: ChainDay) -> Before:
    """A day without lines: erased after its period, or made away with."""
    if found.chain.is_expired(day, found.today):
        found.deleted_days += 1
    else:
        found.add(day, None, DAY_GONE)
    return (closing.seal,)


def _line(found: Walk, line: Any, before: Before, last: int) -> None:
    """One line against its seal. Behind a gap it cannot be judged, and the gap is the finding."""
    found.lines += 1
    if _fits(found.chain, line, before):
        found.fitting += 1
    elif line.position <= last + 1:
        found.add(line.day, line.position, FIRST_CHANGED if line.position == 1 else CHANGED)
    _gap(found, line.day, last, line.position)


def _fits(chain: Chain, line: Any, before: Before) -> bool:
    try:
        return any(vault.signature(chain.words(line, each)) == line.seal for each in before)
    except UNREADABLE:
        return False


def _gap(found: Walk, day: date, last: int, following: int) -> None:
    """Lines that are missing between two positions, as one finding."""
    if following == last + 2:
        found.add(day, last + 1, "Diese Zeile fehlt.")
    elif following > last + 2:
        found.add(day, last + 1, f"Die Zeilen {last + 1} bis {following - 1} fehlen.")


def _by_day(lines: Iterator[Any], closings: dict[date, ChainDay]) -> Iterator[tuple[date, Iterator[Any]]]:
    """Every day that has lines or a closing seal, in order."""
    waiting = sorted(closings, reverse=True)
    for day, rows in groupby(lines, key=lambda line: line.day):
        while waiting and waiting[-1] < day:
            yield waiting.pop(), iter(())
        if waiting and waiting[-1] == day:
            waiting.pop()
        yield day, rows
    yield from ((day, iter(())) for day in reversed(waiting))
