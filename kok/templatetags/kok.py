"""How dates, periods and states are written on every page: one place, so that they look the same everywhere."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kok import articles, seen, words
from kok.addresses import address

register = template.Library()

SIGNS = {"neutral": "", "info": "info", "success": "success", "warning": "warning", "danger": "danger"}


REACHED = {"done": "erledigt", "current": "jetzt", "todo": "kommt noch"}  # the steps of a way


class TermLike(Protocol):
    """One turn of the Geschäftsführung with a period and the name of the partner."""

    label: str
    starts_on: date
    ends_on: date


for name in ("der", "den", "beim", "vom"):
    register.filter(name, getattr(articles, name))
for name in ("day", "weekday", "clock", "moment", "second", "last_day", "period", "days_until", "days_left"):
    register.filter(name, getattr(words, name))
register.filter("whole", words.number)


@register.simple_tag(name="address")
def address_tag(name: str, *args: str | int) -> SafeString:
    """The address of a page, as Django's `url`, but kept: for lists and for what stands on every page."""
    return mark_safe(address(name, *args))  # noqa: S308  `reverse` quotes what it is given


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str) -> SafeString:
    """A KERN sign beside words; it says nothing by itself."""
    return format_html('<span class="kern-icon kern-icon--{}" aria-hidden="true"></span>', name)


@register.simple_tag
@lru_cache(maxsize=256, typed=True)  # typed: what is marked as safe must not stand for what is not
def badge(label: str, tone: str = "neutral") -> SafeString:
    """A state in words with a sign; tone is one of SIGNS. Without a template: lists hold one in every row."""
    if sign := SIGNS[tone]:
        shown = format_html('<span class="kern-icon kern-icon--small kern-icon--{}" aria-hidden="true"></span>', sign)
        return format_html('<span class="kok-badge kok-tone-{}">{}{}</span>', tone, shown, label)
    return format_html('<span class="kok-badge kok-tone-{} kok-badge--plain">{}</span>', tone, label)


@register.simple_block_tag
def alert(
    content: SafeString, tone: str, title: str = "", body: str = "", role: str = "", *, focus: bool = False
) -> SafeString:
    """A message whose words hold links or choices: what stands in it is its title, or what follows the title."""
    words = mark_safe(content.strip())  # noqa: S308  rendered by the template around it
    said = {"title": title, "body": words} if title else {"title": words, "body": body}
    return render_to_string("components/alert.html", {"tone": tone, "role": role, "focus": focus, **said})


@register.inclusion_tag("components/sort.html", takes_context=True)
def sort_head(context: RequestContext, label: str, key: str, sort: str, css: str = "") -> dict[str, object]:
    """A sortable column head: one click sorts by `key`, the next turns the order; filters stay in the address."""
    direction = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
    query = context["request"].GET.copy()
    query["sortierung"] = f"-{key}" if sort == key else key
    query.pop("seite", None)
    shown = {"label": label, "css": css, "direction": direction, "is_ascending": sort == key}
    return {**shown, "href": f"?{query.urlencode()}"}


@register.filter
def reached(state: str) -> str:
    """Where a step of a way stands, in words."""
    return REACHED[state]


@register.filter
def is_now(state: str) -> bool:
    """Whether this is the step of a way at which one is."""
    return state == "current"


@register.filter
def numbers(page: Page[object]) -> Iterable[int | str]:
    """The page numbers of a pager, shortened by `…` where there are many."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def anyway(says: str, form: BaseForm) -> str:
    """What the button of a form says (`kok.seen`)."""
    return seen.button(form, says)


@register.simple_tag
def demo_mode() -> bool:
    """Whether this installation only shows invented people (KOK_MODE=demo)."""
    return bool(settings.KOK_MODE == "demo")


@register.inclusion_tag("components/strip.html")
def term_strip(terms: Iterable[TermLike], today: date) -> dict[str, object]:
    """Turns of the Geschäftsführung (label, starts_on, ends_on exclusive) as a strip in percent of the whole time."""
    turns = sorted(terms, key=lambda turn: turn.starts_on)
    start, days = turns[0].starts_on, (turns[-1].ends_on - turns[0].starts_on).days
    first_label = turns[0].label

    def share(length: timedelta) -> str:
        return f"{100 * length.days / days:.3f}"

    parts = [
        {
            "label": turn.label,
            "first_on": turn.starts_on,
            "last_on": words.last_day(turn.ends_on),
            "x": share(turn.starts_on - start),
            "width": share(turn.ends_on - turn.starts_on),
            "middle": share(turn.starts_on - start + (turn.ends_on - turn.starts_on) / 2),
            "alternate": turn.label != first_label,
            "current": turn.starts_on <= today < turn.ends_on,
            "past": turn.ends_on <= today,
        }
        for turn in turns
    ]
    return {"parts": parts, "now": share(today - start) if 0 <= (today - start).days <= days else None}
