"""Which lists, versions, entries and cases somebody in the sealed area may see. What is not here does not exist (404).

The county sees its own lists, drafts too. The receiving unit sees what was transmitted to it, never a draft: releasing
pushes a frozen version, nobody browses (§ 79 SGB X). Names stand only in the draft and in the newest released version.
"""

from django.db.models import OuterRef, Q, QuerySet, Subquery

from kok.access import Permission
from transitions.models import CaseEntry, TransitionCase, TransitionList, TransitionListVersion
from transitions.models.entries import EntryQuerySet
from transitions.queries.access import Access
from transitions.queries.restriction import hidden_refs
from transitions.rules.codes import VersionState


def senders_of(access: Access) -> frozenset[int]:
    """The carriers whose drafts this person prepares or releases."""
    return access.partners(Permission.CASES_DRAFT) | access.partners(Permission.CASES_RELEASE)


def is_own(access: Access, case: TransitionCase) -> bool:
    """Whether this person stands on the side that names the case, and so knows its drafts."""
    return case.transition_list.sender_id in senders_of(access)


def versions_visible_to(access: Access) -> QuerySet[TransitionListVersion]:
    """Every version of the own lists, and every released version that was transmitted to the own unit.

    None that somebody changed or put in past the application.
    """
    own = Q(transition_list__sender__in=senders_of(access))
    received = Q(receipt__recipient__in=access.partners(Permission.CASES_RECEIVE)) & ~Q(state=VersionState.DRAFT)
    seen = TransitionListVersion.objects.filter(own | received, transition_list__agreement=access.agreement)
    return seen.exclude(pk__in=access.forged) if access.forged else seen


def discardable_by(access: Access) -> QuerySet[TransitionListVersion]:
    """The drafts that this person may throw away, also those changed past the application: it opens nothing."""
    own = access.partners(Permission.CASES_DRAFT)
    drafts = TransitionListVersion.objects.filter(state=VersionState.DRAFT, transition_list__sender__in=own)
    return drafts.filter(transition_list__agreement=access.agreement)


def lists_visible_to(access: Access) -> QuerySet[TransitionList]:
    """The lists with at least one version that may be seen."""
    return TransitionList.objects.filter(pk__in=versions_visible_to(access).values("transition_list"))


def open_entries() -> EntryQuerySet:
    """The entries of drafts and of the newest released version of each list, of all lists."""
    newest = (
        TransitionListVersion.objects.filter(transition_list=OuterRef("version__transition_list"))
        .exclude(state=VersionState.DRAFT)
        .order_by("-number")
        .values("number")[:1]
    )
    return CaseEntry.objects.filter(Q(version__state=VersionState.DRAFT) | Q(version__number=Subquery(newest)))


def entries_visible_to(access: Access) -> EntryQuerySet:
    """Of these the ones that this person may see, still with what they say.

    Without those whose data may only be kept (`queries.restriction`).
    """
    visible = open_entries().filter(version__in=versions_visible_to(access))
    return visible.exclude(case__case_ref__in=hidden_refs(access))


def cases_visible_to(access: Access) -> QuerySet[TransitionCase]:
    """The cases that some visible version holds or held."""
    return TransitionCase.objects.filter(
        pk__in=CaseEntry.objects.filter(version__in=versions_visible_to(access)).values("case")
    )
