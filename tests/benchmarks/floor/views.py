"""Plain queries, one template each; signing in is asked by the middleware."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from tests.benchmarks.floor.models import (
    AccountRequest,
    Agreement,
    AnnexVersion,
    Assignment,
    Attendance,
    Body,
    Dataset,
    DeviatingTerm,
    Holiday,
    InvitationRound,
    Item,
    Meeting,
    Obligation,
    Partner,
    Role,
    Seat,
    Submission,
    Task,
    TransitionList,
)


def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """A meeting with its minutes in three queries."""
    context = {
        "meeting": get_object_or_404(Meeting.objects.select_related("body"), pk=pk),
        "items": Item.objects.filter(meeting=pk).select_related("section").order_by("position"),
        "attendances": Attendance.objects.filter(meeting=pk).order_by("pk"),
    }
    return render(request, "floor/meeting.html", context)


def meetings(request: HttpRequest, count: int) -> HttpResponse:
    """The newest meetings in one query."""
    rows = Meeting.objects.select_related("body").order_by("-meets_on", "-starts_at")[:count]
    return render(request, "floor/meetings.html", {"meetings": rows})


def overview(request: HttpRequest, slug: str, day: str) -> HttpResponse:
    """What the overview of an agreement is made of on a day, each kind of fact in one query; nothing is worked out."""
    agreement, on = get_object_or_404(Agreement, slug=slug), date.fromisoformat(day)
    years = (on.year - 1, on.year + 1)
    conference = get_object_or_404(Body, agreement=agreement, kind="CONFERENCE")
    roles = list(Role.objects.filter(user=request.user, period__contains=on).select_related("partner"))
    own = [role.partner_id for role in roles if role.partner_id]
    upcoming = Meeting.objects.filter(body__agreement=agreement, meets_on__gte=on).order_by("meets_on").first()
    context = {
        "agreement": agreement,
        "since": AnnexVersion.objects.filter(agreement=agreement, period__contains=on).first(),
        "conference": conference,
        "roles": roles,
        "partners": Partner.objects.filter(agreement=agreement).select_related("authority").order_by("position"),
        "terms": DeviatingTerm.objects.filter(partner__agreement=agreement),
        "next": upcoming,
        "round": InvitationRound.objects.filter(meeting=upcoming).first(),
        "meetings": Meeting.objects.filter(body__agreement=agreement, meets_on__year__range=years)
        .select_related("body", "minutes")
        .order_by("meets_on"),
        "obligations": Obligation.objects.filter(version__agreement=agreement).order_by("code"),
        "submissions": Submission.objects.filter(agreement=agreement, due_year__range=years, withdrawn_at=None),
        "lists": TransitionList.objects.filter(agreement=agreement, year__range=years),
        "datasets": Dataset.objects.filter(region_kgs__in=["06440"]).order_by("-reference_date"),
        "holidays": Holiday.objects.order_by("day"),
        "seats": Seat.objects.filter(body=conference, period__contains=on),
        "assignments": Assignment.objects.filter(seat__body=conference, period__contains=on),
        "requests": AccountRequest.objects.filter(state="OPEN").select_related("user").order_by("given_at"),
        "tasks": Task.objects.filter(body__agreement=agreement, partner__in=own, state="OPEN", due_on__lte=on).count(),
    }
    return render(request, "floor/overview.html", context)
