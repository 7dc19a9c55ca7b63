"""Reading a file into the draft: hand it in, see every row judged, take all of it over or nothing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kok import clock, seen, sheets
from kok.access import Permission, requires
from kok.errors import Refused
from kok.words import counted
from transitions.actions import importing as actions
from transitions.forms.imports import FileForm
from transitions.pages.import_preview import preview_of
from transitions.queries import imports as queries
from transitions.rules.codes import EntryReason
from transitions.rules.columns import COLUMNS, HEADINGS, choices
from transitions.views.area import sealed
from transitions.views.found import crumbs, draft_or_404, log_alike, log_file
from transitions.views.stay import SealedRequest

MOST_PROBLEMS = 200


@sealed(Permission.CASES_DRAFT, EntryReason.PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: SealedRequest, version: UUID) -> HttpResponse:
    """Shows what waits, takes a file. A file with one wrong row leaves everything as it was."""
    draft = draft_or_404(request, version)
    form = FileForm(request.POST or None, request.FILES or None)
    seen.carry(form, queries.waiting_in(draft) if request.method != "POST" else "")
    problems: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            read = queries.read_file(form.cleaned_data["file"], version=draft, today=clock.today())
            if read.rows:
                shown = form.cleaned_data[seen.FIELD]
                actions.hold_rows(version=draft, rows=read.rows, seen=shown, by=request.access, now=clock.now())
                return redirect("transitions:import", draft.transition_list.agreement.slug, draft.pk)
            problems = read.problems
        except seen.Changed as changed:
            form.add_error(None, changed.sentence)
            seen.see(form, changed.now)
        except Refused as refused:
            form.add_error("file", refused.sentence)
    preview = preview_of(draft, request.access, clock.today())
    if preview:
        log_file(request, draft)
        log_alike(request, draft, (known for row in preview.rows for known in row.alike))
    return render(
        request,
        "transitions/import.html",
        {
            "version": draft,
            "form": form,
            "problems": problems[:MOST_PROBLEMS],
            "problem_count": len(problems),
            "preview": preview,
            "columns": COLUMNS,
            "crumbs": crumbs(request, draft, "Datei einlesen"),
        },
    )


@sealed(Permission.CASES_DRAFT, EntryReason.PREPARE)
@require_POST
def take_over(request: SealedRequest, version: UUID) -> HttpResponse:
    """Takes the waiting rows into the draft, or only those of whom it says nothing yet."""
    return _finish(request, version, is_taken=True)


@sealed(Permission.CASES_DRAFT, EntryReason.PREPARE)
@require_POST
def discard(request: SealedRequest, version: UUID) -> HttpResponse:
    """Forgets the waiting rows."""
    return _finish(request, version, is_taken=False)


@requires(Permission.CASES_DRAFT)
@require_safe
def template_file(request: SealedRequest, kind: str) -> HttpResponse:
    """An empty file with the expected headings; the one for spreadsheets offers what may be chosen."""
    if kind == "csv":
        content, content_type = sheets.write_csv(HEADINGS, ()), sheets.CSV_TYPE
    else:
        offered = choices(request.agreement.municipality_names)
        content, content_type = sheets.write_xlsx(queries.SHEET, HEADINGS, (), choices=offered), sheets.XLSX_TYPE
    name = f'attachment; filename="uebergangsliste-vorlage.{kind}"'
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": name})


def _finish(request: SealedRequest, version: UUID, *, is_taken: bool) -> HttpResponse:
    draft = draft_or_404(request, version)
    act = {"version": draft, "seen": request.POST.get("seen", ""), "by": request.access, "now": clock.now()}
    try:
        if is_taken:
            taken = actions.take_over(**act, only_new=request.POST.get("was") == "neue")
            messages.success(request, _taken(taken))
        else:
            actions.discard_import(**act)
            messages.success(request, "Die eingelesenen Zeilen sind verworfen. Der Entwurf ist unverändert.")
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("transitions:import", draft.transition_list.agreement.slug, draft.pk)
    return redirect("transitions:version", draft.transition_list.agreement.slug, draft.pk)


def _taken(taken: actions.TakenOver) -> str:
    if not (taken.added or taken.changed):
        return "Neu war niemand. Der Entwurf ist unverändert."
    added = counted(taken.added, "Ein Fall ist", "Fälle sind")
    changed = counted(taken.changed, "ein Fall ist", "Fälle sind")
    if not taken.changed:
        return f"{added} in den Entwurf genommen."
    if not taken.added:
        return f"{changed[0].upper()}{changed[1:]} im Entwurf geändert. Neu war niemand."
    return f"{added} in den Entwurf genommen, {changed} geändert."
