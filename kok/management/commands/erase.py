"""The retention rules by hand: `manage.py erase [--dry-run] [--reapply [DATEI]] [--json]`."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any, TypedDict

from django.conf import settings
from django.core.management.base import CommandParser

from kok import clock, erasure, words
from kok.errors import Refused
from kok.management.base import KokCommand
from kok.management.files import unreadable

OWN_LIST = True  # `--reapply` without a value
LINES_LEFT = 3  # exit code


class ErasureReport(TypedDict):
    """What a run did; `run` is empty where there was nothing to do again."""

    run: int | None
    dry: bool
    report: list[erasure.ReportLine]
    left: list[str]
    until: datetime | None


class Command(KokCommand[ErasureReport]):
    """The same as the nightly run.

    Exit code 1 when a rule failed or the list could not be written; 3 when all was carried out, and the list is not
    whole: lines were left out, or are missing.
    """

    help = "Löscht, was lange genug aufbewahrt wurde, und berichtet in Zahlen."
    has_failed = has_left = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Dry run, or the list after a restore."""
        super().add_arguments(parser)
        either = parser.add_mutually_exclusive_group()
        either.add_argument("--dry-run", action="store_true", help="nur zählen, nichts löschen")
        either.add_argument(
            "--reapply",
            type=Path,
            nargs="?",
            const=OWN_LIST,
            metavar="DATEI",
            help="nach dem Einspielen einer Sicherung: die Liste nachholen; ohne Angabe die aus KOK_ERASURE_LIST",
        )

    def handle(self, *args: object, **options: object) -> None:
        """Reports, and ends with 1 when something is left to do."""
        super().handle(*args, **options)
        if self.has_failed:
            sys.exit(1)
        if self.has_left:
            sys.exit(LINES_LEFT)

    def answer(self, **options: Any) -> ErasureReport:
        """The report of the run. Raises Refused for a list that cannot be read, and as `require_key`."""
        self.require_key()
        now = clock.now()
        left: tuple[str, ...] = ()
        until = None
        if options["reapply"] is None:
            done = erasure.run(now=now, dry=options["dry_run"])
        else:
            listed = _own_list() if options["reapply"] is OWN_LIST else _lines(options["reapply"])
            if listed is None:
                return {"run": None, "dry": False, "report": [], "left": [], "until": None}
            again = erasure.reapply(listed, now=now)
            done, left, until = again.run, again.left, again.until
        self.has_failed = any(line["failed"] or not line["is_listed"] for line in done.report)
        self.has_left = bool(left)
        return {"run": done.pk, "dry": done.is_dry, "report": done.report, "left": list(left), "until": until}

    def tell(self, found: ErasureReport) -> str:
        """One line for each rule that found something and for lines of the list that were left out, and the sum."""
        if found["run"] is None:
            return (
                f"Die Löschliste {settings.KOK_ERASURE_LIST.absolute()} gibt es nicht, und diese Datenbank weiß von "
                "keiner Löschung: Es gibt nichts nachzuholen. Haben Sie doch eine Liste, nennen Sie sie mit --reapply "
                "und ihrem Pfad."
            )
        data = {rule.slug: rule.data for rule in erasure.rules()}
        told = [
            _sentence(data[line["rule"]], line, dry=found["dry"])
            for line in found["report"]
            if line["due"] or line["failed"]
        ]
        number = sum(line["erased"] for line in found["report"])
        total = "Probelauf: Es wurde nichts gelöscht." if found["dry"] else f"{number} gelöscht."
        told += found["left"]
        if found["until"]:  # a person sees whether it is the newest list: the database cannot know
            told.append(f"Die Löschliste reicht bis zum {words.stamp(found['until'])}.")
        return "\n".join([*told, total])


def _sentence(data: str, line: erasure.ReportLine, *, dry: bool) -> str:
    if line["failed"]:
        return f"{data}: nicht gelungen ({line['failed']}). Der nächste Lauf versucht es erneut."
    told = f"{data}: {line['due']} fällig" + ("" if dry else f", {line['erased']} gelöscht")
    return told if line["is_listed"] else f"{told}; die Löschliste ließ sich nicht schreiben"


def _own_list() -> list[str] | None:
    """The configured list; None where there is none because nothing was ever erased. A list that was named must be."""
    try:
        settings.KOK_ERASURE_LIST.stat()
    except FileNotFoundError:
        if not erasure.has_erased():
            return None
    except OSError:
        pass  # reading says why
    return _lines(settings.KOK_ERASURE_LIST)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii", errors="replace").split("\n")  # a spoilt line hides no other
    except OSError as error:
        raise Refused(f"Die Löschliste {unreadable(path, error)} Es wurde nichts gelöscht.") from None
