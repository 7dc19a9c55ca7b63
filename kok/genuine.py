"""What an act starts from was written by the application, or there is no act (ADR 23).

Who only writes to the database puts in a departure and has it taken back, or a recipient and has a list released: the
act would put its seal on what follows. So acts read what they start from here. Pages that only show it do not ask: the
night names each row.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import QuerySet

from kok.errors import Forged
from kok.models import Seal, Sealed, Sealing
from kok.models.sealing import compared

FORGED = (
    "Hier wurde an der Anwendung vorbei geändert oder eingefügt: {titles}. Es wurde nichts geändert. Sagen Sie es der "
    "Technik und der Prüfung."
)
MOST_NAMED = 3
Row = TypeVar("Row", bound=Sealed)
Chosen = QuerySet[Sealed]  # of rows that are sealed


def rows(chosen: QuerySet[Row]) -> list[Row]:
    """These rows, each as it was sealed. Raises Forged where one was put in or changed past the application."""
    found = _compared([chosen])
    _refuse(found)
    return [row for row, _ in found]


def check(chosen: Iterable[Chosen]) -> None:
    """Raises Forged, and names what it is, where one of these rows does not stand as it was sealed."""
    _refuse(_compared(chosen))


def check_unchanged(chosen: Iterable[Chosen]) -> None:
    """Raises Forged where one of these rows says something else than was sealed last: what it said is missed.

    One that was put in stops nobody who does not start from it. A query more for each kind of which some do not stand.
    """
    others: dict[Sealing, list[object]] = {}
    for row, seal in _compared(chosen):
        if seal is None:
            others.setdefault(row.sealing, []).append(row.pk)
    if titles := [sealing.title for sealing, numbers in others.items() if sealing.changed(numbers)]:
        raise Forged(FORGED.format(titles=", ".join(titles)))


def tampered(*starting: Sealed) -> list[Sealed]:
    """Of these rows those that do not stand, in two queries for each kind. Raises KeyLost."""
    of_kind: dict[Sealing, list[Sealed]] = {}
    for row in starting:
        of_kind.setdefault(row.sealing, []).append(row)
    right = {sealing: sealing.standing({row.pk for row in found}) for sealing, found in of_kind.items()}
    return [row for row in starting if str(row.pk) not in right[row.sealing]]


def check_standing(*starting: Sealed) -> None:
    """Raises Forged, and names them, where an act would start from rows that do not stand.

    What such a row says would go on into what the act writes, under a seal that fits. So every act asks for all that
    it starts from: the row that it changes, what that hangs on, and what it copies.
    """
    if found := tampered(*starting):
        raise Forged(tampered_words(found))


def tampered_words(found: Iterable[Sealed]) -> str:
    """Which rows, the first of many, and who must look; no people."""
    names = list(dict.fromkeys(f"{row.sealing.title} {row.called}" for row in found))
    more = [f"{len(names) - MOST_NAMED} weitere"] if len(names) > MOST_NAMED else []
    return FORGED.format(titles=", ".join([*names[:MOST_NAMED], *more]))


def stand(chosen: Iterable[Chosen]) -> bool:
    """Whether all these rows stand as they were sealed. Raises KeyLost."""
    return all(seal for _, seal in _compared(chosen))


def _compared(chosen: Iterable[Chosen]) -> list[tuple[Any, Seal | None]]:
    return compared((each.model.sealing, each) for each in chosen)


def _refuse(found: Iterable[tuple[Sealed, Seal | None]]) -> None:
    if titles := dict.fromkeys(row.sealing.title for row, seal in found if seal is None):
        raise Forged(FORGED.format(titles=", ".join(titles)))
