"""What the pages of the lists have in common: find a version or an entry, or else 404; log the look.

Whoever had open what somebody else took away or released meanwhile is told so and led on (`views.overtaken`).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404

from kok import clock
from kok.requests import Crumbs, or_404
from transitions.actions.log import record_access, record_cases
from transitions.pages.links import link
from transitions.queries.known import Known
from transitions.queries.visibility import discardable_by, entries_visible_to, versions_visible_to
from transitions.rules.codes import LogAction
from transitions.views.area_session import SealedRequest
from transitions.views.overtaken import case_gone, draft_gone, is_released

if TYPE_CHECKING:
    from transitions.models import CaseEntry, TransitionCase, TransitionListVersion


def version_or_404(request: SealedRequest, version: UUID) -> "TransitionListVersion":
    """A version that this person may see."""
    visible = versions_visible_to(request.access).select_related(
        "transition_list__agreement",
        "transition_list__sender__authority",
        "receipt__recipient__authority",
        "receipt__acknowledgement",
    )
    found = visible.filter(pk=version).first()
    if found is None:
        raise draft_gone(request, version) or Http404
    return found


def draft_or_404(request: SealedRequest, version: UUID) -> "TransitionListVersion":
    """A version that is still a draft. Raises Overtaken where it was released."""
    found = version_or_404(request, version)
    if not found.is_draft:
        raise is_released(request, found)
    return found


def discardable_or_404(request: SealedRequest, version: UUID) -> "TransitionListVersion":
    """A draft of one's own, to be thrown away; also one that nobody opens because it was changed past us."""
    own = discardable_by(request.access).select_related(
        "transition_list__agreement", "transition_list__sender__authority"
    )
    found = own.filter(pk=version).first()
    if found is None:
        draft_or_404(request, version)
    return or_404(found)


def entry_or_404(request: SealedRequest, entry: UUID) -> "CaseEntry":
    """An entry that this person may see, with its case and its version."""
    visible = entries_visible_to(request.access).select_related(
        "case", "version__transition_list__agreement", "version__transition_list__sender__authority"
    )
    found = visible.filter(pk=entry).first()
    if found is None:
        raise case_gone(request) or Http404
    return found


def draft_entry_or_404(request: SealedRequest, entry: UUID) -> "CaseEntry":
    """An entry of a draft. Raises Overtaken where it was released."""
    found = entry_or_404(request, entry)
    if not found.version.is_draft:
        raise is_released(request, found.version, found.case)
    return found


def log_list(request: SealedRequest, version: "TransitionListVersion") -> None:
    """Notes that somebody looks at the names of a version; before anything is shown (5.5)."""
    record_access(by=request.access, action=LogAction.VIEW_LIST, version=version, now=clock.now())


def log_case(request: SealedRequest, entry: "CaseEntry") -> None:
    """Notes that somebody looks at one person."""
    record_access(
        by=request.access, action=LogAction.VIEW_CASE, version=entry.version, case=entry.case, now=clock.now()
    )


def log_file(request: SealedRequest, version: "TransitionListVersion") -> None:
    """Notes that somebody looks at the rows of a file that wait beside a draft: other people than those in it."""
    record_access(by=request.access, action=LogAction.VIEW_FILE, version=version, now=clock.now())


def log_cases(request: SealedRequest, version: "TransitionListVersion", cases: "list[TransitionCase]") -> None:
    """Notes that somebody looks at people of other lists on a page of this version."""
    record_cases(by=request.access, action=LogAction.VIEW_CASE, version=version, cases=cases, now=clock.now())


def log_elsewhere(request: SealedRequest, version: "TransitionListVersion", known: Iterable[Known]) -> None:
    """The same of a page that shows the whole version anyway: of those who stand there it tells nothing more."""
    log_alike(request, version, (each for each in known if not each.stands_in(version)))


def log_alike(request: SealedRequest, version: "TransitionListVersion | None", known: Iterable[Known]) -> None:
    """Notes that a page, of this version or of none, tells of cases that look like somebody (`queries.known`).

    Nobody opened them: the Auskunft says that they were told of, not that they were looked at.
    """
    cases = {each.case.pk: each.case for each in known}
    told = list(cases.values())
    record_cases(by=request.access, action=LogAction.TOLD_ALIKE, version=version, cases=told, now=clock.now())


def page_of(request: SealedRequest, version: "TransitionListVersion", name: str = "version") -> str:
    """The address of a page of a version."""
    return link(request.agreement, name, version.pk)


def crumbs(request: SealedRequest, version: "TransitionListVersion", *more: str) -> Crumbs:
    """Where one is: all lists, this list, and what is below it. One changed past the application has no page."""
    name = f"Übergangsliste {version.transition_list.year}, Fassung {version.number}"
    below: Crumbs = [(each, None) for each in more]
    here: Crumbs = [(name, page_of(request, version) if more else None)]
    return [start(request), *(() if more and version.pk in request.access.forged else here), *below]


def start(request: SealedRequest) -> tuple[str, str | None]:
    """All lists, where every way begins."""
    return "Übergangslisten", link(request.agreement, "lists")
