"""The agreement to read, and its unchanged wording to download."""

from datetime import date

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kok.access import Permission, requires
from kok.queries import document_content
from members.queries import partners_of_agreement
from members.queries.agreement import clauses_of, original_of, settings_of
from members.queries.authorities import as_of


@requires(Permission.AGREEMENT_READ)
@require_safe
def reading(request: HttpRequest) -> HttpResponse:
    """Punkt by Punkt in the reading version, with what the software makes of it; partners bear the names of then."""
    agreement = request.agreement
    partners = partners_of_agreement(agreement)
    as_of(partners, agreement.in_force_on)
    clauses = clauses_of(agreement, {partner.slug: partner.short_name for partner in partners})
    context = {
        "agreement": agreement,
        "partners": [
            (partner, [signatory for signatory in agreement.signatories if signatory["partner"] == partner.slug])
            for partner in partners
        ],
        "clauses": clauses,
        "settings": settings_of(agreement, partners, clauses),
        "legal_bases": [
            {**basis, "version_of": date.fromisoformat(basis["version_of"])} for basis in agreement.legal_basis
        ],
        "original": original_of(agreement),
        "crumbs": [("Vereinbarung", None)],
    }
    return render(request, "members/agreement.html", context)


@requires(Permission.AGREEMENT_READ)
@require_safe
def original(request: HttpRequest) -> HttpResponseBase:
    """The wording byte by byte, as a text file."""
    document = original_of(request.agreement)
    if document is None:
        raise Http404
    return FileResponse(
        iter([document_content(document)]),
        content_type="text/plain; charset=utf-8",
        filename=document.filename,
        as_attachment=True,
    )
