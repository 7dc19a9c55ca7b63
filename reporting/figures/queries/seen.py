"""The values of deliveries as one reader may see them."""

from collections.abc import Iterable

from reporting.figures.models import DatasetRevision
from reporting.figures.queries.catalogue import CASES, PEOPLE_BEHIND
from reporting.figures.queries.delivered import GROUPS, REGION, Cell
from reporting.figures.rules.disclosure import WITHHELD, Exactness, Shown, shown
from reporting.figures.rules.series import NOT_DELIVERED

NOBODY = "-"  # no Kennzahl is called so


class SeenValues:
    """Values of whole regions and groups by revision, Kennzahl and group, together with the people behind them."""

    def __init__(self, cells: Iterable[Cell], exactness: Exactness) -> None:
        self._exactness = exactness
        self._cells: dict[tuple[int | None, str, str], Cell] = {
            (each.revision, each.indicator, each.group): each for each in cells
        }

    def has(self, revision: DatasetRevision, indicator: str) -> bool:
        """Whether anything of a Kennzahl was delivered."""
        return any((revision.pk, indicator, group) in self._cells for group in GROUPS)

    def at(self, revision: DatasetRevision | None, indicator: str, group: str = REGION) -> tuple[Shown, str]:
        """One value and its unit; where nothing was delivered it says so."""
        key = revision.pk if revision else None
        cell = self._cells.get((key, indicator, group))
        if cell is None:
            return NOT_DELIVERED, ""
        if indicator == CASES and group != REGION:  # Hessen less all other regions would be the county exactly
            return WITHHELD, cell.unit
        behind = self._cells.get((key, PEOPLE_BEHIND.get(indicator, NOBODY), group))
        people = behind.value if behind else None
        return shown(cell, self._exactness, people=people, counts_cases=indicator == CASES), cell.unit
