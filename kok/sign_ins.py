"""Sign-ins, failures, wrong factors and refused pages, written down for six months.

For the auditor of the own authority, to find an attack; not to control how anybody works (docs/privacy.md).
"""

import re
from datetime import datetime

from django.http import HttpRequest

from kok import clock, networks
from kok.logs import route_of
from kok.models import SignInEvent

Kind = SignInEvent.Kind
_PARAMETER = re.compile("<[^>]*>")


def record(kind: SignInEvent.Kind, request: HttpRequest, *, account: int | None, now: datetime) -> None:
    """Writes down what happened to an account, or to none where nobody has the name that was typed."""
    SignInEvent.objects.create(
        at=now,
        kind=kind,
        user_id=account,
        network=networks.region_of(request),
        page=_PARAMETER.sub("…", route_of(request).partition(" ")[2])[:80] if kind == Kind.REFUSED else "",
    )


def brake(request: HttpRequest, *, account: int | None, is_first: bool) -> None:
    """Answers the request with 429, and writes down once in each window that somebody tried too often."""
    request.is_braked = True  # type: ignore[attr-defined]
    if is_first:
        record(Kind.TOO_MANY, request, account=account, now=clock.now())
