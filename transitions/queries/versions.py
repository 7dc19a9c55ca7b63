"""The versions of one list beside each other: which is shown with names, which replaced it, what proves each."""

from transitions.models import TransitionList, TransitionListVersion, TransmissionReceipt
from transitions.queries.access import Access
from transitions.queries.visibility import versions_visible_to
from transitions.rules.codes import VersionState


def shows_names(version: TransitionListVersion, access: Access) -> bool:
    """Whether names stand in this version: in a draft, and in the newest released one until it is erased."""
    if version.is_draft:
        return True
    later = versions_visible_to(access).filter(transition_list=version.transition_list_id, number__gt=version.number)
    return version.state != VersionState.ERASED and not later.exclude(state=VersionState.DRAFT).exists()


def receipts_of(wanted: TransitionList, access: Access) -> list[TransmissionReceipt]:
    """The proofs of all transmissions of a list that this person may see, the newest first."""
    versions = versions_visible_to(access).filter(transition_list=wanted, receipt__isnull=False).order_by("-number")
    return [
        each.receipt for each in versions.select_related("receipt__acknowledgement", "receipt__recipient__authority")
    ]


def newer_than(version: TransitionListVersion, access: Access) -> TransitionListVersion | None:
    """The newest released version that replaced this one."""
    later = versions_visible_to(access).filter(transition_list=version.transition_list_id, number__gt=version.number)
    return later.exclude(state=VersionState.DRAFT).order_by("-number").first()


def draft_beside(version: TransitionListVersion, access: Access) -> TransitionListVersion | None:
    """The draft that will replace a released version."""
    if version.is_draft:
        return None
    drafts = versions_visible_to(access).filter(transition_list=version.transition_list_id, state=VersionState.DRAFT)
    return drafts.first()
