"""A page was open while somebody else removed its case, or discarded or released its draft: said instead of a 404.

Only to whoever has the right and had it open; for everybody else it does not exist.
"""

from typing import TYPE_CHECKING
from uuid import UUID

from kok.words import moment
from transitions.pages.links import link
from transitions.queries.gone import Gone, discarded, left
from transitions.queries.restriction import REFUSED, restricted_refs
from transitions.queries.visibility import cases_visible_to, versions_visible_to
from transitions.views.area_session import SealedRequest

if TYPE_CHECKING:
    from transitions.models import TransitionCase, TransitionListVersion

FIELD = "fall"  # of a form about a case: its Fallzeichen, because its number leads nowhere once it is removed
NOTHING = "Es wurde nichts geändert."
ELSEWHERE = "Der Fall {case_ref} steht nicht mehr in dem Entwurf, den Sie geöffnet hatten. Es wurde nichts geändert."


class DraftGone(Exception):
    """What happened meanwhile, in a sentence, and the page that leads on.

    `year`: of the list; `version`: where what was typed can go on, None where nowhere; `case`: the one it is about.
    """

    def __init__(
        self,
        sentence: str,
        address: str,
        year: int,
        version: "TransitionListVersion | None" = None,
        case: "TransitionCase | None" = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence, self.address, self.year, self.version, self.case = sentence, address, year, version, case


def is_released(
    request: SealedRequest, version: "TransitionListVersion", case: "TransitionCase | None" = None
) -> DraftGone:
    """The draft went out meanwhile."""
    told = version.receipt
    sentence = (
        f"Diese Fassung ist schon freigegeben, am {moment(told.released_at)} durch {told.released_name}. {NOTHING}"
    )
    return DraftGone(sentence, _page(request, version), version.transition_list.year, version, case)


def draft_gone(request: SealedRequest, version: UUID) -> DraftGone | None:
    """The draft was discarded meanwhile; None where this person never saw it."""
    gone = discarded(request.access, version)
    return _is_discarded(request, gone, "Diesen Entwurf") if gone else None


def case_gone(request: SealedRequest) -> DraftGone | None:
    """The case that a form tells of left its draft meanwhile; None where it tells of none that this person saw."""
    case_ref = request.POST.get(FIELD, "")
    gone = left(request.access, case_ref)
    if case := cases_visible_to(request.access).filter(case_ref=case_ref).first():
        return _is_elsewhere(request, case, gone)
    if gone is None:
        return None
    if gone.draft is None:
        return _is_discarded(request, gone, "Den Entwurf mit diesem Fall")
    sentence = f"{_by(gone, f'Den Fall {case_ref}')} aus dem Entwurf entfernt. {NOTHING}"
    return DraftGone(sentence, _page(request, gone.draft), gone.list_year, gone.draft)


def _is_elsewhere(request: SealedRequest, case: "TransitionCase", gone: Gone | None) -> DraftGone:
    """It was named before, and stands in another version of its list."""
    versions = versions_visible_to(request.access).select_related("transition_list__sender__authority")
    newest = versions.filter(transition_list=case.transition_list_id).order_by("-number")[0]
    year = newest.transition_list.year
    if case.case_ref in restricted_refs(request.access):
        return DraftGone(REFUSED.format(case_ref=case.case_ref), _page(request, newest), year)
    told = _is_discarded(request, gone, "Den Entwurf mit diesem Fall").sentence if gone else ""
    return DraftGone(told or ELSEWHERE.format(case_ref=case.case_ref), _page(request, newest), year, newest, case)


def _is_discarded(request: SealedRequest, gone: Gone, what: str) -> DraftGone:
    lists = link(request.agreement, "lists")
    return DraftGone(f"{_by(gone, what)} verworfen. {NOTHING}", lists, gone.list_year)


def _by(gone: Gone, what: str) -> str:
    return f"{what} {f'hat {gone.who}' if gone.who else 'haben Sie'} am {moment(gone.at)}"


def _page(request: SealedRequest, version: "TransitionListVersion") -> str:
    return link(request.agreement, "version", version.pk)
