"""How long the sealed area stays open for somebody: the 15 minutes without an act, and hours in all (domain.md 5.5)."""

from datetime import timedelta

from kok.words import spelled

IDLE_MINUTES = 15
LONGEST_HOURS = 4
IDLE = timedelta(minutes=IDLE_MINUTES)
LONGEST = timedelta(hours=LONGEST_HOURS)

# The same in words, for the door and for the page that is about to close.
IDLE_WORDS = f"{IDLE_MINUTES} Minuten"
LONGEST_WORDS = f"{spelled(LONGEST_HOURS)} Stunden"
