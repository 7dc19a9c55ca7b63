"""The persons of a draft, one on each screen: entering, changing, taking off the list."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kok import clock, seen
from kok.access import Permission
from kok.errors import Refused
from members.queries.accounts import name_of
from transitions.actions import entries as actions
from transitions.actions.recall import after_recall
from transitions.forms.entry import CaseForm
from transitions.forms.lists import EndForm, SeenForm
from transitions.queries.entering import doubts_about, new_likeness, shared_in
from transitions.queries.facts import facts_of
from transitions.queries.known import Known, KnownPeople
from transitions.queries.listing import adds_late
from transitions.queries.receiving import person_mark
from transitions.queries.removal import why_not_removed
from transitions.queries.restriction import REFUSED, restricted_refs
from transitions.queries.retention import erased_if_ended
from transitions.rules.codes import OF_ONE_CASE, EntryReason
from transitions.rules.completeness import missing
from transitions.rules.release import Laid
from transitions.views.area import sealed
from transitions.views.found import (
    crumbs,
    draft_entry_or_404,
    draft_or_404,
    entry_or_404,
    log_alike,
    log_case,
    page_of,
)
from transitions.views.kept import kept
from transitions.views.overtaken import Overtaken, is_released
from transitions.views.stay import SealedRequest

T = TypeVar("T")
require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@sealed(Permission.CASES_DRAFT, EntryReason.PREPARE)
@require_read_or_post
def new(request: SealedRequest, version: UUID) -> HttpResponse:
    """One more person. Shows no stored case, only what the last one shares with the next."""
    try:
        draft = draft_or_404(request, version)
    except Overtaken as overtaken:
        return kept(request, overtaken)
    shared = shared_in(draft, request.user)
    form = _form(request, draft, initial=shared.initial, is_addendum=adds_late(draft, clock.today()))
    told_of = _told_of(request, form, draft) if request.method == "POST" else None
    if told_of is not None and form.is_valid():
        add = partial(
            actions.add_entry, version=draft, data=form.entry_data, is_late=form.is_late_entry, told_of=told_of
        )
        try:
            entry = _do(request, draft, add)
        except Laid:
            draft.refresh_from_db()
        except actions.OthersAlike as refused:
            _told_of(request, form, draft)
            form.add_error(None, refused.sentence)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            return _saved(request, entry, "entry-new" if request.POST.get("weiter") == "neu" else "version")
    context = {"version": draft, "form": form, "shared": shared, "entry": None, "theirs": ()}
    return render(request, "transitions/entry.html", context | {"crumbs": crumbs(request, draft, "Fall eingeben")})


@sealed(Permission.CASES_DRAFT, *OF_ONE_CASE)
@require_read_or_post
def change(request: SealedRequest, entry: UUID) -> HttpResponse:
    """What a draft says about one person. Where two save at once, the second sees both and decides.

    That is said beside everything else that hinders, so that nobody mends a page twice.
    """
    try:
        found = entry_or_404(request, entry)
    except Overtaken as overtaken:
        return kept(request, overtaken)
    if request.method == "POST" and not found.version.is_draft:
        return kept(request, is_released(request, found.version, found.case))
    if request.method != "POST" and (not found.version.is_draft or found.ending or not found.content):
        return redirect("transitions:case", request.agreement.slug, found.case_id)
    if request.method != "POST" and found.case.case_ref in restricted_refs(request.access):
        messages.error(request, REFUSED.format(case_ref=found.case.case_ref))
        return redirect("transitions:case", request.agreement.slug, found.case_id)
    is_addendum = found.case.named_at is not None or adds_late(found.version, clock.today())
    form = _form(request, found.version, initial=_initial(found), is_addendum=is_addendum)
    theirs: list[tuple[BoundField, str, str]] = []
    if request.method == "POST":
        if changed := _changed(request, found, form):
            return _saved(request, changed, "version")
        seen = form.known.get("seen")
        if seen and seen != found.changed_at:
            theirs = _differences(request, found, form)
            form.see(found.changed_at)
    log_case(request, found)
    context = {
        "version": found.version,
        "entry": found,
        "form": form,
        "shared": shared_in(found.version, request.user),
        "theirs": theirs,
        "who": name_of(found.changed_by) if theirs and found.changed_by else "",
        "missing": missing(found.data) if found.content else (),
        "duplicates": _duplicates(request, found),
        "crumbs": crumbs(request, found.version, f"Fall {found.case.case_ref}"),
    }
    return render(request, "transitions/entry.html", context)


def _form(request: SealedRequest, version: Any, **more: Any) -> CaseForm:
    return CaseForm(
        request.POST if request.method == "POST" else None,
        list_year=version.transition_list.year,
        today=clock.today(),
        municipalities=request.agreement.municipality_names,
        **more,
    )


def _changed(request: SealedRequest, entry: Any, form: CaseForm) -> Any:
    """The entry as it was saved; None where something hinders, which then stands on the form."""
    told_of, seen = _told_of(request, form, entry.version, entry), form.known.get("seen")
    if told_of is None or not form.is_valid():
        if seen and seen != entry.changed_at:
            form.add_error(None, actions.CHANGED_MEANWHILE)
        return None
    typed = partial(actions.change_entry, data=form.entry_data, is_late=form.is_late_entry)
    try:
        return _do(request, entry.version, partial(typed, entry=entry, seen=seen, told_of=told_of))
    except Laid:
        entry.version.refresh_from_db()
    except actions.OthersAlike as refused:
        _told_of(request, form, entry.version, entry)
        form.add_error(None, refused.sentence)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        entry.refresh_from_db(fields=["content", "changed_at", "changed_by"])
    return None


def _told_of(request: SealedRequest, form: CaseForm, version: Any, entry: Any = None) -> list[UUID] | None:
    """Who else this person may be, where nothing is doubtful or all of it was confirmed.

    Else None, and whom the page tells of is logged.
    """
    alike = new_likeness(form.entry_data if form.is_valid() else None, version, entry, request.access)
    if form.is_sure(doubts_about(form.known, version, entry, clock.today()), alike):
        return [each.case.pk for each in alike]
    log_alike(request, version, alike)
    return None


def _duplicates(request: SealedRequest, entry: Any) -> list[Known]:
    """Who else may be this person."""
    if not entry.content:
        return []
    found = KnownPeople(entry.version, request.access).alike(entry.data, entry.case)
    log_alike(request, entry.version, found)
    return found


def _do(request: SealedRequest, version: Any, act: Callable[..., T]) -> T:
    """Performs a change of a draft, after taking the draft back where the page says that this is meant."""
    by, now = request.access, clock.now()
    recall = request.POST.get("zurueckholen", "")
    return after_recall(partial(act, by=by, now=now), version=version, recall=recall, by=by, now=now)


def _initial(entry: Any) -> dict[str, Any]:
    data = vars(entry.data) if entry.content else {}
    return {**data, "is_late": entry.case.is_late, "seen": entry.changed_at.isoformat()}


def _differences(request: SealedRequest, entry: Any, form: CaseForm) -> list[tuple[BoundField, str, str]]:
    """Where what is stored now differs from what was typed: field, stored, typed."""
    if not entry.content:
        return []
    stored = entry.data
    typed = {name: value for name, value in form.known.items() if name in vars(stored)}
    facts = facts_of(replace(stored, **typed), request.agreement.municipality_names, stored)
    return [(form[fact.field], fact.before, fact.words) for fact in facts if fact.before is not None]


def _saved(request: SealedRequest, entry: Any, name: str) -> HttpResponse:
    """Goes on, and says so without a name."""
    messages.success(request, f"Der Fall {entry.case.case_ref} ist gespeichert.")
    return redirect(page_of(request, entry.version, name))


@sealed(Permission.CASES_DRAFT, *OF_ONE_CASE)
@require_read_or_post
def remove(request: SealedRequest, entry: UUID) -> HttpResponse:
    """Forgets a person who was never named, as the page showed that person."""
    found = draft_entry_or_404(request, entry)
    laid = found.version.submitted_at
    shown = {
        "fall": found.case.case_ref,
        "seen": found.changed_at.isoformat(),
        "zurueckholen": laid.isoformat() if laid else "",
    }
    form = SeenForm(request.POST or None, initial=shown)
    if request.method == "POST":
        seen = form.cleaned_data["seen"] if form.is_valid() else None
        act = partial(actions.remove_entry, seen=seen)
        return _acted(request, found, act, f"Der Fall {found.case.case_ref} ist entfernt.", asks="entry-remove")
    log_case(request, found)
    context = _person(found) | {
        "form": form,
        "hindrance": why_not_removed(found.case, request.access),
        "crumbs": crumbs(request, found.version, "Fall entfernen"),
    }
    return render(request, "transitions/entry_remove.html", context)


@sealed(Permission.CASES_DRAFT, *OF_ONE_CASE)
@require_read_or_post
def end(request: SealedRequest, entry: UUID) -> HttpResponse:
    """Takes a person off the list with the next release, for a fixed reason."""
    found = draft_entry_or_404(request, entry)
    form = EndForm(request.POST if request.method == "POST" else None)
    seen.carry(form, person_mark(found))
    if request.method == "POST" and form.is_valid():
        try:
            told = form.decision | {"shown": request.POST.get(seen.FIELD)}
            _do(request, found.version, partial(actions.end_case, entry=found, **told))
        except Laid:
            found.version.refresh_from_db()
        except Refused as refused:
            seen.refuse(form, refused)
            found = draft_entry_or_404(request, entry)
        else:
            sentence = f"Der Fall {found.case.case_ref} kommt mit der nächsten Freigabe von der Liste."
            messages.success(request, sentence)
            return redirect(page_of(request, found.version))
    log_case(request, found)
    context = _person(found) | {
        "form": form,
        "erased": erased_if_ended(found.version.transition_list, clock.today()),
        "crumbs": crumbs(request, found.version, "Von der Liste nehmen"),
    }
    return render(request, "transitions/ending.html", context)


@sealed(Permission.CASES_DRAFT, *OF_ONE_CASE)
@require_POST
def keep(request: SealedRequest, entry: UUID) -> HttpResponse:
    """Leaves a person on the list after all."""
    found = draft_entry_or_404(request, entry)
    return _acted(request, found, actions.undo_end, f"Der Fall {found.case.case_ref} bleibt auf der Liste.")


def _acted(request: SealedRequest, entry: Any, action: Any, sentence: str, *, asks: str = "") -> HttpResponse:
    """Performs and goes to the draft; where that lies for release, back to the page that `asks`."""
    try:
        _do(request, entry.version, partial(action, entry=entry))
        messages.success(request, sentence)
    except Laid as refused:
        messages.error(request, refused.sentence)
        if asks:
            return redirect(f"transitions:{asks}", request.agreement.slug, entry.pk)
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect(page_of(request, entry.version))


def _person(entry: Any) -> dict[str, Any]:
    name = f"{entry.data.given_name} {entry.data.family_name}" if entry.content else "dieser Person"
    return {"version": entry.version, "entry": entry, "name": name}
