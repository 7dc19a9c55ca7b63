"""The pages of a meeting that are read: agenda, papers, history."""

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kok import clock
from kok.access import Permission, can, requires
from kok.requests import Request, or_404
from meetings.convening.pages.meetings import MeetingPage
from meetings.convening.pages.rounds import told_of
from meetings.convening.queries.invitations import (
    changes_to_send,
    latest_round,
    reason_of_cancellation,
    sent_rounds,
)
from meetings.convening.views.lookup import crumbs, page_or_404
from meetings.desk.pages.history import history_lines
from meetings.desk.pages.postponed import postponed_page, topics_of
from meetings.desk.queries.agenda import agenda_of, items_in
from meetings.desk.queries.history import past_of
from meetings.record.pages.reading import version_lines
from meetings.record.queries.versions import versions_of

if TYPE_CHECKING:
    from meetings.convening.models import AgendaItem


@requires(Permission.MEETING_READ)
@require_safe
def detail(request: Request, body: str, pk: int) -> HttpResponse:
    """The agenda, what is missing, and what can be done next."""
    page = page_or_404(request, body, pk, "agenda")
    agenda = agenda_of(page.meeting, request.user, page.agreement)
    items = items_in(agenda)
    topics = topics_of(items, page.agreement.slug, began=hasattr(page.meeting, "minutes"))
    for entry in (each for top in agenda for each in top.with_parts):
        entry.topics = topics[entry.item.pk]
    context = _since_invited(page, items) | {
        "meeting_page": page,
        "agenda": agenda,
        "postponed": postponed_page(page),
        "reason": reason_of_cancellation(page.meeting),
        "today": clock.today(),
        "crumbs": crumbs(page),
    }
    return render(request, "meetings/desk/detail.html", context)


def _since_invited(page: MeetingPage, items: list["AgendaItem"]) -> dict[str, object]:
    """After a move the last invitation, for everybody; else what differs from it, for whoever can send a new one."""
    meeting, may_invite = page.meeting, "invite" in page.may
    if meeting.invited_at is None or not (may_invite or meeting.is_planned):
        return {}
    sent = or_404(latest_round(meeting))
    if meeting.is_invited:
        return {"changes": changes_to_send(sent, meeting, items)}
    return {"moved": sent, "told": told_of(sent) if may_invite else ""}


@requires(Permission.MEETING_READ)
@require_safe
def documents(request: Request, body: str, pk: int) -> HttpResponse:
    """Everything that was sent, with its file, and how far the mails are."""
    page = page_or_404(request, body, pk, "documents")
    minutes = getattr(page.meeting, "minutes", None)
    context = {
        "meeting_page": page,
        "rounds": sent_rounds(page.meeting),
        "may_withhold": can(request.user, Permission.MEETING_INVITE, page.agreement),
        "minutes": minutes,
        "versions": version_lines(versions_of(minutes), minutes) if minutes and minutes.circulated_at else [],
        "version": None,
        "base_url": page.url("minutes"),
        "crumbs": crumbs(page),
    }
    return render(request, "meetings/desk/documents.html", context)


@requires(Permission.MEETING_READ)
@require_safe
def history(request: Request, body: str, pk: int) -> HttpResponse:
    """Who did what when."""
    page = page_or_404(request, body, pk, "history")
    context = {"meeting_page": page, "events": history_lines(past_of(page.meeting)), "crumbs": crumbs(page)}
    return render(request, "meetings/desk/history.html", context)
