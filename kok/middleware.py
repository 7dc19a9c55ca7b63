"""Two guards around every request: reading never writes, and what signed-in people saw is not kept."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import add_never_cache_headers

from kok.access import THIRD_PARTY

_READING = ("SELECT", "WITH", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "EXPLAIN", "SHOW", "DECLARE")


class WriteInGet(RuntimeError):
    """A view tried to write while answering GET or HEAD."""


def _refuse_writing(execute: Callable[..., Any], sql: Any, params: Any, many: Any, context: Any) -> Any:
    if not str(sql).lstrip(" (\n").upper().startswith(_READING):
        raise WriteInGet("Eine Seite darf beim Lesen nichts schreiben.")
    return execute(sql, params, many, context)


class ReadOnlyGet:
    """GET and HEAD cannot write. The guard wraps the view only, so that sessions are saved outside it.

    Exempt are the views of allauth (they count attempts) and views marked `writes_on_get`, which log a read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        match = request.resolver_match
        exempt = getattr(view, "writes_on_get", False) or (match and match.url_name in THIRD_PARTY)
        if request.method not in ("GET", "HEAD") or exempt:
            return None
        with connection.execute_wrapper(_refuse_writing):
            response: HttpResponseBase = view(request, *args, **kwargs)
            return response


def no_store(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Pages of signed-in people are never kept by a browser or a proxy."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

    return middleware
