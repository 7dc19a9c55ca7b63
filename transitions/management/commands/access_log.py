"""Whether the access log stands as it was written: `manage.py access_log [--since SEAL …] [--json]`."""

import re
import sys
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import CommandParser

from kok import chain_ends, clock
from kok.chains import NO_KEY, OTHER_KEY
from kok.errors import Refused
from kok.management.base import KokCommand
from kok.vault import KeyLost
from transitions.queries.log_check import LogCheck, check_log

SEAL_GONE = (
    "Das Siegel {seal} einer früheren Prüfung fehlt: Das Ende des Protokolls wurde abgeschnitten, oder die Zeile ist "
    "nach ihrer Frist gelöscht."
)


def a_seal(text: str) -> str:
    """An argument as the command prints it: 64 characters."""
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise ArgumentTypeError(f"„{text}“ ist kein Siegel: 64 Zeichen, 0 bis 9 und a bis f.")
    return text


class Command(KokCommand):
    """Only reads. Exit code 1 when a line is not as it was written."""

    help = "Prüft das Zugriffsprotokoll der Übergangslisten: jede Zeile, jeden Tag, beide Ketten."
    is_broken = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Adds the ends of an earlier check."""
        super().add_arguments(parser)
        parser.add_argument(
            "--since", nargs="+", type=a_seal, default=[], metavar="SIEGEL",
            help="letzte Siegel einer früheren Prüfung; geprüft wird, dass sie noch im Protokoll stehen",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Says what it found, and ends with 1 when that is not what was written."""
        super().handle(*args, **options)
        if self.is_broken:
            sys.exit(1)

    def answer(self, **options: Any) -> dict[str, Any]:
        """Counts, findings, and the newest line of each chain. Raises Refused without a key or with another one."""
        try:
            found = check_log(clock.today())
        except KeyLost:
            raise Refused(NO_KEY) from None
        if found.is_other_key:
            raise Refused(OTHER_KEY)
        gone = chain_ends.unknown(options["since"])
        self.is_broken = bool(gone) or not found.is_intact
        return _as_dict(found, gone)

    def tell(self, found: dict[str, Any]) -> str:
        """One line for each finding, and the ends to compare with the next check."""
        lines, days, deleted = found["lines"], found["days"], found["deleted_days"]
        return "\n".join(
            [
                "Alle Siegel passen." if found["valid"] else "Das Protokoll steht nicht mehr so da, wie geschrieben:",
                *(f"{_words(each)}: {each['finding']}" for each in found["findings"]),
                *(SEAL_GONE.format(seal=seal) for seal in found["seals_gone"]),
                f"{lines} Zeilen an {days} Tagen geprüft; an {deleted} Tagen sind sie nach Ablauf der Frist gelöscht.",
                *(f"Letzte Zeile {_words(each)}, Siegel {each['seal']}" for each in found["ends"]),
            ]
        )


def _words(place: dict[str, Any]) -> str:
    """`READ 17.11.2026, Stelle 3`."""
    position = f"Stelle {place['position']}" if place["position"] else "ganzer Tag"
    return f"{place['chain']} {place['day']:%d.%m.%Y}, {position}"


def _as_dict(found: LogCheck, gone: list[str]) -> dict[str, Any]:
    return {
        "valid": found.is_intact and not gone,
        "lines": found.lines,
        "days": found.days,
        "deleted_days": found.deleted_days,
        "findings": [
            {"chain": each.chain.code, "day": each.day, "position": each.position, "finding": each.sentence}
            for each in found.findings
        ],
        "seals_gone": gone,
        "ends": [
            {"chain": each.chain.code, "day": each.day, "position": each.position, "seal": each.seal}
            for each in found.ends
        ],
    }
