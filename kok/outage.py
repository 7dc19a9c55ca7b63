"""While the database is away, starting up, full or read-only, every page says "gleich wieder da" instead of failing.

These are the error pages of Django (`handler500`, `handler400`), because only they see what fails inside of sessions,
sign-in and other middleware too. They ask neither session nor database.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import suppress

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from kok import troubles
from kok.logs import route_of

log = logging.getLogger(__name__)
RETRY_AFTER = 30  # seconds
# Classes of SQLSTATE: connection, resources (disk full, too many connections), operator (shut down, starting), system;
# and a lock that somebody held for longer than the role of the web waits (`roles.sql`).
_AWAY = ("08", "53", "57", "58", "55P03")
_READ_ONLY = "25006"  # a standby, or a server that its keeper made read-only because the disk is nearly full


def cause(error: BaseException | None) -> BaseException | None:
    """The first error behind this one that says that the database cannot work now; None when it is something else.

    Looks at what an error was raised from and at what was being handled: sessions and transactions put errors of
    their own on top.
    """
    return next((each for each in _behind(error) if _says_away(each)), None)


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _says_away(error: BaseException) -> bool:
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, DatabaseError):
        return False
    state = str(getattr(error.__cause__, "sqlstate", None) or "")
    if not state:  # no server spoke: it cannot be reached, or went away in the middle
        return isinstance(error, OperationalError)
    return state.startswith(_AWAY) or state == _READ_ONLY


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: 503 while the database is away, else the page of a defect."""
    away = cause(sys.exc_info()[1])
    return _soon_back(request, away) if away else troubles.answer(troubles.DEFECT)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400`: Django calls a session that a full database did not take a bad request; that is 503 too."""
    away = cause(exception)
    return _soon_back(request, away) if away else troubles.answer(troubles.UNREADABLE)


def _soon_back(request: HttpRequest, error: BaseException) -> HttpResponse:
    was_sent = request.method not in ("GET", "HEAD")
    response = troubles.answer(troubles.away(was_sent=was_sent))
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    _tell_once(request, error)
    vars(response)["_has_been_logged"] = True  # else Django adds a traceback
    return response


def _tell_once(request: HttpRequest, error: BaseException) -> None:
    """One line for a request, even where several layers fail at the same thing."""
    if not hasattr(request, "_told_of_outage"):
        vars(request)["_told_of_outage"] = True
        if request.resolver_match is None:  # it failed before, in sessions or sign-in
            with suppress(Resolver404):
                request.resolver_match = resolve(request.path_info)
        kind = type(error.__cause__ or error).__name__
        log.error("503 %s: Die Datenbank ist nicht verfügbar (%s).", route_of(request), kind)
