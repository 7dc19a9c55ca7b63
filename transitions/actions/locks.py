"""What an act reads of a list and writes on has to stay the same in between, also for somebody with SQL (ADR 23)."""

from django.db.models import QuerySet

from transitions.models import CaseEntry, TransitionCase, TransitionList, TransitionListVersion


def locked_version(version: TransitionListVersion) -> TransitionListVersion:
    """A version as it is now, with its list, locked until the end of the transaction."""
    locked = TransitionListVersion.objects.select_for_update(of=("self",))
    return locked.select_related("transition_list__agreement", "transition_list__sender__authority").get(pk=version.pk)


def locking_cases() -> QuerySet[TransitionCase]:
    """Cases with their list, locked where they are read.

    In the order of their numbers, so that two who take the same cases do not wait for each other crosswise, as the
    erasure takes them.
    """
    locked = TransitionCase.objects.select_for_update(of=("self",)).order_by("pk")
    return locked.select_related("transition_list__sender__authority", "transition_list__agreement")


def lock_list(found: TransitionList) -> None:
    """Keeps versions, cases and entries of a list as they are until the end of the transaction.

    Before anything is compared: an act that waits for a row later on would go on with what was changed meanwhile.
    The list itself cannot be changed (trigger), and nothing gets into a draft that is locked itself. All take them in
    one order, cases before entries as erasure does.
    """
    locks = (
        TransitionListVersion.objects.filter(transition_list=found).order_by("number"),
        TransitionCase.objects.filter(transition_list=found).order_by("pk"),
        CaseEntry.objects.filter(version__transition_list=found).order_by("pk"),
    )
    for rows in locks:
        list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def lock_case(case_ref: str) -> None:
    """Keeps a case as it is: what is asked about it is written after what is going on with it, or before."""
    list(TransitionCase.objects.filter(case_ref=case_ref).select_for_update(no_key=True).values_list("pk", flat=True))
