"""What beginning a version has in common, whether of the agreement or of an Anlage."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Generic, TypeVar

from kok import words
from kok.errors import require
from members.models import AgreementVersion, AnnexVersion
from members.rules.agreement import AgreementFile
from members.rules.amendment import check_begins, check_reason, check_same
from members.rules.wording import AnnexText, Wording, WordingChange, differences, short_names

V = TypeVar("V", AgreementVersion, AnnexVersion)


@dataclass(frozen=True)
class Started:
    """A version that the file began: of what, from which day, and what it says otherwise than the one before.

    `remains` says in sentences what is left of bodies that end with it, and what the file leaves open.
    """

    title: str
    number: int
    starts_on: date
    reason: str
    changes: tuple[WordingChange, ...]
    remains: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """What changed, by place, for the trail: no words, because some are names."""
        places = ", ".join(change.place for change in self.changes)
        return f"{self.title}, Fassung {self.number} ab {words.day(self.starts_on)}: {places}".removesuffix(": ")


@dataclass(frozen=True)
class Older:
    """What the file says of something is a version that is stored already, and not the newest one."""

    title: str
    number: int
    ended_on: date
    later: tuple[tuple[int, date], ...]  # number and first day of each version after it

    def said(self, today: date) -> str:
        """Which version the file is, and which ones held, hold or will hold after it."""
        last = "galt" if self.ended_on < today else "gilt"
        after = ", ".join(f"ab dem {words.day(starts_on)} die Fassung {number}" for number, starts_on in self.later)
        return (
            f"{self.title}: Die Datei entspricht der Fassung {self.number}. Diese {last} bis zum "
            f"{words.day(self.ended_on)}; {after}."
        )


@dataclass(frozen=True)
class VersionDraft(Generic[V]):
    """What a file says of the agreement or of an Anlage, beside the versions that are `stored` of it.

    `path` is its section in the file, `file` where the names of the partners stand. `is_first`: nothing at all is
    stored of the agreement.
    """

    file: AgreementFile
    title: str
    named: str  # the title as a sentence begins
    path: str
    said: Wording | AnnexText
    stored: Sequence[V]
    valid_from: date | None
    reason: str
    is_first: bool

    @property
    def starts_on(self) -> date:
        """The first day of what the file says: that of the agreement where it names none."""
        return self.valid_from or self.file.agreement.in_force_on

    @property
    def number(self) -> int:
        """That of the version which the file begins."""
        return len(self.stored) + 1

    @cached_property
    def known(self) -> V | None:
        """The stored version of the same first day, otherwise the newest; a file that was loaded before stays known."""
        by_day = {each.period.lower: each for each in self.stored}
        return by_day.get(self.starts_on) or next(reversed(self.stored), None)

    def changes(self, text_of: Callable[[V], Wording | AnnexText]) -> tuple[WordingChange, ...]:
        """What it says otherwise than the known version, which `text_of` reads; nothing where none is."""
        if self.known is None:
            return ()
        return differences(text_of(self.known), self.said, short_names(self.file.partners))

    def repeated(self, known: V, **told: date | None) -> Iterator[Older]:
        """The `known` version is said once more, and a newer one may be stored. Raises Refused for other days of it."""
        kept = {"valid_from": known.period.lower, "reason": known.reason} | {
            name: getattr(known, name) for name in told
        }
        check_same(self.path, {"valid_from": self.valid_from, **told, "reason": self.reason}, kept)
        if later := tuple((each.number, each.period.lower) for each in self.stored if each.number > known.number):
            yield Older(self.title, known.number, known.period.upper - timedelta(days=1), later)

    def check(self) -> None:
        """Raises Refused where a new version may not begin on its day, or does not say why there is one."""
        if self.stored or self.is_first:
            first_days = [each.period.lower for each in self.stored]
            in_force_on = self.file.agreement.in_force_on
            check_begins(f"{self.path}.valid_from", self.named, self.valid_from, first_days, in_force_on)
        else:
            require(
                self.valid_from,
                f"{self.path}.valid_from: {self.title} kommt neu hinzu. Tragen Sie hier den Tag ein, ab dem sie gilt. "
                "Es wurde nichts geändert.",
            )
        if not self.is_first:
            check_reason(f"{self.path}.reason", self.title, self.reason)


def end_newest(stored: Sequence[V], starts_on: date) -> None:
    """The newest version ends on the day before the next one begins."""
    for newest in stored[-1:]:
        newest.period = (newest.period.lower, starts_on)
        newest.save(update_fields=["period"])
