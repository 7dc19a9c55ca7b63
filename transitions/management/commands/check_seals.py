"""Whether everything that is sealed stands as it was written: `manage.py check_seals [--mail FILE] [--json]`."""

import re
import sys
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from kok import clock
from kok.management.base import KokCommand
from transitions.inspections import whole_check


def a_mail(name: str) -> list[str]:
    """The seals in the file of a saved mail."""
    try:
        found = re.findall(r"\b[0-9a-f]{64}\b", Path(name).read_text(encoding="utf-8", errors="replace"))
    except OSError:
        raise ArgumentTypeError(f"„{name}“ lässt sich nicht lesen.") from None
    if not found:
        raise ArgumentTypeError(f"In „{name}“ steht kein Siegel.")
    return found


class Command(KokCommand):
    """Only reads; the same that the page *Zugriffsprotokoll* checks. Exit code 1 when something was found."""

    help = "Prüft alles Versiegelte und vergleicht die Enden der Ketten mit der Datei außerhalb der Datenbank."
    is_broken = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Adds a mail with ends."""
        super().add_arguments(parser)
        parser.add_argument(
            "--mail", type=a_mail, default=[], metavar="DATEI",
            help="gespeicherte Nachricht „Enden der Ketten“; geprüft wird, dass ihre Siegel noch in den Ketten stehen",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Says what it found, and ends with 1 when something is not as it was written."""
        super().handle(*args, **options)
        if self.is_broken:
            sys.exit(1)

    def answer(self, **options: Any) -> dict[str, Any]:
        """Counts, findings in German, and the newest line of each chain. Raises Refused without the key."""
        found = whole_check(clock.today(), options["mail"])
        self.is_broken = not found.is_intact
        return {
            "valid": found.is_intact,
            "lines": found.log.lines,
            "days": found.log.days,
            "deleted_days": found.log.deleted_days,
            "rows": found.rows,
            "findings": found.findings,
            "file_written_at": found.file_written_at,
            "ends": [
                {"chain": end.chain.title, "day": end.day, "position": end.position, "seal": end.seal}
                for end in found.ends
            ],
        }

    def tell(self, found: dict[str, Any]) -> str:
        """One line for each finding, and the ends in full."""
        at = found["file_written_at"]
        file = f"zuletzt geschrieben am {at:%d.%m.%Y}" if at else "noch nicht geschrieben"
        return "\n".join(
            [
                "Alle Siegel passen." if found["valid"] else "Nicht alles steht so da, wie es geschrieben wurde:",
                *found["findings"],
                (
                    f"{found['lines']} Zeilen des Zugriffsprotokolls an {found['days']} Tagen geprüft; an "
                    f"{found['deleted_days']} Tagen sind sie nach Ablauf der Frist gelöscht."
                ),
                f"{found['rows']} Zeilen von Konten, Rollen, Listen, Protokollen und anderem entsprechen ihrem Siegel.",
                f"Datei mit den Enden der Ketten: {file}.",
                *map(_words, found["ends"]),
            ]
        )


def _words(end: dict[str, Any]) -> str:
    return f"{end['chain']}, {end['day']:%d.%m.%Y}, Zeile {end['position']}: {end['seal']}"
