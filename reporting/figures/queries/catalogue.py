"""Which series of figures there are: Punkt 8c, Punkt 8d, and every Kennzahl that the format of Punkt 9 names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reporting.figures.queries.formats import latest_formats
from reporting.figures.rules.formats import Format

TOTAL = "T"
FILTERS = ("age_group", "service", "setting")
# The density or share that makes a count comparable, and the people behind a sum of money (domain.md 8.5).
COMPARED_BY: Mapping[str, str] = {"i01": "i02", "i03": "i04", "i05": "i06", "i09": "i10", "i17": "i21"}
COUNTED_BY: Mapping[str, str] = {ratio: count for count, ratio in COMPARED_BY.items()}
PEOPLE_BEHIND: Mapping[str, str] = {"I17": "I01", "I18": "I03", "I19": "I05", "I20": "I09"}
CASES = "I22"  # single cases of 8b


@dataclass(frozen=True)
class FigureSubject:
    """One series: a whole format, or one Kennzahl of it."""

    slug: str
    title: str
    unit: str
    indicator: str
    format: Format

    @property
    def parts(self) -> Mapping[str, str]:
        """The places of the benefit in words, the whole among them; empty where they are not told."""
        return self.format.titles("location")

    @property
    def filters(self) -> tuple[str, ...]:
        """The dimensions by which it can be looked at."""
        return () if self.counts_cases else FILTERS

    @property
    def with_people(self) -> set[str]:
        """The Kennzahlen that are read for it: its own, and that of the people behind a sum of money."""
        return {self.indicator, PEOPLE_BEHIND.get(self.indicator, self.indicator)}

    @property
    def is_share(self) -> bool:
        """Is it a density or a share, which can be compared between regions?"""
        return self.unit in {"PER_1000", "PERCENT"}

    @property
    def counts_cases(self) -> bool:
        """Does it count single cases of 8b? Then no number is finer than the county, and none is below five (8.6)."""
        return self.indicator == CASES


def subjects() -> dict[str, FigureSubject]:
    """Every series by the word that stands in its address, in the order of the formats."""
    return {each.slug: each for found in latest_formats() for each in _of_format(found)}


def indicators() -> dict[str, FigureSubject]:
    """The Kennzahlen among them."""
    return {slug: each for slug, each in subjects().items() if each.indicator}


def _of_format(found: Format) -> Iterator[FigureSubject]:
    column = found.name_of("indicator")
    if not column:
        slug = found.id.removeprefix("KOK-").lower()
        yield FigureSubject(slug, found.title, found.count_unit, "", found)
        return
    for code, entry in found.codes(column).items():
        yield FigureSubject(code.lower(), entry.title, entry.units[0] if entry.units else "", code, found)
