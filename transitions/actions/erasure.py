"""What the retention rules erase of the lists of Punkt 8b (domain.md 5.5), and how.

Erasing a case empties what every version says about it. What stays for ten years names nobody: Fallzeichen, reason,
history, receipts. Rules only name what is over; `kok.erasure` writes the report.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime
from functools import partial

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from kok.chains import Chain
from kok.erasure import RetentionRule, days_until, deleting, deleting_days, midnight, over, pks, settled, standing
from transitions.actions.log import erase_days
from transitions.actions.names import forget
from transitions.models import (
    AccessLogEntry,
    Acknowledgement,
    CaseEntry,
    CaseEvent,
    CaseQuestion,
    CheckJob,
    DataSubjectRequest,
    PendingImport,
    TransitionCase,
    TransitionList,
    TransitionListVersion,
    TransmissionReceipt,
    TwoPeople,
)
from transitions.queries.log_check import ACT, READ
from transitions.queries.restriction import held
from transitions.queries.retention import due_of, with_naming
from transitions.rules.codes import EventKind, VersionState
from transitions.rules.retention import (
    DRAFT_WORDS,
    DRAFTS,
    IMPORTS,
    OUTCOMES,
    PENDING_IMPORTS,
    PROOFS,
    READS,
    REQUEST_WORDS,
    REQUESTS,
    WITHDRAWN,
    CaseRule,
)

# Cases.


def _with_content() -> Exists:
    return Exists(CaseEntry.objects.filter(case=OuterRef("pk")).told())


def _due_cases(rule: CaseRule, today: date) -> Iterator[str]:
    there = TransitionCase.objects.filter(Q(erased_at=None) | _with_content()).exclude(case_ref__in=held().refs)
    for case in with_naming(there):
        due_on, why = due_of(case)
        if case.erased_at:  # a version got its content back, from wherever
            due_on = today
        if due_on <= today and why == rule:
            yield str(case.pk)


def _proven_cases(ids: Collection[str]) -> set[str]:
    """Cases that stand as they were sealed, with their list."""
    cases = TransitionCase.objects.filter(pk__in=list(TransitionCase.sealing.standing(ids)))
    lists = TransitionList.sealing.standing(cases.values_list("transition_list", flat=True))
    return {str(case.pk) for case in cases if str(case.transition_list_id) in lists}


def erase_cases(ids: Sequence[str], now: datetime) -> int:
    """Empties every version of these cases; how many still had something. The triggers let only the worker do so.

    In a draft the entry goes altogether, so that no version is released with an empty one.
    """
    cases = TransitionCase.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    found = list(cases.filter(Q(erased_at=None) | _with_content()))
    entries = CaseEntry.objects.filter(case__in=found)
    _out_of_drafts(entries.filter(version__state=VersionState.DRAFT))
    forget(entries)
    CaseQuestion.objects.filter(other_case__in=found).update(other_case=None)
    entries.told().update(content="")
    TransitionCase.objects.filter(pk__in=[case.pk for case in found]).update(erased_at=now)
    CaseEvent.objects.bulk_create([CaseEvent(case=case, kind=EventKind.ERASED, at=now) for case in found])
    _mark_erased(TransitionListVersion.objects.filter(transition_list__cases__in=found))
    return len(found)


def remove_cases(ids: Sequence[str], now: datetime) -> int:
    """Deletes cases that were never named, with their entries; how many. On the list of what is to be erased again."""
    found = TransitionCase.objects.filter(pk__in=ids, named_at=None)
    number = found.count()
    _out_of_drafts(CaseEntry.objects.filter(case__in=found, version__state=VersionState.DRAFT))
    _delete(found)
    return number


def _delete(cases: QuerySet[TransitionCase]) -> None:
    """Cases with what was asked and said about them.

    Here and not by the database, so that each row tells its chain that it is gone, and the case of the list after it
    is sealed without it.
    """
    ids = list(cases.values_list("pk", flat=True))
    CaseQuestion.objects.filter(case__in=ids).delete()
    CaseQuestion.objects.filter(other_case__in=ids).update(other_case=None)
    TwoPeople.objects.filter(Q(one__in=ids) | Q(other__in=ids)).delete()
    TransitionCase.objects.filter(previous__in=ids).update(previous=None)
    TransitionCase.objects.filter(pk__in=ids).delete()


def _out_of_drafts(entries: QuerySet[CaseEntry]) -> None:
    """The draft is another one now: what somebody read before must not be released."""
    drafts = list(entries.values_list("version", flat=True))
    entries.delete()
    TransitionListVersion.objects.filter(pk__in=drafts).update(
        revision=F("revision") + 1, submitted_at=None, submitted_by=None, submitted_content=""
    )


def _mark_erased(versions: QuerySet[TransitionListVersion]) -> None:
    """A version that named people and names nobody any more is erased; a Nullmeldung stays what it is."""
    named = CaseEntry.objects.filter(version=OuterRef("pk"), ending="")
    gone = versions.exclude(state=VersionState.DRAFT).filter(Exists(named), ~Exists(named.told()))
    TransitionListVersion.objects.filter(pk__in=list(gone.values_list("pk", flat=True))).update(
        state=VersionState.ERASED
    )


# Drafts and files that nobody finished.


def _old_drafts(today: date) -> QuerySet[TransitionListVersion]:
    before = over(today, DRAFTS)
    old = TransitionListVersion.objects.filter(state=VersionState.DRAFT, changed_at__lt=before)
    return old.exclude(entries__case__in=TransitionCase.objects.filter(case_ref__in=held().refs, named_at=None))


def _erase_drafts(ids: Sequence[str], now: datetime) -> int:
    """The drafts with their entries and files, and the cases that were never named anywhere else."""
    drafts = TransitionListVersion.objects.select_for_update().filter(pk__in=ids, state=VersionState.DRAFT)
    found = list(drafts.values_list("pk", flat=True))
    cases = list(TransitionCase.objects.filter(entries__version__in=found, named_at=None).values_list("pk", flat=True))
    versions = TransitionListVersion.objects.filter(pk__in=found)
    _forget_proofs(versions)
    versions.delete()
    _delete(TransitionCase.objects.filter(pk__in=cases, entries=None))
    return len(found)


# Proofs, requests, the access log.


def _old_lists(today: date) -> QuerySet[TransitionList]:
    """Ten years after the last transmission; a receipt that was put in past the application proves none."""
    receipts = TransmissionReceipt.objects.filter(version__transition_list=OuterRef("pk")).order_by("-released_at")
    proven = receipts.filter(pk__in=list(TransmissionReceipt.sealing.standing()))
    released = TransitionList.objects.annotate(last=Subquery(proven.values("released_at")[:1]))
    return released.filter(last__lt=over(today, PROOFS))


def _proven_lists(ids: Collection[str]) -> set[str]:
    """Lists that stand as they were sealed, with all versions and receipts; what was put in beside them goes along."""
    stand = set(TransitionList.sealing.standing(ids))
    hanging = ((TransitionListVersion, "transition_list"), (TransmissionReceipt, "version__transition_list"))
    for model, of_list in hanging:
        rows = model.objects.filter(**{f"{of_list}__in": ids}).values_list("pk", of_list)
        changed = model.sealing.changed(pk for pk, _ in rows)
        stand -= {str(owner) for pk, owner in rows if str(pk) in changed}
    return stand


def _erase_lists(ids: Sequence[str], now: datetime) -> int:
    lists = TransitionList.objects.filter(pk__in=ids)
    versions = TransitionListVersion.objects.filter(transition_list__in=lists)
    _forget_proofs(versions)
    _delete(TransitionCase.objects.filter(transition_list__in=lists))
    versions.delete()
    return lists.delete()[0]


def _forget_proofs(versions: QuerySet[TransitionListVersion]) -> None:
    """What hangs on versions and would keep them; of a draft only what somebody put there past the application."""
    numbers = list(versions.values_list("pk", flat=True))
    receipts = TransmissionReceipt.objects.filter(version__in=numbers)
    Acknowledgement.objects.filter(receipt__in=receipts).delete()
    receipts.delete()
    CaseEvent.objects.filter(version__in=numbers).update(version=None)


def _answered(today: date) -> QuerySet[DataSubjectRequest]:
    last = over(today, REQUESTS).date()
    lifted = Q(lifted_on=None) | Q(lifted_on__lt=last)
    return DataSubjectRequest.objects.filter(lifted, answered_on__lt=last).exclude(pk__in=held().by.values("pk"))


def _expired_days(chain: Chain, today: date) -> Iterator[str]:
    days = AccessLogEntry.objects.filter(chain=chain.code).order_by("day").values_list("day", flat=True).distinct()
    last = settled(today)
    return (day.isoformat() for day in days if chain.is_expired(day, last))


def _cases_rule(rule: CaseRule, data: str, keep: str) -> RetentionRule:
    return RetentionRule(
        rule, data, keep, "proposal", partial(_due_cases, rule), erase_cases, is_final=True, proven=_proven_cases
    )


def _log_rule(chain: Chain, data: str, keep: str, mark: str) -> RetentionRule:
    return RetentionRule(
        chain.slug, data, keep, mark, partial(_expired_days, chain), partial(erase_days, chain.code), is_by_day=True
    )


def _numbers_of(rows: Callable[[date], QuerySet]) -> Callable[[date], Iterator[str]]:
    return lambda today: pks(rows(today))


RULES = (
    RetentionRule(
        "check-jobs", "Prüfungen aller Siegel", "bis zum nächsten Tag", "proposal",
        days_until(CheckJob, "asked_at", midnight), deleting_days(CheckJob, "asked_at"),
        is_by_day=True,
    ),
    RetentionRule(
        "drafts", "Entwürfe von Übergangslisten", DRAFT_WORDS, "proposal",
        _numbers_of(_old_drafts), _erase_drafts, proven=standing(TransitionListVersion),
    ),
    RetentionRule(
        PENDING_IMPORTS, "eingelesene Dateien", str(IMPORTS), "proposal",
        _numbers_of(lambda today: PendingImport.objects.filter(uploaded_at__lt=over(today, IMPORTS))),
        deleting(PendingImport), is_final=True,
    ),
    RetentionRule(
        CaseRule.REMOVED, "Fälle, die vor der Übermittlung aus einem Entwurf entfernt wurden", "sofort", "proposal",
        lambda today: (), remove_cases, is_final=True,
    ),
    _cases_rule(
        CaseRule.WITHDRAWN, "zurückgenommene Fälle",
        f"bis zur Freigabe der Rücknahme; war der Empfang schon bestätigt, noch {WITHDRAWN}",
    ),
    _cases_rule(
        CaseRule.ENDED, "Fälle mit Ergebnis, verzogen, verstorben, verschoben",
        f"{OUTCOMES}; ein verschobener Fall, bis er auf der nächsten Liste steht",
    ),
    _cases_rule(CaseRule.LATEST, "alle anderen Fälle", "bis zum 31.12. des zweiten Jahres nach dem Jahr der Liste"),
    RetentionRule(
        "lists", "Quittungen, Empfangsbestätigungen, Verlauf der Fälle (ohne Namen)",
        f"{PROOFS} nach der letzten Übermittlung", "proposal", _numbers_of(_old_lists), _erase_lists,
        proven=_proven_lists,
    ),
    _log_rule(READ, "Zugriffsprotokoll: Lesen", f"{READS} (wie § 79 Abs. 4 SGB X)", "own"),
    _log_rule(ACT, "Zugriffsprotokoll: Handeln", str(PROOFS), "proposal"),
    RetentionRule(
        "subject-requests", "Anfragen betroffener Personen",
        REQUEST_WORDS, "own",
        _numbers_of(_answered), deleting(DataSubjectRequest),
        proven=standing(DataSubjectRequest),
    ),
)  # fmt: skip
