"""What earlier meetings postponed, as the page of a meeting offers it; and where one topic stood before and after."""

from collections.abc import Sequence
from dataclasses import dataclass

from kok.addresses import address
from kok.words import weekday
from meetings.convening.models import AgendaItem
from meetings.convening.pages.meetings import MeetingPage
from meetings.convening.queries.subjects import Link
from meetings.desk.queries.postponed import postponed_before, same_topic


@dataclass(frozen=True)
class PostponedLine:
    """A postponed item: what it is about, and where it was postponed."""

    pk: int
    title: str
    where: str
    url: str


@dataclass(frozen=True)
class PostponedPage:
    """What is offered, what was declined, and where both are decided."""

    offered: Sequence[PostponedLine]
    declined: Sequence[PostponedLine]
    url: str


def postponed_page(page: MeetingPage) -> PostponedPage | None:
    """For whoever makes the agenda, until people are invited with it; None where nothing was postponed."""
    is_made = page.meeting.is_planned and "agenda" in page.may
    found = postponed_before(page.meeting) if is_made else []
    if not found:
        return None
    lines = {item.pk: (_line(item, page.agreement.slug), hasattr(item, "declined")) for item in found}
    return PostponedPage(
        [line for line, is_declined in lines.values() if not is_declined],
        [line for line, is_declined in lines.values() if is_declined],
        page.url("postponed"),
    )


def _line(item: AgendaItem, slug: str) -> PostponedLine:
    where = f"vertagt am {weekday(item.meeting.meets_on)}, TOP {item.number}"
    return PostponedLine(item.pk, item.title, where, _url(item, slug))


def topics_of(items: Sequence[AgendaItem], slug: str, *, began: bool) -> dict[int, list[Link]]:
    """For each item by its key where its topic stood before and after."""
    before, after = same_topic(items, began=began)
    found: dict[int, list[Link]] = {}
    for item in items:
        links = [_link("Vertagt", before[item.pk], slug)] if item.pk in before else []
        links += [_link("Wieder aufgenommen", later, slug) for later in after.get(item.pk, [])]
        found[item.pk] = links
    return found


def _link(what: str, item: AgendaItem, slug: str) -> Link:
    return Link(f"{what}: Sitzung am {weekday(item.meeting.meets_on)}, TOP {item.number}", _url(item, slug))


def _url(item: AgendaItem, slug: str) -> str:
    return address("meetings:detail", slug, item.meeting.body.slug, item.meeting_id)
