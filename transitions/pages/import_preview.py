"""The rows of a file that wait beside a draft, each with what is to be asked about it; nothing of it is stored."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from kok.models import User
from transitions.models import PendingImport, TransitionListVersion
from transitions.queries.access import Access
from transitions.queries.entering import reference_day_of
from transitions.queries.imports import mark_of, opened
from transitions.queries.known import Known, KnownPeople
from transitions.queries.matching import Matched, RowStanding, match_rows
from transitions.queries.restriction import restricted_refs
from transitions.rules import ages, completeness, free_texts, people
from transitions.rules.case import CaseData
from transitions.rules.months import month_words
from transitions.rules.municipalities import municipality_warning
from transitions.rules.names import People

MOST_SHOWN = 200


TWICE = "Diese Person steht wohl zweimal in der Datei."


@dataclass(frozen=True)
class PreviewRow:
    """One waiting row against the draft, with hints that hinder nothing.

    `alike`: the cases of which it is asked whether they are the same person. `is_twice`: so may another row be.
    `is_telling`: one of its texts seems to say too much.
    """

    row: Matched
    month: str
    hints: tuple[str, ...]
    alike: tuple[Known, ...] = ()
    is_twice: bool = False
    is_telling: bool = False

    @property
    def is_double(self) -> bool:
        """Whether somebody may be named twice by it."""
        return self.is_twice or bool(self.alike)

    @property
    def is_asked(self) -> bool:
        """Whether whoever takes the row over answers for something."""
        return self.is_telling or self.is_double

    @property
    def is_hinted(self) -> bool:
        """Whether something stands beside it."""
        return bool(self.hints or self.alike)

    @property
    def is_same(self) -> bool:
        """Whether the draft says all of it already."""
        return self.row.standing is RowStanding.SAME

    @property
    def rank(self) -> int:
        """What is asked stands first, then what has a hint or differs, and last what the draft says already."""
        if self.is_asked:
            return 0
        return 1 if self.is_hinted or self.row.changes else 3 if self.is_same else 2


@dataclass(frozen=True)
class Preview:
    """What waits beside a draft: how many rows of each kind, since when, and the first of them, those with hints first.

    `mark` stands for these rows and this draft: what is taken over is what was shown.
    """

    mark: str
    uploaded_at: datetime
    uploaded_by: str
    rows: tuple[PreviewRow, ...]
    count: int
    new: int
    same: int
    different: int
    left_alone: int
    hinted: int
    asked: int
    doubles: int
    telling: int


def preview_of(version: TransitionListVersion, access: Access, today: date) -> Preview | None:
    """The waiting rows of a draft with hints; None when none waits. Raises vault.KeyLost."""
    pending = PendingImport.objects.filter(version=version).first()
    if pending is None:
        return None
    waiting = opened(pending)
    matched = match_rows(version, waiting.rows, restricted_refs(access))
    known = KnownPeople(version, access)
    rows = sorted(_preview_rows(version, matched, known, today), key=lambda each: each.rank)
    kinds, asked = Counter(each.standing for each in matched), sum(each.is_asked for each in rows)
    return Preview(
        mark=mark_of(pending, version),
        uploaded_at=waiting.at,
        uploaded_by=_name_of(waiting.by),
        rows=tuple(rows[: max(MOST_SHOWN, asked)]),
        count=len(rows),
        new=kinds[RowStanding.NEW],
        same=kinds[RowStanding.SAME],
        different=kinds[RowStanding.DIFFERENT],
        left_alone=kinds[RowStanding.LEFT_ALONE],
        hinted=sum(each.is_hinted for each in rows),
        asked=asked,
        doubles=sum(each.is_double for each in rows),
        telling=sum(each.is_telling for each in rows),
    )


def _preview_rows(
    version: TransitionListVersion, matched: list[Matched], known: KnownPeople, today: date
) -> Iterator[PreviewRow]:
    names = version.transition_list.agreement.municipality_names
    entered = [entry.data for entry in version.entries.told()]
    waiting = people.Lookup((place, row.data) for place, row in enumerate(matched))
    listed = People.of((*entered, *(row.data for row in matched)))
    day = reference_day_of(version, None, today)
    for place, row in enumerate(matched):
        month = month_words(row.data.expected_end_on)
        if row.standing in (RowStanding.SAME, RowStanding.LEFT_ALONE):
            yield PreviewRow(row, month, (row.why,) if row.why else ())
            continue
        alike = known.alike(row.data) if row.standing is RowStanding.NEW else []
        doubts = [f"{free_texts.FREE_TEXTS[field]}: {told}" for field, told in free_texts.doubts(row.data, listed)]
        is_twice = bool(waiting.alike(row.data, but=(place,)))
        hints = (*doubts, *([TWICE] if is_twice else ()), *_hints(row.data, names, day))
        yield PreviewRow(row, month, hints, tuple(alike), is_twice, is_telling=bool(doubts))


def _hints(data: CaseData, names: dict[str, str], day: date) -> Iterator[str]:
    if warning := municipality_warning(data.ga_municipality, names):
        yield warning
    if doubt := ages.basis_doubt(data.facility_basis, data.date_of_birth, day):
        yield doubt
    for _, sentence in completeness.missing(data):
        yield sentence


def _name_of(account: int) -> str:
    user = User.objects.get(pk=account)
    return user.get_full_name() or user.get_username()
