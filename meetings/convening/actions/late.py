"""Entering a meeting that took place without the application, and taking out one that was entered by mistake."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kok import audit
from kok.access import Permission, can
from kok.clock import BERLIN
from kok.errors import require
from kok.models import User
from meetings.convening.actions.invitations import next_number
from meetings.convening.actions.planning import Occasion, locked_meeting
from meetings.convening.models import LateEntry, Meeting
from meetings.convening.rules import late as rules
from meetings.convening.rules.codes import BY_MISTAKE
from members.models import Body, Partner
from members.rules.codes import BodyKind

MAY_NOT = "Sitzungen tragen die Geschäftsstellen der Partner nach. Es wurde nichts geändert."


@dataclass(frozen=True)
class LateFacts:
    """What is known of the meeting: why it is entered only now, whose secretariat it was, who was there, what was said.

    `text` is "" where only the fact is entered. `all_present`: somebody confirmed that every partner was there.
    """

    reason: str
    office: Partner
    all_present: bool
    text: str = ""


@transaction.atomic
def enter_later(*, body: Body, occasion: Occasion, known: LateFacts, by: User, now: datetime) -> Meeting:
    """Enters a meeting of the past as held, under the next number of its year; nobody gets a mail.

    Raises Refused for a day that is not over, on which the body did not exist or met already, without a reason, and for
    the conference without the confirmation that all partners were there.
    """
    require(can(by, Permission.MEETING_PLAN, body.agreement), MAY_NOT)
    meets_on = occasion["meets_on"]
    rules.check_past(meets_on, now.astimezone(BERLIN).date())
    rules.check_reason(known.reason)
    rules.check_all_present(is_conference=body.kind == BodyKind.CONFERENCE, is_confirmed=known.all_present)
    require(meets_on in body.period, f"Das Gremium {body.name} bestand an diesem Tag nicht. {rules.KEPT}")
    _check_first(body, occasion)
    meeting = Meeting(body=body, state=Meeting.State.HELD, is_entered_later=True, **occasion)
    meeting.number = next_number(meeting)
    meeting.validate_constraints(exclude={"replaces"})
    meeting.save()
    LateEntry.objects.create(
        meeting=meeting,
        reason=known.reason.strip(),
        office=known.office,
        text=known.text,
        entered_at=now,
        entered_by=by,
    )
    audit.record(
        by=by, action="meeting.entered-later", obj=meeting, agreement=body.agreement.slug, note=meeting.number, now=now
    )
    return meeting


@transaction.atomic
def take_out(*, meeting: Meeting, revision: int, by: User, now: datetime) -> None:
    """Takes out a meeting that was entered by mistake: it counts no more and keeps its number (7.5). Raises Refused."""
    locked = locked_meeting(meeting, revision=revision)
    require(can(by, Permission.MEETING_PLAN, locked.body.agreement), MAY_NOT)
    rules.check_by_mistake(is_entered_later=locked.is_entered_later, is_cancelled=locked.is_cancelled)
    locked.state, locked.cancellation_reason = Meeting.State.CANCELLED, BY_MISTAKE
    locked.revision += 1
    locked.save(update_fields=["state", "cancellation_reason", "revision"])
    audit.record(by=by, action="meeting.taken-out", obj=locked, agreement=locked.body.agreement.slug, now=now)


def _check_first(body: Body, occasion: Occasion) -> None:
    """The body is locked, so that a second click finds the first entry, and two meetings get two numbers."""
    Body.objects.select_for_update(of=("self",)).get(pk=body.pk)
    same = Meeting.objects.filter(body=body, meets_on=occasion["meets_on"]).exclude(state=Meeting.State.CANCELLED)
    require(
        not same.exists(),
        f"Das Gremium {body.name} hat an diesem Tag hier schon eine Sitzung. Es wurde keine zweite eingetragen. Sie "
        "finden sie in der Liste der Sitzungen.",
    )
