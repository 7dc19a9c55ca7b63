"""All lists of an agreement as rows, each with how it stands and the one next step of this person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import filterfalse
from operator import attrgetter
from typing import ClassVar, NamedTuple

from kok.words import counted, days_until, plural
from kok.workdays import urged_on
from transitions.models import TransitionListVersion
from transitions.pages.links import link
from transitions.pages.rights import ListRights, rights_of
from transitions.queries.access import Access
from transitions.queries.due_days import list_due_day_of
from transitions.queries.imports import pending_of
from transitions.queries.listing import BeginYear, ListSummary, listed_for, years_for
from transitions.queries.questions import questions_visible_to, waiting
from transitions.queries.version import gaps_of
from transitions.queries.visibility import discardable_by
from transitions.rules.codes import VersionState
from transitions.rules.release import NO_EFFECT


class NextStep(NamedTuple):
    """Of a list that stands so: whose turn it is, what that person does where, and what all others read."""

    turn: str
    words: str
    page: str
    otherwise: str


class ListStanding(NamedTuple):
    """How a list stands, in words."""

    label: str
    tone: str
    step: NextStep | None = None


NOTHING = "Nichts zu tun"
SUBMITTED = ListStanding(
    "vorgelegt", "neutral", NextStep("release", "Prüfen und freigeben", "release", "Wartet auf die Freigabe")
)
OVER = ListStanding(VersionState.ACKNOWLEDGED.label, "success")
STANDINGS = {
    VersionState.DRAFT: ListStanding(
        VersionState.DRAFT.label,
        "neutral",
        NextStep("draft", "Entwurf bearbeiten", "version", "Wartet auf die Fallbearbeitung"),
    ),
    VersionState.RELEASED: ListStanding(
        VersionState.RELEASED.label,
        "info",
        NextStep("receive", "Empfang bestätigen", "acknowledge", "Wartet auf die Bestätigung"),
    ),
    VersionState.ACKNOWLEDGED: OVER._replace(step=NextStep("receive", "Ergebnisse eintragen", "outcomes", NOTHING)),
    VersionState.CLOSED: ListStanding(VersionState.CLOSED.label, "neutral"),
    VersionState.ERASED: ListStanding(VersionState.ERASED.label, "neutral"),
}


@dataclass(frozen=True)
class ListRow:
    """A list as a row. `until`: how long there is still, "" once it was let out; `missing`: what a draft lacks."""

    listed: ListSummary
    url: str
    state: str
    tone: str
    next: str
    next_url: str
    missing: str
    until: str
    is_overdue: bool


@dataclass(frozen=True)
class ListsPage:
    """One row for each year and carrier, and the years that can be begun, or cannot any more.

    `forged_drafts`: what nobody opens, because it was changed past the application, and can be thrown away.
    """

    rows: tuple[ListRow, ...]
    years_to_begin: tuple[BeginYear, ...]
    years_past: tuple[BeginYear, ...]
    forged_count: int
    forged_drafts: tuple[TransitionListVersion, ...]
    rights: ListRights
    has_many_senders: bool
    waiting_count: int
    due_day: str
    without_draft: str = (
        "Sobald die Fallbearbeitung einen Entwurf vorlegt, erhalten Sie eine Nachricht und finden ihn hier."
    )
    no_effect: ClassVar[str] = NO_EFFECT
    without_list: str = "Sobald eine Liste freigegeben ist, erhalten Sie eine Nachricht und finden sie hier."


def lists_page(access: Access, today: date) -> ListsPage:
    """What this person sees; opens nothing that is sealed but the drafts whose gaps are counted."""
    rights, found = rights_of(access), listed_for(access)
    years = years_for(access, found, today)
    return ListsPage(
        rows=tuple(_row(listed, access, rights, today) for listed in found),
        years_to_begin=tuple(filterfalse(attrgetter("is_past"), years)),
        years_past=tuple(filter(attrgetter("is_past"), years)),
        forged_count=len(access.forged),
        forged_drafts=tuple(discardable_by(access).filter(pk__in=access.forged).select_related("transition_list")),
        rights=rights,
        has_many_senders=len(set(map(attrgetter("transition_list.sender_id"), found))) > 1,
        waiting_count=waiting(questions_visible_to(access)).count(),
        due_day=list_due_day_of(access.agreement).words_on(today),
    )


def _row(listed: ListSummary, access: Access, rights: ListRights, today: date) -> ListRow:
    version = listed.newest
    standing = _standing(listed)
    step, page = _next_step(standing.step, rights)
    is_late = listed.effective_on < today
    urged = urged_on(listed.due_on, listed.effective_on, today)
    return ListRow(
        listed=listed,
        url=link(access.agreement, "version", version.pk),
        state=standing.label,
        tone=standing.tone,
        next=step,
        next_url=link(access.agreement, page, version.pk) if page else "",
        missing=", ".join(_lacks(listed)) if version.is_draft and rights.draft else "",
        until="" if listed.released or is_late else days_until(urged, today),
        is_overdue=not listed.released and is_late,
    )


def _standing(listed: ListSummary) -> ListStanding:
    version = listed.newest
    if version.submission:
        return SUBMITTED
    found = STANDINGS[VersionState(version.state)]
    return found if listed.open_count or version.state != VersionState.ACKNOWLEDGED else OVER


def _next_step(step: NextStep | None, rights: ListRights) -> tuple[str, str]:
    """Words and the name of a page; without a page there is nothing to do but wait."""
    if step is None:
        return NOTHING, ""
    return (step.words, step.page) if getattr(rights, step.turn) else (step.otherwise, "")


def _lacks(listed: ListSummary) -> Iterator[str]:
    if gaps := gaps_of(listed.newest):
        yield f"{gaps} von {listed.case_count} {plural(listed.case_count, 'Fall', 'Fällen')} unvollständig"
    if pending := pending_of(listed.newest):
        yield counted(pending.row_count, "eine Zeile einer Datei wartet", "Zeilen einer Datei warten")
