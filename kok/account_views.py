"""One's own account: the devices on which one is signed in; and the pages that refuse another."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST, require_safe

from kok import clock, sessions, sign_ins, troubles
from kok.access import public, signed_in
from kok.entrances import NO_SIGN_UP
from kok.requests import Request
from kok.sign_ins import Kind


@public
def no_sign_up(request: HttpRequest) -> HttpResponse:
    """Where allauth would register people: there is no such page, and it says who invites."""
    return render(request, NO_SIGN_UP.template, {"entrance": NO_SIGN_UP}, status=404)


@signed_in
@require_safe
def devices(request: Request) -> HttpResponse:
    """Where one is signed in, this browser first."""
    rows = [(row, sessions.is_of(row, request.session.session_key)) for row in sessions.sessions_of(request.user)]
    rows.sort(key=lambda pair: not pair[1])
    return render(request, "account/devices.html", {"rows": rows, "crumbs": [("Angemeldete Geräte", None)]})


@signed_in
@require_POST
def end_device(request: Request, pk: int) -> HttpResponse:
    """Ends one session; the one of this browser is ended by signing out."""
    if sessions.end(request.user, pk, now=clock.now()):
        messages.success(request, "Dieses Gerät ist abgemeldet.")
    else:
        messages.info(request, "Dieses Gerät war schon abgemeldet. Es wurde nichts geändert.")
    return redirect("kok:devices")


@signed_in
@require_POST
def end_other_devices(request: Request) -> HttpResponse:
    """Ends all sessions but that of this browser."""
    ended = sessions.end_others(request.user, request.session.session_key, now=clock.now())
    if ended:
        messages.success(request, "Alle anderen Geräte sind abgemeldet.")
    else:
        messages.info(request, "Sie sind nur hier angemeldet. Es wurde nichts geändert.")
    return redirect("kok:devices")


@requires_csrf_token
def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler403`: says that a role is missing, and writes it down where somebody is signed in."""
    sign_ins.record_page(Kind.REFUSED, request, now=clock.now())
    return troubles.answer(troubles.NO_ROLE, request)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler404`: who may not know of something gets the same answer as where there is nothing.

    It is written down where somebody is signed in: whoever guesses in other regions shows there.
    """
    sign_ins.record_page(Kind.NOT_FOUND, request, now=clock.now())
    return troubles.answer(troubles.NO_PAGE, request)
