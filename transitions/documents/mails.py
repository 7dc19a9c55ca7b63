"""The mails of the sealed area: something waits, and where. No name, no number of cases, no Fallzeichen."""

from collections.abc import Callable

from django.conf import settings
from django.urls import reverse

from kok import clock
from kok.models import OutboxMessage
from kok.outbox import Mail
from members.documents import about
from members.queries import holders_of, user_ids
from transitions.models import CaseQuestion, TransitionListVersion
from transitions.queries.questions import waiting
from transitions.queries.release import crossed_by_outcome
from transitions.rules.codes import VersionState

Question = Callable[[TransitionListVersion], bool]


def _asks(version: TransitionListVersion) -> bool:
    """Whether a question about a case of its list still waits for an answer."""
    return waiting(CaseQuestion.objects.filter(case__transition_list=version.transition_list_id)).exists()


def _in_draft(is_so: Question) -> Question:
    return lambda version: version.is_draft and is_so(version)


_STAYS: Question = lambda version: True  # noqa: E731  what was said once stays true
# Each mail, with whether it is still true when it goes out.
_STILL_TRUE: dict[str, Question] = {
    "cases.submitted": _in_draft(lambda draft: draft.submitted_at is not None),
    "cases.released": lambda version: version.state == VersionState.RELEASED,
    "cases.acknowledged": _STAYS,
    "cases.changed": _STAYS,
    "cases.asked": _asks,
    "cases.answered": _STAYS,
    "cases.returned": _in_draft(lambda draft: draft.returned_at is not None),
    "cases.recalled": _in_draft(lambda draft: draft.submitted_at is None),
    "cases.crossed": _in_draft(lambda draft: bool(crossed_by_outcome(draft))),
    "cases.sent": _STAYS,
}
KINDS = tuple(_STILL_TRUE)


def build(message: OutboxMessage) -> Mail | None:
    """The mail, or None when it is over: the draft was taken back, or the person has the role no more."""
    versions = TransitionListVersion.objects.select_related(
        "transition_list__agreement", "transition_list__sender__authority"
    )
    version = versions.filter(pk=message.context["version"]).first()
    if version is None or not _STILL_TRUE[message.kind](version) or not _may_still_read(message, version):
        return None
    agreement = version.transition_list.agreement
    url = settings.KOK_PUBLIC_URL + reverse("transitions:enter", args=[agreement.slug])
    return about(agreement, message.kind, {"year": version.transition_list.year, "number": version.number, "url": url})


def _may_still_read(message: OutboxMessage, version: TransitionListVersion) -> bool:
    partners = version.transition_list.agreement.partners.all()
    return message.context["user"] in user_ids(holders_of(message.context["roles"], partners, clock.today()))
