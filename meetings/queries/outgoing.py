"""What invitations and cancellations say in free words: a person and a worker look at it before it goes out (5.5)."""

from collections.abc import Callable

from kok.text_checks import Text
from meetings.models import Meeting
from meetings.queries.invitations import items_of
from meetings.rules.writing import Suspicion, birth_date_like

INVITATION, CANCELLATION = "invitation", "cancellation"


def words_of_invitation(meeting: Meeting) -> list[tuple[str, str]]:
    """Each text with where it stands. Open tasks of the agenda are left out: they were looked at with their minutes."""
    items = [(f"TOP {item.number}", text) for item in items_of(meeting) for text in (item.title, item.note)]
    return [*items, ("Ort", meeting.place), ("Grund der Dringlichkeit", meeting.urgency_draft)]


def words_of_cancellation(meeting: Meeting) -> list[tuple[str, str]]:
    """The reason as it was typed last."""
    return [("Grund der Absage", meeting.cancellation_reason)]


WORDS = {INVITATION: words_of_invitation, CANCELLATION: words_of_cancellation}


def suspicions_in(kind: str, meeting: Meeting) -> tuple[Suspicion, ...]:
    """What looks like a date of birth."""
    return birth_date_like(WORDS[kind](meeting), year=meeting.meets_on.year)


def source_of(kind: str) -> Callable[[int], Text | None]:
    """For `kok.text_checks`: who reads the words of a meeting as they stand; None when there is no such meeting."""

    def text(number: int) -> Text | None:
        meeting = Meeting.objects.select_related("body__agreement").filter(pk=number).first()
        if meeting is None:
            return None
        return Text(meeting.body.agreement.slug, "\n\n".join(words for _, words in WORDS[kind](meeting)))

    return text
