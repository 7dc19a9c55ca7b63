"""Invitations and cancellations are read by a worker before they go out, as minutes are (5.5, ADR 24).

It warns and does not refuse. What is asked about stands with the meeting first, for the worker gets no text. What went
out all the same can be withheld.
"""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from kok import audit, erasure, text_checks
from kok.access import Permission, partners_of
from kok.models import TextCheck, User
from meetings.convening.actions import invitations
from meetings.convening.actions.convening import check_convening
from meetings.convening.actions.erasure import WITHHELD, withheld_words
from meetings.convening.actions.invitations import (
    check_may_plan,
    check_revision,
    check_unsent,
    with_body_locked,
)
from meetings.convening.actions.notice import Consent
from meetings.convening.models import InvitationRound, Meeting
from meetings.convening.queries.invitations import latest_round
from meetings.convening.queries.outgoing import changed_since
from meetings.convening.rules import states
from meetings.convening.rules.codes import MeetingState
from meetings.convening.rules.outgoing import (
    CANCELLATION,
    CHECKED,
    INVITATION,
    check_as_shown,
    check_looked_at,
    check_withhold,
)
from meetings.convening.rules.states import MeetingStep
from members.actions import check_hands


@transaction.atomic
def check_invitation(
    *, meeting: Meeting, revision: int, shown: str, urgency_reason: str, by: User, now: datetime
) -> TextCheck:
    """Keeps the reason of a short Ladungsfrist and asks about all that would go out. Raises Refused as `invite`.

    Only where it could go out: each question is counted and logged where it is answered.
    """
    locked = with_body_locked(meeting)
    changed = changed_since(INVITATION, locked, shown, typed=urgency_reason)
    check_unsent(locked, revision, changed)
    states.next_state(MeetingState(locked.state), MeetingStep.INVITE)
    check_convening(locked, by=by, now=now)
    check_as_shown(changed)
    Meeting.objects.filter(pk=locked.pk).update(urgency_draft=urgency_reason.strip())
    return text_checks.ask(kind=INVITATION, object_id=locked.pk, by=by, now=now)


@transaction.atomic
def invite(
    *, meeting: Meeting, revision: int, seen: str, shown: str, consent: Consent, by: User, now: datetime
) -> InvitationRound:
    """Sends what was asked about. `seen` is the state of the check that the person saw, `shown` the marks of the rest.

    Raises Refused where either is another one, and as `invitations.invite`.
    """
    locked = with_body_locked(meeting)
    changed = changed_since(INVITATION, locked, shown)
    check_unsent(locked, revision, changed)
    checked = _checked(INVITATION, locked, seen, now=now)
    check_as_shown(changed)
    consent = replace(consent, urgency_reason=locked.urgency_draft)
    sent = invitations.invite(meeting=locked, revision=revision, consent=consent, by=by, now=now, checked=checked)
    Meeting.objects.filter(pk=locked.pk).update(urgency_draft="")
    return sent


@transaction.atomic
def check_cancellation(
    *, meeting: Meeting, revision: int, shown: str, reason: str, by: User, now: datetime
) -> TextCheck:
    """Keeps the reason and asks about it. Raises Refused as `cancel`."""
    locked = with_body_locked(meeting)
    check_may_plan(by, locked)
    states.check_cancel(MeetingState(locked.state), reason)
    changed = changed_since(CANCELLATION, locked, shown, typed=reason)
    check_revision(locked, revision, changed)
    if latest_round(locked) is not None:
        check_convening(locked, by=by, now=now)
    check_as_shown(changed)
    Meeting.objects.filter(pk=locked.pk).update(cancellation_reason=reason.strip())
    return text_checks.ask(kind=CANCELLATION, object_id=locked.pk, by=by, now=now)


@transaction.atomic
def cancel(*, meeting: Meeting, revision: int, seen: str, shown: str, by: User, now: datetime) -> None:
    """Cancels with the reason that was asked about. Raises Refused as `invite` here and as `invitations.cancel`."""
    locked = with_body_locked(meeting)
    states.check_cancel(MeetingState(locked.state), locked.cancellation_reason)
    changed = changed_since(CANCELLATION, locked, shown)
    check_revision(locked, revision, changed)
    checked = _checked(CANCELLATION, locked, seen, now=now)
    check_as_shown(changed)
    reason = locked.cancellation_reason
    invitations.cancel(meeting=locked, reason=reason, revision=revision, by=by, now=now, checked=checked)


@transaction.atomic
def withhold(*, round_: InvitationRound, reason: str, by: User, now: datetime) -> None:
    """Nobody reads any more what was sent, and the worker erases words and PDF at once; mails are not called back.

    Raises Refused without a reason, a second time, and for a partner that did not send it.
    """
    related = ("meeting__body__agreement", "convened_by__authority")
    locked = InvitationRound.objects.select_for_update(of=("self",)).select_related(*related).get(pk=round_.pk)
    check_hands(by)
    agreement = locked.meeting.body.agreement
    acting = partners_of(by, Permission.MEETING_INVITE, agreement)
    check_withhold(
        reason, is_withheld=locked.withheld_at is not None, may=locked.convened_by_id in acting,
        sender=locked.convened_by.short_name,
    )  # fmt: skip
    locked.withheld_at, locked.withheld_by, locked.withheld_reason = now, by, reason.strip()
    locked.save(update_fields=["withheld_at", "withheld_by", "withheld_reason"])
    audit.record(
        by=by, action="meeting.withheld", obj=locked.meeting, agreement=agreement.slug,
        note=f"{withheld_words(locked)}: {reason.strip()}", now=now,
    )  # fmt: skip
    erasure.ask(WITHHELD, [str(locked.pk)])


def _checked(kind: str, meeting: Meeting, seen: str, *, now: datetime) -> str:
    """What the trail says of the check; the meeting is locked, so that its words stay until they are sent."""
    check = text_checks.found(kind=kind, object_id=meeting.pk, now=now)
    is_pending = check is not None and check.is_pending(now)
    check_looked_at(state=check.state if check else "", is_pending=is_pending, seen=seen)
    return CHECKED[seen]
