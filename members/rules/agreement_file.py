"""Reads an agreement file: readable TOML, one per agreement, checked as a whole before anything is stored."""

import re
import tomllib
from collections.abc import Sequence

from kok.errors import Refused
from members.rules.agreement import AgreementFile
from members.rules.consistency import problems_in
from members.rules.tables import FileProblem, Reader

__all__ = ["AgreementFile", "AgreementFileWrong", "parse"]


class AgreementFileWrong(Refused):
    """The file cannot be loaded; `problems` are all that were found, each with its key path or line."""

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        self.problems = tuple(problems)
        told = "\n".join(map(str, problems))
        super().__init__(f"Die Datei der Vereinbarung wurde nicht geladen, es wurde nichts geändert.\n{told}")


def parse(text: str) -> AgreementFile:
    """The agreement that the file describes.

    Raises AgreementFileWrong with a line for every problem: the key path, counted from one (`partner[1].address`
    is the address of the first partner), or the line and column where the file is no TOML.
    """
    raw = _tables(text)
    reader = Reader()
    found = reader.table(AgreementFile, raw)
    problems = reader.problems if found is None else list(problems_in(found))
    if found is None or problems:
        raise AgreementFileWrong(problems)
    return found


def _tables(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))  # which Windows editors put in front
    except (ValueError, RecursionError) as error:
        raise AgreementFileWrong([FileProblem(_place(str(error), text), SYNTAX)]) from None


SYNTAX = (
    "Ab hier lässt sich die Datei nicht lesen. Häufig fehlt ein Anführungszeichen oder eine Klammer, "
    "ein Datum gibt es nicht, oder eine Angabe steht doppelt. Bitte prüfen Sie diese Zeile und die davor."
)


def _place(message: str, text: str) -> str:
    """tomllib names the place inside its English message."""
    found = re.search(r"at line (\d+), column (\d+)", message)
    if found:
        return f"Zeile {found[1]}, Spalte {found[2]}"
    return f"Zeile {max(len(text.splitlines()), 1)}"
