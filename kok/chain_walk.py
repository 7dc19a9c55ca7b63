"""Along a chain of sealed lines (`kok.chains`): every seal computed anew, to find what is not as it was written."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from heapq import merge
from itertools import chain as chained
from itertools import groupby
from operator import attrgetter, itemgetter

from kok import findings, vault, words
from kok.chains import Chain, ChainDay, ChainLine, End, is_ours, proof_of
from kok.readable import UNREADABLE, readable

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
NOT_READABLE = "Die Zeile Nr. {number} lässt sich nicht lesen: Sie wurde an der Anwendung vorbei geschrieben."
DAY_NOT_READABLE = "Das Tagessiegel Nr. {number} lässt sich nicht lesen: Es wurde an der Anwendung vorbei geschrieben."
DAY_GONE = "Alle Zeilen dieses Tages fehlen, obwohl ihre Frist noch läuft."
DAYS_BEFORE = 10  # of which the end may be what a line is sealed over: some may be made up


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
        day = f" am {words.day(self.day)}" if self.day else ""
        place = f", Zeile {self.position}" if self.position else ""
        return f"{self.chain.title}{day}{place}: {self.sentence}"


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

    @property
    def words(self) -> list[str]:
        """What was found, in sentences."""
        return [finding.words for finding in self.findings]

    def refuse(self, sentence: str, number: object) -> None:
        """A row that cannot be read, by its number."""
        self.add(None, None, sentence.format(number=number))


def is_of_other_key(walks: Collection[Walk]) -> bool:
    """Whether there are days to these chains and not one seal is right: then another key made them all."""
    return any(map(attrgetter("days"), walks)) and not any(map(attrgetter("fitting"), walks))


def walk(chain: Chain, today: date) -> Walk:
    """Computes every seal of a chain anew, each day linked to the one before. Nothing is written. Raises KeyLost.

    Lines that were erased after their period are no finding: the closing seals of their days stay and link the chain.
    """
    found = Walk(chain, today)
    closings = {row.day: row for row in readable(chain.closings, partial(found.refuse, DAY_NOT_READABLE))}
    ours = _proofs(found, closings)
    before: Before = ("",)
    lines = readable(chain.kept, partial(found.refuse, NOT_READABLE))
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


def stands(chain: Chain, line: ChainLine) -> bool:
    """Whether the application wrote this line, in this place. Raises KeyLost.

    Sealed over the line before it, or over the end of a day where that one is gone or the day begins.
    """
    before = chain.kept.filter(day=line.day, position=line.position - 1).values_list("seal", flat=True)
    ends = chain.closings.filter(day__lte=line.day).order_by("-day").values_list("seal", flat=True)[:DAYS_BEFORE]
    return _fits(chain, line, (*before, *ends, ""))


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
    found: Walk, day: date, rows: Iterator[ChainLine], closing: ChainDay | None, before: Before, ours: set[date]
) -> Before:
    """One day of one chain; the seals to which the next day may be linked."""
    last = 0
    end: Before = ()
    for line in rows:
        _line(found, line, end or before, last)
        end, last = (line.seal,), line.position
    if closing is None:
        found.add(day, None, NO_DAY_SEAL)
        return (before[0], *end)
    if end:
        _end_of_day(found, closing, end, last)
    elif day in ours:
        _empty_day(found, day)
    return (closing.seal,) if day in ours else (before[0], *end, closing.seal)


def _end_of_day(found: Walk, closing: ChainDay, end: Before, last: int) -> None:
    """Whether a day closes behind its last line."""
    _gap(found, closing.day, last, closing.entries + 1)
    if closing.seal not in end:
        found.add(closing.day, None, DAY_ENDS_ELSEWHERE)


def _empty_day(found: Walk, day: date) -> None:
    """A day without lines: erased after its period, or made away with."""
    if found.chain.is_expired(day, found.today):
        found.deleted_days += 1
    else:
        found.add(day, None, DAY_GONE)


def _line(found: Walk, line: ChainLine, before: Before, last: int) -> None:
    """One line against its seal. Behind a gap it cannot be judged, and the gap is the finding."""
    found.lines += 1
    if _fits(found.chain, line, before):
        found.fitting += 1
    elif line.position <= last + 1:
        found.add(line.day, line.position, FIRST_CHANGED if line.position == 1 else CHANGED)
    _gap(found, line.day, last, line.position)


def _fits(chain: Chain, line: ChainLine, before: Before) -> bool:
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


def _by_day(lines: Iterator[ChainLine], closings: Iterable[date]) -> Iterator[tuple[date, Iterator[ChainLine]]]:
    """Every day that has lines or a closing seal, in order."""
    of_lines = ((line.day, (line,)) for line in lines)
    of_closings: Iterator[tuple[date, tuple[ChainLine, ...]]] = ((day, ()) for day in sorted(closings))
    for day, rows in groupby(merge(of_closings, of_lines, key=itemgetter(0)), key=itemgetter(0)):
        yield day, chained.from_iterable(of_day for _, of_day in rows)
