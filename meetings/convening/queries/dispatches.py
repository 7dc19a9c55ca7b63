"""Who was sent which invitation (ADR 28), for the counts of a round."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Value
from django.db.models.functions import Concat

from kok import dispatch
from kok.dispatch import LETTER
from kok.models import Dispatch
from meetings.convening.models import Meeting

MEETING = "meeting"  # what a dispatch is about
INVITATION, ENDED, CANCELLATION = "invitation", "invitation.ended", "cancellation"  # kinds of mails
BY_LETTER = "LETTER"  # in counts, beside the results
Way = Dispatch.Way


def with_letters(found: Iterable[Dispatch]) -> list[Dispatch]:
    """Each letter instead of what it stands in for."""
    rows = list(found)
    letters = {row.key.removeprefix(LETTER): row for row in rows if row.way == Way.LETTER}
    return [letters.get(row.key, row) for row in rows if row.way != Way.LETTER]


def unmailed_in(meeting: Meeting, kind: str, round_no: int) -> list[Dispatch]:
    """Who got a round by letter or is told of it in another way: no mail can be deleted there."""
    rows = dispatch.about((MEETING, meeting.pk)).filter(kind=kind, version=str(round_no))
    return [row for row in with_letters(rows) if row.way in (Way.LETTER, Way.OTHER)]


def results_of_rounds(meeting: Meeting) -> dict[tuple[int, str], Counter[str]]:
    """How many stand in which result, by round and kind of mail; one query. BY_LETTER: of what a letter stands in for.

    By kind: that an invitation ended is told under the round that invited, and is none of its invitations.
    """
    found: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    rows = (
        dispatch.about((MEETING, meeting.pk))
        .exclude(way=Way.LETTER)
        .order_by()
        .annotate(by_letter=Exists(Dispatch.objects.filter(key=Concat(Value(LETTER), OuterRef("key")))))
        .values_list("version", "kind", "result", "by_letter")
    )
    for version, kind, result, by_letter, number in rows.annotate(number=Count("pk")):
        found[int(version), kind][BY_LETTER if by_letter else result] += number
    return found
