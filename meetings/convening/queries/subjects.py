"""What items of an agenda are about: rows and pages of the apps above, from the item to them and back."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from kok.models import User
from meetings.convening.models import AgendaItem
from meetings.convening.queries.meetings import meetings_visible_to
from members.models import Agreement


@dataclass(frozen=True)
class Link:
    """Where something that an item is about can be read."""

    title: str
    url: str


# From the code of a standard item to its page, or None where this person may not read it; reads nothing.
PageLinker = Callable[[User, Agreement, str], Link | None]
# From the numbers of rows of one kind to those that this person may read, in one query or none.
SubjectLinker = Callable[[User, Agreement, Collection[int]], dict[int, Link]]
_pages: list[PageLinker] = []
_kinds: dict[str, SubjectLinker] = {}


def register_pages(linker: PageLinker) -> None:
    """Called by apps above in `ready()`: they know where standard items lead to."""
    _pages.append(linker)


def register_kind(kind: str, linker: SubjectLinker) -> None:
    """Called by apps above in `ready()`: a kind of rows that items can be about (`Subject.kind`)."""
    if _kinds.setdefault(kind, linker) is not linker:
        raise ValueError(kind)


def links_of(items: Iterable[AgendaItem], user: User, agreement: Agreement) -> dict[int, list[Link]]:
    """For each item where to read what it is about, as far as this person may."""
    rows = list(items)
    found = {item.pk: _pages_of(item.code, user, agreement) for item in rows}
    for kind, linker in _kinds.items():
        about = {item.pk: item.subject_id for item in rows if item.subject_kind == kind and item.subject_id}
        links = linker(user, agreement, set(about.values())) if about else {}
        for item, subject in about.items():
            found[item] += filter(None, [links.get(subject)])
    return found


def items_about(kind: str, ids: Iterable[int], user: User, agreement: Agreement) -> QuerySet[AgendaItem]:
    """The items about one of these rows, of meetings that this person may see, the latest meeting first."""
    found = AgendaItem.objects.filter(subject_kind=kind, subject_id__in=ids)
    found = found.filter(meeting__in=meetings_visible_to(user, agreement))
    return found.select_related("meeting__body").order_by("-meeting__meets_on", "position")


def _pages_of(code: str, user: User, agreement: Agreement) -> list[Link]:
    found = (linker(user, agreement, code) for linker in _pages) if code else ()
    return [*filter(None, found)]
