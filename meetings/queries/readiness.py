"""What a draft still lacks before it can be circulated, and what a person should look at once more."""

from meetings.models import Attendance
from meetings.queries.minutes import Entry, MinutesText
from meetings.rules.minutes import Draft, Section
from meetings.rules.quorum import Attendee, Quorum, quorum
from meetings.rules.writing import Suspicion, birth_date_like
from members.models import Body


def draft_of(text: MinutesText) -> Draft:
    """The minutes as the rule of completeness wants them."""
    parents = {entry.item.parent_id for entry in text.entries}
    return Draft(
        chair_name=text.minutes.chair_name,
        taker_name=text.minutes.taker_name,
        attendances=len(text.attendances),
        sections=tuple(_section(entry, is_heading=entry.item.pk in parents) for entry in text.entries),
    )


def _section(entry: Entry, *, is_heading: bool) -> Section:
    return Section(
        number=entry.item.number,
        text=entry.section.text or "".join(position.text for position in entry.positions),
        result=entry.section.result,
        resolutions=len(entry.resolutions),
        action_items=len(entry.tasks),
        is_heading=is_heading,
    )


def suspicions_in(text: MinutesText) -> tuple[Suspicion, ...]:
    """Places that look like a date of birth, in every text that goes out (5.5)."""
    outcomes = [
        (entry.item.number, outcome.text)
        for entry in text.entries
        for outcome in (*entry.resolutions, *entry.positions, *entry.tasks)
    ]
    sections = [(entry.item.number, entry.section.text) for entry in text.entries]
    return birth_date_like([*sections, *outcomes], year=text.minutes.meeting.meets_on.year)


def quorum_of(text: MinutesText) -> Quorum:
    """Whether the body could decide, from the attendance that was written down."""
    names = [partner.short_name for partner in text.partners.values()]
    return quorum_among(text.minutes.meeting.body, names, text.attendances)


def quorum_among(body: Body, partners: list[str], rows: list[Attendance]) -> Quorum:
    """The finding for rows of attendance, saved or just being marked."""
    attendees = [
        Attendee(
            partner=row.partner.short_name,
            has_seat=row.kind != Attendance.Kind.GUEST,
            is_present=row.status == Attendance.Status.PRESENT,
        )
        for row in rows
        if row.partner is not None
    ]
    return quorum(partners, attendees, is_conference=body.kind == Body.Kind.CONFERENCE)
