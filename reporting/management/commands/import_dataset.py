"""Takes figures in: `manage.py import_dataset KOK-8D_06440_2026-12-31_r0_v1.0.0.csv --check --json`."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn, TypedDict

from django.core.management.base import CommandParser
from django.utils.formats import number_format

from kok import clock
from kok.management.base import KokCommand
from kok.management.files import unreadable
from reporting.figures.actions.importing import Checked, FileRefused, check_file, import_file
from reporting.figures.rules.checks import Problem
from reporting.figures.rules.file_limits import LIMITS


class TakenIn(TypedDict):
    """What was stored of a file, or would be: its revision has a name once it is stored."""

    revision: str | None
    rows: int
    warnings: list[dict[str, object]]
    notes: list[dict[str, str]]


class Command(KokCommand):
    """Stores nothing unless all of the file is right. Exit code 1 with every error: row, column, rule, sentence."""

    help = "Prüft eine Datei mit Zahlen nach 8c, 8d oder Punkt 9 und liest sie ein."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, whose it is, and why it corrects another."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="DATEI", help="CSV oder XLSX")
        parser.add_argument("--agreement", metavar="KURZNAME", help="ohne Angabe die Vereinbarung der Region")
        parser.add_argument("--check", action="store_true", help="nur prüfen, nichts speichern")
        parser.add_argument("--reason", metavar="GRUND", help="Grund der Berichtigung, nötig ab Revision 1")

    def answer(self, **options: Any) -> TakenIn:
        """Checks or imports; with errors it says them and ends with code 1."""
        try:
            return self._taken(options)
        except FileRefused as refused:
            self._refuse(refused.checked, as_json=options["json"])

    def _taken(self, options: Mapping[str, Any]) -> TakenIn:
        content, reason = _content_of(options["file"]), options["reason"]
        agreement = self.agreement(options["agreement"]) if options["agreement"] else None
        if options["check"]:
            return _checked(
                check_file(content=content, today=clock.today(), agreement=agreement, correction_reason=reason)
            )
        self.require_key()
        name, now = options["file"].name, clock.now()
        revision = import_file(
            content=content, filename=name, agreement=agreement, correction_reason=reason or "", by=None, now=now
        )
        return {
            "revision": revision.label,
            "rows": revision.row_count,
            "warnings": [{**each, "is_warning": True} for each in revision.warnings],
            "notes": revision.metadata["notes"],
        }

    def tell(self, found: TakenIn) -> str:
        """What was stored, and what is doubtful."""
        done = f"Eingelesen als {found['revision']}" if found["revision"] else "Ohne Fehler geprüft, nichts gespeichert"
        lines = [f"{done}: {found['rows']} Zeilen."]
        lines += [f"Hinweis {_place(each)}" for each in found["warnings"]]
        lines += [f"Anmerkung ({each['rule']}): {each['sentence']}" for each in found["notes"]]
        return "\n".join(lines)

    def _refuse(self, found: Checked, *, as_json: bool) -> NoReturn:
        """Says all that is wrong and ends with code 1: as JSON where it was asked for, else on standard error."""
        problems = [vars(each) for each in found.problems]
        if as_json:
            told = {"problems": problems, "problem_count": found.problem_count, "warnings": _warnings(found)}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            sys.exit(1)
        count = "einen Fehler" if found.problem_count == 1 else f"{_whole(found.problem_count)} Fehler"
        lines = [f"Die Datei hat {count}. Es wurde nichts übernommen.", *(_place(each) for each in problems)]
        if found.problem_count > len(problems):
            lines.append(f"… und {_whole(found.problem_count - len(problems))} weitere.")
        self.stderr.write("\n".join(lines))
        sys.exit(1)


def _whole(count: int) -> str:
    return number_format(count, force_grouping=True)


def _checked(found: Checked) -> TakenIn:
    """What a check without a trace found. Raises FileRefused."""
    if found.problem_count:
        raise FileRefused(found)
    return {"revision": None, "rows": found.rows, "warnings": _warnings(found), "notes": found.notes}


def _warnings(found: Checked) -> list[dict[str, object]]:
    return [vars(each) for each in found.warnings]


def _place(problem: Mapping[str, object]) -> str:
    column = f", Spalte {problem['column']}" if problem["column"] else ""
    return f"Zeile {problem['row']}{column} ({problem['rule']}): {problem['sentence']}"


def _content_of(path: Path) -> bytes:
    """The bytes of a file that is not too large, which is asked before reading. Raises FileRefused."""
    large = (
        f"Die Datei ist größer als {LIMITS.bytes // 1_000_000} Megabyte. Es wurde nichts übernommen. Prüfen Sie, ob es "
        "die richtige ist."
    )
    try:
        if path.stat().st_size > LIMITS.bytes:
            raise _unread(large)
        with path.open("rb") as file:  # a pipe or a device has no size and no end
            return file.read(LIMITS.bytes + 1)
    except OSError as error:
        raise _unread(f"{unreadable(path, error)} Es wurde nichts übernommen.") from None


def _unread(sentence: str) -> FileRefused:
    return FileRefused(Checked(problems=[Problem(1, "", "V-F00", sentence)], problem_count=1))
