"""The release: a second person freezes a draft and transmits it, once; the receiving unit confirms that it arrived."""

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from django.db import transaction
from django.db.models import Q, QuerySet

from kok import erasure
from kok.access import Permission
from kok.errors import Refused, require
from kok.genuine import tampered
from kok.words import local_day
from members.actions import check_people
from members.queries.accounts import sealed_name_of
from transitions.actions.locks import lock_list, locked_version
from transitions.actions.log import record_access
from transitions.actions.names import forget
from transitions.actions.notices import tell_of_acknowledgement, tell_of_release
from transitions.models import (
    Acknowledgement,
    CaseEntry,
    CaseEvent,
    TransitionCase,
    TransitionListVersion,
    TransmissionReceipt,
)
from transitions.queries.access import Access
from transitions.queries.listing import adds_late
from transitions.queries.receipts import checksum, entries_of
from transitions.queries.release import check_complete, check_hands_apart, check_submitted, recipient_of
from transitions.queries.requests import access_owed
from transitions.queries.restriction import restricted_refs
from transitions.queries.retention import was_confirmed
from transitions.queries.visibility import versions_visible_to
from transitions.rules import endings, numbering
from transitions.rules import release as rules
from transitions.rules.codes import Answer, CaseState, EndReason, EventKind, LogAction, VersionState
from transitions.rules.retention import CaseRule, erased_after_release

OWED = (
    "Eine Auskunft ist verlangt und noch nicht erteilt zu {cases}. Mit dieser Freigabe würden die Angaben sofort "
    "gelöscht. Es wurde nichts übermittelt. Geben Sie den Entwurf zurück; zuerst wird die Auskunft erstellt "
    "und die Anfrage beantwortet."
)
SECOND_PERSON = "Die Freigabe erteilt eine zweite Person des benennenden Trägers. Es wurde nichts übermittelt."
NOT_RECEIVER = "Den Empfang bestätigt die empfangende Stelle. Es wurde nichts geändert."
NOT_NEWEST = (
    "Diese Fassung ist schon bestätigt oder durch eine neuere ersetzt. Es wurde nichts geändert. Öffnen Sie die Liste "
    "neu."
)


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
    require(shown in (None, draft.submitted_content), rules.OTHER_ENTRIES)
    check_complete(draft, by, local_day(now))
    replaced = TransitionListVersion.objects.filter(transition_list=draft.transition_list_id, number__lt=draft.number)
    replaced.filter(state__in=[VersionState.RELEASED, VersionState.ACKNOWLEDGED]).update(state=VersionState.CLOSED)
    if adds_late(draft, local_day(now)):  # then they are Nachmeldungen, as the second person read it
        added = draft.entries.staying().filter(case__named_at=None)
        TransitionCase.objects.filter(pk__in=added.values("case")).update(is_late=True)
    is_told = was_confirmed(draft.transition_list)
    if not is_told:
        _check_not_owed(draft)
    _name_cases(draft, by=by, now=now)
    kept = draft.entries.staying().filter(case__case_ref__in=restricted_refs(by))
    _note(EventKind.KEPT, kept, by=by, now=now)  # they go out by the Fallzeichen alone (Art. 18 DSGVO)
    ended = _end_cases(draft, by=by, now=now)
    forget(CaseEntry.objects.filter(Q(version__in=replaced) | Q(version=draft, content="")))
    receipt = _hand_over(draft, by=by, now=now)
    soon = [case for case in ended if endings.is_erased_soon(CaseState(case.state), EndReason(case.end_reason))]
    _forget(soon, at_once=not is_told, now=now)
    record_access(by=by, action=LogAction.RELEASE, version=draft, now=now)
    tell_of_release(version=draft, by=by, now=now)
    return receipt


def _locked_for_release(version: TransitionListVersion, by: Access) -> TransitionListVersion:
    draft = locked_version(version)
    require(draft.transition_list.sender_id in by.partners(Permission.CASES_RELEASE), SECOND_PERSON)
    require(draft.is_draft, rules.NO_DRAFT)
    lock_list(draft.transition_list)
    require(not tampered(draft, draft.transition_list), rules.FORGED)
    return draft


def _check_not_owed(draft: TransitionListVersion) -> None:
    """Raises Refused where this release erases at once somebody to whom an Auskunft is owed (Art. 15 DSGVO)."""
    leaving = draft.entries.filter(ending=CaseState.WITHDRAWN).values_list("case__case_ref", flat=True)
    if owed := access_owed(leaving):
        raise Refused(OWED.format(cases=", ".join(owed)))


def _name_cases(draft: TransitionListVersion, *, by: Access, now: datetime) -> None:
    """Whoever goes out for the first time is named from now on; what was corrected is noted."""
    staying = draft.entries.staying()
    _note(EventKind.CORRECTED, staying.filter(is_changed=True, case__named_at__isnull=False), by=by, now=now)
    _note(EventKind.NAMED, staying.filter(is_changed=True, case__named_at=None), by=by, now=now)
    TransitionCase.objects.filter(pk__in=staying.values("case"), named_at=None).update(named_at=now)


def _note(kind: EventKind, entries: QuerySet[CaseEntry], *, by: Access, now: datetime) -> None:
    """Into the history of each of these cases."""
    CaseEvent.objects.bulk_create(
        CaseEvent(case_id=case, version_id=version, kind=kind, at=now, by=by.user)
        for case, version in entries.values_list("case", "version")
    )


def _end_cases(draft: TransitionListVersion, *, by: Access, now: datetime) -> list[TransitionCase]:
    """Who leaves the list with this version; its entry keeps the reason and loses the person."""
    leaving = draft.entries.leaving().select_related("case").order_by("case")
    entries = list(leaving.select_for_update(of=("self", "case")))
    for entry in entries:
        case = entry.case
        endings.check_without_outcome(case.case_ref, case.outcome, EndReason(entry.ending_reason))
        case.state, case.end_reason, case.postponed_to = entry.ending, entry.ending_reason, entry.postponed_to
        case.outcome, case.ended_at = "", now
    ended = list(map(attrgetter("case"), entries))
    TransitionCase.objects.bulk_update(ended, ["state", "end_reason", "postponed_to", "outcome", "ended_at"])
    draft.entries.filter(case__in=ended).update(content="")
    CaseEvent.objects.bulk_create(
        CaseEvent(case=case, version=draft, kind=EventKind.ENDED, code=case.state, at=now, by=by.user) for case in ended
    )
    return ended


def _hand_over(draft: TransitionListVersion, *, by: Access, now: datetime) -> TransmissionReceipt:
    entries = entries_of(draft)
    named = [entry for entry in entries if not entry.ending]
    for entry in named:
        entry.digest = entry.digest_of_content
    CaseEntry.objects.bulk_update(named, ["digest"])
    people = list(map(attrgetter("data"), named))
    receipt = TransmissionReceipt.objects.create(
        version=draft,
        number=numbering.receipt_number(draft.transition_list.year, draft.number, secrets.choice),
        recipient=recipient_of(draft),
        released_at=now,
        released_by=by.user,
        released_name=sealed_name_of(by.user),
        sha256=checksum(draft, entries),
        case_count=len(named),
        late_count=sum(map(attrgetter("case.is_late"), named)),
        ba_started_count=Counter(map(attrgetter("ba_procedure_started"), people))[Answer.YES],
        lwv_involved_count=Counter(map(attrgetter("lwv_involved"), people))[Answer.YES],
    )
    draft.state = VersionState.RELEASED
    draft.save(update_fields=["state"])
    return receipt


def _forget(cases: Sequence[TransitionCase], *, at_once: bool, now: datetime) -> None:
    """Withdrawn: erased at once where the LWV never confirmed any version, else 30 days after it was told (5.5).

    The day is sealed with the case. By it the case is due, and the worker looks at nothing else.
    """
    today = local_day(now)
    pks = [str(case.pk) for case in cases]
    erase_on = today if at_once else erased_after_release(today)
    TransitionCase.objects.filter(pk__in=pks).update(erase_on=erase_on)
    if at_once:
        erasure.ask(CaseRule.WITHDRAWN, pks)


@transaction.atomic
def acknowledge(*, version: TransitionListVersion, by: Access, now: datetime) -> Acknowledgement:
    """The receiving unit confirms that the newest version arrived, once. Raises Refused."""
    locked = locked_version(version)
    receipt = TransmissionReceipt.objects.filter(
        version=locked, recipient__in=by.partners(Permission.CASES_RECEIVE)
    ).first()
    receipt = require(receipt, NOT_RECEIVER)
    is_newest = locked.state == VersionState.RELEASED and versions_visible_to(by).filter(pk=locked.pk).exists()
    require(is_newest, NOT_NEWEST)
    check_people(by.user)
    acknowledged = Acknowledgement.objects.create(receipt=receipt, at=now, by=by.user, name=sealed_name_of(by.user))
    locked.state = VersionState.ACKNOWLEDGED
    locked.save(update_fields=["state"])
    record_access(by=by, action=LogAction.ACKNOWLEDGE, version=locked, now=now)
    tell_of_acknowledgement(version=locked, by=by, now=now)
    return acknowledged
