"""The page of one request of a person concerned: how it stands, and what to do about it by its kind and side."""

from dataclasses import dataclass, replace
from datetime import date

from kok.access import Permission
from transitions.models import DataSubjectRequest, TransitionCase
from transitions.pages.links import link
from transitions.queries.access import Access
from transitions.queries.receiving import CasePlace, place_of
from transitions.queries.requests import ErasureByAnswer, RequestLine, erasure_by, hindrance_of
from transitions.queries.restriction import restricted_refs
from transitions.queries.visibility import cases_visible_to
from transitions.rules.codes import CaseState, RequestAnswer, RequestKind


@dataclass(frozen=True)
class RequestPage:
    """One request. `case`, `place`: None without a case; `erasure`: what its answer does to the day of erasure.

    `not_done`: why the answer cannot be "entsprochen" yet, "" where it can. `leave_url`: where its draft takes the case
    off the list, "" where there is none.
    """

    line: RequestLine
    is_receiver: bool
    not_done: str
    today: date
    case: TransitionCase | None = None
    place: CasePlace | None = None
    erasure: ErasureByAnswer | None = None
    is_restricted: bool = False
    leave_url: str = ""

    @property
    def asked(self) -> DataSubjectRequest:
        """What is stored of it."""
        return self.line.request

    @property
    def asks(self) -> dict[str, bool]:
        """Which kind it is, by its name: `asks.access`."""
        return {kind.name.lower(): kind is self.line.kind for kind in RequestKind}

    @property
    def is_withdrawn(self) -> bool:
        """Whether the case was taken back by who named it."""
        return self.case is not None and self.case.state == CaseState.WITHDRAWN


def request_page(line: RequestLine, access: Access, today: date) -> RequestPage:
    """Opens nothing that is sealed. Raises KeyLost."""
    case = cases_visible_to(access).filter(case_ref=line.request.case_ref).first()
    page = RequestPage(
        line=line,
        is_receiver=bool(access.partners(Permission.CASES_RECEIVE)),
        not_done="" if line.answer else hindrance_of(line.request, RequestAnswer.GRANTED),
        today=today,
    )
    if case is None:
        return page
    place = place_of(access, case)
    leave = (
        "entry-end" if case.named_at else "entry-remove"
    )  # who was named leaves for a reason, all others are forgotten
    return replace(
        page,
        case=case,
        place=place,
        erasure=erasure_by(line, case),
        is_restricted=case.case_ref in restricted_refs(access),
        leave_url=link(access.agreement, leave, place.draft_entry.pk) if place.draft_entry else "",
    )
