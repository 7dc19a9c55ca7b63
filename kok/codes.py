"""A state, a kind or a result, once: its code, its German word and the tone of its badge. Pure, so that rules name it.

Models take `choices(MeetingState)`, pages `state.label` and `state.tone`, templates properties such as `is_open`.
"""

from enum import StrEnum
from typing import Self


class Code(StrEnum):
    """A member is `NAME = "CODE", "Wort"` or `NAME = "CODE", "Wort", "success"`; it equals its code."""

    label: str
    tone: str

    def __new__(cls, value: str, label: str = "", tone: str = "neutral") -> Self:
        """A string that knows its word and its tone (one of `kok.templatetags.kok.SIGNS`)."""
        code = str.__new__(cls, value)
        code._value_ = value
        code.label, code.tone = label, tone
        return code


def choices(codes: type[Code]) -> list[tuple[str, str]]:
    """The codes of a model or form field with their words, as plain strings, so that migrations stay readable."""
    return [(code.value, code.label) for code in codes]
