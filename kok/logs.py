"""What may stand in a log: what happened and where, never a text or an address of people.

The text of an exception, the path of a request, a Host, the address of a visitor and the words of a library can hold
what people wrote. So exceptions are named by their kind and the lines of code they came through, requests by their
route, and messages of libraries, unless known to be harmless, by the place that sent them.
"""

import errno
import logging
import logging.config
import smtplib
import sys
import threading
from collections.abc import Iterator, Mapping
from operator import itemgetter
from types import TracebackType
from typing import Any

OURS = ("kok", "members", "meetings", "transitions", "reporting", "tests", "__main__")
HARMLESS = ("celery", "kombu", "gunicorn", "multiprocessing")  # their words, less what `_harmless` takes out
OF_TASKS = ("exc", "traceback", "args", "kwargs", "return_value")  # what Celery quotes of a task
OF_REQUESTS = ("Invalid request", "Error handling request")  # gunicorn adds address, path and error


class Plain(logging.Formatter):
    """One line for each event; below it, for a fault, the lines of code."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        """The record as text. A copy is formatted, because other handlers see the record too."""
        shown = logging.makeLogRecord(record.__dict__)
        shown.msg, shown.args, shown.exc_text, shown.stack_info = _text(record), (), None, None
        if getattr(record, "status_code", 500) < 500:
            shown.exc_info = None  # a refused request is no fault
        return super().format(shown)

    def formatException(self, ei: Any) -> str:  # noqa: N802  the name is logging's
        """Where it was raised, and the kinds of the exceptions, the newest last."""
        return "\n".join(_told(_unwrapped(ei[1])))


def configure(settings: dict[str, object]) -> None:
    """Django's LOGGING_CONFIG. Warnings of libraries quote cells of files, and the last words of a process its data."""
    logging.config.dictConfig(settings)
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = False  # logging would quote a message that it cannot format
    if not sys.stderr.isatty():
        sys.excepthook = _uncaught
        threading.excepthook = lambda told: _uncaught(told.exc_type, told.exc_value, told.exc_traceback)


def _uncaught(kind: type[BaseException], error: BaseException | None, at: TracebackType | None) -> None:
    if error is not None and not issubclass(kind, KeyboardInterrupt):
        logging.getLogger(__name__).critical("Unbehandelter Fehler", exc_info=(kind, error, at))


def _text(record: logging.LogRecord) -> str:
    status, request = getattr(record, "status_code", None), getattr(record, "request", None)
    if status is not None and request is not None:
        return f"{status} {route_of(request)}"
    family = record.name.partition(".")[0]
    if family in OURS or family in HARMLESS:
        return _harmless(record)
    return f"{record.module}:{record.lineno}"


def route_of(request: object) -> str:
    """`GET /<slug:agreement>/protokolle/`: the method and the pattern of the address, nothing that somebody typed."""
    route = getattr(getattr(request, "resolver_match", None), "route", None)
    method = getattr(request, "method", None)
    return f"{method if method in _METHODS else '?'} {'?' if route is None else '/' + route}"


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def _harmless(record: logging.LogRecord) -> str:
    template = str(record.msg)
    if record.name.startswith("gunicorn") and template.startswith(OF_REQUESTS):
        return next(filter(template.startswith, OF_REQUESTS))
    if isinstance(record.msg, BaseException):
        return name_of(record.msg)
    return template % _plain(record.args) if record.args else template


def _plain(args: Mapping[str, object] | tuple[object, ...]) -> dict[str, object] | tuple[object, ...]:
    if isinstance(args, Mapping):
        return {key: "…" if key in OF_TASKS else _value(value) for key, value in args.items()}
    return tuple(map(_value, args))


def _value(value: object) -> object:
    error = _unwrapped(getattr(value, "exception", value))
    return name_of(error) if isinstance(error, BaseException) else value


def _unwrapped(error: Any) -> Any:
    """Celery wraps what a task raised, once for its traceback and once to send it."""
    return error.exc if isinstance(getattr(error, "exc", None), BaseException) else error


def name_of(error: BaseException) -> str:
    """The kind of an error, with the codes that say more without quoting anything."""
    codes = [getattr(error, "sqlstate", None), getattr(getattr(error, "diag", None), "constraint_name", None)]
    codes += [smtp_code(error), errno.errorcode.get(error.errno or 0) if isinstance(error, OSError) else None]
    known = " ".join(map(str, filter(None, codes)))
    return f"{type(error).__name__} ({known})" if known else type(error).__name__


def smtp_code(error: BaseException) -> int:
    """The code of a mail server's answer (RFC 5321), 0 where it gave none. Its words can name people and stay out."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(map(itemgetter(0), error.recipients.values()), default=0)
    return max(error.smtp_code, 0) if isinstance(error, smtplib.SMTPResponseException) else 0


def _told(error: BaseException | None, seen: tuple[int, ...] = ()) -> Iterator[str]:
    if error is None or id(error) in seen:
        return
    yield from _told(error.__cause__ or (None if error.__suppress_context__ else error.__context__), (*seen, id(error)))
    at = error.__traceback__
    while at is not None:
        yield f"  {at.tb_frame.f_code.co_filename}:{at.tb_lineno} {at.tb_frame.f_code.co_name}"
        at = at.tb_next
    yield f"  {name_of(error)}"
