"""How long roles, requests and departures are kept (domain.md 5.5: proposals)."""

from kok.durations import months

ENDED_ROLES = months(12)
REQUESTS = months(12)  # after the decision
DEPARTURES = months(24)  # a year longer than the addresses that are erased by them
