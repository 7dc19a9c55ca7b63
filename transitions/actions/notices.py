"""Who is told that something waits in the sealed area: a neutral mail per event and person, never to oneself."""

from datetime import datetime

from kok import outbox
from kok.clock import BERLIN
from members.models import Partner
from members.queries import people_with_role
from transitions.models import TransitionCase, TransitionListVersion
from transitions.queries.access import Access

SUBMITTED, RELEASED, ACKNOWLEDGED, CHANGED = "cases.submitted", "cases.released", "cases.acknowledged", "cases.changed"
OFFICER, RELEASER, RECEIVER = "case-officer", "case-releaser", "case-receiver"


def tell_of_submission(*, version: TransitionListVersion, by: Access, now: datetime) -> None:
    """A draft waits for its release."""
    key = f"{version.pk}:{version.revision}"
    _tell(SUBMITTED, key, version, (RELEASER,), version.transition_list.sender, by=by, now=now)


def tell_of_release(*, version: TransitionListVersion, by: Access, now: datetime) -> None:
    """A version arrived (scenario 16)."""
    _tell(RELEASED, str(version.pk), version, (RECEIVER,), version.receipt.recipient, by=by, now=now)


def tell_of_acknowledgement(*, version: TransitionListVersion, by: Access, now: datetime) -> None:
    """The receiving unit confirmed."""
    sender = version.transition_list.sender
    _tell(ACKNOWLEDGED, str(version.pk), version, (OFFICER, RELEASER), sender, by=by, now=now)


def tell_of_outcome(*, case: TransitionCase, by: Access, now: datetime) -> None:
    """Something about a case changed: at most one mail a day and list, however many outcomes there are."""
    day = now.astimezone(BERLIN).date()
    released = TransitionListVersion.objects.filter(transition_list=case.transition_list_id, receipt__isnull=False)
    version = released.latest("number")  # a draft may be discarded before the mail goes out
    key = f"{case.transition_list_id}:{day}"
    _tell(CHANGED, key, version, (OFFICER,), case.transition_list.sender, by=by, now=now)


def _tell(
    kind: str, key: str, version: TransitionListVersion, roles: tuple[str, ...], partner: Partner, *, by: Access,
    now: datetime,
) -> None:  # fmt: skip
    day = now.astimezone(BERLIN).date()
    holders = {each.user_id: each for role in roles for each in people_with_role(role, partner, day)}
    for holder in holders.values():
        if holder.user_id == by.user.pk or not holder.email:
            continue
        context = {"version": str(version.pk), "user": holder.user_id, "roles": list(roles)}
        outbox.enqueue(kind=kind, key=f"{kind}:{key}:{holder.user_id}", to=holder.email, context=context, now=now)
