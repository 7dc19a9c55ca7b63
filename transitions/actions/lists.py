"""A list until it lies before the second person: begun, discarded, submitted, taken or given back.

What was released is never changed: a correction is a new draft, released the same way (`actions.releasing`).
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from kok import erasure
from kok.access import Permission
from kok.erasure import pks
from kok.errors import refuse, require
from kok.genuine import check_standing
from kok.words import local_day
from members.models import Partner
from transitions.actions.drafts import check_not_laid, locked_draft, writable_draft
from transitions.actions.locks import lock_list, locked_version
from transitions.actions.log import record_access
from transitions.actions.names import copy_marks
from transitions.actions.notices import tell_of_recall, tell_of_return, tell_of_submission
from transitions.models import (
    CaseEntry,
    CaseEvent,
    PendingImport,
    TransitionList,
    TransitionListVersion,
    TransmissionReceipt,
)
from transitions.queries.access import Access
from transitions.queries.release import carried_from, check_complete, check_released, fingerprint_of
from transitions.queries.removal import never_named, why_not_discarded
from transitions.queries.visibility import senders_of
from transitions.rules import release as rules
from transitions.rules import year as years
from transitions.rules.codes import LogAction, ReturnReason
from transitions.rules.retention import PENDING_IMPORTS, CaseRule

NOT_SENDER = "Eine Liste beginnt die Fallbearbeitung des benennenden Trägers. Es wurde nichts geändert."


@transaction.atomic
def open_draft(*, sender: Partner, year: int, by: Access, now: datetime) -> TransitionListVersion:
    """The draft of a list: the one that is there, or a copy of what was released last, or an empty one.

    Raises Refused for years that cannot be begun now, for carriers that are not one's own, and for a draft, or a
    version to be copied, that was changed past the application.
    """
    require(sender.pk in by.partners(Permission.CASES_DRAFT), NOT_SENDER)
    Partner.objects.select_for_update(of=("self",)).get(pk=sender.pk)  # two who begin at once get one draft
    wanted = TransitionList.objects.filter(sender=sender, year=year).first() or _begun(sender, year, by, now)
    check_standing(wanted)
    newest = wanted.versions.order_by("-number").first()
    if newest is None:
        return _opened(wanted, 1, by=by, now=now)
    if newest.is_draft:
        require(newest.sealing.stands(newest), rules.DISCARD_FIRST)
        return newest
    lock_list(wanted)
    check_released(newest)
    return _opened(wanted, newest.number + 1, copied_from=newest, by=by, now=now)


def _begun(sender: Partner, year: int, by: Access, now: datetime) -> TransitionList:
    years.check_list_year(year, local_day(now), by.agreement.in_force_on.year)
    return TransitionList.objects.create(agreement=by.agreement, sender=sender, year=year)


def _opened(
    wanted: TransitionList,
    number: int,
    *,
    copied_from: TransitionListVersion | None = None,
    by: Access,
    now: datetime,
) -> TransitionListVersion:
    draft = TransitionListVersion.objects.create(transition_list=wanted, number=number, opened_at=now, changed_at=now)
    if copied_from:
        _copy(copied_from, draft, now)
    record_access(by=by, action=LogAction.DRAFT, version=draft, now=now)
    return draft


def _copy(released: TransitionListVersion, draft: TransitionListVersion, now: datetime) -> None:
    """What still stands on the list; a seal belongs to list and case and moves with them."""
    copied = CaseEntry.objects.bulk_create(
        CaseEntry(
            version=draft,
            case_id=entry.case_id,
            content=entry.content,
            changed_at=now,
            changed_by_id=entry.changed_by_id,
        )
        for entry in carried_from(released)
    )
    copy_marks(released, copied)


@transaction.atomic
def discard_draft(*, version: TransitionListVersion, revision: int, by: Access, now: datetime) -> None:
    """Forgets a draft with everybody who was never named and the rows that wait beside it.

    Both go onto the list of the erased. Raises Refused, also when the draft changed or was submitted meanwhile, or
    holds somebody whose data may only be kept; one that was changed past the application is discarded in any state.
    """
    draft = locked_draft(version, by)
    lock_list(draft.transition_list)
    rules.check_revision(draft.revision, revision, "verworfen")
    if draft.sealing.stands(draft):
        check_not_laid(draft)
    has_receipt = TransmissionReceipt.objects.filter(version=draft).exists()
    require(not has_receipt, rules.RECEIPT_OF_DRAFT)  # put in past the application, and kept by the database
    refuse(why_not_discarded(draft, by))
    record_access(by=by, action=LogAction.DRAFT, version=draft, now=now)
    cases = list(pks(never_named(draft)))
    CaseEvent.objects.filter(version=draft).update(version=None)
    _erase(CaseRule.REMOVED, cases, now)
    _erase(PENDING_IMPORTS, list(pks(PendingImport.objects.filter(version=draft))), now)
    draft.delete()
    if not draft.transition_list.versions.exists():
        draft.transition_list.delete()


def _erase(rule: str, pks: Sequence[str], now: datetime) -> None:
    if pks:
        erasure.erase_at_once(rule, pks, now=now)


@transaction.atomic
def submit(*, version: TransitionListVersion, revision: int, by: Access, now: datetime) -> None:
    """Lays a complete draft before the second person; an empty one is a Nullmeldung. Raises Refused."""
    draft = writable_draft(version, by)
    lock_list(draft.transition_list)
    rules.check_revision(draft.revision, revision, "vorgelegt")
    check_complete(draft, by, local_day(now))
    draft.submitted_at, draft.submitted_by, draft.submitted_content = now, by.user, fingerprint_of(draft)
    draft.returned_at, draft.returned_by, draft.return_reason, draft.returned_cases = None, None, "", []
    draft.save()
    record_access(by=by, action=LogAction.DRAFT, version=draft, now=now)
    tell_of_submission(version=draft, by=by, now=now)


@transaction.atomic
def take_back(*, version: TransitionListVersion, by: Access, now: datetime) -> None:
    """Takes a submitted draft back into preparation: those who write it, without a reason.

    Whoever was asked to release it is told that it waits no more. Raises Refused.
    """
    draft = _locked_for_return(version, by)
    require(draft.transition_list.sender_id in by.partners(Permission.CASES_DRAFT), rules.GIVE_REASON)
    draft.take_back()
    draft.save()
    record_access(by=by, action=LogAction.DRAFT, version=draft, now=now)
    tell_of_recall(version=draft, by=by, now=now)


@transaction.atomic
def give_back(
    *,
    version: TransitionListVersion,
    revision: int,
    reason: ReturnReason,
    case_refs: Collection[str],
    by: Access,
    now: datetime,
) -> None:
    """The second person gives a submitted draft back and says why; those who write it are told.

    Raises Refused, also when the draft was taken back, changed and submitted anew since it was read.
    """
    draft = _locked_for_return(version, by)
    require(draft.transition_list.sender_id in by.partners(Permission.CASES_RELEASE), rules.GIVE_REASON)
    rules.check_revision(draft.revision, revision, "zurückgegeben")
    in_draft = draft.entries.values_list("case__case_ref", flat=True)
    require(set(case_refs).issubset(in_draft), rules.UNKNOWN_CASE)
    draft.take_back()
    draft.returned_at, draft.returned_by = now, by.user
    draft.return_reason, draft.returned_cases = reason, sorted(case_refs)
    draft.save()
    record_access(by=by, action=LogAction.GIVEN_BACK, version=draft, now=now)
    tell_of_return(version=draft, by=by, now=now)


def _locked_for_return(version: TransitionListVersion, by: Access) -> TransitionListVersion:
    draft = locked_version(version)
    is_laid = draft.is_draft and draft.submitted_at is not None
    require(is_laid and draft.transition_list.sender_id in senders_of(by), rules.NOT_LAID)
    check_standing(draft, draft.transition_list)
    return draft
