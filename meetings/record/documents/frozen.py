"""Minutes as data: what is circulated becomes text with a checksum, and is read again as it was (ADR 26)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, time
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from meetings.convening.documents.letterhead import OfficeLetterhead
from meetings.record.documents.content import MinutesDocument


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
    frozen: Frozen = _built(Frozen, json.loads(content))
    return frozen


@cache
def _types(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _plain(value: Any) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not stand in minutes")


def _built(kind: Any, value: Any) -> Any:
    """A value of this type from what JSON knows."""
    if is_dataclass(kind):
        types = _types(kind)  # type: ignore[arg-type]
        return kind(**{name: _built(of, value[name]) for name, of in types.items() if name in value})  # type: ignore[operator]
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        of_each = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_built(each, part) for each, part in zip(of_each, value, strict=True))
    if get_origin(kind) is UnionType:  # something or None
        return None if value is None else _built(get_args(kind)[0], value)
    return kind.fromisoformat(value) if kind in (date, time) else value
