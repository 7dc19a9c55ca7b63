"""What a draft still lacks before it can be circulated, and what a person should look at once more."""

from collections.abc import Iterable, Mapping

from kok.text_checks import CheckedText
from meetings.record.models import Attendance, Minutes
from meetings.record.queries.minutes import MinutesText, text_of
from meetings.record.rules.minutes import Draft, Section
from meetings.record.rules.quorum import Attendee, Quorum, quorum
from members.models import Body, Partner
from members.rules.codes import BodyKind


def draft_of(text: MinutesText) -> Draft:
    """The minutes as the rule of completeness wants them."""
    parents = {entry.item.parent_id for entry in text.entries}
    return Draft(
        chair_name=text.minutes.chair_name,
        taker_name=text.minutes.taker_name,
        attendances=len(text.attendances),
        has_ended=text.minutes.ended_at is not None,
        sections=tuple(
            Section(
                number=entry.item.number,
                text=entry.section.text or "".join(position.text for position in entry.positions),
                result=entry.section.result,
                resolutions=len(entry.resolutions),
                action_items=len(entry.tasks),
                is_heading=entry.item.pk in parents,
            )
            for entry in text.entries
        ),
    )


def texts_in(text: MinutesText) -> list[tuple[str, str]]:
    """Every text that goes out, with where it stands."""
    return [
        (f"TOP {entry.item.number}", words)
        for entry in text.entries
        for words in (
            entry.item.title,
            entry.section.text,
            *(outcome.text for outcome in (*entry.resolutions, *entry.proposals, *entry.positions, *entry.tasks)),
        )
    ]


def text_for_check(number: int) -> CheckedText | None:
    """What a worker looks at before it goes out; None when there are no such minutes."""
    minutes = Minutes.objects.select_related("meeting__body__agreement").filter(pk=number).first()
    if minutes is None:
        return None
    text = text_of(minutes)
    guests = (row.name for row in text.attendances if row.is_guest)
    words = [minutes.chair_name, minutes.taker_name, *guests]
    words += [words for _, words in texts_in(text)]
    return CheckedText(minutes.meeting.body.agreement.slug, "\n\n".join(words))


def quorum_of(text: MinutesText) -> Quorum:
    """Whether the body could decide, from the attendance that was written down."""
    return quorum_among(text.minutes.meeting.body, text.partners, text.attendances)


def quorum_among(body: Body, partners: Mapping[int, Partner], rows: Iterable[Attendance]) -> Quorum:
    """The finding for rows of attendance, saved or just being marked."""
    attendees = [
        Attendee(partner=row.partner.short_name, has_seat=not row.is_guest, is_present=row.is_present)
        for row in rows
        if row.partner
    ]
    names = [partner.short_name for partner in partners.values()]
    return quorum(names, attendees, is_conference=body.kind == BodyKind.CONFERENCE)
