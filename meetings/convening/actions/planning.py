"""Planning a meeting: the day, the place and the agenda it begins with; changing, moving and replacing it."""

from datetime import date, datetime, time
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction

from kok import audit, seen, words
from kok.access import Permission, can
from kok.clock import BERLIN
from kok.errors import require
from kok.models import User
from kok.queries import extra_holidays
from meetings.convening.actions.convening import check_convening
from meetings.convening.models import AgendaItem, Meeting
from meetings.convening.queries.agenda import items_of, lines_of
from meetings.convening.rules import agenda as agenda_rules
from meetings.convening.rules import notice, numbering, states
from meetings.convening.rules.agenda import PlanningPartner
from meetings.convening.rules.codes import DID_NOT_MEET, MeetingState
from meetings.convening.rules.states import MeetingStep
from members.models import Body, Partner
from members.queries import conference_of, due_day_of, headings_on
from members.rules.codes import BodyKind, PartnerKind, Reference


class Occasion(TypedDict):
    """When and where: `place` or `link` must be given, `ends_at` may be open."""

    meets_on: date
    starts_at: time
    ends_at: NotRequired[time | None]
    place: str
    link: str


@transaction.atomic
def plan_meeting(
    *, body: Body, replaces: Meeting | None = None, by: User, now: datetime, **occasion: Unpack[Occasion]
) -> Meeting:
    """Plans a meeting with its standard agenda (7.4). The secretariats of all partners may prepare one.

    `replaces` is a cancelled meeting of the same body; the new one has its agenda.

    Raises Refused for a past day, a Sunday or a holiday, for a body that does not exist on that day, for a meeting that
    was replaced before, and for a second click.
    """
    agreement = body.agreement
    _check_may_plan(by, body)
    _check_day(body, occasion["meets_on"], now=now)
    if replaces is not None:
        _check_replaceable(replaces, body)
    _check_not_twice(body, occasion)
    meeting = Meeting(body=body, replaces=replaces, **occasion)
    meeting.validate_constraints(exclude={"replaces"})
    meeting.save()
    if replaces is None or not _take_along(replaces, meeting):
        _add_standard_agenda(meeting)
    audit.record(by=by, action="meeting.planned", obj=meeting, agreement=agreement.slug, now=now)
    return meeting


@transaction.atomic
def change_meeting(
    *, meeting: Meeting, revision: int, by: User, now: datetime, **occasion: Unpack[Occasion]
) -> Meeting:
    """Changes time and place; the day only until the invitation went out, afterwards the meeting is moved.

    Raises Refused when somebody changed the meeting meanwhile, and as `plan_meeting`.
    """
    locked = locked_meeting(meeting, revision=revision)
    _check_may_plan(by, locked.body)
    states.next_state(MeetingState(locked.state), MeetingStep.EDIT)
    if occasion["meets_on"] != locked.meets_on:
        require(
            locked.is_planned,
            "Zu dieser Sitzung ist schon eingeladen. Es wurde nichts geändert. "
            "Für einen anderen Tag verlegen Sie die Sitzung.",
        )
        _check_day(locked.body, occasion["meets_on"], now=now)
    return _write(locked, occasion, action="meeting.changed", by=by, now=now)


@transaction.atomic
def reschedule(*, meeting: Meeting, revision: int, by: User, now: datetime, **occasion: Unpack[Occasion]) -> Meeting:
    """Moves a meeting to another day (R-SEC-4): the number stays, a new round of invitations is required.

    Once invited, only the partner in office may move it (R-SEC-3). Raises Refused as `plan_meeting`.
    """
    locked = locked_meeting(meeting, revision=revision)
    _check_may_plan(by, locked.body)
    states.check_reschedule(MeetingState(locked.state), locked.meets_on, occasion["meets_on"])
    if locked.is_invited:
        check_convening(locked, by=by, now=now)
    _check_day(locked.body, occasion["meets_on"], now=now)
    locked.state = states.next_state(MeetingState(locked.state), MeetingStep.RESCHEDULE)
    locked.urgency_draft = ""
    late = AgendaItem.objects.filter(meeting=locked, is_late=True)
    late.update(is_late=False, late_on=None)  # the first invitation to the new day has them
    return _write(locked, occasion, action="meeting.rescheduled", by=by, now=now)


@transaction.atomic
def did_not_meet(*, meeting: Meeting, revision: int, by: User, now: datetime) -> None:
    """Puts a meeting aside whose day passed and to which nobody was invited; no mail goes out.

    Raises Refused where somebody was invited, before the day, and as `change_meeting`.
    """
    locked = locked_meeting(meeting, revision=revision)
    _check_may_plan(by, locked.body)
    today = now.astimezone(BERLIN).date()
    was_told = locked.rounds.exists()
    states.check_did_not_meet(MeetingState(locked.state), locked.meets_on, today, was_told=was_told)
    locked.state, locked.cancellation_reason = Meeting.State.CANCELLED, DID_NOT_MEET
    _count_up(locked, "meeting.did-not-meet", by=by, now=now)


@transaction.atomic
def resume(*, meeting: Meeting, revision: int, by: User, now: datetime) -> None:
    """Takes back that a meeting is cancelled, where nobody was told: it is planned as before. Raises Refused."""
    locked = locked_meeting(meeting, revision=revision)
    _check_may_plan(by, locked.body)
    is_replaced = Meeting.objects.filter(replaces=locked).exists()
    states.check_resume(MeetingState(locked.state), was_told=locked.rounds.exists(), is_replaced=is_replaced)
    locked.state, locked.cancellation_reason = Meeting.State.PLANNED, ""
    _count_up(locked, "meeting.resumed", by=by, now=now)


def _count_up(meeting: Meeting, action: str, *, by: User, now: datetime) -> None:
    meeting.revision += 1
    meeting.save(update_fields=["state", "cancellation_reason", "revision"])
    audit.record(by=by, action=action, obj=meeting, agreement=meeting.body.agreement.slug, now=now)


def locked_meeting(meeting: Meeting, *, revision: int) -> Meeting:
    """The meeting under a row lock. Raises Refused when it is no longer the revision that this person saw."""
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("body__agreement")
    locked = rows.get(pk=meeting.pk)
    require(
        locked.revision == revision,
        "Jemand anderes hat die Sitzung inzwischen geändert. Ihre Änderung ist nicht gespeichert, Ihre Angaben "
        f"sind noch da. Oben sehen Sie den jetzigen Stand. {seen.MEANT}",
    )
    return locked


def _write(meeting: Meeting, occasion: Occasion, *, action: str, by: User, now: datetime) -> Meeting:
    before = audit.values_of(Meeting.objects.get(pk=meeting.pk))
    for name, value in occasion.items():
        setattr(meeting, name, value)
    meeting.revision += 1
    meeting.validate_constraints()
    meeting.save()
    audit.record(
        by=by, action=action, obj=meeting, agreement=meeting.body.agreement.slug,
        note=words.day(meeting.meets_on), change=audit.changes(meeting, before), now=now,
    )  # fmt: skip
    return meeting


def _check_may_plan(by: User, body: Body) -> None:
    require(
        can(by, Permission.MEETING_PLAN, body.agreement),
        "Sitzungen bereiten die Geschäftsstellen der Partner vor. Es wurde nichts geändert.",
    )


def _check_day(body: Body, meets_on: date, *, now: datetime) -> None:
    """A Saturday is allowed; the page warns of it."""
    notice.check_meeting_day(meets_on, now.astimezone(BERLIN).date(), extra_holidays())
    require(
        meets_on in body.period,
        f"Das Gremium {body.name} besteht am {words.day(meets_on)} nicht. Die Sitzung ist noch nicht gespeichert, "
        "Ihre Angaben sind noch da. Wählen Sie einen anderen Tag oder ein anderes Gremium.",
    )


def _check_replaceable(meeting: Meeting, body: Body) -> None:
    """Locks the cancelled meeting, so that two people do not replace it twice."""
    cancelled = Meeting.objects.select_for_update().get(pk=meeting.pk)
    require(
        cancelled.is_cancelled and cancelled.body_id == body.pk,
        "Ersetzt werden kann nur eine abgesagte Sitzung desselben Gremiums. Es wurde nichts geändert.",
    )
    require(
        not Meeting.objects.filter(replaces=cancelled).exists(),
        "Für die abgesagte Sitzung ist schon ein Ersatz geplant. Es wurde nichts geändert. "
        "Sie finden ihn in der Liste der Sitzungen.",
    )


def _check_not_twice(body: Body, occasion: Occasion) -> None:
    """The body is locked, so that a second click at the same moment waits and then finds the first meeting."""
    Body.objects.select_for_update(of=("self",)).get(pk=body.pk)
    same = Meeting.objects.filter(body=body, meets_on=occasion["meets_on"], starts_at=occasion["starts_at"])
    require(
        not same.exclude(state=Meeting.State.CANCELLED).exists(),
        f"Für das Gremium {body.name} ist an diesem Tag zu dieser Uhrzeit schon eine Sitzung geplant. Es wurde "
        "keine zweite angelegt. Sie finden sie in der Liste der Sitzungen.",
    )


def _take_along(replaced: Meeting, meeting: Meeting) -> bool:
    """The agenda of the cancelled meeting in its order, with what it had postponed; numbered anew, nobody is late.

    False where there is none.
    """
    items = items_of(replaced)
    by_key = {item.pk: item for item in items}
    lines = lines_of(items)
    numbers = numbering.agenda_numbers([line.level for line in lines])
    above = None
    for position, (line, number) in enumerate(zip(lines, numbers, strict=True), 1):
        item = by_key[line.key]
        added = AgendaItem.objects.create(
            meeting=meeting,
            parent=above if line.level > 1 else None,
            position=position,
            number=number,
            title=item.title,
            note=item.note,
            code=item.code,
            subject_kind=item.subject_kind,
            subject_id=item.subject_id,
            continues=item.continues,
        )
        above = added if line.level == 1 else above
    return bool(items)


def _add_standard_agenda(meeting: Meeting) -> None:
    """The items of 7.4 with their numbers, in the transaction of the plan."""
    body = meeting.body
    partners = Partner.objects.filter(agreement_id=body.agreement_id)
    items = agenda_rules.standard_agenda(
        [PlanningPartner(partner.short_name, partner.kind == PartnerKind.LWV) for partner in partners],
        conference=conference_of(body.agreement).called_on(meeting.meets_on).name,
        is_conference=body.kind == BodyKind.CONFERENCE,
        with_figures=_presents_figures(meeting),
        headings=headings_on(body.agreement, meeting.meets_on),
    )
    numbers = numbering.agenda_numbers([item.level for item in items])
    above = None
    for position, (item, number) in enumerate(zip(items, numbers, strict=True), 1):
        added = AgendaItem.objects.create(
            meeting=meeting,
            parent=above if item.level > 1 else None,
            position=position,
            number=number,
            title=item.title,
            code=item.code,
        )
        above = added if item.level == 1 else above


def _presents_figures(meeting: Meeting) -> bool:
    """The day by which the figures are due is that of the agreement of the year."""
    meets_on = meeting.meets_on
    due_day = due_day_of(meeting.body.agreement, Reference.REFERENCE_DATE_PREVIOUS_YEAR_END)
    others = Meeting.objects.filter(body=meeting.body).exclude(pk=meeting.pk).exclude(state=Meeting.State.CANCELLED)
    days = others.filter(meets_on__year=meets_on.year).values_list("meets_on", flat=True)
    return agenda_rules.presents_figures(meets_on, due_day.of_year(meets_on.year)[0], days)
