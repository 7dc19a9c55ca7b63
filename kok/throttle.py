"""How often something may be tried: counters in a table, so that they hold across processes and without a broker.

Passwords and codes are counted by name and network together, and for a device that signed in before by that device
alone: a guesser is slowed down, and nobody who sits elsewhere is locked out by him. A whole house behind one address is
braked only where many different names fail. See docs/adr/0019.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils.crypto import salted_hmac


@dataclass(frozen=True)
class Limit:
    """So many times in so many seconds, counted from the first time; where right ones count too, none is given back."""

    kind: str
    number: int
    seconds: int
    counts_right_ones: bool = False


# By name and network, or by device: five in five minutes, as long as the sentence says that one waits.
PASSWORD, CODE = Limit("password", 5, 300), Limit("code", 5, 300)
PASSWORD_ON_DEVICE, CODE_ON_DEVICE = Limit("password-device", 5, 300), Limit("code-device", 5, 300)
# By network over all names: three hundred people of a house come in the morning, and not a third of them mistypes.
NETWORK = Limit("network", 100, 300)
# By account over all networks: who knows the password and sits in many networks would soon have guessed six digits.
# And by a device over an hour. Right ones count too: these counters are given back by nobody (`kok_attempts_guard`).
CODE_ANYWHERE = Limit("code-anywhere", 50, 3600, counts_right_ones=True)
CODE_ON_DEVICE_FOR_LONG = Limit("code-device-long", 50, 3600, counts_right_ones=True)
RESET = Limit("reset", 5, 600, counts_right_ones=True)
RESET_IN_NETWORK = Limit("reset-network", 100, 600, counts_right_ones=True)
# By address over all networks: what is beyond it sends nothing, and nobody who asks is told.
RESET_ANYWHERE = Limit("reset-anywhere", 10, 3600, counts_right_ones=True)
REPORT = Limit("barrier", 10, 3600, counts_right_ones=True)
MAIL_CODE = Limit("mail-code", 5, 600, counts_right_ones=True)
# By account: who answers requests looks for a few people a day, who tries names out for many.
PERSON = Limit("person", 10, 3600, counts_right_ones=True)

# One statement, so that two processes never count the same number, by the clock of the database, whose trigger looks
# whether a window is over. It counts no further than needed to know that a window was closed before, and a window that
# ends later than any that begins now was not opened by us: it is over.
_COUNT = """
INSERT INTO kok_attempts AS held (kind, subject, number, ends_at)
VALUES (%(kind)s, %(subject)s, 1, clock_timestamp() + %(lasts)s)
ON CONFLICT (kind, subject) DO UPDATE SET (number, ends_at) = (
  SELECT CASE WHEN is_over THEN 1 ELSE GREATEST(held.number, LEAST(held.number, %(most)s - 1) + 1) END,
         CASE WHEN is_over THEN EXCLUDED.ends_at ELSE held.ends_at END
  FROM (
    SELECT held.ends_at <= clock_timestamp() OR held.ends_at > EXCLUDED.ends_at + %(skew)s AS is_over
  ) AS window_of_row
)
RETURNING number
"""
_SKEW = timedelta(minutes=1)  # the clock may be put back a little
_GIVE_BACK = "UPDATE kok_attempts SET number = number - 1 WHERE kind = %s AND subject = %s AND number > 0"

CODE_IS_KNOWN = timedelta(hours=1)  # a code is good for two minutes at most
_USE = """
INSERT INTO kok_usedcode AS held (user_id, code_hash, used_at) VALUES (%(account)s, %(code)s, clock_timestamp())
ON CONFLICT (user_id, code_hash) DO UPDATE SET used_at = clock_timestamp()
WHERE held.used_at < clock_timestamp() - %(known)s
"""


@dataclass
class LimitedAttempt:
    """One try, counted against limits in order: what the first refuses does not count for the others."""

    limits: tuple[tuple[Limit, str], ...]
    closed_by: Limit | None = field(default=None, init=False)  # what refused it
    was_just_closed: bool = field(default=False, init=False)  # for the first time in its window

    def is_allowed(self) -> bool:
        """Counts the try; whether it may be made."""
        for limit, subject in self.limits:
            number = _count(limit, subject)
            if number > limit.number:
                self.closed_by, self.was_just_closed = limit, number == limit.number + 1
                return False
        return True

    def succeeded(self) -> None:
        """Only what fails counts, where right ones do not."""
        with connection.cursor() as cursor:
            for limit, subject in self.limits:
                if limit.counts_right_ones:
                    continue
                cursor.execute(_GIVE_BACK, [limit.kind, _sealed(limit, subject)])


def password(name: str, *, network: str, device: str) -> LimitedAttempt:
    """A try to sign in under a name; `device` is the number of a known device, else ""."""
    if device:
        return LimitedAttempt(((PASSWORD_ON_DEVICE, device),))
    return LimitedAttempt(((PASSWORD, f"{name.strip().casefold()} {network}"), (NETWORK, network)))


def code(account: int, *, network: str, device: str) -> LimitedAttempt:
    """A try to prove the second factor of an account."""
    if device:
        return LimitedAttempt(((CODE_ON_DEVICE, device), (CODE_ON_DEVICE_FOR_LONG, device)))
    return LimitedAttempt(((CODE, f"{account} {network}"), (NETWORK, network), (CODE_ANYWHERE, str(account))))


def reset(address: str, *, network: str) -> LimitedAttempt:
    """A wish for a new password."""
    return LimitedAttempt(((RESET, f"{address.strip().casefold()} {network}"), (RESET_IN_NETWORK, network)))


def reset_mail(address: str) -> LimitedAttempt:
    """One mail with links to an address; whoever sits in many networks fills no mailbox."""
    return LimitedAttempt(((RESET_ANYWHERE, address.strip().upper()),))  # as accounts are found by it: in capitals


def report(network: str) -> LimitedAttempt:
    """A report of a barrier."""
    return LimitedAttempt(((REPORT, network),))


def person(account: int) -> LimitedAttempt:
    """A search for one person by name; found or not, it counts."""
    return LimitedAttempt(((PERSON, str(account)),))


def mail_code(account: int) -> LimitedAttempt:
    """A wish for a code by mail; whoever knows the password fills no mailbox."""
    return LimitedAttempt(((MAIL_CODE, str(account)),))


def is_first_use(account: int, typed: str) -> bool:
    """Notes that a code of an app was used, which works once; six digits come again some day."""
    digits = "".join(each for each in typed if each in "0123456789")  # however people write them
    values: dict[str, Any] = {
        "account": account,
        "code": salted_hmac("kok.used-code", f"{account} {digits}", algorithm="sha256").hexdigest(),
        "known": CODE_IS_KNOWN,
    }
    with connection.cursor() as cursor:
        cursor.execute(_USE, values)
        return bool(cursor.rowcount == 1)


def _count(limit: Limit, subject: str) -> int:
    values: dict[str, Any] = {
        "kind": limit.kind,
        "subject": _sealed(limit, subject),
        "lasts": timedelta(seconds=limit.seconds),
        "most": limit.number + 2,
        "skew": _SKEW,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        return int(cursor.fetchone()[0])


def _sealed(limit: Limit, subject: str) -> str:
    """A checksum with the key of the application: no name, no address and no network can be read from it or guessed."""
    return salted_hmac("kok.throttle", f"{limit.kind} {subject}", algorithm="sha256").hexdigest()
