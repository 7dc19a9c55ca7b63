"""How dates, periods and states are written on every page: one place, so that they look the same everywhere."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kok import articles, seen
from kok.addresses import address
from kok.clock import BERLIN
from kok.typed_days import WEEKDAYS

register = template.Library()

SIGNS = {"neutral": "", "info": "info", "success": "success", "warning": "warning", "danger": "danger"}


class Period(Protocol):
    """A half-open period as PostgreSQL and the models give it: `upper` is the first day after."""

    lower: date | None
    upper: date | None


class Term(Protocol):
    """One turn of the Geschäftsführung with a period and the name of the partner."""

    label: str
    starts_on: date
    ends_on: date


def _here(value: datetime) -> datetime:
    return value.astimezone(BERLIN) if value.tzinfo else value


def _day(value: date | datetime) -> date:
    return _here(value).date() if isinstance(value, datetime) else value


register.filter(articles.der)
register.filter(articles.den)
register.filter(articles.beim)
register.filter(articles.vom)


@register.filter
def day(value: date | datetime | None) -> str:
    """`30.04.2027`; nothing for nothing."""
    return f"{_day(value):%d.%m.%Y}" if value else ""


@register.filter
def whole(value: int) -> str:
    """`50.002`."""
    return number_format(value, force_grouping=True)


@register.filter
def weekday(value: date | datetime | None) -> str:
    """`Fr 30.04.2027`, where the day of the week matters."""
    return f"{WEEKDAYS[_day(value).weekday()][:2]} {day(value)}" if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """`10:42 Uhr` in Europe/Berlin."""
    return f"{_here(value):%H:%M} Uhr" if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """`Fr 30.04.2027, 10:42 Uhr` in Europe/Berlin."""
    return f"{weekday(value)}, {clock(value)}" if value else ""


@register.filter
def second(value: datetime | None) -> str:
    """`Fr 30.04.2027, 10:42:07 Uhr` in Europe/Berlin, where the order of acts matters."""
    return f"{weekday(value)}, {_here(value):%H:%M:%S} Uhr" if value else ""


@register.filter
def last_day(value: Period | date | None) -> date | None:
    """The inclusive last day of a half-open period, or of its end `[from, to)`; None when it stays open."""
    end = value if isinstance(value, date) else value and value.upper
    return end - timedelta(days=1) if end else None


@register.filter
def period(value: Period | None) -> str:
    """`01.03.2022 bis 29.02.2024`, `seit 01.03.2022`, `bis 29.02.2024`: the last day shown is inclusive."""
    if not value:
        return ""
    first, last = value.lower, last_day(value)
    if first and last:
        return f"{day(first)} bis {day(last)}"
    if first:
        return f"ab {day(first)}"
    return f"bis {day(last)}" if last else "ohne Begrenzung"


@register.filter
def days_until(due_on: date | None, today: date) -> str:
    """`heute`, `morgen`, `in 12 Tagen`, `seit 3 Tagen überfällig`; calendar days."""
    if due_on is None:
        return ""
    days = (due_on - today).days
    if days < 0:
        return "seit einem Tag überfällig" if days == -1 else f"seit {-days} Tagen überfällig"
    return {0: "heute", 1: "morgen"}.get(days, f"in {days} Tagen")


@register.filter
def days_left(due_on: date, today: date) -> str:
    """`noch 42 Tage`, `noch ein Tag`, `nur noch heute`; the day itself is the last. Not for days that are over."""
    days = (due_on - today).days
    return {0: "nur noch heute", 1: "noch ein Tag"}.get(days, f"noch {days} Tage")


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


@register.simple_tag
@lru_cache(maxsize=4096, typed=True)
def kept(name: str, **values: int | str) -> SafeString:
    """A piece of a page that depends on addresses, numbers and fixed choices only, rendered once.

    Never for what people wrote.
    """
    return render_to_string(name, values)


@register.inclusion_tag("components/sort.html", takes_context=True)
def sort_head(context: RequestContext, label: str, key: str, sort: str, css: str = "") -> dict[str, str]:
    """A sortable column head: one click sorts by `key`, the next turns the order; filters stay in the address."""
    direction = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
    query = context["request"].GET.copy()
    query["sortierung"] = f"-{key}" if sort == key else key
    query.pop("seite", None)
    return {"label": label, "css": css, "direction": direction, "href": f"?{query.urlencode()}"}


@register.filter
def numbers(page: Page[Any]) -> Iterable[int | str]:
    """The page numbers of a pager, shortened by `…` where there are many."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def anyway(says: str, form: Any) -> str:
    """What the button of a form says (`kok.seen`)."""
    return seen.button(form, says)


@register.simple_tag
def demo_mode() -> bool:
    """Whether this installation only shows invented people (KOK_MODE=demo)."""
    return bool(settings.KOK_MODE == "demo")


@register.inclusion_tag("components/strip.html")
def term_strip(terms: Iterable[Term], today: date) -> dict[str, Any]:
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
            "last_on": last_day(turn.ends_on),
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
