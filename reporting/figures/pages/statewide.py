"""All regions beside each other, for people of the LWV: who delivered what, and one Kennzahl."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from operator import attrgetter

from kok.alphabet import sort_key
from kok.words import counted, said
from members.models import Agreement, Partner
from members.queries import due_days_of
from members.rules.codes import Reference
from reporting.figures.models import DatasetRevision
from reporting.figures.queries.catalogue import FigureSubject, indicators
from reporting.figures.queries.datasets import CLAUSES
from reporting.figures.queries.delivered import DELIVERED, REGION, cells_of
from reporting.figures.queries.formats import latest_formats
from reporting.figures.queries.seen import SeenValues
from reporting.figures.rules.codes import RevisionState
from reporting.figures.rules.disclosure import Exactness, Shown
from reporting.figures.rules.series import in_words


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
    names: Mapping[str, str]  # of the örtlichen Träger of that day, by their keys
    sort: str
    is_rounded: bool

    @property
    def without(self) -> list[str]:
        """The names of those who delivered nothing."""
        there = {line.kgs for line in self.lines}
        return [name for kgs, name in self.names.items() if kgs not in there]


def statewide_page(
    *, agreement: Agreement, today: date, year: str, kennzahl: str, sort: str, exactness: Exactness
) -> StatewidePage:
    """Every region that delivered something for a year; problems first unless another order is asked for.

    Each is judged by the day of its own agreement; one whose agreement is not loaded by that of `agreement`.
    """
    known = indicators()
    subject = known.get(kennzahl, known.get("i02", next(iter(known.values()))))
    delivered = DatasetRevision.objects.filter(state__in=DELIVERED)
    years = tuple(
        delivered.order_by("-dataset__reference_date__year")
        .values_list("dataset__reference_date__year", flat=True)
        .distinct()
    )
    chosen = {str(each): each for each in years}.get(year, next(iter(years), None))
    found = list(delivered.filter(dataset__reference_date__year=chosen).select_related("dataset").order_by("number"))
    names = _carriers(date(chosen or today.year, 12, 31))
    lines = _Lines(found, subject, exactness, _DueDays(agreement), today).of(names)
    is_rounded = exactness is Exactness.ROUNDED
    return StatewidePage(chosen, years, subject, tuple(known.values()), _sorted(lines, sort), names, sort, is_rounded)


def _carriers(day: date) -> dict[str, str]:
    """The örtlichen Träger on a day: 26 until the end of 2025, 27 since Hanau is one."""
    found = latest_formats()[0]
    return {kgs: code.title for kgs, code in found.codes(found.region_column).items() if code.is_valid_on(day)}


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


class _Lines:
    """What was delivered for a day, region by region."""

    def __init__(
        self,
        found: Sequence[DatasetRevision],
        subject: FigureSubject,
        exactness: Exactness,
        due_days: _DueDays,
        today: date,
    ) -> None:
        self._subject, self._due_days, self._today = subject, due_days, today
        self._newest, self._first = _by_region(found), _by_region(reversed(found))
        newest = chain.from_iterable(own.values() for own in self._newest.values())
        groups = ("", REGION)
        cells = cells_of(newest, indicator={"", *subject.with_people}, comparison_group=groups)
        self._values = SeenValues(cells, exactness)

    def of(self, names: Mapping[str, str]) -> list[RegionLine]:
        """All of them by their keys."""
        return [self._line(kgs, names.get(kgs, kgs), own) for kgs, own in sorted(self._newest.items())]

    def _line(self, kgs: str, name: str, own: Mapping[str, DatasetRevision]) -> RegionLine:
        due_on = self._due_days.of(kgs, next(iter(own.values())).dataset.reference_date.year)
        whole, _ = self._values.at(own.get("KOK-8D"), "")
        value, unit = self._values.at(own.get(self._subject.format.id), self._subject.indicator)
        return RegionLine(
            kgs,
            name,
            _problems(own.values(), self._first[kgs], due_on, self._today),
            whole,
            value,
            in_words(whole, ""),
            in_words(value, unit or self._subject.unit),
            tuple(f"{name.removeprefix('KOK-')} {each.label}" for name, each in sorted(own.items()) if each.number),
        )


def _by_region(revisions: Iterable[DatasetRevision]) -> dict[str, dict[str, DatasetRevision]]:
    """The last of these for each region and format."""
    found: dict[str, dict[str, DatasetRevision]] = {}
    for each in revisions:
        found.setdefault(each.dataset.region_kgs, {})[each.dataset.format_id] = each
    return found


def _problems(
    own: Collection[DatasetRevision], r0: Mapping[str, DatasetRevision], due_on: date, today: date
) -> tuple[str, ...]:
    """What is missing, late, doubtful or not yet accepted. Whether it is in time the first delivery says alone.

    Only the duties have a day in the agreement; Punkt 9 names none, so nothing of it can be late.
    """
    warnings = sum(len(each.warnings) for each in own)
    is_waiting = RevisionState.SUBMITTED in map(attrgetter("state"), own)
    told = said(
        (warnings, counted(warnings, "1 Hinweis", "Hinweise")),
        (is_waiting, "noch nicht angenommen"),
    )
    delays = (_delay(title, r0.get(name), due_on, today) for name, title in CLAUSES.items())
    return (*filter(None, delays), *told)


def _delay(title: str, first: DatasetRevision | None, due_on: date, today: date) -> str:
    """Whether the first delivery of a duty is missing or came after its day; "" for neither."""
    came_on = first.submitted_on if first else None
    word, day = ("verspätet", came_on) if came_on else ("fehlt", today)
    return f"{title} {word}" if day > due_on else ""


NUMBERS = {"zahl": attrgetter("whole.number"), "wert": attrgetter("value.number")}


def _sorted(lines: Sequence[RegionLine], sort: str) -> tuple[RegionLine, ...]:
    """By region, number or Kennzahl; else what has most problems first. Without a number comes last."""
    key, turned = sort.removeprefix("-"), sort.startswith("-")
    if key == "region":
        return tuple(sorted(lines, key=_name, reverse=turned))
    if key in NUMBERS:
        number = NUMBERS[key]
        told = [each for each in lines if number(each) is not None]
        untold = [each for each in lines if number(each) is None]
        return (*sorted(told, key=lambda each: (number(each), _name(each)), reverse=turned), *untold)
    sign = 1 if turned else -1
    return tuple(sorted(lines, key=lambda each: (sign * len(each.problems), _name(each))))


def _name(line: RegionLine) -> str:
    return sort_key(line.name)
