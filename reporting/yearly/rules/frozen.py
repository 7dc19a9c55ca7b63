"""Facts as JSON and back: dataclasses of dates, decimals, enumerations and tuples, without losing anything."""

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints


def frozen(value: Any) -> Any:
    """What JSON can hold; dates as `2026-12-31`, decimals as text."""
    if is_dataclass(value):
        return {each.name: frozen(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [frozen(each) for each in value]
    return str(value) if isinstance(value, date | Decimal | StrEnum) else value


def thawed(kind: Any, raw: Any) -> Any:
    """The value of this type that `frozen` was given. A field that is newer than the facts takes its default."""
    if get_origin(kind) is UnionType:
        return None if raw is None else thawed(get_args(kind)[0], raw)
    if get_origin(kind) is tuple:
        return _tuple(get_args(kind), raw)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: thawed(hints[name], each) for name, each in raw.items()})  # type: ignore[operator]
    if kind is date:
        return date.fromisoformat(raw)
    return kind(raw)


def _tuple(kinds: tuple[Any, ...], raw: list[Any]) -> tuple[Any, ...]:
    if kinds[-1] is Ellipsis:
        return tuple(thawed(kinds[0], each) for each in raw)
    return tuple(thawed(kind, each) for kind, each in zip(kinds, raw, strict=True))
