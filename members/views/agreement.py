"""The agreement to read as of any day, what each version changed, and its unchanged wording to download."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kok import clock
from kok.access import Permission, requires
from kok.queries import document_content
from kok.requests import Request, file_response, or_404
from members.pages.agreement import agreement_on
from members.queries.agreement import original_of
from members.views.day import day_of


@requires(Permission.AGREEMENT_READ)
@require_safe
def reading(request: Request) -> HttpResponse:
    """Punkt by Punkt in the reading version of a day, with what the software makes of it; partners as named then."""
    form, day = day_of(request)
    context = {
        "reading": agreement_on(request.agreement, day, clock.today()),
        "form": form,
        "crumbs": [("Vereinbarung", None)],
    }
    return render(request, "members/agreement.html", context)


@requires(Permission.AGREEMENT_READ)
@require_safe
def original(request: Request) -> HttpResponse:
    """The wording of the version of a day byte by byte, as a text file."""
    _, day = day_of(request)
    document = or_404(original_of(request.agreement, request.agreement.terms_on(day).number))
    return file_response(document_content(document), document.filename, "text/plain; charset=utf-8")
