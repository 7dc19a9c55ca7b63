"""Seals everything with the newest key: `manage.py rotate_case_keys [--json]`."""

import sys
from collections.abc import Sequence
from typing import TypedDict

from kok import clock
from kok.actions import reseal
from kok.management.base import KokCommand
from kok.vault import key_required


class ResealReport(TypedDict):
    """Counts, and what no key opens."""

    resealed: int
    already_newest: int
    lost: Sequence[str]


class Command(KokCommand[ResealReport]):
    """May be stopped and begun again. Exit code 1 when there is something that no key opens."""

    help = "Versiegelt Falldaten und zweite Faktoren mit dem jeweils ersten Schlüssel in CASE_KEYS und FACTOR_KEYS."
    has_lost = False

    def handle(self, *args: object, **options: object) -> None:
        """Says what it did, and ends with 1 when something stayed shut."""
        super().handle(*args, **options)
        if self.has_lost:
            sys.exit(1)

    def answer(self, **options: object) -> ResealReport:
        """Counts, table and number of what no key opens. Raises Refused when none can be read, and as `require_key`."""
        self.require_key()
        with key_required():
            done = reseal(now=clock.now())
        self.has_lost = bool(done.lost)
        return {"resealed": done.resealed, "already_newest": done.already, "lost": done.lost}

    def tell(self, found: ResealReport) -> str:
        """What was sealed anew, and whether the old key may go."""
        counted = f"{found['resealed']} neu versiegelt, {found['already_newest']} waren es schon."
        if not found["lost"]:
            return f"{counted} Ein bisheriger Schlüssel wird nicht mehr gebraucht. Sicherungen brauchen ihn noch."
        places = "\n".join(f"  {place}" for place in found["lost"])
        return (
            f"{counted} Mit keinem Schlüssel zu öffnen: {len(found['lost'])}. Daran wurde nichts geändert. "
            f"Behalten Sie alle Schlüssel und suchen Sie den fehlenden in der Sicherung:\n{places}"
        )
