"""Forms that open inside the page of the minutes; without JavaScript they are pages of their own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kok.addresses import address
from kok.requests import Request, act, done, or_404, whole_number
from meetings.convening.pages.meetings import MeetingPage
from meetings.convening.views.lookup import crumbs
from meetings.record.pages.struck import KEPT, struck_words
from meetings.record.pages.writing import shown_item
from meetings.record.queries.minutes import item_of
from meetings.record.queries.outcomes import came_of
from meetings.record.rules.codes import OutcomeKind

if TYPE_CHECKING:
    from meetings.convening.models import AgendaItem
    from meetings.record.models import Minutes


@dataclass(frozen=True)
class Alone:
    """A part of the page of the minutes as a page of its own."""

    part: str
    title: str
    heading: str
    below: tuple[tuple[str, str | None], ...] = ()  # where it is below the meeting


def at_item(url: str, item: "AgendaItem") -> str:
    """The place of an item on that page."""
    return f"{url}#top-{item.pk}"


def page_url(page: MeetingPage, name: str, pk: int) -> str:
    """The address of a part of the minutes."""
    return address(f"meetings:{name}", page.agreement.slug, page.body.slug, page.meeting.pk, pk)


def alone(
    request: Request, page: MeetingPage, shown: Alone, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    """The page around a part, for browsers without JavaScript."""
    frame = {
        "meeting_page": page,
        "alone": shown,
        "base_url": page.url("minutes"),
        "crumbs": crumbs(page, *shown.below),
    }
    return render(request, "meetings/record/minutes_alone.html", {**context, **frame}, status=status)


def swapped(request: Request, template: str, context: Mapping[str, object], target: str) -> HttpResponse:
    """A part of the page in place of the one that stands at `target`."""
    response = render(request, template, context)
    response["HX-Retarget"], response["HX-Reswap"] = target, "outerHTML"
    return response


def in_place(
    request: Request, page: MeetingPage, item: "AgendaItem", form: BaseForm, heading: str, submit: str, **more: object
) -> HttpResponse:
    """Shows a form inside the section, or as a page. A form with errors answers 422 to htmx, so that it is swapped."""
    part = "meetings/record/_section_new.html"
    context = {
        "item": item,
        "form": form,
        "heading": heading,
        "submit": submit,
        "action_url": request.path,
        "cancel_url": at_item(page.url("minutes"), item),
        "positions_url": page_url(page, "positions", item.pk),
        "alone": None,
        "overtaken": getattr(form, "overtaken", False),
        **more,
    }
    status = 422 if form.is_bound else 200
    if request.htmx:
        return render(request, part, context, status=status)
    below = ("Protokoll", page.url("minutes")), (heading, None)
    shown = Alone(part, f"{heading} zu TOP {item.number}", f"TOP {item.number} {item.title}", below)
    return alone(request, page, shown, context)


def outcome_added(request: Request, page: MeetingPage, item: "AgendaItem", sentence: str) -> HttpResponse:
    """Shows what came of the item, with what was just added."""
    url = page.url("minutes")
    if not request.htmx:
        return done(request, sentence, at_item(url, item))
    context = {"came": shown_item(came_of(item, page.partners), item.section, url), "said": sentence}
    return swapped(request, "meetings/record/_section_outcomes.html", context, f"#ergebnisse-{item.pk}")


def removed(
    request: Request, page: MeetingPage, item: "AgendaItem", sentence: str, action: Callable[[], object]
) -> HttpResponse:
    """Strikes something and shows what is left. What was refused is said on the whole page, as it is now."""
    with act() as attempt:
        action()
        return outcome_added(request, page, item, sentence)
    return said_on(request, page.url("minutes"), attempt.sentence)


def said_on(request: Request, url: str, sentence: str) -> HttpResponse:
    """A whole page as it is now, with why nothing happened."""
    messages.error(request, sentence)
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def struck_meanwhile(
    request: Request,
    page: MeetingPage,
    minutes: "Minutes",
    kind: OutcomeKind,
    pk: int,
    form_of: Callable[..., BaseForm] | None = None,
) -> HttpResponse:
    """Says who struck a task or a resolution. What was typed stays, in the form that records it as a new one.

    `form_of` makes that form from what was typed. 404 where nothing was struck.
    """
    sentence = or_404(struck_words(kind, pk, page.agreement.slug))
    item = item_of(minutes, whole_number(request.POST.get("top", "")))
    if item is None or form_of is None:
        return said_on(request, page.url("minutes"), f"{sentence} Es wurde nichts geändert.")
    form = form_of(request.POST, partners=[*page.partners.values()], auto_id=f"{kind}_{item.pk}_%s")
    form.add_error(None, f"{sentence} {KEPT}")
    url = page_url(page, f"{kind}-new", item.pk)
    return in_place(request, page, item, form, f"Neu: {kind.label}", f"{kind.label} neu festhalten", action_url=url)
