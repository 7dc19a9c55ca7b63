"""Loads an agreement from a file: `manage.py load_agreement agreements/wetterau-2022.toml`."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from kok import clock
from kok.errors import Refused
from kok.management.base import KokCommand
from kok.management.files import unreadable
from members import actions
from members.queries.agreement import last_amendment
from members.rules.agreement_file import parse


class Command(KokCommand):
    """Twice without change; a file with a problem changes nothing and names the place."""

    help = "Lädt eine Kooperationsvereinbarung aus einer Datei."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="DATEI", help="zum Beispiel agreements/wetterau-2022.toml")

    def answer(self, **options: Any) -> dict[str, str]:
        """Reads, checks and stores."""
        file = parse(_text_of(options["file"]))
        loading = actions.load_agreement(
            file=file, by=None, now=clock.now(), original=_original_beside(options["file"])
        )
        found = {"agreement": file.agreement.slug, "region": file.agreement.region, "result": loading.name.lower()}
        if loading is actions.Loading.AMENDED:
            found["before"], found["after"] = last_amendment(file.agreement.slug)
        return found

    def tell(self, found: dict[str, str]) -> str:
        """One sentence, and of a stored agreement what another file changed."""
        told = f"Die Vereinbarung {found['region']} ist {actions.Loading[found['result'].upper()]}."
        if "after" not in found:
            return told
        return (
            f"{told}\nBisher: {found['before'] or '–'}\nJetzt: {found['after'] or '–'}\n"
            "Das gilt sofort und auch für die vergangenen Jahre. Sitze und ihre Besetzung bleiben, wie sie in der "
            "Anwendung stehen."
        )


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{unreadable(path, error)} Es wurde nichts geändert.") from None


def _original_beside(path: Path) -> actions.Original | None:
    """The unchanged wording lies beside the file under the same name: `wetterau-2022.txt`."""
    beside = path.with_suffix(".txt")
    try:
        return actions.Original(beside.name, beside.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Refused(f"{unreadable(beside, error)} Es wurde nichts geändert.") from None
