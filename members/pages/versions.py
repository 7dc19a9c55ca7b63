"""What began when in an agreement: every version with what it changed, the newest first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from kok.words import day as in_words
from members.models import AgreementVersion, AnnexVersion
from members.queries.versions import V, annex_text_of, wording_of
from members.rules.wording import AnnexText, Wording, WordingChange, differences, signing

_FIRST_DAY = attrgetter("starts_on")


@dataclass(frozen=True)
class Begun:
    """A version that begins on a day: of what, its number, the occasion, and what it changed; the first one nothing."""

    title: str
    number: int
    starts_on: date
    reason: str
    changes: tuple[WordingChange, ...]

    @property
    def caption(self) -> str:
        """The name of the table of its changes; a page has several."""
        return f"{self.title}: Änderungen am {in_words(self.starts_on)}"


@dataclass(frozen=True)
class Chapter:
    """What held together from a day on, until the next thing began; `begun` is what was new."""

    starts_on: date
    ends_on: date | None
    begun: tuple[Begun, ...]

    @property
    def titles(self) -> str:
        """What was new, in a sentence."""
        return "; ".join(f"{each.title}, Fassung {each.number}" for each in self.begun)

    @property
    def is_newest(self) -> bool:
        """Whether nothing that is loaded follows."""
        return self.ends_on is None


def history_of(
    versions: Sequence[AgreementVersion], annexes: dict[str, list[AnnexVersion]], partners: Mapping[str, str]
) -> list[Chapter]:
    """Every day on which something began, the newest first, with what changed; without a query.

    `partners` are their short names by slug.
    """
    begun = [*_begun("Vereinbarung", versions, list(map(wording_of, versions)), partners)]
    for number, of_annex in annexes.items():
        begun += _begun(f"Anlage {number}", of_annex, list(map(annex_text_of, of_annex)), partners)
    chapters: list[Chapter] = []
    ends_on = None
    for day, new in groupby(sorted(begun, key=_FIRST_DAY, reverse=True), key=_FIRST_DAY):
        chapters.append(Chapter(day, ends_on, tuple(new)))
        ends_on = day - timedelta(days=1)
    return chapters


def reading_of(history: Sequence[Chapter], day: date) -> Chapter:
    """What held on a day; before the first the first."""
    return next((chapter for chapter in history if chapter.starts_on <= day), history[-1])


def _begun(
    title: str,
    versions: Sequence[V],
    texts: Sequence[Wording] | Sequence[AnnexText],
    partners: Mapping[str, str],
) -> Iterator[Begun]:
    for n, version in enumerate(versions):
        changes = differences(texts[n - 1], texts[n], partners) if n else ()
        if n and isinstance(version, AgreementVersion):
            changes += signing(versions[n - 1].signed_on, version.signed_on)
        yield Begun(title, version.number, version.period.lower, version.reason, changes)
