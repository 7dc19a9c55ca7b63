"""The day that an address asks for, on pages that show any day."""

from datetime import date

from django.http import HttpRequest

from kok import clock, words
from members.forms import AsOfForm


def day_of(request: HttpRequest) -> tuple[AsOfForm, date]:
    """The form and its day, as one writes it here; today when there is none or it does not exist."""
    asked = AsOfForm(request.GET) if "am" in request.GET else AsOfForm(initial={"am": clock.today()})
    day = asked.cleaned_data["am"] if asked.is_valid() else None
    return (AsOfForm({"am": words.day(day)}), day) if day else (asked, clock.today())
