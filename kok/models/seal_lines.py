"""The lines of one chain of seals: which of them the application wrote, found among any number of others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain as chained
from itertools import islice
from operator import attrgetter
from typing import NamedTuple, TypeVar

from kok.models.seals import BATCH, NEWEST_FIRST, Seal, newest, salt_of
from kok.readable import by_number

LOOKED_AT = 1000  # lines of a row whose first state has another key
BEYOND = 2**31  # no state has this number: the column ends before
Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """One after the other, none empty."""
    rest = iter(items)
    while found := list(islice(rest, size)):
        yield found


def of_ours(lines: Iterable[Seal]) -> dict[str, Seal]:
    """Those that the application wrote, by row; of several of a row the last. Raises KeyLost."""
    return {line.object_id: line for line in filter(Seal.is_ours, lines)}


class Bracket(NamedTuple):
    """Of the states of a row, which have no gaps, `low` is there and `high` is not."""

    low: int = 0
    high: int = BEYOND

    @property
    def tried(self) -> int:
        """The number that is looked for next: twice the last one, until one is not there; then half way between."""
        return min(max(2 * self.low, 1), (self.low + self.high) // 2)

    def narrowed(self, *, is_there: bool) -> "Bracket":
        """What is left once that is known."""
        return self._replace(low=self.tried) if is_there else self._replace(high=self.tried)


class SealLines:
    """The lines of the chain with this slug. Everything here raises KeyLost."""

    def __init__(self, slug: str) -> None:
        self.slug = slug

    def newest(self, row: str) -> Seal | None:
        """The newest seal of a row; those that somebody made up are passed over, however many."""
        lines = newest(Seal.objects.filter(chain=self.slug, object_id=row))
        return self.newest_of(lines).get(row)

    def newest_of(self, lines: Iterable[Seal]) -> dict[str, Seal]:
        """The newest seals of ours, by row; `lines` are the newest of the rows, of whomever.

        A few queries for a thousand rows, so that who makes up lines for many of them delays nobody by much.
        """
        found: dict[str, Seal] = {}
        for part in batches(lines, BATCH):
            found |= of_ours(part)
            others = [line.object_id for line in part if line.object_id not in found]
            found |= self.last_by_salt(others)
            found |= self._first_of([row for row in others if row not in found])
        return found

    def _first_of(self, rows: Sequence[str]) -> dict[str, Seal]:
        """Of rows that were sealed anew with another key: only some of their lines are read, in all."""
        lines = Seal.objects.filter(chain=self.slug, object_id__in=rows).order_by("object_id", *NEWEST_FIRST)
        read = by_number(lines, list(lines.values_list("pk", flat=True)[: LOOKED_AT + len(rows)]))
        return of_ours(sorted(read.values(), key=attrgetter("number", "pk")))

    def begun(self, numbers: Sequence[Item]) -> list[Item]:
        """Of these rows those that the application sealed when they were new, in their order.

        One query, because nobody else can make the salt of a first state. How the rows stand now is not asked.
        """
        salts = {number: salt_of(self.slug, str(number), 1) for number in numbers}
        there = set(Seal.objects.filter(salt__in=salts.values()).values_list("salt", flat=True))
        return [number for number in numbers if salts[number] in there]

    def last_by_salt(self, rows: Iterable[str]) -> dict[str, Seal]:
        """The last states of rows; states are numbered without gaps, so each is found by halving, all at once.

        None for a row whose first state has another key.
        """
        found: dict[str, Seal] = {}
        spans = dict.fromkeys(rows, Bracket())
        while spans := {row: span for row, span in spans.items() if span.tried > span.low}:
            lines = self._states({row: span.tried for row, span in spans.items()})
            spans = {row: span.narrowed(is_there=row in lines) for row, span in spans.items()}
            found |= lines
        return of_ours(found.values())

    def _states(self, numbers: Mapping[str, int]) -> dict[str, Seal]:
        rows = {salt_of(self.slug, row, number): row for row, number in numbers.items()}
        lines = chained.from_iterable(Seal.objects.filter(salt__in=part) for part in batches(rows, BATCH))
        return {line.object_id: line for line in lines if line.object_id == rows[line.salt]}
