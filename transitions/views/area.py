"""The door of the sealed area: who may enter at all, with a second factor, for a reason, and for a short time."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from traceback import extract_tb
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, retarget

from kok import clock
from kok.access import Permission, View, marked, requires
from kok.errors import Forged, taken
from kok.vault import KeyLost
from kok.words import clock as clock_words
from members.queries.foundation import stands_in
from transitions.actions.log import record_access
from transitions.forms.area import TAMPERED, EntryForm, HeldInput
from transitions.pages.entrance import entrance_again, entrance_page
from transitions.queries.access import Access
from transitions.rules.area import IDLE_WORDS, LONGEST_WORDS
from transitions.rules.codes import EntryReason, LogAction
from transitions.views import area_session as area_sessions
from transitions.views.area_session import AreaSession, SealedRequest
from transitions.views.overtaken import DraftGone

_LOG = ("transitions_accesslogentry", "transitions_accesslogday")


def sealed(permission: Permission, *reasons: EntryReason) -> Callable[[View], View]:
    """Opens a page of the sealed area to this permission; sets `request.access` and `request.area_session`.

    Role first, then second factor, reason and time (5.4, 5.5). Views log what they show. `reasons`: what the page is
    opened for; whoever is inside for another reason gives one of these first, because the log and the Auskunft of the
    people concerned tell it. None: the page is part of every reason.
    """

    def decorate(view: View) -> View:
        guarded = sensitive_variables()(view)

        @wraps(view)
        @sensitive_post_parameters()
        def inside(request: SealedRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            answer = _at_the_door(request, reasons, clock.now())
            return area_sessions.hand_over(request, answer or _answered(guarded, request, *args, **kwargs))

        return marked(requires(permission)(inside), is_sealed=True, reasons=reasons, writes_on_get=_LOG)

    return decorate


def _answered(view: View, request: SealedRequest, *args: object, **kwargs: object) -> HttpResponseBase:
    """The page, or the one that leads on where somebody else was quicker."""
    try:
        return _without_words(view, request, *args, **kwargs)
    except DraftGone as gone:
        messages.error(request, gone.sentence)
        return redirect(gone.address)


class SealedFault(Exception):
    """Something broke in the sealed area. Says what and where, never with which words: those could be a name."""


def _without_words(view: View, request: SealedRequest, *args: object, **kwargs: object) -> HttpResponseBase:
    """What an unforeseen error says could hold what was typed; its kind and its place go into the log instead.

    Of a key that is taken, its name: somebody was quicker, or put it in past the application.
    """
    fault: Exception
    try:
        return view(request, *args, **kwargs)
    except (Http404, PermissionDenied, SuspiciousOperation, KeyLost, Forged, DraftGone):
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, its words must not be logged
        place = extract_tb(error.__traceback__)[-1]
        said = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
        fault = taken(error) or SealedFault(said)
    raise fault


@requires(Permission.CASES_ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def enter(request: SealedRequest) -> HttpResponse:
    """Asks for the reason and the second factor, and leads to where the person wanted to go."""
    now = clock.now()
    target = _target(request)
    reasons = getattr(resolve(target.partition("?")[0]).func, "reasons", ())  # what the page is opened for
    area_session = area_sessions.current(request, now) if stands_in(request.user, request.agreement) else None
    if area_session and _is_for(area_session, reasons):
        return redirect(target)
    form = EntryForm(
        request,
        request.agreement,
        is_answered=request.method == "POST",
        reasons=reasons,
        is_inside=area_session is not None,
    )
    if form.is_valid():
        _let_in(request, form, area_session, now)
        return area_sessions.hand_over(request, redirect(target))
    reason = area_session.reason if area_session else None
    step = entrance_page(request.agreement, reason, is_elsewhere=area_sessions.is_elsewhere(request, now))
    context = {
        "step": step,
        "form": form,
        "idle": IDLE_WORDS,
        "longest": LONGEST_WORDS,
        "crumbs": step.crumbs,
    }
    return render(request, "transitions/enter.html", context)


@requires(Permission.CASES_ENTER)
@require_POST
def leave(request: SealedRequest) -> HttpResponse:
    """Closes the area."""
    messages.success(request, "Sie haben den geschützten Bereich verlassen.")
    return area_sessions.end(request, redirect("transitions:counts", request.agreement.slug))


@sealed(Permission.CASES_ENTER)
@require_POST
def stay_on(request: SealedRequest) -> HttpResponse:
    """Somebody is still there, or types: the 15 minutes begin again, within the four hours. Shows and logs nothing.

    `account`: a page that another account left covered stays so.
    """
    inside = request.area_session
    told = {"secondsLeft": inside.seconds_left, "until": clock_words(inside.until), "account": request.user.pk}
    return JsonResponse(told)


def _at_the_door(request: SealedRequest, reasons: tuple[EntryReason, ...], now: datetime) -> HttpResponseBase | None:
    """Lets in who is inside or proves himself now; everybody else gets the answer that leads there."""
    held = HeldInput(request)
    if held.is_foreign:
        messages.error(request, "Die Eingabe gehörte zu einer anderen Anmeldung. Es wurde nichts gespeichert.")
        return _to_the_entrance(request)
    area_session = area_sessions.current(request, now)
    if area_session is None or not _is_for(area_session, reasons):
        if request.method != "POST":
            return _to_the_entrance(request)
        form = EntryForm(
            request,
            request.agreement,
            is_answered=held.is_answer,
            reasons=reasons,
            is_inside=area_session is not None,
            initial={"reason": area_sessions.last_reason(request)},
        )
        if not form.is_valid():
            return _ask_again(request, held, form, area_session)
        area_session = _let_in(request, form, area_session, now)
    if not stands_in(request.user, request.agreement):  # one may have been put in since somebody entered
        messages.error(request, TAMPERED)
        return _to_the_entrance(request)
    held.give_back()
    request.area_session = area_sessions.go_on(request, area_session, now)
    request.access = Access(request.user, request.agreement, area_session.reason)
    return None


def _is_for(area_session: AreaSession, reasons: tuple[EntryReason, ...]) -> bool:
    """Whether what somebody came for covers a page of these reasons."""
    return not reasons or area_session.reason in reasons


def _let_in(request: SealedRequest, form: EntryForm, area_session: AreaSession | None, now: datetime) -> AreaSession:
    """Logs the entry, then opens, or goes on for the new reason: who cannot be logged stays outside."""
    if form.proof:
        form.proof.record_usage()  # it opens the area and nothing else
    reason = EntryReason(form.cleaned_data["reason"])
    record_access(by=Access(request.user, request.agreement, reason), action=LogAction.ENTER, now=now)
    if area_session:
        return area_sessions.change_reason(request, area_session, reason, now)
    return area_sessions.begin(request, reason, now)


def _ask_again(
    request: SealedRequest, held: HeldInput, form: EntryForm, area_session: AreaSession | None
) -> HttpResponse:
    """Keeps what was typed on the page, nowhere else, and asks for the code; then the act is carried out."""
    reason = area_session.reason if area_session else None
    step = entrance_again(request.agreement, reason, has_files=bool(request.FILES))
    context = {"step": step, "form": form, "held": held}
    answer = render(request, "transitions/enter.html", context, status=200 if held.is_answer else 409)
    return retarget(answer, "body") if request.headers.get("HX-Request") else answer


def _to_the_entrance(request: SealedRequest) -> HttpResponseBase:
    """The entrance, with the way back to the page that somebody wanted to see."""
    address = reverse("transitions:enter", args=[request.agreement.slug])
    wanted = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(address)
    return redirect(f"{address}?{urlencode({'next': wanted})}" if wanted else address)


def _target(request: SealedRequest) -> str:
    """Where to go after entering: a page of this agreement's transitions, or else its lists."""
    wanted: str = request.GET.get("next", "")
    agreement: str = request.agreement.slug
    return wanted if _is_own(wanted, agreement) else reverse("transitions:lists", args=[agreement])


def _is_own(address: str, agreement: str) -> bool:
    if not address.startswith("/") or not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return False
    try:
        found = resolve(address.partition("?")[0])
    except Resolver404:
        return False
    doors = ("enter", "leave", "stay-on")
    return found.app_name == "transitions" and found.kwargs["agreement"] == agreement and found.url_name not in doors
