"""Facts as JSON and back: dataclasses of dates, decimals, enumerations and tuples, without losing anything."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import date
from itertools import repeat
from types import UnionType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Thawed = TypeVar("Thawed")


def frozen(facts: "DataclassInstance") -> dict[str, object]:
    """What JSON can hold; dates as `2026-12-31`, decimals as text."""
    found: dict[str, object] = json.loads(json.dumps(asdict(facts), default=str))
    return found


def thawed(kind: type[Thawed], raw: object) -> Thawed:
    """The value of this type that `frozen` was given. A field that is newer than the facts takes its default."""
    shape = dict if is_dataclass(kind) else get_origin(kind) or kind
    found: Thawed = READ.get(shape, READ[object])(kind, raw)
    return found


def _fields(kind: type[Thawed], raw: Mapping[str, object]) -> Thawed:
    hints = get_type_hints(kind)
    return kind(**{name: thawed(hints[name], each) for name, each in raw.items()})


def _optional(kind: type[Thawed], raw: object) -> Thawed | None:
    return None if raw is None else thawed(get_args(kind)[0], raw)


def _tuple(kind: type[Thawed], raw: Iterable[object]) -> tuple[object, ...]:
    kinds = get_args(kind)
    return tuple(map(thawed, repeat(kinds[0]) if Ellipsis in kinds else kinds, raw))


READ: Mapping[object, Callable[..., Any]] = {
    dict: _fields,
    UnionType: _optional,
    tuple: _tuple,
    date: lambda _, raw: date.fromisoformat(raw),
    object: lambda kind, raw: kind(raw),
}
