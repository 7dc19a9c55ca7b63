"""Chains of sealed lines, which shrink by whole days: made here, and walked along to find what was changed.

Each line is sealed over the line before it, with a key outside the database; each day of a chain ends in a closing
seal, sealed over the day before, that stays when the lines of the day are erased. Who has the database but no key can
neither change, insert nor remove a line unseen, but at the very end. The ends are told outside (`kok.chain_ends`).
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby
from typing import Any

from django.db import connection, models, transaction

from kok import vault
from kok.clock import BERLIN
from kok.findings import kind_of

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
DAY_GONE = "Alle Zeilen dieses Tages fehlen, obwohl ihre Frist noch läuft."
MORE = "Dazu kommen {number} weitere Befunde; von jeder Art sind nur die ersten {told} genannt."
MOST_TOLD = 1000  # findings of a kind: who changed a million lines must neither fill the memory nor hide another one


class ChainDay(models.Model):
    """The closing seal of one day of one chain, and how many lines it had; it stays when the lines go.

    `proof` is sealed over the day and over the day before it in this chain, so that no day can be made up, dated back,
    or cut off in front.
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
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_lock(chain)])
    if not (lines := find()):
        return
    newest = list(chain.closings.order_by("-day")[:2])
    before = newest[0] if newest else None
    day = at.astimezone(BERLIN).date()
    if before:
        day = max(day, before.day)  # a clock set back over midnight must not break the chain
    last = before.entries if before and before.day == day else 0
    seal = before.seal if before else ""
    for position, line in enumerate(lines, last + 1):
        line.day, line.position = day, position
        line.seal = seal = vault.signature(chain.words(line, seal))
    keep(lines)
    closing = before if before and before.day == day else chain.days(chain=chain.code, day=day)
    closing.entries, closing.seal = last + len(lines), seal
    earlier = next((each for each in newest if each.day < day), None)
    closing.proof = vault.signature(proof_words(closing, earlier.proof if earlier else ""))
    closing.save()


def _lock(chain: Chain) -> int:
    return int.from_bytes(sha256(f"kok.chain.{chain.slug}".encode()).digest()[:8], "big", signed=True)


def proof_words(closing: ChainDay, before: str) -> str:
    """Everything that the proof of a day covers, with the proof of the day before it in its chain, "" at the first."""
    words = {"chain": closing.chain, "day": closing.day.isoformat(), "entries": closing.entries, "seal": closing.seal}
    return json.dumps(words | {"day before": before}, sort_keys=True)


# Checking.


@dataclass(frozen=True)
class Finding:
    """A place where a chain is not as it was written; position None concerns the whole day."""

    chain: Chain
    day: date
    position: int | None
    sentence: str

    @property
    def words(self) -> str:
        """`Zugriffsprotokoll, Lesen am 18.11.2026, Zeile 2: Diese Zeile fehlt.`"""
        place = f", Zeile {self.position}" if self.position else ""
        return f"{self.chain.title} am {self.day:%d.%m.%Y}{place}: {self.sentence}"


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

    `untold` counts the findings behind the first MOST_TOLD of their kind; they are one finding at the end.
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

    def add(self, day: date, position: int | None, sentence: str) -> None:
        """One more finding."""
        kind = kind_of(sentence)
        self.kinds[kind] += 1
        if self.kinds[kind] <= MOST_TOLD:
            self.findings.append(Finding(self.chain, day, position, sentence))
        else:
            self.untold += 1


def end_of(chain: Chain) -> End | None:
    """The newest line as its day says; None where nothing was ever written."""
    last = chain.closings.last()
    return End(chain, last.day, last.entries, last.seal) if last else None


def walk(chain: Chain, today: date) -> Walk:
    """Computes every seal of a chain anew, each day linked to the one before. Nothing is written. Raises KeyLost.

    Lines that were erased after their period are no finding: the closing seals of their days stay and link the chain.
    """
    found = Walk(chain, today)
    closings = {row.day: row for row in chain.closings}
    _proofs(found, closings)
    before = ""
    for day, rows in _by_day(chain.kept.iterator(chunk_size=2000), closings):
        found.days += 1
        before = _day(found, day, rows, closings.get(day), before)
    if closings:
        last = closings[max(closings)]
        found.end = End(chain, last.day, last.entries, last.seal)
    if found.untold:
        more = MORE.format(number=found.untold, told=MOST_TOLD)
        found.findings.append(Finding(chain, found.findings[-1].day, None, more))
    return found


def _proofs(found: Walk, closings: dict[date, ChainDay]) -> None:
    """Every day against the day before it: without the key none can be made up, and none cut off in front."""
    before = ""
    for day in sorted(closings):
        closing = closings[day]
        if vault.signature(proof_words(closing, before)) == closing.proof:
            found.fitting += 1
        else:
            found.add(day, None, DAY_CHANGED)
        before = closing.proof


def _day(found: Walk, day: date, rows: Iterator[Any], closing: ChainDay | None, before: str) -> str:
    """One day of one chain; the seal to which the next day is linked."""
    last, is_empty = 0, True
    for line in rows:
        is_empty = False
        _line(found, line, before, last)
        if line.position > last:
            before, last = line.seal, line.position
    if is_empty and closing:
        return _empty_day(found, day, closing)
    if closing is None:
        found.add(day, None, NO_DAY_SEAL)
        return before
    _gap(found, day, last, closing.entries + 1)
    if closing.seal != before:
        found.add(day, None, DAY_ENDS_ELSEWHERE)
    return closing.seal


def _empty_day(found: Walk, day: date, closing: ChainDay) -> str:
    """A day without lines: erased after its period, or made away with."""
    if found.chain.is_expired(day, found.today):
        found.deleted_days += 1
    else:
        found.add(day, None, DAY_GONE)
    return closing.seal


def _line(found: Walk, line: Any, before: str, last: int) -> None:
    """One line against its seal. Behind a gap it cannot be judged, and the gap is the finding."""
    found.lines += 1
    if vault.signature(found.chain.words(line, before)) == line.seal:
        found.fitting += 1
    elif line.position <= last + 1:
        found.add(line.day, line.position, FIRST_CHANGED if line.position == 1 else CHANGED)
    _gap(found, line.day, last, line.position)


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
