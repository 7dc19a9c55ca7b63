"""A day that somebody types."""

from datetime import date

from django.core.exceptions import ValidationError

EARLIEST = date(2000, 1, 1)
LATEST = date(2100, 12, 31)


def sensible(day: date) -> None:
    """A slip such as 0205 instead of 2025 is told apart from a real day."""
    if not EARLIEST <= day <= LATEST:
        raise ValidationError("Prüfen Sie das Jahr. Möglich ist 2000 bis 2100.")
