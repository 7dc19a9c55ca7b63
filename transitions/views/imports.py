"""Reading a file into the draft: hand it in, see every row judged, take all of it over or nothing."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kok import clock, seen, sheets
from kok.access import Permission, requires
from kok.requests import Request, act, done, file_response, is_sent
from kok.words import counted
from transitions.actions import importing as actions
from transitions.forms.imports import FileForm
from transitions.pages.import_preview import preview_of
from transitions.queries import imports as queries
from transitions.rules.codes import EntryReason
from transitions.rules.columns import COLUMNS, HEADINGS, CellProblem, choices
from transitions.views.area import sealed
from transitions.views.area_session import SealedRequest, posted
from transitions.views.lookup import crumbs, draft_or_404, log_alike, log_file, page_of

if TYPE_CHECKING:
    from transitions.models import TransitionListVersion

MOST_PROBLEMS = 200


@sealed(Permission.CASES_DRAFT, EntryReason.PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: SealedRequest, version: UUID) -> HttpResponse:
    """Shows what waits, takes a file. A file with one wrong row leaves everything as it was."""
    draft = draft_or_404(request, version)
    form = FileForm(posted(request), request.FILES or None)
    seen.carry(form, queries.waiting_in(draft))
    problems: tuple[CellProblem, ...] = ()
    if is_sent(request, form):
        problems = _read(request, draft, form)
        if not problems and not form.errors:
            return redirect(page_of(request, draft, "import"))
    preview = preview_of(draft, request.access, clock.today())
    if preview:
        log_file(request, draft)
        log_alike(request, draft, preview.known)
    context = {
        "version": draft,
        "form": form,
        "problems": problems[:MOST_PROBLEMS],
        "problem_count": len(problems),
        "preview": preview,
        "columns": COLUMNS,
        "crumbs": crumbs(request, draft, "Datei einlesen"),
    }
    return render(request, "transitions/import.html", context)


def _read(request: SealedRequest, draft: "TransitionListVersion", form: FileForm) -> tuple[CellProblem, ...]:
    """Lets the rows of a file wait beside the draft; or says what is wrong with them, here or on the form."""
    with act() as attempt:
        read = queries.read_file(form.cleaned_data["file"], version=draft, today=clock.today())
        if not read.problems:
            shown = form.cleaned_data[seen.FIELD]
            actions.hold_rows(version=draft, rows=read.rows, seen=shown, by=request.access, now=clock.now())
        return read.problems
    if isinstance(attempt.refusal, seen.Changed):
        form.add_error(None, attempt.sentence)
        seen.see(form, attempt.refusal.now)
    else:
        form.add_error("file", attempt.sentence)
    return ()


@sealed(Permission.CASES_DRAFT, EntryReason.PREPARE)
@require_POST
def take_over(request: SealedRequest, version: UUID) -> HttpResponse:
    """Takes the waiting rows into the draft, or only those of whom it says nothing yet."""
    draft = draft_or_404(request, version)
    shown, only_new = request.POST.get("seen", ""), request.POST.get("was") == "neue"
    with act(request):
        taken = actions.take_over(version=draft, seen=shown, only_new=only_new, by=request.access, now=clock.now())
        return done(request, _taken(taken), page_of(request, draft))
    return redirect(page_of(request, draft, "import"))


@sealed(Permission.CASES_DRAFT, EntryReason.PREPARE)
@require_POST
def discard(request: SealedRequest, version: UUID) -> HttpResponse:
    """Forgets the waiting rows."""
    draft = draft_or_404(request, version)
    with act(request):
        shown = request.POST.get("seen", "")
        actions.discard_import(version=draft, seen=shown, by=request.access, now=clock.now())
        sentence = "Die eingelesenen Zeilen sind verworfen. Der Entwurf ist unverändert."
        return done(request, sentence, page_of(request, draft))
    return redirect(page_of(request, draft, "import"))


@requires(Permission.CASES_DRAFT)
@require_safe
def template_file(request: Request, kind: str) -> HttpResponse:
    """An empty file with the expected headings; the one for spreadsheets offers what may be chosen."""
    if kind == "csv":
        content, content_type = sheets.write_csv(HEADINGS, ()), sheets.CSV_TYPE
    else:
        offered = choices(request.agreement.municipality_names)
        content, content_type = sheets.write_xlsx(queries.SHEET, HEADINGS, (), choices=offered), sheets.XLSX_TYPE
    return file_response(content, f"uebergangsliste-vorlage.{kind}", content_type)


def _taken(taken: actions.TakenOver) -> str:
    """What came into the draft, in words."""
    added = f"{counted(taken.added, 'Ein Fall ist', 'Fälle sind')} in den Entwurf genommen"
    if not taken.changed:
        return f"{added}." if taken.added else "Neu war niemand. Der Entwurf ist unverändert."
    if taken.added:
        return f"{added}, {counted(taken.changed, 'ein Fall ist', 'Fälle sind')} geändert."
    return f"{counted(taken.changed, 'Ein Fall ist', 'Fälle sind')} im Entwurf geändert. Neu war niemand."
