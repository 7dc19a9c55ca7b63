"""Sessions of our own (SESSION_ENGINE): found by a checksum of their key, listed and ended by whoever they belong to.

Who reads the table, a dump or a replica learns no key, and nothing of what a session holds: allauth keeps live links
and new secrets there. It is JSON, sealed with a key that follows from the one in the cookie and SECRET_KEY, so that a
copy in another row is worth nothing either. Nothing is ever unpickled.
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.crypto import get_random_string, salted_hmac

from kok import audit, clock
from kok.models import AccountSession, User
from kok.statements import Kept

_BY_HASH = Kept(lambda key_hash: AccountSession.objects.filter(key_hash=key_hash).order_by(), str)
FRESH = timedelta(minutes=10)  # so exactly is known when a session was last used; else each page would write


def _hash_of(key: str | None) -> str:
    """Without a secret: a key is 32 random characters, which nobody guesses."""
    return hashlib.sha256((key or "").encode()).hexdigest()


def _lock(key: str) -> Fernet:
    """What seals one session and no other; neither of the two secrets it takes stands in the database."""
    return Fernet(urlsafe_b64encode(salted_hmac("kok.sessions", key, algorithm="sha256").digest()))


def opened(row: AccountSession, key: str, lasts: timedelta) -> dict[str, object]:
    """What the session with this key holds; nothing where the row was not sealed for it, or longer ago than it lasts.

    The moment stands under the seal: who puts a row of long ago back, or moves its end, opens nothing.
    """
    try:
        now, ttl = int(clock.machine_seconds()), int(lasts.total_seconds())
        held: dict[str, object] = json.loads(_lock(key).decrypt_at_time(row.data.encode(), ttl, now))
    except InvalidToken:
        return {}
    return held


class SessionStore(SessionBase):
    """One session, as Django's middleware uses it.

    It lives on while somebody works: after `FRESH` the next page extends it. What a page asks by itself does not. How
    long it lasts counts by the clock of the machine, what people read of it by ours.
    """

    is_used = True  # by somebody; False for a request that a page sends by itself (`kok.middleware.ByItself`)

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.device = ""
        self.began_at: datetime | None = None

    def note_sign_in(self, device: str) -> None:
        """From now on somebody is signed in with this device."""
        self.device, self.began_at = device, clock.now()
        self.modified = True

    def load(self) -> dict[str, object]:
        """What the session holds; nothing when it is unknown or over."""
        now = clock.machine_now()
        key = self.session_key or ""
        row = next(iter(_BY_HASH(_hash_of(key))), None)
        if row is None or row.expires_at <= now:
            self._session_key = None
            return {}
        self.device, self.began_at = row.device, row.began_at
        if self.is_used and row.expires_at < now + self._lasts() - FRESH:
            self.modified = True
        return opened(row, key, self._lasts())

    def exists(self, session_key: str) -> bool:
        """Whether there is a session with this key."""
        return AccountSession.objects.filter(key_hash=_hash_of(session_key)).exists()

    def create(self) -> None:
        """A session with a new key."""
        while True:
            self._session_key = get_random_string(32, VALID_KEY_CHARS)
            vars(self).setdefault("_session_cache", {})  # nothing is stored under it that could be loaded
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002  as Django has it
        """Stores it. Raises UpdateError when it was ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        held = dict(self.items())
        key_hash = _hash_of(self.session_key)
        plain = json.dumps(held, separators=(",", ":")).encode()
        values = {
            "user_id": held.get(SESSION_KEY),
            "device": self.device,
            "began_at": self.began_at or clock.now(),
            "data": _lock(self.session_key).encrypt_at_time(plain, int(clock.machine_seconds())).decode("ascii"),
        }
        if self.is_used or must_create:
            values |= {"used_at": clock.now(), "expires_at": clock.machine_now() + self._lasts()}
        if not must_create:
            if not AccountSession.objects.filter(key_hash=key_hash).update(**values):
                raise UpdateError
            return
        try:
            with transaction.atomic():
                AccountSession.objects.create(key_hash=key_hash, **values)
        except IntegrityError:
            raise CreateError from None

    def delete(self, session_key: str | None = None) -> None:
        """Ends it."""
        if key := session_key or self.session_key:
            AccountSession.objects.filter(key_hash=_hash_of(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Erases what is over; the daily run of the retention rules does so too."""
        AccountSession.objects.filter(expires_at__lt=clock.machine_now()).delete()

    def flush(self) -> None:
        """Ends it and begins another, of nobody."""
        super().flush()
        self.device, self.began_at = "", None

    def _lasts(self) -> timedelta:
        return timedelta(seconds=self.get_session_cookie_age())


def sessions_of(user: User) -> QuerySet[AccountSession]:
    """The sessions of an account that are not over, the one last used first."""
    running = AccountSession.objects.filter(user=user, expires_at__gt=clock.machine_now())
    return running.order_by("-used_at", "-pk")


def is_of(row: AccountSession, key: str | None) -> bool:
    """Whether the row is the session with this key."""
    return key is not None and row.key_hash == _hash_of(key)


@transaction.atomic
def end(user: User, pk: int, *, now: datetime) -> bool:
    """Ends one session of one's own; False when there is none with this number any more."""
    ended, _ = AccountSession.objects.filter(user=user, pk=pk).delete()
    if ended:
        audit.record(by=user, action="account.session-ended", obj=user, now=now)
    return bool(ended)


@transaction.atomic
def end_others(user: User, key: str | None, *, now: datetime) -> int:
    """Ends all sessions of one's own but the one with this key; how many."""
    ended = end_all(user, but=key)
    if ended:
        audit.record(by=user, action="account.sessions-ended", obj=user, note=f"{ended} beendet", now=now)
    return ended


def end_all(user: User, but: str | None = None) -> int:
    """Ends the sessions of an account as a part of another act, such as a new password; how many."""
    chosen = AccountSession.objects.filter(user=user)
    if but:
        chosen = chosen.exclude(key_hash=_hash_of(but))
    return chosen.delete()[0]
