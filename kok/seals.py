"""Whether every sealed row stands as the application wrote it (`kok.models.seals`); nothing here writes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import CharField, Exists, Model, OuterRef, QuerySet
from django.db.models.functions import Cast

from kok import chains, journal
from kok.clock import BERLIN
from kok.errors import Refused
from kok.findings import first
from kok.models import Seal, Sealed, Sealing
from kok.models.sealed import batches, sealings
from kok.models.seals import Fields, newest
from kok.readable import UNREADABLE, by_number, readable
from kok.vault import KeyLost

NOT_OURS = "{title}: Ein Siegel für Nr. {number} stammt nicht von der Anwendung. Es wurde eingefügt."
INSERTED = "{title} {called}: An der Anwendung vorbei eingefügt, ein Siegel fehlt."
CHANGED = "{title} {called}: An der Anwendung vorbei geändert ({fields}); der letzte richtige Stand ist vom {at}."
REVIVED = "{title} {called}: Am {at} gelöscht, und nun steht die Zeile wieder da."
NOT_READABLE = "{title} Nr. {number}: Die Zeile lässt sich nicht lesen. Sie wurde an der Anwendung vorbei geschrieben."
PUT_BACK = (
    "{title} Nr. {number}: Am {at} an der Anwendung vorbei geschrieben (Rolle {role}) und vor dieser Prüfung "
    "zurückgenommen. Was inzwischen davon ausging, sehen Sie im Änderungsprotokoll."
)
GONE = "{title} Nr. {number}: An der Anwendung vorbei gelöscht; der letzte richtige Stand ist vom {at}."


@dataclass(frozen=True)
class SealCheck:
    """The outcome: how many rows stand as they were written, and a German sentence for each that does not."""

    rows: int
    findings: tuple[str, ...]


def check(today: date) -> SealCheck:
    """Computes all seals anew: along the chains, and of every row. Raises Refused without the key."""
    try:
        walks = [chains.walk(each.chain, today) for each in sealings()]
        if any(each.days for each in walks) and not any(each.fitting for each in walks):
            return SealCheck(0, (chains.OTHER_KEY,))
        broken = [finding.words for each in walks for finding in each.findings]
        found = [_Rows(each, today) for each in sealings()]
        sentences = [sentence for each in found for sentence in first(each.title, each.findings())]
    except KeyLost:
        raise Refused(chains.NO_KEY) from None
    return SealCheck(sum(each.right for each in found), (*broken, *sentences))


def is_other_key() -> bool:
    """Whether something is sealed here, and no chain has a day that is ours. Raises KeyLost.

    So it is with the database of another key, until `mend_account --all` seals with this one.
    """
    used = [chain for chain in chains.registered() if chain.closings.exists()]
    return bool(used) and not any(chains.end_of(chain) for chain in used)


def findings(today: date) -> tuple[str, ...]:
    """A sentence for each row that is not as it was written. Raises Refused without the key."""
    return check(today).findings


class _Rows:
    """The rows of one model against the newest seal of each."""

    def __init__(self, sealing: Sealing, today: date) -> None:
        self.sealing, self.today, self.right = sealing, today, 0
        self.title = sealing.title
        self.named: set[str] = set()  # rows that a sentence tells of
        self.unreadable: dict[str, str] = {}

    def findings(self) -> Iterator[str]:
        """First what has a seal, then what has none, then what cannot be read, then what was put back."""
        seals = Seal.objects.filter(chain=self.sealing.slug)
        for line in self._readable(seals.filter(position__isnull=True).order_by("pk"), f"Siegel ({self.title})"):
            if not line.is_ours():
                self.named.add(line.object_id)
                yield NOT_OURS.format(title=self.title, number=line.object_id)
        lines_of_rows = readable(newest(seals), lambda number: None)  # the chain tells of those with a place
        for lines in batches(lines_of_rows, self.sealing.at_once):
            rows = self._rows(line.object_id for line in lines)
            for line in lines:
                if line.object_id not in self.unreadable:
                    yield from self._named(line.object_id, self._compare(line, rows.get(line.object_id)))
        sealed = seals.filter(object_id=OuterRef("as_text"))
        numbered = self.sealing.rows().annotate(as_text=Cast("pk", CharField()))
        for row in self._readable(numbered.filter(~Exists(sealed)).order_by("pk"), self.title):
            yield from self._named(str(row.pk), [INSERTED.format(title=self.title, called=_called(row))])
        yield from self.unreadable.values()
        yield from self._put_back()

    def _named(self, number: str, sentences: Iterable[str]) -> Iterator[str]:
        for sentence in sentences:
            self.named.add(number)
            yield sentence

    def _put_back(self) -> Iterator[str]:
        """What stands as it was sealed and was something else in between."""
        for each in journal.unsealed(self.sealing):
            if each.number not in self.named and each.number not in self.unreadable:
                yield PUT_BACK.format(title=self.title, number=each.number, at=_moment(each.at), role=each.role)

    def _readable(self, rows: QuerySet[Any], title: str) -> Iterator[Any]:
        return readable(rows, partial(self._refuse, title), self.sealing.at_once)

    def _refuse(self, title: str, number: Any) -> None:
        self.unreadable[str(number)] = NOT_READABLE.format(title=title, number=number)

    def _rows(self, numbers: Iterable[str]) -> dict[str, Model]:
        """The rows with these numbers; who made a seal up may have written anything for a number."""
        field, rows = self.sealing.model._meta.pk, self.sealing.rows()
        wanted = [field.to_python(number) for number in numbers if _is_number(field, number)]
        found = by_number(rows, wanted, partial(self._refuse, self.title))
        return {str(pk): row for pk, row in found.items()}

    def _compare(self, line: Seal, row: Model | None) -> Iterator[str]:
        try:
            yield from self._compared(line, row)
        except UNREADABLE:
            yield NOT_READABLE.format(title=self.title, number=line.object_id)

    def _compared(self, line: Seal, row: Model | None) -> Iterator[str]:
        ours = line if line.is_ours() else self.sealing.newest(line.object_id)
        if ours and ours is not line and line.position is not None:  # those that wait are named
            yield NOT_OURS.format(title=self.title, number=line.object_id)
        yield from self._against(ours or line, row)

    def _against(self, line: Seal, row: Model | None) -> Iterator[str]:
        at = _moment(line.at)
        if row is None:
            if not line.is_gone and not self.sealing.is_expired(line.at.astimezone(BERLIN).date(), self.today):
                yield GONE.format(title=self.title, number=line.object_id, at=at)
        elif line.is_gone:
            yield REVIVED.format(title=self.title, called=_called(row), at=at)
        elif not line.fits(fields := self.sealing.fields(row)):
            yield CHANGED.format(title=self.title, called=_called(row), fields=_titles(line, row, fields), at=at)
        else:
            self.right += 1


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


def _is_number(field: Any, text: str) -> bool:
    try:
        field.to_python(text)
    except ValidationError:
        return False
    return True


def _moment(at: datetime) -> str:
    return f"{at.astimezone(BERLIN):%d.%m.%Y, %H:%M} Uhr"
