"""The Protokoll as a document: the same text for the PDF, for reading on screen and for the page of approval."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import attrgetter

from django.template.loader import render_to_string

from kok import genuine, pdf, words
from kok.errors import require
from meetings.convening.documents.letterhead import sender_of
from meetings.record.documents.content import (
    AgreedTask,
    Approval,
    AttendanceLine,
    Decision,
    Delegation,
    Guest,
    Item,
    MinutesDocument,
    View,
)
from meetings.record.documents.convened import convened, late_words
from meetings.record.documents.frozen import Frozen, read
from meetings.record.models import Attendance, Minutes, MinutesApproval, MinutesVersion
from meetings.record.queries.minutes import Entry, MinutesText, level_of, text_of
from meetings.record.queries.outcomes import Outcome
from meetings.record.queries.readiness import quorum_of
from meetings.record.queries.versions import APPROVED_FILE, DRAFT_FILE, approvals_of, stage_of, version_by_pk
from meetings.record.rules.codes import ResultKind
from meetings.record.rules.minutes import gone_words, result_of
from meetings.record.rules.presence import with_presence
from members.models import Partner
from members.queries.authorities import as_of

TEMPLATE = "pdf/minutes.html"
ELSEWHERE = "Auf der Seite des Protokolls steht, welche jetzt zu lesen ist."


def render(version_id: int, stage: int) -> bytes:
    """Makes the file of a document request: a version as a draft, or as the one that is approved.

    Both say what was circulated, whenever they are made. Raises Refused for a version that is not approved, and for one
    whose text is erased, and Forged where text or approvals were put in or changed past the application.
    """
    version = version_by_pk(version_id)
    require(
        stage in (DRAFT_FILE, stage_of(version, version.minutes)), f"Diese Fassung ist nicht genehmigt. {ELSEWHERE}"
    )
    require(version.is_readable, f"{gone_words(is_withheld=version.is_withheld)} {ELSEWHERE}")
    genuine.check((MinutesVersion.objects.filter(pk=version.pk), MinutesApproval.objects.filter(version=version)))
    return pdf.render(html(version, is_draft=stage == DRAFT_FILE))


def render_draft(minutes: Minutes) -> bytes:
    """The text as it is written now, for the command line; nothing of it is kept."""
    return pdf.render(render_to_string(TEMPLATE, draft_context(minutes)))


def filename(version: MinutesVersion, minutes: Minutes) -> str:
    """`KoK-06440-2026-01-Protokoll.pdf`; before the approval the name says that it is a draft, and which."""
    draft = "" if stage_of(version, minutes) == APPROVED_FILE else f"-Entwurf-{version.number}"
    return f"{minutes.meeting.number}-Protokoll{draft}.pdf"


def html(version: MinutesVersion, *, is_draft: bool) -> str:
    """The whole document as a page of its own; a draft stays one on paper, also when it is made after the approval."""
    given = [] if is_draft else approvals_of(version)
    return render_to_string(TEMPLATE, context_of(version, given, is_approved=not is_draft))


def context_of(version: MinutesVersion, given: list[MinutesApproval], *, is_approved: bool) -> dict[str, object]:
    """The context of the template for what was circulated."""
    frozen = read(version.content)
    taken_back = None if version.counts else version
    document = shown(frozen, given, is_approved=is_approved)
    return {"minutes": document, "sender": frozen.sender, "taken_back": taken_back}


def draft_context(minutes: Minutes) -> dict[str, object]:
    """The same for the text as it is written now, read in a fixed number of queries."""
    frozen = frozen_now(minutes)
    return {"minutes": shown(frozen, [], is_approved=False), "sender": frozen.sender}


def frozen_now(minutes: Minutes, circulated_on: date | None = None) -> Frozen:
    """What would be circulated now. Authorities bear the names that they had on the day of the meeting."""
    text = text_of(minutes)
    as_of([minutes.owner, *text.partners.values()], minutes.meeting.meets_on)
    return Frozen(
        document=_document(text, drafted_on=circulated_on or _changed_on(text)),
        sender=sender_of(minutes.owner, minutes.meeting.body, minutes.meeting.meets_on),
        partners=tuple((pk, partner.short_name) for pk, partner in text.partners.items()),
    )


def shown(frozen: Frozen, given: list[MinutesApproval], *, is_approved: bool) -> MinutesDocument:
    """The document with who has approved this very text and who has not."""
    by_partner = {approval.partner_id: approval for approval in given}
    approvals = tuple(_approval(name, by_partner.get(pk)) for pk, name in frozen.partners)
    return replace(frozen.document, is_approved=is_approved, approvals=approvals)


def _document(text: MinutesText, *, drafted_on: date) -> MinutesDocument:
    minutes, meeting = text.minutes, text.minutes.meeting
    return MinutesDocument(
        body=meeting.body_name,
        number=meeting.number or "",
        version=minutes.version,
        is_approved=False,
        drafted_on=drafted_on,
        held_on=meeting.meets_on,
        starts_at=minutes.began_at or meeting.starts_at,
        ends_at=minutes.ended_at or meeting.ends_at,
        place=meeting.place,
        chair=_named(minutes.chair_name, minutes.owner),
        keeper=_named(minutes.taker_name, minutes.owner),
        convened=convened(minutes, [entry.item for entry in text.entries]),
        quorum=quorum_of(text).sentence,
        delegations=delegations_of(text),
        guests=guests_of(text),
        items=items_of(text),
        approvals=(),
        distribution="Mitglieder der Sitzung, ihre anwesenden Stellvertretungen und die genehmigenden Stellen",
    )


def _changed_on(text: MinutesText) -> date:
    """The day of the last change of a draft."""
    moments = filter(None, (entry.section.changed_at for entry in text.entries))
    return max(map(words.local_day, moments), default=text.minutes.meeting.meets_on)


def _named(name: str, partner: Partner) -> str:
    return f"{name}, {partner.short_name}" if name else partner.short_name


def delegations_of(text: MinutesText) -> tuple[Delegation, ...]:
    """Who was there for each partner; the rows stand partner by partner."""
    seated = filter(attrgetter("partner"), text.attendances)
    by_partner = groupby(seated, key=attrgetter("partner.short_name"))
    return tuple(Delegation(partner, tuple(map(_attendee, rows))) for partner, rows in by_partner)


def _attendee(row: Attendance) -> AttendanceLine:
    if not row.is_deputy:
        return AttendanceLine(row.name, row.function, with_presence(row.get_status_display(), row.presence))
    said = with_presence(f"vertreten durch {row.name}", row.presence)
    return AttendanceLine(row.stands_in_for or "nicht besetzt", row.function, said)


def guests_of(text: MinutesText) -> tuple[Guest, ...]:
    """Who was there besides, and for which item."""
    numbers: dict[int | None, str] = {entry.item.pk: entry.item.number for entry in text.entries}
    return tuple(Guest(row.name, row.function, numbers.get(row.item_id, ""), row.presence.words) for row in text.guests)


def items_of(text: MinutesText) -> tuple[Item, ...]:
    """What the minutes say of each item."""
    return tuple(map(_item, text.entries))


def _item(entry: Entry) -> Item:
    item = entry.item
    return Item(
        number=item.number,
        title=item.title,
        level=level_of(item),
        text=entry.section.text,
        late=late_words(item),
        outcome=_outcome(entry),
        guests=tuple(guest.name for guest in entry.guests),
        resolutions=(*(Decision(row.number, row.text) for row in entry.resolutions), *_without_consensus(entry)),
        tasks=tuple(_task(row, item.number) for row in entry.tasks),
        is_supplement=item.is_supplement,
    )


def _outcome(entry: Entry) -> str:
    """The result in words: what was chosen, or what follows."""
    result = result_of(entry.section.result, resolutions=len(entry.resolutions))
    return ResultKind(result).label if result else ""


def _without_consensus(entry: Entry) -> Iterator[Decision]:
    """What was proposed and what each partner holds, as one decision that did not come about."""
    if entry.positions:
        proposal = "".join(row.text for row in entry.proposals)
        views = tuple(View(row.partner_name, row.text) for row in entry.positions)
        yield Decision("", proposal, has_consensus=False, views=views)


def _task(row: Outcome, item_number: str) -> AgreedTask:
    """The partner that has to see to it belongs to who does it."""
    who = ", ".join(filter(None, (row.who, row.partner_name)))
    return AgreedTask(row.number, row.text, who, row.due_on, item_number)


def _approval(partner: str, given: MinutesApproval | None) -> Approval:
    if given is None:
        return Approval(partner, "", "", None)
    return Approval(partner, given.name, given.function, words.local_day(given.approved_at))
