"""A stay in the sealed area. The session keeps who, where, a code for the reason and two times, nothing else."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest

from transitions.rules.states import EntryReason

IDLE = timedelta(minutes=15)  # domain.md 5.5: session of 15 minutes
LONGEST = timedelta(hours=4)
_KEY = "transitions.stay"


@dataclass(frozen=True)
class Stay:
    """Somebody is inside, for a reason, until he does nothing for 15 minutes or has stayed for four hours."""

    reason: EntryReason
    entered_at: datetime
    seen_at: datetime

    @property
    def until(self) -> datetime:
        """The moment at which the area closes if nothing happens."""
        return min(self.seen_at + IDLE, self.entered_at + LONGEST)

    @property
    def seconds_left(self) -> int:
        """From the last act to `until`; the page covers itself then."""
        return int((self.until - self.seen_at).total_seconds())


def current(request: Any, now: datetime) -> Stay | None:
    """The stay of this person in this agreement, None when there is none or its time is over."""
    stay = _last(request)
    if stay is None or not stay.seen_at <= now < stay.until:
        return None
    return stay


def go_on(request: Any, stay: Stay, now: datetime) -> Stay:
    """Somebody did something: the 15 minutes begin again."""
    _keep(request, seen := replace(stay, seen_at=_whole_second(now)))
    return seen


def begin(request: Any, reason: EntryReason, now: datetime) -> Stay:
    """Opens the area; a new key for the session, so that a copied one stays outside."""
    request.session.cycle_key()
    _keep(request, stay := Stay(reason, _whole_second(now), _whole_second(now)))
    return stay


def end(request: HttpRequest) -> None:
    """Closes the area; a new key, so that an answer still under way cannot open it again."""
    request.session.pop(_KEY, None)
    request.session.cycle_key()


def last_reason(request: Any) -> str:
    """The reason of the stay whose time is over, empty when there was none."""
    stay = _last(request)
    return stay.reason if stay else ""


def _keep(request: Any, stay: Stay) -> None:
    request.session[_KEY] = {
        "user": request.user.pk,
        "agreement": request.agreement.pk,
        "reason": str(stay.reason),
        "entered": stay.entered_at.timestamp(),
        "seen": stay.seen_at.timestamp(),
    }


def _last(request: Any) -> Stay | None:
    kept = request.session.get(_KEY)
    if not kept or (kept["user"], kept["agreement"]) != (request.user.pk, request.agreement.pk):
        return None
    entered, seen = (datetime.fromtimestamp(kept[name], UTC) for name in ("entered", "seen"))
    return Stay(EntryReason(kept["reason"]), entered, seen)


def _whole_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
