"""All regions beside each other, for people of the LWV: who delivered what, and one Kennzahl."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter

from kok.alphabet import sort_key
from kok.words import counted, local_day
from members.models import Agreement, Partner
from members.queries import due_days_of
from members.rules.codes import Reference
from reporting.figures.models import DatasetRevision
from reporting.figures.queries.catalogue import CASES, PEOPLE_BEHIND, FigureSubject, subjects
from reporting.figures.queries.datasets import CLAUSES
from reporting.figures.queries.delivered import DELIVERED, Cell, cells_of
from reporting.figures.queries.formats import latest_formats
from reporting.figures.queries.series import NOT_DELIVERED
from reporting.figures.rules.disclosure import Exactness, Shown, shown
from reporting.figures.rules.formats import FormatCode
from reporting.figures.rules.series import in_words

PROBLEMS_FIRST = "stand"


@dataclass(frozen=True)
class RegionLine:
    """One region: its problems in words, and its values."""

    kgs: str
    name: str
    problems: tuple[str, ...]
    whole: Shown
    value: Shown
    whole_text: str
    value_text: str
    corrected: tuple[str, ...]


@dataclass(frozen=True)
class StatewidePage:
    """The comparison of a year."""

    year: int | None
    years: tuple[int, ...]
    subject: FigureSubject
    subjects: tuple[FigureSubject, ...]
    lines: tuple[RegionLine, ...]
    without: tuple[str, ...]
    carriers: int
    sort: str
    is_rounded: bool


def statewide_page(
    *, agreement: Agreement, today: date, year: str, kennzahl: str, sort: str, exactness: Exactness
) -> StatewidePage:
    """Every region that delivered something for a year; problems first unless another order is asked for.

    Each is judged by the day of its own agreement; one whose agreement is not loaded by that of `agreement`.
    """
    known = {slug: each for slug, each in subjects().items() if each.indicator}
    subject = known.get(kennzahl) or known.get("i02") or next(iter(known.values()))
    delivered = DatasetRevision.objects.filter(state__in=DELIVERED)
    years = tuple(
        delivered.order_by("-dataset__reference_date__year")
        .values_list("dataset__reference_date__year", flat=True)
        .distinct()
    )
    chosen = {str(each): each for each in years}.get(year, next(iter(years), None))
    found = list(delivered.filter(dataset__reference_date__year=chosen).select_related("dataset").order_by("number"))
    codes = _carriers(date(chosen or today.year, 12, 31))
    lines = _lines(found, subject, codes, exactness, _DueDays(agreement), today)
    return StatewidePage(
        chosen,
        years,
        subject,
        tuple(known.values()),
        tuple(_sorted(lines, sort)),
        tuple(code.title for kgs, code in codes.items() if kgs not in {each.kgs for each in lines}),
        len(codes),
        sort,
        exactness is Exactness.ROUNDED,
    )


def _carriers(day: date) -> dict[str, FormatCode]:
    """The örtlichen Träger on a day: 26 until the end of 2025, 27 since Hanau is one."""
    found = latest_formats()[0]
    return {kgs: code for kgs, code in found.codes(found.region_column).items() if code.is_valid_on(day)}


class _DueDays:
    """By when the figures of each region are due, in three queries."""

    def __init__(self, here: Agreement) -> None:
        places = dict(Partner.objects.exclude(authority__kgs="").values_list("authority__kgs", "agreement"))
        agreements = {each.pk: each for each in Agreement.objects.filter(pk__in={*places.values(), here.pk})}
        found = due_days_of(list(agreements.values()), Reference.REFERENCE_DATE_PREVIOUS_YEAR_END)
        self._of_region = {kgs: found[pk] for kgs, pk in places.items()}
        self._here = found[here.pk]

    def of(self, kgs: str, stichtag_year: int) -> date:
        """The effective day."""
        return self._of_region.get(kgs, self._here).of_year(stichtag_year + 1)[1]


def _lines(
    found: Sequence[DatasetRevision],
    subject: FigureSubject,
    codes: dict[str, FormatCode],
    exactness: Exactness,
    due_days: _DueDays,
    today: date,
) -> list[RegionLine]:
    newest, first = _by_region(found), _by_region(list(reversed(found)))
    wanted = ["", subject.indicator, PEOPLE_BEHIND.get(subject.indicator, subject.indicator)]
    shown_ones = [revision for own in newest.values() for revision in own.values()]
    found_cells = cells_of(shown_ones, indicator=wanted)
    cells = {(each.revision, each.indicator): each for each in found_cells if each.group == "REGION"}
    lines = []
    for kgs, own in sorted(newest.items()):
        due_on = due_days.of(kgs, next(iter(own.values())).dataset.reference_date.year)
        whole, whole_text = _value(cells, own.get("KOK-8D"), "", exactness, "")
        value, value_text = _value(cells, own.get(subject.format.id), subject.indicator, exactness, subject.unit)
        lines.append(
            RegionLine(
                kgs,
                codes[kgs].title if kgs in codes else kgs,
                _problems(own, first[kgs], due_on, today),
                whole,
                value,
                whole_text,
                value_text,
                tuple(f"{name.removeprefix('KOK-')} {each.label}" for name, each in sorted(own.items()) if each.number),
            )
        )
    return lines


def _by_region(revisions: Sequence[DatasetRevision]) -> dict[str, dict[str, DatasetRevision]]:
    """The last of these for each region and format."""
    found: dict[str, dict[str, DatasetRevision]] = {}
    for each in revisions:
        found.setdefault(each.dataset.region_kgs, {})[each.dataset.format_id] = each
    return found


def _value(
    cells: dict[tuple[int, str], Cell],
    revision: DatasetRevision | None,
    indicator: str,
    exactness: Exactness,
    unit: str,
) -> tuple[Shown, str]:
    cell = cells.get((revision.pk, indicator)) if revision else None
    if cell is None or revision is None:
        return NOT_DELIVERED, in_words(NOT_DELIVERED, unit)
    behind = cells.get((revision.pk, PEOPLE_BEHIND.get(indicator, "-")))
    people: Decimal | None = behind.value if behind else None
    value = shown(cell, exactness, people=people, counts_cases=indicator == CASES)
    return value, in_words(value, cell.unit or unit)


def _problems(
    own: dict[str, DatasetRevision], r0: dict[str, DatasetRevision], due_on: date, today: date
) -> tuple[str, ...]:
    """What is missing, late, doubtful or not yet accepted. Whether it is in time the first delivery says alone.

    Only the duties have a day in the agreement; Punkt 9 names none, so nothing of it can be late.
    """
    warnings = sum(len(each.warnings) for each in own.values())
    is_waiting = any(each.state == DatasetRevision.State.SUBMITTED for each in own.values())
    told = [
        *(_delay(title, r0.get(name), due_on, today) for name, title in CLAUSES.items()),
        counted(warnings, "1 Hinweis", "Hinweise") if warnings else "",
        "noch nicht angenommen" if is_waiting else "",
    ]
    return tuple(filter(None, told))


def _delay(title: str, first: DatasetRevision | None, due_on: date, today: date) -> str:
    """Whether the first delivery of a duty is missing or came after its day; "" for neither."""
    if first is None:
        return f"{title} fehlt" if today > due_on else ""
    is_late = first.submitted_at is not None and local_day(first.submitted_at) > due_on
    return f"{title} verspätet" if is_late else ""


NUMBERS = {"zahl": attrgetter("whole.number"), "wert": attrgetter("value.number")}


def _sorted(lines: Sequence[RegionLine], sort: str) -> list[RegionLine]:
    """By region, number or Kennzahl; else what has most problems first. Without a number comes last."""
    key, turned = sort.removeprefix("-"), sort.startswith("-")
    if key == "region":
        return sorted(lines, key=lambda each: sort_key(each.name), reverse=turned)
    if key in NUMBERS:
        numbered = [each for each in lines if NUMBERS[key](each) is not None]
        told = sorted(numbered, key=lambda each: (NUMBERS[key](each), sort_key(each.name)), reverse=turned)
        return told + [each for each in lines if NUMBERS[key](each) is None]
    sign = 1 if turned else -1
    return sorted(lines, key=lambda each: (sign * len(each.problems), sort_key(each.name)))
