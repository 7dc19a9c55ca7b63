"""Decisions arise in Einvernehmen of all partners; without it the positions are written down."""

from datetime import datetime

from django.db import transaction

from kok import audit, seen
from kok.errors import Refused
from kok.models import User
from meetings.convening.models import AgendaItem
from meetings.convening.rules import numbering
from meetings.convening.rules.outgoing import ended
from meetings.record.actions.minutes import locked_draft
from meetings.record.models import Minutes, MinutesSection, PartnerPosition, Resolution
from meetings.record.queries.changed import who_changed
from meetings.record.queries.minutes import positions_of, proposal_of
from meetings.record.queries.versions import numbers_circulated
from meetings.record.rules.consensus import check_resolution
from members.models import Body, Partner

IS_STRUCK = "Dieser Beschluss ist inzwischen gestrichen. Es wurde nichts geändert."
CHANGED = (
    "{who} diesen Beschluss geändert, seit Sie ihn geöffnet haben. Jetzt lautet er: {text} Es wurde nichts "
    "überschrieben."
)
POSITIONS_CHANGED = (
    "{who} die Auffassungen geändert, seit Sie sie geöffnet haben. Jetzt steht dort: {text} Es wurde nichts "
    "überschrieben."
)


@transaction.atomic
def record_resolution(
    *, minutes: Minutes, item: AgendaItem, text: str, consenting: frozenset[int], by: User, now: datetime
) -> Resolution:
    """Records a resolution of this meeting under the next number of the year of the meeting.

    The same wording twice is one resolution, so sending it again does no harm. Raises Refused unless every partner
    consents: there is no majority (domain.md 0.1, finding 15).
    """
    locked = locked_draft(minutes, by=by)
    check_consensus(locked, item, consenting)
    if there := Resolution.objects.filter(item=item, text=text).first():
        return there
    body = locked_body(locked)
    meeting = locked.meeting
    resolution = Resolution.objects.create(
        body=body,
        item=item,
        number=numbering.next_resolution_number(
            meeting.meets_on.year,
            [*Resolution.objects.filter(body=body).values_list("number", flat=True), *numbers_circulated(body)],
        ),
        text=text,
        decided_on=meeting.meets_on,
    )
    audit.record(
        by=by, action="resolution.recorded", obj=resolution, agreement=body.agreement.slug,
        note=resolution.number, now=now,
    )  # fmt: skip
    return resolution


@transaction.atomic
def change_resolution(
    *,
    minutes: Minutes,
    resolution: Resolution,
    text: str,
    consenting: frozenset[int],
    shown: str,
    by: User,
    now: datetime,
) -> None:
    """Changes the wording as long as it is a draft; the number stays. `shown` is the mark of what was read.

    Raises Refused without consensus, seen.Changed when somebody else was quicker.
    """
    locked = locked_draft(minutes, by=by)
    check_consensus(locked, resolution.item, consenting)
    _check_shown(locked, resolution, shown, by=by)
    Resolution.objects.filter(pk=resolution.pk).update(text=text)
    audit.record(
        by=by, action="resolution.changed", obj=resolution, agreement=locked.meeting.body.agreement.slug,
        note=resolution.number, now=now,
    )  # fmt: skip


@transaction.atomic
def remove_resolution(*, minutes: Minutes, resolution: Resolution, shown: str, by: User, now: datetime) -> None:
    """Strikes a resolution from a draft, for one that was recorded by mistake. Raises seen.Changed."""
    locked = locked_draft(minutes, by=by)
    _check_shown(locked, resolution, shown, by=by)
    audit.record(
        by=by, action="resolution.removed", obj=resolution, agreement=locked.meeting.body.agreement.slug,
        note=resolution.number, now=now,
    )  # fmt: skip
    Resolution.objects.filter(pk=resolution.pk).delete()


@transaction.atomic
def record_positions(
    *,
    minutes: Minutes,
    item: AgendaItem,
    positions: dict[int, str],
    shown: str,
    by: User,
    now: datetime,
    proposal: str = "",
) -> None:
    """Records what each partner holds where there is no consensus, and on what; an empty text removes a position.

    `shown` is the mark of those that were read. Raises seen.Changed when somebody else was quicker.
    """
    locked = locked_draft(minutes, by=by)
    there, proposed = positions_of(item), proposal_of(item)
    if (mark := mark_of_positions(there, proposed)) != shown:
        text = ended(", ".join(f"„{each}“" for each in (*filter(None, [proposed]), *there.values())) or "nichts")
        who = who_changed(item, "positions.recorded", reader=by)
        raise seen.Changed(POSITIONS_CHANGED.format(who=who, text=text), mark)
    MinutesSection.objects.filter(item=item).update(proposal=proposal if any(positions.values()) else "")
    for partner, text in positions.items():
        if text:
            PartnerPosition.objects.update_or_create(item=item, partner_id=partner, defaults={"text": text})
        else:
            PartnerPosition.objects.filter(item=item, partner_id=partner).delete()
    audit.record(by=by, action="positions.recorded", obj=item, agreement=locked.meeting.body.agreement.slug, now=now)


def mark_of_positions(positions: dict[int, str], proposal: str = "") -> str:
    """What a page that shows these positions carries."""
    return seen.mark(sorted(positions.items()), proposal)


def _check_shown(minutes: Minutes, resolution: Resolution, shown: str, *, by: User) -> None:
    there = Resolution.objects.filter(pk=resolution.pk, item__meeting=minutes.meeting_id).first()
    if there is None:
        raise Refused(IS_STRUCK)
    if (mark := seen.mark(there.text)) != shown:
        who = who_changed(there, "resolution.changed", reader=by)
        raise seen.Changed(CHANGED.format(who=who, text=ended(f"„{there.text}“")), mark)


def check_consensus(minutes: Minutes, item: AgendaItem, consenting: frozenset[int]) -> None:
    """Refuses unless every partner of the agreement consents, and under Verschiedenes (7.4)."""
    partners = Partner.objects.filter(agreement_id=minutes.meeting.body.agreement_id)
    positions = {partner.short_name: partner.pk in consenting for partner in partners}
    check_resolution(positions, list(positions), decides=item.decides)


def locked_body(minutes: Minutes) -> Body:
    """The body under a row lock: two at a time get two numbers."""
    return Body.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=minutes.meeting.body_id)
