"""Two pages to look things up: the individuelle Regelaltersgrenze, and who is responsible for whom since when."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from kok import clock, words
from kok.access import Permission, requires
from kok.requests import Request
from members.queries import headings_on
from transitions.forms.limits import AgeLimitForm, ResponsibilityForm
from transitions.rules import age_limit as rules
from transitions.rules import responsibility as responsibilities
from transitions.rules.codes import LimitException, PeopleGroup
from transitions.views.area_session import posted


@requires(Permission.AGREEMENT_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def age_limit(request: Request) -> HttpResponse:
    """The limit of one date of birth, which comes by POST so that it stands in no address; and the table of all."""
    form = AgeLimitForm(posted(request), today=clock.today())
    context = {
        "form": form,
        "answer": _answer(**form.cleaned_data) if form.is_valid() else None,
        "cohorts": list(rules.cohorts()),
        "crumbs": [("Regelaltersgrenze", None)],
    }
    return render(request, "transitions/age_limit.html", context)


@requires(Permission.AGREEMENT_READ)
@require_safe
def responsibility(request: Request) -> HttpResponse:
    """Who is responsible on a day, since when, by which rule."""
    today = clock.today()
    form = ResponsibilityForm({"tag": words.day(today), **request.GET.dict()})
    context: dict[str, object] = {
        "form": form,
        "day": None,
        "today": today,
        "changes": responsibilities.changes(),
        "rules": responsibilities.RULES,
        "clauses": headings_on(request.agreement, today),
        "is_filtered": bool(request.GET),
        "crumbs": [("Zuständigkeit", None)],
    }
    if form.is_valid():
        context |= _responsible(form.cleaned_data["tag"], form.cleaned_data["gruppe"])
    return render(request, "transitions/responsibility.html", context)


def _answer(*, born_on: date, exception: LimitException | None, reference_date: date) -> dict[str, object]:
    """What the page says about one date of birth."""
    return {
        "born_on": born_on,
        "reference_date": reference_date,
        "age": rules.words(rules.limit_months(born_on, exception)),
        "reached_on": rules.limit_reached_on(born_on, exception),
        "first_day_after": rules.first_day_after(born_on, exception),
        "counts": rules.counts_on(born_on, reference_date, exception),
    }


def _responsible(day: date, group: PeopleGroup | None) -> dict[str, object]:
    """What is said about one day: each group or the chosen one, and the examples."""
    return {
        "day": day,
        "answers": [
            {"rule": rule, "since": responsibilities.since(rule.group, day)}
            for rule in responsibilities.rules_on(day)
            if group in (None, rule.group)
        ],
        "examples": [(text, responsibilities.responsible(who, day)) for text, who in responsibilities.EXAMPLES],
        "law_ends_on": responsibilities.LAW_ENDS_ON,
    }
