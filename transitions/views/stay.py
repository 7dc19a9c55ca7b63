"""A stay in the sealed area, of one browser.

The session keeps who, where, a code for the reason, two times and a checksum. What fits the checksum stands in a second
cookie that is sent to pages of the area only: a session read or copied elsewhere opens nothing in here. The code of the
door is kept nowhere, so nothing else opens by it.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from kok.requests import Request
from transitions.queries.access import Access
from transitions.rules.area import IDLE, LONGEST, LONGEST_WORDS
from transitions.rules.codes import EntryReason

COOKIE = "kok_bereich"
_KEY = "transitions.stay"
Answer = TypeVar("Answer", bound=HttpResponseBase)


@dataclass(frozen=True)
class Stay:
    """Somebody is inside, for a reason, until he does nothing for 15 minutes or has stayed for four hours."""

    reason: EntryReason
    entered_at: datetime
    seen_at: datetime
    checksum: str  # of what only the browser has that entered

    @property
    def until(self) -> datetime:
        """The moment at which the area closes if nothing happens."""
        return min(self.seen_at + IDLE, self.entered_at + LONGEST)

    @property
    def longest(self) -> str:
        """For how long somebody may stay whatever he does, in words."""
        return LONGEST_WORDS

    @property
    def seconds_left(self) -> int:
        """From the last act to `until`; the page covers itself then."""
        return int((self.until - self.seen_at).total_seconds())


class SealedRequest(Request):
    """A request inside the sealed area: what `@sealed` sets."""

    access: Access
    stay: Stay
    area_secret: str


def current(request: Any, now: datetime) -> Stay | None:
    """The stay of this person in this agreement, None when there is none or its time is over."""
    stay = _last(request)
    if stay is None or not stay.seen_at <= now < stay.until:
        return None
    return stay if constant_time_compare(_checksum(request.COOKIES.get(COOKIE, "")), stay.checksum) else None


def go_on(request: Any, stay: Stay, now: datetime) -> Stay:
    """Somebody did something: the 15 minutes begin again."""
    _keep(request, seen := replace(stay, seen_at=_whole_second(now)))
    return seen


def change_reason(request: Any, stay: Stay, reason: EntryReason, now: datetime) -> Stay:
    """The same stay goes on for another reason; who calls this logs it first."""
    _keep(request, stay := replace(stay, reason=reason, seen_at=_whole_second(now)))
    return stay


def begin(request: Any, reason: EntryReason, now: datetime) -> Stay:
    """Opens the area; a new key for the session, so that a copied one stays outside. `hand_over` must follow."""
    request.session.cycle_key()
    request.area_secret = secrets.token_urlsafe(32)
    moment = _whole_second(now)
    _keep(request, stay := Stay(reason, moment, moment, _checksum(request.area_secret)))
    return stay


def hand_over(request: Any, answer: Answer) -> Answer:
    """Gives the browser that has just entered what only it shall have; the same answer."""
    if secret := getattr(request, "area_secret", ""):
        answer.set_cookie(
            COOKIE, secret, path=_path(request), httponly=True, secure=settings.PRODUCTION, samesite="Lax"
        )
    return answer


def end(request: HttpRequest, answer: Answer) -> Answer:
    """Closes the area; a new key, so that an answer still under way cannot open it again. The same answer."""
    request.session.pop(_KEY, None)
    request.session.cycle_key()
    answer.delete_cookie(COOKIE, path=_path(request))
    return answer


def last_reason(request: Any) -> str:
    """The reason of the stay whose time is over, empty when there was none."""
    stay = _last(request)
    return stay.reason if stay else ""


def is_elsewhere(request: Any, now: datetime) -> bool:
    """Whether this person is inside the area of another agreement: entering here ends that."""
    kept = request.session.get(_KEY)
    stay = _read(request, kept) if kept and kept["agreement"] != request.agreement.pk else None
    return stay is not None and stay.seen_at <= now < stay.until


def _keep(request: Any, stay: Stay) -> None:
    request.session[_KEY] = {
        "user": request.user.pk,
        "agreement": request.agreement.pk,
        "reason": str(stay.reason),
        "entered": stay.entered_at.timestamp(),
        "seen": stay.seen_at.timestamp(),
        "checksum": stay.checksum,
    }


def _last(request: Any) -> Stay | None:
    kept = request.session.get(_KEY)
    return _read(request, kept) if kept and kept["agreement"] == request.agreement.pk else None


def _read(request: Any, kept: Any) -> Stay | None:
    if kept["user"] != request.user.pk:
        return None
    entered, seen = (datetime.fromtimestamp(kept[name], UTC) for name in ("entered", "seen"))
    return Stay(EntryReason(kept["reason"]), entered, seen, kept["checksum"])


def _checksum(secret: str) -> str:
    """Without a key: nobody guesses 32 random bytes."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _path(request: Any) -> str:
    """The pages of the area, of this agreement."""
    entrance = reverse("transitions:enter", args=[request.agreement.slug])
    return entrance.rpartition("/")[0] + "/"


def _whole_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
