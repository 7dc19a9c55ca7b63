"""All lists that somebody may see, by year: how each stands, until when, and what comes next."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import filterfalse
from operator import attrgetter
from uuid import UUID

from django.db.models import Prefetch

from kok.access import Permission
from members.models import Agreement
from members.queries import DueDay
from transitions.models import CaseEntry, TransitionList, TransitionListVersion
from transitions.queries.access import Access
from transitions.queries.due_days import list_due_day_of
from transitions.queries.visibility import versions_visible_to
from transitions.rules.retention import PROOFS, last_day_of
from transitions.rules.year import is_late_addition, is_past, years_missing, years_to_begin


@dataclass(frozen=True)
class ListSummary:
    """A list with the version in which one would work now and the newest one that was released.

    `newest`: the draft, or else the newest released version. `open_count`: the cases on it without an outcome.
    """

    transition_list: TransitionList
    newest: TransitionListVersion
    draft: TransitionListVersion | None
    released: TransitionListVersion | None
    case_count: int
    open_count: int
    due_on: date
    effective_on: date


@dataclass(frozen=True)
class BeginYear:
    """A list that is not begun: its year, its effective deadline, and whether that is over.

    `is_past`: it is not begun any more, because what it says would have been erased on `erased_on`.
    """

    year: int
    effective_on: date
    is_overdue: bool
    is_past: bool = False

    @property
    def erased_on(self) -> date:
        """The last day of whoever would stand on it."""
        return last_day_of(self.year)

    @property
    def leaving_year(self) -> int:
        """The calendar year in which the people to be named leave school."""
        return self.year + 1


def listed_for(access: Access) -> list[ListSummary]:
    """The newest year first; opens nothing that is sealed."""
    versions = versions_visible_to(access).select_related(
        "transition_list__sender__authority",
        "transition_list__agreement",
        "receipt__acknowledgement",
        "receipt__recipient__authority",
    )
    due_day = list_due_day_of(access.agreement)
    without_content = Prefetch("entries", CaseEntry.objects.defer("content").select_related("case"))
    grouped: dict[UUID, list[TransitionListVersion]] = defaultdict(list)
    for version in versions.prefetch_related(without_content).order_by("-transition_list__year", "-number"):
        grouped[version.transition_list_id].append(version)
    return [_listed(group, due_day) for group in grouped.values()]


def _listed(versions: list[TransitionListVersion], due_day: DueDay) -> ListSummary:
    newest = versions[0]
    nominal, effective = due_day.of_year(newest.transition_list.year)
    staying = [entry for entry in newest.entries.all() if not entry.ending]
    return ListSummary(
        transition_list=newest.transition_list,
        newest=newest,
        draft=next(filter(attrgetter("is_draft"), versions), None),
        released=next(filterfalse(attrgetter("is_draft"), versions), None),
        case_count=len(staying),
        open_count=sum(not entry.case.outcome for entry in staying),
        due_on=nominal,
        effective_on=effective,
    )


def adds_late(version: TransitionListVersion, today: date) -> bool:
    """Whether whoever is added to this version on a day is a Nachmeldung."""
    found = version.transition_list
    return is_late_addition(version.number, list_due_day_of(found.agreement).of_year(found.year)[1], today)


def years_for(access: Access, found: Iterable[ListSummary], today: date) -> list[BeginYear]:
    """The lists that this person can begin now, missing ones first; before them those that are past."""
    own = access.partners(Permission.CASES_DRAFT)
    if not own:
        return []
    begun = {listed.transition_list.year for listed in found if listed.transition_list.sender_id in own}
    due_day, since = list_due_day_of(access.agreement), owed_from(access.agreement)
    first = max(since.year, PROOFS.before(today).year + 1)  # an older one may have been released, and erased
    deadlines = {year: due_day.of_year(year)[1] for year in range(first, today.year + 2)}
    past = [year for year in years_missing(begun, deadlines, since, today) if is_past(year, today)]
    return [
        BeginYear(year, deadlines[year], is_overdue=deadlines[year] < today, is_past=year in past)
        for year in (*past, *years_to_begin(begun, deadlines, since, today))
    ]


def owed_from(agreement: Agreement) -> date:
    """From when on a missing list is missing here: since the agreement is in force and this application in use."""
    return max(agreement.in_force_on, agreement.introduced_on)
