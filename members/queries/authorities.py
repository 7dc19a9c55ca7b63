"""Authorities with their values on any day."""

from datetime import date

from members.models import Authority
from members.rules import authorities as rules
from members.rules.authorities import FIELDS, Values


def values_of(authority: Authority) -> dict[str, str]:
    """The values in force, by name."""
    return {name: getattr(authority, name) for name in FIELDS}


def values_on(authority: Authority, day: date) -> Values:
    """Name, address and office of an authority on a day, in one query."""
    return Values(**rules.values_on(values_of(authority), list(authority.changes.all()), day))
