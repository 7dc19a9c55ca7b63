"""The mails of the sealed area: something waits, and where. No name, no number of cases, no Fallzeichen."""

from collections.abc import Callable

from django.conf import settings
from django.urls import reverse

from kok import clock
from kok.models import OutboxMessage
from kok.outbox import Mail
from members.documents import about
from members.queries import people_with_role
from transitions.models import CaseQuestion, TransitionListVersion
from transitions.queries.questions import waiting
from transitions.queries.release import crossed_by_outcome
from transitions.rules.codes import VersionState

KINDS = (
    "cases.submitted", "cases.released", "cases.acknowledged", "cases.changed", "cases.asked", "cases.answered",
    "cases.returned", "cases.recalled", "cases.crossed", "cases.sent",
)  # fmt: skip

_OF_DRAFTS: dict[str, Callable[[TransitionListVersion], bool]] = {
    "cases.submitted": lambda draft: draft.submitted_at is not None,
    "cases.recalled": lambda draft: draft.submitted_at is None,
    "cases.returned": lambda draft: draft.returned_at is not None,
    "cases.crossed": lambda draft: bool(crossed_by_outcome(draft)),
}


def build(message: OutboxMessage) -> Mail | None:
    """The mail, or None when it is over: the draft was taken back, or the person has the role no more."""
    versions = TransitionListVersion.objects.select_related(
        "transition_list__agreement", "transition_list__sender__authority"
    )
    version = versions.filter(pk=message.context["version"]).first()
    if version is None or not _is_still_true(message.kind, version) or not _may_still_read(message, version):
        return None
    agreement = version.transition_list.agreement
    url = settings.KOK_PUBLIC_URL + reverse("transitions:enter", args=[agreement.slug])
    return about(agreement, message.kind, {"year": version.transition_list.year, "number": version.number, "url": url})


def _is_still_true(kind: str, version: TransitionListVersion) -> bool:
    if kind == "cases.released":
        return version.state == VersionState.RELEASED
    if kind == "cases.asked":
        about = CaseQuestion.objects.filter(case__transition_list=version.transition_list_id)
        return waiting(about).exists()
    of_draft = _OF_DRAFTS.get(kind)
    return of_draft is None or (version.is_draft and of_draft(version))


def _may_still_read(message: OutboxMessage, version: TransitionListVersion) -> bool:
    today = clock.today()
    return any(
        holder.user_id == message.context["user"]
        for partner in version.transition_list.agreement.partners.all()
        for role in message.context["roles"]
        for holder in people_with_role(role, partner, today)
    )
