"""What minutes say of the invitation: the one that counts, later ones, what was late, who consented (7.2, 7.3)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby, pairwise

from kok import queries
from kok.articles import der
from kok.words import day, enumeration, local_day, plural
from meetings.convening.models import AgendaItem, InvitationRound, NoticeConsent
from meetings.convening.queries.invitations import told_changes
from meetings.convening.queries.standing import standing_rounds
from meetings.convening.rules.notice import is_short
from meetings.convening.rules.outgoing import ended
from meetings.record.models import Minutes
from members.queries.authorities import as_of

NOT_BY_US = "Zu dieser Sitzung wurde nicht über diese Anwendung eingeladen."


def convened(minutes: Minutes, items: Iterable[AgendaItem]) -> str:
    """Whether the meeting was duly convened, by the first invitation to its day, and what was sent after it."""
    rounds = standing_rounds(minutes.meeting)
    if not rounds:
        return NOT_BY_US
    return " ".join([*_first(rounds[0], minutes), *_again(rounds), *_late(items)])


def _first(counting: InvitationRound, minutes: Minutes) -> Iterator[str]:
    sent_on = local_day(counting.dispatched_at)
    as_of([counting.convened_by], sent_on)
    days = minutes.meeting.body.agreement.notice_days_for(counting.meets_on)
    yield f"Eingeladen hat {der(counting.convened_by.short_name)} am {day(sent_on)}."
    if not is_short(sent_on, counting.meets_on, days, queries.extra_holidays()):
        yield f"Die Ladungsfrist von {days} Tagen ist gewahrt."
        return
    why = f": {counting.told_urgency}" if counting.told_urgency else ""
    yield ended(f"Die Ladungsfrist von {days} Tagen wurde wegen Dringlichkeit verkürzt{why}")
    if given := list(counting.consents.select_related("partner__authority")):
        as_of([each.partner for each in given], sent_on)
        yield f"Der kurzen Frist haben zugestimmt: {'; '.join(map(_consent, given))}."


def _consent(given: NoticeConsent) -> str:
    return f"{given.partner.short_name} ({given.name}, am {day(given.given_on)}, {given.get_way_display()})"


def _again(rounds: Sequence[InvitationRound]) -> Iterator[str]:
    """What was sent to the same day later; it shortened nothing."""
    later = [_changed(before, now) for before, now in pairwise(rounds)]
    if later:
        yield f"{plural(len(later), 'Eine geänderte Einladung', 'Geänderte Einladungen')}: {enumeration(later)}."


def _changed(before: InvitationRound, now: InvitationRound) -> str:
    changes = told_changes(before, now)
    what = f" ({', '.join(changes)})" if changes else ""
    return f"am {day(now.dispatched_at)}{what}"


def _late(items: Iterable[AgendaItem]) -> Iterator[str]:
    """Which items people were told of after the first invitation, and when."""
    late = sorted((item for item in items if item.is_late), key=_told_on)
    for told_on, several in groupby(late, key=_told_on):
        yield f"{_when(told_on)}: {enumeration(f'TOP {item.number}' for item in several)}."


def _told_on(item: AgendaItem) -> str:
    """The day, sortable; "" where no invitation named it."""
    return item.late_on.isoformat() if item.late_on else ""


def _when(told_on: str) -> str:
    return f"Nachgereicht am {day(date.fromisoformat(told_on))}" if told_on else LATE_UNTOLD


def late_words(item: AgendaItem) -> str:
    """That an item was late, and when people were told of it; "" for all others."""
    return _when(_told_on(item)) if item.is_late else ""


LATE_UNTOLD = "Nachgereicht, in keiner Einladung genannt"
