"""The door of the sealed area: who may enter at all, with a second factor, for a reason, and for a short time."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from kok.access import Permission, View, requires
from transitions.queries.access import Access
from transitions.rules.states import EntryReason


def sealed(permission: Permission) -> Callable[[View], View]:
    """Opens a page of the sealed area to this permission; sets `request.access`. Views log what they show."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            reason = request.session.get("cases")
            if not reason:
                return redirect("transitions:enter", request.agreement.slug)  # type: ignore[attr-defined]
            access = Access(request.user, request.agreement, EntryReason(reason))  # type: ignore[attr-defined,arg-type]
            request.access = access  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        opened = requires(permission)(inside)
        opened.writes_on_get = True  # type: ignore[attr-defined]
        return opened

    return decorate
