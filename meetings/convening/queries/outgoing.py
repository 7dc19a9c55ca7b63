"""What invitations and cancellations say in free words: a person and a worker look at it before it goes out (5.5)."""

from collections import defaultdict
from collections.abc import Callable

from kok import clock
from kok.seen import differing
from kok.text_checks import CheckedText
from meetings.convening.models import Meeting
from meetings.convening.queries.agenda import items_of
from meetings.convening.queries.invitations import invited_of, latest_round, recipients_of, when
from meetings.convening.queries.secretariat import secretariat_of
from meetings.convening.rules.outgoing import (
    CANCELLATION,
    CANCELLING,
    INVITATION,
    INVITED,
    LINK,
    OFFICE,
    PLACE,
    RECIPIENTS,
    TIME,
    URGENCY,
    Suspicion,
    birth_date_like,
    item_name,
)

REASONS = {INVITATION: URGENCY, CANCELLATION: CANCELLING}  # typed on the page that sends


def words_of_invitation(meeting: Meeting) -> list[tuple[str, str]]:
    """Each text with where it stands. Open tasks of the agenda are left out: they were looked at with their minutes."""
    items = [(item_name(item.number), text) for item in items_of(meeting) for text in (item.title, item.note)]
    return [*items, (PLACE, meeting.place), (REASONS[INVITATION], meeting.urgency_draft)]


def words_of_cancellation(meeting: Meeting) -> list[tuple[str, str]]:
    """The reason as it was typed last."""
    return [(REASONS[CANCELLATION], meeting.cancellation_reason)]


def parts_of_invitation(meeting: Meeting) -> dict[str, object]:
    """All that would go out, and to whom; by the names that the parts have on the page."""
    rows = recipients_of(meeting.body, meeting.meets_on).rows
    words = defaultdict(list)
    for place, text in words_of_invitation(meeting):
        words[place].append(text)
    office = secretariat_of(meeting.body.agreement).office_now(meeting.body, meeting.meets_on, clock.today())
    return {
        TIME: when(meeting),
        OFFICE: (office.convening.pk, office.chairing.pk),
        LINK: meeting.link,
        **words,
        RECIPIENTS: [(row.seat.pk, row.function, str(row.person or ""), row.email) for row in rows],
    }


def parts_of_cancellation(meeting: Meeting) -> dict[str, object]:
    """What would be cancelled, why, and who would be told."""
    invited = invited_of(latest_round(meeting))
    return {
        TIME: when(meeting),
        REASONS[CANCELLATION]: meeting.cancellation_reason,
        INVITED: [(row.name, row.function, row.person.email) for row in invited],
    }


WORDS = {INVITATION: words_of_invitation, CANCELLATION: words_of_cancellation}
PARTS = {INVITATION: parts_of_invitation, CANCELLATION: parts_of_cancellation}


def suspicions_in(kind: str, meeting: Meeting) -> tuple[Suspicion, ...]:
    """What looks like a date of birth."""
    return birth_date_like(WORDS[kind](meeting), year=meeting.meets_on.year)


def changed_since(kind: str, meeting: Meeting, shown: str, typed: str | None = None) -> list[str]:
    """What is not as the page showed it, with a reason as it stands now; not the reason where it is what was typed."""
    changed, reason = differing(shown, PARTS[kind](meeting)), REASONS[kind]
    stands = dict(WORDS[kind](meeting))[reason]
    told = {reason: f"{reason} (jetzt „{stands}“)"} if stands else {}
    own = reason if typed is not None and typed.strip() == stands else None
    return [told.get(name, name) for name in changed if name != own]


def source_of(kind: str) -> Callable[[int], CheckedText | None]:
    """For `kok.text_checks`: who reads the words of a meeting as they stand; None when there is no such meeting."""

    def text(number: int) -> CheckedText | None:
        meeting = Meeting.objects.select_related("body__agreement").filter(pk=number).first()
        if meeting is None:
            return None
        return CheckedText(meeting.body.agreement.slug, "\n\n".join(words for _, words in WORDS[kind](meeting)))

    return text
