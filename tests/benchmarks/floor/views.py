"""Plain queries, one template each; signing in is asked by the middleware."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from tests.benchmarks.floor.models import Attendance, Item, Meeting


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
