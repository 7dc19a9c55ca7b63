"""Technik names the authority whose office answers reported barriers."""

from django.http import HttpResponse
from django.urls import reverse

from kok import clock
from kok.access import Permission, installation
from kok.requests import Request
from kok.step_pages import Act, Done, in_two_steps
from members import actions
from members.forms import BarrierOfficeForm
from members.queries import barriers as queries
from members.views.lookup import require_read_or_post


@installation(Permission.JOBS_MANAGE)
@require_read_or_post
def name_office(request: Request) -> HttpResponse:
    """Which authority answers from now on, or Technik itself."""
    form = BarrierOfficeForm(request.POST or None, initial={"authority": queries.named_authority()})
    overview = reverse("kok:barriers")

    def perform() -> Done:
        authority = form.cleaned_data["authority"]
        actions.name_barrier_office(authority=authority, by=request.user, now=clock.now())
        who = getattr(authority, "short_name", "die Technik")
        return f"Gemeldete Barrieren beantwortet jetzt {who}.", overview

    def consequences() -> list[str]:
        authority = form.cleaned_data["authority"]
        if authority is None:
            return ["Die Technik liest und beantwortet die Meldungen. Erinnerungen gehen wieder an sie."]
        office = queries.office_of(authority, clock.today())
        actions.check_can_answer(office)
        return [
            f"Nachrichten über neue Meldungen und Fristen gehen an {office.email}.",
            f"Lesen und abschließen kann die Meldungen, wer für {office.name} die Rolle Stammdaten hat.",
            "Die Technik sieht nur noch Nummern und Fristen. Die offenen Meldungen gehen mit über.",
        ]

    act = Act(
        heading="Behörde für gemeldete Barrieren",
        above="Technischer Betrieb",
        submit="So eintragen",
        consequences=consequences,
        perform=perform,
        cancel_url=overview,
        crumbs=[("Barrieren", overview), ("Behörde benennen", None)],
    )
    return in_two_steps(request, form, act)
