"""What waits about accounts, for the pages of the kernel, which knows no requests: `members` registers the look-ups."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kok.models import User


@dataclass(frozen=True)
class Waiting:
    """Something to do, in words, and where."""

    what: str
    url: str


class WaitingLookups:
    """What waits for Technik to do, and what was asked for an account itself, in sentences for its owner."""

    technik: Callable[[User, datetime], list[Waiting]]
    own: Callable[[User, datetime], list[str]]
