"""What retention rules are made of: the moment before which something is over, how to name it, how to delete it."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Model, QuerySet

from kok.clock import BERLIN
from kok.durations import Duration
from kok.models import Sealed


def over(today: date, kept: Duration) -> datetime:
    """The moment before which everything has been kept for that long, the day of it included."""
    return datetime.combine(kept.before(today) + timedelta(days=1), time.min, BERLIN)


def settled(today: date) -> date:
    """This day, or that of the database where it is behind: until then its guards keep what is erased by age."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kok_today()")
        day: date = cursor.fetchone()[0]
    return min(today, day)


def deleting(model: type[Model], *below: tuple[type[Model], str]) -> Callable[[Sequence[str], datetime], int]:
    """An `erase` that deletes rows by their number; `below`: what is sealed itself and hangs on them by this field."""

    def delete(ids: Sequence[str], now: datetime) -> int:
        for hanging, field in below:
            hanging._default_manager.filter(**{f"{field}__in": ids}).delete()
        return model._default_manager.filter(pk__in=ids).delete()[1].get(model._meta.label, 0)

    return delete


def pks(rows: QuerySet[Model]) -> Iterator[str]:
    """The keys of rows, as `due` yields them."""
    return (str(pk) for pk in rows.values_list("pk", flat=True))


def standing(model: type[Sealed]) -> Callable[[Collection[str]], Collection[str]]:
    """A `proven` for rows that are sealed themselves and due by nothing else."""

    def proven(ids: Collection[str]) -> Collection[str]:
        return model.sealing.standing(ids)

    return proven


def days_until(model: type[Model], field: str, before: Callable[[date], datetime]) -> Callable[[date], Iterator[str]]:
    """A `due` of whole days instead of numbers, for rows of which nobody needs a list: those whose moment is over."""

    def due(today: date) -> Iterator[str]:
        moments = model._default_manager.filter(**{f"{field}__lt": before(today)}).values_list(field, flat=True)
        return (at.astimezone(BERLIN).date().isoformat() for at in moments)

    return due


def deleting_days(model: type[Model], field: str) -> Callable[[Sequence[str], datetime], int]:
    """An `erase` for `days_until`."""

    def delete(days: Sequence[str], now: datetime) -> int:
        counts: dict[str, int] = model._default_manager.filter(
            **{f"{field}__date__in": days, f"{field}__lt": now}
        ).delete()[1]
        return counts.get(model._meta.label, 0)

    return delete


def midnight(today: date) -> datetime:
    """The beginning of a day in Hessen."""
    return datetime.combine(today, time.min, BERLIN)
