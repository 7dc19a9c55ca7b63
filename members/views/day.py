"""The day that an address asks for, on pages that show any day."""

from datetime import date

from kok import clock, words
from kok.requests import Request
from members.forms import AsOfForm


def day_of(request: Request) -> tuple[AsOfForm, date]:
    """The form and its day, as one writes it here; today when there is none or it does not exist."""
    form = AsOfForm(request.GET) if "am" in request.GET else AsOfForm(initial={"am": clock.today()})
    day = form.cleaned_data["am"] if form.is_bound and form.is_valid() else None
    return AsOfForm({"am": words.day(day)}) if day else form, day or clock.today()
