"""Forms that open inside the page of the minutes; without JavaScript they are pages of their own."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kok.errors import Refused
from kok.requests import Request
from meetings.convening.queries.meetings import MeetingPage
from meetings.convening.views.lookup import crumbs
from meetings.record.queries.minutes import entry_of, item_of, text_of
from meetings.record.queries.struck import struck


def page_url(page: MeetingPage, name: str, pk: int) -> str:
    """The address of a part of the minutes."""
    return reverse(f"meetings:{name}", args=[page.agreement.slug, page.body.slug, page.meeting.pk, pk])


def in_place(
    request: Request, page: MeetingPage, item: Any, form: Any, heading: str, submit: str, **more: Any
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
    if request.htmx:
        return render(request, "meetings/record/_section_new.html", context, status=status)
    context["crumbs"] = crumbs(page, ("Protokoll", page.url("minutes")), (heading, None))
    return render(request, "meetings/record/minutes_new.html", context)


def outcome_added(request: Request, page: MeetingPage, minutes: Any, item: Any, sentence: str) -> HttpResponse:
    """Shows what came of the item, with what was just added."""
    if not request.htmx:
        messages.success(request, sentence)
        return redirect(f"{page.url('minutes')}#top-{item.pk}")
    entry = entry_of(text_of(minutes, page.partners), item.pk)
    context = {"meeting_page": page, "entry": entry, "said": sentence, "base_url": page.url("minutes")}
    response = render(request, "meetings/record/_section_outcomes.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = f"#ergebnisse-{item.pk}", "outerHTML"
    return response


def removed(
    request: Request, page: MeetingPage, minutes: Any, item: Any, sentence: str, action: Callable[[], object]
) -> HttpResponse:
    """Strikes something and shows what is left. What was refused is said on the whole page, as it is now."""
    try:
        action()
    except Refused as refused:
        return _said_on_the_page(request, page, refused.sentence)
    return outcome_added(request, page, minutes, item, sentence)


def _said_on_the_page(request: Request, page: MeetingPage, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": page.url("minutes")})
    return redirect(page.url("minutes"))


def struck_meanwhile(
    request: Request, page: MeetingPage, minutes: Any, kind: str, pk: int, form_of: Callable[..., Any] | None = None
) -> HttpResponse:
    """Says who struck a task or a resolution. What was typed stays, in the form that records it as a new one.

    `form_of` makes that form from what was typed. 404 where nothing was struck.
    """
    sentence = struck(kind, pk, page.agreement.slug)
    if not sentence:
        raise Http404
    top = request.POST.get("top", "")
    item = item_of(minutes, int(top)) if top.isdecimal() and form_of else None
    if item is None or form_of is None:
        return _said_on_the_page(request, page, f"{sentence} Es wurde nichts geändert.")
    form = form_of(request.POST, partners=[*page.partners.values()], auto_id=f"{kind}_{item.pk}_%s")
    form.add_error(None, f"{sentence} {KEPT}")
    word = WORDS[kind]
    url = page_url(page, f"{kind}-new", item.pk)
    return in_place(request, page, item, form, f"Neu: {word}", f"{word} neu festhalten", action_url=url)


WORDS = {"task": "Aufgabe", "resolution": "Beschluss"}
KEPT = "Ihre Eingabe steht noch hier. Soll sie gelten, halten Sie sie neu fest."
