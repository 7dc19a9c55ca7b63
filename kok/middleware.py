"""Guards around every request: reading never writes, what people saw is not kept, a lost key is told in words."""

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import singledispatch
from http import HTTPStatus

from django.apps import apps
from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.deprecation import MiddlewareMixin
from django_htmx.http import HttpResponseClientRedirect

from kok import troubles
from kok.access import FactorMissing, View
from kok.errors import Forged, Taken, taken
from kok.third_party import THIRD_PARTY
from kok.vault import KeyLost

logger = logging.getLogger(__name__)

_READING = ("SELECT", "WITH", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "EXPLAIN", "SHOW", "DECLARE")
_WRITING = ("INSERT INTO", "UPDATE")
_TOLD = (KeyLost, Forged, FactorMissing, Taken)


class WriteInGet(RuntimeError):
    """A view tried to write while answering GET or HEAD."""


def _refuse_writing(but_into: tuple[str, ...]) -> Callable[..., object]:
    """Lets through what reads, and what writes into the tables named."""
    allowed = (*_READING, *(f'{verb} "{table}"'.upper() for verb in _WRITING for table in but_into))

    def guarded(execute: Callable[..., object], sql: str, *about: object) -> object:
        if not str(sql).lstrip(" (\n").upper().startswith(allowed):
            raise WriteInGet("Eine Seite darf beim Lesen nichts schreiben.")
        return execute(sql, *about)

    return guarded


class ReadOnlyGet(MiddlewareMixin):
    """GET and HEAD cannot write. The guard wraps the view only, so that sessions are saved outside it.

    Exempt are the views of allauth (they count attempts). A view that logs what it shows names the tables of its log
    in `writes_on_get`.
    """

    def process_view(
        self, request: HttpRequest, view: View, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        exempt = match and match.url_name in THIRD_PARTY
        if request.method not in ("GET", "HEAD") or exempt:
            return None
        with connection.execute_wrapper(_refuse_writing(getattr(view, "writes_on_get", ()))):
            try:
                response = view(request, *args, **kwargs)
            except _TOLD as exception:  # Django offers these to no `process_exception`
                return _in_words(exception, request)
            return response


def health_checks(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Who looks whether this process is well comes by any name or number of the machine, and is nobody.

    What he gets depends on neither. So a container or a proxy may ask by the address it knows, and the answer needs no
    session.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/health/"):
            request.META["HTTP_HOST"] = "127.0.0.1"
            request.META.pop("HTTP_COOKIE", None)
        return get_response(request)

    return middleware


class ByItself(MiddlewareMixin):
    """What a page asks by itself, such as how far a job is, is no use of a session: that ends as if nobody were there.

    The page says so in a header (`static/js/frame.js`). Whoever forges it only shortens his own session.
    """

    def process_request(self, request: HttpRequest) -> None:
        vars(request.session)["is_used"] = "Kok-By-Itself" not in request.headers


def no_store(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Pages of signed-in people, and all that open an account, are never kept by a browser or a proxy."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated or request.path_info.startswith("/konto/"):
            add_never_cache_headers(response)
        return response

    return middleware


def braked(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Whoever tries too often reads so above his form, and monitoring in the status (`kok.sign_ins.brake`).

    htmx keeps a page as it is when the status says that something failed, so it gets the form with 200.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_page = response.status_code == HTTPStatus.OK and not request.headers.get("HX-Request")
        if is_page and getattr(request, "is_braked", False):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        return response

    return middleware


class InWords(MiddlewareMixin):
    """What a page cannot do without somebody's help ends in a page that says who must do what.

    A sealed text that cannot be opened also leaves one line in the log.
    """

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return _in_words(taken(exception) or exception, request)


@singledispatch
def _in_words(error: Exception, request: HttpRequest) -> HttpResponse | None:
    """The page for what somebody must help with; None for all other errors."""
    return None


@_in_words.register
def _forged(error: Forged, request: HttpRequest) -> HttpResponse:
    logger.error("Was an der Anwendung vorbei geändert wurde, wird nicht gezeigt und nicht herausgegeben.")
    return troubles.answer(troubles.forged(error.sentence), request)


@_in_words.register
def _key_lost(error: KeyLost, request: HttpRequest) -> HttpResponse:
    logger.error(error.sentence)
    return troubles.answer(troubles.key_lost(error.setting), request)


@_in_words.register
def _taken(error: Taken, request: HttpRequest) -> HttpResponse:
    """What an act was to write stands there: somebody was quicker, or put it in past the application (ADR 22).

    The act is undone. The log names the table and the key, and no value of it.
    """
    logger.error("Eine Zeile steht schon in %s (%s).", error.table, error.key)
    kinds = {model._meta.db_table: str(model._meta.verbose_name) for model in apps.get_models()}
    return troubles.answer(troubles.stands_already(kinds.get(error.table, "")), request)


@_in_words.register
def _to_the_factor(error: FactorMissing, request: HttpRequest) -> HttpResponse:
    """The page that says what is missing, with the way back; what was sent to a page is not carried out."""
    if request.method in ("GET", "HEAD"):
        request.session["way_back"] = request.get_full_path()
    else:
        messages.error(request, "Es wurde nichts geändert: Ihrer Rolle fehlt der zweite Faktor.")
    address = reverse("kok:factor")
    return HttpResponseClientRedirect(address) if request.headers.get("HX-Request") else redirect(address)
