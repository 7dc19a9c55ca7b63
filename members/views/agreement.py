"""The agreement to read as of any day, what each version changed, and its unchanged wording to download."""

from datetime import date

from django.http import FileResponse, Http404
from django.http.response import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kok import clock
from kok.access import Permission, requires
from kok.queries import document_content
from kok.requests import Request
from members.queries import conference_of
from members.queries.agreement import clauses_of, original_of, settings_of, signed_for
from members.queries.authorities import partners_as_of
from members.queries.versions import annexes_of, begun_by, history_of, on_day, reading_of, versions_of
from members.views.day import day_of


@requires(Permission.AGREEMENT_READ)
@require_safe
def reading(request: Request) -> HttpResponse:
    """Punkt by Punkt in the reading version of a day, with what the software makes of it; partners as named then."""
    agreement = request.agreement
    form, day = day_of(request)
    versions, annexes = versions_of(agreement), annexes_of(agreement)
    version = on_day(versions, day)
    partners = partners_as_of(agreement, version.period.lower)
    names = {partner.slug: partner.short_name for partner in partners}
    history = history_of(versions, annexes, names)
    shown, holding = reading_of(history, day), reading_of(history, clock.today())
    clauses, conference = clauses_of(version, names), conference_of(agreement)
    context = {
        "agreement": agreement,
        "version": version,
        "shown": shown,
        "holding": holding,
        "following": next((each for each in reversed(history) if each.starts_on > shown.starts_on), None),
        "day": day,
        "today": clock.today(),
        "form": form,
        "history": history,
        "partners": [(partner, signed_for(partner, version)) for partner in partners],
        "clauses": clauses,
        "annexes": [found for of_annex in annexes.values() if (found := begun_by(of_annex, shown.starts_on))],
        "settings": settings_of(agreement, version, partners, clauses, conference.called_on(shown.starts_on).name),
        "legal_bases": [
            {**basis, "version_of": date.fromisoformat(basis["version_of"])} for basis in version.legal_basis
        ],
        "original": original_of(agreement, version.number),
        "crumbs": [("Vereinbarung", None)],
    }
    return render(request, "members/agreement.html", context)


@requires(Permission.AGREEMENT_READ)
@require_safe
def original(request: Request) -> HttpResponseBase:
    """The wording of the version of a day byte by byte, as a text file."""
    _, day = day_of(request)
    document = original_of(request.agreement, request.agreement.terms_on(day).number)
    if document is None:
        raise Http404
    return FileResponse(
        iter([document_content(document)]),
        content_type="text/plain; charset=utf-8",
        filename=document.filename,
        as_attachment=True,
    )
