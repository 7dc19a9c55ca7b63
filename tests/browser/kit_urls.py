"""A page with every component and every field, for the browser only: it has no place in the application."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from kok.access import public
from kok.urls import urlpatterns as application

KIT = Path(__file__).with_name("kit.html")
PARTNERS = ["Wetteraukreis", "LWV Hessen"]
LABELS = ["Übersicht", "Sitzungen", "Aufgaben", "Fristen", "Mitglieder und Gremien", "Zahlen", "Vereinbarung"]


class Asked(forms.Form):
    """One field of every kind."""

    title = forms.CharField(label="Wie heißt der Tagesordnungspunkt?", help_text="So, dass alle ihn wiederfinden.")
    text = forms.CharField(label="Worum geht es?", widget=forms.Textarea, required=False)
    day = forms.DateField(label="An welchem Tag?")
    at = forms.TimeField(label="Um wie viel Uhr?")
    body = forms.ChoiceField(label="Welches Gremium?", choices=[("", "Bitte wählen"), ("kok", "Kooperationskonferenz")])
    way = forms.ChoiceField(
        label="Wie findet sie statt?", widget=forms.RadioSelect, choices=[("o", "Vor Ort"), ("v", "Video")]
    )
    who = forms.MultipleChoiceField(
        label="Wer soll dabei sein?", widget=forms.CheckboxSelectMultiple, choices=[("1", "LWV"), ("2", "Kreis")]
    )
    checked = forms.BooleanField(label="Ich habe die Tagesordnung geprüft.", help_text="Es geht an 7 Personen.")
    paper = forms.FileField(label="Unterlage", required=False)


def _context(form: forms.Form) -> dict[str, object]:
    states = ["done", "done", "current", "todo", "todo"]
    steps = ["Vorbereiten", "Einladen", "Durchführen", "Protokoll", "Genehmigt"]
    return {
        "form": form,
        "today": date(2027, 3, 12),
        "crumbs": [("Sitzungen", "/kit/"), ("Kooperationskonferenz 2027/1", None)],
        "navigation": [{"label": label, "url": f"/{label}/", "current": i == 1} for i, label in enumerate(LABELS)],
        "agreements": [("wetteraukreis", "Wetteraukreis und LWV Hessen")],
        "steps": [{"label": a, "state": b, "note": "Es fehlt: Ort"} for a, b in zip(steps, states, strict=True)],
        "tabs": [{"label": a, "url": "#", "current": a == "Verlauf", "count": 7} for a in ("Teilnehmende", "Verlauf")],
        "facts": [("Gremium", "Kooperationskonferenz"), ("Ort", "Europaplatz, 61169 Friedberg (Hessen)")],
        "terms": [
            SimpleNamespace(label=PARTNERS[i % 2], starts_on=date(2022 + 2 * i, 3, 1), ends_on=date(2024 + 2 * i, 3, 1))
            for i in range(4)
        ],
        "page": Paginator(range(200), 20).get_page(4),
        "duties": [("8b: Liste", "Wetteraukreis", date(2027, 4, 30)), ("8c: Zahlen", "LWV Hessen", date(2027, 3, 1))],
        "documents": [
            SimpleNamespace(pk=pk, state=state, error="", filename="Protokoll-KoK-06440-2027-01.pdf")
            for pk, state in enumerate(["WAITING", "DONE", "FAILED"])
        ],
    }


@public
def kit(request: HttpRequest) -> HttpResponse:
    """All of it; sent empty it shows every error."""
    messages.success(request, "Die Einladung ist an 7 Personen gesendet.")
    form = Asked(request.POST, request.FILES) if request.method == "POST" else Asked()
    template = engines["django"].from_string(KIT.read_text())
    return HttpResponse(template.render(_context(form), request))


@public
def nothing(request: HttpRequest) -> HttpResponse:
    """The document is not ready yet."""
    return HttpResponse(status=204)


urlpatterns = [path("kit/", kit), path("kit/stand/", nothing), *application]
