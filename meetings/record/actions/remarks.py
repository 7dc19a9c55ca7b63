"""An approver asks for a change, and the Geschäftsstelle that owns the minutes answers."""

from datetime import datetime

from django.db import transaction

from kok import genuine
from kok.access import Permission, partners_of
from kok.clock import BERLIN
from kok.models import User
from meetings.record.actions.approval import called
from meetings.record.actions.telling import tell_answer, tell_remark
from meetings.record.actions.versions import check_responsible, circulated, locked_minutes, record
from meetings.record.models import Minutes, MinutesRemark
from meetings.record.queries.distribution import writers_of
from meetings.record.rules import writing
from meetings.record.rules.codes import MinutesState
from meetings.record.rules.remarks import check_answer, check_remark
from members.actions import check_genuine


@transaction.atomic
def ask_change(*, minutes: Minutes, partner: int, version: int, text: str, by: User, now: datetime) -> MinutesRemark:
    """Keeps what an approver wants changed in the version that he read, and tells the Geschäftsstelle.

    Raises Refused as `check_remark`, for another version than the one that goes round, and where the version or a role
    of who asks was put in or changed past the application.
    """
    locked = locked_minutes(minutes)
    check_genuine(by)
    writing.check_version(shown=version, now=locked.version)
    mine = partners_of(by, Permission.MINUTES_APPROVE, locked.meeting.body.agreement)
    approved = locked.partners_that_approved()
    check_remark(MinutesState(locked.state), text, partner=partner, mine=mine, approved=approved)
    made = MinutesRemark.objects.create(
        version=circulated(locked), partner_id=partner, text=text.strip(), asked_at=now, asked_by=by,
        **called(by, locked),
    )  # fmt: skip
    record(locked, "minutes.remarked", by=by, now=now)
    tell_remark(made, writers_of(locked, now.astimezone(BERLIN).date()), now=now)
    return made


@transaction.atomic
def answer_remark(*, remark: MinutesRemark, answer: str, by: User, now: datetime) -> None:
    """Answers without changing the minutes; whoever asked is told.

    Raises Refused for another partner than the one that owns the minutes, a second time, without words, after a new
    version, and where the request was put in or changed past the application.
    """
    locked = locked_minutes(remark.version.minutes)
    check_responsible(locked, by=by)
    [found] = genuine.rows(MinutesRemark.objects.filter(pk=remark.pk).select_related("version", "asked_by"))
    check_answer(answer, is_open=not found.is_answered and found.version.counts)
    found.answer, found.answered_at, found.answered_by = answer.strip(), now, by
    found.save(update_fields=["answer", "answered_at", "answered_by"])
    record(locked, "minutes.remark_answered", by=by, now=now)
    tell_answer(found, now=now)
