"""Entering a meeting that took place without the application, and taking out one that was entered by mistake."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kok import clock
from kok.access import Permission, requires
from kok.requests import Request, act, done, is_sent, or_404
from kok.step_pages import Act, Done, StepPage, after_asking, step_page
from meetings.convening.actions import late as actions
from meetings.convening.forms.late import LateEntryForm
from meetings.convening.queries.listing import bodies_of
from meetings.convening.queries.secretariat import secretariat_of
from meetings.convening.views.lookup import crumbs, page_or_404

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])

LEAD = (
    "Für eine Sitzung, die stattfand, ohne dass sie hier geplant war. Sie steht dann überall als „nachgetragen“ und "
    "zählt zu den vorgeschriebenen Sitzungen ihres Jahres. Niemand erhält eine Nachricht."
)
ENTERED = "Die Sitzung ist nachgetragen. Ist das ein Irrtum, nehmen Sie den Nachtrag auf dieser Seite zurück."


@requires(Permission.MEETING_PLAN)
@require_read_or_post
def enter(request: Request) -> HttpResponse:
    """A meeting of the past."""
    agreement, today = request.agreement, clock.today()
    form = LateEntryForm(
        request.POST or None,
        bodies=[*bodies_of(agreement).values()],
        partners=[*secretariat_of(agreement).partners.values()],
        today=today,
    )
    listed = reverse("meetings:list", args=[agreement.slug])
    if is_sent(request, form):
        body = form.cleaned_data["body"]
        with act(form):
            meeting = actions.enter_later(
                body=body, occasion=form.occasion, known=form.known, by=request.user, now=clock.now()
            )
            return done(request, ENTERED, "meetings:detail", agreement.slug, body.slug, meeting.pk)
    step = StepPage(heading="Sitzung nachtragen", lead=LEAD, submit="Sitzung nachtragen", cancel_url=listed)
    return step_page(request, step, form, crumbs=[("Sitzungen", listed), ("Sitzung nachtragen", None)])


@requires(Permission.MEETING_PLAN)
@require_read_or_post
def take_out(request: Request, body: str, pk: int) -> HttpResponse:
    """Takes out what was entered by mistake, after a page that says what follows."""
    page = page_or_404(request, body, pk, "")
    or_404(getattr(page.meeting, "late_entry", None))
    revision = page.meeting.revision

    def perform() -> Done:
        actions.take_out(meeting=page.meeting, revision=revision, by=request.user, now=clock.now())
        return "Der Nachtrag ist zurückgenommen.", page.url("detail")

    wanted = Act(
        above=page.title,
        heading="Nachtrag zurücknehmen",
        submit="Nachtrag zurücknehmen",
        cancel_url=page.url("detail"),
        crumbs=crumbs(page, ("Nachtrag zurücknehmen", None)),
        consequences=lambda: TAKING_OUT,
        perform=perform,
    )
    return after_asking(request, wanted)


TAKING_OUT = (
    "Die Sitzung steht als irrtümlich nachgetragen in der Liste und zählt nicht mehr.",
    "Ihre Nummer wird nicht noch einmal vergeben, ihr Text bleibt lesbar.",
    "Fand die Sitzung doch statt, tragen Sie sie neu ein.",
)
