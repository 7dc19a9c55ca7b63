"""Whom an earlier list proposes for a draft: taken over, declined, proposed again (scenario 18)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from kok.errors import require
from kok.genuine import check_standing
from transitions.actions.drafts import writable_draft
from transitions.actions.entries import add_entry
from transitions.actions.log import record_access
from transitions.models import CaseEntry, CaseEvent, TransitionCase, TransitionListVersion
from transitions.queries.access import Access
from transitions.queries.proposals import Proposal, declined_for, proposals_for
from transitions.queries.receiving import end_mark
from transitions.queries.restriction import restricted_refs
from transitions.rules.codes import EventKind, LogAction

NOT_DECLINED = "Dieser Vorschlag ist offen, oder seine Angaben sind gelöscht. Es wurde nichts geändert."
OTHER_PROPOSED = (
    "Name, Geburtstag oder Schulende dieses Vorschlags wurde inzwischen berichtigt. Es wurde nichts geändert. Lesen "
    "Sie ihn neu, und entscheiden Sie dann."
)
NOT_PROPOSED = "Dieser Vorschlag ist nicht mehr offen. Es wurde nichts geändert."


@transaction.atomic
def accept_proposal(*, version: TransitionListVersion, case: TransitionCase, by: Access, now: datetime) -> CaseEntry:
    """Takes a person of an earlier list into this draft as a new case. Raises Refused."""
    draft = writable_draft(version, by)
    proposal = require(_about(case, proposals_for(draft)), NOT_PROPOSED)
    require(proposal.case.case_ref not in restricted_refs(by), NOT_PROPOSED)
    check_standing(proposal.case, proposal.case.transition_list)
    data = replace(proposal.data, informed_on=None)  # people are informed of every naming anew
    added = add_entry(version=draft, data=data, is_late=False, by=by, now=now)
    added.case.previous = proposal.case
    added.case.save(update_fields=["previous"])
    CaseEvent.objects.create(case=proposal.case, version=draft, kind=EventKind.PROPOSED, at=now, by=by.user)
    return added


@transaction.atomic
def decline_proposal(
    *, version: TransitionListVersion, case: TransitionCase, shown: str | None = None, by: Access, now: datetime
) -> None:
    """Does not take a person of an earlier list over; it is not asked again. `shown` is the mark of the naming that
    was read, without a page None. Raises Refused.
    """
    draft = writable_draft(version, by)
    proposal = require(_about(case, proposals_for(draft)), NOT_PROPOSED)
    require(shown in (None, end_mark(proposal.data)), OTHER_PROPOSED)
    _decide(case, now, draft, by=by, now=now)


@transaction.atomic
def undo_decline(*, version: TransitionListVersion, case: TransitionCase, by: Access, now: datetime) -> None:
    """Proposes a person again who was declined, while nothing is erased. Raises Refused."""
    draft = writable_draft(version, by)
    require(_about(case, declined_for(draft)), NOT_DECLINED)
    require(case.case_ref not in restricted_refs(by), NOT_DECLINED)
    _decide(case, None, draft, by=by, now=now)


def _decide(
    case: TransitionCase, declined_at: datetime | None, draft: TransitionListVersion, *, by: Access, now: datetime
) -> None:
    check_standing(case)
    TransitionCase.objects.filter(pk=case.pk).update(proposal_declined_at=declined_at)
    record_access(by=by, action=LogAction.DRAFT, version=draft, case=case, now=now)


def _about(case: TransitionCase, proposals: Iterable[Proposal]) -> Proposal | None:
    return {each.case.pk: each for each in proposals}.get(case.pk)
