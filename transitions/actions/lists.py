"""A list from its first draft to the LWV: begun, submitted, released by a second person, confirmed.

What was released is never changed: a correction is a new draft, released the same way.
"""

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from kok import erasure
from kok.access import Permission
from kok.clock import BERLIN
from kok.errors import Refused
from kok.genuine import check_standing, tampered
from members.actions import check_people
from members.models import Partner
from members.queries.accounts import sealed_name_of
from transitions.actions.entries import check_not_laid, locked_draft, writable_draft
from transitions.actions.locks import lock_list
from transitions.actions.log import record_access
from transitions.actions.names import copy_marks, forget
from transitions.actions.notices import (
    tell_of_acknowledgement,
    tell_of_recall,
    tell_of_release,
    tell_of_return,
    tell_of_submission,
)
from transitions.models import (
    Acknowledgement,
    CaseEntry,
    CaseEvent,
    PendingImport,
    TransitionCase,
    TransitionList,
    TransitionListVersion,
    TransmissionReceipt,
)
from transitions.queries.access import Access
from transitions.queries.listing import adds_late
from transitions.queries.proposals import undecided_count
from transitions.queries.receipts import checksum, entries_of
from transitions.queries.release import (
    carried_from,
    check_carried,
    check_hands_apart,
    check_released,
    check_submitted,
    check_told,
    crossed_by_outcome,
    fingerprint_of,
    is_unchanged,
    recipient_of,
)
from transitions.queries.removal import never_named, why_not_discarded
from transitions.queries.requests import access_owed
from transitions.queries.restriction import restricted_refs
from transitions.queries.retention import was_confirmed
from transitions.queries.version import rows_of
from transitions.queries.visibility import senders_of, versions_visible_to
from transitions.rules import endings, numbering, people
from transitions.rules import release as rules
from transitions.rules import year as years
from transitions.rules.case import Answer
from transitions.rules.release import ReturnReason
from transitions.rules.retention import PENDING_IMPORTS, CaseRule
from transitions.rules.states import CaseState, EndReason, EventKind, LogAction, VersionState

OWED = (
    "Eine Auskunft ist verlangt und noch nicht erteilt zu {cases}. Mit dieser Freigabe würden die Angaben sofort "
    "gelöscht. Es wurde nichts übermittelt. Geben Sie den Entwurf zurück; zuerst wird die Auskunft erstellt "
    "und die Anfrage beantwortet."
)


@transaction.atomic
def open_draft(*, sender: Partner, year: int, by: Access, now: datetime) -> TransitionListVersion:
    """The draft of a list: the one that is there, or a copy of what was released last, or an empty one.

    Raises Refused for years that cannot be begun now, for carriers that are not one's own, and for a draft, or a
    version to be copied, that was changed past the application.
    """
    if sender.pk not in by.partners(Permission.CASES_DRAFT):
        raise Refused("Eine Liste beginnt die Fallbearbeitung des benennenden Trägers. Es wurde nichts geändert.")
    Partner.objects.select_for_update(of=("self",)).get(pk=sender.pk)  # two who begin at once get one draft
    found = TransitionList.objects.filter(sender=sender, year=year).first()
    if found is None:
        years.check_list_year(year, now.astimezone(BERLIN).date(), by.agreement.in_force_on.year)
        found = TransitionList.objects.create(agreement=by.agreement, sender=sender, year=year)
    check_standing(found)
    newest = found.versions.order_by("-number").first()
    if newest is not None and newest.is_draft:
        if not newest.sealing.stands(newest):
            raise Refused(rules.DISCARD_FIRST)
        return newest
    if newest is not None:
        lock_list(found)
        check_released(newest)
    draft = TransitionListVersion.objects.create(
        transition_list=found, number=newest.number + 1 if newest else 1, opened_at=now, changed_at=now
    )
    if newest is not None:
        _copy(newest, draft, now)
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
    if TransmissionReceipt.objects.filter(version=draft).exists():
        raise Refused(rules.RECEIPT_OF_DRAFT)  # put in past the application, and kept by the database
    if told := why_not_discarded(draft, by):
        raise Refused(told)
    record_access(by=by, action=LogAction.DRAFT, version=draft, now=now)
    found = draft.transition_list
    cases = [str(case.pk) for case in never_named(draft)]
    CaseEvent.objects.filter(version=draft).update(version=None)
    if cases:
        erasure.erase_at_once(CaseRule.REMOVED, cases, now=now)
    if waiting := PendingImport.objects.filter(version=draft).first():
        erasure.erase_at_once(PENDING_IMPORTS, [str(waiting.pk)], now=now)
    draft.delete()
    if not found.versions.exists():
        found.delete()


@transaction.atomic
def submit(*, version: TransitionListVersion, revision: int, by: Access, now: datetime) -> None:
    """Lays a complete draft before the second person; an empty one is a Nullmeldung. Raises Refused."""
    draft = writable_draft(version, by)
    lock_list(draft.transition_list)
    rules.check_revision(draft.revision, revision, "vorgelegt")
    _check_complete(draft, by, now)
    draft.submitted_at, draft.submitted_by, draft.submitted_content = now, by.user, fingerprint_of(draft)
    draft.returned_at, draft.returned_by, draft.return_reason, draft.returned_cases = None, None, "", []
    draft.save()
    record_access(by=by, action=LogAction.DRAFT, version=draft, now=now)
    tell_of_submission(version=draft, by=by, now=now)


def _check_complete(draft: TransitionListVersion, by: Access, now: datetime) -> None:
    check_carried(draft)
    if PendingImport.objects.filter(version=draft).exists():
        raise Refused(rules.ROWS_WAIT)  # nobody could take them over any more, and names would lie beside the version
    if is_unchanged(draft):
        raise Refused(rules.UNCHANGED)
    if crossed := crossed_by_outcome(draft):
        raise Refused(endings.crossed_words([case.case_ref for case in crossed]))
    _check_decided(draft, restricted_refs(by))
    check_told(draft, by)
    today = now.astimezone(BERLIN).date()
    for row in rows_of(draft):
        if row.entry.ending or row.data is None:
            continue
        problems = people.check_data(row.data, today)
        try:
            may_be_earlier = row.case.is_late or row.case.named_at is not None
            years.check_year(row.data.expected_end_on, draft.transition_list.year, may_be_earlier)
        except Refused as refused:
            problems = (*problems, ("expected_end_on", refused.sentence))
        if row.missing or problems:
            raise Refused(rules.INCOMPLETE)


def _check_decided(draft: TransitionListVersion, hidden: frozenset[str]) -> None:
    """Nobody goes out whose data may only be kept, and no list names nobody while somebody is proposed for it."""
    is_nil = not draft.entries.filter(ending="").exists()
    if is_nil and (count := undecided_count(draft, hidden)):
        raise Refused(rules.undecided_words(count))
    never_named = draft.entries.filter(case__named_at=None, case__case_ref__in=hidden)
    for ref in never_named.values_list("case__case_ref", flat=True):
        raise Refused(rules.RESTRICTED.format(case_ref=ref))


@transaction.atomic
def take_back(*, version: TransitionListVersion, by: Access, now: datetime) -> None:
    """Takes a submitted draft back into preparation: those who write it, without a reason.

    Whoever was asked to release it is told that it waits no more. Raises Refused.
    """
    draft = _locked_for_return(version, by)
    if draft.transition_list.sender_id not in by.partners(Permission.CASES_DRAFT):
        raise Refused(rules.GIVE_REASON)
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
    if draft.transition_list.sender_id not in by.partners(Permission.CASES_RELEASE):
        raise Refused(rules.GIVE_REASON)
    rules.check_revision(draft.revision, revision, "zurückgegeben")
    if set(case_refs) - set(draft.entries.values_list("case__case_ref", flat=True)):
        raise Refused(rules.UNKNOWN_CASE)
    draft.take_back()
    draft.returned_at, draft.returned_by = now, by.user
    draft.return_reason, draft.returned_cases = reason, sorted(case_refs)
    draft.save()
    record_access(by=by, action=LogAction.GIVEN_BACK, version=draft, now=now)
    tell_of_return(version=draft, by=by, now=now)


def _locked_for_return(version: TransitionListVersion, by: Access) -> TransitionListVersion:
    locked = TransitionListVersion.objects.select_for_update(of=("self",))
    related = ("transition_list__agreement", "transition_list__sender__authority")
    draft = locked.select_related(*related).get(pk=version.pk)
    if draft.transition_list.sender_id not in senders_of(by) or not draft.is_draft or draft.submitted_at is None:
        raise Refused(rules.NOT_LAID)
    check_standing(draft, draft.transition_list)
    return draft


@transaction.atomic
def release(
    *, version: TransitionListVersion, revision: int, shown: str | None = None, by: Access, now: datetime
) -> TransmissionReceipt:
    """Freezes a draft and transmits it to the receiving unit: a push, once (scenarios 14 to 17).

    Only a second person may, and only what that person read: `shown` is the fingerprint of what the page showed,
    without a page None. Raises Refused, also where the person of the account was changed past the application, because
    the receipt names it; then nothing was transmitted.
    """
    draft = _locked_for_release(version, by)
    check_people(by.user)
    rules.check_release(
        person=by.user.pk,
        authors=draft.authors,
        submitted_by=draft.submitted_by_id,
        revision=draft.revision,
        seen_revision=revision,
    )
    check_hands_apart(draft, by.user)
    check_submitted(draft)
    if shown is not None and shown != draft.submitted_content:
        raise Refused(rules.OTHER_ENTRIES)
    _check_complete(draft, by, now)
    replaced = TransitionListVersion.objects.filter(transition_list=draft.transition_list_id, number__lt=draft.number)
    replaced.filter(state__in=[VersionState.RELEASED, VersionState.ACKNOWLEDGED]).update(state=VersionState.CLOSED)
    _mark_late(draft, now)
    is_told = was_confirmed(draft.transition_list)
    if not is_told:
        _check_not_owed(draft)
    _name_cases(draft, by=by, now=now)
    _note_kept(draft, by=by, now=now)
    ended = _end_cases(draft, by=by, now=now)
    forget(CaseEntry.objects.filter(Q(version__in=replaced) | Q(version=draft, content="")))
    receipt = _hand_over(draft, by=by, now=now)
    soon = [case for case in ended if endings.is_erased_soon(CaseState(case.state), EndReason(case.end_reason))]
    _forget(soon, at_once=not is_told, now=now)
    record_access(by=by, action=LogAction.RELEASE, version=draft, now=now)
    tell_of_release(version=draft, by=by, now=now)
    return receipt


def _locked_for_release(version: TransitionListVersion, by: Access) -> TransitionListVersion:
    locked = TransitionListVersion.objects.select_for_update(of=("self",))
    draft = locked.select_related("transition_list__agreement", "transition_list__sender__authority").get(pk=version.pk)
    if draft.transition_list.sender_id not in by.partners(Permission.CASES_RELEASE):
        raise Refused("Die Freigabe erteilt eine zweite Person des benennenden Trägers. Es wurde nichts übermittelt.")
    if not draft.is_draft:
        raise Refused(rules.NO_DRAFT)
    lock_list(draft.transition_list)
    if tampered(draft, draft.transition_list):
        raise Refused(rules.FORGED)
    return draft


def _check_not_owed(draft: TransitionListVersion) -> None:
    """Raises Refused where this release erases at once somebody to whom an Auskunft is owed (Art. 15 DSGVO)."""
    leaving = draft.entries.filter(ending=CaseState.WITHDRAWN).values_list("case__case_ref", flat=True)
    if owed := access_owed(leaving):
        raise Refused(OWED.format(cases=", ".join(owed)))


def _mark_late(draft: TransitionListVersion, now: datetime) -> None:
    """Who was added before the deadline and goes out after it is a Nachmeldung, as the second person read it."""
    if adds_late(draft, now.astimezone(BERLIN).date()):
        added = draft.entries.filter(ending="", case__named_at=None)
        TransitionCase.objects.filter(pk__in=added.values("case")).update(is_late=True)


def _name_cases(draft: TransitionListVersion, *, by: Access, now: datetime) -> None:
    """Whoever goes out for the first time is named from now on; what was corrected is noted."""
    entries = list(draft.entries.filter(ending="", is_changed=True).select_related("case"))
    CaseEvent.objects.bulk_create(
        CaseEvent(
            case=entry.case,
            version=draft,
            kind=EventKind.CORRECTED if entry.case.named_at else EventKind.NAMED,
            at=now,
            by=by.user,
        )
        for entry in entries
    )
    draft_cases = TransitionCase.objects.filter(pk__in=draft.entries.filter(ending="").values("case"), named_at=None)
    draft_cases.update(named_at=now)


def _note_kept(draft: TransitionListVersion, *, by: Access, now: datetime) -> None:
    """Whose data may only be kept (Art. 18 DSGVO) goes out by the Fallzeichen alone, and that is told of it."""
    kept = draft.entries.filter(ending="", case__case_ref__in=restricted_refs(by))
    CaseEvent.objects.bulk_create(
        CaseEvent(case_id=case, version=draft, kind=EventKind.KEPT, at=now, by=by.user)
        for case in kept.values_list("case", flat=True)
    )


def _end_cases(draft: TransitionListVersion, *, by: Access, now: datetime) -> list[TransitionCase]:
    """Who leaves the list with this version; its entry keeps the reason and loses the person."""
    leaving = draft.entries.exclude(ending="").select_related("case").order_by("case")
    entries = list(leaving.select_for_update(of=("self", "case")))
    ended = [entry.case for entry in entries]
    for entry, case in zip(entries, ended, strict=True):
        endings.check_without_outcome(case.case_ref, case.outcome, EndReason(entry.ending_reason))
        case.state, case.end_reason, case.postponed_to = entry.ending, entry.ending_reason, entry.postponed_to
        case.outcome, case.ended_at = "", now
    TransitionCase.objects.bulk_update(ended, ["state", "end_reason", "postponed_to", "outcome", "ended_at"])
    CaseEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(content="")
    CaseEvent.objects.bulk_create(
        CaseEvent(case=case, version=draft, kind=EventKind.ENDED, code=case.state, at=now, by=by.user) for case in ended
    )
    return ended


def _hand_over(draft: TransitionListVersion, *, by: Access, now: datetime) -> TransmissionReceipt:
    entries = entries_of(draft)
    named = [entry for entry in entries if not entry.ending]
    people_ = [entry.data for entry in named]
    for entry in named:
        entry.digest = entry.digest_of_content
    CaseEntry.objects.bulk_update(named, ["digest"])
    receipt = TransmissionReceipt.objects.create(
        version=draft,
        number=numbering.receipt_number(draft.transition_list.year, draft.number, secrets.choice),
        recipient=recipient_of(draft),
        released_at=now,
        released_by=by.user,
        released_name=sealed_name_of(by.user),
        sha256=checksum(draft, entries),
        case_count=len(named),
        late_count=sum(entry.case.is_late for entry in named),
        ba_started_count=sum(each.ba_procedure_started is Answer.YES for each in people_),
        lwv_involved_count=sum(each.lwv_involved is Answer.YES for each in people_),
    )
    draft.state = VersionState.RELEASED
    draft.save(update_fields=["state"])
    return receipt


def _forget(cases: list[TransitionCase], *, at_once: bool, now: datetime) -> None:
    """Withdrawn: erased at once where the LWV never confirmed any version, else 30 days after it was told (5.5).

    The day is sealed with the case. By it the case is due, and the worker looks at nothing else.
    """
    today = now.astimezone(BERLIN).date()
    erase_on = today if at_once else endings.erased_after_release(today)
    TransitionCase.objects.filter(pk__in=[case.pk for case in cases]).update(erase_on=erase_on)
    if at_once:
        erasure.ask(CaseRule.WITHDRAWN, [str(case.pk) for case in cases])


@transaction.atomic
def acknowledge(*, version: TransitionListVersion, by: Access, now: datetime) -> Acknowledgement:
    """The receiving unit confirms that the newest version arrived, once. Raises Refused."""
    locked = TransitionListVersion.objects.select_for_update(of=("self",))
    found = locked.select_related("transition_list__agreement", "transition_list__sender__authority").get(pk=version.pk)
    receipt = TransmissionReceipt.objects.filter(version=found).first()
    if receipt is None or receipt.recipient_id not in by.partners(Permission.CASES_RECEIVE):
        raise Refused("Den Empfang bestätigt die empfangende Stelle. Es wurde nichts geändert.")
    if found.state != VersionState.RELEASED or not versions_visible_to(by).filter(pk=found.pk).exists():
        raise Refused(
            "Diese Fassung ist schon bestätigt oder durch eine neuere ersetzt. Es wurde nichts geändert. "
            "Öffnen Sie die Liste neu."
        )
    check_people(by.user)
    acknowledged = Acknowledgement.objects.create(receipt=receipt, at=now, by=by.user, name=sealed_name_of(by.user))
    found.state = VersionState.ACKNOWLEDGED
    found.save(update_fields=["state"])
    record_access(by=by, action=LogAction.ACKNOWLEDGE, version=found, now=now)
    tell_of_acknowledgement(version=found, by=by, now=now)
    return acknowledged
