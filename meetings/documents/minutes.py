"""The Protokoll as a document: the same text for the PDF, for reading on screen and for the page of approval."""

from dataclasses import replace
from datetime import date

from django.template.loader import render_to_string

from kok import pdf, queries
from kok.clock import BERLIN
from kok.errors import Refused
from meetings.documents.content import (
    Approval,
    Attendee,
    Decision,
    Delegation,
    Guest,
    Item,
    MinutesDocument,
    Sender,
    Task,
    View,
)
from meetings.models import Attendance, Minutes, MinutesApproval
from meetings.queries.minutes import Entry, MinutesText, approvals_of, invitation_behind, text_of
from meetings.queries.outcomes import Outcome
from meetings.queries.readiness import quorum_of
from meetings.rules.notice import is_short
from members.models import Body, Partner
from members.queries.authorities import as_of


def render(minutes_id: int, version: int) -> bytes:
    """Makes the file of a document request: version 2n-1 is the circulated draft n, 2n the approved one.

    Raises Refused when the text has moved on, so that no file ever shows a text under a wrong version.
    """
    minutes = Minutes.objects.select_related("meeting__body__agreement", "owner__authority").get(pk=minutes_id)
    is_draft = version == 2 * minutes.version - 1
    if not is_draft and version != file_version(minutes):
        raise Refused("Das Protokoll wurde inzwischen geändert. Auf seiner Seite gibt es das PDF der neuen Fassung.")
    return pdf.render(html(minutes, is_draft=is_draft))


def file_version(minutes: Minutes) -> int:
    """The version of the file that belongs to the present state of the text."""
    return 2 * minutes.version - (minutes.state != Minutes.State.APPROVED)


def filename(minutes: Minutes) -> str:
    """`KoK-06440-2026-01-Protokoll.pdf`; before the approval the name says that it is a draft."""
    draft = "" if minutes.state == Minutes.State.APPROVED else f"-Entwurf-{minutes.version}"
    return f"{minutes.meeting.number}-Protokoll{draft}.pdf"


def html(minutes: Minutes, *, is_draft: bool) -> str:
    """The whole document as a page of its own."""
    return render_to_string("pdf/minutes.html", context_of(minutes, is_draft=is_draft))


def context_of(minutes: Minutes, *, is_draft: bool) -> dict[str, object]:
    """The context of `templates/pdf/minutes.html`, read in a fixed number of queries.

    A draft stays a draft on paper, also when the worker comes to it after the approval. Authorities bear the names that
    they had on the day of the meeting.
    """
    text = text_of(minutes)
    as_of([minutes.owner, *text.partners.values()], minutes.meeting.meets_on)
    approvals = [] if is_draft else approvals_of(minutes)
    document = document_of(text, approvals, _convened(minutes))
    if is_draft:
        document = replace(document, is_approved=False)
    return {"minutes": document, "sender": sender_of(minutes.owner, minutes.meeting.body)}


def sender_of(partner: Partner, body: Body) -> Sender:
    """The letterhead."""
    return Sender(
        name=partner.name,
        represented_by=partner.represented_by,
        office=f"Geschäftsführung: {body.short_name}",
        address=partner.authority.address,
    )


def document_of(text: MinutesText, approvals: list[MinutesApproval], convened: str) -> MinutesDocument:
    """The document of minutes that were read."""
    minutes, meeting = text.minutes, text.minutes.meeting
    return MinutesDocument(
        body=meeting.body.name,
        number=meeting.number or "",
        version=minutes.version,
        is_approved=minutes.state == Minutes.State.APPROVED,
        drafted_on=_drafted_on(text),
        held_on=meeting.meets_on,
        starts_at=minutes.began_at or meeting.starts_at,
        ends_at=minutes.ended_at or meeting.ends_at,
        place=meeting.place,
        has_link=bool(meeting.link),
        chair=_named(minutes.chair_name, minutes.owner),
        keeper=_named(minutes.taker_name, minutes.owner),
        convened=convened,
        quorum=quorum_of(text).sentence,
        delegations=tuple(_delegations(text)),
        guests=tuple(_guests(text)),
        items=tuple(_item(entry) for entry in text.entries),
        approvals=tuple(_approvals(text, approvals)),
        distribution="Mitglieder der Sitzung, ihre anwesenden Stellvertretungen und die genehmigenden Stellen",
    )


def _convened(minutes: Minutes) -> str:
    """Whether the meeting was duly convened (7.2)."""
    invitation = invitation_behind(minutes)
    if invitation is None:
        return "Zu dieser Sitzung wurde nicht über diese Anwendung eingeladen."
    sent_on = invitation.dispatched_at.astimezone(BERLIN).date()
    as_of([invitation.convened_by], sent_on)
    days = minutes.meeting.body.agreement.notice_days
    who = f"Eingeladen hat {invitation.convened_by.short_name} am {sent_on:%d.%m.%Y}."
    if not is_short(sent_on, invitation.meets_on, days, queries.extra_holidays()):
        return f"{who} Die Ladungsfrist von {days} Tagen ist gewahrt."
    reason = minutes.meeting.urgency_reason
    return f"{who} Die Ladungsfrist wurde wegen Dringlichkeit verkürzt{': ' + reason if reason else ''}."


def _drafted_on(text: MinutesText) -> date:
    """The day of circulation, before it the day of the last change."""
    moments = [entry.section.changed_at for entry in text.entries if entry.section.changed_at]
    moment = text.minutes.circulated_at or max(moments, default=None)
    return moment.astimezone(BERLIN).date() if moment else text.minutes.meeting.meets_on


def _named(name: str, partner: Partner) -> str:
    return f"{name}, {partner.short_name}" if name else partner.short_name


def _delegations(text: MinutesText) -> list[Delegation]:
    people: dict[str, list[Attendee]] = {partner.short_name: [] for partner in text.partners.values()}
    for row in text.attendances:
        if row.partner is not None:
            people[row.partner.short_name].append(_attendee(row))
    return [Delegation(partner, tuple(rows)) for partner, rows in people.items() if rows]


def _attendee(row: Attendance) -> Attendee:
    if row.kind != Attendance.Kind.DEPUTY:
        return Attendee(row.name, row.function, row.get_status_display())
    return Attendee(row.stands_in_for or "nicht besetzt", row.function, f"vertreten durch {row.name}")


def _guests(text: MinutesText) -> list[Guest]:
    numbers = {entry.item.pk: entry.item.number for entry in text.entries}
    rows = [row for row in text.attendances if row.kind == Attendance.Kind.GUEST]
    return [Guest(row.name, row.function, numbers.get(row.item_id or 0, "")) for row in rows]


def _item(entry: Entry) -> Item:
    item = entry.item
    views = tuple(View(row.partner.short_name if row.partner else "", row.text) for row in entry.positions)
    decisions = [Decision(row.number, row.text) for row in entry.resolutions]
    if views:
        decisions.append(Decision("", "", has_consensus=False, views=views))
    return Item(
        number=item.number,
        title=item.title,
        level=entry.level,
        text=entry.section.text,
        outcome=entry.section.get_result_display(),
        guests=tuple(guest.name for guest in entry.guests),
        resolutions=tuple(decisions),
        tasks=tuple(_task(row, item.number) for row in entry.tasks),
    )


def _task(row: Outcome, item_number: str) -> Task:
    return Task(row.number, row.text, row.who, row.due_on, item_number)


def _approvals(text: MinutesText, given: list[MinutesApproval]) -> list[Approval]:
    functions = {row.person_id: row.function for row in text.attendances if row.person_id}
    by_partner = {approval.partner_id: approval for approval in given}
    return [_approval(partner, by_partner.get(pk), functions) for pk, partner in text.partners.items()]


def _approval(partner: Partner, given: MinutesApproval | None, functions: dict[int, str]) -> Approval:
    if given is None:
        return Approval(partner.short_name, "", "", None)
    user = given.approved_by
    person = getattr(user, "person", None)
    function = functions.get(person.pk, "") if person else ""
    name = user.get_full_name() or (str(person) if person else user.get_username())
    return Approval(partner.short_name, name, function, given.approved_at.astimezone(BERLIN).date())
