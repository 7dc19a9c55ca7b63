"""Minutes as data: what is circulated becomes text with a checksum, and is read again as it was (ADR 26)."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, time
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from meetings.convening.documents.letterhead import OfficeLetterhead
from meetings.record.documents.content import MinutesDocument

T = TypeVar("T")
Build = Callable[[Any, Any], object]  # of a type, and of what JSON knows of its value


@dataclass(frozen=True)
class Frozen:
    """Everything that a version shows: the document without approvals, the letterhead, and who is asked to approve.

    `partners` are keys and names of the partners, the names as they were.
    """

    document: MinutesDocument
    sender: OfficeLetterhead
    partners: tuple[tuple[int, str], ...]


def written(frozen: Frozen) -> str:
    """Canonical JSON: the same content is always the same text, and so has the same checksum."""
    return json.dumps(asdict(frozen), default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def checksum(content: str) -> str:
    """SHA-256 of the text as UTF-8; the database computes it in the same way."""
    return hashlib.sha256(content.encode()).hexdigest()


def read(content: str) -> Frozen:
    """The reverse of `written`. What an older text does not know yet has its default."""
    return _record(Frozen, json.loads(content))


def _plain(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not stand in minutes")


_fields = cache(get_type_hints)


def _built(kind: object, value: object) -> object:
    """A value of this type from what JSON knows."""
    build: Build = _BY_KIND.get(get_origin(kind) or kind, _record)
    return build(kind, value)


def _record(kind: Callable[..., T], value: Mapping[str, object]) -> T:
    types = _fields(kind)
    return kind(**{name: _built(types[name], value[name]) for name in types.keys() & value.keys()})


def _several(kind: object, values: Sequence[object]) -> tuple[object, ...]:
    """A tuple of as many as there are of one type, or of one type after the other."""
    first, *others = get_args(kind)
    kinds = [first] * len(values) if others == [...] else [first, *others]
    return tuple(_built(each, value) for each, value in zip(kinds, values, strict=True))


def _perhaps(kind: object, value: object) -> object:
    """Something or None."""
    return None if value is None else _built(get_args(kind)[0], value)


def _moment(kind: type[date] | type[time], value: str) -> date | time:
    return kind.fromisoformat(value)


def _as_it_is(_kind: object, value: object) -> object:
    return value


_BY_KIND: Mapping[object, Build] = {
    tuple: _several,
    UnionType: _perhaps,
    date: _moment,
    time: _moment,
    str: _as_it_is,
    int: _as_it_is,
    bool: _as_it_is,
}  # all others are dataclasses
