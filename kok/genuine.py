"""What an act starts from was written by the application, or there is no act (ADR 23).

Who only writes to the database puts in a departure and has it taken back, or a recipient and has a list released: the
act would put its seal on what follows. So acts read what they start from here. Pages that only show it do not ask: the
night names each row.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import QuerySet

from kok.errors import Forged
from kok.models import Sealed

FORGED = (
    "Hier wurde an der Anwendung vorbei geändert oder eingefügt: {titles}. Es wurde nichts geändert. Sagen Sie es der "
    "Technik und der Prüfung."
)
Row = TypeVar("Row", bound=Sealed)
Chosen = QuerySet[Any]  # of rows that are sealed


def rows(chosen: QuerySet[Row]) -> list[Row]:
    """These rows, each as it was sealed. Raises Forged where one was put in or changed past the application."""
    found = chosen.model.sealing.compared(chosen)
    if not all(seal for _, seal in found):
        raise Forged(FORGED.format(titles=chosen.model.sealing.title))
    return [row for row, _ in found]


def check(chosen: Iterable[Chosen]) -> None:
    """Raises Forged, and names what it is, where one of these rows does not stand as it was sealed."""
    if titles := [each.model.sealing.title for each in chosen if not _stand(each)]:
        raise Forged(FORGED.format(titles=", ".join(titles)))


def stand(chosen: Iterable[Chosen]) -> bool:
    """Whether all these rows stand as they were sealed. Raises KeyLost."""
    return all(map(_stand, chosen))


def _stand(chosen: Chosen) -> bool:
    return all(seal for _, seal in chosen.model.sealing.compared(chosen))
