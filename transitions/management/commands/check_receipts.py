"""Whether every released list still says what its receipt proves: `manage.py check_receipts [--json]`."""

import sys
from typing import TypedDict

from kok.errors import Refused
from kok.management.base import KokCommand
from kok.vault import KeyLost
from transitions.inspections import DIFFERENT
from transitions.queries.receipts import check_receipts


class ReceiptsAnswer(TypedDict):
    """How many versions are as they were handed over or lost people since; the receipts of all others."""

    valid: bool
    equal: int
    erased: int
    different: list[str]


class Command(KokCommand):
    """Only reads. Exit code 1 when a list differs from its receipt."""

    help = "Vergleicht jede übermittelte Übergangsliste mit der Prüfsumme ihrer Quittung."
    is_broken = False

    def handle(self, *args: object, **options: object) -> None:
        """Says what it found, and ends with 1 when a list is not what was handed over."""
        super().handle(*args, **options)
        if self.is_broken:
            sys.exit(1)

    def answer(self, **options: object) -> ReceiptsAnswer:
        """Numbers of receipts, no names. Raises Refused without the key."""
        try:
            found = check_receipts()
        except KeyLost as lost:
            raise Refused(f"{lost.sentence} Es wurde nichts geprüft.") from None
        self.is_broken = bool(found.different)
        return {
            "valid": not found.different,
            "equal": found.equal,
            "erased": found.erased,
            "different": list(found.different),
        }

    def tell(self, found: ReceiptsAnswer) -> str:
        """What is equal, what cannot be compared any more, and what differs."""
        equal, erased = found["equal"], found["erased"]
        lines = [
            f"{equal} Fassungen sind ganz, wie ihre Quittung sagt.",
            f"In {erased} Fassungen sind Angaben nach ihrer Frist gelöscht; alles andere ist, wie ihre Quittung sagt.",
            *(DIFFERENT.format(number=number) for number in found["different"]),
        ]
        return "\n".join(lines)
