"""One case as one side sees it, with what may be done about it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from transitions.models import CaseEntry, TransitionCase, TransmissionReceipt
from transitions.pages.titles import list_name
from transitions.queries.access import Access
from transitions.queries.receiving import (
    CasePlace,
    CaseStep,
    end_mark,
    outcome_mark,
    place_of,
    previous_of,
    receipts_with,
    steps_of,
)
from transitions.queries.restriction import restricted_refs
from transitions.queries.retention import erased_on
from transitions.queries.visibility import cases_visible_to, entries_visible_to, is_own, versions_visible_to
from transitions.rules import people
from transitions.rules.case import CaseData
from transitions.rules.codes import CaseOutcome, CaseState, VersionState


@dataclass(frozen=True)
class CasePage:
    """A case as one side sees it. `data` is None once its entry is erased or no longer visible."""

    case: TransitionCase
    entry: CaseEntry | None
    data: CaseData | None
    place: CasePlace
    previous: TransitionCase | None
    erased_on: date
    is_restricted: bool
    receipts: tuple[TransmissionReceipt, ...]
    steps: tuple[CaseStep, ...]

    @property
    def list_name(self) -> str:
        """On which list it stands."""
        return list_name(self.case.transition_list)

    @property
    def name(self) -> str:
        """For the body of a sealed page only."""
        return people.spoken(self.data)

    @property
    def state(self) -> CaseState:
        """How the naming stands."""
        return CaseState(self.case.state)

    @property
    def outcome(self) -> CaseOutcome | None:
        """What became of it."""
        return CaseOutcome(self.case.outcome) if self.case.outcome else None

    @property
    def may_be_confirmed(self) -> bool:
        """Whether the county can still say that school ends as foreseen."""
        return self.case.awaits_confirmation and self.data is not None and not self.is_restricted

    @property
    def end_mark(self) -> str:
        """The mark of the school end that is shown."""
        return end_mark(self.data) if self.data else ""

    @property
    def outcome_mark(self) -> str:
        """The mark of the outcome that is shown."""
        return outcome_mark(self.case)

    @property
    def may_be_asked_about(self) -> bool:
        """Whether the receiver can ask something: it stands on the newest list and is not over."""
        return self.awaits_receipt or self.may_have_outcome

    @property
    def may_have_outcome(self) -> bool:
        """Whether the receiver can say what became of it: it is on a list whose receipt was confirmed."""
        return self._stands_on(VersionState.ACKNOWLEDGED)

    @property
    def awaits_receipt(self) -> bool:
        """Whether the receiver has to confirm the receipt before anything else."""
        return self._stands_on(VersionState.RELEASED)

    def _stands_on(self, state: VersionState) -> bool:
        is_open = self.case.awaits_outcome and not self.is_restricted
        return is_open and self.entry is not None and self.entry.version.state == state

    @property
    def end_reason(self) -> str:
        """Why it was taken off the list, in words."""
        return self.case.get_end_reason_display()


def case_page(access: Access, pk: UUID, today: date) -> CasePage | None:
    """One case that this person may see, or None."""
    case = cases_visible_to(access).select_related("transition_list__sender__authority").filter(pk=pk).first()
    if case is None:
        return None
    entries = entries_visible_to(access).filter(case=case).select_related("version").order_by("version__number")
    shown = entries.exclude(version__state=VersionState.DRAFT).last() or entries.last()
    versions = versions_visible_to(access).filter(transition_list=case.transition_list_id)
    return CasePage(
        case=case,
        entry=shown,
        data=shown.told if shown else None,
        place=place_of(access, case),
        previous=previous_of(access, case),
        erased_on=erased_on(case, knows_drafts=is_own(access, case)),
        is_restricted=case.case_ref in restricted_refs(access),
        receipts=tuple(receipts_with(case, versions)),
        steps=steps_of(access, case, today),
    )
