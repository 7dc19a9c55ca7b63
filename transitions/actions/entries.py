"""The cases of a draft: added, corrected, taken off, taken over from an earlier list.

A draft that lies before the second person is not changed, only taken back first (`actions.recall`). Every change makes
its author one who may not release it.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kok import erasure, seen, vault
from kok.access import Permission
from kok.clock import BERLIN
from kok.errors import Refused
from kok.genuine import check_standing
from transitions.actions.locks import lock_list
from transitions.actions.log import record_access
from transitions.actions.names import mark
from transitions.models import CaseEntry, CaseEvent, TransitionCase, TransitionListVersion
from transitions.models.lists import belongs_to
from transitions.queries.access import Access
from transitions.queries.entering import new_likeness
from transitions.queries.listing import adds_late
from transitions.queries.proposals import declined_for, proposals_for
from transitions.queries.receiving import end_mark, person_mark
from transitions.queries.removal import why_not_removed
from transitions.queries.restriction import check_namable, check_unrestricted, restricted_refs
from transitions.queries.visibility import versions_visible_to
from transitions.rules import endings, numbering, people, release, year
from transitions.rules.case import CaseData
from transitions.rules.retention import CaseRule
from transitions.rules.states import DEMANDED, CaseState, EndReason, EventKind, LogAction

CHANGED_MEANWHILE = (
    "Jemand hat diesen Fall geändert, während Sie ihn bearbeitet haben. Es wurde nichts überschrieben. "
    "Vergleichen Sie beides; was Sie dann speichern, gilt."
)
OTHER_CONTENT = (
    "Jemand hat diesen Fall geändert, seit Sie die Seite geöffnet haben. Er ist nicht entfernt. Lesen Sie, was jetzt "
    "dort steht, und entscheiden Sie dann."
)
OTHER_PERSON = (
    "Jemand hat diesen Fall geändert, seit Sie die Seite geöffnet haben. Er bleibt auf der Liste. Lesen Sie, was jetzt "
    "hier steht, und entscheiden Sie dann noch einmal."
)
WITHOUT_CONTENT = "Die Angaben zu diesem Fall sind gelöscht. Es wurde nichts geändert."
ALREADY_NAMED = "Dieser Fall wurde schon übermittelt. Nehmen Sie ihn mit einem Grund von der Liste."
OTHERS_ALIKE = (
    "Inzwischen hat jemand einen Fall eingegeben oder geändert, der dieselbe Person sein kann. Es wurde nichts "
    "gespeichert. Vergleichen Sie; was Sie dann speichern, gilt."
)
NOT_DECLINED = "Dieser Vorschlag ist offen, oder seine Angaben sind gelöscht. Es wurde nichts geändert."
OTHER_PROPOSED = (
    "Name, Geburtstag oder Schulende dieses Vorschlags wurde inzwischen berichtigt. Es wurde nichts geändert. Lesen "
    "Sie ihn neu, und entscheiden Sie dann."
)
NOT_PROPOSED = "Dieser Vorschlag ist nicht mehr offen. Es wurde nichts geändert."


class OthersAlike(Refused):
    """Somebody may be a person of whom the page could not tell yet."""


def locked_draft(version: TransitionListVersion, by: Access) -> TransitionListVersion:
    """The draft, locked until the end of the transaction; also one that was submitted, or changed past the application.

    Raises Refused when it is none any more or not one's own.
    """
    locked = TransitionListVersion.objects.select_for_update(of=("self",))
    found = locked.select_related("transition_list__agreement", "transition_list__sender__authority").get(pk=version.pk)
    if found.transition_list.sender_id not in by.partners(Permission.CASES_DRAFT):
        raise Refused(
            "Diesen Entwurf bearbeitet die Fallbearbeitung des benennenden Trägers. Es wurde nichts geändert."
        )
    if not found.is_draft:
        raise Refused(release.NO_DRAFT)
    return found


def writable_draft(version: TransitionListVersion, by: Access) -> TransitionListVersion:
    """The draft, locked, in preparation, and as it was sealed, with its list.

    Raises Refused, `release.Laid` when it lies before the second person.
    """
    draft = locked_draft(version, by)
    check_standing(draft, draft.transition_list)
    check_not_laid(draft)
    return draft


def check_not_laid(draft: TransitionListVersion) -> None:
    """Nobody takes a submission back by the way, from a page that was opened before it. Raises `release.Laid`."""
    if draft.submitted_at is not None:
        raise release.Laid(release.LAID.format(since=f"{draft.submitted_at.astimezone(BERLIN):%d.%m.%Y, %H:%M} Uhr"))


def touched(draft: TransitionListVersion, *, by: Access, now: datetime) -> None:
    """Notes a change of the draft: its revision and its author."""
    draft.revision += 1
    draft.changed_at = now
    if by.user.pk not in draft.authors:
        draft.authors = [*draft.authors, by.user.pk]
    draft.save()


def note_author(version: TransitionListVersion, person: int) -> None:
    """Notes that what this account wrote stands in the draft, whoever took it over."""
    draft = TransitionListVersion.objects.get(pk=version.pk)
    if person not in draft.authors:
        draft.authors = [*draft.authors, person]
        draft.save(update_fields=["authors"])


def sealed(data: CaseData, case: TransitionCase) -> str:
    """What a version says about a case, sealed for that case of that list, with a random number of its own."""
    value = {"data": data.as_json(), "nonce": secrets.token_hex(32)}
    return vault.seal(value, belongs_to=belongs_to(case.transition_list_id, case.pk))


@transaction.atomic
def add_entries(
    *,
    version: TransitionListVersion,
    rows: Sequence[tuple[CaseData, bool]],
    by: Access,
    now: datetime,
    read_in_at: datetime | None = None,
) -> list[CaseEntry]:
    """Takes persons into a draft, each with whether it is a Nachmeldung. Raises Refused; then nobody is added.

    `read_in_at`: when the file with these persons came, which was read before they stood in the draft. Whoever is added
    to a transmitted list after its deadline is a Nachmeldung (`rules.year.is_late_addition`).
    """
    draft = writable_draft(version, by)
    is_over = adds_late(draft, now.astimezone(BERLIN).date())
    for data, is_late in rows:
        _check_mark(data, is_late=is_late and not is_over, draft=draft)
    rows = [(data, is_late or is_over) for data, is_late in rows]
    for data, is_late in rows:
        _check(data, is_late=is_late, draft=draft, now=now)
    check_namable([data for data, _ in rows], by)
    refs = _new_refs(draft.transition_list.year, len(rows))
    cases = [
        TransitionCase(
            transition_list=draft.transition_list, case_ref=ref, is_late=is_late, read_in_at=read_in_at, entered_at=now
        )
        for ref, (_, is_late) in zip(refs, rows, strict=True)
    ]
    TransitionCase.objects.bulk_create(cases)
    added = [
        CaseEntry(
            version=draft, case=case, content=sealed(data, case), is_changed=True, changed_at=now, changed_by=by.user
        )
        for case, (data, _) in zip(cases, rows, strict=True)
    ]
    CaseEntry.objects.bulk_create(added)
    mark((entry, data) for entry, (data, _) in zip(added, rows, strict=True))
    touched(draft, by=by, now=now)
    record_access(by=by, action=LogAction.DRAFT, version=draft, case=cases[0] if len(cases) == 1 else None, now=now)
    return added


@transaction.atomic
def add_entry(
    *,
    version: TransitionListVersion,
    data: CaseData,
    is_late: bool,
    by: Access,
    now: datetime,
    told_of: Collection[UUID] | None = None,
) -> CaseEntry:
    """Takes one person into a draft. Raises Refused, WrongYear when the end of school belongs on another list.

    `told_of`: the cases of which the page said that they may be this person; None where no page asks. Else it raises
    OthersAlike.
    """
    if told_of is not None:
        _check_told_of(told_of, data, writable_draft(version, by), None, by)
    return add_entries(version=version, rows=[(data, is_late)], by=by, now=now)[0]


@transaction.atomic
def change_entry(
    *,
    entry: CaseEntry,
    data: CaseData,
    is_late: bool,
    seen: datetime,
    by: Access,
    now: datetime,
    told_of: Collection[UUID] | None = None,
) -> CaseEntry:
    """Corrects what the draft says about a person. `seen`: the `changed_at` that was read. Raises Refused.

    `told_of`: as for `add_entry`.
    """
    draft, found = _locked(entry, by)
    check_unrestricted(found.case, by)
    if found.changed_at != seen:
        raise Refused(CHANGED_MEANWHILE)
    if not found.content or found.ending:
        raise Refused(WITHOUT_CONTENT)
    if told_of is not None:
        _check_told_of(told_of, data, draft, found, by)
    if found.case.named_at is None:
        is_over = adds_late(draft, now.astimezone(BERLIN).date())
        _check_mark(data, is_late=is_late and not is_over, draft=draft)
        is_late = is_late or is_over
        found.case.is_late = is_late
        found.case.save(update_fields=["is_late"])
    was_named = found.case.named_at is not None  # may turn out to leave school a year earlier, and is no Nachmeldung
    _check(data, is_late=is_late or was_named, draft=draft, now=now)
    check_namable([data], by)
    found.content = sealed(data, found.case)
    mark([(found, data)])
    _changed(found, draft, by=by, now=now)
    return found


@transaction.atomic
def remove_entry(*, entry: CaseEntry, seen: datetime | None, by: Access, now: datetime) -> None:
    """Forgets a person who was never named; only the number stays, on the list of the erased.

    `seen`: the `changed_at` that was read; whoever stands there since then is not forgotten. Raises Refused, also for
    one whose data may only be kept, or whom an Auskunft is owed.
    """
    draft, found = _locked(entry, by)
    lock_list(draft.transition_list)
    if told := why_not_removed(found.case, by):
        raise Refused(told)
    if found.changed_at != seen:
        raise Refused(OTHER_CONTENT)
    if found.case.named_at is not None:
        raise Refused(ALREADY_NAMED)
    case = found.case
    touched(draft, by=by, now=now)
    record_access(by=by, action=LogAction.DRAFT, version=draft, case=case, now=now)
    erasure.erase_at_once(CaseRule.REMOVED, [str(case.pk)], now=now)


@transaction.atomic
def end_case(
    *,
    entry: CaseEntry,
    ending: CaseState,
    reason: EndReason,
    postponed_to: date | None,
    by: Access,
    now: datetime,
    shown: str | None = None,
) -> CaseEntry:
    """Takes a named case off the list with the next release. Raises Refused.

    `shown` is the mark of the person that was read, without a page None; of another one it raises seen.Changed.
    A case whose data may only be kept leaves it only because the person demands that.
    """
    draft, found = _locked(entry, by)
    if shown is not None and shown != (there := person_mark(found)):
        raise seen.Changed(OTHER_PERSON, there)
    if reason not in DEMANDED:
        check_unrestricted(found.case, by)
    if found.case.named_at is None:
        raise Refused("Dieser Fall wurde noch nicht übermittelt. Entfernen Sie ihn aus dem Entwurf.")
    if not found.content:
        raise Refused(WITHOUT_CONTENT)
    endings.check_without_outcome(found.case.case_ref, found.case.outcome, reason)
    endings.check_ending(ending, reason, postponed_to, found.data.expected_end_on, draft.transition_list.year)
    found.ending, found.ending_reason, found.postponed_to = ending, reason, postponed_to
    _changed(found, draft, by=by, now=now)
    return found


@transaction.atomic
def undo_end(*, entry: CaseEntry, by: Access, now: datetime) -> CaseEntry:
    """Leaves a case on the list after all, as it was: unchanged, where nobody corrected it either. Raises Refused."""
    draft, found = _locked(entry, by)
    if not found.ending:
        raise Refused("Dieser Fall steht auf der Liste. Es wurde nichts geändert.")
    found.ending, found.ending_reason, found.postponed_to = "", "", None
    _changed(found, draft, by=by, now=now)
    earlier = CaseEntry.objects.filter(case=found.case_id, version__number__lt=draft.number).exclude(content="")
    before = earlier.order_by("-version__number").first()
    if before and before.opened == found.opened:  # also the random number: what was copied, not typed again
        found.is_changed, found.changed_by_id = False, before.changed_by_id
        found.save(update_fields=["is_changed", "changed_by"])
    return found


@transaction.atomic
def accept_proposal(*, version: TransitionListVersion, case: TransitionCase, by: Access, now: datetime) -> CaseEntry:
    """Takes a person of an earlier list into this draft as a new case (scenario 18). Raises Refused."""
    draft = writable_draft(version, by)
    proposal = next((each for each in proposals_for(draft) if each.case.pk == case.pk), None)
    if proposal is None or proposal.case.case_ref in restricted_refs(by):
        raise Refused(NOT_PROPOSED)
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
    proposal = next((each for each in proposals_for(draft) if each.case.pk == case.pk), None)
    if proposal is None:
        raise Refused(NOT_PROPOSED)
    if shown is not None and shown != end_mark(proposal.data):
        raise Refused(OTHER_PROPOSED)
    check_standing(case)
    TransitionCase.objects.filter(pk=case.pk).update(proposal_declined_at=now)
    record_access(by=by, action=LogAction.DRAFT, version=draft, case=case, now=now)


@transaction.atomic
def undo_decline(*, version: TransitionListVersion, case: TransitionCase, by: Access, now: datetime) -> None:
    """Proposes a person again who was declined, while nothing is erased. Raises Refused."""
    draft = writable_draft(version, by)
    if all(each.case.pk != case.pk for each in declined_for(draft)) or case.case_ref in restricted_refs(by):
        raise Refused(NOT_DECLINED)
    check_standing(case)
    TransitionCase.objects.filter(pk=case.pk).update(proposal_declined_at=None)
    record_access(by=by, action=LogAction.DRAFT, version=draft, case=case, now=now)


def _locked(entry: CaseEntry, by: Access) -> tuple[TransitionListVersion, CaseEntry]:
    draft = writable_draft(entry.version, by)
    if not versions_visible_to(by).filter(pk=draft.pk).exists():
        raise Refused(release.NO_DRAFT)
    found = draft.entries.select_related("case__transition_list").filter(pk=entry.pk).first()
    if found is None:
        raise Refused("Dieser Fall steht nicht mehr in dem Entwurf. Es wurde nichts geändert.")
    check_standing(found.case)
    found.version = draft
    return draft, found


def _check_told_of(
    told_of: Collection[UUID], data: CaseData, draft: TransitionListVersion, found: CaseEntry | None, by: Access
) -> None:
    """Asked under the lock of the draft: of two who save the same person at once neither page could tell."""
    if {each.case.pk for each in new_likeness(data, draft, found, by)} - set(told_of):
        raise OthersAlike(OTHERS_ALIKE)


def _changed(found: CaseEntry, draft: TransitionListVersion, *, by: Access, now: datetime) -> None:
    found.is_changed, found.changed_at, found.changed_by = True, now, by.user
    found.save()
    touched(draft, by=by, now=now)
    record_access(by=by, action=LogAction.DRAFT, version=draft, case=found.case, now=now)


def _check(data: CaseData, *, is_late: bool, draft: TransitionListVersion, now: datetime) -> None:
    year.check_year(data.expected_end_on, draft.transition_list.year, is_late)
    for _, sentence in people.check_data(data, now.astimezone(BERLIN).date()):
        raise Refused(sentence)


def _check_mark(data: CaseData, *, is_late: bool, draft: TransitionListVersion) -> None:
    if is_late:
        year.check_mark(data.expected_end_on, draft.transition_list.year)


def _new_refs(list_year: int, count: int) -> list[str]:
    """Fallzeichen that nobody has."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {numbering.case_ref(list_year, secrets.choice) for _ in range(count - len(found))}
        taken = TransitionCase.objects.filter(case_ref__in=drawn).values_list("case_ref", flat=True)
        found |= drawn - set(taken)
    return sorted(found, key=lambda _: secrets.randbits(32))
