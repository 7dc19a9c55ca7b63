"""What a new version brings its receiver, told by Fallzeichen."""

from collections.abc import Collection
from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from transitions.models import CaseEntry, TransitionCase, TransitionListVersion
from transitions.queries.facts import Fact, changed_facts
from transitions.queries.release import ending_words


@dataclass(frozen=True)
class Corrected:
    """A case that says something else than in the version before: which fields, and what stood there."""

    case: TransitionCase
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Ended:
    """A case that is no longer on the list, and why: "verschoben auf Juli 2029 (Schulzeit verlängert)"."""

    case: TransitionCase
    why: str


@dataclass(frozen=True)
class Arrivals:
    """What a version says anew, by Fallzeichen."""

    is_first: bool
    new: tuple[TransitionCase, ...]
    corrected: tuple[Corrected, ...]
    ended: tuple[Ended, ...]
    unchanged_count: int


def changes_in(version: TransitionListVersion, opened: Collection[str] = ()) -> Arrivals:
    """What this version says anew since the one before it.

    Opens only the corrected cases among `opened` (Fallzeichen), to say which fields changed. Raises vault.KeyLost.
    """
    earlier = version.transition_list.versions.filter(number__lt=version.number)
    entries = version.entries.select_related("case").order_by("case__case_ref")
    staying, known = entries.filter(ending=""), CaseEntry.objects.filter(version__in=earlier).values("case")
    changed = staying.filter(is_changed=True)
    facts = _changed_facts(version, opened) if opened else {}
    return Arrivals(
        is_first=not earlier.exists(),
        new=tuple(map(attrgetter("case"), changed.exclude(case__in=known))),
        corrected=tuple(
            Corrected(entry.case, facts.get(entry.case_id, ())) for entry in changed.filter(case__in=known)
        ),
        ended=tuple(Ended(entry.case, ending_words(entry)) for entry in entries.exclude(ending="")),
        unchanged_count=staying.filter(is_changed=False).count(),
    )


def _changed_facts(version: TransitionListVersion, opened: Collection[str]) -> dict[UUID, tuple[Fact, ...]]:
    """Of each of these cases the fields that differ from the version before, as long as both are there."""
    before = version.transition_list.versions.filter(number__lt=version.number).order_by("-number").first()
    told = CaseEntry.objects.filter(case__case_ref__in=opened).told()
    stored = {entry.case_id: entry.data for entry in told.filter(version=before)}
    towns = version.transition_list.agreement.municipality_names
    return {
        entry.case_id: changed_facts(entry.data, towns, stored[entry.case_id])
        for entry in told.filter(version=version)
        if entry.case_id in stored
    }
