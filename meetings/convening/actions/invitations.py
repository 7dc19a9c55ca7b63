"""Inviting, cancelling, answering. A round freezes what was sent to whom; mails go through the outbox."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter

from django.db import transaction
from django.db.models import Max

from kok import audit, dispatch, documents, genuine, outbox, words
from kok.access import Permission, can
from kok.dispatch import Addressee, Sending, SentSubject
from kok.errors import Refused, first_problem, refuse, require
from kok.models import User
from kok.words import weekday
from meetings.convening.actions.convening import check_convening
from meetings.convening.actions.notice import Consent, check_notice, keep_consents
from meetings.convening.models import AgendaItem, Invitation, InvitationRound, Meeting
from meetings.convening.queries.agenda import items_of
from meetings.convening.queries.dispatches import CANCELLATION, ENDED, INVITATION, MEETING
from meetings.convening.queries.invitations import (
    Recipients,
    changes_since,
    ending,
    frozen_agenda,
    invited_of,
    latest_round,
    recipients_of,
    when,
)
from meetings.convening.queries.secretariat import ActingPartners
from meetings.convening.rules import numbering, states
from meetings.convening.rules.changes import FrozenItem
from meetings.convening.rules.codes import MeetingState
from meetings.convening.rules.outgoing import check_as_shown
from meetings.convening.rules.states import MeetingStep
from members.models import Body
from members.queries import Invitee
from members.queries.foundation import seated


@transaction.atomic
def invite(
    *, meeting: Meeting, revision: int, consent: Consent | None = None, by: User, now: datetime, checked: str = ""
) -> InvitationRound:
    """Sends a round of invitations: the first one gives the number, each one raises the SEQUENCE of the calendar.

    Raises Refused for a second click, a meeting that changed meanwhile, the partner that is not in office (R-SEC-3),
    a short Ladungsfrist without reason and consent (only of the first to its day), an empty agenda, recipients without
    an address, and where a seat, who has it, or a person was put in or changed past the application. `checked` is for
    the trail: what came of `actions.outgoing`.
    """
    consent = consent or Consent()
    locked = with_body_locked(meeting)
    check_unsent(locked, revision)
    state = states.next_state(MeetingState(locked.state), MeetingStep.INVITE)
    office, secretariat = check_convening(locked, by=by, now=now)
    agenda = frozen_agenda(items_of(locked))
    genuine.check(seated(locked.body, locked.meets_on))
    recipients = recipients_of(locked.body, locked.meets_on)
    _check_complete(agenda, recipients, consent)
    is_short = check_notice(locked, secretariat, consent, now=now)
    previous = latest_round(locked)
    locked.state = state
    locked.number = locked.number or next_number(locked)
    urgency = consent.urgency_reason.strip() if is_short else ""
    sent = _freeze(locked, InvitationRound.Kind.INVITATION, office, agenda, urgency, by=by, now=now)
    if is_short:
        keep_consents(sent, consent)
    _date_late_items(sent)
    _invite_all(sent, previous, recipients.filled)
    _queue_invitations(sent, recipients, now=now)
    _note_other_ways(sent, recipients, now=now)
    _tell_no_longer_invited(sent, previous, recipients, now=now)
    request_agenda(round_=sent, now=now)
    audit.record(
        by=by, action="meeting.invited", obj=locked, agreement=locked.body.agreement.slug,
        note=", ".join(filter(None, (locked.number, f"Fassung {sent.round_no}", checked))), now=now,
    )  # fmt: skip
    return sent


@transaction.atomic
def cancel(*, meeting: Meeting, reason: str, revision: int, by: User, now: datetime, checked: str = "") -> None:
    """Cancels a meeting with a reason; the number stays (7.5). Everybody who was invited is told,
    by mail where the person has an address now; the others are told in another way, and the record names them.

    Once somebody was invited, only the partner in office cancels (R-SEC-3). Raises Refused as `invite`.
    """
    locked = with_body_locked(meeting)
    check_may_plan(by, locked)
    states.check_cancel(MeetingState(locked.state), reason)
    check_revision(locked, revision)
    previous = latest_round(locked)
    if previous is not None:
        office, _ = check_convening(locked, by=by, now=now)
    locked.state, locked.cancellation_reason = Meeting.State.CANCELLED, reason.strip()
    if previous is None:
        locked.revision += 1
        locked.save()
    else:
        sent = _freeze(locked, InvitationRound.Kind.CANCELLATION, office, [], by=by, now=now)
        for row in invited_of(previous):
            _take_back(CANCELLATION, row, by=sent, subject=sent, now=now)
    slug = locked.body.agreement.slug
    audit.record(by=by, action="meeting.cancelled", obj=locked, agreement=slug, note=checked, now=now)


def request_agenda(*, round_: InvitationRound, now: datetime) -> None:
    """Asks for the PDF of a round, again when it failed; the mails that wait for it go out by themselves."""
    documents.request(kind="agenda", object_id=round_.pk, version=1, filename=_filename(round_), now=now)


def with_body_locked(meeting: Meeting) -> Meeting:
    """The body is locked first: two meetings invited at the same time get two numbers."""
    bodies = Body.objects.select_for_update(of=("self",)).select_related("agreement", "operator__authority")
    body = bodies.get(pk=meeting.body_id)
    locked = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    locked.body = body
    return locked


def check_may_plan(by: User, meeting: Meeting) -> None:
    require(
        can(by, Permission.MEETING_PLAN, meeting.body.agreement),
        "Absagen können nur die Geschäftsstellen der Partner. Es wurde nichts geändert.",
    )


def check_unsent(meeting: Meeting, seen: int, changed: Sequence[str] = ()) -> None:
    """Whoever invites with an old revision clicked twice, when what stands there now is what was sent.

    Else as `check_revision`.
    """
    sent = latest_round(meeting) if meeting.revision != seen else None
    if sent and meeting.state == Meeting.State.INVITED and not changes_since(sent, meeting, items_of(meeting)):
        raise Refused(
            f"Die Einladung für {weekday(sent.meets_on)} ist schon am {words.day_at(sent.dispatched_at)} versandt "
            "worden. Es ging nichts ein zweites Mal hinaus. Sie müssen nichts weiter tun."
        )
    check_revision(meeting, seen, changed)


def check_revision(meeting: Meeting, seen: int, changed: Sequence[str] = ()) -> None:
    """An old revision is a change in another window; `changed` is what differs from the page, where that is known."""
    if meeting.revision == seen:
        return
    check_as_shown(changed)
    raise Refused(
        "Jemand anderes hat die Sitzung inzwischen geändert. Es wurde nichts versandt und nichts abgesagt. "
        "Sie sehen jetzt den neuen Stand. Prüfen Sie ihn und senden Sie dann."
    )


def _check_complete(agenda: list[FrozenItem], recipients: Recipients, consent: Consent) -> None:
    functions = "; ".join(map(attrgetter("function"), recipients.without_address))
    refuse(
        first_problem(
            (not agenda, NO_AGENDA),
            (not recipients.mails, NO_ADDRESS),
            (recipients.without_address and not consent.without_address, WITHOUT_ADDRESS.format(functions)),
        )
    )


NO_AGENDA = "Die Tagesordnung ist leer. Es wurde nichts versandt. Tragen Sie zuerst einen Punkt ein."
NO_ADDRESS = (
    "Für keinen Sitz des Gremiums ist an diesem Tag eine E-Mail-Adresse bekannt. Es wurde nichts versandt. "
    "Bitten Sie die Stammdaten-Verantwortlichen der Partner, Personen und Adressen einzutragen."
)
WITHOUT_ADDRESS = (
    "Ohne E-Mail-Adresse: {}. Es wurde nichts versandt. Lassen Sie die Adresse ergänzen, oder bestätigen Sie, dass "
    "Sie auf anderem Weg einladen."
)


def next_number(meeting: Meeting) -> str:
    """Of the calendar year of the meeting, not of the dispatch (7.5); the body is locked.

    One that somebody gave to a meeting of another body past the application is passed over.
    """
    prefix = meeting.body.number_prefix
    taken = Meeting.objects.filter(number__startswith=f"{prefix}-").values_list("number", flat=True)
    return numbering.next_meeting_number(prefix, meeting.meets_on.year, [str(number) for number in taken])


def _freeze(
    meeting: Meeting,
    kind: str,
    office: ActingPartners,
    agenda: list[FrozenItem],
    urgency: str = "",
    *,
    by: User,
    now: datetime,
) -> InvitationRound:
    """The round as it was sent; the meeting gets the next revision and the SEQUENCE of this round."""
    last = meeting.rounds.aggregate(number=Max("round_no"), sequence=Max("calendar_sequence"))
    sequence = 0 if last["sequence"] is None else last["sequence"] + 1
    meeting.calendar_sequence = sequence
    meeting.revision += 1
    meeting.save()
    return InvitationRound.objects.create(
        meeting=meeting,
        kind=kind,
        round_no=(last["number"] or 0) + 1,
        convened_by=office.convening,
        chaired_by=office.chairing,
        agenda=agenda,
        urgency_reason=urgency,
        calendar_sequence=sequence,
        dispatched_at=now,
        dispatched_by=by,
        **{name: getattr(meeting, name) for name in ("meets_on", "starts_at", "ends_at", "place", "link")},
    )


def _date_late_items(sent: InvitationRound) -> None:
    """An item that came after the first invitation bears the day on which people were told of it."""
    late = AgendaItem.objects.filter(meeting=sent.meeting_id, is_late=True, late_on=None)
    late.update(late_on=words.local_day(sent.dispatched_at))


def _invite_all(sent: InvitationRound, previous: InvitationRound | None, filled: Iterable[Invitee]) -> None:
    """One row per seat. An answer stays when neither day nor hour changed since."""
    before = _still_answered(sent, previous)
    Invitation.objects.bulk_create(_invitation(sent, row, before.get(row.seat.pk)) for row in filled)


def _still_answered(sent: InvitationRound, previous: InvitationRound | None) -> dict[int, Invitation]:
    """The invitations to the same time, by their seat."""
    if previous is None or when(previous) != when(sent):
        return {}
    return {row.seat_id: row for row in previous.invitations.all()}


def _invitation(sent: InvitationRound, row: Invitee, before: Invitation | None) -> Invitation:
    assert row.person is not None  # noqa: S101  `filled` holds no others
    kept = before if before is not None and before.person_id == row.person.pk else Invitation()
    return Invitation(
        round=sent,
        seat=row.seat,
        person=row.person,
        partner=row.partner,
        name=str(row.person),
        function=row.function,
        email=row.email,
        answer=kept.answer,
        answered_at=kept.answered_at,
    )


def _queue_invitations(sent: InvitationRound, recipients: Recipients, *, now: datetime) -> None:
    rows = {row.seat_id: row for row in sent.invitations.all()}
    for recipient in recipients.mails:
        row = rows[recipient.seat.pk]
        outbox.enqueue(
            kind=INVITATION, key=f"{INVITATION}:{sent.pk}:{row.seat_id}", to=row.email,
            context={"invitation": row.pk}, now=now, sending=_sending(sent, row),
        )  # fmt: skip


def _note_other_ways(sent: InvitationRound, recipients: Recipients, *, now: datetime) -> None:
    """Whoever has no address is told in another way, as the form had confirmed."""
    without = {row.seat.pk for row in recipients.without_address}
    for row in sent.invitations.filter(seat__in=without):
        key = outbox.marked(f"{INVITATION}:{sent.pk}:{row.seat_id}")
        dispatch.promised(key=key, kind=INVITATION, sending=_sending(sent, row), now=now)


def _sending(subject: InvitationRound, row: Invitation) -> Sending:
    """The round that goes out or ends, and whom that is told."""
    about = SentSubject(MEETING, subject.meeting_id, version=str(subject.round_no))
    return Sending(about, Addressee(row.name, row.function, person=row.person_id))


def _tell_no_longer_invited(
    sent: InvitationRound, previous: InvitationRound | None, recipients: Recipients, *, now: datetime
) -> None:
    """Whoever was asked in the round before and is not any more: the entry leaves his calendar."""
    if previous is not None:
        for row in ending(previous, recipients):
            _take_back(ENDED, row, by=sent, subject=previous, now=now)


def _take_back(kind: str, row: Invitation, *, by: InvitationRound, subject: InvitationRound, now: datetime) -> None:
    """By mail to the address that is the person's today; whoever has none is told in another way."""
    key, sending = f"{kind}:{by.pk}:{row.seat_id}", _sending(subject, row)
    if row.person.email:
        context = {"invitation": row.pk, "round": by.pk}
        outbox.enqueue(kind=kind, key=key, to=row.person.email, context=context, now=now, sending=sending)
    else:
        dispatch.promised(key=outbox.marked(key), kind=kind, sending=sending, now=now)


def _filename(sent: InvitationRound) -> str:
    version = f" Fassung {sent.round_no}" if sent.round_no > 1 else ""
    return f"Einladung {sent.meeting.number}{version}.pdf"
