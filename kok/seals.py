"""Whether every sealed row stands as the application wrote it (`kok.models.seals`); nothing here writes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain as chained
from operator import attrgetter

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import CharField, Exists, Field, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from kok import chain_walk, chains, journal
from kok.findings import ToldFinding, first, told
from kok.models import Seal, Sealed, Sealing, sealing
from kok.models.seal_lines import batches
from kok.models.sealing import sealings
from kok.models.seals import MOST_LOOKED_AT, Fields, newest, waiting
from kok.readable import UNREADABLE, RowT, by_number, readable
from kok.vault import key_required
from kok.words import local_day, stamp

NOT_OURS = "{title}: Ein Siegel für Nr. {number} stammt nicht von der Anwendung. Es wurde eingefügt."
OF_NO_ROW = (
    "{title}: {number} Siegel für Nummern, die keine Zeile haben kann, stammen nicht von der Anwendung. Sie wurden "
    "eingefügt."
)
INSERTED = "{title} {called}: An der Anwendung vorbei eingefügt, ein Siegel fehlt."
CHANGED = "{title} {called}: An der Anwendung vorbei geändert ({fields}); der letzte richtige Stand ist vom {at}."
STILL_WAITING = (
    "{title}: Weitere {number} Siegel ohne Platz in ihrer Kette wurden nur gezählt; so viele lässt die Anwendung nicht "
    "warten. Sehr wahrscheinlich wurden sie eingefügt."
)
LEFT_OUT = (
    "{title}: Weitere {number} Siegel, die nicht von der Anwendung stammen, wurden nur gezählt. Sie wurden eingefügt."
)
INSERTED_TOO = "{title}: Weitere {number} Zeilen ohne Siegel wurden nur gezählt. Sie wurden eingefügt."
REVIVED = "{title} {called}: Am {at} gelöscht, und nun steht die Zeile wieder da."
NOT_READABLE = "{title} Nr. {number}: Die Zeile lässt sich nicht lesen. Sie wurde an der Anwendung vorbei geschrieben."
PUT_BACK = (
    "{title} Nr. {number}: Am {at} an der Anwendung vorbei geschrieben (Rolle {role}) und vor dieser Prüfung "
    "zurückgenommen. Was inzwischen davon ausging, sehen Sie im Änderungsprotokoll."
)
TAKEN_AWAY = (
    "{title} Nr. {number}: Am {at} an der Anwendung vorbei eingefügt (Rolle {role}) und vor dieser Prüfung wieder "
    "gelöscht. Was inzwischen davon ausging, sehen Sie im Änderungsprotokoll."
)
WRITTEN = "{title} Nr. {number}: Zuerst am {at} an der Anwendung vorbei geschrieben (Rolle {role})."
GONE = "{title} Nr. {number}: An der Anwendung vorbei gelöscht; der letzte richtige Stand ist vom {at}."


ROW = attrgetter("object_id")  # of a line, which row it is of


@dataclass(frozen=True)
class SealCheck:
    """The outcome: how many rows stand as they were written, and a German sentence for each that does not."""

    rows: int
    findings: tuple[str, ...]


def check(today: date) -> SealCheck:
    """Computes all seals anew: along the chains, and of every row. Raises Refused without the key."""
    with key_required(chains.NO_KEY):
        walks = [chain_walk.walk(each.chain, today) for each in sealings()]
        if chain_walk.is_of_other_key(walks):
            return SealCheck(0, (chain_walk.OTHER_KEY,))
        found = [_Rows(each, today) for each in sealings()]
        sentences = chained(map(attrgetter("words"), walks), map(_Rows.sentences, found))
        words = tuple(chained.from_iterable(sentences))
    return SealCheck(sum(map(attrgetter("right"), found)), words)


def is_other_key() -> bool:
    """Whether something is sealed here, and no chain has a day that is ours. Raises KeyLost.

    So it is with the database of another key, until `mend_account --all` seals with this one.
    """
    used = [chain for chain in chains.registered() if chain.closings.exists()]
    return bool(used) and not any(map(chains.end_of, used))


def findings(today: date) -> tuple[str, ...]:
    """A sentence for each row that is not as it was written. Raises Refused without the key."""
    return check(today).findings


class _Rows:
    """The rows of one model against the newest seal of each."""

    def __init__(self, sealing: Sealing, today: date) -> None:
        self.sealing, self.today, self.right = sealing, today, 0
        self.title = sealing.title
        self.named: set[str] = set()  # rows that do not stand as they were sealed, or cannot be read
        self.unreadable: dict[str, ToldFinding] = {}
        self.strange = 0  # lines for rows that are not there and have none of ours
        self.of_no_row = 0  # such lines for numbers that no row can have
        self.last_left = 0  # the newest of the lines without a place that are not looked at

    def sentences(self) -> list[str]:
        """The first of each kind of finding, and how many more there are."""
        return first(self.title, self.findings())

    def findings(self) -> Iterator[ToldFinding]:
        """First what has a seal, then what has none, then what cannot be read, then when it was written."""
        yield from self._waiting()
        yield from self._with_seal()
        yield from self._without_seal()
        yield from self.unreadable.values()
        yield from self._past_us()

    def _with_seal(self) -> Iterator[ToldFinding]:
        lines_of_rows = readable(newest(self._looked_at()))  # of placed ones that cannot be read the chain tells
        for lines in batches(lines_of_rows, sealing.AT_ONCE):
            yield from self._compare_all(lines)
        if self.of_no_row:
            yield told(OF_NO_ROW, self.title, number=self.of_no_row)
        if self.strange > MOST_LOOKED_AT:
            yield told(LEFT_OUT, self.title, number=self.strange - MOST_LOOKED_AT)

    def _waiting(self) -> Iterator[ToldFinding]:
        """Of the lines without a place, which are few unless somebody makes them up, the newest are looked at."""
        lines = waiting(self.sealing.slug)
        numbers = list(lines.order_by("-pk").values_list("pk", flat=True)[: MOST_LOOKED_AT + 1])
        if not numbers:
            return
        self.last_left = numbers[-1] if len(numbers) > MOST_LOOKED_AT else 0
        looked_at = lines.filter(pk__gt=self.last_left).order_by("pk")
        for line in self._readable(looked_at, f"Siegel ({self.title})"):
            if not line.is_ours():
                yield from self._made_up(line)
        if self.last_left:
            left = lines.filter(pk__lte=self.last_left).count()
            yield told(STILL_WAITING, self.title, number=left)

    def _looked_at(self) -> QuerySet[Seal]:
        lines = Seal.objects.filter(chain=self.sealing.slug)
        if not self.last_left:
            return lines
        return lines.filter(Q(position__isnull=False) | Q(pk__gt=self.last_left))

    def _compare_all(self, lines: list[Seal]) -> Iterator[ToldFinding]:
        """Those of rows that are there or have one of ours, and of the others so many that the check comes to its end.

        A row of which no line is ours was put in, with a seal that somebody made up, unless its first state is ours:
        then its lines were changed.
        """
        by_row = {line.object_id: line for line in lines}
        ours = self.sealing.newest_of(lines) | self._left_out(map(ROW, lines))
        others = by_row.keys() - ours.keys()
        ours |= {number: by_row[number] for number in self.sealing.begun(list(others))}
        rows = self.sealing.rows().filter(pk__in=self._wanted(others))
        there = ours.keys() | set(map(str, rows.values_list("pk", flat=True)))
        for part in batches((line for line in lines if line.object_id in there), self.sealing.at_once):
            yield from self._compare_rows(part, ours)
        yield from self._strange([line for line in lines if line.object_id not in there])

    def _compare_rows(self, lines: list[Seal], ours: dict[str, Seal]) -> Iterator[ToldFinding]:
        rows = self._rows(map(ROW, lines))
        for line in lines:
            if line.object_id not in self.unreadable:
                yield from self._compare(line, ours.get(line.object_id), rows.get(line.object_id))

    def _strange(self, lines: list[Seal]) -> Iterator[ToldFinding]:
        """Lines for rows that are not there and have none of ours."""
        for line in lines[: max(0, MOST_LOOKED_AT - self.strange)]:
            if line.position is not None:  # those that wait are named
                yield from self._made_up(line)
        self.strange += len(lines)

    def _made_up(self, line: Seal) -> Iterator[ToldFinding]:
        """A line that is not ours, by its number, which may be any words; those that are none are counted."""
        if _is_number(self.sealing.model._meta.pk, line.object_id):
            yield told(NOT_OURS, self.title, number=line.object_id)
        else:
            self.of_no_row += 1

    def _left_out(self, numbers: Iterable[str]) -> dict[str, Seal]:
        """The newest of ours of these rows, where it may wait among those that nobody looks at."""
        return self.sealing.last_by_salt(numbers) if self.last_left else {}

    def _without_seal(self) -> Iterator[ToldFinding]:
        """Rows that were put in; of those beyond what can be looked at the number is told."""
        lines = self._looked_at().filter(object_id=OuterRef("as_text"))
        numbered = self.sealing.rows().annotate(as_text=Cast("pk", CharField()))
        looked_at, left = _first_of(numbered.filter(~Exists(lines)).order_by("pk"))
        for part in batches(self._readable(looked_at, self.title), self.sealing.at_once):
            rows = {str(row.pk): row for row in part}
            ours = self._left_out(rows)
            for number, row in rows.items():
                if seal := ours.get(number):
                    yield from self._compare(seal, seal, row)
                else:
                    self.named.add(number)
                    yield told(INSERTED, self.title, called=_called(row))
        if left:
            yield told(INSERTED_TOO, self.title, number=left)

    def _past_us(self) -> Iterator[ToldFinding]:
        """When and by which role a row was first written past the application, also where it stands again.

        Of one that was only put in and is there the sentence about it says enough.
        """
        for some in batches(journal.unsealed(self.sealing), sealing.AT_ONCE):
            numbers = [each.number for each in some]
            begun = set(self.sealing.begun(numbers))
            there = begun.union(self._rows(number for number in numbers if number not in begun))
            for each in some:
                if words := self._words(each.number, is_begun=each.number in begun, is_there=each.number in there):
                    yield told(words, self.title, number=each.number, at=stamp(each.at), role=each.role)

    def _words(self, number: str, *, is_begun: bool, is_there: bool) -> str:
        if number in self.named:
            return WRITTEN if is_begun else ""
        return PUT_BACK if is_there else TAKEN_AWAY

    def _readable(self, rows: QuerySet[RowT], title: str) -> Iterator[RowT]:
        return readable(rows, partial(self._refuse, title), self.sealing.at_once)

    def _refuse(self, title: str, number: object) -> None:
        self.named.add(str(number))
        self.unreadable[str(number)] = told(NOT_READABLE, title, number=number)

    def _rows(self, numbers: Iterable[str]) -> dict[str, Model]:
        """The rows with these numbers; who made a seal up may have written anything for a number."""
        found = by_number(self.sealing.rows(), self._wanted(numbers), partial(self._refuse, self.title))
        return {str(pk): row for pk, row in found.items()}

    def _wanted(self, numbers: Iterable[str]) -> list[object]:
        """Those of these numbers that a row can have."""
        field = self.sealing.model._meta.pk
        return [field.to_python(number) for number in numbers if _is_number(field, number)]

    def _compare(self, line: Seal, ours: Seal | None, row: Model | None) -> Iterator[ToldFinding]:
        is_another = ours is not None and ours.pk != line.pk and line.position is not None  # those that wait are named
        if is_another and not line.is_ours():
            yield from self._made_up(line)
        if sentence := self._against(ours, row, line):
            self.named.add(line.object_id)
            yield sentence

    def _against(self, ours: Seal | None, row: Model | None, line: Seal) -> ToldFinding | None:
        """What is wrong with a row, None where it is gone, against its newest seal; without one it was put in."""
        try:
            if ours:
                return self._judged(ours, row)
            return told(INSERTED, self.title, called=_called(row)) if row is not None else None
        except UNREADABLE:
            return told(NOT_READABLE, self.title, number=line.object_id)

    def _judged(self, line: Seal, row: Model | None) -> ToldFinding | None:
        at = stamp(line.at)
        if row is None:
            is_right = line.is_gone or self.sealing.is_expired(local_day(line.at), self.today)
            return None if is_right else told(GONE, self.title, number=line.object_id, at=at)
        if line.is_gone:
            return told(REVIVED, self.title, called=_called(row), at=at)
        if not line.fits(fields := self.sealing.fields(row)):
            return told(CHANGED, self.title, called=_called(row), fields=_titles(line, row, fields), at=at)
        self.right += 1
        return None


def _first_of(rows: QuerySet[RowT]) -> tuple[QuerySet[RowT], int]:
    """As many of these rows as are looked at, and how many are left."""
    numbers = list(rows.values_list("pk", flat=True)[: MOST_LOOKED_AT + 1])
    if len(numbers) <= MOST_LOOKED_AT:
        return rows if numbers else rows.none(), 0
    return rows.filter(pk__lt=numbers[-1]), rows.filter(pk__gte=numbers[-1]).count()


def _called(row: Model) -> str:
    """How the row is called; by its number where what it hangs on was made away with too, or the model is not ours."""
    try:
        return row.called if isinstance(row, Sealed) else f"Nr. {row.pk}"
    except ObjectDoesNotExist:
        return f"Nr. {row.pk}"


def _titles(line: Seal, row: Model, fields: Fields) -> str:
    names, is_emptied = line.changed(fields)
    titles = [str(field.verbose_name) for field in row._meta.concrete_fields if field.attname in names]
    return ", ".join([*titles, *(["eine Angabe fehlt"] if is_emptied else [])]) or "mehrere Angaben"


def _is_number(field: Field, text: str) -> bool:
    """Whether a row can have this number, written as the application writes it."""
    try:
        return str(field.to_python(text)) == text
    except ValidationError:
        return False
