"""The cases of a draft: added, corrected, removed, taken off the list."""

import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime
from operator import attrgetter
from uuid import UUID

from django.db import transaction

from kok import erasure, vault
from kok.errors import Refused, refuse, require
from kok.genuine import check_standing
from kok.seen import check_shown
from kok.words import local_day
from transitions.actions.drafts import touched, writable_draft
from transitions.actions.locks import lock_list
from transitions.actions.log import record_access
from transitions.actions.names import mark
from transitions.models import CaseEntry, TransitionCase, TransitionListVersion
from transitions.models.entries import belongs_to
from transitions.queries.access import Access
from transitions.queries.entering import new_likeness
from transitions.queries.listing import adds_late
from transitions.queries.receiving import person_mark
from transitions.queries.removal import why_not_removed
from transitions.queries.restriction import check_namable, check_unrestricted
from transitions.queries.visibility import versions_visible_to
from transitions.rules import endings, numbering, people, release, year
from transitions.rules.case import CaseData
from transitions.rules.codes import DEMANDED, CaseState, EndReason, LogAction
from transitions.rules.retention import CaseRule

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
NOT_NAMED = "Dieser Fall wurde noch nicht übermittelt. Entfernen Sie ihn aus dem Entwurf."
NOT_ENDED = "Dieser Fall steht auf der Liste. Es wurde nichts geändert."
NOT_IN_DRAFT = "Dieser Fall steht nicht mehr in dem Entwurf. Es wurde nichts geändert."


class OthersAlike(Refused):
    """Somebody may be a person of whom the page could not tell yet."""


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
    told_of: Collection[UUID] | None = None,
) -> list[CaseEntry]:
    """Takes persons into a draft, each with whether it is a Nachmeldung. Raises Refused; then nobody is added.

    `read_in_at`: when the file with these persons came, which was read before they stood in the draft. Whoever is added
    to a transmitted list after its deadline is a Nachmeldung (`rules.year.is_late_addition`). `told_of`: the cases of
    which a page said that they may be one of these persons; None where no page asks. Else it raises OthersAlike.
    """
    draft = writable_draft(version, by)
    persons = [data for data, _ in rows]
    _check_told_of(told_of, persons, draft, None, by)
    is_over = adds_late(draft, local_day(now))
    are_late = [_named_late(data, is_late, draft, is_over=is_over, now=now) for data, is_late in rows]
    check_namable(persons, by)
    refs = _new_refs(draft.transition_list.year, len(rows))
    added = [
        _new_entry(
            TransitionCase(
                transition_list=draft.transition_list,
                case_ref=ref,
                is_late=is_late,
                read_in_at=read_in_at,
                entered_at=now,
            ),
            data,
            draft,
            by,
        )
        for ref, data, is_late in zip(refs, persons, are_late, strict=True)
    ]
    cases = TransitionCase.objects.bulk_create(map(attrgetter("case"), added))
    CaseEntry.objects.bulk_create(added)
    mark(zip(added, persons, strict=True))
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
    """Takes one person into a draft, as `add_entries`. Raises WrongYear when the end of school belongs elsewhere."""
    return add_entries(version=version, rows=[(data, is_late)], by=by, now=now, told_of=told_of)[0]


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

    `told_of`: as for `add_entries`.
    """
    draft, found = _locked(entry, by)
    check_unrestricted(found.case, by)
    require(found.changed_at == seen, CHANGED_MEANWHILE)
    require(found.content and not found.ending, WITHOUT_CONTENT)
    _check_told_of(told_of, [data], draft, found, by)
    if found.case.named_at is None:
        is_over = adds_late(draft, local_day(now))
        found.case.is_late = _named_late(data, is_late, draft, is_over=is_over, now=now)
        found.case.save(update_fields=["is_late"])
    else:  # may turn out to leave school a year earlier, and is no Nachmeldung
        _check(data, is_late=True, draft=draft, now=now)
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
    refuse(why_not_removed(found.case, by))
    require(found.changed_at == seen, OTHER_CONTENT)
    require(found.case.named_at is None, ALREADY_NAMED)
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
    check_shown(shown, person_mark(found), OTHER_PERSON)
    if reason not in DEMANDED:
        check_unrestricted(found.case, by)
    require(found.case.named_at, NOT_NAMED)
    require(found.content, WITHOUT_CONTENT)
    endings.check_without_outcome(found.case.case_ref, found.case.outcome, reason)
    endings.check_ending(ending, reason, postponed_to, found.data.expected_end_on, draft.transition_list.year)
    found.ending, found.ending_reason, found.postponed_to = ending, reason, postponed_to
    _changed(found, draft, by=by, now=now)
    return found


@transaction.atomic
def undo_end(*, entry: CaseEntry, by: Access, now: datetime) -> CaseEntry:
    """Leaves a case on the list after all, as it was: unchanged, where nobody corrected it either. Raises Refused."""
    draft, found = _locked(entry, by)
    require(found.ending, NOT_ENDED)
    found.ending, found.ending_reason, found.postponed_to = "", "", None
    _changed(found, draft, by=by, now=now)
    earlier = CaseEntry.objects.filter(case=found.case_id, version__number__lt=draft.number).told()
    before = earlier.order_by("-version__number").first()
    if before and before.opened == found.opened:  # also the random number: what was copied, not typed again
        found.is_changed, found.changed_by_id = False, before.changed_by_id
        found.save(update_fields=["is_changed", "changed_by"])
    return found


def _locked(entry: CaseEntry, by: Access) -> tuple[TransitionListVersion, CaseEntry]:
    draft = writable_draft(entry.version, by)
    require(versions_visible_to(by).filter(pk=draft.pk).exists(), release.NO_DRAFT)
    entries = draft.entries.select_related("case__transition_list")
    found = require(entries.filter(pk=entry.pk).first(), NOT_IN_DRAFT)
    check_standing(found.case)
    found.version = draft
    return draft, found


def _check_told_of(
    told_of: Collection[UUID] | None,
    persons: Collection[CaseData],
    draft: TransitionListVersion,
    found: CaseEntry | None,
    by: Access,
) -> None:
    """Asked under the lock of the draft: of two who save the same person at once neither page could tell."""
    if told_of is not None:
        alike = {each.case.pk for data in persons for each in new_likeness(data, draft, found, by)}
        if alike - set(told_of):
            raise OthersAlike(OTHERS_ALIKE)


def _new_entry(case: TransitionCase, data: CaseData, draft: TransitionListVersion, by: Access) -> CaseEntry:
    return CaseEntry(
        version=draft,
        case=case,
        content=sealed(data, case),
        is_changed=True,
        changed_at=case.entered_at,
        changed_by=by.user,
    )


def _changed(found: CaseEntry, draft: TransitionListVersion, *, by: Access, now: datetime) -> None:
    found.is_changed, found.changed_at, found.changed_by = True, now, by.user
    found.save()
    touched(draft, by=by, now=now)
    record_access(by=by, action=LogAction.DRAFT, version=draft, case=found.case, now=now)


def _check(data: CaseData, *, is_late: bool, draft: TransitionListVersion, now: datetime) -> None:
    year.check_year(data.expected_end_on, draft.transition_list.year, is_late)
    for _, sentence in people.check_data(data, local_day(now)):
        raise Refused(sentence)


def _named_late(
    data: CaseData,
    is_marked: bool,  # noqa: FBT001  as a row says it
    draft: TransitionListVersion,
    *,
    is_over: bool,
    now: datetime,
) -> bool:
    """Whether somebody who may be named here is a Nachmeldung: marked as one, or added after the deadline."""
    if is_marked and not is_over:
        year.check_mark(data.expected_end_on, draft.transition_list.year)
    _check(data, is_late=is_marked or is_over, draft=draft, now=now)
    return is_marked or is_over


def _new_refs(list_year: int, count: int) -> list[str]:
    """Fallzeichen that nobody has."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {numbering.case_ref(list_year, secrets.choice) for _ in range(count - len(found))}
        taken = TransitionCase.objects.filter(case_ref__in=drawn).values_list("case_ref", flat=True)
        found |= drawn - set(taken)
    return sorted(found, key=lambda _: secrets.randbits(32))
