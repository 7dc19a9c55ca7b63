"""Who is told that something waits in the sealed area: a neutral mail per event and person, never to oneself."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from kok import outbox
from kok.roles import RoleSlug
from kok.words import local_day
from members.models import Agreement, Partner
from members.queries import holders_of
from transitions.documents.name_limit import NAME_LIMIT, auditors_of
from transitions.models import TransitionCase, TransitionListVersion
from transitions.queries.access import Access
from transitions.queries.questions import newest_released
from transitions.queries.release import crossed_by_outcome
from transitions.rules.codes import VersionState

SUBMITTED, RELEASED, ACKNOWLEDGED, CHANGED = "cases.submitted", "cases.released", "cases.acknowledged", "cases.changed"
ASKED, ANSWERED, RETURNED, RECALLED = "cases.asked", "cases.answered", "cases.returned", "cases.recalled"
CROSSED, SENT = "cases.crossed", "cases.sent"
OFFICER, RELEASER, RECEIVER = RoleSlug.CASE_OFFICER, RoleSlug.CASE_RELEASER, RoleSlug.CASE_RECEIVER


def tell_of_submission(*, version: TransitionListVersion, by: Access, now: datetime) -> None:
    """A draft waits for its release; also one that was taken back and submitted again unchanged."""
    _tell(SUBMITTED, _moment(version, now), version, (RELEASER,), version.transition_list.sender, by=by, now=now)


def tell_of_return(*, version: TransitionListVersion, by: Access, now: datetime) -> None:
    """The second person gave a draft back; why stands inside."""
    _tell(RETURNED, _moment(version, now), version, (OFFICER,), version.transition_list.sender, by=by, now=now)


def tell_of_recall(*, version: TransitionListVersion, by: Access, now: datetime) -> None:
    """Those who write a draft took it back: it waits for its release no more."""
    _tell(RECALLED, _moment(version, now), version, (RELEASER,), version.transition_list.sender, by=by, now=now)


def _moment(version: TransitionListVersion, now: datetime) -> str:
    return f"{version.pk}:{version.revision}:{now.timestamp():.0f}"


def tell_of_release(*, version: TransitionListVersion, by: Access, now: datetime) -> None:
    """A version arrived (scenario 16), and those who prepared it or could have released it learn that it went out."""
    _tell(RELEASED, str(version.pk), version, (RECEIVER,), version.receipt.recipient, by=by, now=now)
    _tell(SENT, str(version.pk), version, (OFFICER, RELEASER), version.transition_list.sender, by=by, now=now)


def tell_of_acknowledgement(*, version: TransitionListVersion, by: Access, now: datetime) -> None:
    """The receiving unit confirmed."""
    sender = version.transition_list.sender
    _tell(ACKNOWLEDGED, str(version.pk), version, (OFFICER, RELEASER), sender, by=by, now=now)


def tell_of_outcomes(*, cases: Sequence[TransitionCase], by: Access, now: datetime) -> None:
    """Something about cases of one list changed; said apart where a draft takes one of these off the list."""
    found = cases[0].transition_list
    _tell_daily(CHANGED, cases[0], (OFFICER,), found.sender, by=by, now=now)
    for version in TransitionListVersion.objects.filter(transition_list=found, state=VersionState.DRAFT):
        if not set(cases).isdisjoint(crossed_by_outcome(version)):
            key = f"{version.pk}:{local_day(now)}"
            roles = (OFFICER, RELEASER) if version.submitted_at else (OFFICER,)
            _tell(CROSSED, key, version, roles, found.sender, by=by, now=now)


def tell_of_question(*, case: TransitionCase, by: Access, now: datetime) -> None:
    """The receiving unit asks something."""
    _tell_daily(ASKED, case, (OFFICER,), case.transition_list.sender, by=by, now=now)


def tell_of_answer(*, case: TransitionCase, by: Access, now: datetime) -> None:
    """The county answered."""
    _tell_daily(ANSWERED, case, (RECEIVER,), _newest(case).receipt.recipient, by=by, now=now)


def _tell_daily(
    kind: str, case: TransitionCase, roles: tuple[str, ...], partner: Partner, *, by: Access, now: datetime
) -> None:
    """At most one mail a day, list and kind, however many cases it is about."""
    key = f"{case.transition_list_id}:{local_day(now)}"
    _tell(kind, key, _newest(case), roles, partner, by=by, now=now)


def _newest(case: TransitionCase) -> TransitionListVersion:
    """The newest released version: a draft may be discarded before the mail goes out."""
    found = newest_released(case)
    assert found is not None  # noqa: S101  only what was released is talked about
    return found


def tell_of_restriction(*, case: TransitionCase, by: Access, now: datetime) -> None:
    """The receiving unit learns that a case is restricted, or no longer (Art. 19 DSGVO): a mail a day and list."""
    released = TransitionListVersion.objects.filter(transition_list=case.transition_list_id, receipt__isnull=False)
    version = released.order_by("-number").first()
    if version is not None and case.named_at is not None:
        key = f"{case.transition_list_id}:{local_day(now)}"
        _tell(CHANGED, key, version, (RECEIVER,), version.receipt.recipient, by=by, now=now)


def tell_of_name_limit(*, agreement: Agreement, now: datetime) -> None:
    """The auditors of the agreement, once a day: texts were asked about more often than on any honest day."""
    day = local_day(now)
    for holder in filter(attrgetter("email"), auditors_of(agreement, day)):
        context = {"agreement": agreement.pk, "user": holder.user_id}
        key = f"{NAME_LIMIT}:{agreement.pk}:{day}:{holder.user_id}"
        outbox.enqueue(kind=NAME_LIMIT, key=key, to=holder.email, context=context, now=now)


def _tell(
    kind: str, key: str, version: TransitionListVersion, roles: tuple[str, ...], partner: Partner, *, by: Access,
    now: datetime,
) -> None:  # fmt: skip
    holders = holders_of(roles, [partner], local_day(now))
    for holder in filter(attrgetter("email"), holders):
        if holder.user_id != by.user.pk:
            context = {"version": str(version.pk), "user": holder.user_id, "roles": list(roles)}
            outbox.enqueue(kind=kind, key=f"{kind}:{key}:{holder.user_id}", to=holder.email, context=context, now=now)
