"""Where everything of a picture stands. Reads a series as it is shown and nothing else, so a picture tells no more.

Lengths are units of the viewBox. Shapes, dashes and hatchings tell lines and parts apart without colour; templates
write the SVG (templates/reporting/figures/_chart.html), for screens and for PDFs alike.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from reporting.figures.rules.disclosure import Shown
from reporting.figures.rules.series import Series, SeriesKind, Year, german, sentences

WIDTH, PLOT_HEIGHT = 640, 260
LEFT, RIGHT, TOP = 78, 66, 14
LINE = 20  # of text
TICKS = 4
BAR = 56
CHARACTER, LABEL_HEIGHT = 9, 20
SMALLEST_LABELLED = 22
NAMES = {SeriesKind.LINES: "Liniendiagramm", SeriesKind.BARS: "Balkendiagramm", SeriesKind.STACK: "Gestapelte Balken"}
DASHES = ("", "9 5", "2 5")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Text:
    """A word of the picture at its place."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class ChartMark:
    """A point of a line; its shape is that of the line."""

    x: float
    y: float
    shape: str  # points of a polygon, empty for a circle


@dataclass(frozen=True)
class ChartLine:
    """A row of values as a line."""

    place: int
    name: str
    dash: str
    paths: tuple[str, ...]
    marks: tuple[ChartMark, ...]
    labels: tuple[Text, ...]


@dataclass(frozen=True)
class Bar:
    """A bar, or a part of one, with its number; `back` is the width of the ground behind the number."""

    place: int
    x: float
    y: float
    height: float
    label: Text | None
    back: int = 0
    width: int = BAR

    @property
    def half(self) -> float:
        """Half of the ground, which stands around the middle of the number."""
        return self.back / 2


@dataclass(frozen=True)
class Chart:
    """A picture of a series, ready to be written."""

    key: str
    title: str
    description: str
    height: float
    bottom: float
    ticks: tuple[Text, ...]
    years: tuple[Text, ...]
    breaks: tuple[Text, ...]
    legend: tuple[Text, ...]
    lines: tuple[ChartLine, ...] = ()
    bars: tuple[Bar, ...] = ()
    starts_at: str = ""
    width: int = WIDTH
    left: int = LEFT
    right: int = WIDTH - RIGHT


@dataclass(frozen=True)
class _Plot:
    """The ground of a picture: which year and which value stand where."""

    series: Series
    top: float
    low: Decimal
    high: Decimal
    numbers: tuple[int, ...] = field(default=())

    def x(self, year: int) -> float:
        """The middle of a year; years are equally far apart, also where one is missing."""
        first, last = self.numbers[0], self.numbers[-1]
        return round(LEFT + (year - first + 0.5) * (WIDTH - LEFT - RIGHT) / (last - first + 1), 1)

    def y(self, value: Decimal) -> float:
        """The height of a value."""
        return round(self.top + PLOT_HEIGHT * float((self.high - value) / (self.high - self.low)), 1)


def chart_of(series: Series) -> Chart | None:
    """The picture of a series; None where there is no number to draw."""
    if series.is_empty:
        return None
    plot = _plot(series)
    bottom = plot.top + PLOT_HEIGHT
    legend = _legend(series, bottom + 3 * LINE)
    return Chart(
        key=series.slug,
        title=f"{NAMES[series.kind]}: {series.title}",
        description=" ".join(sentences(series)),
        height=max([bottom + 1.5 * LINE, *map(attrgetter("y"), legend)]) + LINE,
        bottom=bottom,
        ticks=_ticks(plot),
        years=tuple(_year(plot, year) for year in series.years),
        breaks=tuple(_breaks(plot)),
        legend=legend,
        lines=tuple(_lines(plot) if series.kind is SeriesKind.LINES else ()),
        bars=tuple(BARS[series.kind](plot)),
        starts_at=german(plot.low) if plot.low else "",
    )


def _year(plot: _Plot, year: Year) -> Text:
    """The year below the picture, with the mark r where it was corrected."""
    text = f"{year.year} r" if year.is_corrected else f"{year.year}"
    return Text(plot.x(year.year), plot.top + PLOT_HEIGHT + LINE + 4, text)


def _plot(series: Series) -> _Plot:
    stacked = series.years if series.kind is SeriesKind.STACK else ()
    known = [*series.numbers, *(sum(map(_number, year.values[:-1]), ZERO) for year in stacked)]
    lowest = min(known) if series.kind is SeriesKind.LINES else ZERO
    low, high = _bounds(lowest, max(known))
    return _Plot(series, TOP + len(series.breaks) * LINE, low, high, tuple(map(attrgetter("year"), series.years)))


def _number(value: Shown) -> Decimal:
    return value.number or ZERO


def _bounds(lowest: Decimal, highest: Decimal) -> tuple[Decimal, Decimal]:
    """Round numbers around all values, TICKS equal steps apart; counts begin at zero, lines near their lowest."""
    span = (highest - lowest) or highest or Decimal(1)
    power = Decimal(10) ** (span / TICKS).adjusted()
    for factor in (1, 2, Decimal("2.5"), 5, 10, 20):
        step = power * factor
        low = (lowest // step) * step
        if low + TICKS * step >= highest:
            return low, low + TICKS * step
    return ZERO, highest


def _ticks(plot: _Plot) -> tuple[Text, ...]:
    step = (plot.high - plot.low) / TICKS
    values = [plot.low + step * count for count in range(TICKS + 1)]
    return tuple(Text(LEFT - 8, plot.y(value), german(value)) for value in values)


def _breaks(plot: _Plot) -> Iterator[Text]:
    """A line between two years with its word above; each word has a row of its own, so that none covers another."""
    for row, each in enumerate(plot.series.breaks):
        before = plot.numbers[bisect_left(plot.numbers, each.year) - 1]
        x = round((plot.x(before) + plot.x(each.year)) / 2, 1)
        yield Text(x, TOP + row * LINE, f"Bruch: {each.label}")


def _legend(series: Series, top: float) -> tuple[Text, ...]:
    """What the shapes and hatchings mean; one row of values needs none."""
    columns = series.columns[:-1] if series.kind is SeriesKind.STACK else series.columns
    if len(columns) == 1:
        return ()
    return tuple(Text(LEFT, top + row * (LINE + 4), column.title) for row, column in enumerate(columns))


def _lines(plot: _Plot) -> list[ChartLine]:
    ends: list[float] = []
    return [_line(plot, place, ends) for place in range(len(plot.series.columns))]


def _line(plot: _Plot, place: int, ends: list[float]) -> ChartLine:
    """A line with a gap where a year is missing; the last number stands beside it."""
    course = plot.series.course(place)
    points = {year: (plot.x(year), plot.y(number)) for year, number in course}
    labels = [
        Text(points[year][0] + 12, _free(points[year][1] + 5, ends), plot.series.told(number))
        for year, number in course[-1:]
    ]
    return ChartLine(
        place,
        plot.series.columns[place].title,
        DASHES[place % len(DASHES)],
        tuple(_paths(points)),
        tuple(ChartMark(x, y, _shape(place, x, y)) for x, y in points.values()),
        tuple(labels),
    )


def _paths(points: Mapping[int, tuple[float, float]]) -> Iterator[str]:
    """The points of years that follow each other, as one path for each such run."""
    for _, run in groupby(enumerate(points), lambda each: each[1] - each[0]):
        yield " ".join(f"{x},{y}" for x, y in (points[year] for _, year in run))


MOVES = sorted((step * sign for step in range(0, 200, 4) for sign in (1, -1)), key=abs)  # the nearest first


def _free(y: float, taken: list[float]) -> float:
    """The nearest place for a label that covers no other."""
    found = next(y + move for move in MOVES if all(abs(y + move - other) >= LINE - 2 for other in taken))
    taken.append(found)
    return found


def _shape(place: int, x: float, y: float) -> str:
    """A square for the second line, a triangle for the third."""
    corners = {1: ((-6, -6), (6, -6), (6, 6), (-6, 6)), 2: ((0, -8), (8, 6), (-8, 6))}.get(place, ())
    return " ".join(f"{round(x + right, 1)},{round(y + down, 1)}" for right, down in corners)


def _bars(plot: _Plot) -> list[Bar]:
    found = []
    for year in plot.series.years:
        value = year.values[0]
        y = plot.y(_number(value))
        x = plot.x(year.year)
        label = Text(x, y - 7, plot.series.text(value))
        found.append(Bar(0, round(x - BAR / 2, 1), y, round(plot.top + PLOT_HEIGHT - y, 1), label))
    return found


def _stacks(plot: _Plot) -> list[Bar]:
    """The parts one on the other; the whole stands above as a number."""
    found = []
    for year in plot.series.years:
        x, below = plot.x(year.year), ZERO
        for place, value in enumerate(year.values[:-1]):
            y = plot.y(below + _number(value))
            height = round(plot.y(below) - y, 1)
            text = plot.series.text(value)
            label = Text(x, round(y + height / 2 + 5, 1), text) if height >= SMALLEST_LABELLED else None
            found.append(Bar(place, round(x - BAR / 2, 1), y, height, label, CHARACTER * len(text) + 6))
            below += _number(value)
        found.append(Bar(-1, x, 0, 0, Text(x, plot.y(below) - 7, plot.series.text(year.values[-1]))))
    return found


BARS: Mapping[SeriesKind, Callable[[_Plot], Iterable[Bar]]] = {
    SeriesKind.LINES: lambda _: (),
    SeriesKind.BARS: _bars,
    SeriesKind.STACK: _stacks,
}
