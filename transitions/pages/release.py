"""From the draft to the LWV: what one reads before it is handed to a second person, and what that person reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from operator import attrgetter, itemgetter
from typing import ClassVar

from kok.articles import den
from members.models import Partner
from transitions.models import TransitionListVersion
from transitions.pages.notices import SealedNotice, crossed_notice, undecided_notice
from transitions.pages.review import Counts, Review
from transitions.pages.review_index import Only, questions_of
from transitions.pages.titles import list_name
from transitions.queries.access import Access
from transitions.queries.proposals import undecided_count
from transitions.queries.release import (
    asked_for,
    crossed_by_outcome,
    hindrance_of,
    is_unchanged,
    recipient_of,
    rows_wait,
)
from transitions.queries.restriction import restricted_refs
from transitions.queries.version import Gap, rows_of
from transitions.rules.release import NO_EFFECT, OTHER_THAN_SUBMITTED

Totals = Sequence[tuple[str, str]]
"""How much goes out: names and words."""


def totals_of(counts: Counts, version: TransitionListVersion) -> Totals:
    """Of a draft; what there is none of is left out."""
    before = f"{counts.new} neu, {counts.corrected} berichtigt, {counts.ended} von der Liste genommen"
    told = (
        ("Fälle", str(counts.total or "keine (Nullmeldung)")),
        ("Gegenüber der Fassung davor", before * (version.number > 1)),
        ("Nachmeldungen", str(counts.late or "")),
    )
    return list(filter(itemgetter(1), told))


@dataclass(frozen=True)
class SubmissionPage:
    """What hinders that a draft is laid before somebody, how much it says, what will be asked, and of whom."""

    missing: Sequence[Gap]
    rows_wait: bool
    is_unchanged: bool
    counts: Counts
    totals: Totals
    questions: Sequence[tuple[Only, int]]
    undecided: SealedNotice | None
    asked: Sequence[str]

    @property
    def button(self) -> str:
        """What the button says."""
        return f"{self.counts.words} zur Freigabe vorlegen"


def submission_page(draft: TransitionListVersion, review: Review, access: Access, today: date) -> SubmissionPage:
    """Raises vault.KeyLost."""
    return SubmissionPage(
        missing=list(chain.from_iterable(map(attrgetter("gaps"), rows_of(draft)))),
        rows_wait=rows_wait(draft),
        is_unchanged=is_unchanged(draft),
        counts=review.counts,
        totals=totals_of(review.counts, draft),
        questions=questions_of(review),
        undecided=undecided_notice(undecided_count(draft, restricted_refs(access)), review.counts.total),
        asked=asked_for(draft, today),
    )


@dataclass(frozen=True)
class ReleasePage:
    """How much goes out to whom, and why this person cannot release it, "" where nothing hinders."""

    list_name: str
    counts: Counts
    totals: Totals
    undecided: SealedNotice | None
    crossed: SealedNotice | None
    recipient: Partner
    hindrance: str
    no_effect: ClassVar[str] = NO_EFFECT

    @property
    def goes_back(self) -> bool:
        """Whether it must be given back: it says something else than was submitted."""
        return self.hindrance == OTHER_THAN_SUBMITTED

    @property
    def button(self) -> str:
        """What the button says."""
        return f"{self.counts.words} freigeben und an {den(self.recipient.short_name)} übermitteln"


def release_page(draft: TransitionListVersion, review: Review, access: Access) -> ReleasePage:
    """Raises vault.KeyLost, and Refused where the agreement has no receiver."""
    return ReleasePage(
        list_name=list_name(draft.transition_list),
        counts=review.counts,
        totals=totals_of(review.counts, draft),
        undecided=undecided_notice(undecided_count(draft, restricted_refs(access)), review.counts.total),
        crossed=crossed_notice(crossed_by_outcome(draft), access.agreement),
        recipient=recipient_of(draft),
        hindrance=hindrance_of(draft, access),
    )
