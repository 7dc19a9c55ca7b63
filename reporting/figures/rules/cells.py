"""What may stand in one cell, and what is said when it may not."""

import re
from collections.abc import Collection
from dataclasses import dataclass

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


def fault_of(column: FormatColumn, codes: CodeList, text: str) -> Fault | None:
    """What is wrong with a text that is not empty. Whether a day exists is asked elsewhere: see `formats.a_day`."""
    if codes:
        return None if text in codes else Fault("V-F04", _unknown_code(column, text, codes))
    pattern = PATTERNS.get(column.type)
    if pattern:
        return None if re.fullmatch(pattern[0], text, re.ASCII) else Fault("V-F03", _wrong_type(column, text))
    if len(text) > column.length or FORMULA.fullmatch(text):
        return Fault("V-F07", _text_sentence(column, text))
    return None


def meaning_of(column: FormatColumn, codes: CodeList) -> str:
    """What may stand in a column, in words."""
    if codes:
        return "ein Code der Liste"
    if column.type in PATTERNS:
        return PATTERNS[column.type][1]
    return f"Text mit höchstens {column.length} Zeichen"


def told(text: str, codes: Collection[str] = ()) -> str:
    """A cell as a sentence repeats it: one of the codes of its list, any short code or number, else "…".

    Sentences are kept for months although the file is not, and a text may be the name or the birthday of somebody.
    """
    return text if text in codes or SHORT_CODE.fullmatch(text) else "…"


def _wrong_type(column: FormatColumn, text: str) -> str:
    return f"„{told(text)}“ passt nicht in die Spalte {column.title}. Nötig ist {PATTERNS[column.type][1]}."


def _unknown_code(column: FormatColumn, text: str, codes: CodeList) -> str:
    return f"„{told(text)}“ gibt es in der Spalte {column.title} nicht. Möglich sind {', '.join(codes)}."


def _text_sentence(column: FormatColumn, text: str) -> str:
    if len(text) > column.length:
        return f"Der Text hat {len(text)} Zeichen, höchstens {column.length} sind möglich. Kürzen Sie ihn."
    return f"„{told(text)}“ beginnt wie eine Formel. Schreiben Sie den Text ohne {text[0]} am Anfang."
