"""The pages of the kernel: start, health, demo mail, failed work."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kok import (
    actions,
    barrier_office,
    barriers,
    clock,
    documents,
    findings,
    health,
    inspections,
    queries,
    second_factor,
    statutory,
)
from kok.access import (
    Permission,
    Visitor,
    can,
    grants_of,
    installation,
    public,
    signed_in,
    waiting_grants_of,
)
from kok.navigation import agreements_of, tabs_of
from kok.requests import Request, act, or_404
from kok.roles import RoleSlug
from kok.step_pages import StepPage, step_page
from kok.vocabulary import MAILS
from kok.waiting import Waiting, WaitingLookups
from kok.words import counted, moment

SECURITY_TXT_HOLDS = timedelta(days=90)


@public
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """For the container: this process answers. It asks nobody, so a database that is away restarts nothing."""
    return HttpResponse("ok", content_type="text/plain")


@public
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """For monitoring and the launcher: 503 without database or schema, else 200 with the parts that are degraded."""
    answer = health.answer(clock.now())
    return JsonResponse(answer, status=503 if answer["status"] == health.UNAVAILABLE else 200)


@public
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report holes (RFC 9116). It exists where the operator names a contact.

    The file must say until when it holds. Here that is always a quarter of a year ahead, because it is as new as the
    setting it is made from.
    """
    if not settings.KOK_SECURITY_CONTACT:
        raise Http404
    expires = (clock.now() + SECURITY_TXT_HOLDS).replace(microsecond=0)
    lines = [
        f"Contact: {settings.KOK_SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: de, en",
        f"Canonical: {settings.KOK_PUBLIC_URL}{request.path}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@signed_in
@require_safe
def start(request: Request) -> HttpResponse:
    """Leads everybody to the place where his work is; with several agreements they are listed."""
    if waiting_grants_of(request.user) and "spaeter" not in request.GET:
        request.session.setdefault("way_back", request.path)
        return redirect("kok:factor")
    if place := _place_of_work(request.user):
        return redirect(*place)
    asked = WaitingLookups.own(request.user, clock.now())
    context = {"has_roles": bool(grants_of(request.user)), "asked": asked}
    return render(request, "kok/start.html", context)


def _place_of_work(user: Visitor) -> tuple[str, ...]:
    """The one page where the work of this person is, as `redirect` takes it; empty where there are several or none."""
    regions = [slug for slug, _title in agreements_of(user)]
    places = (
        ({grant.role for grant in grants_of(user)} == {RoleSlug.AUDITOR}, ("kok:audit",)),
        (len(regions) == 1, ("reporting:overview", *regions)),
        (not regions and can(user, Permission.JOBS_MANAGE), ("kok:jobs",)),
    )
    return next((place for is_there, place in places if is_there), ())


@public
@require_safe
def demo_mail(request: HttpRequest) -> HttpResponseBase:
    """In the demo: what would have been sent, or with `?mail=…&anlage=1` one attachment.

    It does not exist in production or with a real mail server.
    """
    if settings.PRODUCTION or not settings.KOK_MAIL_IN_FILES:
        raise Http404
    if "anlage" not in request.GET:
        return render(request, "kok/demo_mail.html", {"mails": queries.demo_mails()})
    file = or_404(queries.demo_file(request.GET.get("mail", ""), request.GET["anlage"]))
    return FileResponse(BytesIO(file.content), filename=file.filename, content_type=file.content_type)


@public
@require_safe
def demo_code(request: HttpRequest) -> HttpResponse:
    """In the demo: the code that the authenticator app of each case account would show.

    It does not exist in production or with a real mail server.
    """
    if settings.PRODUCTION or not settings.KOK_MAIL_IN_FILES:
        raise Http404
    return render(request, "kok/demo_code.html", {"codes": second_factor.demo_codes()})


@installation(Permission.JOBS_MANAGE)
@require_safe
def jobs(request: Request) -> HttpResponse:
    """How the parts of the installation are, what the nightly inspections found, what did not work; no content."""
    now, today = clock.now(), clock.today()
    results, states = inspections.results(now), health.states(now)
    office, open_barriers = barrier_office.named(today), barriers.open_lines(today)
    to_do, owed_pages = WaitingLookups.technik(request.user, now), statutory.unpublished()
    failed_messages, failed_documents = queries.failed_messages(), queries.failed_documents()
    foreign_number = queries.foreign_messages().count()
    is_hindered = bool(office and office.hindrance)
    numbers = {
        "#zu-tun": len(to_do),
        "#seiten": len(owed_pages),
        "#barrieren": len(open_barriers),
        "#fremd": foreign_number,
        "#nachrichten": len(failed_messages),
        "#dokumente": len(failed_documents),
    }
    longest_wait = f"{health.LONGEST_WAIT.seconds // 60} Minuten"
    undone = [Waiting(counted(number, *UNDONE[place]), place) for place, number in numbers.items() if number]
    context = {
        "states": states,
        "troubles": _troubles(states, results),
        "queued": _queued(now),
        "inspections": results,
        "failed_messages": failed_messages,
        "foreign_messages": queries.foreign_messages()[: findings.MOST_SHOWN],
        "foreign_number": foreign_number,
        "longest_wait": longest_wait,
        "not_sent_for": f"seit mehr als {longest_wait} nicht versandt",
        "overdue_messages": queries.messages_waiting_since(now - health.LONGEST_WAIT),
        "failed_documents": failed_documents,
        "owed_pages": owed_pages,
        "open_barriers": open_barriers,
        "to_do": to_do,
        "undone": undone + (HINDERED if is_hindered else []),
        "office": office,
        "answers_here": office is None or is_hindered,
        "tabs": tabs_of(request.user, "operation", "kok:jobs"),
        "today": today,
    }
    return render(request, "kok/jobs.html", context)


def _troubles(states: Sequence[health.State], results: Sequence[inspections.Result]) -> list[str]:
    """What is wrong with the installation, in sentences."""
    unwell = ", ".join(state.part.title for state in states if not state.is_well)
    finding = "Eine nächtliche Prüfung hat etwas gefunden."
    told = (f"Nicht in Ordnung: {unwell}." if unwell else "", finding if any(r.has_finding for r in results) else "")
    return list(filter(None, told))


def _queued(now: datetime) -> list[str]:
    """How much work waits for a worker, and since when, in sentences."""
    told = ["Keine Nachricht wartet auf den Versand."]
    if message := queries.oldest_waiting_message():
        since, waiting = health.so_long(now - message), queries.waiting_messages()
        several = f"Nachrichten warten auf den Versand, die älteste {since}."
        told = [counted(waiting, f"Eine Nachricht wartet {since} auf den Versand.", several)]
    if document := documents.oldest_waiting():
        told.append(f"Das älteste Dokument, das noch nicht fertig ist, wartet {health.so_long(now - document)}.")
    return told


# What is not done yet, one and several, by its place on the page of the jobs.
UNDONE = {
    "#zu-tun": ("ein Vorgang, der auf Sie wartet", "Vorgänge, die auf Sie warten"),
    "#seiten": ("eine nicht veröffentlichte Seite", "nicht veröffentlichte Seiten"),
    "#barrieren": ("eine offene Meldung einer Barriere", "offene Meldungen von Barrieren"),
    "#fremd": ("eine fremde Nachricht", "fremde Nachrichten"),
    "#nachrichten": ("eine nicht zugestellte Nachricht", "nicht zugestellte Nachrichten"),
    "#dokumente": ("ein nicht gelungenes Dokument", "nicht gelungene Dokumente"),
}
HINDERED = [Waiting("die Behörde, die gemeldete Barrieren beantwortet, ist verhindert", "#barrieren")]


@installation(Permission.JOBS_MANAGE)
@require_POST
def retry_message(request: Request, pk: int) -> HttpResponse:
    """Puts a failed message back into the queue."""
    with act(request):
        actions.retry_message(message_id=pk, by=request.user, now=clock.now())
        messages.success(request, "Die Nachricht wird noch einmal gesendet.")
    return redirect("kok:jobs")


@installation(Permission.JOBS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def dismiss_message(request: Request, pk: int) -> HttpResponse:
    """Asks whether a failed message is done with, and gives it up."""
    message = get_object_or_404(queries.failed_messages(), pk=pk)
    if request.method != "POST":
        step = StepPage(
            title="Nachricht erledigen",
            above="Aufträge",
            heading="Nachricht nicht mehr senden",
            lead=f"{MAILS.word(message.kind)} an {message.to}, angelegt {moment(message.created_at)}."
            f" {message.error} Sie wird nicht noch einmal gesendet. Das lässt sich nicht zurücknehmen.",
            submit="Erledigt, nicht mehr senden",
            cancel_url=reverse("kok:jobs"),
        )
        return step_page(request, step)
    with act(request):
        actions.dismiss_message(message_id=pk, by=request.user, now=clock.now())
        messages.success(request, "Die Nachricht ist erledigt. Sie wird nicht mehr gesendet.")
    return redirect("kok:jobs")
