"""The persons of a draft, one on each screen: entering, changing, taking off the list."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kok import clock, seen
from kok.access import Permission
from kok.requests import act, done, is_sent
from kok.step_pages import step_page
from members.queries.accounts import name_of
from transitions.actions import entries as actions
from transitions.actions.recall import after_recall
from transitions.forms.entry import CaseForm
from transitions.forms.lists import EndForm, SeenForm
from transitions.pages.links import link
from transitions.pages.steps import ending, removing
from transitions.pages.titles import version_title
from transitions.queries.entering import doubts_about, new_likeness, shared_in
from transitions.queries.facts import changed_facts
from transitions.queries.known import Known, KnownPeople
from transitions.queries.listing import adds_late
from transitions.queries.receiving import person_mark
from transitions.queries.restriction import REFUSED, restricted_refs
from transitions.rules import people
from transitions.rules.case import Given
from transitions.rules.codes import OF_ONE_CASE, EntryReason
from transitions.rules.completeness import missing
from transitions.rules.release import Laid
from transitions.views.area import sealed
from transitions.views.area_session import STEP, SealedRequest, posted
from transitions.views.kept import keeping
from transitions.views.lookup import (
    crumbs,
    draft_entry_or_404,
    draft_or_404,
    entry_or_404,
    log_alike,
    log_case,
    page_of,
)
from transitions.views.overtaken import FIELD

if TYPE_CHECKING:
    from transitions.models import CaseEntry, TransitionListVersion

T = TypeVar("T")
require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@sealed(Permission.CASES_DRAFT, EntryReason.PREPARE)
@require_read_or_post
@keeping
def new(request: SealedRequest, version: UUID) -> HttpResponse:
    """One more person. Shows no stored case, only what the last one shares with the next."""
    draft = draft_or_404(request, version)
    shared = shared_in(draft, request.user)
    form = _form(request, draft, shared.initial, is_addendum=adds_late(draft, clock.today()))
    if added := _added(request, draft, form):
        return _saved(request, added, "entry-new" if request.POST.get("weiter") == "neu" else "version")
    return _entry_page(request, draft, form, "Fall eingeben", {"entry": None, "theirs": (), "shared": shared})


@sealed(Permission.CASES_DRAFT, *OF_ONE_CASE)
@require_read_or_post
@keeping
def change(request: SealedRequest, entry: UUID) -> HttpResponse:
    """What a draft says about one person. Where two save at once, the second sees both and decides.

    That is said beside everything else that hinders, so that nobody mends a page twice.
    """
    is_sent = request.method == "POST"
    stored = draft_entry_or_404(request, entry) if is_sent else entry_or_404(request, entry)
    draft, case = stored.version, stored.case
    if not is_sent and (instead := _instead_of(request, stored)):
        return instead
    is_addendum = case.named_at is not None or adds_late(draft, clock.today())
    data = vars(stored.data) if stored.content else {}
    initial = {**data, "is_late": case.is_late, "seen": stored.changed_at.isoformat()}
    form = _form(request, draft, initial, is_addendum=is_addendum)
    if changed := _changed(request, stored, form):
        return _saved(request, changed, "version")
    theirs = _conflict(request, stored, form)
    log_case(request, stored)
    context = {
        "entry": stored,
        "shared": shared_in(draft, request.user),
        "theirs": theirs,
        "who": name_of(stored.changed_by),
        "missing": missing(stored.told),
        "duplicates": _duplicates(request, stored),
    }
    return _entry_page(request, draft, form, f"Fall {case.case_ref}", context)


def _instead_of(request: SealedRequest, entry: "CaseEntry") -> HttpResponse | None:
    """For who comes to read: the page of the case, where the draft says nothing of it, or may not say anything else."""
    if entry.version.is_draft and not entry.ending and entry.content:
        if entry.case.case_ref not in restricted_refs(request.access):
            return None
        messages.error(request, REFUSED.format(case_ref=entry.case.case_ref))
    return redirect(link(request.agreement, "case", entry.case_id))


def _entry_page(
    request: SealedRequest, draft: "TransitionListVersion", form: CaseForm, name: str, context: dict[str, object]
) -> HttpResponse:
    """The form about one person. `save`: what its button says; sent again, what was asked about is meant."""
    save = "zurückholen und speichern" if draft.submitted_at else "speichern"
    is_asked = bool(context["theirs"] or form.confirmations)
    context |= {
        "version": draft,
        "preline": version_title(draft),
        "form": form,
        "save": f"Trotzdem {save}" if is_asked else save.capitalize(),
        "crumbs": crumbs(request, draft, name),
    }
    return render(request, "transitions/entry.html", context)


def _form(request: SealedRequest, version: "TransitionListVersion", initial: Given, *, is_addendum: bool) -> CaseForm:
    return CaseForm(
        posted(request),
        list_year=version.transition_list.year,
        today=clock.today(),
        municipalities=request.agreement.municipality_names,
        initial=initial,
        is_addendum=is_addendum,
    )


def _added(request: SealedRequest, draft: "TransitionListVersion", form: CaseForm) -> "CaseEntry | None":
    """The entry of one more person; None where something hinders, which then stands on the form."""
    told_of = _told_of(request, form, draft)
    if told_of is None:
        return None
    action = partial(
        actions.add_entry, version=draft, data=form.entry_data, is_late=form.is_late_entry, told_of=told_of
    )
    return _tried(request, draft, form, action, None)


def _changed(request: SealedRequest, entry: "CaseEntry", form: CaseForm) -> "CaseEntry | None":
    """The entry as it was saved; None where something hinders, which then stands on the form."""
    told_of = _told_of(request, form, entry.version, entry)
    if told_of is not None:
        action = partial(
            actions.change_entry,
            entry=entry, data=form.entry_data, is_late=form.is_late_entry, seen=form.cleaned_data["seen"],
            told_of=told_of,
        )  # fmt: skip
        return _tried(request, entry.version, form, action, entry)
    if _is_older(form, entry):
        form.add_error(None, actions.CHANGED_MEANWHILE)
    return None


def _is_older(form: CaseForm, entry: "CaseEntry") -> bool:
    """Whether what was sent began with a state of the entry that somebody else changed since."""
    return form.known.get("seen") not in (None, entry.changed_at)


def _tried(
    request: SealedRequest,
    draft: "TransitionListVersion",
    form: CaseForm,
    action: Callable[..., "CaseEntry"],
    entry: "CaseEntry | None",
) -> "CaseEntry | None":
    """What is stored now. After a refusal the form says why, and draft and entry are as somebody else left them."""
    with act() as attempt:
        return _do(request, draft, action)
    if isinstance(attempt.refusal, Laid):  # the form says that itself, and asks
        draft.refresh_from_db()
        return None
    if isinstance(attempt.refusal, actions.OthersAlike):
        _told_of(request, form, draft, entry)
    form.add_error(None, attempt.sentence)
    if entry:
        entry.refresh_from_db(fields=["content", "changed_at", "changed_by"])
    return None


def _told_of(
    request: SealedRequest, form: CaseForm, version: "TransitionListVersion", entry: "CaseEntry | None" = None
) -> list[UUID] | None:
    """Who else this person may be, of a form that can be saved: nothing is doubtful, or all of it was confirmed.

    Else None, and whom the page tells of is logged.
    """
    if not form.is_bound:
        return None
    alike = new_likeness(form.read, version, entry, request.access)
    if form.is_sure(doubts_about(form.known, version, entry, clock.today()), alike) and form.is_valid():
        return list(map(attrgetter("case.pk"), alike))
    log_alike(request, version, alike)
    return None


def _duplicates(request: SealedRequest, entry: "CaseEntry") -> list[Known]:
    """Who else may be this person."""
    data = entry.told
    if data is None:
        return []
    alike = KnownPeople(entry.version, request.access).alike(data, entry.case)
    log_alike(request, entry.version, alike)
    return alike


def _do(request: SealedRequest, version: "TransitionListVersion", action: Callable[..., T]) -> T:
    """Performs a change of a draft, after taking the draft back where the page says that this is meant."""
    by, now = request.access, clock.now()
    recall = request.POST.get("zurueckholen", "")
    return after_recall(partial(action, by=by, now=now), version=version, recall=recall, by=by, now=now)


def _conflict(request: SealedRequest, entry: "CaseEntry", form: CaseForm) -> list[tuple[BoundField, str, str]]:
    """Where what somebody else stored meanwhile differs from what was typed: field, stored, typed."""
    if not _is_older(form, entry):
        return []
    differences = _differences(request, entry, form) if entry.content else []
    form.see(entry.changed_at)
    return differences


def _differences(request: SealedRequest, entry: "CaseEntry", form: CaseForm) -> list[tuple[BoundField, str, str]]:
    stored = entry.data
    typed = {name: form.known[name] for name in form.known.keys() & vars(stored).keys()}
    facts = changed_facts(replace(stored, **typed), request.agreement.municipality_names, stored)
    return [(form[fact.field], str(fact.before), fact.words) for fact in facts]


def _saved(request: SealedRequest, entry: "CaseEntry", name: str) -> HttpResponse:
    """Goes on, and says so without a name."""
    told = f"Der Fall {entry.case.case_ref} ist gespeichert."
    return done(request, told, page_of(request, entry.version, name))


@sealed(Permission.CASES_DRAFT, *OF_ONE_CASE)
@require_read_or_post
def remove(request: SealedRequest, entry: UUID) -> HttpResponse:
    """Forgets a person who was never named, as the page showed that person."""
    stored = draft_entry_or_404(request, entry)
    case, laid = stored.case, stored.version.submission
    shown = {"fall": case.case_ref, "seen": stored.changed_at.isoformat(), "zurueckholen": laid}
    form = SeenForm(posted(request), initial=shown)
    if request.method == "POST":
        form.full_clean()
        action = partial(actions.remove_entry, seen=form.cleaned_data.get("seen"))
        return _acted(request, stored, action, f"Der Fall {case.case_ref} ist entfernt.", asks="entry-remove")
    log_case(request, stored)
    step = removing(stored, _name(stored), request.access)
    return step_page(request, step, form, crumbs=crumbs(request, stored.version, "Fall entfernen"), template=STEP)


@sealed(Permission.CASES_DRAFT, *OF_ONE_CASE)
@require_read_or_post
def end(request: SealedRequest, entry: UUID) -> HttpResponse:
    """Takes a person off the list with the next release, for a fixed reason."""
    stored = draft_entry_or_404(request, entry)
    form = EndForm(posted(request), initial={FIELD: stored.case.case_ref})
    seen.carry(form, person_mark(stored))
    if is_sent(request, form):
        shown = request.POST.get(seen.FIELD)
        with act() as attempt:
            _do(request, stored.version, partial(actions.end_case, entry=stored, shown=shown, **form.decision))
            sentence = f"Der Fall {stored.case.case_ref} kommt mit der nächsten Freigabe von der Liste."
            return done(request, sentence, page_of(request, stored.version))
        if attempt.refusal and not isinstance(attempt.refusal, Laid):  # that the form says itself, and asks
            seen.refuse(form, attempt.refusal)
        stored = draft_entry_or_404(request, entry)
    log_case(request, stored)
    step = ending(stored, _name(stored), request.agreement, clock.today())
    return step_page(request, step, form, crumbs=crumbs(request, stored.version, "Von der Liste nehmen"), template=STEP)


@sealed(Permission.CASES_DRAFT, *OF_ONE_CASE)
@require_POST
def keep(request: SealedRequest, entry: UUID) -> HttpResponse:
    """Leaves a person on the list after all."""
    stored = draft_entry_or_404(request, entry)
    return _acted(request, stored, actions.undo_end, f"Der Fall {stored.case.case_ref} bleibt auf der Liste.")


def _acted(
    request: SealedRequest, entry: "CaseEntry", action: Callable[..., object], sentence: str, *, asks: str = ""
) -> HttpResponse:
    """Performs and goes to the draft; where that lies for release, back to the page that `asks`."""
    with act(request) as attempt:
        _do(request, entry.version, partial(action, entry=entry))
        return done(request, sentence, page_of(request, entry.version))
    if asks and isinstance(attempt.refusal, Laid):
        return redirect(link(request.agreement, asks, entry.pk))
    return redirect(page_of(request, entry.version))


def _name(entry: "CaseEntry") -> str:
    return people.spoken(entry.told) or "dieser Person"
