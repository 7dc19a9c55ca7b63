"""How long meetings are kept (domain.md 5.5)."""

from kok.durations import years

MEETINGS = years(10)  # own
