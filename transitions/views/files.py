"""What leaves the area on paper or as a locked file: always logged before it is shown."""

from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from kok import clock
from kok.access import Permission
from kok.errors import require
from kok.requests import Crumbs, act, file_response, is_sent, or_404
from kok.step_pages import step_page
from transitions.actions.log import record_access
from transitions.documents import case_export as case_file
from transitions.documents import list_print as list_file
from transitions.forms.files import PassphraseForm
from transitions.pages.files import FilePage, case_file_page, list_file_page
from transitions.pages.links import link
from transitions.pages.titles import list_name, version_title
from transitions.queries.disclosure import disclosure_of, may_be_printed, people_of
from transitions.queries.receipts import check_as_released
from transitions.queries.receiving import receipt_of
from transitions.queries.requests import asks_for_access
from transitions.queries.restriction import hidden_refs
from transitions.queries.visibility import cases_visible_to, versions_visible_to
from transitions.rules.codes import OF_WHOLE_LIST, EntryReason, LogAction
from transitions.rules.release import NO_EFFECT
from transitions.rules.sizes import size_words
from transitions.views.area import sealed
from transitions.views.area_session import SealedRequest
from transitions.views.lookup import start

if TYPE_CHECKING:
    from transitions.models import TransitionListVersion

TEMPLATE = "transitions/file.html"
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
    shown = _version_or_404(request, version)
    if not may_be_printed(shown):
        raise Http404
    now = clock.now()
    check_as_released([shown])
    record_access(by=request.access, action=LogAction.PRINT, version=shown, now=now)
    people = people_of(request.access, shown)
    context = {
        "version": shown,
        "preline": version_title(shown),
        "list_name": list_name(shown.transition_list),
        "receipt": receipt_of(shown),
        "people": people,
        "size": size_words((line.ending for line in people), is_draft=shown.is_draft),
        "printed_at": now,
        "no_effect": NO_EFFECT,
        "crumbs": _crumbs(request, shown, "Drucken"),
    }
    return render(request, "transitions/print.html", context)


@sealed(Permission.CASES_ENTER, *OF_WHOLE_LIST)
@require_read_or_post
def export(request: SealedRequest, version: UUID) -> HttpResponse:
    """The newest released version as a file that opens with a passphrase.

    The file is made while the person waits, about two seconds: a worker would find its order, and keep its result,
    as plain rows of the database (`docs/adr/0012-encrypted-exports.md`).
    """
    shown = _version_or_404(request, version)
    page = list_file_page(shown, request.agreement)
    crumbs = _crumbs(request, shown, "Als Datei ausgeben")
    if page.ways:
        return step_page(request, page, crumbs=crumbs, template=TEMPLATE)

    def make(passphrase: str) -> bytes:
        now = clock.now()
        check_as_released([shown])
        record_access(by=request.access, action=LogAction.EXPORT, version=shown, now=now)
        return list_file.locked(shown, people_of(request.access, shown), passphrase=passphrase, now=now)

    return _handed_out(request, page, crumbs, make, list_file.filename(shown))


@sealed(Permission.CASES_ENTER)
@require_read_or_post
def case_export(request: SealedRequest, case: UUID) -> HttpResponse:
    """The answer to a request for access (Art. 15 DSGVO), made like `export`."""
    cases = cases_visible_to(request.access).select_related("transition_list__sender__authority")
    told = or_404(cases.filter(pk=case).first())
    here = link(request.agreement, "case", told.pk)
    if told.case_ref in hidden_refs(request.access):
        messages.error(request, RESTRICTED)
        return redirect(here)

    def make(passphrase: str) -> bytes:
        now = clock.now()
        asked = require(asks_for_access(request.access, told), NOT_ASKED)
        check_as_released(versions_visible_to(request.access).filter(transition_list=told.transition_list_id))
        for_the_person = replace(request.access, reason=EntryReason.SUBJECT_REQUEST)  # whatever one came for
        record_access(by=for_the_person, action=LogAction.EXPORT, case=told, request=asked, now=now)
        return case_file.locked(disclosure_of(request.access, told, clock.today()), passphrase=passphrase, now=now)

    page = case_file_page(told, asks_for_access(request.access, told), request.agreement)
    crumbs: Crumbs = [(f"Fall {told.case_ref}", here), ("Auskunft", None)]
    return _handed_out(request, page, crumbs, make, case_file.filename(told))


def _handed_out(
    request: SealedRequest, page: FilePage, crumbs: Crumbs, make: Callable[[str], bytes], filename: str
) -> HttpResponse:
    """The page with a fresh passphrase, or the file for the passphrase that the page showed. Only POST makes a file."""
    form = PassphraseForm(request, request.POST or None)
    with act() as attempt:
        if is_sent(request, form):
            return file_response(make(form.cleaned_data["passphrase"]), filename)
    problem = attempt.sentence or " ".join(map(str, chain.from_iterable(form.errors.values())))
    offer = PassphraseForm.offering(request)
    more = {"passphrase": offer.offered, "problem": problem}
    return step_page(request, page, offer, crumbs=crumbs, template=TEMPLATE, more=more)


def _version_or_404(request: SealedRequest, pk: UUID) -> "TransitionListVersion":
    versions = versions_visible_to(request.access).select_related("transition_list__sender__authority")
    return or_404(versions.filter(pk=pk).first())


def _crumbs(request: SealedRequest, version: "TransitionListVersion", name: str) -> Crumbs:
    of_list = f"Liste {version.transition_list.year}, Fassung {version.number}"
    return [start(request), (of_list, link(request.agreement, "version", version.pk)), (name, None)]
