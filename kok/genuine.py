"""What an act starts from was written by the application, or there is no act (ADR 23).

Who only writes to the database puts in a departure and has it taken back, or a recipient and has a list released: the
act would put its seal on what follows. So acts read what they start from here. Pages that only show it do not ask: the
night names each row.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import QuerySet

from kok.errors import Forged
from kok.models import Seal, Sealed
from kok.models.sealed import compared

FORGED = (
    "Hier wurde an der Anwendung vorbei geändert oder eingefügt: {titles}. Es wurde nichts geändert. Sagen Sie es der "
    "Technik und der Prüfung."
)
Row = TypeVar("Row", bound=Sealed)
Chosen = QuerySet[Any]  # of rows that are sealed


def rows(chosen: QuerySet[Row]) -> list[Row]:
    """These rows, each as it was sealed. Raises Forged where one was put in or changed past the application."""
    found = _compared([chosen])
    _refuse(found)
    return [row for row, _ in found]


def check(chosen: Iterable[Chosen]) -> None:
    """Raises Forged, and names what it is, where one of these rows does not stand as it was sealed."""
    _refuse(_compared(chosen))


def stand(chosen: Iterable[Chosen]) -> bool:
    """Whether all these rows stand as they were sealed. Raises KeyLost."""
    return all(seal for _, seal in _compared(chosen))


def _compared(chosen: Iterable[Chosen]) -> list[tuple[Any, Seal | None]]:
    return compared((each.model.sealing, each) for each in chosen)


def _refuse(found: list[tuple[Any, Seal | None]]) -> None:
    if titles := dict.fromkeys(row.sealing.title for row, seal in found if seal is None):
        raise Forged(FORGED.format(titles=", ".join(titles)))
