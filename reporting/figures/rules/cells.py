"""What may stand in one cell, and what is said when it may not."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from reporting.figures.rules.formats import CodeList, ColumnType, FormatColumn

PATTERNS = {
    ColumnType.INT: (r"[0-9]{1,12}", "eine ganze Zahl ohne Punkt und Vorzeichen, zum Beispiel 1250"),
    ColumnType.DECIMAL: (r"-?[0-9]{1,14}(,[0-9]{1,15})?", "eine Zahl mit Komma und ohne Punkt, zum Beispiel 1250,5"),
    ColumnType.SEMVER: (r"[0-9]+\.[0-9]+\.[0-9]+", "eine Fassung wie 1.0.0"),
    ColumnType.DATE: (r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}\.[0-9]{2}\.[0-9]{4}", "ein Tag wie 2026-12-31"),
}
SHORT_CODE = re.compile(r"-?\d{1,7}(?:[.,]\d{1,4})?|[A-Z_]{0,3}\d{1,3}[A-Z]?|[A-Za-z]{1,2}")
FORMULA = re.compile(r"[=+@-](?![\d\s.,/()-]*%?$).*", re.DOTALL)


@dataclass(frozen=True)
class Fault:
    """The rule that a text breaks, and what to do about it."""

    rule: str
    sentence: str


@dataclass(frozen=True)
class Coded:
    """What a column with a list of codes expects."""

    column: FormatColumn
    codes: CodeList
    rule: str = "V-F04"
    sentence: str = "„{value}“ gibt es in der Spalte {title} nicht. Möglich sind {codes}."
    meaning: ClassVar[str] = "ein Code der Liste"

    def fits(self, text: str) -> bool:
        """Whether this may stand there."""
        return text in self.codes

    def fault(self, text: str) -> Fault:
        """What is wrong with something else."""
        words = {"value": told(text), "title": self.column.title, "codes": ", ".join(self.codes)}
        return Fault(self.rule, self.sentence.format(**words))


@dataclass(frozen=True)
class Patterned:
    """What a column of numbers, days or versions expects."""

    column: FormatColumn
    pattern: str
    meaning: str

    def fits(self, text: str) -> bool:
        """Whether this may stand there. Whether a day exists is asked elsewhere: see `formats.a_day`."""
        return re.fullmatch(self.pattern, text, re.ASCII) is not None

    def fault(self, text: str) -> Fault:
        """What is wrong with something else."""
        said = f"„{told(text)}“ passt nicht in die Spalte {self.column.title}. Nötig ist {self.meaning}."
        return Fault("V-F03", said)


@dataclass(frozen=True)
class Free:
    """What a column of text expects: not too much of it, and no formula."""

    column: FormatColumn

    @property
    def meaning(self) -> str:
        """In words."""
        return f"Text mit höchstens {self.column.length} Zeichen"

    def fits(self, text: str) -> bool:
        """Whether this may stand there."""
        return len(text) <= self.column.length and not FORMULA.fullmatch(text)

    def fault(self, text: str) -> Fault:
        """What is wrong with something else."""
        said = f"„{told(text)}“ beginnt wie eine Formel. Schreiben Sie den Text ohne {text[0]} am Anfang."
        if len(text) > self.column.length:
            most = self.column.length
            said = f"Der Text hat {len(text)} Zeichen, höchstens {most} sind möglich. Kürzen Sie ihn."
        return Fault("V-F07", said)


def expected_of(column: FormatColumn, codes: CodeList) -> Coded | Patterned | Free:
    """What may stand in the cells of a column."""
    if codes:
        return Coded(column, codes)
    if column.type in PATTERNS:
        return Patterned(column, *PATTERNS[column.type])
    return Free(column)


def told(text: str, codes: Collection[str] = ()) -> str:
    """A cell as a sentence repeats it: one of the codes of its list, any short code or number, else "…".

    Sentences are kept for months although the file is not, and a text may be the name or the birthday of somebody.
    """
    return text if text in codes or SHORT_CODE.fullmatch(text) else "…"
