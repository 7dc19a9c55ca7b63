"""What the sections of minutes show again and again: written once, and kept."""

from datetime import date, datetime
from functools import lru_cache

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from kok.clock import BERLIN
from kok.words import clock, day
from meetings.record.forms.minutes import RESULTS

register = template.Library()


@register.filter
@lru_cache(maxsize=16)
def result_options(chosen: str) -> SafeString:
    """The options of the field "Ergebnis"."""
    rows = ((value, " selected" if value == chosen else "", label) for value, label in RESULTS)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


@register.filter
def saved_on(changed_at: datetime | None, today: date) -> str:
    """When a section was saved, in words; the day only where it is another one."""
    if changed_at is None:
        return "Noch kein Text"
    on = changed_at.astimezone(BERLIN).date()
    return f"Gespeichert {'' if on == today else f'am {day(on)} '}um {clock(changed_at)}"
