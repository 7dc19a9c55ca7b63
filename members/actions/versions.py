"""What beginning a version has in common, whether of the agreement or of an Anlage."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from members.models import Agreement
from members.rules.agreement import AgreementFile
from members.rules.wording import WordingChange


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
        return f"{self.title}, Fassung {self.number} ab {self.starts_on:%d.%m.%Y}" + (f": {places}" if places else "")


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
        after = ", ".join(f"ab dem {starts_on:%d.%m.%Y} die Fassung {number}" for number, starts_on in self.later)
        return (
            f"{self.title}: Die Datei entspricht der Fassung {self.number}. Diese {last} bis zum "
            f"{self.ended_on:%d.%m.%Y}; {after}."
        )


def older_than_newest(title: str, known: Any, stored: Sequence[Any]) -> Iterator[Older]:
    """Says of a version that the file repeats that a newer one is stored."""
    if known != stored[-1]:
        ended_on = known.period.upper - timedelta(days=1)
        later = tuple((each.number, each.period.lower) for each in stored if each.number > known.number)
        yield Older(title, known.number, ended_on, later)


def compared_with(stored: Sequence[Any], starts_on: date | None, agreement: Agreement) -> Any | None:
    """The stored version of the same first day, otherwise the newest; a file that was loaded before stays known."""
    same = [each for each in stored if each.period.lower == (starts_on or agreement.in_force_on)]
    return (same or list(stored) or [None])[-1]


def end_newest(stored: Sequence[Any], starts_on: date) -> None:
    """The newest version ends on the day before the next one begins."""
    if stored:
        newest = stored[-1]
        newest.period = (newest.period.lower, starts_on)
        newest.save(update_fields=["period"])


def short_names(file: AgreementFile) -> dict[str, str]:
    return {partner.slug: partner.short_name for partner in file.partners}
