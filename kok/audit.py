"""The trail of acts: one line to write, append-only in the database.

Where values change, the line says which: with what stood there before and after where the model declares the field
`plain` (`kok.privacy`), and of any other only that it changed.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time

from django.contrib.auth.models import AnonymousUser
from django.db.models import Field, Model, QuerySet

from kok import privacy, words
from kok.by_class import Classes, of_class
from kok.models import AuditEvent, User
from kok.models.seal_lines import batches
from kok.models.seals import BATCH
from kok.readable import by_number
from kok.vocabulary import ACTS

LONGEST = 500  # characters of all values of a line
BUREAUCRACY = frozenset({"id", "revision", "calendar_sequence"})  # counts along, tells nothing

Values = Mapping[str, object]
Change = tuple[str, str]


def values_of(row: Model) -> dict[str, object]:
    """What stands in a row now, for `changes` once it has changed."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def record(
    *,
    by: User | AnonymousUser | None,
    action: str,
    obj: Model | None = None,
    agreement: str = "",
    note: str = "",
    change: Change = ("", ""),
    now: datetime,
) -> None:
    """Writes down who did what to which object. `by=None` is the application itself; `note` names no person.

    `change` is what stood there before and after: of `changes`, or in words of its own that name no person either.
    """
    old, new = change
    AuditEvent.objects.create(
        at=now,
        actor_id=by.pk if by else None,
        actor=by.get_username() if by else "",
        action=ACTS.known(action),
        agreement=agreement,
        object_kind=obj._meta.label if obj else "",
        object_id=str(obj.pk) if obj else "",
        note=note,
        old=_short(old),
        new=_short(new),
    )


def newest(
    *actions: str, of: Model | None = None, since: datetime | None = None, until: datetime | None = None
) -> tuple[AuditEvent | None, bool]:
    """The newest line of these acts that the application wrote, and whether one stands before it that it did not write.

    Everybody who may act may add to the trail, and who has the database adds any words he likes: what goes on from a
    line of the trail asks here. Raises KeyLost.
    """
    lines = _lines(*actions, of=of, since=since, until=until)
    first = lines.values_list("pk", flat=True).first()
    event = next(_ours(lines), None) if first else None
    return event, first != (event.pk if event else None)


def count(*actions: str, of: Model, since: datetime) -> int:
    """How many lines of these acts on an object the application wrote since then. Raises KeyLost."""
    return sum(1 for _ in _ours(_lines(*actions, of=of, since=since)))


def _lines(
    *actions: str, of: Model | None = None, since: datetime | None = None, until: datetime | None = None
) -> QuerySet[AuditEvent]:
    lines = AuditEvent.objects.filter(action__in=actions).order_by("-at", "-pk")
    if of:
        lines = lines.filter(object_kind=of._meta.label, object_id=str(of.pk))
    if since:
        lines = lines.filter(at__gt=since)
    return lines.filter(at__lte=until) if until else lines


def _ours(lines: QuerySet[AuditEvent]) -> Iterator[AuditEvent]:
    """Of these those that the application wrote, in their order; however many somebody puts in. Raises KeyLost."""
    sealing = AuditEvent.sealing
    for numbers in batches(lines.values_list("pk", flat=True).iterator(chunk_size=BATCH), BATCH):
        found = by_number(lines, sealing.begun(numbers))
        standing = sealing.standing(found)
        yield from (event for number, event in found.items() if str(number) in standing)


def changes(row: Model, before: Values) -> Change:
    """What changed, before and after: `Tag: 12.05.2027; Ort: Friedberg`; of a field that is not plain only its name."""
    groups, old, new = privacy.declared(type(row)), [], []
    for field in row._meta.concrete_fields:
        was, is_now = before.get(field.attname), getattr(row, field.attname)
        if was == is_now or field.name in BUREAUCRACY:
            continue
        title = str(field.verbose_name)
        if groups.get(field.name) == "plain":
            old.append(f"{title}: {_text(field, was)}")
            new.append(f"{title}: {_text(field, is_now)}")
        else:
            new.append(f"{title} geändert")
    return "; ".join(old), "; ".join(new)


_WRITTEN: tuple[tuple[Classes, Callable[..., str]], ...] = (
    (bool, lambda value: "ja" if value else "nein"),
    (datetime, lambda value: f"{words.day(value)} {words.hour(value)}"),
    (date, words.day),
    (time, words.hour),
    ((list, dict), lambda value: f"{len(value)} Angaben"),
    (object, str),
)


def _text(field: Field, value: object) -> str:
    if value in (None, ""):
        return "–"
    if related := field.related_model:
        return str(related._base_manager.filter(pk=value).first() or value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return of_class(value, _WRITTEN)(value)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
