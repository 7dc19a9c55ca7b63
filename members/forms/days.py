"""What forms are made of, and a day that somebody types."""

from collections.abc import Mapping, MutableMapping
from datetime import date

from django.core.exceptions import ValidationError

from members.rules.agreement import FIRST_DAY, LAST_DAY

Typed = Mapping[str, object] | None  # what was sent, None where nothing was
Initial = MutableMapping[str, object] | None


def sensible(day: date) -> None:
    """A slip such as 0205 instead of 2025 is told apart from a real day."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(f"Prüfen Sie das Jahr. Möglich ist {FIRST_DAY.year} bis {LAST_DAY.year}.")
