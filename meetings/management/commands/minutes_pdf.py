"""The minutes of a meeting as a file: `manage.py minutes_pdf KoK-06440-2026-01 --output FILE`."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from kok import queries
from kok.errors import Refused
from kok.management.base import KokCommand
from meetings.record.documents import minutes as paper
from meetings.record.queries.minutes import numbered
from meetings.record.queries.versions import file_of, newest_of, stage_of


class Command(KokCommand):
    """What was circulated last, else the draft; the finished file where there is one, with the same checksum."""

    help = "Schreibt das Protokoll einer Sitzung als PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        """The number of the meeting and where to write."""
        super().add_arguments(parser)
        parser.add_argument("number", metavar="NUMMER", help="zum Beispiel KoK-06440-2026-01")
        parser.add_argument("--output", type=Path, required=True, metavar="DATEI", help="zum Beispiel protokoll.pdf")

    def answer(self, **options: Any) -> dict[str, Any]:
        """Finds or makes the bytes and writes them."""
        minutes = numbered(options["number"])
        if minutes is None:
            raise Refused(f"Zu {options['number']} gibt es kein Protokoll. Prüfen Sie die Sitzungsnummer.")
        content = _content(minutes)
        output: Path = options["output"]
        try:
            output.write_bytes(content)
        except OSError:
            raise Refused(
                f"{output.absolute()} lässt sich nicht schreiben. Prüfen Sie den Ordner und Ihre Rechte."
            ) from None
        return {"number": options["number"], "state": minutes.state, "output": str(output), "bytes": len(content)}

    def tell(self, found: dict[str, Any]) -> str:
        """One sentence."""
        return f"Das Protokoll {found['number']} steht in {found['output']}."


def _content(minutes: Any) -> bytes:
    version = newest_of(minutes)
    if version is None:
        return paper.render_draft(minutes)
    document = file_of(version, minutes)
    if document is not None and document.is_done:
        return queries.document_content(document)
    return paper.render(version.pk, stage_of(version, minutes))
