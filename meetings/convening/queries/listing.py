"""The list of meetings: filters, order, and which one comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from kok.models import User
from kok.statements import Kept
from meetings.convening.models import Meeting
from meetings.convening.queries.meetings import State, meetings_of, meetings_visible_to, sees_meetings
from members.models import Agreement, Body

SORTS = {"meets_on": ("meets_on", "starts_at"), "-meets_on": ("-meets_on", "-starts_at")}
NEWEST_FIRST = "-meets_on"
COLUMNS = (
    "body_id",
    "state",
    "number",
    "meets_on",
    "place",
    "cancellation_reason",
    "is_entered_later",
)  # what a row shows


@dataclass(frozen=True)
class Filter:
    """What the address asks for; empty means all."""

    body: str = ""
    year: int | None = None
    state: str = ""

    @property
    def is_set(self) -> bool:
        """Whether something is left out."""
        return bool(self.body or self.year or self.state)


def meetings_listed(user: User, agreement: Agreement, wanted: Filter, sort: str) -> QuerySet[Meeting]:
    """The meetings that this person may see, as the address asks for them; `with_bodies` adds the bodies."""
    found = meetings_visible_to(user, agreement).select_related(None).select_related("minutes")
    found = found.only(*COLUMNS, "minutes__began_at")
    if wanted.body:
        found = found.filter(body__slug=wanted.body)
    if wanted.year:
        found = found.filter(meets_on__year=wanted.year)
    if wanted.state:
        found = found.filter(state=wanted.state)
    return found.order_by(*SORTS[sort])


_BODIES = Kept(lambda agreement: Body.objects.filter(agreement=agreement), int)
_DAYS = Kept(lambda agreement: meetings_of(agreement).dates("meets_on", "year", order="DESC"), int)
_COMING = Kept(
    lambda agreement, today: (
        meetings_of(agreement)
        .filter(state__in=[State.PLANNED, State.INVITED], meets_on__gte=today)
        .select_related(None)
        .only(*COLUMNS)
        .order_by("meets_on", "starts_at")[:1]
    ),
    int,
    date,
)


def bodies_of(agreement: Agreement) -> dict[int, Body]:
    """Every body that ever was, by its key."""
    return {body.pk: body for body in _BODIES(agreement.pk)}


def with_bodies(meetings: Iterable[Meeting], bodies: dict[int, Body]) -> list[Meeting]:
    """The rows of a page with their bodies, which were read for the filter already."""
    rows = list(meetings)
    for row in rows:
        row.body = bodies[row.body_id]
    return rows


def years_of(user: User, agreement: Agreement) -> list[int]:
    """The years in which there are meetings, the newest first."""
    return [day.year for day in _DAYS(agreement.pk)] if sees_meetings(user, agreement) else []


def next_meeting(user: User, agreement: Agreement, bodies: dict[int, Body], today: date) -> Meeting | None:
    """The next meeting of any body that takes place."""
    found = _COMING(agreement.pk, today) if sees_meetings(user, agreement) else []
    return next(iter(with_bodies(found, bodies)), None)


def cancelled_meeting(user: User, agreement: Agreement, pk: int) -> Meeting | None:
    """A cancelled meeting, for planning its substitute."""
    return meetings_visible_to(user, agreement).filter(pk=pk, state=State.CANCELLED).first()
