"""A night of inspections, as the worker carries it out: one after the other here."""

from datetime import datetime

from kok import clock, inspections, outbox


def inspected(now: datetime) -> None:
    """Every inspection."""
    for slug in inspections.slugs():
        inspections.run(slug, now=now)


def inspected_and_told() -> None:
    """Every inspection by the clock, and the mails that follow."""
    inspected(clock.now())
    outbox.deliver(now=clock.now())
