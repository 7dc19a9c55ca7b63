"""Sign-ins, failures, wrong factors and refused pages, written down for six months.

For the auditor of the own authority, to find an attack; not to control how anybody works (docs/privacy.md).
"""

from datetime import datetime

from django.http import HttpRequest

from kok import networks
from kok.models import SignInEvent

Kind = SignInEvent.Kind


def record(kind: SignInEvent.Kind, request: HttpRequest, *, account: int | None, now: datetime) -> None:
    """Writes down what happened to an account, or to none where nobody has the name that was typed."""
    match = request.resolver_match
    SignInEvent.objects.create(
        at=now,
        kind=kind,
        user_id=account,
        network=networks.region_of(request),
        page=match.view_name if match and kind == Kind.REFUSED else "",
    )
