"""What apps declare: how long which data is kept, and what is erased then."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class RetentionRule:
    """How long one kind of data is kept, in words and in code.

    `due` yields the numbers of what is over on a day (`<= today`, so that a missed day is caught up). `erase` empties
    or deletes these and returns how many it found; asked twice it finds nothing. Without `erase` the rule only reports:
    a person decides. `mark` says where the period comes from: found, own or proposal. `is_final`: what was erased never
    gets data again, so what a backup brings back is erased whatever state it is in. `is_by_day`: `due` yields days, not
    rows, so that what is due and what was erased count different things.

    `proven` says of which numbers all that makes them due stands as the application wrote it. The others are left, and
    the check of the seals names them. None where a day proves nothing: who may change it past the application may
    change or take away the data as well.
    """

    slug: str
    data: str
    keep: str
    mark: str
    due: Callable[[date], Iterable[str]]
    erase: Callable[[Sequence[str], datetime], int] | None = None
    is_final: bool = False
    is_by_day: bool = False
    proven: Callable[[Collection[str]], Collection[str]] | None = None

    def erasable(self, ids: Iterable[str]) -> list[str]:
        """Of what is due what is proven, in order. Raises KeyLost."""
        due = set(ids)
        return sorted(due & set(self.proven(due)) if self.proven else due)

    @property
    def is_carried_out(self) -> bool:
        """Whether the run erases by it. For templates: they would call `erase` and take its failure for a no."""
        return self.erase is not None


_rules: dict[str, RetentionRule] = {}


def register(*rules: RetentionRule) -> None:
    """Called by apps in `ready()`."""
    _rules.update({rule.slug: rule for rule in rules})


def rules() -> tuple[RetentionRule, ...]:
    """All rules, in the order of their apps."""
    return tuple(_rules.values())


def rule_of(slug: str) -> RetentionRule:
    """The rule of this name."""
    return _rules[slug]
