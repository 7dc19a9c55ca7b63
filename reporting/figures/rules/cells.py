"""What may stand in one cell, and what is said when it may not."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

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
class Expected:
    """What may stand in the cells of a column, in words, and the rule and the sentence for what may not."""

    meaning: str
    fits: Callable[[str], object]
    rule: str
    sentence: Callable[[str], str]

    def fault(self, text: str) -> Fault:
        """What is wrong with a text that does not fit."""
        return Fault(self.rule, self.sentence(text))


def expected_of(column: FormatColumn, codes: CodeList) -> Expected:
    """What may stand in the cells of a column. Whether a day exists is asked elsewhere: see `formats.a_day`."""
    if codes:
        return Expected("ein Code der Liste", codes.__contains__, "V-F04", partial(_no_code, column, codes))
    if column.type in PATTERNS:
        pattern, meaning = PATTERNS[column.type]
        return Expected(meaning, re.compile(pattern, re.ASCII).fullmatch, "V-F03", partial(_no_value, column, meaning))
    meaning = f"Text mit höchstens {column.length} Zeichen"
    return Expected(meaning, partial(_is_text, column), "V-F07", partial(_no_text, column))


def _no_code(column: FormatColumn, codes: CodeList, text: str) -> str:
    return f"„{told(text)}“ gibt es in der Spalte {column.title} nicht. Möglich sind {', '.join(codes)}."


def _no_value(column: FormatColumn, meaning: str, text: str) -> str:
    return f"„{told(text)}“ passt nicht in die Spalte {column.title}. Nötig ist {meaning}."


def _is_text(column: FormatColumn, text: str) -> bool:
    return len(text) <= column.length and not FORMULA.fullmatch(text)


def _no_text(column: FormatColumn, text: str) -> str:
    if len(text) > column.length:
        return f"Der Text hat {len(text)} Zeichen, höchstens {column.length} sind möglich. Kürzen Sie ihn."
    return f"„{told(text)}“ beginnt wie eine Formel. Schreiben Sie den Text ohne {text[0]} am Anfang."


def told(text: str, codes: Collection[str] = ()) -> str:
    """A cell as a sentence repeats it: one of the codes of its list, any short code or number, else "…".

    Sentences are kept for months although the file is not, and a text may be the name or the birthday of somebody.
    """
    return text if text in codes or SHORT_CODE.fullmatch(text) else "…"
