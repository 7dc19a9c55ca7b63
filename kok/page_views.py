"""The pages of the footer, and the pages on which Technik writes them."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kok import clock, erasure, markup, statutory
from kok.access import Permission, installation, public
from kok.navigation import tabs_of
from kok.page_forms import PageForm
from kok.requests import Crumbs, Request, act, done, or_404, whole_number

HELP = "hilfe"
NAMES = (HELP, *statutory.PAGES)
UNREAD = "Entwurf, von keiner Prüfgruppe gelesen. Deshalb heißt dieser Text nicht Leichte Sprache."
# What the application itself says below the text of a page, and what only while there is none.
ALWAYS = {
    "impressum": (
        "# Software\nDie Anwendung ist freie Software unter der EUPL-1.2. Gestaltung nach dem KERN UX-Standard "
        "(EUPL-1.2), Schrift Fira Sans (SIL Open Font License 1.1)."
    )
}
UNTIL_THEN = {
    "gebaerdensprache": "Bis dahin finden Sie eine kurze Erklärung in [einfacher Sprache](/seite/leichte-sprache/)."
}


@public
@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """A page of the footer: what is published, and what the application itself knows."""
    if name == HELP:
        return render(request, "pages/hilfe.html")
    found, version = _page_or_404(name), statutory.current(name)
    context = {
        **_named(found, is_reviewed=bool(version and version.is_reviewed)),
        "version": version,
        "text": markup.render(version.text) if version else "",
        "draft": "" if version or found.is_owed else markup.render(found.start),
        "closing": markup.render((ALWAYS if version else UNTIL_THEN | ALWAYS).get(name, "")),
        "retention_rules": erasure.rules(),
    }
    return render(request, [f"pages/{name}.html", "pages/statutory.html"], context)


def _named(found: statutory.Page, *, is_reviewed: bool) -> dict[str, object]:
    """A page with its heading, and the sentence that goes with one that no Prüfgruppe has read."""
    heading = found.heading(is_reviewed=is_reviewed)
    return {"statutory": found, "heading": heading, "unread": UNREAD if heading != found.title else ""}


def _page_or_404(name: str) -> statutory.Page:
    return or_404(statutory.PAGES.get(name))


def _crumbs(*more: tuple[str, str | None]) -> Crumbs:
    return [("Seiten", reverse("kok:pages")), *more]


@installation(Permission.JOBS_MANAGE)
@require_safe
def pages(request: Request) -> HttpResponse:
    """All pages that Technik writes, and which of them are missing."""
    context = {"states": statutory.states(), "tabs": tabs_of(request.user, "operation", "kok:pages")}
    return render(request, "kok/pages.html", context)


@installation(Permission.JOBS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_page(request: Request, name: str) -> HttpResponse:
    """Writing, then the preview that says what will happen, then the publication. Nothing typed is lost on the way."""
    found = _page_or_404(name)
    if request.method != "POST":
        return _write(request, found, PageForm(page=found, initial=_beginning(request, found)))
    if "change" in request.POST:
        return _write(request, found, PageForm(_unread(request.POST.dict()), page=found))
    form = PageForm(request.POST, page=found)
    if not form.is_valid():
        return _write(request, found, form)
    if "publish" in request.POST:
        return _publish(request, found, form)
    context = {
        **_named(found, is_reviewed=form.cleaned_data.get("is_reviewed", False)),
        "form": form,
        "text": markup.render(form.cleaned_data["text"]),
        "points": statutory.open_points(found, form.cleaned_data["text"]),
        "hints": markup.hints(form.cleaned_data["text"]),
        "replaced": form.cleaned_data["base"],
        "crumbs": [("Seiten", None), (found.title, None), ("Vorschau", None)],  # no link: it would lose the text
    }
    return render(request, "kok/page_preview.html", context)


def _unread(fields: Mapping[str, object]) -> Mapping[str, object]:
    """What was typed, without the word that a Prüfgruppe read it: it did not read what is written now."""
    return {name: value for name, value in fields.items() if name != "is_reviewed"}


def _beginning(request: Request, found: statutory.Page) -> dict[str, object]:
    """What stands in the form at first: the version asked for, else the current one, else the text to start with."""
    newest = statutory.current(found.slug)
    asked = whole_number(request.GET.get("fassung", ""))
    chosen = newest if asked is None else statutory.version(found.slug, asked)
    return {
        "text": chosen.text if chosen else found.start,
        "base": statutory.newest_number(found.slug),
    }


def _write(request: Request, found: statutory.Page, form: PageForm, *, overtaken: bool = False) -> HttpResponse:
    context = {
        "statutory": found,
        "form": form,
        "other": statutory.current(found.slug) if overtaken else None,
        "crumbs": _crumbs((found.title, None)),
    }
    return render(request, "kok/page_edit.html", context, status=409 if overtaken else 200)


def _publish(request: Request, found: statutory.Page, form: PageForm) -> HttpResponse:
    with act(form) as attempt:
        row = statutory.publish(page=found, **form.cleaned_data, by=request.user, now=clock.now())
        told = f"Die Seite „{found.title}“ ist veröffentlicht, in Fassung {row.number}."
        return done(request, told, "kok:page-versions", found.slug)
    if not isinstance(attempt.refusal, statutory.PageOvertaken):
        return _write(request, found, form)
    again = form.cleaned_data | {"base": statutory.newest_number(found.slug)}
    form = PageForm(_unread(again), page=found)
    form.add_error(None, attempt.sentence)
    return _write(request, found, form, overtaken=True)


@installation(Permission.JOBS_MANAGE)
@require_safe
def page_versions(request: Request, name: str) -> HttpResponse:
    """Who published which version when."""
    found = _page_or_404(name)
    context = {
        "statutory": found,
        "versions": statutory.versions(name).defer("text").select_related("published_by"),
        "crumbs": _crumbs((found.title, reverse("kok:page-edit", args=[name])), ("Fassungen", None)),
    }
    return render(request, "kok/page_versions.html", context)


@installation(Permission.JOBS_MANAGE)
@require_safe
def page_version(request: Request, name: str, number: int) -> HttpResponse:
    """One version as it was published."""
    found = _page_or_404(name)
    version = or_404(statutory.version(name, number))
    overview = reverse("kok:page-versions", args=[name])
    context = {
        **_named(found, is_reviewed=version.is_reviewed),
        "version": version,
        "text": markup.render(version.text),
        "crumbs": _crumbs((f"Fassungen: {found.title}", overview), (f"Fassung {number}", None)),
    }
    return render(request, "kok/page_version.html", context)
