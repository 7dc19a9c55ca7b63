"""What leaves the area on paper or as a locked file: always logged before it is shown."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kok import clock
from kok.access import Permission
from kok.errors import Refused
from transitions.actions.log import record_access
from transitions.documents import case_export as case_file
from transitions.documents import list_print as list_file
from transitions.forms.files import PassphraseForm
from transitions.queries.disclosure import disclosure_of, may_be_handed_out, may_be_printed, people_of
from transitions.queries.receipts import check_as_released
from transitions.queries.receiving import receipt_of
from transitions.queries.requests import asks_for_access
from transitions.queries.restriction import hidden_refs
from transitions.queries.visibility import cases_visible_to, versions_visible_to
from transitions.rules.codes import OF_WHOLE_LIST, EntryReason, LogAction
from transitions.rules.sizes import size_words
from transitions.views.area import sealed
from transitions.views.stay import SealedRequest

RESTRICTED = (
    "In diesem Fall ist die Verarbeitung eingeschränkt. Auskunft gibt, wer wegen der Anfrage einer betroffenen Person "
    "in den Bereich kommt."
)
NOT_ASKED = (
    "Zu diesem Fall ist keine Anfrage auf Auskunft offen, deren Identität geprüft ist. Es wurde nichts ausgegeben."
)
require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@sealed(Permission.CASES_ENTER, *OF_WHOLE_LIST)
@require_safe
def printed(request: SealedRequest, version: UUID) -> HttpResponse:
    """The list as a page to be printed."""
    found = _version_or_404(request, version)
    if not may_be_printed(found):
        raise Http404
    now = clock.now()
    check_as_released([found])
    record_access(by=request.access, action=LogAction.PRINT, version=found, now=now)
    people = people_of(request.access, found)
    context = {
        "version": found,
        "receipt": receipt_of(found),
        "people": people,
        "size": size_words((line.ending for line in people), is_draft=found.is_draft),
        "printed_at": now,
        "crumbs": _crumbs(request, found, "Drucken"),
    }
    return render(request, "transitions/print.html", context)


@sealed(Permission.CASES_ENTER, *OF_WHOLE_LIST)
@require_read_or_post
def export(request: SealedRequest, version: UUID) -> HttpResponse:
    """The newest released version as a file that opens with a passphrase.

    The file is made while the person waits, about two seconds: a worker would find its order, and keep its result,
    as plain rows of the database (`docs/adr/0012-encrypted-exports.md`).
    """
    found = _version_or_404(request, version)
    context = {"version": found, "crumbs": _crumbs(request, found, "Als Datei ausgeben")}
    if not may_be_handed_out(found):
        return render(request, "transitions/export_refused.html", context)

    def make(passphrase: str) -> bytes:
        now = clock.now()
        check_as_released([found])
        record_access(by=request.access, action=LogAction.EXPORT, version=found, now=now)
        return list_file.locked(found, people_of(request.access, found), passphrase=passphrase, now=now)

    return _handed_out(request, "transitions/export.html", context, make, list_file.filename(found))


@sealed(Permission.CASES_ENTER)
@require_read_or_post
def case_export(request: SealedRequest, case: UUID) -> HttpResponse:
    """The answer to a request for access (Art. 15 DSGVO), made like `export`."""
    found = (
        cases_visible_to(request.access).select_related("transition_list__sender__authority").filter(pk=case).first()
    )
    if found is None:
        raise Http404
    if found.case_ref in hidden_refs(request.access):
        messages.error(request, RESTRICTED)
        return redirect("transitions:case", request.agreement.slug, found.pk)

    def make(passphrase: str) -> bytes:
        now = clock.now()
        asked = asks_for_access(request.access, found)
        if asked is None:
            raise Refused(NOT_ASKED)
        check_as_released(versions_visible_to(request.access).filter(transition_list=found.transition_list_id))
        for_the_person = replace(request.access, reason=EntryReason.SUBJECT_REQUEST)  # whatever one came for
        record_access(by=for_the_person, action=LogAction.EXPORT, case=found, request=asked, now=now)
        return case_file.locked(disclosure_of(request.access, found, clock.today()), passphrase=passphrase, now=now)

    here = reverse("transitions:case", args=[request.agreement.slug, found.pk])
    context = {
        "case": found,
        "asked": asks_for_access(request.access, found),
        "crumbs": [(f"Fall {found.case_ref}", here), ("Auskunft", None)],
    }
    return _handed_out(request, "transitions/case_export.html", context, make, case_file.filename(found))


def _handed_out(
    request: SealedRequest, template: str, context: dict[str, Any], make: Callable[[str], bytes], filename: str
) -> HttpResponse:
    """The page with a fresh passphrase, or the file for the passphrase that the page showed. Only POST makes a file."""
    form = PassphraseForm(request, data=request.POST or None)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            return _attachment(make(form.cleaned_data["passphrase"]), filename)
        except Refused as refused:
            problem = refused.sentence
    elif request.method == "POST":
        problem = " ".join(str(error) for errors in form.errors.values() for error in errors)
    offer = PassphraseForm.offering(request)
    return render(request, template, {**context, "passphrase": offer.offered, "form": offer, "problem": problem})


def _attachment(content: bytes, filename: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{filename}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _version_or_404(request: SealedRequest, pk: UUID) -> Any:
    found = (
        versions_visible_to(request.access).select_related("transition_list__sender__authority").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    return found


def _crumbs(request: SealedRequest, version: Any, name: str) -> list[tuple[str, str | None]]:
    slug = request.agreement.slug
    return [
        ("Übergangslisten", reverse("transitions:lists", args=[slug])),
        (
            f"Liste {version.transition_list.year}, Fassung {version.number}",
            reverse("transitions:version", args=[slug, version.pk]),
        ),
        (name, None),
    ]
