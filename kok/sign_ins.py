"""Sign-ins, failures, wrong factors, pages refused or not found, written down for six months.

For the auditor of the own authority, to find an attack; not to control how anybody works (docs/privacy.md).
"""

import re
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.http import HttpRequest

from kok import clock, networks
from kok.logs import route_of
from kok.models import SignInEvent, User

Kind = SignInEvent.Kind
TOGETHER = timedelta(hours=1)  # so long the same page counts along in one line: nobody fills the table by asking
_PARAMETER = re.compile("<[^>]*>")


def record(kind: SignInEvent.Kind, request: HttpRequest, *, account: int | None, now: datetime) -> None:
    """Writes down what happened to an account, or to none where nobody has the name that was typed."""
    SignInEvent.objects.create(
        at=now,
        kind=kind,
        user_id=account,
        network=networks.region_of(request),
    )


def record_page(kind: SignInEvent.Kind, request: HttpRequest, *, now: datetime) -> None:
    """Writes down that a page did not open for somebody signed in: by its route, without what stood in the address.

    The same again within an hour counts along. Nothing for an address that no page has, nor for strangers.
    """
    user: User | AnonymousUser | None = getattr(request, "user", None)
    if request.resolver_match is None or user is None or not user.is_authenticated:
        return
    page = _PARAMETER.sub("…", route_of(request).partition(" ")[2])[:80]
    same = {"kind": kind, "user_id": user.pk, "network": networks.region_of(request), "page": page}
    lately = SignInEvent.objects.filter(**same, at__gt=now - TOGETHER, at__lte=now)
    first = lately.order_by("pk").values_list("pk", flat=True).first()  # mostly none, which an UPDATE finds out slowly
    if first is None or not SignInEvent.objects.filter(pk=first).update(number=F("number") + 1):
        SignInEvent.objects.create(at=now, **same)


def brake(request: HttpRequest, *, account: int | None, is_first: bool) -> None:
    """Answers the request with 429, and writes down once in each window that somebody tried too often."""
    vars(request)["is_braked"] = True
    if is_first:
        record(Kind.TOO_MANY, request, account=account, now=clock.now())
