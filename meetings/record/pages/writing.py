"""The page on which minutes are written: each item with its text, what came of it, and where everything is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kok import seen
from kok.codes import choices
from kok.words import clock, day, local_day, weekday
from meetings.convening.rules.agenda import TASKS
from meetings.record.models import Minutes, MinutesSection
from meetings.record.queries.minutes import Entry, header_of, level_of
from meetings.record.queries.outcomes import ItemOutcomes, Outcome
from meetings.record.rules.codes import ResultKind
from meetings.record.rules.minutes import contradiction, contradicts, result_of

RESULTS = [("", "noch offen"), *choices(ResultKind)]
NO_DECISION = [kind.value for kind in ResultKind if kind is not ResultKind.RESOLUTION]
FOLLOWS = "Das Ergebnis ist damit „Beschluss“."


@lru_cache(maxsize=64)
def result_options(chosen: str, follows: str = "", *, decides: bool = True) -> SafeString:
    """The options of the field "Ergebnis": every section shows them, so they are written once, and kept.

    What `follows` from what is written down is named where nothing is chosen. Where nothing is resolved (7.4) no
    resolution is offered.
    """
    none = f"{ResultKind(follows).label} (folgt)" if follows else RESULTS[0][1]
    offered = [("", none), *(row for row in RESULTS[1:] if decides or row[0] in (chosen, *NO_DECISION))]
    rows = ((value, " selected" if value == chosen else "", label) for value, label in offered)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


REVISION = '<input type="hidden" name="{}-revision" value="{}" form="alle">'
SAVED = REVISION + '<p class="kok-save" data-state>{}</p>'
SEEN = '<input type="hidden" name="seen" value="{}" form="alle"><p class="kok-save" data-state>{}</p>'


def saved_state(section: MinutesSection, today: date) -> SafeString:
    """The revision that is shown, and when it was saved (the day only where it is another one): on the page, and as the
    answer to each pause of typing."""
    if section.changed_at is None:
        return format_html(SAVED, section.pk, section.revision, "Noch kein Text")
    on = local_day(section.changed_at)
    day_words = "" if on == today else f"am {day(on)} "
    return format_html(SAVED, section.pk, section.revision, f"Gespeichert {day_words}um {clock(section.changed_at)}")


def header_state(minutes: Minutes, saved_at: datetime | None = None) -> SafeString:
    """The marks of the head of the minutes as it is shown, and when it was saved: on the page, and as the answer."""
    said = f"Gespeichert um {clock(saved_at)}" if saved_at else ""
    return format_html(SEEN, seen.marks(header_of(minutes)), said)


@dataclass(frozen=True)
class SectionField:
    """The text of an item with its result, in their fields."""

    pk: int
    number: str
    url: str
    text: str
    options: SafeString
    state: SafeString


def section_field(section: MinutesSection, base_url: str, today: date, follows: str = "") -> SectionField:
    """The fields of a section as it is now. `follows`: the result that follows from what is written down."""
    return SectionField(
        pk=section.pk,
        number=section.item.number,
        url=f"{base_url}abschnitt/{section.pk}",
        text=section.text,
        options=result_options(section.result, follows, decides=section.item.decides),
        state=saved_state(section, today),
    )


@dataclass(frozen=True)
class ShownOutcome:
    """A resolution or a task, and where it is changed. `who` of a task: whoever sees to it, and until when."""

    number: str
    text: str
    url: str
    who: str = ""


@dataclass(frozen=True)
class ShownItem:
    """What came of an item, and where more is recorded."""

    pk: int
    number: str
    url: str
    decides: bool
    resolutions: Sequence[ShownOutcome]
    proposals: Sequence[Outcome]  # what found no consent: one or none
    positions: Sequence[Outcome]
    tasks: Sequence[ShownOutcome]
    hint: str  # what the result follows from, or why it cannot stay


def _hint(result: str, resolutions: int) -> str:
    if contradicts(result, resolutions=resolutions):
        return contradiction(result)
    return FOLLOWS if resolutions and not result else ""


def shown_item(came: ItemOutcomes, section: MinutesSection, base_url: str) -> ShownItem:
    """An item with what came of it, for the one who writes."""
    item = came.item
    return ShownItem(
        pk=item.pk,
        number=item.number,
        url=f"{base_url}top/{item.pk}/",
        decides=item.decides,
        hint=_hint(section.result, len(came.resolutions)),
        resolutions=[ShownOutcome(row.number, row.text, f"{base_url}beschluss/{row.pk}/") for row in came.resolutions],
        proposals=came.proposals,
        positions=came.positions,
        tasks=[ShownOutcome(row.number, row.text, f"{base_url}aufgabe/{row.pk}/", who(row)) for row in came.tasks],
    )


def who(task: Outcome) -> str:
    """`Fachplanung, Wetteraukreis, bis Mi 02.12.2026`."""
    until = f"bis {weekday(task.due_on)}" if task.due_on else "ohne Termin"
    return ", ".join(filter(None, (task.who, task.partner_name, until)))


@dataclass(frozen=True)
class WrittenItem:
    """One item of the page: its heading, whether tasks of earlier meetings stand there, its text, what came of it."""

    title: str
    heading: int  # of which level it is; the page itself has the first
    is_part: bool
    is_written: bool
    goes_through_tasks: bool
    field: SectionField
    came: ShownItem


def _following(entry: Entry) -> str:
    return result_of("", resolutions=len(entry.resolutions))


def written_item(entry: Entry, base_url: str, today: date) -> WrittenItem:
    """An item as the one who writes has it before him."""
    level = level_of(entry.item)
    return WrittenItem(
        title=entry.item.title,
        heading=level + 1,
        is_part=level > 1,
        is_written=entry.is_written,
        goes_through_tasks=entry.item.code == TASKS,
        field=section_field(entry.section, base_url, today, _following(entry)),
        came=shown_item(entry, entry.section, base_url),
    )
