"""The pages of auditors: the trail, sign-ins, what was erased. Nobody else learns that they exist."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kok import actions, clock, erasure, queries, sheets, trail
from kok.access import Permission, View, ask_for_factor, marked, signed_in
from kok.audit_forms import SignInFilter, TrailFilter
from kok.clock import BERLIN
from kok.navigation import tabs_of
from kok.requests import Request, file_response, or_404
from kok.sheets import CSV_TYPE, XLSX_TYPE
from kok.templatetags.trail import act, thing

PER_PAGE = 50
TRAIL_HEADER = (
    "Zeitpunkt", "Vorgang", "Vereinbarung", "Konto", "Gegenstand", "Nummer", "Anmerkung", "vorher", "nachher",
)  # fmt: skip
SIGN_IN_HEADER = ("Zeitpunkt", "Art", "Konto", "Netz (gekürzt)", "Seite", "wie oft")


def auditors(view: View) -> View:
    """Opens a page to auditors, whoever they audit; others get 404 by whatever method they ask."""

    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponseBase:
        if not trail.is_auditor(request.user):
            ask_for_factor(request.user, Permission.AUDIT_READ)
            raise Http404
        return view(request, *args, **kwargs)

    return signed_in(guarded)


def told_in_trail(view: View) -> View:
    """Lets a page that shows what people did write into the trail that somebody looked, before it answers."""
    return marked(view, writes_on_get=("kok_auditevent", "kok_seal", "kok_sealday"))


@told_in_trail
@auditors
@require_safe
def audit_trail(request: Request) -> HttpResponse:
    """Who did what when; that somebody looked stands in it from then on."""
    form = TrailFilter(request.user, request.GET)
    found = Paginator(trail.events(request.user, form.wanted), PER_PAGE)
    page = found.get_page(request.GET.get("seite"))
    trail.tell(request.user, page.object_list)
    actions.note_look("trail.read", form.wanted.words, found.count, by=request.user, now=clock.now())
    context = {
        "page": page,
        "filter_form": form,
        "wanted": form.wanted,
        "tabs": tabs_of(request.user, "audit", "kok:audit"),
    }
    return render(request, "kok/audit.html", context)


@told_in_trail
@auditors
@require_safe
def download_trail(request: Request, kind: str) -> HttpResponse:
    """What the filters leave, as a table; that it was taken stands in the trail."""
    wanted = TrailFilter(request.user, request.GET).wanted
    rows: list[Any] = list(trail.events(request.user, wanted))
    actions.note_look("trail.exported", wanted.words, len(rows), by=request.user, now=clock.now())
    trail.tell(request.user, rows)
    lines = (
        [
            _here(row.at), act(row.action), row.where, _actor(row),
            row.what or (thing(row.object_kind) if row.object_kind else ""), row.object_id, row.told, row.old, row.new,
        ]
        for row in rows
    )  # fmt: skip
    return _file("aenderungsprotokoll", kind, TRAIL_HEADER, lines)


@told_in_trail
@auditors
@require_safe
def sign_ins(request: Request) -> HttpResponse:
    """Sign-ins, failures and refused pages of the own house; that somebody looked stands in the trail."""
    form = SignInFilter(request.user, request.GET)
    found = Paginator(trail.sign_ins(request.user, form.wanted), PER_PAGE)
    page = found.get_page(request.GET.get("seite"))
    actions.note_look("sign-ins.read", form.wanted.words, found.count, by=request.user, now=clock.now())
    context = {
        "page": page,
        "filter_form": form,
        "wanted": form.wanted,
        "unknown": trail.unknown_names(form.wanted),
        "tabs": tabs_of(request.user, "audit", "kok:sign-ins"),
    }
    return render(request, "kok/sign_ins.html", context)


@told_in_trail
@auditors
@require_safe
def download_sign_ins(request: Request, kind: str) -> HttpResponse:
    """What the filters leave, as a table; that it was taken stands in the trail."""
    wanted = SignInFilter(request.user, request.GET).wanted
    rows = list(trail.sign_ins(request.user, wanted))
    actions.note_look("sign-ins.exported", wanted.words, len(rows), by=request.user, now=clock.now())
    lines = (
        (
            _here(row.at),
            row.get_kind_display(),
            row.user.username if row.user else "",
            row.network,
            row.page,
            row.number,
        )
        for row in rows
    )
    return _file("anmeldungen", kind, SIGN_IN_HEADER, lines)


@auditors
@require_safe
def erasure_runs(request: Request) -> HttpResponse:
    """What is kept how long, what is due today, and what the runs erased: numbers only."""
    rules = erasure.preview(clock.today())
    page = Paginator(queries.erasure_runs(), 20).get_page(request.GET.get("seite"))
    known, genuine = {rule.slug: rule for rule, _ in rules}, erasure.genuine(page)
    context = {
        "rules": rules,
        "page": page,
        "runs": [
            (run, [{**line, "kind": known.get(line["rule"])} for line in run.report] if run in genuine else None)
            for run in page
        ],
        "tabs": tabs_of(request.user, "audit", "kok:erasure-runs"),
    }
    return render(request, "kok/erasure_runs.html", context)


def _actor(row: Any) -> str:
    return (f"{row.name} ({row.who})" if row.name else row.who) or "die Anwendung"


def _here(at: datetime) -> datetime:
    """As a spreadsheet takes it, which knows no zones of time."""
    return at.astimezone(BERLIN).replace(tzinfo=None)


_FORMATS: dict[str, tuple[str, Callable[..., bytes]]] = {
    "csv": (CSV_TYPE, lambda title, header, lines: sheets.write_csv(header, lines)),
    "xlsx": (XLSX_TYPE, sheets.write_xlsx),
}


def _file(name: str, kind: str, header: Sequence[str], lines: Iterable[Sequence[sheets.Cell]]) -> HttpResponse:
    content_type, write = or_404(_FORMATS.get(kind))
    return file_response(write(name.capitalize(), header, lines), f"{name}-{clock.today()}.{kind}", content_type)
