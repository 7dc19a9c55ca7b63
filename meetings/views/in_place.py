"""Forms that open inside the page of the minutes; without JavaScript they are pages of their own."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kok.errors import Refused
from meetings.queries.meetings import MeetingPage
from meetings.queries.minutes import entry_of, text_of
from meetings.views.found import crumbs


def page_url(page: MeetingPage, name: str, pk: int) -> str:
    """The address of a part of the minutes."""
    return reverse(f"meetings:{name}", args=[page.agreement.slug, page.body.slug, page.meeting.pk, pk])


def in_place(
    request: HttpRequest, page: MeetingPage, item: Any, form: Any, heading: str, submit: str, **more: Any
) -> HttpResponse:
    """Shows a form inside the section, or as a page. A form with errors answers 422 to htmx, so that it is swapped."""
    context = {
        "meeting_page": page,
        "item": item,
        "form": form,
        "heading": heading,
        "submit": submit,
        "action_url": request.path,
        "cancel_url": f"{page.url('minutes')}#top-{item.pk}",
        "positions_url": page_url(page, "positions", item.pk),
        "remove": "",
        "without_consensus": False,
    } | more
    status = 422 if form.is_bound else 200
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "meetings/_section_new.html", context, status=status)
    context["crumbs"] = crumbs(page, ("Protokoll", page.url("minutes")), (heading, None))
    return render(request, "meetings/minutes_new.html", context)


def outcome_added(request: HttpRequest, page: MeetingPage, minutes: Any, item: Any, sentence: str) -> HttpResponse:
    """Shows what came of the item, with what was just added."""
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, sentence)
        return redirect(f"{page.url('minutes')}#top-{item.pk}")
    entry = entry_of(text_of(minutes, page.partners), item.pk)
    context = {"meeting_page": page, "entry": entry, "said": sentence, "base_url": page.url("minutes")}
    response = render(request, "meetings/_section_outcomes.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = f"#ergebnisse-{item.pk}", "outerHTML"
    return response


def removed(
    request: HttpRequest, page: MeetingPage, minutes: Any, item: Any, sentence: str, action: Callable[[], object]
) -> HttpResponse:
    """Strikes something and shows what is left. What was refused is said on the whole page, as it is now."""
    try:
        action()
    except Refused as refused:
        messages.error(request, refused.sentence)
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(status=204, headers={"HX-Redirect": page.url("minutes")})
        return redirect(page.url("minutes"))
    return outcome_added(request, page, minutes, item, sentence)
