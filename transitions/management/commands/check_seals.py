"""Whether everything that is sealed stands as it was written: `manage.py check_seals [--mail FILE] [--json]`."""

import re
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypedDict

from django.core.management.base import CommandParser

from kok import clock, words
from kok.errors import Refused
from kok.management.base import KokCommand
from kok.management.files import unreadable
from transitions.inspections import whole_check

END = "{chain}, {when}, Zeile {position}: {seal}"


def _seals_in(path: Path) -> list[str]:
    """The seals in the file of a saved mail. Raises Refused."""
    try:
        found = re.findall(r"\b[0-9a-f]{64}\b", path.read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        raise Refused(f"Die Nachricht {unreadable(path, error)} Es wurde nichts geprüft.") from None
    if not found:
        raise Refused(f"In {path.absolute()} steht kein Siegel. Es wurde nichts geprüft.")
    return found


class EndAnswer(TypedDict):
    """The newest line of a chain."""

    chain: str
    day: date
    position: int
    seal: str


class SealsAnswer(TypedDict):
    """Counts, findings in German, the ends of the chains."""

    valid: bool
    lines: int
    days: int
    deleted_days: int
    rows: int
    findings: list[str]
    file_written_at: datetime | None
    ends: list[EndAnswer]


class Command(KokCommand):
    """Only reads; the same that the page *Zugriffsprotokoll* checks. Exit code 1 when something was found."""

    help = "Prüft alles Versiegelte und vergleicht die Enden der Ketten mit der Datei außerhalb der Datenbank."
    is_broken = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Adds a mail with ends."""
        super().add_arguments(parser)
        parser.add_argument(
            "--mail", type=Path, metavar="DATEI",
            help="gespeicherte Nachricht „Enden der Ketten“; geprüft wird, dass ihre Siegel noch in den Ketten stehen",
        )  # fmt: skip

    def handle(self, *args: object, **options: object) -> None:
        """Says what it found, and ends with 1 when something is not as it was written."""
        super().handle(*args, **options)
        if self.is_broken:
            sys.exit(1)

    def answer(self, **options: Any) -> SealsAnswer:
        """Counts, findings in German, the newest line of each chain. Raises Refused without the key or such a mail."""
        found = whole_check(clock.today(), _seals_in(options["mail"]) if options["mail"] else [])
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

    def tell(self, found: SealsAnswer) -> str:
        """One line for each finding, and the ends in full."""
        at = found["file_written_at"]
        file = f"zuletzt geschrieben am {words.day(at)}" if at else "noch nicht geschrieben"
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
                *(END.format(**end, when=words.day(end["day"])) for end in found["ends"]),
            ]
        )
