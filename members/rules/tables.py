"""Reads the tables of a TOML document into frozen dataclasses, and names what is wrong by its key path.

Knows types, not agreements. People count from one, so the first `[[partner]]` is `partner[1]`.
All problems of a document are collected before anything is said.
"""

import re
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from kok.errors import first_problem
from kok.lettering import problem_in_label, problem_in_person, tidy

T = TypeVar("T")

WANTED = {
    str: "ein Text in Anführungszeichen",
    int: "eine ganze Zahl ohne Anführungszeichen",
    float: "eine Zahl mit Punkt wie 0.05, ohne Anführungszeichen",
    bool: "true oder false, ohne Anführungszeichen",
    date: "ein Datum in der Form 2022-03-01, ohne Anführungszeichen und ohne Uhrzeit",
    list: "eine Liste in eckigen Klammern oder ein mehrfacher Abschnitt in doppelten eckigen Klammern",
    dict: "ein Abschnitt oder Angaben in geschweiften Klammern",
}
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
CONTROL_OR_BREAK = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
NO_TEXT = "Hier steht kein Text. Bitte tragen Sie ihn ein. Was freiwillig ist, lassen Sie ganz weg."
NO_SIGN = "Der Text enthält ein Zeichen, das hier nicht stehen darf, etwa einen Zeilenumbruch."


@dataclass(frozen=True)
class FileProblem:
    """Something wrong in the file: the key path and a German sentence that says what to do."""

    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}"


def _paragraphs(raw: str) -> str:
    """Lines of a paragraph are joined, an empty line divides paragraphs."""
    parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n", raw))
    return "\n\n".join(filter(None, parts))


@dataclass(frozen=True)
class TextKind:
    """How a text is tidied, which signs it never has, and what its letters must obey, as a sentence that tells them."""

    tidied: Callable[[str], str]
    forbidden: re.Pattern[str]
    problem: Callable[[str], str]


LABEL = TextKind(tidy, CONTROL_OR_BREAK, problem_in_label)
PERSON = TextKind(tidy, CONTROL_OR_BREAK, problem_in_person)
PROSE = TextKind(_paragraphs, CONTROL, lambda _: "")


@dataclass(frozen=True)
class ValueLimits:
    """What a value must obey besides its type; `meaning` says the pattern in German."""

    lowest: int | float | date | None = None  # together with `highest`
    highest: int | float | date | None = None
    longest: int = sys.maxsize
    pattern: str = r"(?s:.*)"
    meaning: str = ""
    text: TextKind = LABEL


Prose = Annotated[str, ValueLimits(text=PROSE)]
NO_LIMITS = ValueLimits()


@cache
def _hints(kind: type) -> Mapping[str, object]:
    return get_type_hints(kind, include_extras=True)


class Reader:
    """Collects the problems of one document."""

    def __init__(self) -> None:
        self.problems: list[FileProblem] = []

    def say(self, path: str, sentence: str) -> None:
        """Notes a problem."""
        self.problems.append(FileProblem(path, sentence))

    def table(self, kind: type[T], raw: object, path: str = "") -> T | None:
        """The table as `kind`, or None when something in it is wrong."""
        if not isinstance(raw, Mapping):
            self._wrong_type(raw, dict, path)
            return None
        shape: Any = kind
        known = {str(item.metadata.get("key", item.name)): item for item in fields(shape)}
        before = len(self.problems)
        self._refuse_unknown(raw, known, path)
        hints = _hints(shape)
        values = {
            item.name: self._value(hints[item.name], raw[key], _join(path, key))
            for key, item in known.items()
            if self._is_given(raw, key, item, path)
        }
        return kind(**values) if len(self.problems) == before else None

    def _is_given(self, raw: Mapping[str, object], key: str, item: Field[object], path: str) -> bool:
        if key not in raw and item.default is MISSING:
            self.say(_join(path, key), "Diese Angabe fehlt. Bitte tragen Sie sie ein.")
        return key in raw

    def _refuse_unknown(self, raw: Mapping[str, object], known: Collection[str], path: str) -> None:
        free = set(known) - raw.keys()
        for key in raw:
            if key not in known:
                near = get_close_matches(key, list(free), n=1) or get_close_matches(key, list(known), n=1)
                advice = f"Meinten Sie „{near[0]}“?" if near else f"Möglich sind: {', '.join(known)}."
                self.say(_join(path, _short(key)), f"Diese Angabe ist hier nicht bekannt. {advice}")

    def _value(self, hint: object, raw: object, path: str) -> object:
        wanted, limits = _unwrap(hint)
        if get_origin(wanted) is tuple:
            return self._list(get_args(wanted)[0], raw, path)
        if isinstance(wanted, type) and is_dataclass(wanted):
            return self.table(wanted, raw, path)
        if issubclass(wanted, StrEnum):
            return self._choice(wanted, raw, path)
        if type(raw) is not wanted:  # exactly: a bool is no number, a moment no day
            self._wrong_type(raw, wanted, path)
        elif isinstance(raw, str):
            return self._text(raw, limits, path)
        else:
            self._check_range(raw, limits, path)
        return raw

    def _list(self, hint: object, raw: object, path: str) -> tuple[object, ...]:
        if not isinstance(raw, list):
            self._wrong_type(raw, list, path)
            return ()
        if not raw:
            self.say(path, "Diese Liste ist leer. Bitte tragen Sie mindestens einen Eintrag ein.")
        return tuple(self._value(hint, item, f"{path}[{n}]") for n, item in enumerate(raw, start=1))

    def _choice(self, kinds: type[StrEnum], raw: object, path: str) -> StrEnum | None:
        if not isinstance(raw, str):
            self._wrong_type(raw, str, path)
        elif raw in list(kinds):
            return kinds(raw)
        else:
            self.say(path, f"„{_short(raw)}“ gibt es hier nicht. Möglich sind: {', '.join(kinds)}.")
        return None

    def _text(self, raw: str, limits: ValueLimits, path: str) -> str:
        text = limits.text.tidied(raw)
        told = limits.text.problem(text)
        problem = first_problem(
            (not text, NO_TEXT),
            (limits.text.forbidden.search(text), NO_SIGN),
            (told, told),
            (len(text) > limits.longest, f"Der Text hat {len(text)} Zeichen. Erlaubt sind höchstens {limits.longest}."),
            (not re.fullmatch(limits.pattern, text), f"„{_short(text)}“ passt hier nicht. Nötig: {limits.meaning}."),
        )
        if problem:
            self.say(path, problem)
        return text

    def _check_range(self, raw: Any, limits: ValueLimits, path: str) -> None:
        if limits.lowest is not None and not limits.lowest <= raw <= limits.highest:
            self.say(path, f"Dieser Wert kann nicht stimmen. Erlaubt ist {limits.lowest} bis {limits.highest}.")

    def _wrong_type(self, raw: object, wanted: type, path: str) -> None:
        self.say(path, f"Hier steht {_name(raw)}, nötig ist {WANTED[wanted]}.")


def _join(path: str, key: str) -> str:
    return ".".join(filter(None, (path, key)))


def _unwrap(hint: object) -> tuple[Any, ValueLimits]:
    """The bare type and its limits: of `Annotated[str, ValueLimits(...)] | None` it is `str`."""
    if NoneType in get_args(hint):
        [hint] = {*get_args(hint)} - {NoneType}
    if get_origin(hint) is Annotated:
        return get_args(hint)[0], get_args(hint)[1]
    return hint, NO_LIMITS


def _short(text: str) -> str:
    clean = " ".join(CONTROL.sub("", text).split())
    return clean if len(clean) <= 40 else f"{clean[:39]}…"


def _name(raw: object) -> str:
    names = {
        str: "ein Text",
        bool: "ein Wahrheitswert",
        int: "eine ganze Zahl",
        date: "ein Datum",
        list: "eine Liste",
        dict: "ein Abschnitt",
    }
    return names.get(type(raw), "ein anderer Wert")
