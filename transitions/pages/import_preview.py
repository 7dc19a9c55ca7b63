"""The rows of a file that wait beside a draft, each with what is to be asked about it; nothing of it is stored."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from operator import attrgetter, itemgetter

from kok.models import User
from kok.words import counted, plural
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
    def rank(self) -> tuple[bool, bool, bool]:
        """What is asked stands first, then what has a hint or differs, and last what the draft says already."""
        return not self.is_asked, not (self.is_hinted or self.row.changes), self.is_same


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

    @property
    def known(self) -> Iterator[Known]:
        """Everybody of whom the rows tell that he may be named already."""
        return chain.from_iterable(map(attrgetter("alike"), self.rows))

    @property
    def told(self) -> str:
        """How the rows stand to the draft, in one sentence; "" where all are new."""
        if not any((self.same, self.different, self.left_alone)):
            return ""
        told = [
            f"{self.new} neu",
            f"{self.different} {plural(self.different, 'weicht', 'weichen')} vom Entwurf ab",
            f"{self.same} {plural(self.same, 'steht', 'stehen')} genauso darin",
        ]
        if self.left_alone:
            alone = plural(self.left_alone, "bleibt dort, wie sie ist", "bleiben dort, wie sie sind")
            told.append(f"{self.left_alone} {alone}")
        return f"Von {self.count} {plural(self.count, 'Zeile', 'Zeilen')}: {', '.join(told)}."

    @property
    def take_button(self) -> str:
        """What the button says that takes all of it over, "" where there is nothing to take."""
        acts = [
            f"{counted(self.new, 'einen Fall', 'Fälle')} in den Entwurf nehmen" * bool(self.new),
            f"{counted(self.different, 'die Abweichung', 'Abweichungen')} übernehmen" * bool(self.different),
        ]
        return self._button(" und ".join(filter(None, acts)))

    @property
    def new_button(self) -> str:
        """What the button says that takes over only who is new."""
        return self._button(f"nur {counted(self.new, 'den neuen Fall', 'neue Fälle')} aufnehmen")

    def _button(self, words: str) -> str:
        """Where something is asked, whoever presses it answers for that."""
        return f"Trotzdem {words}" if words and self.asked else f"{words[:1].upper()}{words[1:]}"


def preview_of(version: TransitionListVersion, access: Access, today: date) -> Preview | None:
    """The waiting rows of a draft with hints; None when none waits. Raises vault.KeyLost."""
    pending = PendingImport.objects.filter(version=version).first()
    if pending is None:
        return None
    waiting = opened(pending)
    matched = match_rows(version, waiting.rows, restricted_refs(access))
    known = KnownPeople(version, access)
    rows = sorted(_preview_rows(version, matched, known, today), key=attrgetter("rank"))
    kinds, asked = Counter(map(attrgetter("standing"), matched)), sum(map(attrgetter("is_asked"), rows))
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
        hinted=sum(map(attrgetter("is_hinted"), rows)),
        asked=asked,
        doubles=sum(map(attrgetter("is_double"), rows)),
        telling=sum(map(attrgetter("is_telling"), rows)),
    )


def _preview_rows(
    version: TransitionListVersion, matched: list[Matched], known: KnownPeople, today: date
) -> Iterator[PreviewRow]:
    read = list(map(attrgetter("data"), matched))
    waiting = people.Lookup(enumerate(read))
    listed = People.of((*map(attrgetter("data"), version.entries.told()), *read))
    names = version.transition_list.agreement.municipality_names
    day = reference_day_of(version, None, today)
    for place, row in enumerate(matched):
        month = month_words(row.data.expected_end_on)
        if row.standing in (RowStanding.SAME, RowStanding.LEFT_ALONE):
            yield PreviewRow(row, month, tuple(filter(None, [row.why])))
            continue
        doubts = free_texts.doubt_words(row.data, listed)
        is_twice = bool(waiting.alike(row.data, but=(place,)))
        yield PreviewRow(
            row,
            month,
            hints=(*doubts, *[TWICE] * is_twice, *_hints(row.data, names, day)),
            alike=tuple(known.alike(row.data)) if row.standing is RowStanding.NEW else (),
            is_twice=is_twice,
            is_telling=bool(doubts),
        )


def _hints(data: CaseData, names: dict[str, str], day: date) -> Iterator[str]:
    told = (
        municipality_warning(data.ga_municipality, names),
        ages.basis_doubt(data.facility_basis, data.date_of_birth, day),
        *map(itemgetter(1), completeness.missing(data)),
    )
    return filter(None, told)


def _name_of(account: int) -> str:
    user = User.objects.get(pk=account)
    return user.get_full_name() or user.get_username()
