"""A session of the sealed area, in one browser.

Django's session keeps who, where, a code for the reason, two times and a checksum. What fits the checksum stands in a
second cookie that is sent to pages of the area only: a session read or copied elsewhere opens nothing in here. The code
of the door is kept nowhere, so nothing else opens by it.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from django.conf import settings
from django.http import HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from kok.requests import Request
from transitions.queries.access import Access
from transitions.rules.area import IDLE, LONGEST, LONGEST_WORDS
from transitions.rules.codes import EntryReason

COOKIE = "kok_bereich"
_KEY = "transitions.stay"
STEP = "transitions/step.html"  # the page of one act inside (`kok.step_pages`)
Answer = TypeVar("Answer", bound=HttpResponseBase)


@dataclass(frozen=True)
class AreaSession:
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
    """A request of the sealed area: what `@sealed` sets. At the door itself nobody is inside yet."""

    access: Access
    area_session: AreaSession
    area_secret: str


def posted(request: Request) -> QueryDict | None:
    """What was sent, even if it is nothing at all; None for who came to read."""
    return request.POST if request.method == "POST" else None


def current(request: Request, now: datetime) -> AreaSession | None:
    """That of this person in this agreement, None when there is none or its time is over."""
    last = _last(request)
    if last is None or not _is_running(last, now):
        return None
    return last if constant_time_compare(_checksum(request.COOKIES.get(COOKIE, "")), last.checksum) else None


def go_on(request: Request, area_session: AreaSession, now: datetime) -> AreaSession:
    """Somebody did something: the 15 minutes begin again."""
    return _keep(request, replace(area_session, seen_at=_whole_second(now)))


def change_reason(request: Request, area_session: AreaSession, reason: EntryReason, now: datetime) -> AreaSession:
    """The same goes on for another reason; who calls this logs it first."""
    return _keep(request, replace(area_session, reason=reason, seen_at=_whole_second(now)))


def begin(request: SealedRequest, reason: EntryReason, now: datetime) -> AreaSession:
    """Opens the area; a new key for the session, so that a copied one stays outside. `hand_over` must follow."""
    request.session.cycle_key()
    request.area_secret = secrets.token_urlsafe(32)
    moment = _whole_second(now)
    return _keep(request, AreaSession(reason, moment, moment, _checksum(request.area_secret)))


def hand_over(request: Request, answer: Answer) -> Answer:
    """Gives the browser that has just entered what only it shall have; the same answer."""
    if secret := getattr(request, "area_secret", ""):
        answer.set_cookie(
            COOKIE, secret, path=_path(request), httponly=True, secure=settings.PRODUCTION, samesite="Lax"
        )
    return answer


def end(request: Request, answer: Answer) -> Answer:
    """Closes the area; a new key, so that an answer still under way cannot open it again. The same answer."""
    request.session.pop(_KEY, None)
    request.session.cycle_key()
    answer.delete_cookie(COOKIE, path=_path(request))
    return answer


def last_reason(request: Request) -> str:
    """The reason of the one whose time is over, empty when there was none."""
    last = _last(request)
    return last.reason if last else ""


def is_elsewhere(request: Request, now: datetime) -> bool:
    """Whether this person is inside the area of another agreement: entering here ends that."""
    other = _read(request, is_here=False)
    return other is not None and _is_running(other, now)


def _is_running(area_session: AreaSession, now: datetime) -> bool:
    return area_session.seen_at <= now < area_session.until


def _keep(request: Request, area_session: AreaSession) -> AreaSession:
    request.session[_KEY] = {
        "user": request.user.pk,
        "agreement": request.agreement.pk,
        "reason": str(area_session.reason),
        "entered": area_session.entered_at.timestamp(),
        "seen": area_session.seen_at.timestamp(),
        "checksum": area_session.checksum,
    }
    return area_session


def _last(request: Request) -> AreaSession | None:
    return _read(request, is_here=True)


def _read(request: Request, *, is_here: bool) -> AreaSession | None:
    """What Django's session keeps of this person, of this agreement or of another one."""
    kept = request.session.get(_KEY)
    if not kept or kept["user"] != request.user.pk or (kept["agreement"] == request.agreement.pk) is not is_here:
        return None
    entered, seen = (datetime.fromtimestamp(kept[name], UTC) for name in ("entered", "seen"))
    return AreaSession(EntryReason(kept["reason"]), entered, seen, kept["checksum"])


def _checksum(secret: str) -> str:
    """Without a key: nobody guesses 32 random bytes."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _path(request: Request) -> str:
    """The pages of the area, of this agreement."""
    entrance = reverse("transitions:enter", args=[request.agreement.slug])
    return entrance.rpartition("/")[0] + "/"


def _whole_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
